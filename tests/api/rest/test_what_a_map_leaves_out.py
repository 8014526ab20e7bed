"""What a shared peer map leaves out shows in nothing that it draws: the whole document is the same as without it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from forum.maps import MapSheet
from forum.referrals import GroupFriendship
from graph.assertions import AssertionKind, Standing, StandingSince
from graph.records import Handling, Record
from tests.api.running import Service
from tests.builders import (
    a_home,
    a_location,
    a_map_sheet,
    a_peer_group,
    a_referral,
    a_young_person,
    an_assertion,
    keep,
)
from visualise.map_ids import pseudonym_codes

LIVES_AT, FRIEND = AssertionKind.LIVES_AT, AssertionKind.FRIEND_SAID_BY_YP
SINCE = date(2026, 11, 2)
PRIVATE = {"place_kind": "private_address", "handling": Handling.RESTRICTED}
HOMES: dict[str, Callable[[], Record]] = {
    "a private address": lambda: a_location(label="12 Hidden Lane", **PRIVATE),
    "a household": a_home,
    "a care home": lambda: a_location(label="The Limes", place_kind="care_home_semi_independent"),
}
NO_LONGER = (Standing.EXPIRED, Standing.WITHDRAWN)


def kept_map(service: Service, around: Record, *, seed: str = "5eed" * 8) -> MapSheet:
    sheet: MapSheet = keep(
        service.store, a_map_sheet(around, map_kind="peer", review_on=date(2026, 12, 20), label_seed=seed, steps=3)
    )
    return sheet


def document(service: Service, sheet: MapSheet) -> dict[str, Any]:
    answer = service.caller().get(f"/maps/{sheet.id}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def alike(one: Record, other: Record) -> str:
    """A seed under which two people have the same code."""
    seeds = (f"{number:032x}" for number in range(100_000))
    return next(seed for seed in seeds if " " in pseudonym_codes(seed, [one.id, other.id])[one.id])


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_who_shares_a_home_gives_nobody_a_letter(service: Service, home: Callable[[], Record]) -> None:
    ada, other, park, shared = a_young_person(), a_young_person(), a_location(label="Mill park"), home()
    keep(service.store, ada, other, park, shared, an_assertion(ada, park))
    sheet = kept_map(service, ada, seed=alike(ada, other))
    before = document(service, sheet)
    assert len(before["things"]) == 2
    keep(service.store, *(an_assertion(who, shared, says=LIVES_AT) for who in (ada, other)))
    assert document(service, sheet) == before


@pytest.mark.parametrize("standing", NO_LONGER)
def test_who_is_left_out_with_a_statement_that_no_longer_stands_gives_nobody_a_letter(
    service: Service, standing: Standing
) -> None:
    ada, other, park = a_young_person(), a_young_person(), a_location(label="Mill park")
    keep(service.store, ada, other, park, an_assertion(ada, park))
    sheet = kept_map(service, ada, seed=alike(ada, other))
    before = document(service, sheet)
    over = (StandingSince(standing=standing, since=SINCE),)
    keep(service.store, an_assertion(ada, other, says=FRIEND, standings=over))
    assert document(service, sheet) == before


def test_two_who_are_drawn_and_have_one_code_are_told_apart_by_a_letter(service: Service) -> None:
    ada, other = a_young_person(), a_young_person()
    keep(service.store, ada, other, an_assertion(ada, other, says=FRIEND))
    labels = {thing["label"] for thing in document(service, kept_map(service, ada, seed=alike(ada, other)))["things"]}
    assert {label[-2:] for label in labels} == {" a", " b"}


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
@pytest.mark.parametrize("protective", [True, False])
def test_a_referral_that_tells_where_somebody_lives_changes_no_other_line(
    service: Service, home: Callable[[], Record], protective: bool
) -> None:
    ada, bo, group, shared = a_young_person(), a_young_person(), a_peer_group(label="Crew"), home()
    friends = (GroupFriendship(group=group.id, protective=protective),)
    speaks, tells = a_referral(about=(ada,)), a_referral(about=(bo,), group_friendships=friends)
    keep(service.store, ada, bo, group, shared, speaks, tells)
    keep(service.store, an_assertion(ada, group, says=AssertionKind.MEMBER_OF, stated_in=speaks))
    sheet = kept_map(service, ada)
    before = document(service, sheet)
    assert [link["meaning"] for link in before["links"]] == ["strength" if protective else "neither"]
    keep(service.store, an_assertion(ada, shared, says=LIVES_AT, stated_in=tells))
    assert document(service, sheet) == before


def test_what_is_said_of_a_home_adds_no_agency_to_another_line(service: Service) -> None:
    ada, park, shared = a_young_person(), a_location(label="Mill park"), HOMES["a private address"]()
    said = an_assertion(ada, shared, source_role="teacher")
    keep(service.store, ada, park, shared, said)
    keep(service.store, an_assertion(ada, park, corroborated_by=(said.id,)))
    assert [link["agencies"] for link in document(service, kept_map(service, ada))["links"]] == [1]
