"""Where do these referrals meet? The contexts to which two or more referrals hold a statement of the kinds asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graph.analysis import Network, Tie
from graph.analysis.index import indexed
from graph.assertions import AssertionKind
from graph.records import RecordId

REFERRAL = "Referral"  # the kind that statements link through; what else is in it is declared above this package


@dataclass(frozen=True, slots=True)
class Holding:
    """One referral and its statements about one context, in order of id."""

    referral: RecordId
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class SharedContext:
    """A context where at least two referrals meet, the holdings in order of the referrals' ids."""

    context: RecordId
    holdings: tuple[Holding, ...]

    @property
    def referrals(self) -> tuple[RecordId, ...]:
        return tuple(holding.referral for holding in self.holdings)


def find_shared_contexts(network: Network, *, kinds: Iterable[AssertionKind], on: date) -> tuple[SharedContext, ...]:
    """The contexts that two or more referrals share on a day, in order of id.

    Only current and undisputed statements stated in a referral received by then count; the same context means the same
    record. Nothing rolls up through `part_of`.
    """
    wanted = frozenset(kinds)
    found = (
        SharedContext(context, holdings_at(network, context, kinds=wanted, on=on)) for context in sorted(_stated(network, wanted))
    )
    return tuple(shared for shared in found if len(shared.holdings) > 1)


def holdings_at(network: Network, context: RecordId, *, kinds: frozenset[AssertionKind], on: date) -> tuple[Holding, ...]:
    """The referrals that hold a current, undisputed statement of these kinds to a context, in order of id."""
    ties: dict[RecordId, list[Tie]] = {}
    for referral, tie in _stated(network, kinds).get(context, ()):
        if tie.is_current(on) and is_received(network, referral, on):
            ties.setdefault(referral, []).append(tie)
    return tuple(Holding(referral, tuple(ties[referral])) for referral in sorted(ties))


def is_received(network: Network, referral: RecordId, on: date) -> bool:
    """Whether a referral is there on a day: from the day it was received."""
    received: date = network.nodes[referral]["facts"]["received"]
    return received <= on


def referrals_in(network: Network) -> tuple[RecordId, ...]:
    """Every referral of a network, in order of id."""
    return indexed(network, "referrals", lambda: tuple(sorted(r for r, kind in network.nodes(data="kind") if kind == REFERRAL)))


def _stated(network: Network, kinds: frozenset[AssertionKind]) -> Mapping[RecordId, tuple[tuple[RecordId, Tie], ...]]:
    """The statements of these kinds that a referral made, whatever their day, by the context they are about, in order of id."""

    def make() -> Mapping[RecordId, tuple[tuple[RecordId, Tie], ...]]:
        found: dict[RecordId, list[tuple[RecordId, Tie]]] = {}
        for referral in referrals_in(network):
            for tie in network.nodes[referral]["stated"]:
                if tie.says in kinds:
                    found.setdefault(tie.target, []).append((referral, tie))
        return {context: tuple(sorted(pairs, key=lambda pair: pair[1].id)) for context, pairs in found.items()}

    return indexed(network, ("stated", kinds), make)
