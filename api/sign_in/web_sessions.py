"""A person's session in the browser: a random id in a cookie, everything else on the shelf under its hash, eight hours."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from api.errors import NotSignedIn
from api.sign_in.tokens import hash_of
from forum.access.actors import Actor, Purpose, Role, SignedInBy
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

SESSION_BYTES = 32
LASTS = timedelta(hours=8)
# On plain loopback HTTP a browser takes no __Host- cookie; this one keeps every flag it does take, and another name.
COOKIE = "kith_evaluation_session"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """Who signs in, and for what purpose they will look at things until they say otherwise.

    `behind` and `signed_in_at`: who really looks, and since when, for one that goes on where another session ended.
    """

    actor: ActorId
    role: Role
    name: str
    agency: str | None = None
    purpose: Purpose = Purpose.FORUM_PREPARATION
    behind: ActorId | None = None
    signed_in_at: datetime | None = None


def open_session(shelf: Shelf, session_id: str, new: NewSession, *, now: datetime) -> None:
    """Keeps a session under the hash of its id. The id is new at every sign-in; an earlier one stays what it was."""
    began = new.signed_in_at or now
    held = {
        "actor": new.actor,
        "role": new.role.value,
        "name": new.name,
        "agency": new.agency,
        "purpose": new.purpose.value,
        "behind": new.behind,
        "signed_in_at": moment_text(began),
    }
    shelf.keep(_key(session_id), json.dumps(held), until=began + LASTS, owner=new.actor)


def actor_of_session(shelf: Shelf, session_id: str, *, forum: ForumId, now: datetime) -> Actor:
    """Who a session belongs to. Raises NotSignedIn when it is unknown, ended or past its eight hours."""
    try:
        held = json.loads(shelf.kept(_key(session_id), now=now))
    except NotKept:
        raise NotSignedIn from None
    return Actor(
        id=ActorId(held["actor"]),
        role=Role(held["role"]),
        forum=forum,
        name=held["name"],
        agency=held["agency"],
        purpose=Purpose(held["purpose"]),
        signed_in_at=read_moment(held["signed_in_at"]),
        how=SignedInBy.WEB_SESSION,
        session=hash_of(session_id),
        behind=ActorId(held["behind"]) if held["behind"] else None,
    )


def end_session(shelf: Shelf, session_id: str) -> None:
    """Ends a session at once, wherever else its cookie is kept."""
    shelf.drop(_key(session_id))


def form_token(session_id: str) -> str:
    """What every form of this session carries: it tells our own pages from another site's, and tells nobody the id."""
    return hashlib.sha256(f"form token of {session_id}".encode()).hexdigest()


def give_cookie(response: Response, session_id: str) -> None:
    """Hands the browser its session."""
    response.set_cookie(COOKIE, session_id, max_age=int(LASTS.total_seconds()), path="/", httponly=True, samesite="lax")


def take_cookie_back(response: Response) -> None:
    """Tells the browser to forget the session and all it kept of this service."""
    # Without a moment at which it ended: the framework would read the real clock for one.
    response.set_cookie(COOKIE, "", max_age=0, path="/", httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def _key(session_id: str) -> str:
    return f"web_session:{hash_of(session_id)}"
