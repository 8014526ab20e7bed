"""The threads on which requests are worked on: one thread for a request from its first question to its last, one for all writers.

A request that went from thread to thread would wait for the interpreter at each step while others are reckoning, and a writer
whose next step finds no free thread would hold the store's lock meanwhile (docs/decisions, one thread for a request).
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")

DRAWING, WAITING = 2, 16


class Threads(StrEnum):
    """Among which threads a request is worked on: readers', the writer's, those that draw maps or wait for another process."""

    READING = "reading"
    WRITING = "writing"
    DRAWING = "drawing"
    WAITING = "waiting"


class Workers:
    """Made once per service and closed with it. Whoever waits for a thread holds none, and is served in turn."""

    def __init__(self, *, readers: int) -> None:
        many = {Threads.READING: readers, Threads.WRITING: 1, Threads.DRAWING: DRAWING, Threads.WAITING: WAITING}
        self._pools = {each: ThreadPoolExecutor(count, thread_name_prefix=each.value) for each, count in many.items()}

    async def do(self, work: Callable[[], T], *, among: Threads) -> T:
        """What this gives, worked out on one of these threads when its turn has come. Raises what the work raises."""
        return await asyncio.wrap_future(self._pools[among].submit(work))

    def close(self) -> None:
        """Lets what has begun come to its end; what still waits is given up."""
        for pool in self._pools.values():
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
