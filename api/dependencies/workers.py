"""The threads on which requests are worked on: one thread for a request from its first question to its last, one for all writers.

A request that went from thread to thread would wait for the interpreter at each step while others are reckoning, and a writer
whose next step finds no free thread would hold the store's lock meanwhile (docs/decisions, one thread for a request).
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# What waits for another process or a server, not for the interpreter: findings worked out elsewhere.
PATIENT = 16


class Workers:
    """Made once per service and closed with it. Whoever waits for a thread holds none, and is served in turn."""

    def __init__(self, *, readers: int) -> None:
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="reading")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="writing")
        self._patient = ThreadPoolExecutor(PATIENT, thread_name_prefix="patient")

    async def read(self, work: Callable[[], T]) -> T:
        """What this gives, worked out beside a few others."""
        return await asyncio.wrap_future(self._reading.submit(work))

    async def write(self, work: Callable[[], T]) -> T:
        """The same for what writes: one at a time, in the order in which they came."""
        return await asyncio.wrap_future(self._writing.submit(work))

    async def wait(self, work: Callable[[], T]) -> T:
        """The same for what mostly waits, so that it keeps no reader from reading."""
        return await asyncio.wrap_future(self._patient.submit(work))

    def close(self) -> None:
        """Lets what has begun come to its end; what still waits is given up."""
        for pool in (self._reading, self._writing, self._patient):
            pool.shutdown(wait=True, cancel_futures=True)


def to_its_end(steps: Coroutine[Any, Any, T]) -> T:
    """Runs steps of which none waits for an event loop, on this thread. RuntimeError for one that does."""
    try:
        steps.send(None)
    except StopIteration as end:
        found: T = end.value
        return found
    steps.close()
    raise RuntimeError("A step of this request waits for an event loop; it has to be done at once, on the request's thread.")
