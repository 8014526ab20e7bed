"""The one place that holds the driver: how to read, how to write, and for how long at most. A session never leaves its call."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

from neo4j import Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, Result, Transaction, unit_of_work
from neo4j.exceptions import DriverError

from graph.errors import StoreRefused, StoreUnavailable
from graph.store.boundary import Credentials
from graph.store.neo4j_store.failures import TOO_OLD, UNREACHABLE, WRONG_ADDRESS, as_ours

T = TypeVar("T")
READ_SECONDS = 10.0
LONG_SECONDS = 600.0
_CONNECT_SECONDS = 5.0
_REPEAT_SECONDS = 5.0
_CONNECTIONS = 100
_IDLE_SECONDS = 15.0


class Statements:
    """What is asked within one transaction.

    All that a text is given goes as one map, `given`. The server plans a text anew for every size of every parameter that is
    a list or a text (none, one, up to ten, up to a hundred, more), which takes it up to half a second; it looks into no map.
    """

    def __init__(self, transaction: ManagedTransaction | Transaction) -> None:
        self._transaction = transaction

    def run(self, text: LiteralString, given: Mapping[str, Any] | None = None, /, **more: Any) -> Result:
        """Sends a text with what it is given, by name."""
        return self._transaction.run(text, given={**(given or {}), **more})


class OpenTransaction(Statements):
    """An explicit transaction, which its caller commits."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self.commit = transaction.commit


class Connection:
    """A pool of connections to one server. Every unit runs in a transaction; nothing commits by itself."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def read(self, unit: Callable[[Statements], T], *, seconds: float = READ_SECONDS) -> T:
        """Runs a unit that only reads, on the leader. Repeated for a few seconds when the server asks for it.

        The access mode says "write" because that is how a cluster routes to its leader; what may be read is in the statement.
        """
        return self.repeatable(unit, seconds=seconds)

    def repeatable(self, unit: Callable[[Statements], T], *, seconds: float = READ_SECONDS) -> T:
        """Runs a unit that may be called again after a failure that certainly undid it, and commits it."""
        with as_ours(), self._driver.session() as session:
            once = unit_of_work(timeout=seconds)(lambda transaction: unit(Statements(transaction)))
            return session.execute_write(once)

    @contextmanager
    def transaction(self, *, seconds: float) -> Iterator[OpenTransaction]:
        """One explicit transaction, never repeated. It is undone at the end unless the block committed it."""
        with as_ours(), self._driver.session() as session:
            open_one = session.begin_transaction(timeout=seconds)
            try:
                yield OpenTransaction(open_one)
            finally:
                _undo(open_one)

    def close(self) -> None:
        self._driver.close()


def _undo(transaction: Transaction) -> None:
    """Rolls back unless it is over. A connection that died has undone it already."""
    if not transaction.closed():
        try:
            transaction.close()
        except DriverError:
            return


def connect(url: str, credentials: Credentials | None) -> Connection:
    """A pool that was seen to answer. StoreUnavailable or StoreRefused says what to do otherwise."""
    auth = (credentials.user, credentials.password) if credentials else None
    try:
        driver = GraphDatabase.driver(
            url,
            auth=auth,
            user_agent="kith",
            telemetry_disabled=True,
            disable_auto_commit_retries=True,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            max_connection_pool_size=_CONNECTIONS,
            connection_acquisition_timeout=_CONNECT_SECONDS * 2,
            connection_timeout=_CONNECT_SECONDS,
            liveness_check_timeout=_IDLE_SECONDS,
            max_transaction_retry_time=_REPEAT_SECONDS,
        )
    except (ValueError, DriverError) as error:
        raise StoreRefused(WRONG_ADDRESS) from error
    try:
        with as_ours():
            agent = driver.get_server_info().agent
    except StoreUnavailable as error:
        driver.close()
        raise StoreUnavailable(UNREACHABLE) from error
    except ValueError as error:
        driver.close()
        raise StoreRefused(WRONG_ADDRESS) from error
    except BaseException:
        driver.close()
        raise
    if is_too_old(agent):
        driver.close()
        raise StoreRefused(TOO_OLD)
    return Connection(driver)


def is_too_old(agent: str) -> bool:
    """Whether a server that calls itself so, such as Neo4j/5.13.0, lacks labels and types as parameters (5.26, then 2025.01)."""
    major, _, rest = agent.partition("/")[2].partition(".")
    minor = rest.partition(".")[0].partition("-")[0]
    return major.isdigit() and minor.isdigit() and (int(major), int(minor)) < (5, 26)
