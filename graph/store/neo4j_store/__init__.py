"""The production store: a Neo4j server, 5.26 or later. The only package that knows the driver."""

from collections.abc import Mapping
from pathlib import Path

from graph.records import Record
from graph.store.boundary import Credentials, NewStore
from graph.store.migrate import FOLDER
from graph.store.neo4j_store.connection import LONG_SECONDS, connect
from graph.store.neo4j_store.restoring import discard_store
from graph.store.neo4j_store.schema import prepare, schema_of
from graph.store.neo4j_store.store import Neo4jStore
from graph.store.neo4j_store.upgrading import migrate

__all__ = ["Neo4jStore", "discard_neo4j", "migrate_neo4j", "open_neo4j"]


def open_neo4j(
    url: str,
    kinds: Mapping[str, type[Record]],
    *,
    making: NewStore | None = None,
    credentials: Credentials | None = None,
    write_seconds: float = LONG_SECONDS,
    migrations: Path = FOLDER,
) -> Neo4jStore:
    """The store on a server; made when the database is empty and `making` says what. An older one is left as it is.

    A write may last `write_seconds`: ten minutes unless said otherwise, since a whole case is loaded in one.
    """
    connection = connect(url, credentials)
    try:
        prepare(connection, making, migrations)
    except BaseException:
        connection.close()
        raise
    return Neo4jStore(connection, kinds, write_seconds=write_seconds)


def migrate_neo4j(url: str, *, credentials: Credentials | None = None, migrations: Path = FOLDER) -> list[str]:
    """Brings an older store up to date. The names of the steps taken."""
    connection = connect(url, credentials)
    try:
        return migrate(connection, migrations)
    finally:
        connection.close()


def discard_neo4j(url: str, *, credentials: Credentials | None = None) -> None:
    """Everything of a store goes. StoreRefused when the database holds none."""
    connection = connect(url, credentials)
    try:
        schema_of(connection)
        discard_store(connection)
    finally:
        connection.close()
