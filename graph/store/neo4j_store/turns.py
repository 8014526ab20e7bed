"""Whose turn it is to write, within one process. Between processes the server's lock decides."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import StoreBusy


class Turns:
    """One writer at a time, so that many at once wait here and not each with a connection of its own at the server's lock.

    Whoever waits goes on waiting while turns come to their end; StoreBusy when none did for `seconds`.
    """

    def __init__(self, *, seconds: float = 5.0) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._ended = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        seen = self._ended
        while not self._lock.acquire(timeout=self._seconds):
            if seen == self._ended:
                raise StoreBusy
            seen = self._ended
        try:
            yield
        finally:
            self._ended += 1
            self._lock.release()
