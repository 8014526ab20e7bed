"""What the driver and the server can say, as the errors of this package: by code, most specific first, never by message."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DatabaseError,
    DriverError,
    Neo4jError,
    TransientError,
)

from graph.errors import GraphError, StoreBusy, StoreFull, StoreRefused, StoreUnavailable

WRONG_PASSWORD = (
    "Neo4j refuses the user name or the password. Set KITH_NEO4J_USER and KITH_NEO4J_PASSWORD (or KITH_NEO4J_PASSWORD_FILE) "
    "to those of the database, then try again."
)
TOO_MANY_TRIES = "Neo4j has had too many wrong passwords and asks to wait. Wait a minute, set the right password, then try again."
PASSWORD_MUST_CHANGE = "The first password of this Neo4j must be changed before it can be used. Change it, then try again."
MAY_NOT = "This account may not do that in Neo4j. Give it the right to read and write the database and to change its schema."
NO_DATABASE = "This Neo4j has no such database. Check the address of the store."
UNREACHABLE = "No Neo4j answers at this address. Check that the server runs and that host, port and encryption are right."
WRONG_ADDRESS = "This is not an address of a Neo4j. It looks like neo4j+s://host:7687, without user, password or path."
TOO_OLD = "This Neo4j is too old. Kith needs version 5.26 or later."

_REFUSED = {
    "Neo.ClientError.Security.Unauthorized": WRONG_PASSWORD,
    "Neo.ClientError.Security.AuthenticationRateLimit": TOO_MANY_TRIES,
    "Neo.ClientError.Security.CredentialsExpired": PASSWORD_MUST_CHANGE,
    "Neo.ClientError.Security.Forbidden": MAY_NOT,
    "Neo.ClientError.Database.DatabaseNotFound": NO_DATABASE,
}

_BUSY = frozenset(
    {
        "Neo.TransientError.Transaction.LockAcquisitionTimeout",
        "Neo.TransientError.Transaction.DeadlockDetected",
        "Neo.TransientError.Transaction.MaximumTransactionLimitReached",
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "Neo.TransientError.General.OutOfMemoryError",
        "Neo.TransientError.Request.NoThreadsAvailable",
        "Neo.ClientError.Transaction.LockClientStopped",
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    }
)

# A server whose disk is full answers reads and turns read-only.
_FULL = frozenset(
    {
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
        "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase",
        "Neo.ClientError.Database.DatabaseIsReadOnly",
        "Neo.TransientError.General.ReadOnlyDatabase",
    }
)

_UNAVAILABLE = frozenset({"Neo.ClientError.Transaction.Terminated", "Neo.ClientError.Transaction.TransactionNotFound"})


def meaning_of(error: DriverError | Neo4jError) -> GraphError | None:
    """The error that a caller can act on; None for a mistake of ours, which must be seen as what it is."""
    if isinstance(error, Neo4jError):
        return _meaning_of_code(error)
    if isinstance(error, ConfigurationError):
        return StoreRefused(WRONG_ADDRESS)
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return StoreBusy()
    return StoreUnavailable()


def _meaning_of_code(error: Neo4jError) -> GraphError | None:
    code = error.code or ""
    if code in _REFUSED:
        return StoreRefused(_REFUSED[code])
    if code in _BUSY:
        return StoreBusy()
    if code in _FULL:
        return StoreFull()
    if code in _UNAVAILABLE or isinstance(error, TransientError | DatabaseError):
        return StoreUnavailable()
    return None


@contextmanager
def as_ours() -> Iterator[None]:
    """Whatever the driver raises inside leaves as an error of this package."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        meaning = meaning_of(error)
        if meaning is None:
            raise
        raise meaning from error
