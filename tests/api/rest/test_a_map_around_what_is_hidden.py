"""A map drawn around something opens for nobody who may not see that thing: it never becomes a map of all they may see."""

import pytest

from forum.access.actors import Role
from graph.records import Handling, new_id
from tests.api.rest.test_homes_on_maps import FILES, READ, a_world
from tests.api.running import Service
from tests.builders import a_location, a_map_sheet, keep

FORMS = dict.fromkeys((*READ, *FILES["context_only"], *FILES["coordination"]))
OPEN = {"map_kind": "contexts", "mode": "context_only"}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHAIR])
def test_a_contexts_map_around_a_hidden_place_is_the_same_as_none(service: Service, role: Role) -> None:
    world = a_world(service, "vacant_building")
    between_two = a_location(label="Where she waits for her worker", handling=Handling.YOUNG_PERSON_AND_WORKER)
    sheet, of_all = a_map_sheet(between_two, **OPEN), a_map_sheet(None, **OPEN)
    keep(service.store, between_two, sheet, of_all)
    reader = service.caller(role, reads=[sheet.id, of_all.id, *(one.id for one in world.referrals)])
    assert reader.get(f"/locations/{between_two.id}").status_code == 404
    assert reader.get(f"/maps/{of_all.id}").status_code == 200
    for form in FORMS:
        answer, of_none = reader.get(f"/maps/{sheet.id}{form}"), reader.get(f"/maps/{new_id()}{form}")
        assert answer.status_code == 404, form
        assert answer.content == of_none.content, form


def test_it_opens_for_who_may_see_the_place(service: Service) -> None:
    world = a_world(service, "vacant_building")
    sheet = a_map_sheet(world.park, **OPEN)
    keep(service.store, sheet)
    document = service.caller().get(f"/maps/{sheet.id}").json()
    assert "Mill park" in {thing["label"] for thing in document["things"]}
