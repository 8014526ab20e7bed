"""What one actor is meant to see in both worlds of a pair: three referrals with all that they and what is said in them cite."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from forum.referral_parts import Guardian, NamedPerson, UnnamedInReferral
from graph.assertions import AssertionKind, Standing, StandingSince
from graph.incidents import HarmRole
from graph.records import Record, RecordId
from tests.builders import (
    TODAY,
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

NAMES = ("Arlo", "Bela", "Cato", "Dara", "Ezra", "Fenn", "Gala", "Hale")
WORDS = ("after school", "by the water", "late", "in the holidays", "with older friends")
TIES = (
    AssertionKind.HARMED_AT,
    AssertionKind.FEELS_UNSAFE_AT,
    AssertionKind.FEELS_SAFE_AT,
    AssertionKind.SPENDS_TIME_AT,
)


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
