"""Where somebody lives is on no map that is shared, and nothing on the map tells that it was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from forum.concern import groups_referred
from forum.hotspots import count_by_context
from forum.referrals import Guardian, Referral
from graph.assertions import Assertion, AssertionKind
from graph.records import Record, RecordId
from tests.builders import (
    NOW,
    a_home,
    a_location,
    a_neighbourhood,
    a_peer_group,
    a_referral,
    a_young_person,
    an_assertion,
)
from tests.visualise.sheets import a_sheet
from tests.worlds import AS_OF, network_of
from visualise.document import MapDocument
from visualise.linked_map import compose_linked_map
from visualise.peer_map import compose_peer_map

ADDRESS = "12 Hidden Lane"
OLD = date(2025, 1, 1)
HOMES = {
    "a place that is a private address": lambda: a_location(label=ADDRESS, place_kind="private_address"),
    "an area that was recorded as one": lambda: a_neighbourhood(label=ADDRESS, place_kind="private_address"),
    "a household": lambda: a_home(label=ADDRESS),
}
SHARED = ("coordination", "named_working_map")


@dataclass(frozen=True)
class World:
    """Two friends who share a home, a park and a group; `told` is all but the home and what is said of it."""

    home: Record
    ada: Record
    told: tuple[Record, ...]
    of_home: tuple[Record, ...]
    referral: Referral

    def records(self, *, with_home: bool) -> tuple[Record, ...]:
        return (*self.told, self.home, *self.of_home) if with_home else self.told


def a_world(home: Record) -> World:
    ada, bo, sibling, park, group = a_young_person(), a_young_person(), a_young_person(), a_location(label="park"), a_peer_group()
    guardians = (Guardian(who="warden", context=park.id), Guardian(who="landlord", context=home.id))
    referral = a_referral(about=(ada, group), names=((bo, ()),), guardians=guardians)
    harmed = [an_assertion(who, park, stated_in=referral) for who in (ada, bo)]
    friends = an_assertion(ada, bo, says=AssertionKind.FRIEND_SAID_BY_YP, stated_in=referral)
    member = an_assertion(ada, group, says=AssertionKind.MEMBER_OF, stated_in=referral)
    says = (AssertionKind.LIVES_AT,) if home.KIND == "Home" else (AssertionKind.LIVES_AT, AssertionKind.HARMED_AT)
    at_home = [an_assertion(who, home, says=one, stated_in=referral) for who in (ada, bo, sibling) for one in says]
    at_home += [an_assertion(ada, home, says=AssertionKind.LIVES_AT, stated_in=referral, since=OLD, date_known=OLD)]
    return World(home, ada, (ada, bo, sibling, park, group, referral, *harmed, friends, member), tuple(at_home), referral)


def peer_map(world: World, around: Record, *, with_home: bool = True, mode: str = "coordination") -> MapDocument:
    labels = labels_of(world)
    return compose_peer_map(
        network_of(world.records(with_home=with_home)), a_sheet(around.id, mode=mode, steps=3), label=labels.__getitem__,
        told={}, today=AS_OF, reference="M-1", referrals=[world.referral],
        title="Working map" if mode == "named_working_map" else None,
    )  # fmt: skip


def contexts_map(world: World, around: Record | None = None, *, with_home: bool = True, **sheet: Any) -> MapDocument:
    network = network_of(world.records(with_home=with_home))
    return compose_linked_map(
        network, a_sheet(around.id if around else None, map_kind="contexts", **sheet), label=labels_of(world).__getitem__,
        referrals_by_context=count_by_context(network, on=AS_OF), referred_groups=groups_referred(network, AS_OF),
        today=AS_OF, reference="M-1", referrals=[world.referral],
    )  # fmt: skip


def labels_of(world: World) -> Mapping[RecordId, str]:
    everyone: Sequence[Record] = world.records(with_home=True)
    return {one.id: getattr(one, "label", None) or f"K{number}" for number, one in enumerate(everyone)}


def kinds(document: MapDocument) -> set[str]:
    return {link.kind for link in document.links}


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
@pytest.mark.parametrize("mode", SHARED)
def test_a_shared_peer_map_is_the_same_to_the_byte_whether_or_not_a_home_is_recorded(home: Any, mode: str) -> None:
    world = a_world(home())
    with_it = peer_map(world, world.ada, mode=mode)
    assert {"harmed_at", "friend_said_by_yp", "guardian_at"} <= kinds(with_it)
    assert with_it.to_json() == peer_map(world, world.ada, with_home=False, mode=mode).to_json()
    assert with_it.withheld.by_age == 0


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_on_the_young_persons_own_map_the_home_may_stand(home: Any) -> None:
    world = a_world(home())
    document = peer_map(world, world.ada, mode="with_young_person")
    assert ADDRESS in {thing.label for thing in document.things}
    assert "lives_at" in kinds(document)


@pytest.mark.parametrize("mode", ["coordination", "context_only", "with_young_person"])
@pytest.mark.parametrize("home", [one for name, one in HOMES.items() if name != "a household"])
def test_a_contexts_map_is_the_same_to_the_byte_whether_or_not_a_home_is_recorded(home: Any, mode: str) -> None:
    world = a_world(home())
    with_it = contexts_map(world, mode=mode)
    assert with_it.to_json() == contexts_map(world, with_home=False, mode=mode).to_json()
    assert mode == "context_only" or {thing.label for thing in with_it.things} >= {"park", "warden"}


def test_where_a_context_stands_does_not_hang_on_what_was_said_of_a_home_near_it() -> None:
    parks, home = [a_location(label=name) for name in ("park", "quay")], HOMES["a place that is a private address"]()
    young = [a_young_person() for _ in range(4)]
    referrals = [a_referral(about=(who,)) for who in young]
    said = [an_assertion(who, parks[n % 2], stated_in=referrals[n]) for n, who in enumerate(young)]
    near = an_assertion(home, parks[1], says=AssertionKind.NEAR, recorded_at=NOW - timedelta(days=9))
    world = World(home, young[0], (*parks, *young, *referrals, *said), (near,), referrals[0])
    between = NOW - timedelta(days=5)  # the home was spoken of before the map was drawn, the rest after
    assert all(thing.at for thing in contexts_map(world, drawn_at=between).things)
    without = contexts_map(world, with_home=False, drawn_at=between)
    assert contexts_map(world, drawn_at=between).to_json() == without.to_json()


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_a_shared_map_that_was_drawn_around_a_home_shows_nothing_and_names_nothing(home: Any) -> None:
    world = a_world(home())
    drawn = [peer_map(world, world.home)]
    drawn += [contexts_map(world, world.home, steps=3)] if world.home.KIND != "Home" else []
    for document in drawn:
        assert (document.things, document.links) == ((), ())
        assert ADDRESS not in document.to_json().decode()


def test_a_referral_about_a_young_person_and_an_address_is_a_map_around_the_young_person() -> None:
    world = a_world(HOMES["a place that is a private address"]())
    about = a_referral(about=(world.ada, world.home))
    network = network_of((*world.records(with_home=True), about))
    document = compose_peer_map(
        network, a_sheet(about.id), label=labels_of(world).__getitem__, told={}, today=AS_OF, reference=about.reference
    )
    assert document.frame.title == f"Peer map around {labels_of(world)[world.ada.id]}"


@pytest.mark.parametrize("place", ["care_home_semi_independent", "hotel_bb"])
def test_that_somebody_lives_in_a_care_home_or_hotel_is_said_on_their_own_map_alone(place: str) -> None:
    ada, house = a_young_person(), a_location(label="The Limes", place_kind=place)
    lives, harmed = (an_assertion(ada, house, says=one) for one in (AssertionKind.LIVES_AT, AssertionKind.HARMED_AT))

    def drawn(mode: str, *said: Assertion) -> MapDocument:
        return compose_peer_map(
            network_of([ada, house, *said]), a_sheet(ada.id, mode=mode), label={ada.id: "K7", house.id: "The Limes"}.__getitem__,
            told={}, today=AS_OF, reference="M-1",
        )  # fmt: skip

    assert kinds(drawn("with_young_person", lives, harmed)) == {"lives_at", "harmed_at"}
    assert drawn("coordination", lives, harmed).to_json() == drawn("coordination", harmed).to_json()
    assert [thing.label for thing in drawn("coordination", lives).things] == ["K7"]
