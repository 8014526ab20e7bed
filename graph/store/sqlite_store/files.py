"""The file of an embedded store: made, opened, brought up to date, held by one service, discarded."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from graph.errors import StoreFull, StoreInUse, StoreRefused, StoreUnavailable
from graph.records import Record
from graph.store.boundary import NewStore
from graph.store.migrate import FOLDER, Migration, all_migrations, pending
from graph.store.sqlite_store.connections import (
    NOT_A_STORE,
    READ_ONLY,
    WAIT_SECONDS,
    Connection,
    Connections,
    driver_errors,
    open_connection,
    roll_back,
    value_of,
)
from graph.store.sqlite_store.copies import copy_store
from graph.store.sqlite_store.facts import HALF_RESTORED, WHOLE, keep_facts, state_of
from graph.store.sqlite_store.shelf import SqliteShelf
from graph.store.sqlite_store.store import SqliteStore
from graph.store.sqlite_store.upgrading import take_step

OURS = 0x4B697468  # "Kith", in the file's header

NOTHING_THERE = "There is no store there yet. Load a case, restore an export or start an evaluation store first."
HALF = "This store was only half restored. Discard it and restore the export again."


def open_store_file(
    path: Path, kinds: Mapping[str, type[Record]], *, making: NewStore | None, migrations: Path = FOLDER
) -> SqliteStore:
    """The store in a file; made when nothing is there and `making` says what; brought up to date after a copy of it."""
    if not holds_something(path):
        if making is None:
            raise StoreRefused(NOTHING_THERE)
        _make(path, making, migrations)
    migrate_file(path, migrations=migrations)
    connections = Connections(path)
    with connections.borrowed() as connection, driver_errors():
        if state_of(connection) == HALF_RESTORED:
            connections.close()
            raise StoreRefused(HALF)
    return SqliteStore(connections, SqliteShelf(_private_file(shelf_path(path))), kinds)


def shelf_path(path: Path) -> Path:
    return path.with_name(f"{path.name}-shelf")


def lock_path(path: Path) -> Path:
    return path.with_name(f"{path.name}-serving")


def holds_something(path: Path) -> bool:
    """Whether there is a store of ours. StoreRefused when there is something else; nothing is changed by asking."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    if not path.is_file():
        raise StoreRefused(NOT_A_STORE)
    with driver_errors():
        connection = apsw.Connection(str(path), flags=_read_flags(path))
    try:
        with driver_errors():
            connection.set_busy_timeout(int(WAIT_SECONDS * 1000))
            ours = value_of(connection, "PRAGMA application_id")
            if ours == 0 and value_of(connection, "SELECT count(*) FROM sqlite_schema") == 0:
                return False
    finally:
        connection.close()
    if ours != OURS:
        raise StoreRefused(NOT_A_STORE)
    return True


def _read_flags(path: Path) -> int:
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return apsw.SQLITE_OPEN_READWRITE
    raise StoreRefused(READ_ONLY)


def _private_file(path: Path) -> Path:
    """The file, made empty when it is not there, readable by its owner alone, in a folder made the same way."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except PermissionError as error:
        raise StoreRefused(READ_ONLY) from error
    except OSError as error:
        raise (StoreFull if error.errno in _NO_ROOM else StoreUnavailable) from error
    return path


_NO_ROOM = frozenset({28, 30, 122})  # no space left, read-only file system, quota reached


def _make(path: Path, making: NewStore, migrations: Path) -> None:
    """A new store in one transaction; of two who make it at once, the second finds it made."""
    steps = all_migrations(migrations)
    connection = open_connection(_private_file(path))
    try:
        with driver_errors():
            connection.execute("BEGIN IMMEDIATE")
            if value_of(connection, "PRAGMA application_id") == 0:
                for step in steps:
                    take_step(connection, step)
                keep_facts(connection, making, state=WHOLE)
                connection.execute(f"PRAGMA application_id={OURS}")
            connection.execute("COMMIT")
    finally:
        roll_back(connection)
        connection.close()


def migrate_file(path: Path, *, migrations: Path = FOLDER) -> list[str]:
    """Takes the steps still to take, each in one transaction, after a copy beside the store. The names of those taken."""
    steps = _pending(path, migrations)
    if not steps:
        return []
    before = path.with_name(f"{path.name}.before-{steps[0].number:04d}")
    before.unlink(missing_ok=True)
    copy_store(path, before)
    connection = open_connection(path)
    try:
        for step in steps:
            _take(connection, step)
    finally:
        connection.close()
    return [step.name for step in steps]


def _pending(path: Path, migrations: Path) -> Sequence[Migration]:
    if not holds_something(path):
        raise StoreRefused(NOTHING_THERE)
    connection = open_connection(path)
    try:
        with driver_errors():
            return pending(value_of(connection, "PRAGMA user_version"), migrations)
    finally:
        connection.close()


def _take(connection: Connection, step: Migration) -> None:
    with driver_errors():
        connection.execute("BEGIN IMMEDIATE")
        try:
            if value_of(connection, "PRAGMA user_version") == step.number - 1:
                take_step(connection, step)
            connection.execute("COMMIT")
        finally:
            roll_back(connection)


@contextmanager
def hold_file(path: Path) -> Iterator[None]:
    """Held by a service for as long as it runs; StoreInUse when another holds it. It ends with the process, however that ends."""
    descriptor = os.open(_private_file(lock_path(path)), os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreInUse from error
        yield
    finally:
        os.close(descriptor)


def is_file_held(path: Path) -> bool:
    if not lock_path(path).exists():
        return False
    try:
        with hold_file(path):
            return False
    except StoreInUse:
        return True


def discard_file(path: Path) -> None:
    """Everything of a store goes: the file, its log, its shelf. StoreInUse while a service holds it."""
    if not holds_something(path):
        raise StoreRefused(NOTHING_THERE)
    with hold_file(path):
        for name in (path, shelf_path(path)):
            for end in ("-wal", "-shm", ""):
                name.with_name(f"{name.name}{end}").unlink(missing_ok=True)
    lock_path(path).unlink(missing_ok=True)
