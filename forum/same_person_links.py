"""Which referrals name the same young person, and since when? Another kind of link, never mixed in with shared contexts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from graph.analysis import Network, Tie
from graph.analysis.index import indexed
from graph.analysis.shared_contexts import referrals_in
from graph.assertions import Standing
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import RecordId

PUT_RIGHT = (Standing.CORRECTED, Standing.WITHDRAWN)
NAMING_FIELDS = ("subject_people", "named_people.person")


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
        for pair in combinations(sorted(namings), 2)
        for since, until in _spells([namings[referral] for referral in pair], on)
    ]
    kept = [link for link in links if ended or link.holds_on(on)]
    return tuple(sorted(kept, key=lambda link: (link.referrals, link.person, link.since)))


def _spells(namings: Sequence[_Naming], on: date) -> Iterator[tuple[date, date | None]]:
    """The spells up to a day in which all of these name the person: the first day, and the first day after, if any."""
    since: date | None = None
    for day in sorted({day for naming in namings for day in naming.days() if day <= on}):
        holds = all(naming.holds_on(day) for naming in namings)
        if holds and since is None:
            since = day
        elif not holds and since is not None:
            yield since, day
            since = None
    if since is not None:
        yield since, None


def _namings(network: Network) -> Mapping[RecordId, Mapping[RecordId, _Naming]]:
    """By referral and young person, in order of id."""

    def make() -> Mapping[RecordId, Mapping[RecordId, _Naming]]:
        events = _events_by_referral(network)
        return {referral: _named_in(network, referral, events.get(referral, ())) for referral in referrals_in(network)}

    return indexed(network, "namings", make)


def _named_in(network: Network, referral: RecordId, events: Iterable[RecordId]) -> dict[RecordId, _Naming]:
    node = network.nodes[referral]
    in_fields = {person for field in NAMING_FIELDS for person in node["cited"].get(field, ())}
    ties: dict[RecordId, list[Tie]] = {}
    for tie in node["stated"]:
        for end in {tie.source, tie.target}:
            ties.setdefault(end, []).append(tie)
    took_part: dict[RecordId, list[date]] = {}
    for event in events:
        for person in network.nodes[event]["cited"].get("participants.person", ()):
            took_part.setdefault(person, []).append(network.nodes[event]["facts"]["recorded_on"])
    return {
        person: _Naming(
            received=node["facts"]["received"],
            in_fields=person in in_fields,
            ties=tuple(ties.get(person, ())),
            events=tuple(sorted(took_part.get(person, ()))),
        )
        for person in sorted(in_fields | ties.keys() | took_part.keys())
        # A network drawn around one record leaves out people whom other referrals cite.
        if person in network and network.nodes[person]["kind"] == YoungPerson.KIND
    }


def _events_by_referral(network: Network) -> Mapping[RecordId, Sequence[RecordId]]:
    found: dict[RecordId, list[RecordId]] = {}
    for event, node in network.nodes(data=True):
        if node["kind"] == Incident.KIND:
            for referral in node["cited"].get("stated_in", ()):
                found.setdefault(referral, []).append(event)
    return found
