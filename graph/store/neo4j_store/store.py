"""The store on a Neo4j server: one writer at a time, any number of readers beside it, a session for each call."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar, overload

from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import AlreadyDone, GraphError, KeyReused, StoreRefused, StoreUnavailable
from graph.records import ActorId, Record, RecordId
from graph.store.boundary import AuditEntry, Change, Scope, Shelf, StoreFacts, View, WriteKey, Writer
from graph.store.chain import or_not_at_all
from graph.store.neo4j_statements import journal, writing
from graph.store.neo4j_store.audit import append_audit, read_audit
from graph.store.neo4j_store.checking import check_store
from graph.store.neo4j_store.connection import LONG_SECONDS, Connection, OpenTransaction, Statements
from graph.store.neo4j_store.exporting import export_store, value_of
from graph.store.neo4j_store.failures import as_ours, meaning_of
from graph.store.neo4j_store.reading import Neo4jView
from graph.store.neo4j_store.restoring import restore_store
from graph.store.neo4j_store.schema import read_facts, renew
from graph.store.neo4j_store.shelf import Neo4jShelf
from graph.store.neo4j_store.stored import change_from, naive_utc
from graph.store.neo4j_store.turns import Turns
from graph.store.neo4j_store.writing import Neo4jWriter

T = TypeVar("T")

KEYS_ARE_KEPT = timedelta(days=30)
_ALL = 2**62


class Neo4jStore:
    """A `Store` on a server. A write may take `write_seconds`; then the server undoes it."""

    def __init__(self, connection: Connection, kinds: Mapping[str, type[Record]], *, write_seconds: float) -> None:
        self._connection = connection
        self._kinds = kinds
        self._write_seconds = write_seconds
        self._shelf = Neo4jShelf(connection)
        self._turns = Turns()

    @property
    def shelf(self) -> Shelf:
        return self._shelf

    @contextmanager
    def view(self, scope: Scope) -> Iterator[View]:
        yield Neo4jView(self._kinds, scope, self._connection.read)

    @contextmanager
    def write(self, scope: Scope, *, key: WriteKey, by: ActorId, now: datetime) -> Iterator[Writer]:
        at = naive_utc(now)
        with self._turns.one(), self._connection.transaction(seconds=self._write_seconds) as transaction:
            revision = _begin(transaction, key, at)
            writer = Neo4jWriter(self._kinds, scope, transaction, revision=revision, by=by, now=now)
            yield writer
            writer.finish()
            if not writer.changed:
                revision = value_of(transaction, writing.GIVE_BACK)
            with or_not_at_all(), as_ours():
                append_audit(transaction, writer.entries)
            answer = json.dumps(writer.answered, ensure_ascii=False)
            kept = {"key": key.key, "digest": key.digest, "revision": revision, "at": at}
            transaction.run(writing.KEEP_KEY, kept, answer=answer).consume()
            self._commit(transaction, kept)

    def append(self, entries: Sequence[AuditEntry]) -> None:
        with self._connection.transaction(seconds=self._write_seconds) as transaction:
            append_audit(transaction, entries)
            transaction.commit()

    def rehearse(self, entries: Sequence[AuditEntry]) -> None:
        with self._connection.transaction(seconds=self._write_seconds) as transaction:
            append_audit(transaction, entries)  # and no commit

    def audit(
        self,
        *,
        about: RecordId | None = None,
        by: ActorId | None = None,
        naming: Collection[RecordId] | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Sequence[AuditEntry]:
        return self._connection.read(
            lambda statements: read_audit(statements, about=about, by=by, naming=naming, after=after, limit=limit)
        )

    def revision(self) -> int:
        found: int = self._connection.read(lambda statements: value_of(statements, journal.REVISION))
        return found

    def changes(self, *, after: int, limit: int) -> Sequence[Change]:
        return _Changes(self._connection.read(lambda statements: _changes(statements, after, limit), seconds=LONG_SECONDS))

    def export(self) -> Iterator[Sequence[str]]:
        return export_store(self._connection, self._kinds)

    def restore(self, chunks: Iterator[Sequence[str]]) -> None:
        restore_store(self._connection, chunks, self._kinds)

    def about(self) -> StoreFacts:
        return self._connection.read(read_facts)

    def renew(self, lives_until: datetime) -> None:
        if not self.about().evaluation:
            raise StoreRefused("This is not an evaluation store: its life is not counted.")
        self._connection.repeatable(lambda statements: renew(statements, lives_until))

    def check(self) -> None:
        with self._connection.transaction(seconds=LONG_SECONDS) as transaction:
            check_store(transaction, self._kinds)

    def close(self) -> None:
        self._connection.close()

    def _commit(self, transaction: OpenTransaction, kept: Mapping[str, Any]) -> None:
        """Commits. Where the outcome is not known, the key tells: it was written in the same transaction."""
        try:
            transaction.commit()
        except (DriverError, Neo4jError) as error:
            if not self._is_there(kept):
                raise meaning_of(error) or StoreUnavailable() from error

    def _is_there(self, kept: Mapping[str, Any]) -> bool:
        """Whether this very write was committed; no answer counts as no."""
        try:
            found: int = self._connection.read(lambda statements: value_of(statements, writing.KEY_IS_THERE, **kept))
        except GraphError:
            return False
        return found == 1


def _begin(transaction: Statements, key: WriteKey, at: datetime) -> int:
    """Takes the journal's lock and sees whether this write was made before. The number of the revision to be."""
    since = at - KEYS_ARE_KEPT
    row = transaction.run(writing.BEGIN, key=key.key, since=since).single(strict=True)
    if row["digest"] is not None:
        if row["digest"] != key.digest:
            raise KeyReused
        raise AlreadyDone(json.loads(row["answer"]))
    transaction.run(writing.KEYS_PAST, since=since).consume()
    revision: int = row["revision"]
    return revision


def _changes(statements: Statements, after: int, limit: int) -> list[Sequence[Any]]:
    """Rows of the journal up to the end of the revision in which the limit is reached, of whole revisions alone."""
    row = statements.run(journal.CHANGES_UNTIL, after=after, others=max(limit, 1) - 1).single()
    until = _ALL if row is None else row["revision"]
    rows = value_of(statements, journal.CHANGES, after=after, until=until)
    whole = last_whole_revision(after, rows)
    return [row for row in rows if row[0] <= whole and row[4] == row[8]]


def last_whole_revision(after: int, rows: Sequence[Sequence[Any]]) -> int:
    """Up to which revision everything is there: every place from the first to the one marked last, every record with it.

    A reader without locks may meet a commit half way. What is not whole yet is left for the next call.
    """
    whole, expected = after, (after + 1, 1)
    for revision, position, _, _, version, _, _, _, stands, is_last in rows:
        if (revision, position) != expected or stands is None or stands < version:
            break
        expected = (revision, position + 1)
        if is_last:
            whole, expected = revision, (revision + 1, 1)
    return whole


class _Changes(Sequence[Change]):
    """Rows of the journal, each read only when asked for, since a whole case may stand in one revision."""

    def __init__(self, rows: list[Sequence[Any]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | Sequence[Change]:
        if isinstance(index, slice):
            return _Changes(self._rows[index])
        return change_from(self._rows[index][:8])
