"""Calderwick behind the real service, asked in its own process: a coordinator's browser, and one for whoever a test makes.

The store is a real file, loaded once; tests here only read (the audit apart). What a test changes, it changes in a world
of its own: `a_service`.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.dependencies import House
from api.main import create_app
from api.settings import Settings
from api.sign_in.web_sessions import COOKIE, SESSION_BYTES, NewSession, open_session
from forum.access.actors import Actor, Role
from forum.access.grants import Reason, give_grant
from forum.access.policy import house_scope
from forum.audit import record_change
from forum.maps import SheetDraft, draw_sheet
from graph.records import ActorId, ForumId, Record, RecordId, new_id
from graph.store import open_store
from graph.store.boundary import NewStore, WriteKey
from ingest.case_file import read_case
from ingest.case_load import load_case
from tests.api.running import UNHURRIED
from tests.builders import ALL_KINDS, FORUM, keep, keep_account

CASE = Path(__file__).parents[2] / "fixtures" / "calderwick.yaml"
TODAY = date(2026, 11, 21)
BASE = "http://localhost"


@dataclass
class Service:
    """One running service and what is in it. `ids` gives the record id of each id of the case."""

    app: FastAPI
    ids: Mapping[str, RecordId]

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    def stranger(self) -> TestClient:
        """A browser that is not signed in."""
        return TestClient(self.app, base_url=BASE, follow_redirects=False)

    def signed_in(
        self, role: Role = Role.COORDINATOR, *, reads: tuple[str, ...] = (), actor: ActorId | None = None
    ) -> TestClient:
        """A browser with a session in this role, and a grant on these records of the case."""
        now = self.house.clock()
        actor, session_id = actor or ActorId(new_id()), secrets.token_hex(SESSION_BYTES)
        if reads:
            self._grant(actor, [self.ids[name] for name in reads], now)
        keep_account(self.house.store, actor, role)
        open_session(self.house.store.shelf, session_id, NewSession(actor=actor, role=role, name="Sam"), now=now)
        client = self.stranger()
        client.cookies.set(COOKIE, session_id)
        return client

    def draw_map(
        self,
        kind: str,
        around: str | None,
        *,
        steps: int = 2,
        mode: str = "coordination",
        on: date = TODAY,
        until: date | None = None,
    ) -> RecordId:
        """A kept map around a thing of the case, or a record id (None: of the whole forum), drawn that day."""
        now, by = self.house.clock(), ActorId("chair")
        draft = SheetDraft(
            map_kind=kind,
            around=self.ids.get(around, around) if around else None,
            steps=steps,
            mode=mode,
            purpose="Agree who stays alongside whom",
            owner="Forum coordinator",
            review_by=until or on + timedelta(days=60),
        )
        with self.house.store.write(house_scope(self.house.facts.forum), key=WriteKey(new_id(), ""), by=by, now=now) as writer:
            sheet = draw_sheet(writer, draft, drawn_by="Forum coordinator", actor=by, now=now, today=on, seed=new_id())
            record_change(writer, _chair(self.house, now), "draw_map", resources=(sheet.id,), now=now)
        return sheet.id

    def _grant(self, actor: ActorId, covers: list[RecordId], now: datetime) -> None:
        giver, scope = ActorId("chair"), house_scope(self.house.facts.forum)
        with self.house.store.write(scope, key=WriteKey(new_id(), ""), by=giver, now=now) as writer:
            give_grant(
                writer,
                to=actor,
                covers=covers,
                because=Reason.NAMED_AT_TOKEN,
                until=now + timedelta(hours=1),
                given_by=giver,
                now=now,
            )
            record_change(writer, _chair(self.house, now), "give_grant", resources=covers, now=now)


def _chair(house: House, now: datetime) -> Actor:
    return Actor(id=ActorId("chair"), role=Role.CHAIR, forum=house.facts.forum, signed_in_at=now)


def start(folder: Path, *, on: date | None = TODAY, case: Path | None = CASE, records: tuple[Record, ...] = ()) -> Service:
    """A service on a new evaluation store, holding a case, or these records, or nothing."""
    url = f"sqlite:///{folder / 'kith.db'}"
    now = datetime.now(UTC)
    making = NewStore(forum=FORUM, evaluation=True, made_at=now, lives_until=now + timedelta(days=30))
    store = open_store(url, ALL_KINDS, making=making)
    ids: Mapping[str, RecordId] = {}
    if case is not None:
        scope = house_scope(ForumId(FORUM))
        ids = load_case(store, read_case(case), scope=scope, by=ActorId("loader"), now=now).ids
    if records:
        keep(store, *records)
    store.close()
    return Service(create_app(Settings(store=url, on=on, **UNHURRIED), lambda: datetime.now(UTC), secrets.token_bytes), ids)


def stop(service: Service) -> None:
    """In the order of a service that ends: what keeps on is ended first, or whoever began this process would wait for it."""
    service.house.clusters.close()
    service.house.workers.close()
    service.house.gathering.close()
    service.house.store.close()


@pytest.fixture(scope="session")
def calderwick_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Calderwick on its own day."""
    service = start(tmp_path_factory.mktemp("calderwick"))
    yield service
    stop(service)


@pytest.fixture(scope="session")
def coordinator(calderwick_service: Service) -> TestClient:
    """The browser of a coordinator of Calderwick."""
    return calderwick_service.signed_in()


@pytest.fixture
def a_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Makes a service of a test's own; it stops after the test."""
    with ExitStack() as running:

        def make(**given: object) -> Service:
            service = start(tmp_path, **given)  # type: ignore[arg-type]
            running.callback(stop, service)
            return service

        yield make
