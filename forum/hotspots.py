"""How many referrals count for a context, inside what the reader may read?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from forum.concern import contexts_about, groups_concerned
from forum.linked_referrals import LINKING_KINDS
from graph.analysis import Network
from graph.analysis.index import indexed
from graph.analysis.shared_contexts import is_received, referrals_in
from graph.contexts import TYPE_OF_KIND
from graph.records import RecordId

BANDS = {
    1: "fewer than 3 referrals",
    3: "3–5 referrals",
    6: "6–9 referrals",
    10: "10 or more referrals",
}
LEASTS = tuple(BANDS)  # the edges of the bands: a smaller step would tell more than the bands do


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A context and its band. `kind` is a code of CTX_TYPE. No person is in it, and no count."""

    context: RecordId
    kind: str
    band: str


def count_by_context(network: Network, *, on: date) -> Mapping[RecordId, tuple[RecordId, ...]]:
    """The referrals that count for each context on a day (practice, 10.5), both in order of id; none counts: left out.

    A referral counts when it is about the context, holds a current undisputed statement of harm or feeling unsafe there,
    or names it as the peer group it concerns. Attending counts nothing, and nothing rolls up through `part_of`.
    """

    def count() -> Mapping[RecordId, tuple[RecordId, ...]]:
        counted: dict[RecordId, set[RecordId]] = {}
        for referral in referrals_in(network):
            if is_received(network, referral, on):
                for context in _counts_for(network, referral, on):
                    counted.setdefault(context, set()).add(referral)
        return MappingProxyType({context: tuple(sorted(counted[context])) for context in sorted(counted)})

    return indexed(network, ("counted", on), count)


def band_of(referrals: int) -> str:
    """The band a count is shown as."""
    edge = max((least for least in LEASTS if least <= referrals), default=LEASTS[0])
    return BANDS[edge]


def find_hotspots(
    network: Network,
    *,
    on: date,
    least: int,
    kind: str | None = None,
    label_of: Callable[[RecordId], str] = str,
) -> tuple[Hotspot, ...]:
    """The contexts that `least` referrals or more count for, highest band first, then by label.

    `least` is an edge of a band (1, 3, 6 or 10), else ValueError; `kind` is a code of CTX_TYPE, None for every kind.
    """
    if least not in LEASTS:
        raise ValueError("least is 1, 3, 6 or 10")
    found: list[tuple[int, str, RecordId, Hotspot]] = []
    for context, referrals in count_by_context(network, on=on).items():
        of_kind = TYPE_OF_KIND[network.nodes[context]["kind"]]
        if len(referrals) >= least and kind in (None, of_kind):
            band = band_of(len(referrals))
            rank = list(BANDS.values()).index(band)
            found.append((-rank, label_of(context), context, Hotspot(context, of_kind, band)))
    return tuple(spot for *_, spot in sorted(found, key=lambda row: row[:3]))


def _counts_for(network: Network, referral: RecordId, on: date) -> set[RecordId]:
    held = {tie.target for tie in network.nodes[referral]["stated"] if tie.says in LINKING_KINDS and tie.is_current(on)}
    about = {context for context in contexts_about(network, referral) if network.nodes[context]["kind"] in TYPE_OF_KIND}
    return held | about | groups_concerned(network, referral)
