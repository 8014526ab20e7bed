"""With a text in every field at once, a real browser builds the same elements, runs only what belongs there and stops nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.attacks.hostile_texts import as_kept
from tests.journeys.hostile_pages import (
    Answers,
    InABrowser,
    answers_with,
    each_label_once,
    open_all,
    opening,
    try_in_a_browser,
)
from tests.telling import Tell

TEXTS = ("</title></script><script>alert(1)</script>", "\"'><img src=//x onerror=alert(1)> {{ 7 * 7 }}")
ACTING = "<p>Words <img src=x onerror=\"alert('said')\"></p>"


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_in_every_field_acts_nowhere_in_a_browser(text: str, browser: Browser, tmp_path: Path, tell: Tell) -> None:
    found = try_in_a_browser(text, browser, tmp_path)
    tell(f"Hostile text in a browser: {found.sentence()}")
    assert found.opened > 40 and found.held > 20
    assert {"export_map_html create_map", "read_map_picture create_map", "show_referral create_referral"} <= set(found.kinds)


def test_the_map_to_explore_is_walked_by_keyboard_and_says_a_hostile_label(browser: Browser, tmp_path: Path) -> None:
    answers = answers_with(TEXTS[0], tmp_path / "borough")
    number = list(answers.documents).index("export_map_html create_map")
    with opening(browser, answers) as at:
        at.open(number)
        page = at.page
        assert page.get_by_role("heading", name="Explore").is_visible()
        page.get_by_role("application").focus()
        said = []
        for key in ("Home", "ArrowRight", "ArrowDown", "ArrowLeft", "Enter", "End", "+", "0"):
            page.keyboard.press(key)
            said.append(page.get_by_role("status").text_content() or "")
        assert all(said) and len(set(said)) > 2
        assert any(as_kept(TEXTS[0]) in words for words in said)
        assert page.locator("#canvas canvas").count() == 1
    assert at.complaints == []


def test_a_page_that_acts_is_seen(browser: Browser) -> None:
    """The watch itself: what runs, what is stopped and what is asked for elsewhere each count as acting."""
    policy = {"content-security-policy": "default-src 'none'"}
    html = {"content-type": "text/html"}
    for headers, page in (
        (html, "<script>alert('said')</script>"),
        (html, ACTING),
        (html, "<iframe src=//elsewhere.example></iframe>"),
        ({**html, **policy}, "<p onclick=x></p><script>alert(1)</script>"),
    ):
        with pytest.raises(AssertionError, match="a page that acts"):
            open_all(browser, Answers({"a page that acts": (headers, page.encode())}, {}))


def test_other_elements_attributes_and_ways_out_are_another_frame(browser: Browser) -> None:
    pages = ("<p>x</p>", "<p><b>x</b></p>", "<p title=x>x</p>", "<a href=/x>x</a>", "<a href=javascript:x>x</a>")
    answers = {page: ({"content-type": "text/html"}, page.encode()) for page in pages}
    frames = {seen.frame for seen in open_all(browser, Answers(answers, {})).values()}
    assert len(frames) == len(pages)
    assert each_label_once(["svg[]", "text[x]", "text[x]", "g[]"]) == ["svg[]", "text[x]", "g[]"]


def test_many_make_one_sentence() -> None:
    found = InABrowser(1, 2, 1, 30, ["a"])
    found.add(InABrowser(1, 2, 2, 40, ["a", "b"]))
    assert found.sentence().startswith("2 texts") and "4 pages, pictures and files of 2 kinds" in found.sentence()
