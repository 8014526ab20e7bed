"""Fixtures. A store in a test is a real one: the embedded store in a temporary folder, or a real Neo4j server, both empty.

A test that asks for `store` runs on both. `store_place` is where it is: open it once more to be another process, close and
open it to be the same one later. Which Neo4j server is used, and when its absence fails, is said in tests/neo4j_server.py.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graph.store import open_store
from graph.store.boundary import Credentials, NewStore, Store
from tests import neo4j_server
from tests.builders import ALL_KINDS, NEW_STORE

pytest_plugins = ["tests.telling"]

EMBEDDED = pytest.param("sqlite")
SERVER = pytest.param("neo4j")
STORE_KINDS = [EMBEDDED, SERVER] if neo4j_server.is_wanted() else [EMBEDDED]


def pytest_report_header() -> str:
    return neo4j_server.report_line()


@dataclass
class StorePlace:
    """Where a store is. What it opened is closed after the test."""

    url: str
    credentials: Credentials | None
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self, *, making: NewStore | None = None) -> Store:
        store = open_store(self.url, ALL_KINDS, making=making, credentials=self.credentials)
        self.opened.callback(store.close)
        return store

    def make(self) -> Store:
        return self.open(making=NEW_STORE)


def empty_place(kind: str, folder: Path) -> StorePlace:
    """A place of this kind with nothing in it. There is one server: asking for it empties it."""
    if kind == "sqlite":
        return StorePlace(f"sqlite:///{folder / 'kith.db'}", None)
    server = neo4j_server.running_server()
    neo4j_server.erase_everything()
    return StorePlace(server.url, Credentials(server.user, server.password))


@pytest.fixture(params=STORE_KINDS)
def store_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def store_place(store_kind: str, tmp_path: Path) -> Iterator[StorePlace]:
    place = empty_place(store_kind, tmp_path)
    with place.opened:
        yield place


@pytest.fixture
def store(store_place: StorePlace) -> Store:
    """An empty evaluation store of each kind."""
    return store_place.make()


@pytest.fixture(params=STORE_KINDS)
def kind_to_restore(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Iterator[StorePlace]:
    """A place for an embedded store alone, for tests of what is not about the store."""
    place = empty_place("sqlite", tmp_path)
    with place.opened:
        yield place


@pytest.fixture
def sqlite_store(sqlite_place: StorePlace) -> Store:
    return sqlite_place.make()
