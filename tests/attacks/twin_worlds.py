"""Pairs of worlds that agree on all that one actor may see, and differ in everything else.

What the actor may see is decided here: it is what was made as visible. Everything else is made anew for each of the two, from
another seed: other people, referrals, statements between the same things, marks, grants, maps, versions, another order of
writing, and every field of a visible record that this actor's role is not shown.

One thing is known beyond the records that somebody may read. An information-governance lead may ask who was shown any person
there is, and so learns whom there is: whoever is recorded has at least the line of being recorded, and asking leaves another,
in the history of that person alone (docs/access.md, who opened what). For such a lead the same people are there in both worlds,
under the same ids and pseudonyms; all that is said of them, and done with them, is as different as for anybody else.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from api.sign_in.one_time_link import first_person
from forum.access.actors import Role
from forum.access.grants import Grant, Reason
from forum.referral_parts import NamedPerson, UnnamedInReferral
from graph.assertions import AssertionKind
from graph.incidents import HarmRole, Participant
from graph.records import ActorId, Handling, Record, RecordId
from graph.store.boundary import AuditEntry
from tests.attacks.agendas import (
    BEFORE_ITS_WINDOW,
    ENDED,
    TAKEN_OFF,
    Agenda,
    grant_of,
    hidden_items,
    told_in,
    what_is_on_the_agenda,
)
from tests.attacks.edge_worlds import EVERY_PURPOSE
from tests.attacks.sight import all_but, everybody, ids_in, may_see
from tests.attacks.visible_things import NAMES, TIES, WORDS, Maker, Visible, what_is_visible
from tests.builders import (
    ANOTHER_FORUM,
    FORUM,
    NOW,
    a_conflict,
    a_context_sheet,
    a_grant,
    a_home,
    a_location,
    a_map_sheet,
    a_neighbourhood,
    a_parent_carer,
    a_peer_group,
    a_restriction,
    a_school,
    an_adult_of_concern,
    an_assertion,
    an_audit_entry,
    an_awareness,
    an_incident,
    an_online_space,
    some_unnamed_people,
)

# By whom what is read: by grant, the whole forum but what is restricted or told to one worker alone, sheets, or no record.
BY_GRANT = (Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER)
WHOLE = (Role.COORDINATOR, Role.CHAIR)
SHEETS = (Role.GUEST,)
NOTHING = (Role.INFORMATION_GOVERNANCE, Role.ANALYST, Role.ADMINISTRATOR)
ROLES = (*BY_GRANT, *WHOLE, *SHEETS, *NOTHING)
MINIMISED = (Role.PANEL_MEMBER,)
ASKS_OF_ANYBODY = (Role.INFORMATION_GOVERNANCE,)
BETWEEN = (AssertionKind.FRIEND_SAID_BY_YP, AssertionKind.UNCLEAR)
OTHER, ANOTHER = ActorId("one"), ActorId("other")


@dataclass
class Half:
    """One world of a pair: what is written, in this order; what others opened; what is written again and then erased."""

    records: list[Record] = field(default_factory=list)
    hidden: list[Record] = field(default_factory=list)
    access: list[Record] = field(default_factory=list)
    opened: list[AuditEntry] = field(default_factory=list)
    foreign: list[Record] = field(default_factory=list)
    again: list[RecordId] = field(default_factory=list)
    erased: list[RecordId] = field(default_factory=list)


@dataclass
class TwinPair:
    """Two worlds, the actor who must not tell them apart, and what the actor sees in both."""

    seed: int
    role: Role
    actor: ActorId
    secret: str
    visible: list[Record]
    access: list[Record]
    granted: tuple[RecordId, ...]
    halves: tuple[Half, Half]

    def of(self, *kinds: str) -> list[Record]:
        """Of these kinds, what is the same in both worlds: records, and what says who may see them."""
        return [record for record in (*self.visible, *self.access) if record.KIND in kinds]

    def only_in(self, number: int) -> list[Record]:
        """What this world holds and the other does not, in order of id: none of it is there for the actor."""
        one, other = self.halves[number], self.halves[1 - number]
        there = {record.id for record in (*other.records, *other.access)}
        found = [each for each in (*one.hidden, *one.access) if each.id not in there]
        return sorted(found, key=lambda each: each.id)


class Hidden:
    """What one world holds besides, none of it for this actor's eyes."""

    def __init__(self, pair: int, half: int, seen: Visible, agenda: Agenda, role: Role, spared: Iterable[RecordId]) -> None:
        self.make = Maker(f"hidden {pair} {half}")
        self.seen, self.agenda, self.role = seen, agenda, role
        self.spared = set(spared)
        # Where the actor may know whom there is, that comes from the pair's seed; else from this world's own.
        self.known = Maker(f"people {pair}") if role in ASKS_OF_ANYBODY else None
        chance = self.make.chance
        self.marked = {"handling": Handling.YOUNG_PERSON_AND_WORKER if role in WHOLE else Handling.FRONT_DOOR}
        self.people = [self._person() for _ in range((self.known or self.make).chance.randint(2, 4))]
        self.groups = [self.make.make(a_peer_group, label=chance.choice(WORDS)) for _ in range(chance.randint(1, 3))]
        self.places = [self.make.make(a_location, label=f"House {n}", place_kind="private_address") for n in range(2)]
        if role in MINIMISED:
            kinds = [a_location, a_school, a_neighbourhood, an_online_space]
            self.places += [self.make.make(maker) for maker in self.make.some(kinds, 4)]
        self.door = [
            self._person(**self.marked),
            self.make.make(a_peer_group, **self.marked),
            self.make.make(some_unnamed_people, **self._id(), **self.marked),
            self.make.make(a_location, label="Behind the door", **self.marked),
        ]
        self.home = self.make.make(a_home)
        self.lone = self._person()  # cited by nothing, and may be erased
        self.adults = [self.make.make(maker, **self._id()) for maker in (a_parent_carer, an_adult_of_concern)]
        self.referrals = [self._referral() for _ in range(chance.randint(2, 5))]
        self.said = [self._statement() for _ in range(chance.randint(2, 12))]
        self.rest = [*self._events(), *self._tellings(), *self._maps(), *self._on_the_agenda()]
        # A sheet of a place that is restricted, and one that no grant of the actor covers.
        self.sheet = self.make.make(a_context_sheet, self.places[0])
        self.other_sheet = self.make.make(a_context_sheet, seen.places[0], label=chance.choice(WORDS))

    def all(self) -> list[Record]:
        people: list[Record] = [*self.people, *self.groups, *self.places, *self.door, self.home, self.lone, *self.adults]
        return [*people, *self.referrals, *self.said, *self.rest]

    def _id(self) -> dict[str, Any]:
        return {} if self.known is None else {"id": self.known.new_id()}

    def _person(self, **given: Any) -> Any:
        called = {} if self.known is None else {"pseudonym": f"Q{self.known.chance.randrange(900)}"}
        return self.make.person(**self._id(), **called, **given)

    def _referral(self) -> Any:
        chance, seen = self.make.chance, self.seen
        subjects = [person for person in (*seen.young, *self.people) if person.id not in self.spared]
        about = (chance.choice([*subjects, *subjects, seen.group, seen.places[0], *self.groups]),)
        people = self.make.some([*seen.young, *self.people], 3)
        concerns = tuple(group.id for group in self.make.some([seen.group, *self.groups], 2))
        names = tuple((person, (HarmRole.HARMED,)) for person in people)
        return self.make.referral(about=about, names=names, concerns_contexts=concerns)

    def _statement(self) -> Any:
        """In a hidden referral between any two things; at the front door of a visible one; or loose, with one end hidden."""
        chance, seen = self.make.chance, self.seen
        people, places = [*seen.young, *self.people], [*seen.places, *self.places, seen.group]
        how = chance.random()
        if how < 0.5:
            given = {"stated_in": chance.choice(self.referrals)}
        elif how < 0.75:
            given = {"stated_in": chance.choice(seen.referrals), **self.marked}
        else:
            given, people = {}, self.people
        source = chance.choice(people)
        if chance.random() < 0.3:
            other = chance.choice([person for person in (*seen.young, *self.door[:1]) if person.id != source.id])
            return self.make.make(an_assertion, source, other, says=chance.choice(BETWEEN), **given)
        return self.make.make(an_assertion, source, chance.choice(places), says=chance.choice(TIES), **given)

    def _events(self) -> list[Any]:
        who = self.make.some([*self.seen.young, *self.people], 3)
        people = tuple((person, ()) for person in who)
        homes = [
            self.marked if self.role in WHOLE else {},
            {"stated_in": self.referrals[0].id},
            {"stated_in": self.seen.referrals[0].id, **self.marked},
        ]
        return [self.make.make(an_incident, people=people, **given) for given in self.make.some(homes, 3)]

    def _tellings(self) -> list[Any]:
        late = {"told": "not_yet", "told_on": None, "due": date(2026, 11, 5)}
        door = {"referral": self.seen.referrals[1].id, **self.marked}
        person = self.make.chance.choice(self.seen.young).id
        homes: list[dict[str, Any]] = [{"referral": self.referrals[0].id}, door]
        return [self.make.make(an_awareness, person=person, **late, **given) for given in self.make.some(homes, 2)]

    def _maps(self) -> list[Any]:
        around = self.make.some([*self.seen.young, *self.people, self.seen.referrals[0]], 3)
        return [self.make.make(a_map_sheet, one, label_seed=self.make.new_id()) for one in around]

    def _on_the_agenda(self) -> list[Any]:
        """What was said in the case on the agenda and no item shows, and items: about what is hidden, alone or with what is
        not; and where nobody reads by role, about what is in sight, for others."""
        seen, hidden = self.seen, (self.referrals[0], self.people[0], self.groups[0])
        mark = self.marked["handling"] if self.role in WHOLE else Handling.ALLOCATED_WORKERS
        # The first is what a grant of the actor's own names, whose window is not open; the second what one names that is.
        matters: list[tuple[Any, ...]] = [(self.referrals[1],), (seen.referrals[0], self.door[0])]
        matters += [(each,) for each in hidden] + [(each, seen.referrals[1], seen.places[0]) for each in hidden]
        matters += [] if self.role in WHOLE else [(seen.referrals[0],), (seen.group, seen.places[0])]
        told = told_in(self.make, self.agenda, seen, mark)
        return [*told, *hidden_items(self.make, matters, always=2)]

    def items(self) -> list[Any]:
        return [record for record in self.rest if record.KIND == "AgendaItem"]

    def restricted(self) -> list[RecordId]:
        """What only somebody else is named for: all that hides the rest with it, from those who read the whole forum."""
        if self.role in WHOLE:
            maps = [record for record in self.rest if record.KIND == "MapSheet"]
            others = (*self.places, self.home, self.lone, *self.adults)
            return [one.id for one in (*self.people, *self.groups, *others, *self.referrals, *maps)]
        return [one.id for one in (self.referrals[0], self.people[0], self.places[0])]

    def vary(self, record: Any) -> Any:
        """The visible record as this world has it: with citations of what is hidden, and other words where none are shown."""
        if self.make.chance.random() < 0.5:
            record = self._citing(record)
        minimised = self.role not in (*WHOLE, Role.PRACTITIONER, Role.REFERRER)
        through_an_item = self.role in BY_GRANT and record.id in {each.id for each in self.agenda.alone}
        return self._in_other_words(record) if minimised or through_an_item else record

    def _citing(self, record: Any) -> Any:
        person, group, unnamed, place = self.door
        kind = record.KIND
        if kind == "Referral":
            return replace(
                record,
                named_people=(NamedPerson(person=person.id), *record.named_people),
                concerns_contexts=(group.id, *record.concerns_contexts),
                unnamed=(UnnamedInReferral(people=unnamed.id), *record.unnamed),
            )
        if kind == "Assertion":
            told = [said.id for said in self.said if said.stated_in is not None]
            return replace(record, within=place.id, corroborated_by=tuple(sorted(self.make.some(told, 2))))
        if kind == "Incident":
            return replace(record, where=place.id, participants=(Participant(person=person.id), *record.participants))
        if kind == "YoungPerson":
            return replace(record, setting=record.setting or self.home.id)
        if kind in ("Location", "School", "Neighbourhood", "OnlineSpace", "PeerGroup"):
            return replace(record, part_of=record.part_of or place.id, safe_for=(group.id,))
        return record

    def _in_other_words(self, record: Any) -> Any:
        words = self.make.chance.choice(WORDS)
        name = self.make.chance.choice(NAMES)
        if record.KIND == "YoungPerson":
            private = {"sex": "female", "ethnicity": words, "care_status": words, "postcode": "QX1 1AA", "note": words}
            return replace(record, known_as=name, given_name=name, family_name=name, age=12 + len(name), **private)
        if record.KIND == "ParentCarer":
            return replace(record, known_as=name, relationship=words, note=words)
        if record.KIND == "Referral":
            return replace(record, narrative=words, reason=words, strengths=words, change_hoped_for=words)
        if record.KIND == "Assertion":
            return replace(record, note=words, words=words)
        if record.KIND == "Incident":
            return replace(record, note=words)
        return record if self.role in BY_GRANT else self._as_another_thing(record, words)

    def _as_another_thing(self, record: Any, words: str) -> Any:
        """For those who read no such record at all: what a panel member would still be shown is another one too."""
        if record.KIND in ("Location", "School", "Neighbourhood", "OnlineSpace", "PeerGroup"):
            return replace(record, label=f"{words} {self.make.chance.randrange(99)}", everyday_name=words)
        if record.KIND == "MapSheet":
            return replace(record, purpose=words, owner=words, label_seed=self.make.new_id())
        if record.KIND == "AgendaItem":
            return replace(record, meeting_on=date(2027, 1, 1 + self.make.chance.randrange(28)))
        return record


def a_pair(seed: int, role: Role) -> TwinPair:
    """Two worlds from a seed. AssertionError when the rule in words would not show the same in both: the pair is no pair."""
    seen = what_is_visible(seed)
    make = Maker(f"actor {seed}")
    # Whoever came in by the link may look through the eyes of others; that is the coordinator of a store.
    actor = first_person(FORUM) if role is Role.COORDINATOR else ActorId(make.new_id())
    secret = f"{make.new_id()}{make.new_id()}"
    agenda = what_is_on_the_agenda(seed, seen, colleague_of(secret))
    person = make.some(seen.young[:1], 1)
    granted = tuple(record.id for record in (*seen.referrals, *person, *(r for r in seen.rest if r.KIND == "MapSheet")))
    worlds = [Hidden(seed, number, seen, agenda, role, [one.id for one in person]) for number in (0, 1)]
    access = _access_in_both(seed, role, actor, secret, seen, worlds)
    halves = [_half(seed, hidden, actor, granted, access) for hidden in worlds]
    own = next(record for record in halves[0].access if record.KIND == "Grant")
    pair = TwinPair(seed, role, actor, secret, [*seen.all(), *agenda.all()], [*access, own], granted, (halves[0], halves[1]))
    _check_that_it_is_a_pair(pair, worlds)
    return pair


def _check_that_it_is_a_pair(pair: TwinPair, worlds: list[Hidden]) -> None:
    expected = frozenset(record.id for record in pair.visible)
    if pair.role in ASKS_OF_ANYBODY:
        one, other = (everybody(half.records, half.erased) for half in pair.halves)
        assert one == other, f"pair {pair.seed} for a {pair.role} is no pair"
    for half, hidden in zip(pair.halves, worlds, strict=True):
        if pair.role in BY_GRANT:
            item = hidden.items()[1]
            seen = may_see(half.records, pair.granted, pair.role, (*hidden.agenda.covered(), item.id, *item.about))
        elif pair.role in WHOLE:
            seen = all_but(half.records, hidden.restricted())
        else:
            continue  # no record of these is theirs to see, whatever there is
        assert seen == expected, f"pair {pair.seed} for a {pair.role} is no pair"


def _half(seed: int, hidden: Hidden, actor: ActorId, granted: tuple[RecordId, ...], access: list[Record]) -> Half:
    chance = hidden.make.chance
    half = Half(hidden=hidden.all())
    visible = [hidden.vary(record) for record in (*hidden.seen.all(), *hidden.agenda.all())]
    own = _own_grants(seed, actor, (*granted, *(one.id for one in access if one.KIND == "ContextSheet")), hidden)
    own += [*_grants_on_a_case(seed, actor, hidden), *_grants_of_items(seed, actor, hidden)]
    half.access = [hidden.sheet, hidden.other_sheet, *access, *own, *_hidden_access(seed, hidden)]
    half.opened = _opened_by_others(seed, hidden, half.access)
    half.erased = [record.id for record in (hidden.known or hidden.make).some([hidden.lone], 1)]
    half.records = in_some_order(chance, [*visible, *half.hidden])
    half.again = [record.id for record in hidden.make.some(half.records, 9)]
    half.foreign = [hidden.make.person(forum=ANOTHER_FORUM) for _ in range(chance.randint(1, 5))]
    return half


def _access_in_both(seed: int, role: Role, actor: ActorId, secret: str, seen: Visible, worlds: list[Hidden]) -> list[Record]:
    """What says who may see, and is itself there for the actor: a restriction that a colleague made and that names them, a
    conflict of their own about what is hidden in one world and nothing in the other, and a guest's sheets."""
    make = Maker(f"access {seed}")
    colleague = colleague_of(secret)
    named = {"named": tuple(sorted((actor, colleague))), "made_by": colleague}
    found: list[Record] = [make.make(a_restriction, seen.young[3], **named)]
    one, other = (hidden.groups[0] if role in ASKS_OF_ANYBODY else hidden.people[0] for hidden in worlds)
    found.append(make.make(a_conflict, one, other, actor=actor))
    if role in SHEETS:
        found += [make.make(a_context_sheet, place, label=f"Sheet of {n}") for n, place in enumerate(seen.places[:3])]
    return found


def colleague_of(secret: str) -> ActorId:
    """Somebody else who can sign in, in both worlds."""
    return ActorId(secret[:32])


def _own_grants(seed: int, actor: ActorId, granted: tuple[RecordId, ...], hidden: Hidden) -> list[Record]:
    """The grant that holds, on what is restricted too; and two that do not. The same in both worlds but for the hidden."""
    make = Maker(f"own grants {seed}")
    source = Reason.INVITED if hidden.role in SHEETS else Reason.NAMED_AT_TOKEN
    token = {"actor": actor, "source": source, "purposes": tuple(p for p in EVERY_PURPOSE if p != "incident")}
    ended = {"holds_from": NOW - timedelta(days=9), "holds_until": NOW - timedelta(days=1)}
    denied = () if hidden.role in NOTHING else (hidden.sheet.id,) if hidden.role in SHEETS else hidden.restricted()
    return [
        make.make(a_grant, covers=(*granted, *denied), **token),
        make.make(a_grant, covers=_some_of_it(hidden, hidden.referrals), **token, **ended),
        make.make(a_grant, covers=_some_of_it(hidden, hidden.people), **token, holds_from=NOW + timedelta(days=1)),
    ]


def _grants_on_a_case(seed: int, actor: ActorId, hidden: Hidden) -> list[Record]:
    """The actor's own case, and a grant of somebody else's on it; in one world or both a grant on what is restricted alone."""
    make, case = Maker(f"own case {seed}"), hidden.seen.referrals[0]
    found: list[Record] = [make.make(a_grant, case, actor=ANOTHER)]
    if hidden.role in (*BY_GRANT, *WHOLE):
        nothing = hidden.make.make(a_grant, covers=tuple(hidden.restricted()), actor=actor, purposes=EVERY_PURPOSE)
        found += [make.make(a_grant, case, actor=actor), *hidden.make.some([nothing], 1)]
    return found


def _grants_of_items(seed: int, actor: ActorId, hidden: Hidden) -> list[Record]:
    """What items gave the actor: the three in sight; one that names what no item shows; three that do not hold. And another."""
    if hidden.role not in (*BY_GRANT, *WHOLE):
        return []
    make, (elsewhere, half_seen) = Maker(f"own items {seed}"), hidden.items()[:2]
    away = (elsewhere.id, *elsewhere.about)
    given = [grant_of(make, actor, hidden.agenda.covered()), grant_of(make, actor, (half_seen.id, *half_seen.about))]
    given += [grant_of(make, actor, (*away, hidden.groups[0].id), **when) for when in (ENDED, TAKEN_OFF, BEFORE_ITS_WINDOW)]
    return [*given, *hidden.make.some([grant_of(hidden.make, OTHER, away)], 1)]


def _opened_by_others(seed: int, hidden: Hidden, access: list[Record]) -> list[AuditEntry]:
    """Somebody else opened the first case of those in sight, each time among other things and under other grants in each world;
    and in each world, another number of times, what is hidden there and nothing else. Of people who may be asked about, the same.
    """
    shared, chance = Maker(f"opened {seed}"), hidden.make.chance
    case, person = hidden.seen.referrals[0].id, hidden.seen.young[0].id
    grants = [one for one in access if isinstance(one, Grant) and one.actor in (OTHER, ANOTHER)]
    on_it = tuple(one.id for one in grants if one.covers == (case,))
    others = [one.id for one in grants if one.covers != (case,)]
    who = {"actor": colleague_of(shared.new_id() * 2), "role": "practitioner", "purpose": "safety_planning"}
    found = []
    for _ in range(shared.chance.randint(1, 4)):
        maker = hidden.known or hidden.make
        people = tuple(sorted((person, *(one.id for one in maker.some(hidden.people, 2)))))
        held = tuple(sorted((*on_it, *others[:1], *maker.some(others[1:], 1))))
        among = tuple(sorted((case, *(one.id for one in hidden.make.some(hidden.referrals, 2)))))
        under = tuple((one, on_it if one == person else held) for one in people)
        given = {"resources": among, "about": people, "grants": held, "under": under}
        found.append(an_audit_entry(action="list_referrals", **given, **who))
    for _ in range(chance.randint(0, 3)):
        besides = an_audit_entry(action="read_referral", resources=(chance.choice(hidden.referrals).id,), **who)
        found.insert(chance.randint(0, len(found)), besides)
    return found


def _some_of_it(hidden: Hidden, things: list[Any]) -> tuple[RecordId, ...]:
    """These and a group, which is restricted only where all is: a grant on nothing but what is restricted is not there.

    Whoever may ask of anybody has a conflict about that group, which hides what concerns it, and so perhaps all of these: a
    place besides, which nothing keeps from them.
    """
    besides = hidden.places[:1] if hidden.role in ASKS_OF_ANYBODY else []
    return tuple(record.id for record in (*things, hidden.groups[0], *besides))


def _hidden_access(seed: int, hidden: Hidden) -> list[Record]:
    """Grants, denials and sheets that are of what is hidden. Information governance has every grant: there, as many in both."""
    covers = _some_of_it(hidden, [*hidden.referrals, *hidden.people])
    if hidden.role is Role.INFORMATION_GOVERNANCE:
        make = Maker(f"grants of others {seed}")
        return [make.make(a_grant, covers=covers, actor=other) for other in (OTHER, ANOTHER)]
    given: list[Record] = [
        hidden.make.make(a_grant, covers=covers, actor=other) for other in (ANOTHER, *hidden.make.some([OTHER], 1))
    ]
    restricted = hidden.make.make(a_restriction, named=(OTHER,), about=tuple(hidden.restricted()))
    declared = hidden.make.some([hidden.make.make(a_conflict, hidden.people[0], actor=OTHER)], 1)
    return [*given, restricted, *declared]


def in_some_order(chance: random.Random, records: list[Record]) -> list[Record]:
    """The records in a random order in which each comes after what it cites."""
    known = {record.id for record in records}
    waiting = {record.id: record for record in records}
    cited = {record.id: known.intersection(ids_in(record)) for record in records}
    order: list[Record] = []
    while waiting:
        ready = sorted(one for one in waiting if cited[one].isdisjoint(waiting))
        order.append(waiting.pop(chance.choice(ready)))
    return order
