"""How much may one person or program ask for in a while? A guard of the service's time, not of anybody's secrets.

What is counted lies in this process and is gone with it: a request costs no write for being counted, and a service that was
started again starts with everybody at rest. What must outlive a restart, referrals, is counted from the store (forum).
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from api.errors import TooManyRequests
from graph.records import ActorId

MINUTE = timedelta(minutes=1)


class Pace:
    """Lets everybody ask so many times in any minute, and tells the next when there is room again. Safe among threads."""

    def __init__(self, most: int, *, within: timedelta = MINUTE) -> None:
        self._most = most
        self._within = within
        self._asked: OrderedDict[ActorId, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def count(self, actor: ActorId, *, now: datetime) -> None:
        """One more request of this actor. Raises TooManyRequests for one too many, which counts as none."""
        with self._lock:
            moments = self._asked.setdefault(actor, deque())
            self._asked.move_to_end(actor)
            self._let_go(moments, now)
            self._forget(now)
            if len(moments) >= self._most:
                raise TooManyRequests(seconds_until(moments[0] + self._within, now))
            moments.append(now)

    def _let_go(self, moments: deque[datetime], now: datetime) -> None:
        """Drops what is past. A clock that was put back leaves moments to come: they are dropped as well, or they would stay."""
        while moments and not timedelta() <= now - moments[0] < self._within:
            moments.popleft()

    def _forget(self, now: datetime) -> None:
        """Nobody stays in memory who has not asked for a while; whoever asked longest ago comes first."""
        while self._asked:
            actor, moments = next(iter(self._asked.items()))
            if (moments and timedelta() <= now - moments[-1] < self._within) or len(self._asked) == 1:
                return
            del self._asked[actor]


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds to wait until a moment, rounded up; one at least."""
    return max(1, ceil((moment - now).total_seconds()))
