"""The link printed in a terminal that signs in the first person of an evaluation store, and signs them in afresh.

128 random bits, ten minutes, spent once, and only by a POST from the page it opens: a link preview cannot burn it. The code
stands in no log; only its hash is kept.
"""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import quote

from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import REMEMBERED, hash_of
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

CODE_BYTES = 16
LASTS = timedelta(minutes=10)
SIGN_IN_PATH = "/sign-in"
SERVED_AT = "where this store is served"
USED_OR_OLD = "This link has been used, or is too old."


def keep_link(shelf: Shelf, code: str, *, now: datetime) -> None:
    """Makes a code good for ten minutes."""
    shelf.keep(_key(code), moment_text(now + LASTS), until=now + LASTS + REMEMBERED)


def link_address(base: str, code: str) -> str:
    """The address that opens the sign-in page: `base` is such as http://127.0.0.1:8000."""
    return f"{base}{SIGN_IN_PATH}?code={quote(code)}"


def is_good(shelf: Shelf, code: str, *, now: datetime) -> bool:
    """Whether the code could be spent now. Looking does not spend it."""
    try:
        return now < read_moment(shelf.kept(_key(code), now=now))
    except NotKept:
        return False


def spend_link(shelf: Shelf, code: str, *, forum: ForumId, now: datetime) -> datetime:
    """Spends the code; it is good for nobody after that. Until when it was good. Raises SignInRefused when it is not."""
    credential, whose = hash_of(code), first_person(forum)
    try:
        good_until = read_moment(shelf.take(_key(code), now=now))
    except NotKept:
        known = _was_spent(shelf, code, now)
        reason, actor = ("link-used", whose) if known else ("link-unknown", None)
        raise SignInRefused(reason, credential=credential, actor=actor, message=USED_OR_OLD) from None
    shelf.keep(_spent_key(code), "", until=good_until + REMEMBERED)
    if now >= good_until:
        raise SignInRefused("link-over", credential=credential, actor=whose, message=USED_OR_OLD)
    return good_until


def give_link_back(shelf: Shelf, code: str, *, good_until: datetime) -> None:
    """Makes a code good again for the rest of its ten minutes: it was spent, and nobody came in by it."""
    shelf.keep(_key(code), moment_text(good_until), until=good_until + REMEMBERED)
    shelf.drop(_spent_key(code))


def first_person(forum: ForumId) -> ActorId:
    """The id of the person whom the link signs in: the same at every start of a store."""
    return ActorId(hashlib.sha256(f"first person of {forum}".encode()).hexdigest()[:32])


def _was_spent(shelf: Shelf, code: str, now: datetime) -> bool:
    try:
        shelf.kept(_spent_key(code), now=now)
    except NotKept:
        return False
    return True


def _key(code: str) -> str:
    return f"sign_in_link:{hash_of(code)}"


def _spent_key(code: str) -> str:
    return f"sign_in_link_spent:{hash_of(code)}"
