"""Dear and pure work, done once: whoever asks for the same while it is being done waits for that, instead of doing it again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Doing(Generic[V]):
    """One piece of work: done, or being done by whoever asked first."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.found: list[V] = []


class KeptWork(Generic[K, V]):
    """What a pure function gave for the last `most` keys. Safe among threads; what fails is not kept, and fails for each."""

    def __init__(self, work: Callable[[K], V], *, most: int) -> None:
        self._work = work
        self._most = most
        self._kept: OrderedDict[K, _Doing[V]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, key: K) -> V:
        with self._lock:
            doing = self._kept.setdefault(key, _Doing())
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with doing.turn:
            if not doing.found:
                doing.found.append(self._work(key))
        return doing.found[0]
