"""Bearer tokens for programs, on evaluation stores: 256 random bits, of which only the hash is kept, for some hours."""

import hashlib
import json
from datetime import datetime, timedelta

from api.errors import NotSignedIn
from forum.access.actors import Actor, Purpose, Role, SignedInBy
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
    """Keeps a token under its hash, with who may use it; it ends by itself."""
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
