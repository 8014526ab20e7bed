"""Promise: whatever a record says, a page shows it as text; and a template never shows what is not there."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from api.pages.templating import GOVUK_MACROS, make_environment, make_macro_environment

TEMPLATES = Path(__file__).parents[3] / "api" / "pages" / "templates"
HOSTILE = '<img src=x onerror="alert(1)">{{ 7 * 7 }}'
ALL = sorted(TEMPLATES.glob("*.html"))


def test_both_environments_escape_what_they_are_given() -> None:
    for environment in (make_environment(), make_macro_environment()):
        drawn = environment.from_string("{{ given }}").render(given=HOSTILE)
        assert environment.autoescape is True
        assert "<img" not in drawn and "&lt;img" in drawn and "{{ 7 * 7 }}" in drawn


def test_a_name_that_is_not_there_stops_the_page() -> None:
    with pytest.raises(UndefinedError):
        make_environment().from_string("{{ page.nothing }}").render(page={})


@pytest.mark.parametrize(
    "call",
    [
        'govukButton({"text": given})',
        'govukSelect({"id": "a", "name": "a", "label": {"text": given}, "items": [{"value": given, "text": given}]})',
        'govukBreadcrumbs({"items": [{"text": given}]})',
        'govukWarningText({"text": given, "iconFallbackText": "Note"})',
        'govukServiceNavigation({"serviceName": given, "navigation": [{"text": given, "href": "/"}]})',
    ],
)
def test_a_macro_shows_what_it_is_given_as_text(call: str) -> None:
    drawn = make_environment().from_string("{{ " + call + " }}").render(given=HOSTILE)
    assert "<img" not in drawn
    assert "&lt;img" in drawn


def test_every_macro_that_is_named_is_there() -> None:
    assert all(callable(make_environment().globals[name]) for name in GOVUK_MACROS)


@pytest.mark.parametrize("path", ALL, ids=[path.name for path in ALL])
def test_a_template_lets_no_markup_through_and_quotes_every_attribute(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in re.sub(r"\s", "", text)
    assert not re.search(r"[\"']html[\"']\s*:", text), "macros are given text, never html"
    assert not re.search(r"\sstyle=", text) and not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"=\{\{", text), "an attribute without quotes"
    assert "<script" not in text.replace('<script type="module" src="/static/kith.js"></script>', "")
    make_environment().get_template(path.name)
