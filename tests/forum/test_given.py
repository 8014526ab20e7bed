"""What was given in is read strictly: every mistake at once, in its place, and never a value echoed."""

from datetime import date

import pytest

from forum.given import NAME_LIMIT, TEXT_LIMIT, Given


def reading(**fields: object) -> tuple[Given, list]:
    mistakes: list = []
    return Given(fields, "", mistakes), mistakes


def test_a_field_nobody_reads_is_a_mistake() -> None:
    given, mistakes = reading(label="Canal bridge", colour="blue")
    given.text("label")
    given.finish()
    assert [(m.pointer, m.code) for m in mistakes] == [("/colour", "unknown-field")]


def test_names_keep_combining_marks_and_emoji_and_lose_only_outer_spaces() -> None:
    given, mistakes = reading(label="  Cafe\u0301 \U0001f3e0 \u05d0\u200d\u05d1  ")
    assert given.text("label") == "Caf\u00e9 \U0001f3e0 \u05d0\u200d\u05d1"
    assert mistakes == []


@pytest.mark.parametrize("acting", ["\u202e", "\u2066", "\u0007", "\x7f", "\u2028", "\n", "\r"])
def test_a_control_or_direction_character_in_a_name_is_refused_not_stripped(acting: str) -> None:
    given, mistakes = reading(label=f"Canal{acting}bridge")
    given.text("label")
    assert [(m.pointer, m.code) for m in mistakes] == [("/label", "control-character")]


def test_a_narrative_may_have_lines_but_no_direction_overrides() -> None:
    given, mistakes = reading(narrative="First.\r\nSecond.\tThird.", reason="a\u202eb")
    assert given.text("narrative", long=True) == "First.\nSecond.\tThird."
    given.text("reason", long=True)
    assert [m.pointer for m in mistakes] == ["/reason"]


@pytest.mark.parametrize(("limit", "long"), [(NAME_LIMIT, False), (TEXT_LIMIT, True)])
def test_text_fits_at_the_limit_and_is_refused_one_above(limit: int, long: bool) -> None:
    given, mistakes = reading(fits="x" * limit, above="x" * (limit + 1))
    assert given.text("fits", long=long) == "x" * limit
    given.text("above", long=long)
    assert [(m.pointer, m.code) for m in mistakes] == [("/above", "too-long")]


def test_half_a_character_is_refused() -> None:
    given, mistakes = reading(label="\ud83d")
    given.text("label")
    assert [m.code for m in mistakes] == ["not-unicode"]


def test_a_day_is_text_or_a_date_and_must_exist() -> None:
    given, mistakes = reading(a="2026-02-28", b=date(2026, 2, 28), c="2026-02-30", d=20260228)
    assert given.day("a") == given.day("b") == date(2026, 2, 28)
    assert (given.day("c"), given.day("d")) == (None, None)
    assert [m.pointer for m in mistakes] == ["/c", "/d"]


def test_a_time_band_is_a_word_or_two_times() -> None:
    given, mistakes = reading(a="night", b=["15:30", "16:15"], c=["25:00", "26:00"], d="after dark")
    assert (given.time_band("a"), given.time_band("b")) == ("night", "15:30-16:15")
    given.time_band("c")
    given.time_band("d")
    assert [m.pointer for m in mistakes] == ["/c", "/d"]


def test_true_is_not_a_number_and_one_is_not_true() -> None:
    given, mistakes = reading(count=True, flag=1)
    given.whole("count", least=1, most=5)
    given.flag("flag")
    assert [m.code for m in mistakes] == ["not-a-whole-number", "not-yes-or-no"]


def test_a_mistake_never_echoes_what_was_typed() -> None:
    given, mistakes = reading(kind="Arlo Quill", received="Arlo Quill", count="Arlo Quill", flag="Arlo Quill")
    given.code("kind", "REF_KIND")
    given.day("received")
    given.whole("count", least=1, most=2)
    given.flag("flag")
    assert len(mistakes) == 4
    assert not any("Arlo" in m.detail or "Arlo" in m.pointer for m in mistakes)


@pytest.mark.parametrize("acting", ["\x1f", "\x0b", "\x0c", "\x85", "\u2028"])
def test_a_control_at_the_end_of_a_text_is_refused_not_stripped(acting: str) -> None:
    given, mistakes = reading(label=f"Canal bridge{acting}", narrative=f"{acting}First.")
    given.text("label")
    given.text("narrative", long=True)
    assert [(m.pointer, m.code) for m in mistakes] == [("/label", "control-character"), ("/narrative", "control-character")]


@pytest.mark.parametrize("day", ["9999-12-31", "3000-01-01", "1899-12-31", "0001-01-01", date(9999, 12, 31)])
def test_a_day_of_no_forum_is_refused(day: object) -> None:
    """From such a day no review or disposal date can be reckoned."""
    given, mistakes = reading(received=day)
    assert given.day("received") is None
    assert [(m.pointer, m.code) for m in mistakes] == [("/received", "not-a-day")]
