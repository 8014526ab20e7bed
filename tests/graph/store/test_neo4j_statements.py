"""Every text sent to Neo4j: the real server plans it, nothing is pasted into it, and nothing forbidden stands in it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.records import citing_fields, findable_fields
from graph.store import neo4j_statements, neo4j_store
from graph.store.neo4j_statements.reading import FIND_BY
from graph.store.neo4j_store.stored import type_of
from tests.builders import ALL_KINDS
from tests.conftest import StorePlace
from tests.neo4j_server import admin_driver

NUMBERS = frozenset({"after", "limit", "others", "until", "revision", "position", "more", "number"})
SCOPE_LISTS = {"created", "granted", "withheld", "open_kinds", "handling", "admitted"}
LISTS = frozenset({"ids", "naming", "seqs", "rows", "changes", "citations", "cited", *SCOPE_LISTS})
MAPS = frozenset({"equal", "facts", "stored"})
FORBIDDEN = {
    "an id of the database's own": r"\b(elementId|id)\s*\(",
    "a procedure": r"\bCALL\s+[a-z]+\.",
    "the server's clock": r"\b(datetime|localdatetime|date|time|timestamp)\s*\(",
    "chance": r"\b(rand|randomUUID)\s*\(",
    "a path of any length": r"\[\s*\w*\s*(:[^\]]*)?\*",
    "a file": r"\bLOAD\s+CSV\b",
}


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every module, by name."""
    for found in pkgutil.iter_modules(neo4j_statements.__path__):
        module = importlib.import_module(f"{neo4j_statements.__name__}.{found.name}")
        for name, value in sorted(vars(module).items()):
            if name.isupper() and not name.startswith("_") and name != "IN_SCOPE":
                texts_of = value if not isinstance(value, str) else {"": value}
                yield from ((f"{found.name}.{name} {key}", text) for key, text in texts_of.items())


TEXTS = dict(texts())


def parameters_of(text: str) -> dict[str, Any]:
    """Something for each parameter, of the sort that the store would send."""
    samples = {**{name: 1 for name in NUMBERS}, **{name: {} for name in MAPS}, **{name: list[str]() for name in LISTS}}
    return {name: samples.get(name, "x") for name in re.findall(r"\$given\.(\w+)", text)}


@pytest.fixture
def session(neo4j_place: StorePlace) -> Iterator[Any]:
    neo4j_place.make()
    with admin_driver().session() as session:
        yield session


def test_there_are_texts_to_look_at() -> None:
    assert len(TEXTS) > 40


def plan_of(session: Any, text: str) -> Any:
    return session.run("EXPLAIN " + text, given=parameters_of(text)).consume().plan


def test_the_real_server_plans_every_text(session: Any) -> None:
    for name, text in TEXTS.items():
        assert plan_of(session, text) is not None, name


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_text_uses_what_the_house_forbids(what: str) -> None:
    assert [name for name, text in TEXTS.items() if re.search(FORBIDDEN[what], text)] == []


def test_all_that_a_text_is_given_is_in_one_map_so_that_its_size_asks_for_no_plan_of_its_own() -> None:
    """A list as a parameter of its own is planned anew for each size: decision 31. `$(` is a label or type, not a parameter."""
    assert {name: found for name, text in TEXTS.items() if (found := re.findall(r"\$(?!given\.|\()\S*", text))} == {}


def test_every_list_has_a_total_order() -> None:
    """A list is collected behind an ORDER BY; what is a set for its reader (who is seen, of which kind) says so here."""
    sets = {"reading.SEEN ", "reading.KINDS_OF "}
    collected = {name for name, text in TEXTS.items() if "RETURN collect(" in text}
    assert {name for name in collected if "ORDER BY" not in TEXTS[name]} == sets


def test_every_text_that_reads_records_for_a_view_holds_the_scope_clause() -> None:
    """Looked for by the clause's first words, in all that a reader or a writer is answered from."""
    unscoped = {"writing.TIED_TO ", "reading.HISTORY "}  # asked only about a record that was found in scope before
    readers = {name for name, text in TEXTS.items() if name.startswith(("reading.", "writing.")) and "RETURN collect(" in text}
    readers |= {"reading.GET ", "writing.STORED ", "writing.PUT_NEXT "}
    erasing = {"writing.ERASE "}
    assert {name for name in readers if "r.forum <> $given.forum" not in TEXTS[name]} == unscoped | erasing


def test_a_journal_or_a_record_is_never_merged() -> None:
    merged = {name for name, text in TEXTS.items() if "MERGE" in text}
    assert merged == {"shelf.KEEP ", "shelf.COUNT ", "schema.MAKE_SCHEMA "}


def test_what_is_sent_is_always_a_text_from_the_statements() -> None:
    """No call of `run` pastes anything together; the one text that is not a constant comes from a migration's file."""
    for path in sorted(Path(neo4j_store.__path__[0]).glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "run":
                assert isinstance(call.args[0], ast.Attribute | ast.Name), f"{path.name}:{call.lineno}"
    for path in sorted(Path(neo4j_statements.__path__[0]).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        built = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Call | ast.FunctionDef)]
        assert built == [], path.name


def test_the_driver_is_made_in_one_place_and_tells_the_vendor_nothing() -> None:
    """The settings are read where they stand: the server of the tests never asks for telemetry, so none would be seen missing."""
    made = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        for path in Path(neo4j_store.__path__[0]).glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "GraphDatabase.driver"
    ]
    assert len(made) == 1
    assert made[0]["telemetry_disabled"] == "True"
    assert made[0]["disable_auto_commit_retries"] == "True"


def test_each_field_to_find_by_has_a_text_and_the_server_uses_its_index(session: Any) -> None:
    findable = {(kind.KIND, field) for kind in ALL_KINDS for field in findable_fields(kind)}
    assert set(FIND_BY) == findable
    for (kind, field), text in FIND_BY.items():
        seeks = [step for step in steps_of(plan_of(session, text)) if "NodeIndexSeek" in step["operatorType"]]
        assert any(f":{kind}({field})" in step["args"]["Details"] for step in seeks), (kind, field)


def test_a_record_is_looked_up_by_its_constraint_and_a_page_by_its_index(session: Any) -> None:
    for name in ("reading.GET ", "reading.SEEN ", "reading.SEVERAL ", "writing.PUT_NEXT ", "writing.CITE ", "reading.FIND "):
        operators = {step["operatorType"].split("@")[0] for step in steps_of(plan_of(session, TEXTS[name]))}
        assert not operators & {"AllNodesScan", "NodeByLabelScan"}, name


def steps_of(plan: Any) -> Iterator[Any]:
    yield plan
    for child in plan.get("children", ()):
        yield from steps_of(child)


def test_no_two_citing_fields_of_a_kind_become_the_same_relationship() -> None:
    for kind in ALL_KINDS:
        fields = citing_fields(kind)
        assert len({type_of(field) for field in fields}) == len(fields), kind.KIND
    assert type_of("named_people.person") == "NAMED_PEOPLE_PERSON"
