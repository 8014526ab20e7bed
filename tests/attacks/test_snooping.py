"""Each refusal of the table, tried by each role: what is not theirs answers like what does not exist, and is recorded.

Status, bytes and headers are compared as they left. A route whose role may not use it answers before any record is looked at.
"""

import pytest

from forum.access.actors import Role
from graph.records import RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Answer, Asker, someone
from tests.attacks.edge_worlds import World, a_world
from tests.attacks.routes import Route
from tests.attacks.sight import may_see
from tests.attacks.snooping import Refusals, bodies_for, compare, denied_to, record_routes, whole
from tests.builders import a_referral, a_young_person, keep
from tests.telling import Tell

SEEDS = (3,)


@pytest.fixture
def service(sqlite_service: Service) -> Service:
    return sqlite_service


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
def test_what_is_not_theirs_answers_like_what_does_not_exist(service: Service, role: Role, tell: Tell) -> None:
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
    tell(f"snooping: {role}, {len(record_routes(service, role))} routes, {tried} requests, {len(answers)} kinds of refusal")


def _one_of_each_kind(world: World, role: Role) -> list[RecordId]:
    seen = may_see(world.records, world.named[role], role)
    kinds: dict[str, RecordId] = {record.KIND: record.id for record in world.records if record.id not in seen}
    return sorted(kinds.values())


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
