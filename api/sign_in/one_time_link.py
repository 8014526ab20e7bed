"""The link printed in the terminal that signs in the first person of an evaluation store.

128 random bits, ten minutes, spent once, and only by a POST from the page it opens: a link preview cannot burn it. The code
stands in no log; only its hash is kept.
"""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import quote

from api.errors import NotSignedIn
from api.sign_in.tokens import hash_of
from graph.errors import NotKept
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

CODE_BYTES = 16
LASTS = timedelta(minutes=10)
SIGN_IN_PATH = "/sign-in"


def keep_link(shelf: Shelf, code: str, *, now: datetime) -> None:
    """Makes a code good for ten minutes."""
    shelf.keep(_key(code), "coordinator", until=now + LASTS)


def link_address(base: str, code: str) -> str:
    """The address that opens the sign-in page: `base` is such as http://127.0.0.1:8000."""
    return f"{base}{SIGN_IN_PATH}?code={quote(code)}"


def is_good(shelf: Shelf, code: str, *, now: datetime) -> bool:
    """Whether the code could be spent now. Looking does not spend it."""
    try:
        shelf.kept(_key(code), now=now)
    except NotKept:
        return False
    return True


def spend_link(shelf: Shelf, code: str, *, now: datetime) -> None:
    """Spends the code; it is good for nobody after that. Raises NotSignedIn when it is unknown, spent or too old."""
    try:
        shelf.take(_key(code), now=now)
    except NotKept:
        raise NotSignedIn("This link has been used or is too old. Start Kith again to get a new one.") from None


def first_person(forum: ForumId) -> ActorId:
    """The id of the person whom the link signs in: the same at every start of a store."""
    return ActorId(hashlib.sha256(f"first person of {forum}".encode()).hexdigest()[:32])


def _key(code: str) -> str:
    return f"sign_in_link:{hash_of(code)}"
