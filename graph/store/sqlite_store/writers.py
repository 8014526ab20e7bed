"""Writing the embedded store: what happens inside one transaction, and what must hold before it may end."""

import dataclasses
import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from graph.assertions import Assertion
from graph.errors import GraphError, MissingCitation, RecordErased, RecordNotFound, StoreRefused, UnauditedWrite, VersionConflict
from graph.periods import moment_text
from graph.records import ActorId, R, Record, RecordId, citations_of, cited_by
from graph.store import chain
from graph.store import sqlite_statements as texts
from graph.store.boundary import AuditEntry, Scope, WriteKey
from graph.store.codec import put_back, read_record, stored, visible
from graph.store.decoded import DecodedRecords
from graph.store.sqlite_store.connections import Connection, driver_errors, value_of
from graph.store.sqlite_store.views import Kinds, SqliteView


class SqliteWriter(SqliteView):
    """A `Writer` over a connection that holds the file's write lock. `leave` is called once, just before the commit."""

    def __init__(
        self, connection: Connection, kinds: Kinds, scope: Scope, decoded: DecodedRecords, *, by: ActorId, now: datetime
    ) -> None:
        super().__init__(connection, kinds, scope, decoded)
        self._by = by
        self._at = moment_text(now)
        self._revision: int = value_of(connection, texts.REVISION) + 1
        self._changed = 0
        # Found in scope in this block. Nobody else writes meanwhile, so it holds until this block changes or erases something.
        self._found: set[RecordId] = set()
        self._entries: list[AuditEntry] = []
        self._answer: Mapping[str, str] = {}
        self._failure: GraphError | None = None
        self.has_erased = False

    def put(self, record: R) -> R:
        with self._or_undone():
            if self._kinds.get(record.KIND) is not type(record):
                raise StoreRefused(f"This store does not know the kind {record.KIND!r}.")
            if record.forum != self._scope.forum:
                raise RecordNotFound
            return self._put_new(record) if record.version == 0 else self._put_next(record)

    def erase(self, record_id: RecordId) -> None:
        with self._or_undone():
            found = self._rows(texts.MARKER_OR_RECORD, (record_id,))
            if not found:
                raise RecordNotFound
            if found[0][1]:
                raise RecordErased
            tied = [row[0] for row in self._rows(texts.TIED_TO, (record_id,)) if row[0] != record_id]
            for each in (record_id, *tied):
                self._erase(each)
            self._found.clear()
            self.has_erased = True

    def append(self, entry: AuditEntry) -> None:
        self._entries.append(entry)

    def answer(self, value: Mapping[str, str]) -> None:
        self._answer = dict(value)

    def leave(self, key: WriteKey) -> None:
        """What must stand before the commit: an audit entry for what changed, the journal's head, the audit, the key."""
        if self._failure is not None:
            raise self._failure
        if self._changed and not self._entries:
            raise UnauditedWrite
        if self._changed:
            self._connection.execute(texts.RAISE_JOURNAL, (self._revision,))
        with chain.or_not_at_all(), driver_errors():
            append_audit(self._connection, self._entries)
        revision = value_of(self._connection, texts.REVISION)
        answer = json.dumps(self._answer, ensure_ascii=False)
        self._connection.execute(texts.KEEP_KEY, (key.key, key.digest, revision, answer, self._at))

    @contextmanager
    def _or_undone(self) -> Iterator[None]:
        """Whatever goes wrong here undoes the whole block, even if the caller carries on."""
        try:
            with self._one_moment():
                yield
        except GraphError as error:
            self._failure = error
            raise

    def _put_new(self, record: R) -> R:
        standing = dataclasses.replace(record, version=1)
        body = self._write(texts.PUT_NEW, standing, record.version)
        self._created.add(standing.id)
        self._connection.execute(texts.SCOPE_CREATED, (standing.id,))
        self._must_be_seen(standing, self._seen(cited_by(standing)))
        self._cite(standing)
        self._journal(standing.id, standing.KIND, 1, body)
        return standing

    def _put_next(self, record: R) -> R:
        found = self._rows(texts.STORED_IN_SCOPE, (record.id, record.KIND))
        if not found:
            raise VersionConflict
        self._found.clear()
        old = read_record(self._kinds, record.KIND, json.loads(found[0][0]))
        seen = self._seen(cited_by(record) | cited_by(old))
        self._must_be_seen(record, seen)
        whole = put_back(dataclasses.replace(record, version=record.version + 1), cast(R, old), seen)
        body = self._write(texts.PUT_NEXT, whole, record.version)
        self._found.clear()
        if citations_of(whole) != citations_of(old):
            self._connection.execute(texts.UNCITE, (whole.id,))
            self._cite(whole)
        self._journal(whole.id, whole.KIND, whole.version, body)
        return visible(whole, seen)

    def _write(self, text: str, record: Record, version: int) -> str:
        """Runs a writing statement, which itself checks the version, and counts what it wrote."""
        body = json.dumps(stored(record), ensure_ascii=False, separators=(",", ":"))
        values: dict[str, Any] = {"source": None, "target": None, "stated_in": None}
        if isinstance(record, Assertion):
            values = {"source": record.source, "target": record.target, "stated_in": record.stated_in}
        values |= {"id": record.id, "forum": record.forum, "kind": record.KIND, "handling": record.handling.value, "body": body}
        self._connection.execute(text, {**values, "review_on": record.review_on.isoformat(), "version": version})
        if self._connection.changes() != 1:
            raise VersionConflict
        return body

    def _seen(self, cited: Collection[RecordId]) -> frozenset[RecordId]:
        unknown = set(cited) - self._found
        if unknown:
            self._found |= super()._seen(unknown)
        return frozenset(self._found & set(cited))

    def _must_be_seen(self, record: Record, seen: Set[RecordId]) -> None:
        if not cited_by(record) <= seen:
            raise MissingCitation

    def _cite(self, record: Record) -> None:
        """Writes what a record cites, and counts it against what was sent."""
        citations = [(each.field, each.cited) for each in citations_of(record)]
        if citations:
            self._connection.execute(texts.CITE, (record.id, json.dumps(citations, ensure_ascii=False)))
            if self._connection.changes() != len(citations):
                raise MissingCitation

    def _journal(self, record_id: RecordId, kind: str, version: int, body: str | None) -> None:
        self._changed += 1
        place = (self._revision, self._changed)
        self._connection.execute(texts.JOURNAL, (*place, record_id, kind, version, self._at, self._by, body))

    def _erase(self, record_id: RecordId) -> None:
        for kind, version in self._rows(texts.ERASE, (record_id, self._at)):
            self._connection.execute(texts.UNCITE, (record_id,))
            self._connection.execute(texts.ERASE_CHANGES, (record_id,))
            self._connection.execute(texts.ERASE_ABOUT, (record_id,))
            self._journal(record_id, kind, version, None)


def append_audit(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    """Puts entries at the end of the chain, inside the caller's transaction, and raises the audit's head by as many."""
    if not entries:
        return
    rows: list[Any] = connection.execute(texts.AUDIT_LAST).fetchall()
    seq, previous = rows[0] if rows else (0, chain.FIRST)
    links = chain.link_all(entries, seq=seq, previous=previous, salt=lambda: secrets.token_hex(16))
    connection.execute(texts.RAISE_AUDIT, (seq, links[-1].seq))
    if connection.changes() != 1:
        raise StoreRefused("The audit's end is not where its head says. Stop the service and run kith check.")
    connection.executemany(texts.AUDIT, [(each.seq, each.entry, each.previous, each.hash) for each in links])
    about = [(person, each.seq, salt) for each in links for person, salt in each.about]
    connection.executemany(texts.AUDIT_ABOUT, about)
