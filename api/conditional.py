"""How a write is told from its repeat, and a change from a lost update: Idempotency-Key, ETag, If-Match, merge patches."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from api.errors import MissingKey, MissingTag, StaleTag
from graph.records import ActorId
from graph.store.boundary import WriteKey

LONGEST_KEY = 200
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_bytes(value: Any) -> bytes:
    """The bytes of an answer: the same value always gives the same bytes, in the order in which it was made."""
    return _ENCODER.encode(value).encode("utf-8")


def json_bytes_of_lists(lists: Mapping[str, Iterable[Any]]) -> bytes:
    """What `json_bytes` gives for an object whose values are lists, one item at a time.

    A busy place links thousands of pairs: made as one value, all of them and the pieces of their text would be in memory at once.
    """
    written = bytearray()
    for name, items in lists.items():
        written += b"," if written else b"{"
        written += json_bytes(name) + b":["
        for number, item in enumerate(items):
            written += b"," * (number > 0) + json_bytes(item)
        written += b"]"
    return bytes(written + b"}") if written else b"{}"


def tag_of(body: bytes) -> str:
    """The strong ETag of what a viewer was shown: of the bytes, never of a version, so a hidden change does not move it."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def write_key(*, actor: ActorId, method: str, path: str, header: str | None, body: bytes, otherwise: str) -> WriteKey:
    """The key of a write, bound to the actor and the route. `otherwise` is a random key for a method that may come without one.

    Raises MissingKey when a POST has none, or when it is not 1 to 200 printable ASCII characters.
    """
    if header is None and method != "POST":
        header = otherwise
    if header is None or not 1 <= len(header) <= LONGEST_KEY or not all(" " <= sign <= "~" for sign in header):
        raise MissingKey
    bound = "\x00".join((actor, method, path, header))
    return WriteKey(hashlib.sha256(bound.encode("utf-8")).hexdigest(), hashlib.sha256(body).hexdigest())


def demand_tag(header: str | None) -> str:
    """The If-Match header of a change. Raises MissingTag without one; "*" names no tag, and is no tag."""
    if header is None or header.strip() in ("", "*"):
        raise MissingTag
    return header


def compare_tag(header: str, body: bytes) -> None:
    """Raises StaleTag unless the header names the tag of what this viewer is shown now. Weak tags never match."""
    if tag_of(body) not in [given.strip() for given in header.split(",")]:
        raise StaleTag


def is_known(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match header says that the reader has what this tag is of. Weak tags do for reading (RFC 9110)."""
    given = [each.strip().removeprefix("W/") for each in (header or "").split(",")]
    return tag in given or given == ["*"]


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with a JSON Merge Patch applied (RFC 7396): null takes away, objects merge, everything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
