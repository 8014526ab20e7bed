"""Pairs of worlds that agree on all that one actor may see, and differ in everything else.

What the actor may see is decided here: it is what was made as visible. Everything else is made anew for each of the two, from
another seed: other people, referrals, statements between the same things, marks, grants, maps, versions, another order of
writing, and every field of a visible record that this actor's role is not shown.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from forum.access.actors import Role
from forum.access.grants import Grant, Reason
from forum.referral_parts import Guardian, NamedPerson, UnnamedInReferral
from graph.assertions import AssertionKind, Standing, StandingSince
from graph.incidents import HarmRole, Participant
from graph.records import ActorId, Handling, Record, RecordId
from tests.attacks.edge_worlds import EVERY_PURPOSE
from tests.attacks.sight import ids_in, may_see
from tests.builders import (
    ANOTHER_FORUM,
    NOW,
    TODAY,
    a_grant,
    a_home,
    a_location,
    a_map_sheet,
    a_neighbourhood,
    a_parent_carer,
    a_peer_group,
    a_referral,
    a_school,
    a_young_person,
    an_adult_of_concern,
    an_assertion,
    an_awareness,
    an_incident,
    an_online_space,
    some_unnamed_people,
)

# Whose sight is of the whole forum, or of none of its records: only another forum is hidden, and what was written when.
READS_ALL = (Role.COORDINATOR, Role.CHAIR, Role.INFORMATION_GOVERNANCE)
MINIMISED = (Role.PANEL_MEMBER,)
NAMES = ("Arlo", "Bela", "Cato", "Dara", "Ezra", "Fenn", "Gala", "Hale")
WORDS = ("after school", "by the water", "late", "in the holidays", "with older friends")
TIES = (
    AssertionKind.HARMED_AT,
    AssertionKind.FEELS_UNSAFE_AT,
    AssertionKind.FEELS_SAFE_AT,
    AssertionKind.SPENDS_TIME_AT,
)
BETWEEN = (AssertionKind.FRIEND_SAID_BY_YP, AssertionKind.UNCLEAR)


@dataclass
class Half:
    """One world of a pair: what is written, in this order; what is written again, and what is erased after that."""

    records: list[Record] = field(default_factory=list)
    hidden: list[Record] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
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
    granted: tuple[RecordId, ...]
    halves: tuple[Half, Half]

    def of(self, *kinds: str) -> list[Record]:
        return [record for record in self.visible if record.KIND in kinds]


class Maker:
    """Makes records whose ids and words come from one seed."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def new_id(self) -> RecordId:
        return RecordId(f"{self.chance.getrandbits(128):032x}")

    def make(self, maker: Callable[..., Any], *args: Any, **given: Any) -> Any:
        return maker(*args, **{"id": self.new_id(), **given})

    def person(self, **given: Any) -> Any:
        name = self.chance.choice(NAMES)
        words = {"known_as": name, "given_name": name, "family_name": self.chance.choice(NAMES), "initials": f"{name[0]}."}
        return self.make(a_young_person, **{"pseudonym": f"Q{self.chance.randrange(900)}", "age": 15, **words, **given})

    def referral(self, **given: Any) -> Any:
        day = TODAY - timedelta(days=self.chance.randrange(1, 60))
        number = f"REF-{self.chance.randrange(10**6)}"
        said = {"narrative": self.chance.choice(WORDS), "referral_kind": "individual", "efh_types": ("cce",)}
        return self.make(a_referral, **{"reference": number, "received": day, **said, **given})

    def some(self, of: list[Any], most: int) -> list[Any]:
        return self.chance.sample(of, self.chance.randint(0, min(most, len(of))))


@dataclass
class Visible:
    """What was made as visible."""

    young: list[Any]
    others: list[Any]
    places: list[Any]
    group: Any
    referrals: list[Any]
    rest: list[Any]

    def all(self) -> list[Record]:
        return [*self.young, *self.others, *self.places, self.group, *self.referrals, *self.rest]


def what_is_visible(seed: int) -> Visible:
    """Three referrals with all that they and the statements, events and tellings in them cite; and maps of it."""
    make = Maker(f"visible {seed}")
    young = [make.person() for _ in range(4)]
    others = [make.make(a_parent_carer, initials="P."), make.make(some_unnamed_people), make.make(an_adult_of_concern)]
    area = make.make(a_neighbourhood, label="Marsh estate")
    places = [
        make.make(a_location, label="Tollgate Parade", part_of=area.id, place_kind="takeaway_shop"),
        make.make(a_school),
        make.make(an_online_space),
        make.make(a_location, label="A flat", place_kind="private_address"),
        area,
    ]
    group = make.make(a_peer_group)
    referrals = _visible_referrals(make, young, others, places, group)
    rest = [*_visible_statements(make, young, others, places, group, referrals), *_visible_rest(make, young, places, referrals)]
    return Visible(young, others, places, group, referrals, rest)


def _visible_referrals(make: Maker, young: list[Any], others: list[Any], places: list[Any], group: Any) -> list[Any]:
    named = tuple(NamedPerson(person=person.id, roles=(HarmRole.HARMED,)) for person in (*young, others[0]))
    return [
        make.referral(
            about=(young[0],),
            named_people=named,
            unnamed=(UnnamedInReferral(people=others[1].id, roles=(HarmRole.WITNESS,)),),
            guardians=(Guardian(who="shop keeper", context=places[0].id, willing=True),),
        ),
        make.referral(about=(young[1],), concerns_contexts=(group.id,), received=date(2026, 11, 2)),
        make.referral(about=(group,), concerns_contexts=(places[0].id,)),
    ]


def _visible_statements(
    make: Maker, young: list[Any], others: list[Any], places: list[Any], group: Any, referrals: list[Any]
) -> list[Any]:
    """Every place and person is cited; the first place links two referrals; one is disputed, one past its review."""
    first, second, third = referrals
    harmed, lapsed = AssertionKind.HARMED_AT, {"review_on": date(2026, 11, 1), "dispose_on": date(2033, 1, 1)}
    disputed = (
        StandingSince(standing=Standing.CURRENT, since=date(2026, 11, 2)),
        StandingSince(standing=Standing.DISPUTED, since=date(2026, 11, 9)),
    )
    said = [
        make.make(an_assertion, young[0], places[0], stated_in=first, says=harmed),
        make.make(an_assertion, young[1], places[0], stated_in=second, says=harmed),
        make.make(an_assertion, group, places[0], stated_in=third, says=AssertionKind.FEELS_UNSAFE_AT),
        make.make(an_assertion, young[2], places[1], stated_in=first, says=AssertionKind.ATTENDS),
        make.make(an_assertion, young[3], places[3], stated_in=second, says=AssertionKind.SPENDS_TIME_AT),
        make.make(an_assertion, young[1], places[4], stated_in=third, says=AssertionKind.LIVES_AT),
        make.make(an_assertion, young[0], young[2], stated_in=second, says=AssertionKind.FRIEND_SAID_BY_YP),
        make.make(an_assertion, young[2], others[2], stated_in=first, says=AssertionKind.UNCLEAR),
        make.make(an_assertion, young[3], places[2], stated_in=third, says=harmed, standings=disputed),
        make.make(an_assertion, young[3], places[1], stated_in=second, says=harmed, **lapsed),
    ]
    for _ in range(make.chance.randrange(4)):
        home, person, place = make.chance.choice(referrals), make.chance.choice(young), make.chance.choice(places)
        said.append(make.make(an_assertion, person, place, stated_in=home, says=make.chance.choice(TIES)))
    return said


def _visible_rest(make: Maker, young: list[Any], places: list[Any], referrals: list[Any]) -> list[Any]:
    people = ((young[0], (HarmRole.HARMED,)), (young[2], ()))
    return [
        make.make(an_incident, people=people, stated_in=referrals[0].id),
        make.make(
            an_awareness, referral=referrals[0].id, person=young[0].id, told="not_yet", told_on=None, due=date(2026, 11, 9)
        ),
        make.make(an_awareness, referral=referrals[1].id, person=young[1].id),
        make.make(a_map_sheet, referrals[0]),
        make.make(a_map_sheet, young[0], steps=3),
        make.make(a_map_sheet, None, map_kind="contexts"),
        make.make(a_map_sheet, places[0], map_kind="contexts", mode="context_only"),
    ]


class Hidden:
    """What one world holds besides, none of it for this actor's eyes."""

    def __init__(self, pair: int, half: int, seen: Visible, role: Role, spared: Iterable[RecordId]) -> None:
        self.make = Maker(f"hidden {pair} {half}")
        self.seen, self.role = seen, role
        self.spared = set(spared)
        chance = self.make.chance
        at_the_door = {"handling": Handling.FRONT_DOOR}
        self.people = [self.make.person() for _ in range(chance.randint(1, 4))]
        self.groups = [self.make.make(a_peer_group, label=chance.choice(WORDS)) for _ in range(chance.randint(1, 3))]
        self.places = [self.make.make(a_location, label=f"House {n}", place_kind="private_address") for n in range(2)]
        if role in MINIMISED:
            self.places += [self.make.make(maker) for maker in self.make.some([a_location, a_school, a_neighbourhood], 3)]
        self.door = [
            self.make.person(**at_the_door),
            self.make.make(a_peer_group, **at_the_door),
            self.make.make(some_unnamed_people, **at_the_door),
            self.make.make(a_location, label="Behind the door", **at_the_door),
        ]
        self.home = self.make.make(a_home)
        self.lone = self.make.person()  # cited by nothing, and may be erased
        self.referrals = [self._referral() for _ in range(chance.randint(1, 5))]
        self.said = [self._statement() for _ in range(chance.randint(2, 12))]
        self.rest = [*self._events(), *self._tellings(), *self._maps()]

    def all(self) -> list[Record]:
        people: list[Record] = [*self.people, *self.groups, *self.places, *self.door, self.home, self.lone]
        return [*people, *self.referrals, *self.said, *self.rest]

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
            given = {"stated_in": chance.choice(seen.referrals), "handling": Handling.FRONT_DOOR}
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
            {},
            {"stated_in": self.referrals[0].id},
            {"stated_in": self.seen.referrals[0].id, "handling": Handling.FRONT_DOOR},
        ]
        return [self.make.make(an_incident, people=people, **given) for given in self.make.some(homes, 3)]

    def _tellings(self) -> list[Any]:
        late = {"told": "not_yet", "told_on": None, "due": date(2026, 11, 5)}
        door = {"referral": self.seen.referrals[1].id, "handling": Handling.FRONT_DOOR}
        person = self.make.chance.choice(self.seen.young).id
        homes: list[dict[str, Any]] = [{"referral": self.referrals[0].id}, door]
        return [self.make.make(an_awareness, person=person, **late, **given) for given in self.make.some(homes, 2)]

    def _maps(self) -> list[Any]:
        around = self.make.some([*self.seen.young, *self.people, self.seen.referrals[0]], 3)
        return [self.make.make(a_map_sheet, one, label_seed=self.make.new_id()) for one in around]

    def vary(self, record: Any) -> Any:
        """The visible record as this world has it: with citations of what is hidden, and other words where none are shown."""
        if self.make.chance.random() < 0.5:
            record = self._citing(record)
        return self._in_other_words(record) if self.role in MINIMISED else record

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
            return replace(record, setting=self.home.id)
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
        return replace(record, note=words) if record.KIND == "Incident" else record


def a_pair(seed: int, role: Role) -> TwinPair:
    """Two worlds from a seed. AssertionError when the rule in words would not show the same in both: the pair is no pair."""
    seen = what_is_visible(seed)
    make = Maker(f"actor {seed}")
    actor, secret = ActorId(make.new_id()), f"{make.new_id()}{make.new_id()}"
    person = make.some(seen.young[:1], 1)
    granted = tuple(record.id for record in (*seen.referrals, *person, *(r for r in seen.rest if r.KIND == "MapSheet")))
    spared = [one.id for one in person]
    halves = [_half(seed, number, seen, role, actor, granted, spared) for number in (0, 1)]
    pair = TwinPair(seed, role, actor, secret, seen.all(), granted, (halves[0], halves[1]))
    expected = frozenset(record.id for record in pair.visible)
    for half in halves if role not in READS_ALL else ():
        assert may_see(half.records, granted, role) == expected, f"pair {seed} for a {role} is no pair"
    return pair


def _half(
    seed: int, number: int, seen: Visible, role: Role, actor: ActorId, granted: tuple[RecordId, ...], spared: list[RecordId]
) -> Half:
    hidden = Hidden(seed, number, seen, role, spared)
    chance = hidden.make.chance
    half = Half()
    visible = seen.all()
    if role not in READS_ALL:
        half.hidden = hidden.all()
        visible = [hidden.vary(record) for record in visible]
        half.grants = [*_own_grants(seed, actor, granted, hidden), *_grants_of_others(hidden)]
        half.erased = [record.id for record in hidden.make.some([hidden.lone], 1)]
    half.records = in_some_order(chance, [*visible, *half.hidden])
    half.again = [record.id for record in hidden.make.some(half.records, 9)]
    half.foreign = [hidden.make.person(forum=ANOTHER_FORUM) for _ in range(chance.randint(1, 5))]
    return half


def _own_grants(seed: int, actor: ActorId, granted: tuple[RecordId, ...], hidden: Hidden) -> list[Grant]:
    """The grant that holds; and two that do not, the same in both worlds but for what they cover: it is hidden."""
    make = Maker(f"own grants {seed}")
    token = {"actor": actor, "source": Reason.NAMED_AT_TOKEN, "purposes": tuple(p for p in EVERY_PURPOSE if p != "incident")}
    ended = {"holds_from": NOW - timedelta(days=9), "holds_until": NOW - timedelta(days=1)}
    return [
        make.make(a_grant, covers=granted, **token),
        make.make(a_grant, covers=tuple(record.id for record in hidden.referrals), **token, **ended),
        make.make(a_grant, covers=tuple(record.id for record in hidden.people), **token, holds_from=NOW + timedelta(days=1)),
    ]


def _grants_of_others(hidden: Hidden) -> list[Grant]:
    covers = tuple(record.id for record in (*hidden.referrals, *hidden.people))
    return [hidden.make.make(a_grant, covers=covers, actor=ActorId(other)) for other in hidden.make.some(["one", "other"], 2)]


def in_some_order(chance: random.Random, records: list[Record]) -> list[Record]:
    """The records in a random order in which each comes after what it cites."""
    known = {record.id for record in records}
    waiting = {record.id: record for record in records}
    order: list[Record] = []
    while waiting:
        ready = sorted(one for one, record in waiting.items() if not (known & set(ids_in(record))) & waiting.keys())
        order.append(waiting.pop(chance.choice(ready)))
    return order
