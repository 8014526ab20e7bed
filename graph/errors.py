"""What can go wrong with facts, one class for each thing a caller can act on. Every message is safe to show anyone."""

from collections.abc import Mapping


class GraphError(Exception):
    """The base of every error of this package. `code` is stable; the message holds no name and no value."""

    code = "graph-error"
    message = "Something went wrong with the records."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class RecordNotFound(GraphError):
    """Absent or out of scope: the same error with the same content."""

    code = "record-not-found"
    message = "There is no such record, or it is not yours to see."


class RecordErased(GraphError):
    code = "record-erased"
    message = "This record has been erased."


class VersionConflict(GraphError):
    code = "version-conflict"
    message = "Someone else changed this record. Read it again, then make your change once more."


class MissingCitation(GraphError):
    """A record cites something that is absent or out of the writer's scope; the whole block is undone."""

    code = "missing-citation"
    message = "Something this refers to does not exist, or it is not yours to see."


class UnauditedWrite(GraphError):
    code = "unaudited-write"
    message = "A change was made without saying so in the audit; it was undone."


class AlreadyDone(GraphError):
    """The same write, with the same key and digest, was committed before; `answer` is what was kept with it."""

    code = "already-done"
    message = "This was already done."

    def __init__(self, answer: Mapping[str, str]) -> None:
        super().__init__()
        self.answer: Mapping[str, str] = dict(answer)


class KeyReused(GraphError):
    code = "key-reused"
    message = "This key was already used for something else. Use a new key for a new request."


class StoreBusy(GraphError):
    code = "store-busy"
    message = "The store is busy. Wait a moment, then try again with the same key."


class StoreUnavailable(GraphError):
    code = "store-unavailable"
    message = "The store does not answer. Nothing was lost; try again with the same key."


class StoreFull(GraphError):
    code = "store-full"
    message = "The disk is full or cannot be written to. Nothing was lost; make room, then try again."


class AuditUnavailable(GraphError):
    code = "audit-unavailable"
    message = (
        "What you asked for cannot be recorded in the audit just now, so nothing was shown or changed. Try again in a moment."
    )


class StoreRefused(GraphError):
    """The store cannot be opened as it is: newer than the code, half restored, wrong password, not a store of ours."""

    code = "store-refused"
    message = "The store cannot be opened."


class StoreNotEmpty(StoreRefused):
    code = "store-not-empty"
    message = "The store is not empty. Restore into an empty one."


class StoreInUse(StoreRefused):
    code = "store-in-use"
    message = "Another service is using this store. Stop it first, or give this one a store of its own."


class DamagedExport(GraphError):
    code = "damaged-export"
    message = "The file is cut short or was altered. Nothing is kept of it; take a new export."


class CannotStoreExactly(GraphError):
    """The codec refuses a value that would not come back as it went in."""

    code = "cannot-store-exactly"
    message = "A value cannot be stored exactly as it is."


class NotKept(GraphError):
    code = "not-kept"
    message = "This is not kept, or its time is over."
