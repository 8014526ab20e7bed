"""Everything out of a Neo4j store, in collected chunks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, LiteralString

from graph.periods import moment_text
from graph.records import Record, citing_fields
from graph.store.boundary import StoreFacts
from graph.store.export_lines import body_line, in_chunks, line_of
from graph.store.neo4j_statements import moving as texts
from graph.store.neo4j_store.connection import LONG_SECONDS, Connection, Statements
from graph.store.neo4j_store.schema import read_facts
from graph.store.neo4j_store.stored import ERASED_AT, aware, body_of, text_of, type_of

Kinds = Mapping[str, type[Record]]
Rows = Iterator[Sequence[Any]]

PAGE = 10_000
SMALL_PAGE = 2_000


def export_store(connection: Connection, kinds: Kinds) -> Iterator[Sequence[str]]:
    """The store as it stood when the first chunk was asked for: until the last one, writers wait and then hear "busy"."""
    with connection.transaction(seconds=LONG_SECONDS) as transaction:
        transaction.run(texts.LOCK).consume()
        until = dict(value_of(transaction, texts.HEADS))["audit"]
        facts: StoreFacts = read_facts(transaction)
        yield from in_chunks(facts, _lines(transaction, kinds, until))


def _lines(transaction: Statements, kinds: Kinds, until: int) -> Iterator[str]:
    for properties in read_nodes(transaction):
        yield _record_line(properties)
    for record, field, cited in _citations(transaction, kinds):
        yield line_of("citation", {"record": record, "field": field, "cited": cited})
    for row in read_changes(transaction):
        yield _change_line(row)
    for key, digest, revision, answer, at in _by_key(transaction):
        values = {"key": key, "digest": digest, "revision": revision, "answer": answer, "at": moment_text(aware(at))}
        yield line_of("key", values)
    for seq, entry, previous, own in read_links(transaction, until):
        yield line_of("audit", {"seq": seq, "entry": entry, "previous": previous, "hash": own})
    for person, seq, salt in _about(transaction, until):
        yield line_of("about", {"person": person, "seq": seq, "salt": salt})


def value_of(statements: Statements, text: LiteralString, **parameters: Any) -> Any:
    """The one value of the one row that a statement returns."""
    return statements.run(text, parameters).single(strict=True).value()


def read_nodes(statements: Statements) -> Iterator[Mapping[str, Any]]:
    """The properties of every record, markers included, in order of id."""
    yield from _pages(lambda last: value_of(statements, texts.RECORDS, after=last["id"] if last else "", limit=PAGE))


def read_types(statements: Statements) -> Rows:
    """For every record in order of id: its id, its kind, and its citations as pairs of relationship type and id."""
    yield from _pages(lambda last: value_of(statements, texts.CITATIONS, after=last[0] if last else "", limit=PAGE))


def read_changes(statements: Statements) -> Rows:
    """Every change, in order of revision and position."""
    yield from _pages(
        lambda last: value_of(
            statements, texts.CHANGES, revision=last[0] if last else 0, position=last[1] if last else 0, limit=PAGE
        )
    )


def read_links(statements: Statements, until: int) -> Rows:
    """The audit's links up to a number, in order."""
    yield from _pages(lambda last: value_of(statements, texts.AUDIT, after=last[0] if last else 0, until=until, limit=PAGE))


def _by_key(statements: Statements) -> Rows:
    yield from _pages(lambda last: value_of(statements, texts.KEYS, after=last[0] if last else "", limit=PAGE))


def _about(statements: Statements, until: int) -> Rows:
    for after in range(0, until, SMALL_PAGE):
        yield from value_of(statements, texts.ABOUT, after=after, until=min(after + SMALL_PAGE, until))


def _pages(read: Callable[[Any], list[Any]]) -> Iterator[Any]:
    """Page after page, each asked for behind the last row of the one before."""
    page = read(None)
    while page:
        yield from page
        page = read(page[-1])


def _citations(statements: Statements, kinds: Kinds) -> Rows:
    fields = {kind: {type_of(field): field for field in citing_fields(cls)} for kind, cls in kinds.items()}
    for record, kind, made in read_types(statements):
        for field, cited in sorted((fields[kind][name], cited) for name, cited in made):
            yield record, field, cited


def _record_line(properties: Mapping[str, Any]) -> str:
    frame = {name: properties[name] for name in ("id", "forum", "kind", "version", "handling")}
    erased_at = properties.get(ERASED_AT)
    if erased_at is not None:
        return body_line("record", {**frame, "erased_at": moment_text(aware(erased_at))}, None)
    return body_line("record", {**frame, "erased_at": None}, text_of(body_of(properties)))


def _change_line(row: Sequence[Any]) -> str:
    revision, position, record, kind, version, at, by, body = row
    place = {"revision": revision, "position": position, "record": record, "kind": kind, "version": version}
    return body_line("change", {**place, "at": moment_text(aware(at)), "by": by}, body)
