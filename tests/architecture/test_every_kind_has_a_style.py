"""Promise: whatever a map can hold has a shape, words and a line of its own; colour only repeats one of them."""

import json
from typing import Any

from graph.assertions import KIND_BY_CODE, AssertionKind, HowKnown
from graph.incidents import HarmRole
from tests.architecture.tree import ROOT

SYMBOLS: dict[str, Any] = json.loads((ROOT / "visualise" / "symbols.json").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "visualise" / "map_schema.json").read_text(encoding="utf-8"))


def kinds_of_thing() -> set[str]:
    """Every kind of thing that the map's schema admits."""
    kind = SCHEMA["$defs"]["thing"]["properties"]["kind"]
    named = kind.get("$ref", "").rpartition("/")[2]
    return set((SCHEMA["$defs"][named] if named else kind)["enum"])


def test_every_kind_of_thing_on_a_map_has_a_shape_of_its_own_and_words() -> None:
    styles = SYMBOLS["thing"]
    assert set(styles) == kinds_of_thing()
    assert all(style["words"] and style["paths"] for style in styles.values())
    looks = [(tuple(style["paths"]), style["code"], style["fill"]) for style in styles.values()]
    assert len(looks) == len(set(looks)), "two kinds look alike"


def test_two_kinds_of_the_same_shape_differ_by_their_letters_and_not_by_colour_alone() -> None:
    without_colour = [(tuple(style["paths"]), style["code"]) for style in SYMBOLS["thing"].values()]
    assert len(without_colour) == len(set(without_colour))


def test_every_kind_of_assertion_reads_from_either_end() -> None:
    assert len(KIND_BY_CODE) == len(AssertionKind)
    for kind in AssertionKind:
        ends = kind.ends
        assert ends.source, kind
        assert ends.target, kind
        assert "{1}" in ends.reads, kind
        assert "{0}" in ends.reads_back, kind


def test_every_kind_of_assertion_has_its_words_on_a_map() -> None:
    ties = SYMBOLS["tie"]
    assert set(ties) <= set(KIND_BY_CODE)
    # Homes stand on a map drawn with the young person alone, and where somebody lives on none.
    assert set(KIND_BY_CODE) - set(ties) <= {"lives_at"}
    assert all(tie["words"] and tie["meaning"] in SYMBOLS["meaning"] for tie in ties.values())


def test_every_way_of_knowing_has_a_letter_and_a_line_pattern_of_its_own() -> None:
    styles = SYMBOLS["how_known"]
    assert len(styles) == len(HowKnown)
    patterns = [style["dash"] for style in styles.values()]
    assert len(patterns) == len(set(patterns))
    assert styles["H"]["dash"], "hearsay is dotted"


def test_every_role_in_an_event_that_stands_on_a_map_has_a_badge_and_harmed_stands_first() -> None:
    badges = SYMBOLS["role"]
    assert next(iter(badges)) == HarmRole.HARMED.value
    # Protection is a plus on the tie, and a sibling is a line: neither is a badge.
    assert {role.value for role in HarmRole} - set(badges) == {"friend_protective", "sibling"}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_line_colour_stands_out_from_paper_by_three_to_one() -> None:
    colours = {style["colour"] for style in SYMBOLS["meaning"].values()}
    assert all((1.0 + 0.05) / (luminance(colour) + 0.05) >= 3 for colour in colours)
