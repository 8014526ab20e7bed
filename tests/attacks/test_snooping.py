"""Each refusal of the table, tried by each role: what is not theirs answers like what does not exist, and is recorded.

Status, bytes and headers are compared as they left. A route whose role may not use it answers before any record is looked at.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from forum.access.actors import Role
from graph.records import RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Answer, Asker
from tests.attacks.edge_worlds import World, a_world
from tests.attacks.role_table import may
from tests.attacks.routes import Route, routes_of
from tests.attacks.sight import may_see
from tests.attacks.snooping import Refusals, bodies_for, compare, denied_to, record_routes, someone, whole
from tests.attacks.writing import PROVENANCE, REFERRAL, SHEET
from tests.builders import a_peer_group, a_referral, a_young_person, keep
from tests.conftest import StorePlace

SEEDS = (3,)


@pytest.fixture
def either_service(store_place: StorePlace) -> Iterator[Service]:
    """On either kind of store, for what is reduced to a few questions."""
    made = Service(store_place)
    with made.client:
        yield made


@pytest.fixture
def service(sqlite_place: StorePlace) -> Iterator[Service]:
    made = Service(sqlite_place)
    with made.client:
        yield made


@pytest.mark.parametrize("role", list(Role))
def test_a_route_that_a_role_may_not_use_refuses_every_id_alike_and_records_it(service: Service, role: Role) -> None:
    world = a_world(1)
    keep(service.store, *world.records)
    asker = someone(service, role)
    expected: list[str] = []
    answers: dict[bool, set[Answer]] = {True: set(), False: set()}
    for route in denied_to(service, role):
        for one in (new_id(), "a" * 32, *(record.id for record in world.records[:3])) if route.parameters else ("",):
            answers[route.is_page].add(Answer.of(asker.ask(route.method, route.at(one), **bodies_for(route)[0])))
            expected.append(route.name)
    assert {answer.status for kinds in answers.values() for answer in kinds} <= {403}
    assert all(len(kinds) <= 1 for kinds in answers.values()), "a refusal by role alone differs from another"
    assert Refusals(service, asker.actor).since() == expected


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER])
def test_what_is_not_theirs_answers_like_what_does_not_exist(
    service: Service, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: set[Answer] = set()
    tried = 0
    for seed in SEEDS:
        world = a_world(seed)
        keep(service.store, *world.records, *world.grants())
        asker = someone(service, role, world.actors[role])
        hidden = _one_of_each_kind(world, role)
        refused = Refusals(service, asker.actor)
        for route in record_routes(service, role):
            answers |= compare(asker, refused, route, hidden)
        tried += asker.asked
    whole(answers)
    with capsys.disabled():
        print(
            f"\n  snooping: {role}, {len(record_routes(service, role))} routes, {tried} requests, {len(answers)} kinds of refusal"
        )


def _one_of_each_kind(world: World, role: Role) -> list[RecordId]:
    seen = may_see(world.records, world.named[role], role)
    kinds: dict[str, RecordId] = {record.KIND: record.id for record in world.records if record.id not in seen}
    return sorted(kinds.values())


# What stands in the body of a route that makes something, given two ids of things that are not theirs, or of nothing.
NAMED_IN_BODY: dict[str, Callable[[RecordId, RecordId], dict[str, Any]]] = {
    "create_assertion": lambda one, other: {"from": one, "rel": "unclear", "to": other, "provenance": PROVENANCE},
    "create_incident": lambda one, _: {"kind": "missing_together", "participants": [{"person": one, "roles": []}]},
    "create_referral": lambda one, _: {**REFERRAL, "subject": {"people": [one], "contexts": []}},
    "create_map": lambda one, _: {**SHEET, "kind": "peer", "around": one},
    "create_conflict": lambda one, _: {"about": [one], "words": "A neighbour of mine."},
    **{
        f"create_{noun}": lambda _, other: {"label": "A new one", "part_of": other}
        for noun in ("peer_group", "school", "neighbourhood", "location", "online_space")
    },
}
NAMES_NOTHING = {"create_young_person": "it names nothing that is there", "search_young_people": "it names nobody by an id"}


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.REFERRER])
def test_what_a_body_names_and_is_not_theirs_answers_like_what_does_not_exist(either_service: Service, role: Role) -> None:
    """Which is refused, or for a conflict taken as it is: in both cases with the same status and words."""
    world = a_world(SEEDS[0])
    keep(either_service.store, *world.records, *world.grants())
    asker = someone(either_service, role, world.actors[role])
    person, group = (record.id for record in keep(either_service.store, a_young_person(), a_peer_group()))
    makers = [route for route in routes_of(either_service.app) if route.method == "POST" and not route.parameters]
    makers = [route for route in makers if not route.is_page and route.permission and may(role, route.permission)]
    assert {route.name for route in makers} <= NAMED_IN_BODY.keys() | NAMES_NOTHING.keys()
    for route in (route for route in makers if route.name in NAMED_IN_BODY):
        answers = set()
        for one, other in ((person, group), (new_id(), new_id())):
            answer = asker.ask("POST", route.template, json=NAMED_IN_BODY[route.name](one, other))
            answers.add((answer.status_code, re.sub(r'"(instance|id)":"[^"]+"', "", answer.text)))
        assert len(answers) == 1, f"{role}: {route} tells what is not theirs from nothing: {answers}"
        assert next(iter(answers))[0] == (201 if route.name == "create_conflict" else 422), answers


def test_one_route_of_each_permission_refuses_alike_on_either_store(either_service: Service) -> None:
    world = a_world(SEEDS[0])
    keep(either_service.store, *world.records, *world.grants())
    asker = someone(either_service, Role.PRACTITIONER, world.actors[Role.PRACTITIONER])
    hidden = [record.id for record in keep(either_service.store, a_young_person(), a_referral())]
    answers: set[Answer] = set()
    routes = {(route.permission, route.method): route for route in record_routes(either_service, Role.PRACTITIONER)}
    for route in routes.values():
        answers |= compare(asker, Refusals(either_service, asker.actor), route, hidden)
    whole(answers)
    for route in denied_to(either_service, Role.ADMINISTRATOR)[::6]:
        administrator = someone(either_service, Role.ADMINISTRATOR)
        assert asker_refused(administrator, route, hidden[0]) == asker_refused(administrator, route, new_id())


def asker_refused(asker: Asker, route: Route, one: str) -> Answer:
    answer = Answer.of(asker.ask(route.method, route.at(one), **bodies_for(route)[0]))
    assert answer.status == 403
    return answer
