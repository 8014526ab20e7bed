"""A served store and those who ask it: the real service in a process of its own, asked by many at once."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx

from api.sign_in.tokens import keep_token
from forum.access.actors import Role
from graph.records import ActorId, new_id
from graph.store.boundary import Store
from tests.builders import an_account, keep
from tests.conftest import StorePlace, empty_place

T = TypeVar("T")
Ask = Callable[[httpx.AsyncClient], Awaitable[T]]
PATIENCE = 120.0


def a_place(kind: str, folder: Path) -> StorePlace:
    """An empty evaluation store of this kind, made now."""
    folder.mkdir(parents=True, exist_ok=True)
    place = empty_place(kind, folder)
    place.make()
    return place


def let_in(store: Store, count: int, role: Role = Role.COORDINATOR) -> list[str]:
    """Tokens of so many different people in one role."""
    tokens = [secrets.token_hex(32) for _ in range(count)]
    actors = [ActorId(new_id()) for _ in tokens]
    keep(store, *(an_account(actor, role) for actor in actors))
    for token, actor in zip(tokens, actors, strict=True):
        keep_token(store.shelf, token, actor=actor, role=role, name="", agency=None, hours=12, now=datetime.now(UTC))
    return tokens


def all_at_once(base: str, asks: list[Ask[T]]) -> list[T | BaseException]:
    """What each got, or how it ended: nobody waits for anybody else's turn."""

    async def together() -> list[T | BaseException]:
        # The service closes a connection that nobody used for five seconds; we leave it before that.
        limits = httpx.Limits(max_connections=None, keepalive_expiry=2)
        async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, limits=limits) as client:
            return await asyncio.gather(*(ask(client) for ask in asks), return_exceptions=True)

    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, together()).result()


def post(token: str, path: str, body: Any, *, key: str) -> Ask[httpx.Response]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return lambda client: client.post(f"/api/v1{path}", json=body, headers=headers)
