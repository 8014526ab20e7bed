"""Promise: every route says once which permission it needs and whether its answers show people. Nothing is
open by being forgotten.

Read from the service itself, as it is composed for an evaluation store: REST, pages and all.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import iscoroutinefunction, isgeneratorfunction, unwrap
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.dependencies import KithRoute
from api.dependencies.declarations import AllowedTo, Shows, WithoutSignIn
from api.dependencies.transactions import open_writer
from api.dependencies.workers import Threads
from api.main import create_app
from api.settings import Settings
from forum.access.policy import Permission
from graph.store import open_store
from tests.builders import ALL_KINDS, NEW_STORE

# path: why nobody needs to sign in there. A declaration alone is not enough; it is agreed here too.
OPEN_TO_ANYONE = {
    "/api/v1/health": "whether the service is well, and nothing of what it holds",
    "/api/v1/openapi.json": "the description of the service, on an evaluation store alone",
    "/sign-in": "where somebody signs in",
    "/sign-out": "ends a session, if there is one",
    "/static": "style sheets and scripts, the same for everyone",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RouteContext]]:
    """Every route of the service, REST and pages alike."""
    place: Path = tmp_path_factory.mktemp("routes") / "kith.db"
    url = f"sqlite:///{place}"
    open_store(url, ALL_KINDS, making=NEW_STORE).close()
    app = create_app(Settings(store=url), lambda: datetime(2026, 11, 21, 9, tzinfo=UTC), lambda count: bytes(count))
    found = list(iter_route_contexts(app.routes))
    others = [route for route in found if not isinstance(route.original_route, APIRoute)]
    assert all(route.path in OPEN_TO_ANYONE for route in others), [route.path for route in others]
    yield [route for route in found if isinstance(route.original_route, APIRoute)]
    app.state.house.gathering.close()
    app.state.house.store.close()


def calls_of(dependant: Dependant) -> list[object]:
    """Everything a route depends on, itself or through what it depends on, each as it was written."""
    return [call for inner in dependant.dependencies for call in (as_written(inner.call), *calls_of(inner))]


def as_written(call: object) -> object:
    return unwrap(call) if callable(call) else call


def parts_of(dependant: Dependant) -> list[Dependant]:
    """Every dependency of a route, itself or through what it depends on."""
    return [part for inner in dependant.dependencies for part in (inner, *parts_of(inner))]


def dependant_of(route: RouteContext) -> Dependant:
    """What a route depends on, with what the routers that hold it add."""
    held: Dependant = getattr(route, "dependant", None) or route.original_route.dependant  # type: ignore[attr-defined]
    return held


def declared(route: RouteContext, kind: type) -> list[object]:
    return [call for call in calls_of(dependant_of(route)) if isinstance(call, kind)]


def named(route: RouteContext) -> str:
    return f"{' '.join(sorted(route.methods))} {route.path} ({route.name})"


def test_every_route_declares_exactly_one_permission_or_that_none_is_needed(routes: list[RouteContext]) -> None:
    wrong = [named(route) for route in routes if len(declared(route, AllowedTo)) + len(declared(route, WithoutSignIn)) != 1]
    assert routes
    assert not wrong, "\n".join(wrong)


def test_what_is_open_to_anyone_was_agreed_here(routes: list[RouteContext]) -> None:
    opened = [route for route in routes if declared(route, WithoutSignIn)]
    assert {route.path for route in opened} <= set(OPEN_TO_ANYONE)
    assert all(
        isinstance(each, WithoutSignIn) and len(each.why) > 10 for route in opened for each in declared(route, WithoutSignIn)
    )


def test_every_route_that_asks_who_you_are_declares_whom_it_shows(routes: list[RouteContext]) -> None:
    silent = [named(route) for route in routes if not declared(route, WithoutSignIn) and len(declared(route, Shows)) != 1]
    assert not silent, "\n".join(silent)


def test_every_permission_opens_some_route(routes: list[RouteContext]) -> None:
    used = {each.permission for route in routes for each in declared(route, AllowedTo) if isinstance(each, AllowedTo)}
    assert set(Permission) == used


def test_a_request_is_worked_on_by_one_thread(routes: list[RouteContext]) -> None:
    """Whatever the framework would hand to another thread, or would end on its own, after the answer was sent."""
    for route in routes:
        original = route.original_route
        assert isinstance(original, KithRoute) and iscoroutinefunction(original.endpoint), named(route)
        for call in (each.call for each in parts_of(dependant_of(route))):
            done_at_once = iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
            assert done_at_once, f"{named(route)} depends on {call}: declare it with at_once"
            assert not isgeneratorfunction(as_written(call)), f"{named(route)}: hold it open with held_open"


def test_what_writes_is_worked_on_by_the_one_thread_that_writes(routes: list[RouteContext]) -> None:
    writing = {named(route) for route in routes if open_writer in calls_of(dependant_of(route))}
    turns = {named(route) for route in routes if getattr(route.original_route, "threads", None) is Threads.WRITING}
    assert writing and writing == turns


def test_reading_takes_no_writer(routes: list[RouteContext]) -> None:
    """A GET that wrote would take the one writer's turn, and a repeated read would change something."""
    writing = [named(route) for route in routes if route.methods <= SAFE and open_writer in calls_of(dependant_of(route))]
    assert not writing


def test_no_name_of_a_person_can_stand_in_an_address(routes: list[RouteContext]) -> None:
    """Searches are POST: addresses end up in logs and histories."""
    told = {"name", "q", "search", "query", "known_as", "date_of_birth", "postcode", "nhs_number"}
    asked = {(named(route), field.alias) for route in routes for field in dependant_of(route).query_params if field.alias in told}
    assert not asked
