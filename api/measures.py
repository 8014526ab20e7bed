"""How is the service as a whole? Counts of answers and the slowest of them since last told: nothing of who asked, or for what."""

import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic

_STATM = Path("/proc/self/statm")
_PAGE_BYTES = resource.getpagesize()


class Measures:
    """Counts answers until they are told, then begins again. Safe among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._since = monotonic()
        self._answers = self._refusals = self._busy = self._faults = self._slowest = 0

    def add(self, status: int, milliseconds: int) -> None:
        """One more answer: refused when its status is 4xx, busy when the caller is to come back, else a fault when 5xx.

        0: the caller left before they were answered, which is nobody's fault, and no answer.
        """
        if not status:
            return
        with self._lock:
            self._answers += 1
            self._slowest = max(self._slowest, milliseconds)
            if status in (429, 503):
                self._busy += 1
            elif status >= 500:
                self._faults += 1
            elif status >= 400:
                self._refusals += 1

    def taken(self) -> Mapping[str, int]:
        """What there is to tell since the last time, in the log's own keys; `slowest` in milliseconds."""
        with self._lock:
            told = {
                "seconds": round(monotonic() - self._since),
                "answers": self._answers,
                "refusals": self._refusals,
                "busy": self._busy,
                "faults": self._faults,
                "slowest": self._slowest,
            }
            self._begin()
        return told | _memory()


def _memory() -> dict[str, int]:
    """What the process holds, where the platform says so."""
    if not sys.platform.startswith("linux"):
        return {}
    return {"megabytes": int(_STATM.read_text("ascii").split()[1]) * _PAGE_BYTES // 1_000_000}
