"""Records and their stored values, once for both stores. It refuses what it cannot store exactly.

A stored body is a JSON-ready dictionary with every field of the record, its frame (id, forum, version …) included: a day is
`2026-11-21`, a moment the fixed-width text of `graph.periods.moment_text`, an enumeration its code, a tuple a list, an entry
a dictionary. What comes back from `read_record` equals what went into `stored`.
"""

import dataclasses
import math
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any

from graph.errors import CannotStoreExactly
from graph.periods import is_moment, moment_text
from graph.records import Record, cache, hints_of
from graph.store.hidden_citations import put_back, visible

__all__ = ["put_back", "read_record", "stored", "visible"]

Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]

_LARGEST = 2**63 - 1
_MOMENT_WIDTH = 27


def stored(record: Record) -> dict[str, Any]:
    """The stored body of a record, frame included. CannotStoreExactly when a value would not come back as it went in."""
    return {name: encode(getattr(record, name)) for name, encode, _ in _fields(type(record))}


def read_record(kinds_by_name: Mapping[str, type[Record]], kind: str, body: Mapping[str, Any]) -> Record:
    """The record of a stored body. A field the body lacks takes its default; one the kind does not know is refused."""
    cls = kinds_by_name.get(kind)
    if cls is None:
        raise CannotStoreExactly
    record: Record = _read(cls, body)
    return record


def _read(cls: type[Any], body: Mapping[str, Any]) -> Any:
    names, decoded = _reading(cls)
    if not body.keys() <= names:
        raise CannotStoreExactly
    values = dict(body)
    for name, decode in decoded:
        if name in values:
            values[name] = decode(values[name])
    return cls(**values)


@cache
def _reading(cls: type[Any]) -> tuple[frozenset[str], tuple[tuple[str, Decode], ...]]:
    """The names of all fields, and how those are read that are not stored just as they are: most are."""
    fields = _fields(cls)
    return frozenset(name for name, _, _ in fields), tuple((name, read) for name, _, read in fields if read is not _as_it_is)


@cache
def _fields(cls: type[Any]) -> tuple[tuple[str, Encode, Decode], ...]:
    hints = hints_of(cls)
    return tuple((declared.name, *_coding(hints[declared.name])) for declared in dataclasses.fields(cls))


def _coding(hint: Any) -> tuple[Encode, Decode]:
    """How values of a declared type are written and read."""
    hint = getattr(hint, "__supertype__", hint)
    arguments = typing.get_args(hint)
    if type(None) in arguments:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _optional(*_coding(inner))
    if typing.get_origin(hint) is tuple:
        return _list_of(*_coding(arguments[0]))
    if dataclasses.is_dataclass(hint):
        return _entry(typing.cast(type[Any], hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enumeration(hint)
    return _PLAIN[hint]


def _optional(encode: Encode, decode: Decode) -> tuple[Encode, Decode]:
    read = _as_it_is if decode is _as_it_is else lambda value: None if value is None else decode(value)
    return lambda value: None if value is None else encode(value), read


def _list_of(encode: Encode, decode: Decode) -> tuple[Encode, Decode]:
    def write(value: Any) -> list[Any]:
        if type(value) is not tuple:
            raise CannotStoreExactly
        return [encode(item) for item in value]

    return write, tuple if decode is _as_it_is else lambda value: tuple([decode(item) for item in value])


def _entry(cls: type[Any]) -> tuple[Encode, Decode]:
    def write(value: Any) -> dict[str, Any]:
        if type(value) is not cls:
            raise CannotStoreExactly
        return {name: encode(getattr(value, name)) for name, encode, _ in _fields(cls)}

    return write, lambda value: _read(cls, value)


def _enumeration(cls: type[Enum]) -> tuple[Encode, Decode]:
    codes: dict[Enum, str] = {member: _code_of(member) for member in cls}
    members = {code: member for member, code in codes.items()}

    def write(value: Any) -> str:
        if not isinstance(value, cls):
            raise CannotStoreExactly
        return codes[value]

    def read(value: Any) -> Enum:
        try:
            return members[value]
        except KeyError as error:
            raise CannotStoreExactly from error

    return write, read


def _code_of(member: Enum) -> str:
    """A word list is stored by its words; any other enumeration by the `code` of each member."""
    if isinstance(member, StrEnum):
        return str(member.value)
    code: str = member.code  # type: ignore[attr-defined]
    return code


def _write_text(value: Any) -> str:
    if type(value) is not str:
        raise CannotStoreExactly
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise CannotStoreExactly from error
    return value


def _write_truth(value: Any) -> bool:
    if type(value) is not bool:
        raise CannotStoreExactly
    return value


def _write_whole_number(value: Any) -> int:
    if type(value) is not int or not -_LARGEST <= value <= _LARGEST:
        raise CannotStoreExactly
    return value


def _write_number(value: Any) -> float:
    if type(value) not in (float, int) or not math.isfinite(value) or float(value) != value:
        raise CannotStoreExactly
    return float(value)


def _write_day(value: Any) -> str:
    if type(value) is not date:
        raise CannotStoreExactly
    return value.isoformat()


def _write_moment(value: Any) -> str:
    if type(value) is not datetime or not is_moment(value):
        raise CannotStoreExactly
    text = moment_text(value)
    if len(text) != _MOMENT_WIDTH:
        raise CannotStoreExactly
    return text


def _as_it_is(value: Any) -> Any:
    return value


_PLAIN: dict[Any, tuple[Encode, Decode]] = {
    str: (_write_text, _as_it_is),
    bool: (_write_truth, _as_it_is),
    int: (_write_whole_number, _as_it_is),
    float: (_write_number, float),
    date: (_write_day, date.fromisoformat),
    datetime: (_write_moment, datetime.fromisoformat),
}
