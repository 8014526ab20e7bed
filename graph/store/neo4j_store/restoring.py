"""Everything back into an empty Neo4j store, in batches, and out of it for good."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

from neo4j.exceptions import ClientError

from graph.errors import DamagedExport, GraphError, StoreNotEmpty, StoreRefused
from graph.periods import read_moment
from graph.records import Record, RecordId
from graph.store.boundary import StoreFacts
from graph.store.chain import Link
from graph.store.export_lines import ExportReader, Values
from graph.store.neo4j_statements import journal, moving, writing
from graph.store.neo4j_store.audit import link_properties
from graph.store.neo4j_store.checking import check_chain, check_journal
from graph.store.neo4j_store.connection import LONG_SECONDS, Connection, Statements
from graph.store.neo4j_store.exporting import value_of
from graph.store.neo4j_store.schema import HALF_RESTORED, WHOLE, keep_facts, read_facts
from graph.store.neo4j_store.stored import naive_utc, properties_of, text_of, type_of

Kinds = Mapping[str, type[Record]]

BATCH = 10_000
DISCARD_AT_ONCE = 10_000


def restore_store(connection: Connection, chunks: Iterator[Sequence[str]], kinds: Kinds) -> None:
    """Fills an empty store. Until its end is verified the store is marked, and refuses to open."""
    if connection.read(lambda statements: value_of(statements, moving.KEPT_SO_FAR)):
        raise StoreNotEmpty
    before = connection.read(read_facts)
    reader = ExportReader(chunks, schema=before.schema)
    connection.repeatable(lambda statements: keep_facts(statements, reader.facts, state=HALF_RESTORED))
    try:
        for name, batch in _in_large_batches(reader.batches()):
            _keep(connection, name, batch, kinds)
        _finish(connection, reader)
    except (GraphError, ClientError, KeyError, TypeError, ValueError) as error:
        _empty(connection, before)
        if isinstance(error, GraphError):
            raise
        raise DamagedExport from error


def discard_records(connection: Connection) -> None:
    """Every record, change, entry and key goes, so many at a time. The heads and the shelf stay."""
    _in_pieces(connection, moving.DISCARD)


def discard_store(connection: Connection) -> None:
    """Everything of a store goes; what says that there is one goes last, so that it can be done again when cut short."""
    discard_records(connection)
    _in_pieces(connection, moving.DISCARD_SHELF)
    connection.repeatable(lambda statements: statements.run(moving.DISCARD_HEADS).consume(), seconds=LONG_SECONDS)


def _in_pieces(connection: Connection, text: LiteralString) -> None:
    limit = DISCARD_AT_ONCE
    while connection.repeatable(lambda statements: value_of(statements, text, limit=limit), seconds=LONG_SECONDS):
        pass


def _in_large_batches(batches: Iterator[tuple[str, list[Values]]]) -> Iterator[tuple[str, list[Values]]]:
    """Joins batches of one sort. A batch of changes ends where a revision does, so that the last change of each is known."""
    name, waiting = "", list[Values]()
    for sort, batch in batches:
        if sort != name or len(waiting) >= BATCH:
            keep_back = _of_last_revision(waiting) if sort == name == "change" else 0
            if len(waiting) > keep_back:
                yield name, waiting[: len(waiting) - keep_back]
            name, waiting = sort, waiting[len(waiting) - keep_back :] if sort == name else []
        waiting.extend(batch)
    if waiting:
        yield name, waiting


def _of_last_revision(changes: Sequence[Values]) -> int:
    last = changes[-1]["revision"] if changes else 0
    return sum(1 for each in changes if each["revision"] == last)


def _keep(connection: Connection, name: str, batch: Sequence[Values], kinds: Kinds) -> None:
    """One batch in one transaction. What was written is counted against what was sent."""
    text, parameter, rows = _rows_of(name, batch, kinds)
    with connection.transaction(seconds=LONG_SECONDS) as transaction:
        if value_of(transaction, text, **{parameter: rows}) != len(rows):
            raise DamagedExport
        transaction.commit()


def _rows_of(name: str, batch: Sequence[Values], kinds: Kinds) -> tuple[LiteralString, str, list[dict[str, Any]]]:
    if name == "record":
        return writing.CREATE, "rows", [_node(values, kinds) for values in batch]
    if name == "citation":
        rows = [{"record": each["record"], "type": type_of(each["field"]), "cited": each["cited"]} for each in batch]
        return writing.CITE, "citations", rows
    if name == "change":
        return moving.KEEP_CHANGES, "rows", _changes(batch)
    if name == "key":
        return moving.KEEP_KEYS, "rows", [{**each, "at": naive_utc(read_moment(each["at"]))} for each in batch]
    if name == "audit":
        links = (Link(each["seq"], each["entry"], each["previous"], each["hash"]) for each in batch)
        return journal.AUDIT, "rows", [link_properties(each) for each in links]
    return journal.AUDIT_ABOUT, "rows", [{name: each[name] for name in ("person", "seq", "salt")} for each in batch]


def _node(values: Values, kinds: Kinds) -> dict[str, Any]:
    cls = kinds.get(values["kind"])
    if cls is None:
        raise StoreRefused("This export holds a kind of record that this version of Kith does not know. Use a newer version.")
    if values["body"] is not None:
        return {"kind": cls.KIND, "stored": properties_of(cls, values["body"])}
    marker = {name: values[name] for name in ("id", "forum", "kind", "version", "handling")}
    return {"kind": cls.KIND, "stored": {**marker, "erased_at": naive_utc(read_moment(values["erased_at"]))}}


def _changes(batch: Sequence[Values]) -> list[dict[str, Any]]:
    rows = []
    for index, each in enumerate(batch):
        is_last = index + 1 == len(batch) or batch[index + 1]["revision"] != each["revision"]
        body = None if each["body"] is None else text_of(each["body"])
        at = naive_utc(read_moment(each["at"]))
        rows.append({**each, "record": RecordId(each["record"]), "at": at, "body": body, "last": True if is_last else None})
    return rows


def _finish(connection: Connection, reader: ExportReader) -> None:
    def unit(statements: Statements) -> None:
        heads = {
            "journal": statements.run(moving.JOURNAL_SIZE).single(strict=True)["last"],
            "audit": value_of(statements, moving.AUDIT_SIZE),
        }
        for name, revision in heads.items():
            statements.run(moving.SET_HEAD, name=name, revision=revision).consume()
        check_chain(statements, heads["audit"])
        check_journal(statements, heads["journal"])
        keep_facts(statements, reader.facts, state=WHOLE)

    connection.repeatable(unit, seconds=LONG_SECONDS)


def _empty(connection: Connection, before: StoreFacts) -> None:
    discard_records(connection)
    connection.repeatable(lambda statements: keep_facts(statements, before, state=WHOLE))
