"""A writer: one explicit transaction under the journal's lock. New records wait and go to the server many at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString, TypeVar, cast

from neo4j.exceptions import ConstraintError

from graph.errors import (
    GraphError,
    MissingCitation,
    RecordErased,
    RecordNotFound,
    StoreRefused,
    UnauditedWrite,
    VersionConflict,
)
from graph.records import ActorId, Citation, R, RecordId, citations_of, cited_by
from graph.store.boundary import AuditEntry, Scope
from graph.store.codec import put_back, read_record, stored, visible
from graph.store.neo4j_statements import writing as texts
from graph.store.neo4j_statements.reading import IS_IN_SCOPE
from graph.store.neo4j_store.connection import Statements
from graph.store.neo4j_store.failures import as_ours
from graph.store.neo4j_store.reading import Kinds, Neo4jView, found_by
from graph.store.neo4j_store.stored import body_of, naive_utc, properties_of, relationship, text_of

T = TypeVar("T")

_AT_ONCE = 2000


class Neo4jWriter(Neo4jView):
    """Reads its own changes. What it was given is sent before anything is read, and at the end (`finish`)."""

    def __init__(self, kinds: Kinds, scope: Scope, transaction: Statements, *, revision: int, by: ActorId, now: datetime) -> None:
        super().__init__(kinds, scope, self._read_own)
        self._transaction = transaction
        self._revision = revision
        self._at = naive_utc(now)
        self._of_all_changes = {"revision": revision, "at": self._at, "by": by}
        self._created: set[RecordId] = set()
        self._to_be_seen: set[RecordId] = set()
        self._waiting: list[dict[str, Any]] = []
        self._citations: list[dict[str, str]] = []
        self._changes: list[dict[str, Any]] = []
        self._position = 0
        self._failure: GraphError | None = None
        self.entries: list[AuditEntry] = []
        self.answered: Mapping[str, str] = {}

    @property
    def changed(self) -> bool:
        return self._position > 0

    def put(self, record: R) -> R:
        with self._or_undone():
            if self._kinds.get(record.KIND) is not type(record):
                raise StoreRefused(f"This store does not know the kind {record.KIND!r}.")
            if record.forum != self._scope.forum:
                raise RecordNotFound
            return self._put_new(record) if record.version == 0 else self._put_next(record)

    def erase(self, record_id: RecordId) -> None:
        with self._or_undone():
            self._send()
            row = self._transaction.run(IS_IN_SCOPE, {**self._parameters, "id": record_id}).single()
            if row is None:
                raise RecordNotFound
            if row["erased"]:
                raise RecordErased
            self._erase([record_id, *(tied for tied in self._value(texts.TIED_TO, id=record_id) if tied != record_id)])

    def append(self, entry: AuditEntry) -> None:
        self.entries.append(entry)

    def answer(self, value: Mapping[str, str]) -> None:
        self.answered = dict(value)

    def finish(self) -> None:
        """Sends what still waits. UnauditedWrite when records changed and nobody says so; an earlier failure stands."""
        if self._failure is not None:
            raise self._failure
        if self.changed and not self.entries:
            raise UnauditedWrite
        with self._or_undone():
            self._mark_last()
            self._send()

    @contextmanager
    def _or_undone(self) -> Iterator[None]:
        """Whatever goes wrong here undoes the whole block, even if the caller carries on."""
        try:
            with as_ours():
                yield
        except GraphError as error:
            self._failure = error
            raise

    def _erase(self, ids: Sequence[RecordId]) -> None:
        self._value(texts.ERASE_CITATIONS, ids=ids)
        erased = {row["id"]: row for row in self._value(texts.ERASE, ids=ids, at=self._at)}
        self._value(texts.ERASE_CHANGES, ids=ids)
        self._value(texts.ERASE_ABOUT, ids=ids)
        for gone in (erased[each] for each in ids if each in erased):
            self._journal(gone["id"], gone["kind"], gone["version"], None)

    def _read_own(self, unit: Callable[[Statements], T]) -> T:
        with self._or_undone():
            self._send()
        with as_ours():
            return unit(self._transaction)

    def _put_new(self, record: R) -> R:
        if record.id in self._created:
            raise VersionConflict
        made = replace(record, version=1)
        body = stored(made)
        self._created.add(made.id)
        self._to_be_seen |= cited_by(made) - self._created
        self._parameters["created"].append(made.id)
        self._waiting.append({"kind": made.KIND, "stored": properties_of(type(made), body)})
        self._citations.extend(relationship(made.id, citation) for citation in citations_of(made))
        self._journal(made.id, made.KIND, 1, body)
        return made

    def _put_next(self, record: R) -> R:
        self._send()
        row = self._transaction.run(texts.STORED, {**self._parameters, "id": record.id, "kind": record.KIND}).single()
        if row is None:
            raise VersionConflict
        old = cast(R, read_record(self._kinds, record.KIND, body_of(row["stored"])))
        seen = self._seen(self._transaction, cited_by(old) | cited_by(record))
        if not cited_by(record) <= seen:
            raise MissingCitation
        new = replace(put_back(record, old, seen), version=record.version + 1)
        body = stored(new)
        written = self._value(
            texts.PUT_NEXT, id=new.id, kind=new.KIND, version=record.version, stored=properties_of(type(new), body)
        )
        if written != 1:
            raise VersionConflict
        self._cite_anew(set(citations_of(old)), set(citations_of(new)), new.id)
        self._journal(new.id, new.KIND, new.version, body)
        return visible(new, seen)

    def _cite_anew(self, old: set[Citation], new: set[Citation], record: RecordId) -> None:
        gone = [relationship(record, citation) for citation in sorted(old - new, key=_by_field)]
        made = [relationship(record, citation) for citation in sorted(new - old, key=_by_field)]
        if gone:
            self._counted(len(gone), texts.UNCITE, citations=gone)
        if made:
            self._counted(len(made), texts.CITE, citations=made)

    def _journal(self, record: RecordId, kind: str, version: int, body: Mapping[str, Any] | None) -> None:
        self._position += 1
        change = {"position": self._position, "record": record, "kind": kind, "version": version}
        self._changes.append(change if body is None else {**change, "body": text_of(body)})

    def _mark_last(self) -> None:
        """The last change of a revision says so: a follower who meets the commit half way can tell that more is to come."""
        if self._changes:
            self._changes[-1]["last"] = True
        elif self.changed:
            self._value(texts.MARK_LAST, revision=self._revision, position=self._position)

    def _send(self) -> None:
        """Everything that waits, in few statements: is what it cites in scope, then the records, citations and changes."""
        if self._to_be_seen:
            wanted, self._to_be_seen = self._to_be_seen, set()
            if not wanted <= self._seen(self._transaction, wanted):
                raise MissingCitation
        waiting, self._waiting = self._waiting, []
        citations, self._citations = self._citations, []
        changes, self._changes = self._changes, []
        for rows in _batches(waiting):
            self._create(rows)
        for rows in _batches(citations):
            self._counted(len(rows), texts.CITE, citations=rows)
        for rows in _batches(changes):
            self._counted(len(rows), texts.JOURNAL, changes=rows, **self._of_all_changes)

    def _create(self, rows: Sequence[Any]) -> None:
        try:
            self._counted(len(rows), texts.CREATE, rows=rows)
        except ConstraintError as error:  # the id is taken
            raise VersionConflict from error

    def _value(self, text: LiteralString, **more: Any) -> Any:
        return found_by(self._transaction, self._parameters, text, **more)

    def _counted(self, sent: int, text: LiteralString, **more: Any) -> None:
        """No write loses an end in silence: what was written is counted against what was sent."""
        if self._transaction.run(text, more).single(strict=True).value() != sent:
            raise MissingCitation


def _by_field(citation: Citation) -> tuple[str, str]:
    return citation.field, citation.cited


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
