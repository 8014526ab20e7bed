"""The one symbol table: alphabets that cannot be confused, colours that can be read, a style for every kind."""

import hashlib
import json
from importlib import resources

import pytest

from graph.assertions import KIND_BY_CODE
from graph.contexts import CONTEXT_KINDS, Home
from graph.people import AdultOfConcern, ParentCarer, UnnamedPeople, YoungPerson
from visualise.style import contrast_on_white, symbols, text_width, thing_kind_of, wrap_name


def test_the_three_alphabets_stay_apart_under_case_folding() -> None:
    table = symbols()
    known = {code.casefold() for code in table["how_known"]}
    kinds = {one["code"].casefold() for one in table["thing"].values() if one["code"]}
    roles = {one["badge"].rstrip("?") for one in table["role"].values()}
    assert not known & kinds
    assert not known & roles
    assert not kinds & roles
    assert all(len(code) == 1 and code.isupper() for code in table["how_known"])
    assert all(len(role) == 2 and role.islower() for role in roles)


def test_every_colour_of_a_meaning_has_a_contrast_of_six_and_a_half_to_one_on_white() -> None:
    for meaning in symbols()["meaning"].values():
        assert contrast_on_white(meaning["colour"]) >= 6.5


def test_lines_differ_by_pattern_and_weight_without_colour() -> None:
    assert len({one["dash"] for one in symbols()["how_known"].values()}) == 5
    assert [one["width"] for one in symbols()["how_sure"].values()] == [3.2, 2.2, 1.6]


@pytest.mark.parametrize("kind", [*CONTEXT_KINDS, Home, YoungPerson, UnnamedPeople, ParentCarer, AdultOfConcern])
def test_every_kind_that_can_be_tied_has_a_symbol(kind: type) -> None:
    assert thing_kind_of(kind.KIND) in symbols()["thing"]  # type: ignore[attr-defined]


def test_every_kind_of_statement_has_its_words_and_meaning() -> None:
    assert set(symbols()["tie"]) == set(KIND_BY_CODE)
    assert {one["meaning"] for one in symbols()["tie"].values()} <= set(symbols()["meaning"])


def test_a_young_person_is_a_plain_circle_with_nothing_inside() -> None:
    assert symbols()["thing"]["young_person"]["code"] == ""
    assert symbols()["thing"]["young_person"]["fill"] == symbols()["paper"]


def test_no_forbidden_word_stands_in_the_table() -> None:
    text = json.dumps(symbols(), ensure_ascii=False).lower()
    assert not [word for word in ("perpetrator", "nominal", "associate", "influencer", "gang", "risk score") if word in text]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("K7", ("K7",)),
        ("Tollgate Parade frontage", ("Tollgate Parade", "frontage")),
        ("friends who meet at the bandstand near the old swimming baths", ("friends who", "meet at the…")),
    ],
)
def test_names_wrap_to_two_lines_and_end_with_an_ellipsis(name: str, lines: tuple[str, ...]) -> None:
    wrapped = wrap_name(name)
    assert len(wrapped) == len(lines)
    assert wrapped[-1].endswith("…") == lines[-1].endswith("…")
    assert all(text_width(line, 13) <= 14 * text_width("n", 13) for line in wrapped)


def test_what_is_vendored_is_what_the_manifest_says() -> None:
    folder = resources.files("visualise").joinpath("vendored")
    manifest = json.loads(folder.joinpath("MANIFEST.json").read_text("utf-8"))
    assert "vis-network.min.js" in manifest
    for name, one in manifest.items():
        data = (
            resources.files("visualise").joinpath("fonts", name.rsplit("/", 1)[1]).read_bytes()
            if "/" in name
            else folder.joinpath(name).read_bytes()
        )
        assert hashlib.sha256(data).hexdigest() == one["sha256"]
