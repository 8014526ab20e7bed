"""Which referrals name the same young person, and since when? Another kind of link, never mixed in with shared contexts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeAlias

from graph.analysis import Network, Tie
from graph.analysis.index import indexed
from graph.analysis.shared_contexts import referrals_in
from graph.assertions import Standing
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import RecordId

PUT_RIGHT = (Standing.CORRECTED, Standing.WITHDRAWN)
NAMING_FIELDS = ("subject_people", "named_people.person")
# From a day on, and gone on another when there is one.
Spell: TypeAlias = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class SamePersonLink:
    """Two referrals that name one young person, the lower id first: from a day on, and gone on `until` when there is one."""

    referrals: tuple[RecordId, RecordId]
    person: RecordId
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class _Naming:
    """Everything by which one referral names one young person."""

    received: date
    in_fields: bool
    ties: tuple[Tie, ...]
    events: tuple[date, ...]

    def days(self) -> set[date]:
        """The days on which the answer may change."""
        steps = {step.since for tie in self.ties for step in tie.standings}
        return {max(day, self.received) for day in {self.received, *steps, *self.events}}

    def holds_on(self, day: date) -> bool:
        """A person whose every link here was corrected or withdrawn is no longer named, unless by an event or membership."""
        if day < self.received:
            return False
        standings = [standing for tie in self.ties if (standing := tie.standing(day)) is not None]
        if any(event <= day for event in self.events) or any(standing not in PUT_RIGHT for standing in standings):
            return True
        return self.in_fields and not standings

    def spells(self, on: date) -> tuple[Spell, ...]:
        """The spells up to a day in which the person is named: the first day of each, and the first day after, if any."""
        found: list[Spell] = []
        since: date | None = None
        for day in sorted(day for day in self.days() if day <= on):
            holds = self.holds_on(day)
            if holds and since is None:
                since = day
            elif not holds and since is not None:
                found.append((since, day))
                since = None
        return tuple(found) if since is None else (*found, (since, None))


def names_people(network: Network, referral: RecordId, on: date) -> frozenset[RecordId]:
    """The young people a referral names on a day: its subjects and named people, in its events, at the ends of its statements.

    When every statement of it that names somebody is corrected or withdrawn, and no event or membership names them, it no
    longer does. Expiry changes nothing.
    """
    return frozenset(person for person, naming in _namings(network)[referral].items() if naming.holds_on(on))


def find_same_person_links(network: Network, *, on: date, ended: bool = False) -> tuple[SamePersonLink, ...]:
    """The pairs of referrals that name one young person, as known on a day, sorted by referrals, person and day.

    Only those that hold on that day; with `ended`, also those that are over. Nothing is guessed from equal names.
    """
    by_person: dict[RecordId, dict[RecordId, _Naming]] = {}
    for referral, namings in _namings(network).items():
        for person, naming in namings.items():
            by_person.setdefault(person, {})[referral] = naming
    links = [
        SamePersonLink(pair, person, since, until)
        for person, namings in by_person.items()
        if len(namings) > 1
        for pair, spells in _pairs({referral: naming.spells(on) for referral, naming in namings.items()})
        for since, until in spells
    ]
    kept = [link for link in links if ended or link.holds_on(on)]
    return tuple(sorted(kept, key=lambda link: (link.referrals, link.person, link.since)))


def _pairs(spells: Mapping[RecordId, Sequence[Spell]]) -> Iterator[tuple[tuple[RecordId, RecordId], Sequence[Spell]]]:
    """Each two of these referrals, the lower id first, with the spells that they have in common."""
    for first, second in combinations(sorted(spells), 2):
        yield (first, second), _in_common(spells[first], spells[second])


def _in_common(some: Sequence[Spell], others: Sequence[Spell]) -> list[Spell]:
    found = [(max(one[0], other[0]), _sooner(one[1], other[1])) for one in some for other in others]
    return sorted((since, until) for since, until in found if until is None or since < until)


def _sooner(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one is not None and other is not None else one or other


def _namings(network: Network) -> Mapping[RecordId, Mapping[RecordId, _Naming]]:
    """By referral and young person, in order of id."""

    def make() -> Mapping[RecordId, Mapping[RecordId, _Naming]]:
        events = _events_by_referral(network)
        # A network drawn around one record leaves out people whom other referrals cite.
        people = frozenset(one for one, kind in network.nodes(data="kind") if kind == YoungPerson.KIND)
        return {referral: _named_in(network, referral, events.get(referral, ()), people) for referral in referrals_in(network)}

    return indexed(network, "namings", make)


def _named_in(
    network: Network, referral: RecordId, events: Iterable[RecordId], people: Collection[RecordId]
) -> dict[RecordId, _Naming]:
    node = network.nodes[referral]
    in_fields = {person for field in NAMING_FIELDS for person in node["cited"].get(field, ()) if person in people}
    ties: dict[RecordId, list[Tie]] = {}
    for tie in node["stated"]:
        for end in {tie.source, tie.target}:
            if end in people:
                ties.setdefault(end, []).append(tie)
    took_part: dict[RecordId, list[date]] = {}
    for event in events:
        for person in network.nodes[event]["cited"].get("participants.person", ()):
            if person in people:
                took_part.setdefault(person, []).append(network.nodes[event]["facts"]["recorded_on"])
    return {
        person: _Naming(
            received=node["facts"]["received"],
            in_fields=person in in_fields,
            ties=tuple(ties.get(person, ())),
            events=tuple(sorted(took_part.get(person, ()))),
        )
        for person in sorted(in_fields | ties.keys() | took_part.keys())
    }


def _events_by_referral(network: Network) -> Mapping[RecordId, Sequence[RecordId]]:
    found: dict[RecordId, list[RecordId]] = {}
    for event, node in network.nodes(data=True):
        if node["kind"] == Incident.KIND:
            for referral in node["cited"].get("stated_in", ()):
                found.setdefault(referral, []).append(event)
    return found
