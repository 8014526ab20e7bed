"""What signs somebody in to pages, made some minutes before the clock is moved: each ends by the time that really goes by."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.sign_in.one_time_link import keep_link
from api.sign_in.web_sessions import COOKIE, NewSession, open_session
from forum.access.actors import Role
from graph.records import ActorId, new_id
from graph.store.boundary import Store
from tests.api.running import BASE, Service
from tests.builders import keep_account

# Written out here, and not read from the product: how long each of them holds.
LINK, IDLE, SESSION = timedelta(minutes=10), timedelta(minutes=20), timedelta(hours=8)
# How much longer the old session holds that is asked about: less than it may be idle, so that only its age can end it.
STILL = timedelta(minutes=15)


@dataclass(frozen=True)
class Given:
    """One of them: what it is, when it ends, when it is asked about (both since it was made), and how one sees that it holds.

    Each is asked about once, since using it makes a session last and a link end.
    """

    what: str
    ends: timedelta
    asked: timedelta
    holds: Callable[[Service], bool]


def given_before(store: Store, made_at: datetime, unknown: timedelta) -> list[Given]:
    """A link, a session that nobody uses and one that grows too old, each asked just before its end, at it and after it."""
    moments = (-unknown, timedelta(), unknown + timedelta(seconds=1))
    found = []
    for moment in moments:
        fresh, old = (_a_session(store, made_at, signed_in_at=at) for at in (made_at, made_at - SESSION + STILL))
        found += [
            Given("a link", LINK, LINK + moment, _a_link(store, made_at)),
            Given("a session that nobody used", IDLE, IDLE + moment, fresh),
            Given("a session of eight hours", STILL, STILL + moment, old),
        ]
    return sorted(found, key=lambda each: each.asked)


def _a_link(store: Store, made_at: datetime) -> Callable[[Service], bool]:
    code = secrets.token_hex(16)
    keep_link(store.shelf, code, now=made_at)

    def holds(service: Service) -> bool:
        service.client.cookies.clear()
        spent = service.client.post("/sign-in", data={"code": code}, headers={"Origin": BASE})
        service.client.cookies.clear()
        return spent.status_code == 303

    return holds


def _a_session(store: Store, made_at: datetime, *, signed_in_at: datetime) -> Callable[[Service], bool]:
    actor, secret = ActorId(new_id()), secrets.token_hex(32)
    keep_account(store, actor, Role.COORDINATOR)
    new = NewSession(actor=actor, role=Role.COORDINATOR, name="", signed_in_at=signed_in_at)
    open_session(store.shelf, secret, new, now=made_at)
    return lambda service: service.client.get("/contexts", headers={"Cookie": f"{COOKIE}={secret}"}).status_code == 200
