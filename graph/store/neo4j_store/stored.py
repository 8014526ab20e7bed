"""What a record looks like as a node, and back to the very body that the codec made.

Words, numbers and truths stand as properties of their own, under the names of their fields, for whoever looks at the
database; a moment is a local datetime in UTC. What a property cannot hold exactly (nothing, lists, entries, citations) stands
together as JSON text in `rest`. Citations are relationships too, named after their field.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from neo4j.time import DateTime

from graph.errors import CannotStoreExactly
from graph.periods import is_moment, moment_text, read_moment
from graph.records import FRAME_FIELDS, Citation, Record, cache, citing_fields, hints_of
from graph.store.boundary import Change

REST = "rest"
ERASED_AT = "erased_at"


def naive_utc(moment: datetime) -> datetime:
    """A moment as the driver may see it: without a zone. CannotStoreExactly unless it is aware and in UTC."""
    if not is_moment(moment):
        raise CannotStoreExactly
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(stored: DateTime) -> datetime:
    """The moment that was stored without a zone."""
    return stored.to_native().replace(tzinfo=UTC)


def text_of(body: Mapping[str, Any]) -> str:
    """A body as JSON text; the same body always gives the same text."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def properties_of(cls: type[Record], body: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a node for a stored body."""
    flat, moments = _flat_fields(cls), _moments(cls)
    properties: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in body.items():
        if value is None or name not in flat:
            rest[name] = value
        else:
            properties[name] = naive_utc(read_moment(value)) if name in moments else value
    properties["kind"] = cls.KIND
    properties[REST] = text_of(rest)
    return properties


def body_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The stored body of a node that is not erased."""
    body = {name: _plain(value) for name, value in properties.items() if name not in _OURS}
    body.update(json.loads(properties[REST]))
    return body


_OURS = frozenset({"kind", REST, ERASED_AT})


def _plain(value: Any) -> Any:
    return moment_text(aware(value)) if isinstance(value, DateTime) else value


@cache
def _flat_fields(cls: type[Record]) -> frozenset[str]:
    """The fields that one property holds exactly: not lists, not entries, not citations."""
    cited = {name.partition(".")[0] for name in citing_fields(cls)}
    return frozenset(
        name for name, hint in hints_of(cls).items() if name in FRAME_FIELDS or (name not in cited and _is_one(hint))
    )


@cache
def _moments(cls: type[Record]) -> frozenset[str]:
    return frozenset(name for name, hint in hints_of(cls).items() if datetime in (hint, *get_args(hint)))


def _is_one(hint: Any) -> bool:
    return not any(getattr(part, "__origin__", part) is tuple for part in (hint, *get_args(hint)))


def change_from(row: Sequence[Any]) -> Change:
    """A change from the values of its node, in the order of the fields of `Change`."""
    revision, position, record, kind, version, at, by, body = row
    return Change(revision, position, record, kind, version, aware(at), by, None if body is None else json.loads(body))


def type_of(field: str) -> str:
    """The relationship type of a citing field: `source` is SOURCE, `named_people.person` is NAMED_PEOPLE_PERSON."""
    return field.replace(".", "_").upper()


def relationship(record: str, citation: Citation) -> dict[str, str]:
    """One citation as a row for the statements that make or drop relationships."""
    return {"record": record, "type": type_of(citation.field), "cited": citation.cited}
