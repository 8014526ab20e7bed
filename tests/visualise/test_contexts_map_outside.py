"""A contexts map that leaves the forum tells nothing of what one child does: it is the same with and without them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pytest

from forum.concern import groups_referred
from forum.hotspots import count_by_context
from graph.assertions import AssertionKind
from graph.records import Record, RecordId
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion, some_unnamed_people
from tests.visualise.sheets import a_sheet
from tests.worlds import AS_OF, network_of
from visualise.document import MapDocument
from visualise.linked_map import compose_linked_map


@dataclass(frozen=True)
class World:
    """A school and a field, each well known to the forum, a small group, and one child harmed at the school and in the group.

    `tie` are the statements that the same child was harmed at the field too, made in the same referrals.
    """

    centres: Mapping[str, Record | None]
    told: tuple[Record, ...]
    tie: tuple[Record, ...]
    bands: Mapping[RecordId, str]


def a_world() -> World:
    school, field, group, child = a_location(label="school"), a_location(label="field"), a_peer_group(), a_young_person()
    told: list[Record] = [school, field, group, child]
    bands: dict[RecordId, str] = {}
    for place in (school, field) * 3:
        referral, unnamed = a_referral(about=(place,)), some_unnamed_people()
        told += [referral, unnamed, an_assertion(unnamed, place, stated_in=referral)]
        bands[unnamed.id] = "7-9"
    of_child, of_group = a_referral(about=(child,)), a_referral(about=(group,))
    told += [of_child, of_group, an_assertion(child, school, stated_in=of_child)]
    told.append(an_assertion(child, group, says=AssertionKind.MEMBER_OF, stated_in=of_group))
    tie = an_assertion(child, field, stated_in=of_child)
    return World({"all": None, "school": school, "group": group}, tuple(told), (tie,), bands)


def outside(world: World, around: str, steps: int, *, tied: bool, mode: str = "context_only") -> MapDocument:
    records = (*world.told, *world.tie) if tied else world.told
    network, centre = network_of(records), world.centres[around]
    labels = {one.id: getattr(one, "label", None) or "a group" for one in records}
    return compose_linked_map(
        network, a_sheet(centre.id if centre else None, mode=mode, map_kind="contexts", steps=steps),
        label=labels.__getitem__, referrals_by_context=count_by_context(network, on=AS_OF),
        referred_groups=groups_referred(network, AS_OF), today=AS_OF, reference="M-1", bands=world.bands,
    )  # fmt: skip


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize(("around", "shown"), [("all", {"school", "field"}), ("school", {"school"}), ("group", set())])
def test_a_map_that_leaves_the_forum_is_the_same_whether_or_not_one_child_connects_two_places(
    around: str, shown: set[str], steps: int
) -> None:
    """Also around a group too small to be shown itself: nothing is reached over it."""
    world = a_world()
    with_tie = outside(world, around, steps, tied=True)
    assert {thing.label for thing in with_tie.things} == shown
    assert with_tie.links == ()
    assert with_tie.to_json() == outside(world, around, steps, tied=False).to_json()


def test_within_the_forum_the_same_child_does_connect_them() -> None:
    within = outside(a_world(), "group", 1, tied=True, mode="coordination")
    assert {"school", "field"} < {thing.label for thing in within.things}
    assert len(within.links) == 3


def test_how_many_statements_age_left_out_is_not_said_outside_the_forum() -> None:
    """It would count what was said of fewer than five young people."""
    world, long_ago = a_world(), date(2025, 1, 1)
    _, field, _, child, *_ = world.told
    world = replace(world, tie=(an_assertion(child, field, since=long_ago, date_known=long_ago),))
    assert outside(world, "all", 1, tied=True, mode="coordination").withheld.by_age == 1
    assert outside(world, "all", 1, tied=True).to_json() == outside(world, "all", 1, tied=False).to_json()
