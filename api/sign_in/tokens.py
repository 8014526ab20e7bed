"""Bearer tokens for programs, on evaluation stores: 256 random bits, of which only the hash is kept, for some hours."""

import hashlib
import json
from datetime import datetime, timedelta

from api.errors import NotSignedIn
from forum.access.actors import Actor, Purpose, Role, SignedInBy
from forum.access.policy import may_be_one_person
from forum.errors import SeparateDuties
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

TOKEN_BYTES = 32
USUAL_HOURS = 12
MOST_HOURS = 24 * 30


def hash_of(secret: str) -> str:
    """What is kept of a secret in its place."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def keep_token(
    shelf: Shelf, token: str, *, actor: ActorId, role: Role, name: str, agency: str | None, hours: int, now: datetime
) -> None:
    """Keeps a token under its hash, with who may use it; it ends by itself.

    Raises SeparateDuties when the same person holds a token in a role that is kept apart from this one.
    """
    if not may_be_one_person(roles_of(shelf, actor, now=now, tokens_alone=True) | {role}):
        raise SeparateDuties
    held = {"actor": actor, "role": role.value, "name": name, "agency": agency, "made_at": moment_text(now)}
    shelf.keep(f"token:{hash_of(token)}", json.dumps(held), until=now + timedelta(hours=hours), owner=actor)


def actor_of_token(shelf: Shelf, token: str, *, forum: ForumId, purpose: Purpose, now: datetime) -> Actor:
    """Who a token stands for. It counts as freshly signed in. Raises NotSignedIn when it is unknown or past its time."""
    try:
        held = json.loads(shelf.kept(f"token:{hash_of(token)}", now=now))
    except NotKept:
        raise NotSignedIn from None
    return Actor(
        id=ActorId(held["actor"]),
        role=Role(held["role"]),
        forum=forum,
        name=held["name"],
        agency=held["agency"],
        purpose=purpose,
        signed_in_at=read_moment(held["made_at"]),
        how=SignedInBy.TOKEN,
        session=hash_of(token),
    )


def roles_of(shelf: Shelf, actor: ActorId, *, now: datetime, tokens_alone: bool = False) -> frozenset[Role]:
    """Every role in which this actor can ask for something just now, by token or in a session; none when nobody is known."""
    keys = [key for key in shelf.kept_by(actor, now=now) if key.startswith("token:") or not tokens_alone]
    found = set()
    for key in keys:
        try:
            found.add(Role(json.loads(shelf.kept(key, now=now))["role"]))
        except (NotKept, KeyError, TypeError, ValueError):
            continue
    return frozenset(found)
