"""What anything kept has in common: an id, a forum, a version, a review date, declared fields and citations.

A field says what it shows (`shown_as`) and whom it cites (`cites`). Lists hold entries, which are frozen dataclasses
declared with `entry`; their fields are declared in the same way. Nothing here knows any one kind of record.
"""

import dataclasses
import secrets
import types
import typing
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, NewType, TypeVar, dataclass_transform

RecordId = NewType("RecordId", str)
ForumId = NewType("ForumId", str)
ActorId = NewType("ActorId", str)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def cache(function: F) -> F:
    """Remembers answers about classes; typed as the function itself, since a class counts as a key here."""
    return typing.cast(F, lru_cache(maxsize=None)(function))


def new_id() -> RecordId:
    """128 random bits in hex: no type, no time and no order can be read from it."""
    return RecordId(secrets.token_hex(16))


class FieldClass(StrEnum):
    """What kind of thing a field tells (docs/data-protection.md, field classes)."""

    OPEN = "administrative"
    IDENTITY = "identity"
    CONTACT = "contact"
    NARRATIVE = "narrative"
    SPECIAL = "special"
    VIEWS = "views"
    HARM_ROLE = "harm_role"
    CONTEXT = "context"


class Handling(StrEnum):
    """Who may see a record or statement, code list HANDLING."""

    FRONT_DOOR = "front_door"
    YOUNG_PERSON_AND_WORKER = "young_person_and_worker"
    ALLOCATED_WORKERS = "allocated_workers"
    PANEL_ITEM = "panel_item"
    CONTEXT_ONLY = "context_only"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class FieldFact:
    """What a field declared: its class, whether it cites, can be found by, and is followed by the projection."""

    field_class: FieldClass
    cites: bool = False
    findable: bool = False
    followed: bool = False


_FACT = "kith"


def shown_as(
    field_class: FieldClass, *, default: Any = dataclasses.MISSING, findable: bool = False, followed: bool = False
) -> Any:
    """Declares a plain field: what class of thing it shows, whether records are found by it, whether the projection keeps it."""
    fact = FieldFact(field_class, findable=findable, followed=followed)
    return field(default=default, metadata={_FACT: fact})


def cites(*, default: Any = dataclasses.MISSING, shows: FieldClass = FieldClass.OPEN, followed: bool = True) -> Any:
    """Declares a field that names other records by id: a `RecordId`, `RecordId | None` or `tuple[RecordId, ...]`."""
    return field(default=default, metadata={_FACT: FieldFact(shows, cites=True, followed=followed)})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(cites, shown_as))
def record(cls: type[T]) -> type[T]:
    """Makes a kind of record: frozen, keyword-only, slotted. Fields are declared with `shown_as` and `cites`."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(cites, shown_as))
def entry(cls: type[T]) -> type[T]:
    """Makes an entry of a record's list, declared like a record but without an id of its own."""
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


@record
class Record:
    """Anything kept. `review_on` and `dispose_on` are days; `version` is 0 until it is stored."""

    KIND: ClassVar[str] = ""
    id: RecordId = shown_as(FieldClass.OPEN)
    forum: ForumId = shown_as(FieldClass.OPEN)
    review_on: date = shown_as(FieldClass.OPEN)
    dispose_on: date = shown_as(FieldClass.OPEN)
    version: int = shown_as(FieldClass.OPEN, default=0)
    handling: Handling = shown_as(FieldClass.OPEN, default=Handling.PANEL_ITEM)


R = TypeVar("R", bound=Record)

FRAME_FIELDS = frozenset({"id", "forum", "review_on", "dispose_on", "version", "handling"})


def fact_of(declared: "dataclasses.Field[Any]") -> FieldFact:
    """What a field declared. KeyError when it declared nothing, which a test turns into a failed build."""
    fact: FieldFact = declared.metadata[_FACT]
    return fact


@cache
def hints_of(cls: type[Any]) -> dict[str, Any]:
    """The resolved type of each field of a record or entry."""
    return typing.get_type_hints(cls)


@cache
def entry_type(cls: type[Any], name: str) -> type[Any] | None:
    """The entry class held by a field that is a list of entries, else None."""
    hint = hints_of(cls)[name]
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if isinstance(inner, type) and dataclasses.is_dataclass(inner):
            return inner
    return None


@cache
def is_optional(cls: type[Any], name: str) -> bool:
    """Whether None is allowed in a field."""
    hint = hints_of(cls)[name]
    return typing.get_origin(hint) in (typing.Union, types.UnionType) and type(None) in typing.get_args(hint)


@dataclass(frozen=True, slots=True)
class Citation:
    """One record named by another, and the field that names it; for an entry of a list: `list.field`."""

    field: str
    cited: RecordId


@cache
def citation_readers(cls: type[Any]) -> tuple[tuple[str, Callable[[Any], Iterator[RecordId]]], ...]:
    """For each field of a kind that cites, by name (`list.field` inside entries), how to read the ids from an instance."""
    readers: list[tuple[str, Callable[[Any], Iterator[RecordId]]]] = []
    for declared in dataclasses.fields(cls):
        inner = entry_type(cls, declared.name)
        if inner is not None:
            readers.extend(
                (f"{declared.name}.{name}", _through_list(declared.name, reader)) for name, reader in citation_readers(inner)
            )
        elif fact_of(declared).cites:
            readers.append((declared.name, _plain_reader(declared.name)))
    return tuple(readers)


def _plain_reader(name: str) -> Callable[[Any], Iterator[RecordId]]:
    def read(holder: Any) -> Iterator[RecordId]:
        value = getattr(holder, name)
        if value is None:
            return
        if isinstance(value, tuple):
            yield from value
        else:
            yield value

    return read


def _through_list(name: str, inner: Callable[[Any], Iterator[RecordId]]) -> Callable[[Any], Iterator[RecordId]]:
    def read(holder: Any) -> Iterator[RecordId]:
        for item in getattr(holder, name):
            yield from inner(item)

    return read


def citations_of(record: Record) -> tuple[Citation, ...]:
    """Every citation of a record, without repeats, sorted by field and id."""
    found = {(name, cited) for name, reader in citation_readers(type(record)) for cited in reader(record)}
    return tuple(Citation(name, cited) for name, cited in sorted(found))


def cited_by(record: Record) -> frozenset[RecordId]:
    """Every id that a record cites."""
    return frozenset([cited for _, reader in citation_readers(type(record)) for cited in reader(record)])


def cited_in(record: Record, *fields: str) -> list[RecordId]:
    """The ids that a record cites in these fields, named as in `Citation.field`, in no order and perhaps more than once."""
    return [cited for name, reader in citation_readers(type(record)) if name in fields for cited in reader(record)]


def cites_one_of(record: Record, asked: Set[RecordId], field: str | None) -> bool:
    """Whether a record cites any of these ids: in this field, named as in `Citation.field`, or for None in any."""
    return any(one in asked for one in (cited_by(record) if field is None else cited_in(record, field)))


@cache
def citing_fields(cls: type[Any]) -> tuple[str, ...]:
    """The names of the fields of a kind that cite, as they stand in `Citation.field`, sorted."""
    return tuple(sorted(name for name, _ in citation_readers(cls)))


@cache
def findable_fields(cls: type[Any]) -> tuple[str, ...]:
    """The fields that `View.find` can compare, sorted."""
    return tuple(sorted(d.name for d in dataclasses.fields(cls) if fact_of(d).findable))


@cache
def followed_fields(cls: type[Any]) -> tuple[str, ...]:
    """The fields that the projection keeps, in the order in which they are declared."""
    return tuple(d.name for d in dataclasses.fields(cls) if d.name not in FRAME_FIELDS and fact_of(d).followed)
