"""What somebody asked for that needs a fresh sign-in: remembered for their session, so that they come back to it."""

from datetime import datetime, timedelta

from graph.errors import NotKept
from graph.store.boundary import Shelf

STEP_UP_PATH = "/sign-in-again"
WANTED_FOR = timedelta(minutes=20)


def want(shelf: Shelf, session: str, address: str, *, now: datetime) -> None:
    """Remembers an address of this service, as it was asked for; the latest alone. `session` is the hash of its id."""
    shelf.keep(_key(session), address, until=now + WANTED_FOR)


def wanted_by(shelf: Shelf, session: str, *, now: datetime) -> str:
    """What was asked for last in this session; "" when nothing was, or too long ago."""
    try:
        return shelf.kept(_key(session), now=now)
    except NotKept:
        return ""


def _key(session: str) -> str:
    return f"wanted_with_fresh_sign_in:{session}"
