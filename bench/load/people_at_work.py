"""Who asks: a hundred people of the forum with tokens, roles and grants, so that nobody alone asks more than people do."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.main import KINDS
from api.sign_in.tokens import keep_token
from forum.access.actors import Actor, Role, SignedInBy
from forum.access.grants import Reason, give_grant
from forum.access.policy import house_scope
from forum.audit import record_change
from graph.records import ActorId, RecordId, new_id
from graph.store import open_store
from graph.store.boundary import Store, WriteKey

SEATS: Mapping[Role, int] = {
    Role.COORDINATOR: 10,
    Role.CHAIR: 6,
    Role.PRACTITIONER: 50,
    Role.PANEL_MEMBER: 20,
    Role.REFERRER: 14,
}
# How many referrals each is allocated, or accepted for through an item.
REFERRALS_EACH: Mapping[Role, int] = {Role.PRACTITIONER: 6, Role.PANEL_MEMBER: 12}
HOURS = 12
OPERATOR = ActorId("load")


@dataclass(slots=True)
class Person:
    """Somebody at work. `referrals` are theirs by a grant, by the number they have in the case.

    `own` and `tag`: the one referral that they alone change, and the tag of what they last read of it; `note` is what they last
    wrote there, `kept_note` what was last acknowledged. `written`: where everything stands that they made.
    """

    role: Role
    token: str
    referrals: tuple[int, ...] = ()
    written: list[str] = field(default_factory=list)
    own: str = ""
    tag: str = ""
    note: str = ""
    kept_note: str = ""
    changing: bool = False
    next_page: str = ""


def give_everyone_a_seat(path: Path, ids: Mapping[str, RecordId], *, referrals: int, seed: int = 1) -> list[Person]:
    """Makes tokens and grants in the store of a service that is not running yet; the same seed gives the same shares of work."""
    chance = random.Random(f"seats {seed}")
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{path}", KINDS)
    try:
        return [_seat(store, role, ids, referrals, chance, now) for role, seats in SEATS.items() for _ in range(seats)]
    finally:
        store.close()


def _seat(store: Store, role: Role, ids: Mapping[str, RecordId], referrals: int, chance: random.Random, now: datetime) -> Person:
    actor, token = ActorId(new_id()), secrets.token_hex(32)
    keep_token(store.shelf, token, actor=actor, role=role, name="", agency=None, hours=HOURS, now=now)
    theirs = tuple(chance.sample(range(referrals), REFERRALS_EACH.get(role, 0)))
    if theirs:
        _grant(store, actor, role, [ids[f"R{number}"] for number in theirs], now)
    return Person(role, token, theirs)


def _grant(store: Store, actor: ActorId, role: Role, covers: list[RecordId], now: datetime) -> None:
    forum = store.about().forum
    operator = Actor(id=OPERATOR, role=Role.ADMINISTRATOR, forum=forum, signed_in_at=now, how=SignedInBy.COMMAND)
    because = Reason.PANEL_ITEM if role is Role.PANEL_MEMBER else Reason.ALLOCATED
    with store.write(house_scope(forum), key=WriteKey(f"load:{actor}", "grant"), by=OPERATOR, now=now) as writer:
        given = give_grant(
            writer, to=actor, covers=covers, because=because, until=now + timedelta(hours=HOURS), given_by=OPERATOR, now=now,
            starts=now - timedelta(days=14),
        )  # fmt: skip
        record_change(writer, operator, "give_grant", resources=(given.id, *covers), about=(), now=now)
