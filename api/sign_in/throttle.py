"""How long somebody waits who tries to sign in and fails: a delay that grows with each failure, for an address and an account.

It stands in the store and survives a restart. It grows to a minute and no further, is forgotten after a quarter of an hour, and
waits for wrong tries alone: what is right is let in at any time, so that no stranger shuts anybody out. Nothing that could be
guessed is ever shown here: 128 bits and more.
"""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil

from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.store.boundary import Shelf

FREE_TRIES = 5
LONGEST = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(minutes=15)


def name_of(what: str, whom: str, *, secret: bytes) -> str:
    """Under what an address or an account is counted; neither can be read from it."""
    return hmac.new(secret, f"sign-in delay {what} {whom}".encode(), "sha256").hexdigest()


def seconds_to_wait(shelf: Shelf, names: Collection[str], *, now: datetime) -> int:
    """How many whole seconds any of these still waits; 0 when none does."""
    return max((_left(shelf, name, now) for name in names), default=0)


def count_failure(shelf: Shelf, names: Collection[str], *, now: datetime) -> None:
    """One failure more; from the sixth on each doubles the delay, to a minute."""
    for name in names:
        failures = shelf.count(_counted(name, _since(shelf, name, now)), until=now + FORGOTTEN_AFTER)
        wait = delay_after(failures)
        if wait:
            shelf.keep(_waits(name), moment_text(now + wait), until=now + wait)


def delay_after(failures: int) -> timedelta:
    """The delay after so many failures."""
    past = failures - FREE_TRIES
    return timedelta() if past <= 0 else min(timedelta(seconds=2 ** min(past - 1, 10)), LONGEST)


def _left(shelf: Shelf, name: str, now: datetime) -> int:
    try:
        return ceil((read_moment(shelf.kept(_waits(name), now=now)) - now).total_seconds())
    except NotKept:
        return 0


def _since(shelf: Shelf, name: str, now: datetime) -> str:
    """When the failures began that are counted together: each one keeps them a quarter of an hour longer."""
    key = f"sign_in_failing_since:{name}"
    try:
        since = shelf.kept(key, now=now)
    except NotKept:
        since = moment_text(now)
    shelf.keep(key, since, until=now + FORGOTTEN_AFTER)
    return since


def _counted(name: str, since: str) -> str:
    return f"sign_in_failures:{name}:{since}"


def _waits(name: str) -> str:
    return f"sign_in_waits:{name}"
