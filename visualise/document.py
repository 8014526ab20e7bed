"""The map document: what one reader may see of a map, with labels already chosen. Every picture, list and file is made of it.

Things and links are sorted by id. `to_json` gives canonical bytes: UTF-8, NFC, sorted keys, no spaces, one LF at the end;
`read_document` takes them back and refuses anything else than a sound document.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

SCHEMA = "kith-map/1"
MODES = ("with_young_person", "coordination", "named_working_map", "context_only")
THINGS_LIMIT = 150
CONTEXTS_LIMIT = 60
LINKS_LIMIT = 600


@dataclass(frozen=True, slots=True)
class Copy:
    """Whom this copy is for, and its number."""

    for_whom: str
    number: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands round every picture: purpose, owner, days, marking, mode and the three statements."""

    map: str
    reference: str
    title: str
    marking: str
    mode: str
    labels: str
    purpose: str
    owner: str
    drawn_by: str
    drawn_on: date
    facts_as_of: date
    review_by: date
    expires_on: date
    copy: Copy
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader chose to leave out, printed in words."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class LayoutNote:
    """How positions were worked out. `basis` is the digest of the visible things and links used."""

    engine: str
    seed: int
    basis: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Which view of the map this is. `aspect` is the width of the drawing area divided by its height."""

    name: str
    level: str
    aspect: float
    filters: tuple[Filter, ...]
    layout: LayoutNote


@dataclass(frozen=True, slots=True)
class At:
    """A place in the drawing area: shares from the top left, 0 to 1, four decimals; put `by` hand or auto."""

    x: float
    y: float
    by: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One symbol. `at` None means not placed yet. `count` is a number or band in words, never on a young person."""

    id: str
    kind: str
    label: str
    subject: bool
    at: At | None
    count: str | None = None
    guardian: bool = False
    died: bool = False
    told: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role in one event, at the `from` or `to` end of a link."""

    at: str
    role: str


@dataclass(frozen=True, slots=True)
class Link:
    """One statement, or one thing worked out from statements. `source` and `target` are `from` and `to` on the wire."""

    id: str
    source: str
    target: str
    kind: str
    words: str
    meaning: str
    how_known: str
    how_sure: str
    said_by: str
    known_on: date | None
    older: bool
    agencies: int
    disputed: bool
    affected: str | None
    roles: tuple[RoleAt, ...] = ()
    count: str | None = None


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A code that occurs in the document, and what it means."""

    channel: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What was left out of what the reader could see: by a filter, by age, by the level. Never what access hides."""

    by_filter: int = 0
    by_age: int = 0
    by_level: int = 0
    small_counts: bool = False


@dataclass(frozen=True)
class MapDocument:
    """A whole map for one reader. `kind` is peer or contexts."""

    kind: str
    frame: Frame
    view: MapView
    summary: str
    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    legend: tuple[LegendEntry, ...]
    withheld: Withheld

    @cached_property
    def json_bytes(self) -> bytes:
        """The canonical bytes."""
        text = json.dumps(as_json(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return (unicodedata.normalize("NFC", text) + "\n").encode("utf-8")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, in hex: the ETag, and what keeps two pictures on one page apart."""
        return hashlib.sha256(self.json_bytes).hexdigest()

    def to_json(self) -> bytes:
        """The canonical bytes: the same facts in any order give the same bytes."""
        return self.json_bytes

    @classmethod
    def from_json(cls, data: bytes | str) -> "MapDocument":
        """The document in these bytes. UnsoundDocument, with every reason, when it is not one that may be drawn."""
        from visualise.document_reading import read_document

        return read_document(data)


ON_THE_WIRE = {"source": "from", "target": "to", "for_whom": "for"}
LEFT_OUT_WHEN_EMPTY = {Thing: frozenset({"count", "guardian", "died", "told", "href"}), Link: frozenset({"count"})}


def as_json(value: Any) -> Any:
    """A document, or a part of it, as plain values in the shape of the schema."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    optional = LEFT_OUT_WHEN_EMPTY.get(type(value), frozenset())
    body = {
        ON_THE_WIRE.get(part.name, part.name): as_json(getattr(value, part.name))
        for part in fields(value)
        if not (part.name in optional and not getattr(value, part.name))
    }
    return {"schema": SCHEMA, **body} if isinstance(value, MapDocument) else body


def plain_words(text: str, *, otherwise: str = "not named") -> str:
    """A text as it may stand in a document: NFC, no control character and no direction override, at most 200 characters."""
    kept = "".join(sign if _may_stand(sign) else " " for sign in unicodedata.normalize("NFC", text))
    short = " ".join(kept.split())
    if len(short) > 200:
        short = short[:199].rstrip() + "…"
    return short or otherwise


def _may_stand(sign: str) -> bool:
    return not (
        sign < " "
        or "\x7f" <= sign <= "\x9f"
        or "\u202a" <= sign <= "\u202e"
        or "\u2066" <= sign <= "\u2069"
        or "\ud800" <= sign <= "\udfff"
    )
