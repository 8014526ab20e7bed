"""The picture: its frame and legend always there, the same bytes, and nothing in it but what we draw."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.visualise.generated_maps import a_document, a_link, generated_document
from tests.visualise.picture_measure import measure
from visualise.document import At, Filter, MapDocument, Thing
from visualise.errors import PictureTooFull
from visualise.png import ALLOWED
from visualise.svg import draw_svg

EXAMPLE = (Path(__file__).parent / "examples" / "peer_map.json").read_text("utf-8")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}${7*7}<%= 7 %>",
    "=HYPERLINK(1)",
    "مرحبا بالعالم שלום",
    "x" * 200,
    "👩‍👩‍👧‍👦 Zoë Ẹ̀bùn",
    "]]>&lt;!--",
)


@pytest.fixture(scope="module")
def example() -> MapDocument:
    return MapDocument.from_json(EXAMPLE)


def words_in(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


@pytest.mark.parametrize("style", ["colour", "mono"])
@pytest.mark.parametrize("paper", ["screen", "A4", "A3"])
def test_every_picture_carries_its_frame(example: MapDocument, style: str, paper: str) -> None:
    words = words_in(draw_svg(example, style, paper))
    frame = example.frame
    for said in (
        frame.title,
        frame.reference,
        frame.purpose,
        frame.owner,
        frame.copy.number,
        "13 February 2027",
        *frame.statements,
    ):
        assert said in words
    assert words.count(frame.marking) == 2


def test_a_filter_and_what_was_left_out_are_printed(example: MapDocument) -> None:
    things, links = example.things, example.links
    document = a_document(things, links, filters=(Filter("no_worries", "Worries are switched off in this view"),))
    assert "Worries are switched off in this view" in words_in(draw_svg(document))
    assert "1 link is left out because nothing newer than 12 months is known." in words_in(draw_svg(example))


def test_the_legend_in_the_picture_is_the_legend_of_the_document(example: MapDocument) -> None:
    for document in (example, generated_document(3, 14)):
        drawn = measure(draw_svg(document)).legend
        assert drawn == [f"{entry.channel} {entry.code}" for entry in document.legend]


def test_mono_holds_no_colour(example: MapDocument) -> None:
    assert set(re.findall(r"#[0-9a-f]{6}", draw_svg(example, "mono"))) == {"#0b0c0c", "#ffffff"}


def test_only_the_elements_we_draw_with_are_there_and_no_style_or_address() -> None:
    svg = draw_svg(generated_document(5, 12))
    assert set(re.findall(r"<([a-z]+)", svg)) <= ALLOWED
    assert not re.search(r"\sstyle=|href|<style|https?://(?!www\.w3\.org/2000/svg)", svg)
    assert "\r" not in svg
    assert svg.endswith("</svg>\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_label_is_only_ever_text(name: str) -> None:
    things = (
        Thing("t1", "young_person", "K7", True, At(0.2, 0.5, "auto"), told="told"),
        Thing("t2", "location", name, False, At(0.8, 0.5, "auto")),
    )
    svg = draw_svg(
        a_document(things, (a_link("l1", "t1", "t2", words=name, said_by=name, affected="from"),), title=name, purpose=name)
    )
    assert set(re.findall(r"<([a-zA-Z]+)", svg)) <= ALLOWED
    assert measure(svg).link_ids == ["l1"]


def test_a4_that_does_not_fit_comes_out_on_a3_and_what_fits_on_neither_is_refused() -> None:
    assert 'width="1120" height="792"' in draw_svg(generated_document(4, 10), "mono", "A4")[:200]
    full = generated_document(1, 60)
    with pytest.raises(PictureTooFull):
        draw_svg(full, "mono", "A4")


def test_two_hash_seeds_give_the_same_bytes() -> None:
    program = (
        "import hashlib;from visualise.svg import draw_svg;from visualise.document import MapDocument;"
        "from tests.visualise.generated_maps import generated_document as g;from visualise.listing import list_as_html;"
        ""
        "parts = [part for d in (g(2, 12), g(6, 15)) for part in (d.to_json(), draw_svg(d).encode(), list_as_html(d).encode())];"
        "print([hashlib.sha256(part).hexdigest() for part in parts])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_things_without_a_place_stand_under_the_map_and_are_not_lost(example: MapDocument) -> None:
    things = (*example.things[:3], Thing("t4", "adult_of_concern", "held by police", False, None))
    seen = measure(draw_svg(a_document(things, example.links)))
    assert set(seen.symbols) == {"t1", "t2", "t3", "t4"}
    assert seen.symbols["t4"][1] > max(seen.symbols[one][3] for one in ("t1", "t2", "t3"))


def test_more_lines_than_can_leave_one_symbol_apart_are_refused_before_any_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visualise.placement._try", lambda *_given: pytest.fail("tried to place what no picture can hold"))
    hub = Thing("t1", "peer_group", "a group", True, At(0.5, 0.5, "auto"))
    others = tuple(
        Thing(f"t{number}", "young_person", f"K{number}", False, At(number / 50, 0.2, "auto"), told="told")
        for number in range(2, 45)
    )
    links = tuple(a_link(f"l{number}", f"t{number}", "t1") for number in range(2, 45))
    with pytest.raises(PictureTooFull):
        draw_svg(a_document((hub, *others), links))
