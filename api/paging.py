"""Pages of a list: at most 200 items, and a cursor that means something only to the one who was given it, for that question."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from api.conditional import json_bytes
from api.errors import BadCursor

T = TypeVar("T")

MOST = 200
USUAL = 50


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page is asked for: how many items, after which key; and what signs the cursor of the next one."""

    limit: int
    after: str | None
    path: str
    query: tuple[tuple[str, str], ...]
    bound_to: bytes
    secret: bytes

    def next_url(self, last: str) -> str:
        """The address of the page after the item with this key."""
        cursor = _sign(last, self.bound_to, self.secret)
        return f"{self.path}?{urlencode([*self.query, ('limit', str(self.limit)), ('cursor', cursor)])}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page: its items, the address of the next, and how many there are that this reader may see."""

    items: tuple[T, ...]
    next: str | None
    total: int


def ask_for_page(
    *, actor: str, purpose: str, path: str, query: Sequence[tuple[str, str]], limit: int, cursor: str | None, secret: bytes
) -> PageAsked:
    """Reads what was asked. `query` is everything but limit and cursor. Raises BadCursor for a cursor given for anything else."""
    bound_to = json.dumps([actor, purpose, path, sorted(query)]).encode("utf-8")
    after = None if cursor is None else _read(cursor, bound_to, secret)
    return PageAsked(limit, after, path, tuple(query), bound_to, secret)


def page_of(items: Sequence[T], key: Callable[[T], str], asked: PageAsked) -> Page[T]:
    """One page of a whole ordered list; `key` names each item once. In order of the key, or in any other steady order.

    In order of the key a page goes on after an item that is gone; in any other order that is a BadCursor.
    """
    begin = 0 if asked.after is None else _place_after(asked.after, [key(item) for item in items])
    chosen = tuple(items[begin : begin + asked.limit])
    more = begin + asked.limit < len(items)
    return Page(chosen, asked.next_url(key(chosen[-1])) if more else None, len(items))


def list_answer(page: Page[Any], items: Sequence[Any], **besides: Any) -> Response:
    """The answer to a list: `items` as they stand on the wire, one for each of the page's; more fields may be added."""
    body = {"items": list(items), "next": page.next, "total": {"value": page.total, "relation": "exact"}, **besides}
    headers = {"Link": f'<{page.next}>; rel="next"'} if page.next else {}
    return Response(json_bytes(body), headers=headers, media_type="application/json")


def _place_after(after: str, keys: list[str]) -> int:
    if after in keys:
        return keys.index(after) + 1
    if keys == sorted(keys):
        return sum(1 for key in keys if key < after)
    raise BadCursor


def _sign(last: str, bound_to: bytes, secret: bytes) -> str:
    return base64.urlsafe_b64encode(_mark(last, bound_to, secret) + last.encode("utf-8")).decode("ascii").rstrip("=")


def _mark(last: str, bound_to: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, bound_to + b"\x00" + last.encode("utf-8"), hashlib.sha256).digest()[:16]


def _read(cursor: str, bound_to: bytes, secret: bytes) -> str:
    try:
        held = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        last = held[16:].decode("utf-8")
    except (binascii.Error, ValueError):
        raise BadCursor from None
    if not hmac.compare_digest(held[:16], _mark(last, bound_to, secret)):
        raise BadCursor
    return last
