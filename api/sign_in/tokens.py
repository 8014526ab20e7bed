"""Bearer tokens for programs, on evaluation stores: 256 random bits, of which only the hash is kept, for some hours."""

import hashlib
import json
from datetime import datetime, timedelta

from api.sign_in.refused import SignInRefused
from forum.access.actors import Actor, Purpose, Role, SignedInBy
from graph.errors import NotKept
from graph.periods import moment_text, read_moment
from graph.records import ActorId, ForumId
from graph.store.boundary import Shelf

TOKEN_BYTES = 32
USUAL_HOURS = 12
MOST_HOURS = 24 * 30
# How long what is over is remembered, so that it is known for what it is when it is shown again.
REMEMBERED = timedelta(days=1)


def hash_of(secret: str) -> str:
    """What is kept of a secret in its place."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def keep_token(
    shelf: Shelf, token: str, *, actor: ActorId, role: Role, name: str, agency: str | None, hours: int, now: datetime
) -> None:
    """Keeps a token under its hash, with who may use it; it ends by itself. It lets in as long as their account does."""
    ends_at = now + timedelta(hours=hours)
    held = {
        "actor": actor,
        "role": role.value,
        "name": name,
        "agency": agency,
        "made_at": moment_text(now),
        "ends_at": moment_text(ends_at),
    }
    shelf.keep(f"token:{hash_of(token)}", json.dumps(held), until=ends_at + REMEMBERED, owner=actor)


def actor_of_token(shelf: Shelf, token: str, *, forum: ForumId, purpose: Purpose, now: datetime) -> Actor:
    """Who a token stands for. It counts as freshly signed in. Raises SignInRefused when it is unknown or past its time."""
    handle = hash_of(token)
    try:
        held = json.loads(shelf.kept(f"token:{handle}", now=now))
    except NotKept:
        raise SignInRefused("token-unknown", credential=handle) from None
    if now >= read_moment(held["ends_at"]):
        raise SignInRefused("token-over", credential=handle, actor=ActorId(held["actor"]))
    return Actor(
        id=ActorId(held["actor"]),
        role=Role(held["role"]),
        forum=forum,
        name=held["name"],
        agency=held["agency"],
        purpose=purpose,
        signed_in_at=read_moment(held["made_at"]),
        how=SignedInBy.TOKEN,
        session=handle,
    )
