"""A store by its URL: `sqlite:///relative.db`, `sqlite:////absolute/path.db`, or `neo4j://`, `neo4j+s://`, `bolt://`.

The driver of the production store is loaded only when a URL asks for it, so that a command on a file starts at once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreRefused
from graph.records import Record
from graph.store import sqlite_store
from graph.store.boundary import Credentials, NewStore, Store

_FILE = "sqlite:///"
_SERVERS = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")

UNKNOWN_URL = "A store's URL begins with sqlite:/// (then a path) or with neo4j://, neo4j+s:// or bolt:// (then host and port)."
ONLY_A_FILE = "Only an embedded store is copied this way. For Neo4j use its own backup, or kith export."

LONGEST_WRITE = 600


def open_store(
    url: str,
    kinds: Iterable[type[Record]],
    *,
    making: NewStore | None = None,
    credentials: Credentials | None = None,
    write_seconds: int = LONGEST_WRITE,
) -> Store:
    """The store at a URL, which knows these kinds of record. Where nothing is, it is made as `making` says.

    `write_seconds`: a server ends a transaction of ours that lasts longer; a service gives less than a command that loads.

    StoreRefused, with a sentence that says what to do, when nothing is there and `making` is None, and when what is there
    is not a store of ours, newer than the code, or half restored. StoreUnavailable when the server does not answer.
    """
    by_name = {kind.KIND: kind for kind in kinds}
    path = _path_of(url)
    if path is not None:
        return sqlite_store.open_store_file(path, by_name, making=making)
    from graph.store import neo4j_store

    return neo4j_store.open_neo4j(url, by_name, making=making, credentials=credentials, write_seconds=write_seconds)


@contextmanager
def hold_store(url: str) -> Iterator[None]:
    """What `serve` holds while it runs: a lock beside an embedded store, nothing on a server. StoreInUse for a second one."""
    path = _path_of(url)
    if path is None:
        yield
        return
    with sqlite_store.hold_file(path):
        yield


def is_held(url: str) -> bool:
    """Whether a service holds the store now. A server's store never is: its own locks are enough."""
    path = _path_of(url)
    return path is not None and sqlite_store.is_file_held(path)


def migrate_store(url: str, *, credentials: Credentials | None = None) -> list[str]:
    """Takes the steps still to take; the names of those taken, none when the store is up to date."""
    path = _path_of(url)
    if path is not None:
        return sqlite_store.migrate_file(path)
    from graph.store import neo4j_store

    return neo4j_store.migrate_neo4j(url, credentials=credentials)


def backup_store(url: str, path: Path) -> None:
    """A hot, consistent copy of an embedded store, verified after writing. StoreRefused, and no file made, where none is."""
    source = _path_of(url)
    if source is None:
        raise StoreRefused(ONLY_A_FILE)
    if not sqlite_store.holds_something(source):
        raise StoreRefused(sqlite_store.NOTHING_THERE)
    sqlite_store.copy_store(source, path)


def discard_store(url: str, *, credentials: Credentials | None = None) -> None:
    """Everything of a store goes, for an evaluation store past its life. StoreInUse while a service holds it."""
    path = _path_of(url)
    if path is not None:
        sqlite_store.discard_file(path)
        return
    from graph.store import neo4j_store

    neo4j_store.discard_neo4j(url, credentials=credentials)


def embedded_library() -> str:
    """The version of the library that embedded stores run on."""
    return sqlite_store.library_version()


def has_wal_reset_fault(version: str) -> bool:
    """Whether that version can lose what was committed, when two processes write to one file."""
    return sqlite_store.has_wal_reset_fault(version)


def _path_of(url: str) -> Path | None:
    """The file a URL names; None for a server. StoreRefused for anything else."""
    if url.startswith(_FILE) and len(url) > len(_FILE):
        return Path(url.removeprefix(_FILE))
    if url.startswith(_SERVERS):
        return None
    raise StoreRefused(UNKNOWN_URL)
