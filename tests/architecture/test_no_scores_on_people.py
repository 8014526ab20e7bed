"""Promise: no number, grade, rank or prediction attaches to a young person. There is nowhere to put one.

Every number that the code can keep or send (a field of a dataclass or schema, a column, a property of the map's schema) stands
in `NUMBERS` below with what it counts. A new one fails here until somebody has said, in that line, why it is no measure of a
young person; a name that reads like a measure is refused whatever it holds.
"""

import collections.abc
import dataclasses
import enum
import json
import re
import sqlite3
import typing
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from tests.architecture.numbers import NUMBERS, WORDS_OF_MEASURES
from tests.architecture.tree import ROOT, classes_of, product_modules

NUMERIC = (int, float, complex, Decimal, timedelta)
MEASURE = re.compile(
    r"(^|_)(scores?|rank(s|ed|ing)?|grades?|ratings?|risks?|probabilit(y|ies)|likelihood|predict\w*|centralit(y|ies)|degree|betweenness"
    r"|pagerank|severity|priorit(y|ies)|tiers?|points|threat|propensity|danger\w*|influence\w*)($|_)"
)


def is_number(hint: Any) -> bool:
    """Whether a type holds a number anywhere inside it; a yes or no is none, and neither is a code."""
    if isinstance(hint, type) and not typing.get_args(hint):
        if issubclass(hint, enum.Enum):
            return issubclass(hint, enum.IntEnum | enum.IntFlag)
        return issubclass(hint, NUMERIC) and not issubclass(hint, bool)
    supertype = getattr(hint, "__supertype__", None)
    if supertype is not None:
        return is_number(supertype)
    if typing.get_origin(hint) is typing.Literal:
        return any(isinstance(value, int) and not isinstance(value, bool) for value in typing.get_args(hint))
    if typing.get_origin(hint) in (typing.ClassVar, type, collections.abc.Callable):
        return False
    return any(is_number(inner) for inner in typing.get_args(hint) if inner is not ...)


def fields_of_classes() -> Iterator[tuple[str, Any]]:
    """`module.Class.field` and its type for every dataclass, schema and named tuple; an inherited field once, where made."""
    modules = product_modules()
    made = [cls for cls in classes_of(modules) if dataclasses.is_dataclass(cls) or issubclass(cls, BaseModel | tuple)]
    for cls in made:
        own = vars(cls).get("__annotations__", {})
        hints = hints_of(cls)
        yield from ((f"{cls.__module__}.{cls.__name__}.{name}", hints[name]) for name in own)


def hints_of(cls: type[Any]) -> dict[str, Any]:
    """The resolved types of a class. What networkx calls its networks can be written with brackets and not evaluated."""
    networks = SimpleNamespace(MultiDiGraph=dict, MultiGraph=dict, DiGraph=dict, Graph=dict)
    return typing.get_type_hints(cls, localns={"networkx": networks, "nx": networks})


def columns() -> Iterator[tuple[str, str]]:
    """`table.column` and its declared type, from the tables that the migrations really make."""
    with sqlite3.connect(":memory:") as made:
        for text in sorted((ROOT / "graph" / "store" / "migrations").rglob("*.sql")):
            made.executescript(text.read_text(encoding="utf-8"))
        for (table,) in made.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
            for _, column, declared, *_ in made.execute(f"PRAGMA table_info({table})"):
                yield f"{table}.{column}", declared


def map_properties(schema: Any, at: str = "map") -> Iterator[tuple[str, bool]]:
    """Every property that the map's schema describes, by path, and whether it may hold a number."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            if isinstance(inner, dict):
                stated = inner.get("type", ())
                yield f"{at}.{name}", bool({"number", "integer"} & ({stated} if isinstance(stated, str) else set(stated)))
                yield from map_properties(inner, f"{at}.{name}")
        for name, inner in schema.get("$defs", {}).items():
            yield from map_properties(inner, f"map.{name}")
        for name in ("items", "anyOf", "allOf", "oneOf", "then", "if"):
            yield from map_properties(schema.get(name), at)
    elif isinstance(schema, list):
        for inner in schema:
            yield from map_properties(inner, at)


def map_schema() -> Any:
    return json.loads((ROOT / "visualise" / "map_schema.json").read_text(encoding="utf-8"))


def every_number() -> set[str]:
    """Every place in code, schemas, columns and the map that can hold a number."""
    found = {name for name, hint in fields_of_classes() if is_number(hint)}
    found |= {name for name, declared in columns() if declared.upper() in ("INTEGER", "INT", "REAL", "NUMERIC")}
    return found | {name for name, numeric in map_properties(map_schema()) if numeric}


def test_every_number_is_named_with_what_it_counts() -> None:
    unnamed = sorted(every_number() - set(NUMBERS))
    assert not unnamed, (
        "Numbers that nobody has said the meaning of. If one attaches to a young person it may not exist; "
        "otherwise give it a line in tests/architecture/numbers.py:\n" + "\n".join(unnamed)
    )


def test_no_name_reads_like_a_measure_of_somebody() -> None:
    names = (
        {name for name, _ in fields_of_classes()}
        | {name for name, _ in columns()}
        | {name for name, _ in map_properties(map_schema())}
    )
    measures = {name for name in names if MEASURE.search(name.split(".")[-1])}
    assert not sorted(measures - set(WORDS_OF_MEASURES))


def test_the_list_names_nothing_that_is_gone_and_each_line_gives_a_reason() -> None:
    assert not sorted(set(NUMBERS) - every_number())
    assert all(len(reason) > 10 for reason in {**NUMBERS, **WORDS_OF_MEASURES}.values())


def test_a_young_person_has_no_number_but_an_age_and_the_records_version() -> None:
    from graph.people import YoungPerson

    hints = hints_of(YoungPerson)
    assert {name for name, hint in hints.items() if is_number(hint)} == {"age", "version"}


def test_the_map_refuses_a_count_on_a_young_person() -> None:
    """The schema itself, not only our code: nobody else's program can write such a map either."""
    jsonschema = pytest.importorskip("jsonschema")
    things = map_schema()["$defs"]["thing"]
    schema = {"$defs": map_schema()["$defs"], **things}
    plain = {"id": "t1", "kind": "young_person", "label": "AQ", "told": "not_recorded", "at": [0.5, 0.5]}
    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors({**plain, "count": 3})]
    before = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(plain)]
    assert len(errors) > len(before)


def test_no_answer_can_be_sorted_by_what_is_said_of_a_person() -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    asked = {
        parameter["name"]
        for path in described["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for parameter in operation.get("parameters", ())
        if "name" in parameter
    }
    assert asked
    assert not {name for name in asked if name.lower() in ("sort", "order", "order_by", "sort_by", "rank")}
