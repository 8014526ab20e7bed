"""What is known for over a year and was not said again draws no line between contexts and counts for none, as on a peer map."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from forum.concern import groups_referred
from forum.hotspots import count_by_context
from graph.assertions import Assertion, AssertionKind, Standing, StandingSince
from graph.records import Record
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion
from tests.visualise.sheets import a_sheet
from tests.worlds import AS_OF, network_of
from visualise.document import MapDocument
from visualise.linked_map import compose_linked_map

YEAR_AGO, BEFORE_THAT = date(2025, 11, 21), date(2025, 11, 20)


@dataclass(frozen=True)
class World:
    """Two children harmed at a park this month; a stop and a referred group, where others may say that they were too."""

    ada: Record
    bo: Record
    park: Record
    stop: Record
    group: Record
    told: tuple[Record, ...]


def a_world() -> World:
    ada, bo, park, stop, group = (
        a_young_person(),
        a_young_person(),
        a_location(label="park"),
        a_location(label="stop"),
        a_peer_group(),
    )
    referrals = [a_referral(about=(one,)) for one in (park, stop, group)]
    harmed = [an_assertion(child, park, date_known=date(2026, 11, 2)) for child in (ada, bo)]
    return World(ada, bo, park, stop, group, (ada, bo, park, stop, group, *referrals, *harmed))


def contexts_map(world: World, *said: Assertion, around: Record | None = None, mode: str = "coordination") -> MapDocument:
    network = network_of((*world.told, *said))
    labels = {one.id: getattr(one, "label", None) or "group" for one in world.told} | {world.group.id: "group"}
    return compose_linked_map(
        network, a_sheet(around.id if around else None, map_kind="contexts", mode=mode), label=labels.__getitem__,
        referrals_by_context=count_by_context(network, on=AS_OF), referred_groups=groups_referred(network, AS_OF),
        today=AS_OF, reference="M-1",
    )  # fmt: skip


def known_on(day: date | None, source: Record, target: Record, **given: Any) -> Assertion:
    return an_assertion(source, target, since=day or AS_OF, date_known=day, **given)


def counts(document: MapDocument) -> dict[str, str | None]:
    return {thing.label: thing.count for thing in document.things}


def lines(document: MapDocument) -> list[str | None]:
    return [link.count for link in document.links]


def test_what_is_over_a_year_old_draws_no_line_and_counts_for_no_context() -> None:
    """The stop keeps its place by the referral about it, and the map says how much age left out."""
    world = a_world()
    document = contexts_map(world, *(known_on(BEFORE_THAT, child, world.stop) for child in (world.ada, world.bo)))
    assert counts(document) == {"park": "2", "stop": None, "group": None}
    assert lines(document) == []
    assert document.withheld.by_age == 2


@pytest.mark.parametrize("day", [YEAR_AGO, date(2026, 11, 2), None])
def test_what_is_known_for_a_year_at_most_or_on_no_known_day_is_drawn(day: date | None) -> None:
    world = a_world()
    document = contexts_map(world, *(known_on(day, child, world.stop) for child in (world.ada, world.bo)))
    assert counts(document)["stop"] == "2"
    assert lines(document) == ["2"]
    assert document.withheld.by_age == 0


def test_what_was_said_again_since_is_drawn() -> None:
    world = a_world()
    again = tuple(StandingSince(standing=Standing.CURRENT, since=day) for day in (BEFORE_THAT, date(2026, 5, 1)))
    document = contexts_map(
        world, *(known_on(BEFORE_THAT, child, world.stop, standings=again) for child in (world.ada, world.bo))
    )
    assert lines(document) == ["2"]
    assert document.withheld.by_age == 0


def test_a_line_counts_only_those_of_whom_something_newer_is_known() -> None:
    world = a_world()
    document = contexts_map(
        world, known_on(BEFORE_THAT, world.ada, world.stop), known_on(date(2026, 11, 2), world.bo, world.stop)
    )
    assert lines(document) == [None]
    assert document.withheld.by_age == 1


def test_a_member_known_for_over_a_year_counts_neither_in_the_group_nor_where_it_was_harmed() -> None:
    world = a_world()
    members = [known_on(BEFORE_THAT, child, world.group, says=AssertionKind.MEMBER_OF) for child in (world.ada, world.bo)]
    document = contexts_map(world, *members, known_on(date(2026, 11, 2), world.group, world.stop))
    assert counts(document) == {"park": "2", "stop": None, "group": None}
    assert document.withheld.by_age == 2


def test_a_place_of_which_nothing_newer_is_known_and_no_referral_tells_is_not_on_the_map_but_counted_as_left_out() -> None:
    world, wharf = a_world(), a_location(label="wharf")
    alone = World(world.ada, world.bo, world.park, wharf, world.group, (*world.told, wharf))
    document = contexts_map(alone, known_on(BEFORE_THAT, world.ada, wharf))
    assert "wharf" not in counts(document)
    assert document.withheld.by_age == 1


def test_around_one_place_only_what_is_left_out_there_is_counted_and_nothing_is_reached_over_it() -> None:
    world = a_world()
    old = [known_on(BEFORE_THAT, child, world.stop) for child in (world.ada, world.bo)]
    around = {place: contexts_map(world, *old, around=getattr(world, place)) for place in ("park", "stop")}
    assert {place: (set(counts(document)), document.withheld.by_age) for place, document in around.items()} == {
        "park": ({"park"}, 0),
        "stop": ({"stop"}, 2),
    }


def test_what_is_not_current_is_not_left_out_for_its_age() -> None:
    world = a_world()
    withdrawn = (
        StandingSince(standing=Standing.CURRENT, since=BEFORE_THAT), StandingSince(standing=Standing.WITHDRAWN, since=AS_OF)
    )  # fmt: skip
    document = contexts_map(world, known_on(BEFORE_THAT, world.ada, world.stop, standings=withdrawn))
    assert document.withheld.by_age == 0
