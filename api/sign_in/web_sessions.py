"""A person's session in the browser: a random id in a cookie, everything else on the shelf under its hash.

It ends after twenty minutes without use, and eight hours after its sign-in whatever is done with it. That it is used is written
down once a minute at most, so it may end after nineteen idle minutes, never after more than twenty. What ended is remembered
for a day, so that its cookie is known for what it is when it comes again.

A session may go on under a new id, once. All that somebody has open ends at one moment, whatever goes on in it meanwhile: each
bears what its owner's last ending of all left behind when it began, and lets nobody in after the next.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import REMEMBERED, hash_of
from forum.access.actors import Actor, Purpose, Role, SignedInBy
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

SESSION_BYTES = 32
LASTS = timedelta(hours=8)
IDLE = timedelta(minutes=20)
WRITTEN_EVERY = timedelta(minutes=1)
# Not every browser takes a __Host- cookie on plain loopback HTTP; this one keeps every flag that all take, and another name.
COOKIE = "kith_evaluation_session"
_KEY, _USED = "web_session:", "web_session_used:"
# How often an end was asked of a session: whoever was first ended it. And what the last ending of all of somebody's left behind.
_ENDS, _ALL_ENDED = "web_session_ends:", "web_sessions_all_ended:"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """Who signs in, and for what purpose they will look at things until they say otherwise.

    `behind` and `signed_in_at`: who really looks, and since when, for one that goes on where another session ended.
    `browser`: its kind in a word or two, as `kind_of_browser` says it.
    """

    actor: ActorId
    role: Role
    name: str
    agency: str | None = None
    purpose: Purpose = Purpose.FORUM_PREPARATION
    behind: ActorId | None = None
    signed_in_at: datetime | None = None
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that holds just now. `handle` names it to its owner, and lets nobody in; `used_at` is true to a minute."""

    handle: str
    owner: ActorId
    role: Role
    began_at: datetime
    used_at: datetime
    browser: str


def open_session(shelf: Shelf, session_id: str, new: NewSession, *, now: datetime) -> None:
    """Keeps a session under the hash of its id. The id is new at every sign-in; an earlier one stays what it was."""
    _open(shelf, session_id, new, _all_ended(shelf, new.behind or new.actor, now), now)


def go_on_as(shelf: Shelf, handle: str, session_id: str, new: NewSession, *, now: datetime) -> None:
    """Ends a session and goes on under a new id; of several at once, one does. It ends with all that were open beside the first.

    Raises SignInRefused when it has ended meanwhile.
    """
    held = _held(shelf, handle, now)
    if held is None or not end_session(shelf, handle, why="replaced", now=now):
        ended = _held(shelf, handle, now)
        reason = f"session-{ended['ended']}" if ended and ended["ended"] else "session-unknown"
        raise SignInRefused(reason, credential=handle, actor=new.behind or new.actor)
    _open(shelf, session_id, new, _began_after(held), now)


def _open(shelf: Shelf, session_id: str, new: NewSession, all_ended: str, now: datetime) -> None:
    signed_in_at = new.signed_in_at or now
    ends_at = signed_in_at + LASTS
    held = {
        "actor": new.actor,
        "role": new.role.value,
        "name": new.name,
        "agency": new.agency,
        "purpose": new.purpose.value,
        "behind": new.behind,
        "signed_in_at": moment_text(signed_in_at),
        "began_at": moment_text(now),
        "ends_at": moment_text(ends_at),
        "browser": new.browser,
        "all_ended": all_ended,
        "ended": "",
    }
    handle = hash_of(session_id)
    shelf.keep(_USED + handle, moment_text(now), until=now + IDLE)
    _keep(shelf, handle, held)


def actor_of_session(shelf: Shelf, session_id: str, *, forum: ForumId, now: datetime) -> Actor:
    """Who a session belongs to, and that it was used. Raises SignInRefused when it is unknown, ended, idle or too old."""
    handle = hash_of(session_id)
    held = _held(shelf, handle, now)
    if held is None:
        raise SignInRefused("session-unknown", credential=handle)
    used_at, owner = _used_at(shelf, handle, now), _owner(held)
    over = _why_over(held, used_at, _all_ended(shelf, owner, now), now)
    if over or used_at is None:
        raise SignInRefused(over, credential=handle, actor=owner)
    if now - used_at >= WRITTEN_EVERY:
        shelf.keep(_USED + handle, moment_text(now), until=now + IDLE)
    return Actor(
        id=ActorId(held["actor"]),
        role=Role(held["role"]),
        forum=forum,
        name=held["name"],
        agency=held["agency"],
        purpose=Purpose(held["purpose"]),
        signed_in_at=read_moment(held["signed_in_at"]),
        how=SignedInBy.WEB_SESSION,
        session=handle,
        behind=ActorId(held["behind"]) if held["behind"] else None,
    )


def end_session(shelf: Shelf, handle: str, *, why: str, now: datetime) -> bool:
    """Ends a session at once, wherever else its cookie is kept; a replay is refused as session- and this `why`.

    True for whoever ended it, one of all who ask at once. Does nothing to one that is unknown or has ended already.
    """
    held = _held(shelf, handle, now)
    if held is None or held["ended"]:
        return False
    first = shelf.count(_ENDS + handle, until=read_moment(held["ends_at"]) + REMEMBERED) == 1
    # Written by whoever came later too: the first may have been stopped between the two.
    _keep(shelf, handle, {**held, "ended": why})
    shelf.drop(_USED + handle)
    return first


def end_all_sessions(shelf: Shelf, owner: ActorId, *, mark: str, now: datetime) -> None:
    """Ends whatever this person has open, and whatever goes on from it at this moment. `mark`: a new one each time."""
    shelf.keep(_ALL_ENDED + owner, mark, until=now + LASTS)


def sessions_of(shelf: Shelf, owner: ActorId, *, now: datetime) -> tuple[OpenSession, ...]:
    """The open sessions of whoever really looks, through whose eyes they may look, the one used last first."""
    found = []
    all_ended = _all_ended(shelf, owner, now)
    for key in shelf.kept_by(owner, now=now):
        handle = key.removeprefix(_KEY)
        held = _held(shelf, handle, now) if key.startswith(_KEY) else None
        used_at = _used_at(shelf, handle, now)
        if held is not None and used_at is not None and not _why_over(held, used_at, all_ended, now):
            found.append(
                OpenSession(
                    handle=handle,
                    owner=owner,
                    role=Role(held["role"]),
                    began_at=read_moment(held["began_at"]),
                    used_at=used_at,
                    browser=held["browser"],
                )
            )
    return tuple(sorted(found, key=lambda each: (each.used_at, each.began_at, each.handle), reverse=True))


def form_token(session_id: str) -> str:
    """What every form of this session carries: it tells our own pages from another site's, and tells nobody the id."""
    return hashlib.sha256(f"form token of {session_id}".encode()).hexdigest()


def give_cookie(response: Response, session_id: str) -> None:
    """Hands the browser its session."""
    response.set_cookie(COOKIE, session_id, max_age=int(LASTS.total_seconds()), path="/", httponly=True, samesite="lax")


def take_cookie_back(response: Response) -> None:
    """Tells the browser to forget the session and all it kept of this service."""
    forget_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def forget_cookie(response: Response) -> None:
    """Tells the browser to forget a session that lets nobody in."""
    # Without a moment at which it ended: the framework would read the real clock for one.
    response.set_cookie(COOKIE, "", max_age=0, path="/", httponly=True, samesite="lax")


def _keep(shelf: Shelf, handle: str, held: dict[str, Any]) -> None:
    until = read_moment(held["ends_at"]) + REMEMBERED
    shelf.keep(_KEY + handle, json.dumps(held), until=until, owner=_owner(held))


def _owner(held: dict[str, Any]) -> ActorId:
    return ActorId(held["behind"] or held["actor"])


def _began_after(held: dict[str, Any]) -> str:
    """The mark of the last ending of all before it began. A session that an earlier Kith kept bears none."""
    mark: str = held.get("all_ended", "")
    return mark


def _all_ended(shelf: Shelf, owner: ActorId, now: datetime) -> str:
    """The mark of this person's last ending of all. It is kept as long as a session of before it could last."""
    try:
        return shelf.kept(_ALL_ENDED + owner, now=now)
    except NotKept:
        return ""


def _held(shelf: Shelf, handle: str, now: datetime) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = json.loads(shelf.kept(_KEY + handle, now=now))
    except NotKept:
        return None
    return held


def _used_at(shelf: Shelf, handle: str, now: datetime) -> datetime | None:
    """When it was last written down as used; None past twenty minutes from then.

    It stands apart from the session: a request that began before an end, and notes its use after it, brings nothing back.
    """
    try:
        return read_moment(shelf.kept(_USED + handle, now=now))
    except NotKept:
        return None


def _why_over(held: dict[str, Any], used_at: datetime | None, all_ended: str, now: datetime) -> str:
    if held["ended"]:
        return f"session-{held['ended']}"
    if all_ended and _began_after(held) != all_ended:
        return "session-signed-out"
    if now >= read_moment(held["ends_at"]):
        return "session-over"
    return "session-idle" if used_at is None else ""
