"""The composition root: from settings, a clock and a source of random bytes to the service."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from api.cluster_desk import ClusterDesk
from api.conditional import json_bytes
from api.dependencies import House
from api.dependencies.workers import Workers
from api.errors import ApiError, ErrorAnswers
from api.headers import DoorMiddleware, HeadersMiddleware
from api.logs import FaultMiddleware, RequestLogMiddleware
from api.measures import Measures
from api.onward_clock import OnwardClock
from api.pace import Pace
from api.pages import EVALUATION_ROUTERS, draw_error_page, static_files
from api.pages import ROUTERS as PAGES
from api.rest import PREFIX, ROUTERS
from api.rest.openapi import describe
from api.settings import Settings
from forum.errors import ForumError
from forum.kinds import FORUM_KINDS
from graph.errors import GraphError, NotKept
from graph.kinds import GRAPH_KINDS
from graph.projection import Projection
from graph.records import Record
from graph.store import open_store
from graph.store.boundary import Credentials, Store
from graph.store.gathering import Gathering
from ingest.errors import IngestError
from visualise.errors import VisualiseError

KINDS: tuple[type[Record], ...] = (*GRAPH_KINDS, *FORUM_KINDS)
SECRET = "secret of this store's answers"
SECRET_LASTS = timedelta(days=3650)
# No request of ours needs longer for its one transaction; a server ends one that does.
REQUEST_SECONDS = 10
# Threads that read. Beside the embedded store they only take the interpreter from each other; a server lets them wait.
READERS = {"sqlite": 2, "neo4j": 12}


def create_app(settings: Settings, clock: Callable[[], datetime], chance: Callable[[int], bytes]) -> FastAPI:
    """The service for these settings. `clock` gives aware UTC moments, `chance` that many random bytes; nothing else varies.

    The store is opened here and closed when the service ends. StoreRefused, with what to do, when it cannot be served.
    """
    store = open_store(settings.store_url(), KINDS, credentials=credentials_of(settings), write_seconds=REQUEST_SECONDS)
    try:
        house = _make_house(settings, store, clock, chance)
    except BaseException:
        store.close()
        raise
    answers = ErrorAnswers(draw_error_page)
    app = _bare_app(middleware=_middleware(answers, house), lifespan=_ends_in_order)
    app.state.house = house
    _answer_errors(app, answers)
    app.router.routes.extend(_routes(evaluation=house.facts.evaluation))
    app.openapi = describe_service  # type: ignore[method-assign]
    return app


@cache
def describe_service() -> dict[str, Any]:
    """The OpenAPI description of the service, made without a store, once in a process and only when asked for."""
    app = _bare_app()
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    return describe(app, version=version("kith"))


def _bare_app(**options: Any) -> FastAPI:
    """The framework with its own pages, its own schema address and all that would report to others switched off."""
    return FastAPI(
        title="Kith",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False},
        redirect_slashes=False,
        **options,
    )


def credentials_of(settings: Settings) -> Credentials | None:
    """User and password for a store that asks for them; None when no password is set."""
    password = settings.read_neo4j_password()
    return Credentials(settings.neo4j_user, password) if password is not None else None


def _make_house(settings: Settings, store: Store, clock: Callable[[], datetime], chance: Callable[[int], bytes]) -> House:
    facts, onward = store.about(), OnwardClock(clock, store)
    projection = Projection(KINDS)
    projection.catch_up(store)
    return House(
        settings=settings,
        store=store,
        facts=facts,
        projection=projection,
        gathering=Gathering(store),
        workers=Workers(readers=READERS[facts.kind]),
        clusters=ClusterDesk(),
        clock=onward,
        measures=Measures(),
        pace=Pace(settings.requests_a_minute),
        chance=chance,
        secret=_secret_of(store, chance, onward()),
    )


def _secret_of(store: Store, chance: Callable[[int], bytes], now: datetime) -> bytes:
    """What signs cursors and digests of answers: made once for a store, so that cursors outlive a restart."""
    try:
        return bytes.fromhex(store.shelf.kept(SECRET, now=now))
    except NotKept:
        secret = chance(32)
        store.shelf.keep(SECRET, secret.hex(), until=now + SECRET_LASTS)
        return secret


@asynccontextmanager
async def _ends_in_order(app: FastAPI) -> AsyncIterator[None]:
    yield
    house: House = app.state.house
    with suppress(GraphError):  # a store that is gone already: the next start knows all but the last minute
        house.clock.keep_latest(at_once=True)
    house.clusters.close()
    house.workers.close()
    house.gathering.close()
    house.store.close()


def _middleware(answers: ErrorAnswers, house: House) -> list[Middleware]:
    """From the outside in: headers on everything, a line for each answer, faults, the door."""
    return [
        Middleware(HeadersMiddleware, evaluation=house.facts.evaluation, new_reference=lambda: house.chance(8).hex()),
        Middleware(RequestLogMiddleware, measures=house.measures),
        Middleware(FaultMiddleware, answers=answers),
        Middleware(DoorMiddleware, answers=answers),
    ]


def _answer_errors(app: FastAPI, answers: ErrorAnswers) -> None:
    for base in (GraphError, ForumError, IngestError, VisualiseError, ApiError):
        app.add_exception_handler(base, answers.answer)
    app.add_exception_handler(HTTPException, answers.http)
    app.add_exception_handler(RequestValidationError, answers.validation)


@cache
def _routes(*, evaluation: bool) -> tuple[BaseRoute, ...]:
    """The routes, which hold nothing of a store: made ready once in a process, whichever service asks first."""
    of_all = _bare_app()
    for router in ROUTERS:
        of_all.include_router(router, prefix=PREFIX)
    for router in (*PAGES, *(EVALUATION_ROUTERS if evaluation else ())):
        of_all.include_router(router)
    of_all.mount("/static", static_files())
    if evaluation:
        of_all.add_route(f"{PREFIX}/openapi.json", read_openapi, methods=["GET"], name="read_openapi")
    return tuple(of_all.router.routes)


def read_openapi(_request: Request) -> Response:
    """The description of this interface, the same for everyone."""
    return Response(json_bytes(describe_service()), media_type="application/json")
