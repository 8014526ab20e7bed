"""Everything out of an embedded store and back in: export, restore, and the hot copy."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from graph.errors import DamagedExport, GraphError, StoreNotEmpty, StoreRefused
from graph.periods import read_moment
from graph.store import sqlite_statements as texts
from graph.store.export_lines import ExportReader, Values, body_line, in_chunks, line_of
from graph.store.sqlite_store.checking import check_chain, check_store
from graph.store.sqlite_store.connections import Connection, Connections, driver_errors, open_connection, roll_back, value_of
from graph.store.sqlite_store.facts import HALF_RESTORED, WHOLE, keep_facts, read_facts
from graph.store.sqlite_store.views import Kinds

_FRAME = ("id", "forum", "kind", "version", "handling", "erased_at")
_CHANGE = ("revision", "position", "record", "kind", "version", "at", "by")
_PLAIN = (
    ("citation", texts.EXPORT_CITATIONS, ("record", "field", "cited")),
    ("key", texts.EXPORT_KEYS, ("key", "digest", "revision", "answer", "at")),
    ("audit", texts.EXPORT_AUDIT, ("seq", "entry", "previous", "hash")),
    ("about", texts.EXPORT_ABOUT, ("person", "seq", "salt")),
)


def export_store(connections: Connections) -> Iterator[Sequence[str]]:
    """The store as it stood when the first chunk was asked for, in one read transaction."""
    with connections.borrowed() as connection, driver_errors():
        connection.execute("BEGIN")
        yield from in_chunks(read_facts(connection), _lines(connection))


def _lines(connection: Connection) -> Iterator[str]:
    citations, *others = (_plain_lines(connection, *plain) for plain in _PLAIN)
    yield from _lines_with_body(connection, "record", texts.EXPORT_RECORDS, _FRAME)
    yield from citations
    yield from _lines_with_body(connection, "change", texts.EXPORT_CHANGES, _CHANGE)
    for lines in others:
        yield from lines


def _lines_with_body(connection: Connection, name: str, text: str, names: tuple[str, ...]) -> Iterator[str]:
    rows: Any = connection.execute(text)
    for *values, body in rows:
        yield body_line(name, dict(zip(names, values, strict=True)), body)


def _plain_lines(connection: Connection, name: str, text: str, names: tuple[str, ...]) -> Iterator[str]:
    rows: Any = connection.execute(text)
    for values in rows:
        yield line_of(name, dict(zip(names, values, strict=True)))


def restore_store(connection: Connection, chunks: Iterator[Sequence[str]], kinds: Kinds) -> None:
    """Fills an empty store, a batch at a time. Until its end is verified the store is marked, and refuses to open."""
    if not value_of(connection, texts.IS_EMPTY):
        raise StoreNotEmpty
    before = read_facts(connection)
    reader = ExportReader(chunks, schema=before.schema)
    _in_one(connection, lambda: keep_facts(connection, reader.facts, state=HALF_RESTORED))
    try:
        for name, batch in reader.batches():
            _in_one(connection, lambda name=name, batch=batch: _keep(connection, name, batch, kinds))  # type: ignore[misc]
        _in_one(connection, lambda: _finish(connection, reader))
    except (GraphError, apsw.ConstraintError, KeyError, TypeError, ValueError, apsw.MismatchError) as error:
        _in_one(connection, lambda: _empty(connection, before))
        if isinstance(error, GraphError):
            raise
        raise DamagedExport from error


def _in_one(connection: Connection, work: Callable[[], None]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        work()
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _finish(connection: Connection, reader: ExportReader) -> None:
    connection.execute(texts.RESTORE_HEADS)
    check_chain(connection)
    if not value_of(connection, texts.CHECK_JOURNAL):
        raise DamagedExport
    keep_facts(connection, reader.facts, state=WHOLE)


def _empty(connection: Connection, before: Any) -> None:
    connection.execute(texts.EMPTY_ALL).fetchall()
    keep_facts(connection, before, state=WHOLE)


def _keep(connection: Connection, name: str, batch: Sequence[Values], kinds: Kinds) -> None:
    if name == "record":
        connection.executemany(texts.RESTORE_RECORD, [_record_row(values, kinds) for values in batch])
    elif name == "citation":
        connection.executemany(texts.RESTORE_CITATION, [(each["record"], each["field"], each["cited"]) for each in batch])
    elif name == "change":
        connection.executemany(texts.JOURNAL, [(*(each[key] for key in _CHANGE), _text(each["body"])) for each in batch])
    elif name == "key":
        rows = [(each["key"], each["digest"], each["revision"], each["answer"], each["at"]) for each in batch]
        connection.executemany(texts.KEEP_KEY, rows)
    elif name == "audit":
        connection.executemany(texts.AUDIT, [(each["seq"], each["entry"], each["previous"], each["hash"]) for each in batch])
    else:
        connection.executemany(texts.AUDIT_ABOUT, [(each["person"], each["seq"], each["salt"]) for each in batch])


def _record_row(values: Values, kinds: Kinds) -> tuple[Any, ...]:
    if values["kind"] not in kinds:
        raise StoreRefused("This export holds a kind of record that this version of Kith does not know. Use a newer version.")
    body: Values = values["body"] or {}
    read_moment(values["erased_at"]) if values["erased_at"] else None
    ends = [body.get(end) if values["kind"] == "Assertion" else None for end in ("source", "target", "stated_in")]
    return (*(values[name] for name in _FRAME), body.get("review_on"), *ends, _text(values["body"]))


def _text(body: Values | None) -> str | None:
    return None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def copy_store(source: Path, to: Path) -> None:
    """A hot, consistent copy, verified after writing. It appears under its name only when it is whole."""
    if to.exists():
        raise StoreRefused("There is a file of that name already. Give the copy another name.")
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        with driver_errors():
            _copy(source, part)
        part.rename(to)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> None:
    original, copy = open_connection(source), Connection(str(part))
    try:
        with copy.backup("main", original, "main") as running:
            running.step(-1)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        check_store(copy)
    finally:
        copy.close()
        original.close()
