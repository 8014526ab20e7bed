"""The embedded store: one file, one writer at a time, any number of readers beside it."""

import json
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, overload

import apsw

from graph.errors import AlreadyDone, KeyReused, StoreBusy, StoreRefused, StoreUnavailable
from graph.periods import moment_text
from graph.records import ActorId, RecordId
from graph.store import chain
from graph.store import sqlite_statements as texts
from graph.store.boundary import AuditEntry, Change, Scope, Shelf, StoreFacts, View, WriteKey, Writer
from graph.store.decoded import DecodedRecords
from graph.store.sqlite_store.checking import check_store
from graph.store.sqlite_store.connections import (
    WAIT_SECONDS,
    Connection,
    Connections,
    as_list,
    driver_errors,
    load_scope,
    roll_back,
    value_of,
)
from graph.store.sqlite_store.copies import export_store, restore_store
from graph.store.sqlite_store.facts import read_facts
from graph.store.sqlite_store.shelf import SqliteShelf
from graph.store.sqlite_store.views import Kinds, SqliteView, read_change
from graph.store.sqlite_store.writers import SqliteWriter, append_audit

KEYS_ARE_KEPT = timedelta(days=30)
_WAIT_FOR_READERS_MS = 200


class SqliteStore:
    """A `Store` in one file. `connections` and `shelf` are opened by graph.store.sqlite_store.files and closed here."""

    def __init__(self, connections: Connections, shelf: SqliteShelf, kinds: Kinds) -> None:
        self._connections = connections
        self._shelf = shelf
        self._kinds = kinds
        self._decoded = DecodedRecords(kinds)
        self._turn = threading.Lock()
        self._log_to_truncate = False

    @property
    def shelf(self) -> Shelf:
        return self._shelf

    @contextmanager
    def view(self, scope: Scope) -> Iterator[View]:
        with self._connections.borrowed(scope) as connection:
            with driver_errors():
                load_scope(connection, scope)
            yield SqliteView(connection, self._kinds, scope, self._decoded)

    @contextmanager
    def write(self, scope: Scope, *, key: WriteKey, by: ActorId, now: datetime) -> Iterator[Writer]:
        with self._my_turn() as connection:
            with driver_errors():
                load_scope(connection, scope)
            self._begin(connection)
            writer: SqliteWriter | None = None
            try:
                with driver_errors():
                    self._must_be_new(connection, key, now)
                    writer = SqliteWriter(connection, self._kinds, scope, self._decoded, by=by, now=now)
                yield writer
                with driver_errors():
                    writer.leave(key)
                    self._commit(connection, key)
            except BaseException:
                roll_back(connection)
                raise
            finally:
                if writer is not None and writer.has_erased:
                    self._decoded.forget()
            with driver_errors():
                connection.execute(texts.SCOPE_CREATED_CLEAR)
            self._log_to_truncate = self._log_to_truncate or writer.has_erased
            self._truncate_log(connection)

    def append(self, entries: Sequence[AuditEntry]) -> None:
        self._append(entries, "COMMIT")

    def rehearse(self, entries: Sequence[AuditEntry]) -> None:
        self._append(entries, "ROLLBACK")

    def _append(self, entries: Sequence[AuditEntry], end: str) -> None:
        with self._connections.borrowed() as connection:
            self._begin(connection)
            try:
                with driver_errors():
                    append_audit(connection, entries)
                    connection.execute(end)
            except BaseException:
                roll_back(connection)
                raise

    def audit(
        self,
        *,
        about: RecordId | None = None,
        by: ActorId | None = None,
        naming: Collection[RecordId] | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Sequence[AuditEntry]:
        text = texts.READ_AUDIT_BY if by is not None else texts.READ_AUDIT
        if about is not None:
            text = texts.READ_AUDIT_ABOUT
        elif naming is not None:
            text = texts.READ_AUDIT_NAMING
        with self._reading() as connection:
            values = {"about": about, "by": by, "naming": as_list(naming or ()), "after": after, "limit": limit}
            rows: list[Any] = connection.execute(text, values).fetchall()
            people: dict[int, list[tuple[RecordId, str]]] = {}
            known: list[Any] = connection.execute(texts.READ_ABOUT, (as_list(row[0] for row in rows),)).fetchall()
            for seq, person, salt in known:
                people.setdefault(seq, []).append((RecordId(person), salt))
        links = (chain.Link(seq, entry, before, own, tuple(people.get(seq, ()))) for seq, entry, before, own in rows)
        return tuple(chain.read_link(link) for link in links)

    def revision(self) -> int:
        with self._reading() as connection:
            found: int = value_of(connection, texts.REVISION)
            return found

    def changes(self, *, after: int, limit: int) -> Sequence[Change]:
        with self._reading() as connection:
            reached: list[Any] = connection.execute(texts.CHANGES_UNTIL, (after, max(limit, 1) - 1)).fetchall()
            until = reached[0][0] if reached else value_of(connection, texts.REVISION)
            return _Changes(connection.execute(texts.CHANGES, (after, until)).fetchall())

    def export(self) -> Iterator[Sequence[str]]:
        return export_store(self._connections)

    def restore(self, chunks: Iterator[Sequence[str]]) -> None:
        with self._my_turn() as connection, driver_errors():
            restore_store(connection, chunks, self._kinds)

    def about(self) -> StoreFacts:
        with self._reading() as connection:
            return read_facts(connection)

    def renew(self, lives_until: datetime) -> None:
        if not self.about().evaluation:
            raise StoreRefused("This is not an evaluation store: its life is not counted.")
        with self._my_turn() as connection, driver_errors():
            connection.execute(texts.KEEP_FACT, ("lives_until", moment_text(lives_until)))

    def check(self) -> None:
        with self._reading() as connection:
            check_store(connection)

    def close(self) -> None:
        if self._log_to_truncate:
            with self._my_turn() as connection:
                self._truncate_log(connection)
        self._connections.close()
        self._shelf.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection within one read transaction."""
        with self._connections.borrowed() as connection, driver_errors():
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def _my_turn(self) -> Iterator[Connection]:
        """The one writer's place in this process; the file's own lock, taken by `_begin`, holds between processes."""
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise StoreBusy
        try:
            with self._connections.borrowed() as connection:
                yield connection
        finally:
            self._turn.release()

    def _begin(self, connection: Connection) -> None:
        with driver_errors():
            connection.execute("BEGIN IMMEDIATE")

    def _must_be_new(self, connection: Connection, key: WriteKey, now: datetime) -> None:
        oldest = moment_text(now - KEYS_ARE_KEPT)
        rows: list[Any] = connection.execute(texts.KEY, (key.key, oldest)).fetchall()
        for digest, answer in rows:
            if digest != key.digest:
                raise KeyReused
            raise AlreadyDone(json.loads(answer))
        connection.execute(texts.KEYS_PAST, (oldest,))

    def _commit(self, connection: Connection, key: WriteKey) -> None:
        """Commits. Where the outcome is not known, the key tells: it was stored in the same transaction."""
        try:
            connection.execute("COMMIT")
        except apsw.IOError as error:
            roll_back(connection)
            if not connection.execute(texts.KEY, (key.key, "")).fetchall():
                raise StoreUnavailable from error

    def _truncate_log(self, connection: Connection) -> None:
        """After an erasure nothing erased stays in the write-ahead log. A reader in the way: tried again after the next write."""
        if self._log_to_truncate:
            with driver_errors():
                connection.set_busy_timeout(_WAIT_FOR_READERS_MS)
                (row,) = connection.execute(texts.TRUNCATE_LOG).fetchall()
                connection.set_busy_timeout(int(WAIT_SECONDS * 1000))
            self._log_to_truncate = row[0] != 0


class _Changes(Sequence[Change]):
    """Rows of the journal, each read only when asked for, since a whole case may stand in one revision."""

    def __init__(self, rows: list[Any]) -> None:
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
        return read_change(self._rows[index])
