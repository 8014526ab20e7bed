"""Reading the embedded store within one scope. Each call is one moment; two calls may be two."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, cast

from graph.assertions import Assertion
from graph.errors import RecordErased, RecordNotFound
from graph.periods import read_moment
from graph.records import ActorId, R, Record, RecordId, cited_by, cites_one_of, findable_fields
from graph.store import sqlite_statements as texts
from graph.store.boundary import Change, Scope
from graph.store.codec import read_record, stored, visible
from graph.store.decoded import DecodedRecords
from graph.store.sqlite_store.connections import Connection, as_list, driver_errors, roll_back

Kinds = Mapping[str, type[Record]]


class SqliteView:
    """A `View` over one connection, whose temporary tables already hold the scope."""

    def __init__(self, connection: Connection, kinds: Kinds, scope: Scope, decoded: DecodedRecords) -> None:
        self._connection = connection
        self._kinds = kinds
        self._decoded = decoded
        self._read = decoded.reading()
        self._scope = scope
        self._created: set[RecordId] = set()

    @property
    def scope(self) -> Scope:
        return self._scope

    def get(self, kind: type[R], record_id: RecordId) -> R:
        with self._one_moment():
            for name, body in self._rows(texts.GET, (record_id,)):
                if name == kind.KIND:
                    if body is None:
                        raise RecordErased
                    return cast(R, self._shown([(name, body)])[0])
        raise RecordNotFound

    def find(self, kind: type[R], *, after: RecordId | None = None, limit: int = 100, **equal: str) -> Sequence[R]:
        unknown = equal.keys() - set(findable_fields(kind))
        if unknown:
            raise ValueError(f"{kind.KIND} is not found by {sorted(unknown)}")
        with self._one_moment():
            if not equal:
                rows = self._rows(texts.FIND, (kind.KIND, after or "", limit))
            else:
                first = min(equal)
                bindings = (equal[first], after or "", json.dumps(equal, ensure_ascii=False), limit)
                rows = self._rows(texts.FIND_BY[kind.KIND, first], bindings)
            return cast(Sequence[R], self._shown(rows))

    def citing(self, kind: type[R], cited: Collection[RecordId], *, field: str | None = None) -> Sequence[R]:
        with self._one_moment():
            asked = self._seen(cited)
            shown = self._shown(self._rows(texts.CITING, (as_list(asked), field, kind.KIND)))
            return cast(Sequence[R], tuple(record for record in shown if cites_one_of(record, asked, field)))

    def several(self, record_ids: Collection[RecordId]) -> Sequence[Record]:
        with self._one_moment():
            return self._shown(self._rows(texts.SEVERAL, (as_list(set(record_ids)),)))

    def kinds_of(self, record_ids: Collection[RecordId]) -> Mapping[RecordId, str]:
        with self._one_moment():
            return dict(self._rows(texts.KINDS_OF, (as_list(set(record_ids)),)))

    def history(self, record_id: RecordId) -> Sequence[Change]:
        with self._one_moment():
            if not self._rows(texts.GET, (record_id,)):
                raise RecordNotFound
            changes = [read_change(row) for row in self._rows(texts.HISTORY, (record_id,))]
            shown = (self._shown_change(change) for change in changes)
            return tuple(change for change in shown if change is not None)

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """What a call reads, it reads as it stood at one moment: everything committed before, and nothing after."""
        with driver_errors():
            self._read = self._decoded.reading()  # before what is to be read is looked up
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                roll_back(self._connection)

    def _rows(self, text: str, bindings: Sequence[Any]) -> list[Any]:
        return self._connection.execute(text, bindings).fetchall()

    def _seen(self, cited: Collection[RecordId]) -> frozenset[RecordId]:
        """Those of these ids that are in scope, markers included."""
        unknown = set(cited) - self._created
        found = {row[0] for row in self._rows(texts.SEEN_OF, (as_list(unknown),))} if unknown else set()
        return frozenset(found | (set(cited) & self._created))

    def _shown(self, rows: Sequence[tuple[str, str]]) -> tuple[Record, ...]:
        """The records of rows in scope, each without what cites anything out of scope."""
        records = [self._read(kind, body) for kind, body in rows]
        ends = {end for record in records for end in _ends(record)}
        cited = {each for record in records for each in cited_by(record)}
        seen = self._seen(cited - ends) | ends
        return tuple(visible(record, seen) for record in records)

    def _shown_change(self, change: Change) -> Change | None:
        """A change as this reader may see it; None where the record, as it then stood, was not theirs to see."""
        if change.body is None:
            return change
        record = read_record(self._kinds, change.kind, change.body)
        seen = self._seen(cited_by(record))
        if record.id not in self._created and not self._was_in_scope(record, seen):
            return None
        body = stored(visible(record, seen))
        return Change(change.revision, change.position, change.record, change.kind, change.version, change.at, change.by, body)

    def _was_in_scope(self, record: Record, seen: Set[RecordId]) -> bool:
        admitted = record.handling in self._scope.handling
        if isinstance(record, Assertion):
            stated_in = record.stated_in
            admitted = admitted or (stated_in is not None and (stated_in, record.handling) in self._scope.admitted)
        return admitted and all(end in seen for end in _ends(record))


def _ends(record: Record) -> tuple[RecordId, ...]:
    """What must be in scope for an assertion to be."""
    if not isinstance(record, Assertion):
        return ()
    return tuple(end for end in (record.source, record.target, record.stated_in) if end is not None)


def read_change(row: tuple[Any, ...]) -> Change:
    """A row of the journal: revision, position, record, kind, version, at, by, body."""
    revision, position, record, kind, version, at, by, body = row
    parsed = None if body is None else json.loads(body)
    return Change(revision, position, RecordId(record), kind, version, read_moment(at), ActorId(by), parsed)
