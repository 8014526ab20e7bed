"""Each refusal of the table, tried by each role: what is not theirs answers like what does not exist, and is recorded.

Status, bytes and headers are compared as they left. A route whose role may not use it answers before any record is looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from forum.access.actors import Role
from forum.access.policy import is_allowed
from graph.records import ActorId, Handling, Record, RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Answer, Asker, someone
from tests.attacks.edge_worlds import EVERY_PURPOSE, World, a_world
from tests.attacks.routes import Route, routes_of
from tests.attacks.sight import may_see
from tests.builders import ANOTHER_FORUM, NOW, a_grant, a_referral, a_scope, a_young_person, keep

SEEDS = (3,)
STEP = {"reason": "Because."}
# A parameter that names no record, and why it may be known to everyone.
PUBLIC = {"name": "the code lists are published with the product"}


@pytest.fixture
def service(sqlite_service: Service) -> Service:
    return sqlite_service


class Refusals:
    """The names of what one actor was refused since last asked, in the order of the audit."""

    def __init__(self, service: Service, actor: ActorId) -> None:
        self._store, self._actor, self._after = service.store, actor, 0

    def since(self) -> list[str]:
        found: list[str] = []
        while page := self._store.audit(by=self._actor, after=self._after, limit=500):
            found += [entry.action for entry in page if entry.decision == "refused"]
            self._after = page[-1].seq
        return found


def bodies_for(route: Route) -> list[dict[str, Any]]:
    """Things to send: what they say matters nothing where nothing is found."""
    if route.method == "GET":
        return [{}]
    if route.is_page:
        return [{"form": STEP}]
    given = [STEP, {**STEP, "review_by": "2027-01-01"}] if route.method == "POST" else [STEP]
    return [{"json": body, "If-Match": '"0"'} for body in given]


def as_it_left(answer: httpx.Response) -> Answer:
    """The answer to the byte; but for the reference of a mistake in the body, which is new each time and says nothing."""
    left = Answer.of(answer)
    if left.status in (400, 422):
        return replace(left, body=re.sub(rb'"instance":"[^"]+"', b'"instance":""', left.body))
    return left


def denied_to(service: Service, role: Role) -> list[Route]:
    return [route for route in routes_of(service.app) if route.permission and not is_allowed(role, route.permission)]


def record_routes(service: Service, role: Role) -> list[Route]:
    """The routes that name a record and that this role may use."""
    return [
        route
        for route in routes_of(service.app)
        if route.permission
        and is_allowed(role, route.permission)
        and route.parameters
        and not PUBLIC.keys() & set(route.parameters)
    ]


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


def compare(asker: Asker, refused: Refusals, route: Route, hidden: list[RecordId]) -> set[Answer]:
    """The answers of one route for what is not theirs and for what does not exist: one for each body, recorded each time."""
    ids = [*hidden, new_id()]
    refused.since()
    found: set[Answer] = set()
    for body in bodies_for(route):
        answers = {as_it_left(asker.ask(route.method, route.at(one), **body)) for one in ids}
        assert len(answers) == 1, f"{asker.role}: {route} tells what is not theirs from nothing: {answers}"
        status = next(iter(answers)).status
        assert status == 404 or (route.method != "GET" and 400 <= status < 500), f"{asker.role}: {route} answers {status}"
        recorded = refused.since()
        assert status != 404 or recorded == [route.name] * len(ids), f"{route} does not record each refusal"
        found |= answers
    return found


def whole(answers: set[Answer]) -> None:
    """All the 404s of REST are one answer. A page may say in its menu where it stands: each is compared with itself."""
    documents = [answer for answer in answers if answer.status == 404 and answer.body.startswith(b"{")]
    assert len(documents) == 1


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


@pytest.mark.parametrize("role", [Role.COORDINATOR])
def test_another_forums_records_are_not_there_for_those_who_read_all_of_their_own(service: Service, role: Role) -> None:
    theirs = [a_young_person(forum=ANOTHER_FORUM), a_referral(forum=ANOTHER_FORUM)]
    keep(service.store, *theirs, scope=a_scope(forum=ANOTHER_FORUM))
    asker = someone(service, role)
    answers: set[Answer] = set()
    for route in record_routes(service, role):
        answers |= compare(asker, Refusals(service, asker.actor), route, [record.id for record in theirs])
    whole(answers)


def grants_that_do_not_hold() -> Iterator[dict[str, Any]]:
    """Ended a second ago, ending now, beginning in a second, taken back, for another purpose, somebody else's."""
    yield {"holds_from": NOW - timedelta(days=1), "holds_until": NOW - timedelta(seconds=1)}
    yield {"holds_from": NOW - timedelta(days=1), "holds_until": NOW}
    yield {"holds_from": NOW + timedelta(seconds=1)}
    yield {"ended_at": NOW}
    yield {"purposes": tuple(code for code in EVERY_PURPOSE if code != "forum_preparation")}
    yield {"actor": ActorId("somebody-else")}


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PANEL_MEMBER])
def test_a_grant_that_does_not_hold_opens_nothing_and_is_not_told_from_none(service: Service, role: Role) -> None:
    world = a_world(2)
    keep(service.store, *world.records)
    covered: list[Record] = [record for record in world.records if record.KIND != "Assertion"]
    without = may_see(world.records, (), role)
    hidden = {record.KIND: record.id for record in covered if record.id not in without}
    ids = [hidden["Referral"], hidden["YoungPerson"], hidden["PeerGroup"]]
    answers: set[Answer] = set()
    for why in grants_that_do_not_hold():
        asker = someone(service, role)
        keep(service.store, a_grant(*covered, **{"actor": asker.actor, "purposes": EVERY_PURPOSE, **why}))
        for route in (route for route in record_routes(service, role) if route.method == "GET"):
            answers |= compare(asker, Refusals(service, asker.actor), route, ids)
    whole(answers)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PANEL_MEMBER])
def test_the_same_grant_opens_what_it_covers_once_it_holds(service: Service, role: Role) -> None:
    """So that the refusals above are not of people who are refused everything."""
    world = a_world(2)
    young = replace(world.young[0], handling=Handling.PANEL_ITEM)
    keep(service.store, *[young if record.id == young.id else record for record in world.records])
    asker = someone(service, role)
    assert asker.ask("GET", f"/api/v1/young-people/{young.id}").status_code == 404
    keep(service.store, a_grant(young, actor=asker.actor, purposes=EVERY_PURPOSE))
    assert asker.ask("GET", f"/api/v1/young-people/{young.id}").status_code == 200
