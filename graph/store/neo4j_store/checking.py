"""Whether a Neo4j store is whole: the citations, the journal, the audit's chain."""

from collections.abc import Mapping

from graph.errors import StoreRefused
from graph.records import Record, citations_of
from graph.store import chain
from graph.store.codec import read_record
from graph.store.neo4j_statements import moving as texts
from graph.store.neo4j_store.connection import Statements
from graph.store.neo4j_store.exporting import read_links, read_nodes, read_types, value_of
from graph.store.neo4j_store.stored import ERASED_AT, body_of, type_of


def check_store(statements: Statements, kinds: Mapping[str, type[Record]]) -> None:
    """Reads everything once, as it stands while nobody writes. StoreRefused with what is wrong and what to do."""
    statements.run(texts.LOCK).consume()
    for properties, (_, _, made) in zip(read_nodes(statements), read_types(statements), strict=True):
        expected: list[tuple[str, str]] = []
        if properties.get(ERASED_AT) is None:
            found = read_record(kinds, properties["kind"], body_of(properties))
            expected = sorted((type_of(each.field), each.cited) for each in citations_of(found))
        if sorted(map(tuple, made)) != expected:
            raise StoreRefused("A record's citations are not what it says. Stop the service and restore the last export.")
    heads = dict(value_of(statements, texts.HEADS))
    check_journal(statements, heads["journal"] - 1)  # the lock raised it by one
    check_chain(statements, heads["audit"])


def check_journal(statements: Statements, revision: int) -> None:
    size = statements.run(texts.JOURNAL_SIZE).single(strict=True)
    if (size["revisions"], size["last"]) != (revision, revision):
        raise StoreRefused("The journal has a gap. Stop the service and restore the last export.")


def check_chain(statements: Statements, seq: int) -> None:
    """StoreRefused when the audit's chain does not hold, or does not end where its head says."""
    broken = chain.find_break(chain.Link(*row) for row in read_links(statements, seq))
    if broken is not None:
        raise StoreRefused(
            f"The audit does not hold from entry {broken} on. Keep this database as it is and tell whoever runs Kith."
        )
    if value_of(statements, texts.AUDIT_SIZE) != seq:
        raise StoreRefused("Entries are missing from the end of the audit. Keep this database and tell whoever runs Kith.")
