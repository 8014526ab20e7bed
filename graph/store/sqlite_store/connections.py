"""Connections to one file: opened with every setting read back, lent to one caller at a time, kept for the next."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import apsw

from graph.errors import GraphError, StoreBusy, StoreFull, StoreRefused, StoreUnavailable
from graph.store import sqlite_statements as texts
from graph.store.boundary import Scope

WAIT_SECONDS = 5.0
_ASK_AGAIN_SECONDS = 0.02
_LONGEST_VALUE = 128 * 1024 * 1024
_LONGEST_TEXT = 100_000

NOT_A_STORE = "This file is not a store of Kith. Give the path of a store, or of a file that does not exist yet."
READ_ONLY = "The store's file or folder cannot be written to. Make it writable for the account that runs Kith."


class Connection(apsw.Connection):
    """A connection that remembers which scope its temporary tables hold."""

    scope: Scope | None = None


@contextmanager
def driver_errors() -> Iterator[None]:
    """Turns what the driver raises into what a caller can act on, most specific first."""
    try:
        yield
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreBusy from error
    except (apsw.FullError, apsw.ReadOnlyError) as error:
        raise StoreFull from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise StoreRefused(NOT_A_STORE) from error
    except (apsw.CantOpenError, apsw.IOError, apsw.PermissionsError, apsw.AuthError) as error:
        raise StoreUnavailable from error


def open_connection(path: Path) -> Connection:
    """A connection with the settings a store needs; StoreRefused when one of them does not hold.

    While another process makes the file, or takes it up after a crash, SQLite is busy at once whatever it was told to wait.
    """
    give_up = monotonic() + WAIT_SECONDS
    while True:
        try:
            return _open_connection(path)
        except StoreBusy:
            if monotonic() > give_up:
                raise
        sleep(_ASK_AGAIN_SECONDS)


def _open_connection(path: Path) -> Connection:
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    with driver_errors():
        connection = Connection(str(path), flags=flags)
    try:
        set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def set_up(connection: Connection) -> None:
    if connection.readonly("main"):
        raise StoreRefused(READ_ONLY)
    with driver_errors():
        connection.enable_load_extension(False)
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        # What is bound never changes a plan: otherwise every search by a field is planned anew each time it is asked.
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.limit(apsw.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_TEXT)
        for setting, _, _ in texts.SETTINGS:
            connection.execute(setting).fetchall()
        for _, question, expected in texts.SETTINGS:
            if value_of(connection, question) != expected:
                raise StoreRefused("The embedded store cannot be opened safely here: a setting it needs does not hold.")
        connection.execute(texts.SCOPE_TABLES).fetchall()


def value_of(connection: apsw.Connection, text: str, bindings: Sequence[Any] = ()) -> Any:
    """The first value of the first row. Every statement here that is asked this way yields a row."""
    (row,) = connection.execute(text, bindings).fetchall()
    return row[0]


def as_list(values: Any) -> str:
    """A set of parameters for `json_each`, sorted."""
    return json.dumps(sorted(values), ensure_ascii=False)


def load_scope(connection: Connection, scope: Scope) -> None:
    """Fills the temporary tables that the view `seen` reads. Does nothing when they hold this scope already."""
    if connection.scope == scope:
        return
    connection.scope = None
    with connection:
        connection.execute(texts.SCOPE_CLEAR).fetchall()
        connection.execute(texts.SCOPE_FORUM, (scope.forum,))
        connection.execute(texts.SCOPE_KIND, (as_list(scope.open_kinds),))
        connection.execute(texts.SCOPE_GRANTED, (as_list(scope.granted),))
        connection.execute(texts.SCOPE_WITHHELD, (as_list(scope.withheld),))
        connection.execute(texts.SCOPE_HANDLING, (as_list(scope.handling),))
        connection.execute(texts.SCOPE_ADMITTED, (as_list(scope.admitted),))
    connection.scope = scope


class Connections:
    """The connections of one store. One is opened when none is free; nobody waits for one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False

    @contextmanager
    def borrowed(self, scope: Scope | None = None) -> Iterator[Connection]:
        """A connection for this caller alone, from one statement to many; it comes back outside any transaction.

        One that holds this scope already, where one is free: filling its tables costs as much as a small question.
        """
        connection = self._take(scope)
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _take(self, scope: Scope | None) -> Connection:
        with self._guard:
            if self._closed:
                raise StoreUnavailable
            if self._free:
                fitting = (at for at, each in enumerate(self._free) if scope is not None and each.scope == scope)
                return self._free.pop(next(fitting, 0))  # else the one whose scope was not asked for longest
        return open_connection(self._path)

    def _give_back(self, connection: Connection) -> None:
        try:
            roll_back(connection)
        except (apsw.Error, GraphError):
            connection.close(True)
            return
        with self._guard:
            if not self._closed:
                self._free.append(connection)
                return
        connection.close()

    def close(self) -> None:
        with self._guard:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()


def roll_back(connection: Connection) -> None:
    """Undoes an open transaction. Asks first: after "disk full" the engine may have rolled back already."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
