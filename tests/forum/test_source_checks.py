"""Which referrals say "re-check source": those of a case's cascade, and after a correction here, all who speak of one."""

from dataclasses import replace
from datetime import date

import pytest

from forum.access.policy import house_scope
from forum.rights import RightsRequest
from forum.source_checks import needs_source_check
from forum.statement_life import Step, take_step
from graph.assertions import Assertion, Standing, StandingSince
from graph.records import ActorId, Record, new_id
from graph.store.boundary import Store
from tests.builders import FORUM, a_location, a_referral, a_young_person, an_assertion, keep

DAY = date(2026, 11, 10)


@pytest.fixture
def told(store: Store) -> dict[str, Record]:
    """Two referrals that each say something current about one young person, and one that is about somebody else."""
    arlo, bea, place = a_young_person(), a_young_person(known_as="Bea"), a_location()
    found: dict[str, Record] = {"arlo": arlo, "bea": bea, "place": place}
    for name, person in (("first", arlo), ("second", arlo), ("other", bea)):
        referral = a_referral(about=(person,))
        found |= {name: referral, f"said in {name}": an_assertion(person, place, stated_in=referral)}
    kept = keep(store, *found.values())
    return dict(zip(found, kept, strict=True))


def flagged(store: Store, told: dict[str, Record], on: date = DAY) -> set[str]:
    with store.view(house_scope(FORUM)) as view:
        return {name for name in ("first", "second", "other") if needs_source_check(view, told[name].id, on=on)}


def corrected(statement: Record, *, here: bool) -> Assertion:
    assert isinstance(statement, Assertion)
    if here:
        return take_step(statement, Step.CORRECT, reason="It was not so.", by=ActorId("worker"), today=DAY)
    step = StandingSince(standing=Standing.CORRECTED, since=DAY)
    return replace(statement, standings=(*statement.standings, step))


def test_a_correction_here_asks_everybody_who_speaks_of_the_same_young_person(store: Store, told: dict[str, Record]) -> None:
    assert flagged(store, told) == set()
    keep(store, corrected(told["said in first"], here=True))
    assert flagged(store, told) == {"second"}
    assert flagged(store, told, date(2026, 11, 9)) == set()


def test_what_a_case_says_was_corrected_asks_those_that_its_cascade_names(store: Store, told: dict[str, Record]) -> None:
    keep(store, corrected(told["said in first"], here=False))
    assert flagged(store, told) == set()
    keep(
        store,
        RightsRequest(
            id=new_id(),
            forum=FORUM,
            review_on=date(2027, 11, 21),
            dispose_on=date(2033, 11, 21),
            request_kind="dispute",
            by=told["arlo"].id,
            target=told["said in first"].id,
            received=date(2026, 11, 1),
            decided=DAY,
            outcome="corrected",
            cascade=(told["other"].id,),
        ),
    )
    assert flagged(store, told) == {"other"}
