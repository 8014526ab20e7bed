"""A disk that fails when a test says so, under the real embedded store: SQLite's own file layer with one layer over it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import apsw


class _File(apsw.VFSFile):
    def __init__(self, disk: "FailingDisk", name: Any, flags: list[int]) -> None:
        super().__init__(FailingDisk.UNDER, name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.about_to("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.about_to("sync")
        super().xSync(flags)


class FailingDisk(apsw.VFS):
    """Counts writes and syncs, and raises what `fails` gives for one of them."""

    UNDER = "unix"

    def __init__(self) -> None:
        self.counted = {"write": 0, "sync": 0}
        self.fails: Callable[[str], apsw.Error | None] = lambda _: None
        super().__init__("failing-disk", self.UNDER, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self, name, flags)

    def about_to(self, what: str) -> None:
        self.counted[what] += 1
        failure = self.fails(what)
        if failure is not None:
            raise failure

    @contextmanager
    def failing(self, failure: apsw.Error, *, at: str = "write", after: int | None = None) -> Iterator[None]:
        """Every write (or sync) fails in this block; or, where `after` is given, one alone, after so many that do not."""
        passed = 0

        def fails(what: str) -> apsw.Error | None:
            nonlocal passed
            passed += what == at
            return failure if what == at and after in (None, passed - 1) else None

        self.fails = fails
        try:
            yield
        finally:
            self.fails = lambda _: None
