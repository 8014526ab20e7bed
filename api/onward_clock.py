"""A clock that never goes back, whatever the machine's does: no grant, token or session lives longer for it.

When the machine's clock reads earlier than it has read before, this one goes on from the latest moment seen, at the machine's
pace, until the machine's has caught up. That it was moved back is for whoever asks to record. The latest moment stands on the
shelf, written once a minute at most, so that a start finds it again, short of the last minute.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from api.evaluation_life import last_given_life
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.store.boundary import Store

LATEST = "latest moment seen"
LATEST_LASTS = timedelta(days=3650)
WRITTEN_EVERY = timedelta(minutes=1)
# Clocks are set right by little all the time, and threads read in any order: by less than this is no moving back, and the
# machine's clock has caught up when it is as near as this.
SLACK = timedelta(seconds=5)


def latest_of(store: Store, now: datetime) -> datetime:
    """The later of this moment and the latest that the store has seen: what a command judges and stamps by.

    A store has seen when it was made or last renewed, also where its shelf was lost or it is a copy that came without one.
    """
    seen = max(now, last_given_life(store.about()) or now)
    try:
        return max(seen, read_moment(store.shelf.kept(LATEST, now=now)))
    except NotKept:
        return seen


class OnwardClock:
    """The one clock of a service. Safe to call from any thread; each call gives a moment no earlier than the one before."""

    def __init__(self, read: Callable[[], datetime], store: Store) -> None:
        self._read = read
        self._shelf = store.shelf
        self._lock = threading.Lock()
        self._ahead = timedelta()
        self._moved_back = False
        self._latest = latest_of(store, read())
        self._written = self._latest - WRITTEN_EVERY

    def __call__(self) -> datetime:
        with self._lock:
            read = self._read()
            if self._ahead and read >= self._latest - SLACK:
                self._ahead = timedelta()
            elif read + self._ahead < self._latest - SLACK:
                self._ahead, self._moved_back = self._latest - read, True
            self._latest = max(self._latest, read + self._ahead)
            return self._latest

    def look(self) -> None:
        """Reads the machine's clock and keeps the latest moment, so that what goes by while nobody asks is known."""
        self()
        self.keep_latest()

    def take_moved_back(self) -> bool:
        """Whether the machine's clock was moved back since this was last asked; told once."""
        with self._lock:
            found, self._moved_back = self._moved_back, False
            return found

    def moved_back_again(self) -> None:
        """To be told once more: it could not be recorded."""
        with self._lock:
            self._moved_back = True

    def keep_latest(self, *, at_once: bool = False) -> None:
        """Writes the latest moment down, when the last time was a minute ago or it has to be now."""
        with self._lock:
            if not at_once and self._latest - self._written < WRITTEN_EVERY:
                return
            latest = self._written = self._latest
        self._shelf.keep(LATEST, moment_text(latest), until=latest + LATEST_LASTS)
