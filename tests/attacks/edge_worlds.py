"""Random worlds in which somebody adds a thing, and what everyone sees before and after.

A world is a handful of records with grants; another adds one thing to it: a statement, a place, a group, an event, a telling,
a referral, a case file or a table. Ids, marks and grants come from a seed.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forum.access.actors import Role
from forum.access.grants import Grant
from graph.assertions import AssertionKind
from graph.records import ActorId, Handling, Record, RecordId, new_id
from tests.builders import (
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

# Most things are for the panel; some are marked otherwise, so that a mark decides in every world.
MARKS = (*[Handling.PANEL_ITEM] * 6, *Handling)
ROLES = (Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER, Role.GUEST)
EVERY_PURPOSE = (
    "screening",
    "safety_planning",
    "case_coordination",
    "forum_preparation",
    "context_assessment",
    "rights_request",
    "incident",
    "audit_review",
)


@dataclass
class World:
    """Records, and who holds a grant on which."""

    seed: int
    records: list[Record] = field(default_factory=list)
    named: dict[Role, tuple[RecordId, ...]] = field(default_factory=dict)
    actors: dict[Role, ActorId] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Record]:
        return [record for record in self.records if record.KIND in kinds]

    @property
    def people(self) -> list[Record]:
        return self.of("YoungPerson", "ParentCarer", "UnnamedPeople", "AdultOfConcern")

    @property
    def young(self) -> list[Record]:
        return self.of("YoungPerson")

    @property
    def contexts(self) -> list[Record]:
        return self.of("Location", "Neighbourhood", "School", "OnlineSpace", "PeerGroup")

    @property
    def referrals(self) -> list[Record]:
        return self.of("Referral")

    @property
    def others(self) -> list[Record]:
        """What a grant may name besides referrals and young people. It opens that one thing, and no more."""
        return [*self.contexts, *self.of("Assertion", "Incident", "MapSheet", "Awareness", "ParentCarer", "Home")]

    def grants(self) -> list[Grant]:
        return [
            a_grant(actor=self.actors[role], covers=covers, purposes=EVERY_PURPOSE)
            for role, covers in self.named.items()
            if covers
        ]


def _marked(chance: random.Random, record: Any) -> Any:
    return replace(record, handling=chance.choice(MARKS))


def a_world(seed: int) -> World:
    """Some young people, places, groups and referrals, tied at random, with grants on some of any kind for each role."""
    chance = random.Random(seed)
    world = World(seed)
    made: list[Record] = [
        a_young_person(pseudonym=f"Q{n}", agency_number=f"police {seed}-{n}") for n in range(chance.randint(3, 5))
    ]
    made += [a_parent_carer(), some_unnamed_people(), an_adult_of_concern(), a_home()]
    # Names of places are the world's own: a table finds places by name, and several worlds share a store.
    places = (a_location, a_neighbourhood, a_school, an_online_space, a_peer_group, a_peer_group)
    made += [make(label=f"Place {n} of {seed}") for n, make in enumerate(places)]
    made.append(a_location(label=f"A flat of {seed}", place_kind="private_address"))
    world.records = [_marked(chance, record) for record in made]
    for _ in range(chance.randint(2, 4)):
        world.records.append(_a_referral_in(chance, world))
    for _ in range(chance.randint(3, 7)):
        world.records.append(_a_statement_in(chance, world))
    world.records.append(_an_event_in(chance, world))
    world.records.append(_a_telling_in(chance, world))
    world.records.append(a_map_sheet(chance.choice(world.young)))
    for role in ROLES:
        world.actors[role] = ActorId(new_id())
        named = chance.sample(world.referrals, chance.choice((0, 1, 1, 2)))
        named += chance.sample(world.young, 1) if chance.random() < 0.2 else []
        named += chance.sample(world.others, 1) if chance.random() < 0.6 else []
        world.named[role] = tuple(record.id for record in named)
    return world


def _a_referral_in(chance: random.Random, world: World) -> Record:
    subjects = chance.sample(world.young, 1) if chance.random() < 0.7 else chance.sample(world.contexts, 1)
    names = tuple((person, ()) for person in chance.sample(world.people, chance.randint(0, 2)))
    concerns = tuple(group.id for group in chance.sample(world.of("PeerGroup"), chance.randint(0, 1)))
    made: Record = a_referral(about=tuple(subjects), names=names, concerns_contexts=concerns)
    return _marked(chance, made)  # type: ignore[no-any-return]


def _a_statement_in(chance: random.Random, world: World) -> Record:
    source = chance.choice(world.people + world.of("PeerGroup"))
    target = chance.choice([other for other in world.people + world.contexts if other.id != source.id])
    home = chance.choice(world.referrals) if chance.random() < 0.8 else None
    says = chance.choice([AssertionKind.HARMED_AT, AssertionKind.FEELS_UNSAFE_AT, AssertionKind.MEMBER_OF, AssertionKind.UNCLEAR])
    made: Record = an_assertion(source, target, stated_in=home, says=says)
    return _marked(chance, made)  # type: ignore[no-any-return]


def _an_event_in(chance: random.Random, world: World) -> Record:
    home = chance.choice(world.referrals).id if chance.random() < 0.7 else None
    people = tuple((person, ()) for person in chance.sample(world.people, 2))
    made: Record = an_incident(people=people, where=chance.choice(world.contexts).id, stated_in=home)
    return _marked(chance, made)  # type: ignore[no-any-return]


def _a_telling_in(chance: random.Random, world: World) -> Record:
    return an_awareness(referral=chance.choice(world.referrals).id, person=chance.choice(world.young).id)


def _a_place_in(chance: random.Random, world: World) -> Record:
    make = chance.choice((a_location, a_neighbourhood, a_school, an_online_space))
    made: Record = make(part_of=chance.choice(world.contexts).id, safe_for=(chance.choice(world.of("PeerGroup")).id,))
    return _marked(chance, made)  # type: ignore[no-any-return]


def _a_group_in(chance: random.Random, world: World) -> Record:
    made: Record = a_peer_group(part_of=chance.choice(world.contexts).id, safe_for=(chance.choice(world.of("PeerGroup")).id,))
    return _marked(chance, made)  # type: ignore[no-any-return]


def _a_map_in(chance: random.Random, world: World) -> Record:
    return a_map_sheet(chance.choice(world.young + world.contexts))


ADDS: dict[str, Callable[[random.Random, World], Record]] = {
    "statement": _a_statement_in,
    "place": _a_place_in,
    "group": _a_group_in,
    "event": _an_event_in,
    "telling": _a_telling_in,
    "referral": _a_referral_in,
    "map": _a_map_in,
}


def additions(seed: int, world: World) -> Sequence[tuple[str, Record]]:
    """One thing of each sort, each citing things that are in the world already."""
    chance = random.Random(f"added to {seed}")
    return [(name, add(chance, world)) for name, add in ADDS.items()]
