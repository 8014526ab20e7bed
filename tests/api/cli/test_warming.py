"""The first answer after a start has nothing left to prepare, and preparing it shows nobody anything."""

import secrets
from datetime import UTC, datetime

import fastapi.routing
import pytest
from jinja2 import Environment
from starlette.testclient import TestClient

from api import main
from api.cli.warming import warm_up
from api.main import create_app
from api.pages import drawing
from api.settings import Settings
from api.sign_in.tokens import keep_token
from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.records import ActorId
from graph.store.boundary import Store
from ingest.case_load import load_case
from tests.api.rest.served import BASE, DAY, FIXTURES, read_case
from tests.builders import ACTOR, FORUM, NOW, keep_account
from tests.conftest import StorePlace


@pytest.fixture
def filled(store: Store) -> Store:
    load_case(store, read_case(FIXTURES / "calderwick.yaml"), scope=house_scope(FORUM), by=ACTOR, now=NOW)
    keep_account(store, ActorId("a coordinator"), Role.COORDINATOR)
    keep_token(
        store.shelf, "token", actor=ActorId("a coordinator"), role=Role.COORDINATOR, name="", agency=None, hours=1,
        now=datetime.now(UTC),
    )  # fmt: skip
    return store


def test_after_the_warm_up_the_first_answer_makes_no_route_and_compiles_no_template(
    filled: Store, store_place: StorePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.environment.cache_clear()
    main._routes.cache_clear()
    credentials = store_place.credentials
    user = {"neo4j_user": credentials.user, "neo4j_password": credentials.password} if credentials else {}
    app = create_app(Settings(store=store_place.url, on=DAY, **user), lambda: datetime.now(UTC), secrets.token_bytes)
    before = list(filled.audit())

    warm_up(app)

    assert list(filled.audit()) == before, "it shows nobody anything"
    late: list[str] = []
    compile_one, make_one = Environment.compile, fastapi.routing.get_dependant
    monkeypatch.setattr(
        Environment, "compile", lambda self, *given, **more: late.append(str(given[1:])) or compile_one(self, *given, **more)
    )
    monkeypatch.setattr(fastapi.routing, "get_dependant", lambda **given: late.append(given["path"]) or make_one(**given))
    with TestClient(app, base_url=BASE, headers={"Authorization": "Bearer token"}) as client:
        answer = client.get("/")
    assert (answer.status_code, late) == (200, [])
    assert "share a context" in answer.text
