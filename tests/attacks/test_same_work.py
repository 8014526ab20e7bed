"""What is not theirs costs the store the same work as what does not exist: the same statements, the same number of times.

Statements are counted, never time: a clock on a busy machine says nothing. Bytes and headers are compared in test_snooping.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import apsw
import pytest

from forum.access.actors import Role
from graph.records import RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import someone
from tests.attacks.edge_worlds import World, a_world
from tests.attacks.routes import Route
from tests.attacks.sight import may_see
from tests.attacks.test_snooping import bodies_for, record_routes
from tests.builders import keep
from tests.conftest import StorePlace
from tests.telling import Tell

KINDS_TRIED = 4
ASKED_AT_MOST = 6


class Statements(logging.Handler):
    """The texts of the statements that either store is sent, in their order."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.sent: list[str] = []

    def watch(self, connection: apsw.Connection) -> None:
        """Every statement of an embedded store's connection."""
        connection.exec_trace = self._embedded

    def _embedded(self, _cursor: Any, text: str, _bindings: Any) -> bool:
        self.sent.append(" ".join(text.split()))
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Every statement that the driver of the production store says it sends."""
        if found := re.search(r"C: RUN (['\"])(.*?)\1 \{", record.getMessage(), re.DOTALL):
            self.sent.append(found.group(2))

    def of(self, ask: Any) -> list[str]:
        self.sent.clear()
        ask()
        return list(self.sent)


@contextmanager
def counted() -> Iterator[Statements]:
    """Counts from the opening of the store on."""
    statements = Statements()
    driver = logging.getLogger("neo4j")
    level = driver.level
    apsw.connection_hooks.append(statements.watch)
    driver.addHandler(statements)
    driver.setLevel(logging.DEBUG)
    try:
        yield statements
    finally:
        apsw.connection_hooks.remove(statements.watch)
        driver.removeHandler(statements)
        driver.setLevel(level)


def hidden_from(world: World, role: Role) -> list[RecordId]:
    """One record of each of some kinds that this role may not see in this world."""
    seen = may_see(world.records, world.named[role], role)
    hidden = {record.KIND: record.id for record in world.records if record.id not in seen}
    return [hidden[kind] for kind in sorted(hidden)[-KINDS_TRIED:]]


def work_of(statements: Statements, asker: Any, route: Route, body: dict[str, Any], one: RecordId) -> list[str]:
    return statements.of(lambda: asker.ask(route.method, route.at(one), **body))


def settled(work: Callable[[RecordId], list[str]]) -> list[str]:
    """What it costs to ask for what does not exist, once two such askings in a row cost the same.

    The first ones of a kind may open a connection, bring the projection up to date, or fill the scope of the connections that
    this kind of asking uses at once: all that is about who asks, and nothing about what is asked for.
    """
    before = work(RecordId(new_id()))
    for _ in range(ASKED_AT_MOST):
        now = work(RecordId(new_id()))
        if now == before:
            return now
        before = now
    raise AssertionError("asking for what does not exist never costs the same twice")


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER])
def test_the_store_works_the_same_for_what_is_not_theirs_and_for_what_does_not_exist(
    store_place: StorePlace, role: Role, tell: Tell
) -> None:
    with counted() as statements:
        service = Service(store_place)
        with service.client:
            world = a_world(3)
            keep(service.store, *world.records, *world.grants())
            asker = someone(service, role, world.actors[role])
            hidden, routes, compared = hidden_from(world, role), record_routes(service, role), 0
            for route in routes:
                for body in bodies_for(route):
                    absent = settled(lambda one, at=route, says=body: work_of(statements, asker, at, says, one))
                    for one in hidden:
                        assert work_of(statements, asker, route, body, one) == absent, f"{role}: {route}"
                        compared += 1
    tell(f"the same work: {role}, {len(routes)} routes, {compared} refusals, {len(absent)} statements in the last")
    assert len(hidden) >= 3 and len(absent) > 3


def test_a_body_that_names_what_is_not_theirs_costs_the_same_as_one_that_names_nothing(store_place: StorePlace) -> None:
    """A statement about a record that its writer may not see is refused like one about a record that is not there."""
    with counted() as statements:
        service = Service(store_place)
        with service.client:
            world = a_world(3)
            keep(service.store, *world.records, *world.grants())
            asker = someone(service, Role.PRACTITIONER, world.actors[Role.PRACTITIONER])
            hidden = hidden_from(world, Role.PRACTITIONER)

            def say(one: RecordId) -> list[str]:
                body = {"from": one, "rel": "harmed_at", "to": one, "provenance": {"kind": "observed"}}
                return statements.of(lambda: asker.ask("POST", "/api/v1/assertions", json=body))

            absent = settled(say)
            assert absent and all(say(one) == absent for one in hidden)
