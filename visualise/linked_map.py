"""The map of contexts: which places, groups and online spaces young people share. Nobody is on it but guardians, by role."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from forum.maps import MapSheet
from forum.referrals import Referral
from graph.analysis import Network
from graph.periods import moment_text
from graph.records import RecordId
from visualise.counts import Counts
from visualise.document import CONTEXTS_LIMIT, At, Copy, LayoutNote, Link, MapDocument, MapView, Thing, Withheld, plain_words
from visualise.document_checks import check_document
from visualise.homes import tells_of_home
from visualise.kept_places import place_once
from visualise.layout import Pair, Spot
from visualise.legend import derive_legend
from visualise.map_frames import frame_of
from visualise.map_ids import key_of, numbered
from visualise.peer_ties import TieToDraw, find_ties, is_older, is_too_old, months_before
from visualise.shared_places import IN_BOTH, SharedBetween, SharedPlace, find_shared_places
from visualise.style import symbols, thing_kind_of
from visualise.summary import derive_summary

ASPECT = 1.3
THE_RECORDS = "the forum's records"


def compose_linked_map(
    network: Network,
    sheet: MapSheet,
    *,
    label: Callable[[RecordId], str],
    referrals_by_context: Mapping[RecordId, Collection[RecordId]],
    referred_groups: Collection[RecordId],
    today: date,
    reference: str,
    marking: str = "OFFICIAL-SENSITIVE",
    copy: Copy | None = None,
    referrals: Sequence[Referral] = (),
    reference_of: Callable[[RecordId], str | None] | None = None,
    bands: Mapping[RecordId, str] | None = None,
    href: Callable[[RecordId], str | None] | None = None,
    title: str = "Contexts that young people share",
    labels: str | None = None,
    leaves: bool = False,
) -> MapDocument:
    """The contexts map of a sheet for one reader. `network` is all that this reader sees (`Projection.within`).

    `referrals_by_context` are the referrals that count for each context, as `forum.hotspots.count_by_context`
    gives them, and `referred_groups` the peer groups that are referred; `referrals` are those whose guardians may be shown
    by role; `reference_of` names a referral, None where the reader may not. At most 60 contexts are shown, those with most
    referrals first; how many were cut stands in `withheld.by_level`. What may be shown of numbers is `Counts`, `leaves` for
    a file. What is known for over 12 months and was not renewed draws and counts nothing: `withheld.by_age` says how much.
    A sheet drawn around one context shows that one and those that share young people with it, within its steps.
    """
    counts = Counts(sheet.mode == "context_only", {one: least_of_band(band) for one, band in (bands or {}).items()}, leaves)
    ties, old = _ties(network, sheet, referrals, today)
    found = find_shared_places(network, referrals_by_context, today=today, referred=referred_groups, too_old=old)
    kept, joined, withheld = _shown(*found, counts, sheet)
    guardians = _guardians(ties, {place.context for place in kept}, today)
    drawing = _Drawing(network, sheet, label, href or (lambda _: None), reference_of, counts, today)
    things, links, note = drawing.draw(kept, joined, guardians)
    frame = frame_of(sheet, title=title, today=today, marking=marking, reference=reference, copy=copy, labels=labels)
    view, legend = MapView("Contexts", "contexts", ASPECT, (), note), derive_legend(things, links)
    document = MapDocument("contexts", frame, view, derive_summary(things, links), tuple(things), tuple(links), legend, withheld)
    check_document(document)
    return document


def _around(places: Sequence[SharedPlace], lines: Sequence[SharedBetween], sheet: MapSheet) -> list[SharedPlace]:
    """Where the map is drawn around one context: that one, and those that its lines lead to within the steps."""
    if sheet.around is None:
        return list(places)
    reached = {sheet.around}
    for _ in range(sheet.steps):
        reached |= {end for one in lines if reached & set(one.ends) for end in one.ends}
    return [place for place in places if place.context in reached]


def _shown(
    places: Sequence[SharedPlace],
    shared: Sequence[SharedBetween],
    aged: Mapping[RecordId, Collection[RecordId]],
    counts: Counts,
    sheet: MapSheet,
) -> tuple[list[SharedPlace], list[SharedBetween], Withheld]:
    """The contexts and lines that this reader is shown, and what was left out of what they may see.

    What may not be shown is taken away before anything else is decided: a place reached over a line that is not there, or
    a sign that a small line was left out, would tell that one child connects two places. Outside, the sign speaks of contexts.
    """
    shown = [place for place in places if counts.may_show(place)]
    there = {place.context for place in shown}
    lines = [one for one in shared if counts.may_join(one) and set(one.ends) <= there]
    near = _around(shown, lines, sheet)
    kept = _largest(near, lines, counts, sheet.label_seed)
    inside = {place.context for place in kept}
    joined = [one for one in lines if set(one.ends) <= inside]
    counted: list[SharedPlace | SharedBetween] = [*joined, *(place for place in kept if place.people and counts.leaves)]
    unnamed = any(counts.words(one) is None for one in counted)
    small = len(shown) < len(places) if counts.outside else unnamed
    # A context that age took off the map is nowhere near another; where all are shown, what was said of it is missing too.
    missed = inside if sheet.around else inside | (aged.keys() - {place.context for place in places})
    by_age = 0 if counts.outside else len({one for context in missed for one in aged.get(context, ())})
    return kept, joined, Withheld(by_age=by_age, by_level=len(near) - len(kept), small_counts=small)


def _ties(
    network: Network, sheet: MapSheet, referrals: Sequence[Referral], today: date
) -> tuple[list[TieToDraw], frozenset[RecordId]]:
    """All that a peer map might draw, and the statements it would leave out for their age: here they count nothing either."""
    ties = find_ties(network, referrals, today=today, drawn_on=sheet.drawn_on)
    return ties, frozenset(RecordId(tie.key.removeprefix("tie:")) for tie in ties if is_too_old(tie, today))


def _guardians(ties: Sequence[TieToDraw], inside: Collection[str], today: date) -> list[TieToDraw]:
    """Guardians, by role, of the contexts shown; what is too old is left out."""
    return [tie for tie in ties if tie.guardian_role and tie.target in inside and tie.shown and not is_too_old(tie, today)]


def least_of_band(band: str) -> int:
    """The lower end of a size band such as 4-6; 1 where it is not a band."""
    start = band.replace("–", "-").split("-")[0].strip().rstrip("+")
    return int(start) if start.isdecimal() else 1


def _largest(places: Sequence[SharedPlace], shared: Sequence[SharedBetween], counts: Counts, seed: str) -> list[SharedPlace]:
    """At most 60: those that share someone or link referrals before the rest, most referrals first."""
    joined = {end for one in shared for end in one.ends}

    def order(place: SharedPlace) -> tuple[bool, int, int, str]:
        return (place.context not in joined, -len(place.referrals), -counts.people(place.people), key_of(seed, place.context))

    return sorted(places, key=order)[:CONTEXTS_LIMIT]


class _Drawing:
    """One contexts map in the making."""

    def __init__(
        self,
        network: Network,
        sheet: MapSheet,
        label: Callable[[RecordId], str],
        href: Callable[[RecordId], str | None],
        reference_of: Callable[[RecordId], str | None] | None,
        counts: Counts,
        today: date,
    ) -> None:
        self._network, self._sheet, self._label, self._href = network, sheet, label, href
        self._reference_of, self._counts, self._today = reference_of, counts, today

    def draw(
        self, places: Sequence[SharedPlace], joined: Sequence[SharedBetween], guardians: Sequence[TieToDraw]
    ) -> tuple[list[Thing], list[Link], LayoutNote]:
        """Things, links and how they were placed. Contexts that share nobody and link nothing are listed under the map."""
        seed = self._sheet.label_seed
        by_role = {tie.source: tie.guardian_role for tie in guardians}
        keys = {one: key_of(seed, one) for one in [*(place.context for place in places), *by_role]}
        ids = numbered("t", keys.values())
        tied = {end for one in joined for end in one.ends} | {end for tie in guardians for end in tie.ends}
        tied |= {place.context for place in places if len(place.referrals) > 1}
        placed, note = self._places(keys, joined, guardians, tied)
        things = [self._thing(place, ids[keys[place.context]], placed.get(keys[place.context])) for place in places]
        things += [
            Thing(ids[keys[source]], "adult", plain_words(role), False, placed.get(keys[source]), guardian=True)
            for source, role in by_role.items()
        ]
        names = {f"both:{one.ends[0]}:{one.ends[1]}": one for one in joined}
        numbers = numbered("l", (key_of(seed, key) for key in [*names, *(tie.key for tie in guardians)]))
        links = [
            self._between(one, numbers[key_of(seed, key)], (ids[keys[one.ends[0]]], ids[keys[one.ends[1]]]))
            for key, one in names.items()
        ]
        links += [
            self._guarded(tie, numbers[key_of(seed, tie.key)], (ids[keys[tie.source]], ids[keys[tie.target]]))
            for tie in guardians
        ]
        return sorted(things, key=lambda one: one.id), sorted(links, key=lambda one: one.id), note

    def _places(
        self, keys: Mapping[str, str], joined: Sequence[SharedBetween], guardians: Sequence[TieToDraw], tied: Collection[str]
    ) -> tuple[Mapping[str, At], LayoutNote]:
        moment = moment_text(self._sheet.drawn_at)
        pairs: list[Pair] = []
        for one in joined:
            since = min(tie.recorded or tie.date_recorded.isoformat() for tie in one.ties)
            pairs.append(_pair(keys[one.ends[0]], keys[one.ends[1]], since, moment))
        pairs.extend(_pair(keys[tie.source], keys[tie.target], tie.recorded, moment) for tie in guardians)
        came = {end: min(pair.since for pair in pairs if end in pair.ends) for pair in pairs for end in pair.ends}
        spots = []
        for record in sorted(tied):
            since = came.get(keys[record], self._since(record))
            kind = self._kind(record)
            spots.append(Spot(keys[record], kind, since, since <= moment))
        hand = {keys[place.thing]: (place.x, place.y) for place in self._sheet.positions if place.thing in keys}
        return place_once(spots, pairs, hand=hand, aspect=ASPECT)

    def _since(self, context: str) -> str:
        """When the first statement about a context came that tells of no home: nothing on the map hangs on one that does."""
        said = [tie for _, _, tie in self._network.in_edges(context, data="tie")] if context in self._network else []
        ties = [tie for tie in said if not tells_of_home(self._network, tie.says.code, (tie.source, tie.target))]
        return min((tie.recorded or tie.date_recorded.isoformat() for tie in ties), default="")

    def _kind(self, record: str) -> str:
        return (thing_kind_of(self._network.nodes[record]["kind"]) if record in self._network else None) or "adult"

    def _thing(self, place: SharedPlace, number: str, at: At | None) -> Thing:
        count = self._counts.words(place) if place.people else None
        label = plain_words(self._label(place.context))
        return Thing(
            number,
            self._kind(place.context),
            label,
            place.context == self._sheet.around,
            at,
            count=count,
            href=self._href(place.context),
        )

    def _between(self, one: SharedBetween, number: str, ends: tuple[str, str]) -> Link:
        derived = symbols()["derived"][one.rests_on]
        return Link(
            id=number,
            source=ends[0],
            target=ends[1],
            kind=IN_BOTH,
            words=derived["words"],
            meaning=derived["meaning"],
            how_known=one.how_known,
            how_sure=one.how_sure,
            said_by=self._said_by(one),
            known_on=one.known_on,
            older=one.known_on is not None and one.known_on < months_before(self._today, 6),
            agencies=one.agencies,
            disputed=False,
            affected=None,
            count=self._counts.words(one),
        )

    def _said_by(self, one: SharedBetween) -> str:
        """The referrals it rests on, as far as this reader may open them; outside the forum none is named."""
        if self._counts.outside or self._reference_of is None:
            return THE_RECORDS
        named = [self._reference_of(referral) for referral in one.referrals]
        return plain_words(", ".join(sorted(reference for reference in named if reference)), otherwise=THE_RECORDS)

    def _guarded(self, tie: TieToDraw, number: str, ends: tuple[str, str]) -> Link:
        role = plain_words(tie.source_role, otherwise=THE_RECORDS)
        return Link(
            id=number,
            source=ends[0],
            target=ends[1],
            kind=tie.kind,
            words=tie.words,
            meaning=tie.meaning,
            how_known=tie.how_known,
            how_sure=tie.how_sure,
            said_by=THE_RECORDS if self._counts.outside else role[:1].upper() + role[1:],
            known_on=tie.known_on,
            older=is_older(tie, self._today),
            agencies=tie.agencies,
            disputed=False,
            affected=None,
        )


def _pair(one: str, other: str, since: str, moment: str) -> Pair:
    return Pair((one, other) if one <= other else (other, one), since, since <= moment)
