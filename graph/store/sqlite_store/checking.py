"""Whether an embedded store is whole: the file, the citations, the journal, the audit's chain."""

from collections.abc import Iterator
from typing import Any

from graph.errors import StoreRefused
from graph.store import chain
from graph.store import sqlite_statements as texts
from graph.store.sqlite_store.connections import Connection, value_of


def check_store(connection: Connection) -> None:
    """Reads everything once. StoreRefused with what is wrong and what to do."""
    if connection.execute(texts.CHECK_FILE).fetchall() != [("ok",)]:
        raise StoreRefused("The store's file is damaged. Stop the service and put the last backup in its place.")
    if connection.execute(texts.CHECK_CITATIONS).fetchall():
        raise StoreRefused(
            "A record refers to something that is not there. Stop the service and put the last backup in its place."
        )
    if not value_of(connection, texts.CHECK_JOURNAL):
        raise StoreRefused("The journal has a gap. Stop the service and put the last backup in its place.")
    check_chain(connection)


def check_chain(connection: Connection) -> None:
    """StoreRefused when the audit's chain does not hold, or does not end where its head says."""
    broken = chain.find_break(_links(connection))
    if broken is not None:
        raise StoreRefused(f"The audit does not hold from entry {broken} on. Keep this file as it is and tell whoever runs Kith.")
    heads: list[Any] = connection.execute(texts.HEADS).fetchall()
    last: list[Any] = connection.execute(texts.AUDIT_LAST).fetchall()
    if dict(heads)["audit"] != (last[0][0] if last else 0):
        raise StoreRefused("Entries are missing from the end of the audit. Keep this file and tell whoever runs Kith.")


def _links(connection: Connection) -> Iterator[chain.Link]:
    rows: Any = connection.execute(texts.EXPORT_AUDIT)
    for row in rows:
        yield chain.Link(*row)
