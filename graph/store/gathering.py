"""Many requests' audit entries, one durable write: each request waits for its own.

A single thread takes whatever waits, writes it with one `Store.append`, and wakes those whose entries it was. While it
writes, the next ones gather.
"""

import threading
from collections.abc import Sequence

from graph.errors import AuditUnavailable
from graph.store.boundary import AuditEntry, Store


class _Waiting:
    """One request's entries, and what became of them."""

    __slots__ = ("done", "entries", "failure")

    def __init__(self, entries: Sequence[AuditEntry]) -> None:
        self.entries = entries
        self.done = threading.Event()
        self.failure: BaseException | None = None


class Gathering:
    """Writes viewings to a store's audit. Made once per process and closed with it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def record(self, entries: Sequence[AuditEntry]) -> None:
        """Returns when these entries are durable. AuditUnavailable when they are not: then nothing may be shown."""
        if not entries:
            return
        waiting = _Waiting(tuple(entries))
        with self._changed:
            if self._closed:
                raise AuditUnavailable
            self._waiting.append(waiting)
            self._changed.notify()
        waiting.done.wait()
        if waiting.failure is not None:
            raise AuditUnavailable from waiting.failure

    def close(self) -> None:
        """Writes what still waits, then ends. Whoever comes later gets AuditUnavailable."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                gathered, self._waiting = self._waiting, []
            if not gathered:
                return
            self._write(gathered)

    def _write(self, gathered: list[_Waiting]) -> None:
        failure: BaseException | None = None
        try:
            self._store.append([entry for waiting in gathered for entry in waiting.entries])
        except BaseException as error:  # whatever it was, nobody may be left waiting
            failure = error
        for waiting in gathered:
            waiting.failure = failure
            waiting.done.set()
