"""A private address on maps: in no form, for nobody, whoever may see it elsewhere; and no map is drawn around one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from forum.access.actors import Role
from forum.maps import MapSheet
from forum.referrals import Guardian
from graph.assertions import AssertionKind
from graph.contexts import Location
from graph.records import Handling, Record, RecordId
from tests.api.running import API, Caller, Service
from tests.builders import (
    a_home,
    a_location,
    a_map_sheet,
    a_referral,
    a_scope,
    a_young_person,
    an_assertion,
    keep,
)

ADDRESS, GUARDIAN = "12 Hidden Lane", "landlord"
PURPOSE = {"purpose": "Agree who stays alongside them", "owner": "social worker", "review_by": "2026-12-20"}
READ = ("", "/list", "/picture.svg")
FILES = {
    "coordination": ("/picture.html", "/picture.png"),
    "context_only": ("/picture.html", "/network.graphml", "/network.gexf", "/network.json", "/network.geojson"),
}


@dataclass(frozen=True)
class World:
    """Six friends who were harmed in the park and at the address where they also live."""

    service: Service
    address: Location
    ada: Record
    park: Location
    referrals: Sequence[Record]

    @property
    def reads(self) -> list[RecordId]:
        """What a grant names for somebody who may see all of it, the address too."""
        return [*(one.id for one in self.referrals), self.address.id]


def a_world(service: Service, place_kind: str = "private_address") -> World:
    park = a_location(label="Mill park")
    address = a_location(label=ADDRESS, place_kind=place_kind, handling=Handling.RESTRICTED)
    young = [a_young_person() for _ in range(6)]
    there = (Guardian(who=GUARDIAN, context=address.id), Guardian(who="warden", context=park.id))
    referrals = [a_referral(about=(who, address), guardians=there) for who in young]
    said = [
        an_assertion(who, place, says=says, stated_in=referral)
        for who, referral in zip(young, referrals, strict=True)
        for place, says in (
            (park, AssertionKind.HARMED_AT), (address, AssertionKind.HARMED_AT), (address, AssertionKind.LIVES_AT),
        )
    ]  # fmt: skip
    keep(service.store, park, address, *young, *referrals, *said)
    return World(service, address, young[0], park, referrals)


def drawn(caller: Caller, kind: str, around: Record | None, mode: str = "coordination") -> str:
    body = {"kind": kind, "mode": mode, "steps": 3, **PURPOSE, **({"around": around.id} if around else {})}
    answer = caller.post("/maps", body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"]).removeprefix(API)


def everything(caller: Caller, role: Role, path: str, mode: str) -> list[str]:
    """Every form of a map that this role may have of it, as text, the list as JSON too; a practitioner takes no files here."""
    forms = (*READ, *FILES[mode]) if role is Role.COORDINATOR else READ
    answers = [caller.get(path + form) for form in forms]
    answers.append(caller.get(path + "/list", Accept="application/json"))
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content.decode("utf-8", "replace") for answer in answers]


MAPS = (("peer", "ada", "coordination"), ("peer", "park", "coordination"), ("contexts", None, "coordination"),
        ("contexts", "park", "coordination"), ("contexts", None, "context_only"))  # fmt: skip


@pytest.mark.parametrize(("kind", "around", "mode"), MAPS)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRACTITIONER])
def test_a_private_address_and_who_guards_it_are_in_no_form_of_a_map(
    service: Service, role: Role, kind: str, around: str | None, mode: str
) -> None:
    world = a_world(service)
    caller = service.caller(role, reads=world.reads if role is Role.PRACTITIONER else ())
    assert caller.get(f"/locations/{world.address.id}").status_code == 200
    path = drawn(caller, kind, getattr(world, around) if around else None, mode)
    document = caller.get(path).json()
    assert "Mill park" in {thing["label"] for thing in document["things"]}
    assert not {"lives_at", "young_people_in_both"} & {link["kind"] for link in document["links"]}
    assert not any(document["withheld"].values())
    for text in everything(caller, role, path, mode):
        assert not [word for word in (ADDRESS, "Hidden", GUARDIAN, world.address.id, "lives at") if word in text]


def test_the_same_place_is_drawn_while_it_is_nobodys_home(service: Service) -> None:
    world = a_world(service, "vacant_building")
    caller = service.caller()
    path = drawn(caller, "contexts", None)
    assert {"Mill park", ADDRESS, GUARDIAN, "warden"} == {thing["label"] for thing in caller.get(path).json()["things"]}
    assert ADDRESS in caller.get(drawn(caller, "contexts", world.address)).json()["frame"]["title"]


@pytest.mark.parametrize(("kind", "mode"), [("peer", "coordination"), ("contexts", "coordination"), ("contexts", "context_only")])
def test_no_map_is_drawn_around_a_private_address_and_the_answer_says_what_to_do(service: Service, kind: str, mode: str) -> None:
    world = a_world(service)
    for caller in (service.caller(), service.caller(Role.PRACTITIONER, reads=world.reads)):
        answer = caller.post("/maps", {"kind": kind, "mode": mode, "around": world.address.id, **PURPOSE})
        assert answer.status_code == 422
        (mistake,) = answer.json()["errors"]
        assert (mistake["pointer"], mistake["code"]) == ("/around", "private-address")
        assert "around a young person" in mistake["detail"]
        assert ADDRESS not in answer.text


def test_for_whoever_may_not_see_it_a_private_address_is_not_there_to_be_drawn(service: Service) -> None:
    world = a_world(service)
    caller = service.caller(Role.PRACTITIONER, reads=())
    hidden, absent = (
        caller.post("/maps", {"kind": "contexts", "around": around, **PURPOSE}) for around in (world.address.id, "0" * 32)
    )
    assert hidden.status_code == absent.status_code == 422
    assert hidden.json()["errors"] == absent.json()["errors"]


def kept_around(world: World, kind: str) -> MapSheet:
    given: dict[str, Any] = {"map_kind": kind, "review_on": date(2026, 12, 20), "label_seed": "5eed" * 8}
    sheet: MapSheet = keep(world.service.store, a_map_sheet(world.address, **given))
    return sheet


@pytest.mark.parametrize("kind", ["peer", "contexts"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRACTITIONER])
@pytest.mark.parametrize("before", ["private_address", "vacant_building"])
def test_a_map_kept_around_what_is_a_private_address_answers_without_it_and_without_its_name(
    service: Service, role: Role, kind: str, before: str
) -> None:
    world = a_world(service, before)
    sheet = kept_around(world, kind)
    if before != "private_address":
        with service.store.view(a_scope()) as view:
            place = view.get(Location, world.address.id)
        keep(service.store, replace(place, place_kind="private_address"))
    caller = service.caller(role, reads=[*world.reads, sheet.id] if role is Role.PRACTITIONER else ())
    assert caller.get(f"/maps/{sheet.id}").json()["things"] == []
    for text in everything(caller, role, f"/maps/{sheet.id}", "coordination"):
        assert not [word for word in (ADDRESS, "Hidden", GUARDIAN, world.address.id) if word in text]


def test_a_map_kept_around_a_private_address_tells_nothing_to_whoever_may_not_see_that(service: Service) -> None:
    world = a_world(service)
    peer, contexts = (kept_around(world, kind) for kind in ("peer", "contexts"))
    caller = service.caller(Role.PRACTITIONER, reads=[peer.id, contexts.id])
    answer, absent = caller.get(f"/maps/{peer.id}"), caller.get(f"/maps/{'0' * 32}")
    assert answer.status_code == absent.status_code == 404
    assert answer.json()["detail"] == absent.json()["detail"]
    assert not [word for word in ("Hidden", GUARDIAN, world.address.id) if word in caller.get(f"/maps/{contexts.id}").text]


def test_on_a_map_kept_as_a_young_persons_own_a_home_is_drawn(service: Service) -> None:
    world, household = a_world(service), a_home()
    lives = an_assertion(world.ada, household, says=AssertionKind.LIVES_AT)
    sheet = a_map_sheet(world.ada, mode="with_young_person", review_on=date(2026, 12, 20), label_seed="5eed" * 8)
    keep(service.store, household, lives, sheet)
    document = service.caller().get(f"/maps/{sheet.id}").json()
    assert {"Home", ADDRESS, GUARDIAN} <= {thing["label"] for thing in document["things"]}
    assert "lives_at" in {link["kind"] for link in document["links"]}
