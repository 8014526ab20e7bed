"""The shelf of an embedded store: a file of its own beside it, so that touching a web session never waits for a writer."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from graph.errors import NotKept
from graph.periods import moment_text
from graph.store import sqlite_statements as texts
from graph.store.sqlite_store.connections import Connections, driver_errors


class SqliteShelf:
    """A `Shelf`. Every call is one statement, so none can be seen half done."""

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        with self._connections.borrowed() as connection, driver_errors(), connection:
            connection.execute(texts.SHELF_TABLE).fetchall()

    def keep(self, key: str, value: str, *, until: datetime, owner: str = "") -> None:
        self._rows(texts.SHELF_KEEP, key, owner, value, moment_text(until))

    def kept(self, key: str, *, now: datetime) -> str:
        for (value,) in self._rows(texts.SHELF_KEPT, key, moment_text(now)):
            return str(value)
        raise NotKept

    def take(self, key: str, *, now: datetime) -> str:
        for value, until in self._rows(texts.SHELF_TAKE, key):
            if until > moment_text(now):
                return str(value)
        raise NotKept

    def kept_by(self, owner: str, *, now: datetime) -> Sequence[str]:
        self._rows(texts.SHELF_PAST, moment_text(now))
        return tuple(key for (key,) in self._rows(texts.SHELF_KEPT_BY, owner, moment_text(now)))

    def count(self, key: str, *, until: datetime) -> int:
        """One more under this key, now kept until the moment given. Whoever counts within a window names it in the key."""
        ((value,),) = self._rows(texts.SHELF_COUNT, key, moment_text(until))
        return int(value)

    def drop(self, key: str) -> None:
        self._rows(texts.SHELF_DROP, key)

    def close(self) -> None:
        self._connections.close()

    def _rows(self, text: str, *bindings: str) -> list[Any]:
        with self._connections.borrowed() as connection, driver_errors():
            return connection.execute(text, bindings).fetchall()
