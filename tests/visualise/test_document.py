"""The map document: its schema, the checks no schema can make, and bytes that hang on nothing but the facts."""

import copy
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from visualise.document import MapDocument, plain_words
from visualise.errors import UnsoundDocument

EXAMPLE = json.loads((Path(__file__).parent / "examples" / "peer_map.json").read_text("utf-8"))
SCHEMA = json.loads(resources.files("visualise").joinpath("map_schema.json").read_text("utf-8"))


def valid(body: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).is_valid(body)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    body = copy.deepcopy(EXAMPLE)
    change(body)
    return body


REFUSED_BY_SCHEMA: dict[str, Callable[[dict[str, Any]], object]] = {
    "names in coordination mode": lambda body: body["frame"].update(labels="names"),
    "a number on a child": lambda body: body["things"][0].update(count="3"),
    "a risk field on a child": lambda body: body["things"][0].update(risk="high"),
    "a home outside the young person's own map": lambda body: body["things"][2].update(kind="home"),
    "a named adult of concern": lambda body: body["things"][3].update(label="Biggs"),
    "no purpose": lambda body: body["frame"].pop("purpose"),
    "a position outside the area": lambda body: body["things"][0]["at"].update(x=1.2),
    "people on a contexts map": lambda body: body.update(kind="contexts"),
    "an outside address": lambda body: body["things"][0].update(href="https://elsewhere.example/x"),
    "a bidirectional override in a label": lambda body: body["things"][0].update(label="K7\u202e"),
    "a child without told": lambda body: body["things"][0].pop("told"),
}

REFUSED_BY_CODE: dict[str, Callable[[dict[str, Any]], object]] = {
    "where somebody lives": lambda body: body["links"][1].update(kind="lives_at"),
    "a link to nothing": lambda body: body["links"][0].update(to="t9"),
    "a link to itself": lambda body: body["links"][0].update(to="t1"),
    "two subjects on a map of one": lambda body: body["things"][1].update(subject=True),
    "a role at a place": lambda body: body["links"][1]["roles"][0].update(at="to"),
    "a count between people": lambda body: body["links"][0].update(count="3"),
    "another legend": lambda body: body["legend"].pop(),
    "another summary": lambda body: body.update(summary="Nothing to worry about."),
    "a review after the expiry": lambda body: body["frame"].update(review_by="2027-03-01"),
    "an unsorted document": lambda body: body["things"].reverse(),
}


def test_the_example_passes_the_schema_and_the_checks_and_comes_back_the_same() -> None:
    document = MapDocument.from_json(json.dumps(EXAMPLE))
    assert valid(json.loads(document.to_json()))
    assert json.loads(document.to_json()) == EXAMPLE
    assert MapDocument.from_json(document.to_json()) == document


@pytest.mark.parametrize("name", REFUSED_BY_SCHEMA)
def test_what_the_schema_refuses_the_code_refuses_too(name: str) -> None:
    body = changed(REFUSED_BY_SCHEMA[name])
    assert not valid(body)
    with pytest.raises(UnsoundDocument):
        MapDocument.from_json(json.dumps(body))


@pytest.mark.parametrize("name", REFUSED_BY_CODE)
def test_what_no_schema_can_say_is_refused_by_the_checks(name: str) -> None:
    with pytest.raises(UnsoundDocument):
        MapDocument.from_json(json.dumps(changed(REFUSED_BY_CODE[name])))


def test_a_title_that_holds_a_name_is_refused_on_a_map_with_names() -> None:
    def name(body: dict[str, Any]) -> None:
        body["frame"].update(mode="named_working_map", labels="names")

    with pytest.raises(UnsoundDocument, match="title"):
        MapDocument.from_json(json.dumps(changed(name)))


def test_canonical_bytes_have_sorted_keys_no_spaces_and_one_line_feed() -> None:
    data = MapDocument.from_json(json.dumps(EXAMPLE)).to_json()
    again = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert data == again


def test_every_reason_is_given_at_once_and_holds_no_label() -> None:
    def two(body: dict[str, Any]) -> None:
        body["things"][3].update(label="Biggs")
        body["frame"].update(labels="names")

    with pytest.raises(UnsoundDocument) as raised:
        MapDocument.from_json(json.dumps(changed(two)))
    assert len(raised.value.reasons) >= 2
    assert "Biggs" not in str(raised.value)


@pytest.mark.parametrize("text", ["Zoë\u0301", "שלום", "مرحبا", "👩‍👩‍👧‍👦", "Ẹ̀bùn", "a" * 400])
def test_a_label_keeps_its_letters_and_is_never_longer_than_two_hundred(text: str) -> None:
    kept = plain_words(text)
    assert 0 < len(kept) <= 200
    assert "\u202e" not in plain_words(text + "\u202e")
    assert "\u200d" in kept or "\u200d" not in text
