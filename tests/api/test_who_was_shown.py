"""Everyone in an answer stands in the audit of that answer, and nobody else does: every route, every role, both stores.

Calderwick is asked for by each role on every route that reads, with records of every kind in each place of a path. A smaller
world is asked on both kinds of store, and changed by every route that writes. `python -m tests.api.shown 10000` asks more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.web_sessions import COOKIE, form_token
from forum.access.actors import Role
from tests.api.pages.conftest import stop
from tests.api.running import Service
from tests.api.shown import INVITED_TO, READS, Borough, Tally, Watch, answered, open_borough
from tests.attacks.asking import Asker, sign_in
from tests.attacks.role_table import may
from tests.attacks.routes import Route, routes_of
from tests.attacks.twin_worlds import TwinPair, a_pair, colleague_of
from tests.attacks.writing import writes_of
from tests.builders import FORUM, NOW, keep


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Borough]:
    made = open_borough(tmp_path_factory.mktemp("shown"))
    yield made
    stop(made.service)


@pytest.fixture(scope="module")
def asked(borough: Borough) -> dict[str, list[str]]:
    return answered(borough)


def agrees(tally: Tally) -> None:
    assert not tally.missing and not tally.extras, str(tally)


def test_every_route_that_reads_was_asked_and_answered(borough: Borough, asked: dict[str, list[str]]) -> None:
    without = {template for template, addresses_of in asked.items() if not addresses_of}
    assert without == set(), "\n".join(sorted(without))
    assert borough.watch.tally.with_people > 50
    agrees(borough.watch.tally)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRACTITIONER])
def test_everyone_whom_a_search_finds_is_in_its_audit(borough: Borough, role: Role) -> None:
    client = borough.service.signed_in(role, reads=READS.get(role, ()))
    headers = {"Origin": "http://localhost", FORM_TOKEN_HEADER: form_token(str(client.cookies.get(COOKIE)))}
    borough.watch.entries()
    answer = client.post("/api/v1/young-people/search", json={"name": "Arlo"}, headers=headers)
    assert answer.status_code == 200
    recorded = {person for entry in borough.watch.entries() for person in entry.about}
    assert borough.watch.told_of(answer.text) == recorded == {borough.service.ids["YP01"]}


@pytest.mark.parametrize("role", list(Role))
def test_everyone_in_an_answer_is_in_its_audit_and_nobody_else(borough: Borough, asked: dict[str, list[str]], role: Role) -> None:
    client = borough.somebody(role, READS.get(role, ()))
    for addresses_of in asked.values():
        for address in addresses_of:
            borough.ask(client, address)
    found = [borough.search(client, name) for name in borough.names()[:4]]
    assert found == [may(role, "read_young_person")] * 4
    if role is Role.GUEST:
        sheets = [f"/api/v1/contexts/{borough.service.ids[name]}" for name in INVITED_TO]
        assert all(borough.ask(client, sheet) for sheet in sheets)
    agrees(borough.watch.tally)


@dataclass
class World:
    """A small world served on one kind of store, its actor, and who follows its audit."""

    pair: TwinPair
    asker: Asker
    watch: Watch
    routes: tuple[Route, ...]
    done: set[str] = field(default_factory=set)

    def get(self, path: str) -> httpx.Response:
        return self.asker.ask("GET", path)


def open_world(service: Service, role: Role) -> World:
    """What one actor sees, with a grant where their role needs one, and somebody else who may be given things."""
    pair = a_pair(1, role)
    keep(service.store, *pair.halves[0].records)
    keep(service.store, *pair.halves[0].access)
    shelf = service.store.shelf
    sign_in(service.app, shelf, role=Role.PRACTITIONER, actor=colleague_of(pair.secret), secret=pair.secret[::-1], now=NOW)
    asker = sign_in(service.app, shelf, role=role, actor=pair.actor, secret=pair.secret, now=NOW)
    return World(pair, asker, Watch(service.store, FORUM), routes_of(service.app))


# What is asked for on a server, which is slower to ask: one of each kind that an answer about people can be about.
KINDS = ("Referral", "YoungPerson", "Assertion", "Incident", "PeerGroup", "MapSheet")


def test_everyone_in_an_answer_is_in_its_audit_on_either_store(service: Service) -> None:
    world = open_world(service, Role.PRACTITIONER)
    kinds = KINDS if service.place.credentials is not None else {record.KIND for record in world.pair.visible}
    one_of = {record.KIND: record.id for record in world.pair.visible if record.KIND in kinds}
    one_of["MapSheet"] = world.pair.of("MapSheet")[0].id  # of people
    for route in world.routes:
        if route.method == "GET" and route.permission:
            for one in one_of.values() if route.parameters else ("",):
                world.watch.compare(world, route.at(one), world.get(route.at(one)))
    assert world.watch.tally.with_people > 10
    agrees(world.watch.tally)


def test_everyone_in_the_answer_to_a_change_is_in_its_audit_and_nobody_whom_it_does_not_concern(service: Service) -> None:
    change_everything(service, Role.COORDINATOR)


def test_so_it_is_for_somebody_who_needs_a_grant_for_what_they_change(sqlite_service: Service) -> None:
    change_everything(sqlite_service, Role.PRACTITIONER)


def change_everything(service: Service, role: Role) -> None:
    """Sends what is sent to every route that changes something, and compares each answer with its audit."""
    world = open_world(service, role)
    allowed = [route for route in world.routes if route.permission and route.method != "GET"]
    for route in sorted(allowed, key=lambda route: ("restriction" in route.name, route.method == "POST", not route.parameters)):
        for write in writes_of(route, world.pair):
            made = send(world, route, str(write.on), write.body, write.form)
            if route.method == "POST" and made.status_code == 201 and not route.parameters:
                change_what_was_made(world, route, made.json()["id"])
    assert world.done >= DONE[role]
    agrees(world.watch.tally)


# What each of them changes here, so that the comparison above is of changes and not of refusals.
DONE = {
    Role.COORDINATOR: {
        "create_referral", "create_young_person", "create_assertion", "create_incident", "create_map", "create_grant",
        "create_agenda_item", "change_agenda_item", "create_conflict", "create_restriction", "change_young_person",
        "change_referral", "change_school", "dispute_assertion", "withdraw_assertion", "delete_grant", "delete_conflict",
        "delete_agenda_item",
    },
    Role.PRACTITIONER: {
        "create_referral", "create_young_person", "create_assertion", "create_incident", "create_map", "create_conflict",
        "dispute_assertion", "withdraw_assertion",
    },
}  # fmt: skip


def send(world: World, route: Route, on: str, body: Any, form: Any) -> httpx.Response:
    path = route.at(on)
    headers = {}
    if route.method in ("PATCH", "PUT", "DELETE"):
        headers["If-Match"] = world.get(path).headers.get("etag", '"none"')
        world.watch.entries()
    answer = world.asker.ask(route.method, path, **({"form": form} if form is not None else {"json": body}), **headers)
    world.watch.compare_write(str(route), repr(body), answer)
    if answer.status_code < 300:
        world.done.add(route.name)
    return answer


def change_what_was_made(world: World, making: Route, new: str) -> None:
    """Changes and takes away what was just made."""
    its_own = [route for route in world.routes if re.fullmatch(re.escape(making.template) + r"/\{\w+\}", route.template)]
    for route in sorted(its_own, key=lambda route: route.method == "DELETE"):
        for write in writes_of(route, world.pair) if route.method != "GET" else ():
            send(world, route, new, write.body, write.form)


def test_the_comparison_notices_somebody_left_out_and_somebody_too_many(sqlite_service: Service) -> None:
    """So that the silence above says something."""
    world = open_world(sqlite_service, Role.COORDINATOR)
    young = world.pair.of("YoungPerson")
    path = f"/api/v1/young-people/{young[0].id}"
    shown = world.get(path)
    world.watch.entries()
    world.watch.compare(world, path, shown)
    (left_out,) = world.watch.tally.missing
    assert young[0].id in left_out and not world.watch.tally.extras
    world.get(f"/api/v1/young-people/{young[1].id}")
    world.watch.compare(world, path, world.get(path))
    (too_many,) = world.watch.tally.extras
    assert young[1].id in too_many
