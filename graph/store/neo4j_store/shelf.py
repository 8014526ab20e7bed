"""The shelf: short-lived values under a key, each call a transaction of its own, repeated once where two first calls race."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from neo4j.exceptions import ConstraintError

from graph.errors import NotKept
from graph.store.neo4j_statements import shelf as texts
from graph.store.neo4j_store.connection import Connection, Statements
from graph.store.neo4j_store.stored import naive_utc

T = TypeVar("T")


class Neo4jShelf:
    """Values under a key until a moment. Not journalled and in nobody's way: no call takes a lock that a writer waits for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, key: str, value: str, *, until: datetime, owner: str = "") -> None:
        row = {"key": key, "value": value, "until": naive_utc(until), "owner": owner}
        self._upsert(lambda statements: statements.run(texts.KEEP, row).single(strict=True).value())

    def kept(self, key: str, *, now: datetime) -> str:
        at = naive_utc(now)
        row = self._connection.read(lambda statements: statements.run(texts.KEPT, key=key, now=at).single())
        if row is None:
            raise NotKept
        return str(row["value"])

    def take(self, key: str, *, now: datetime) -> str:
        at = naive_utc(now)
        found = self._connection.repeatable(lambda statements: _taken(statements, key, at))
        if found is None:
            raise NotKept
        return found

    def kept_by(self, owner: str, *, now: datetime) -> Sequence[str]:
        at = naive_utc(now)
        unit = lambda statements: statements.run(texts.KEPT_BY, owner=owner, now=at).single(strict=True).value()  # noqa: E731
        return tuple(str(key) for key in self._connection.read(unit))

    def count(self, key: str, *, until: datetime) -> int:
        row = {"key": key, "until": naive_utc(until)}
        return int(self._upsert(lambda statements: statements.run(texts.COUNT, row).single(strict=True).value()))

    def drop(self, key: str) -> None:
        self._connection.repeatable(lambda statements: statements.run(texts.DROP, key=key).consume())

    def _upsert(self, unit: Callable[[Statements], T]) -> T:
        """Two calls that both make a key collide on its constraint; the one that lost finds it there when it comes again."""
        try:
            return self._connection.repeatable(unit)
        except ConstraintError:
            return self._connection.repeatable(unit)


def _taken(statements: Statements, key: str, now: datetime) -> str | None:
    """Reads and drops under the lock of the node; whoever waited for the lock finds nothing any more."""
    statements.run(texts.LOCK, key=key).consume()
    row = statements.run(texts.VALUE, key=key, now=now).single()
    if row is None:
        return None
    statements.run(texts.DROP, key=key).consume()
    return str(row["value"]) if row["current"] else None
