"""How canonical bytes become a document again: strictly, and only when it is one that may be drawn."""

import dataclasses
import json
import types
import typing
from datetime import date
from typing import Any

from visualise.document import ON_THE_WIRE, SCHEMA, MapDocument
from visualise.document_checks import check_document
from visualise.errors import UnsoundDocument

NO_VALUE: dict[str, Any] = {"guardian": False, "died": False, "count": None, "told": None, "href": None}


def read_document(data: bytes | str) -> MapDocument:
    """The checked document in these bytes. UnsoundDocument for anything else, with every reason that could be found."""
    try:
        body = json.loads(data)
    except ValueError:
        raise UnsoundDocument(("it is not JSON",)) from None
    if not isinstance(body, dict) or body.pop("schema", None) != SCHEMA:
        raise UnsoundDocument(("it is not a map of this version",))
    reasons: list[str] = []
    document: MapDocument | None = _read(MapDocument, body, "", reasons)
    if reasons or document is None:
        raise UnsoundDocument(tuple(reasons))
    check_document(document)
    return document


def _read(wanted: Any, value: Any, path: str, reasons: list[str]) -> Any:
    """One value as the type that a field declares; a reason, and None, where it is another."""
    origin = typing.get_origin(wanted)
    if origin is types.UnionType:
        return None if value is None else _read(typing.get_args(wanted)[0], value, path, reasons)
    if origin is tuple:
        return _read_list(typing.get_args(wanted)[0], value, path, reasons)
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return _read_part(wanted, value, path, reasons)
    if wanted is date:
        return _read_day(value, path, reasons)
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        reasons.append(f"{path or '/'} is of the wrong type")
        return None
    return value


def _read_list(inner: Any, value: Any, path: str, reasons: list[str]) -> Any:
    if not isinstance(value, list):
        reasons.append(f"{path} is not a list")
        return ()
    return tuple(_read(inner, item, f"{path}/{number}", reasons) for number, item in enumerate(value))


def _read_day(value: Any, path: str, reasons: list[str]) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        reasons.append(f"{path} is not a day")
        return None


def _read_part(wanted: type[Any], value: Any, path: str, reasons: list[str]) -> Any:
    if not isinstance(value, dict):
        reasons.append(f"{path or '/'} is not an object")
        return None
    hints = typing.get_type_hints(wanted)
    names = {ON_THE_WIRE.get(part.name, part.name): part for part in dataclasses.fields(wanted)}
    before = len(reasons)
    reasons.extend(f"{path}/ holds a field that no map has" for name in sorted(value) if name not in names)
    given: dict[str, Any] = {}
    for name, part in names.items():
        if name in value:
            if value[name] in (None, False) and name in NO_VALUE:
                reasons.append(f"{path}/{name} is there and empty")
            given[part.name] = _read(hints[part.name], value[name], f"{path}/{name}", reasons)
        elif part.name in NO_VALUE and part.default is not dataclasses.MISSING:
            given[part.name] = NO_VALUE[part.name]
        else:
            reasons.append(f"{path}/{name} is missing")
    return wanted(**given) if len(reasons) == before else None
