"""The pages of who opened what: axe finds nothing, narrow or wide, the keyboard gets everywhere, on paper there is the table."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from api.sign_in.web_sessions import COOKIE
from forum.access.actors import Role
from tests.journeys.conftest import Served
from tests.journeys.looking import REACHABLE, find_violations, scrolls_sideways, walk_by_keyboard

OpenPage = Callable[..., Page]


def session_of(served: Served, role: Role) -> Any:
    """What a browser keeps for somebody in this role."""
    client = served.service.signed_in(role)
    return {"cookies": [{"name": COOKIE, "value": str(client.cookies.get(COOKIE)), "url": served.base}], "origins": []}


def open_history(served: Served, open_page: OpenPage, name: str) -> Page:
    """The page in the state that the name says, with lines in it."""
    if name == "what i opened":
        page = open_page(f"/referrals/{served.service.ids['REF-01']}")
        page.goto("/audit/mine")
        return page
    if name == "who opened my cases":
        return open_page("/audit/cases")
    lead = session_of(served, Role.INFORMATION_GOVERNANCE)
    if name == "whose history":
        return open_page("/audit/people", storage_state=lead)
    if name == "nobody matches":
        page = open_page("/audit/people", storage_state=lead)
        page.get_by_label("Whose history do you need?").fill("Nobody")
        page.get_by_role("button", name="Show who saw them").click()
        page.get_by_role("alert").wait_for()
        return page
    open_page(f"/referrals/{served.service.ids['REF-01']}")
    return open_page(f"/audit/people/{served.service.ids['YP01']}", storage_state=lead)


NAMES = ("what i opened", "who opened my cases", "whose history", "nobody matches", "who saw this young person")


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_wide_narrow_or_in_forced_colours(served: Served, open_page: OpenPage, name: str) -> None:
    page = open_history(served, open_page, name)
    assert find_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert not scrolls_sideways(page)
    assert find_violations(page) == []
    page.emulate_media(forced_colors="active")
    assert find_violations(page) == []


def test_the_problem_leads_to_the_field_by_keyboard(served: Served, open_page: OpenPage) -> None:
    page = open_history(served, open_page, "nobody matches")
    page.get_by_role("link", name="No one record matches.").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "person"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "nobody matches"])
def test_the_keyboard_gets_everywhere_and_shows_where_it_is(served: Served, open_page: OpenPage, name: str) -> None:
    page = open_history(served, open_page, name)
    stops = walk_by_keyboard(page)
    assert len(stops) == page.evaluate(REACHABLE)
    assert all(stop["seen"] and stop["marked"] and stop["name"] for stop in stops), stops


def test_on_paper_the_table_stands_without_buttons(served: Served, open_page: OpenPage) -> None:
    page = open_history(served, open_page, "who saw this young person")
    page.emulate_media(media="print")
    assert page.get_by_role("table").is_visible()
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.evaluate("() => getComputedStyle(document.querySelector('thead')).display") == "table-header-group"


def test_whoever_types_a_pseudonym_sees_the_history_with_the_keyboard_alone(served: Served, open_page: OpenPage) -> None:
    open_page(f"/referrals/{served.service.ids['REF-01']}")
    page = open_page("/audit/people", storage_state=session_of(served, Role.INFORMATION_GOVERNANCE), java_script_enabled=False)
    page.get_by_label("Whose history do you need?").focus()
    page.keyboard.type("Y1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit/people/*")
    assert page.get_by_role("cell", name="Show referral").first.is_visible()
    assert "Coordinator" in page.locator("main").inner_text()
