"""Every page, in every state: axe finds nothing, nothing scrolls sideways, the keyboard gets everywhere, no script is needed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Served
from tests.journeys.looking import REACHABLE, find_violations, scrolls_sideways, told_to_a_screen_reader, walk_by_keyboard

OpenPage = Callable[..., Page]
REFERENCE = re.compile(r"reference: \w+")  # of one request, on an error page: another one each time
PAGES = {
    "front": "/",
    "referral about a young person": "/referrals/{REF-01}",
    "referral with a flag": "/referrals/{REF-06}",
    "place": "/contexts/{LOC2}",
    "peer group": "/contexts/{PG3}",
    "referrals": "/referrals",
    "contexts": "/contexts",
    "a wrong choice": "/referrals?sort=name",
    "not there": "/nowhere",
    "sign in without a link": "/sign-in",
}


def path_of(served: Served, name: str) -> str:
    return PAGES[name].format(**served.service.ids)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wide_narrow_or_in_forced_colours(served: Served, open_page: OpenPage, name: str) -> None:
    page = open_page(path_of(served, name))
    assert find_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert not scrolls_sideways(page)
    assert find_violations(page) == []
    page.emulate_media(forced_colors="active")
    assert find_violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_gets_everywhere_and_shows_where_it_is(served: Served, open_page: OpenPage, name: str) -> None:
    page = open_page(path_of(served, name))
    stops = walk_by_keyboard(page)
    assert stops[0]["name"] == "Skip to main content"
    assert len(stops) == page.evaluate(REACHABLE)
    assert all(stop["seen"] and stop["marked"] and stop["name"] for stop in stops), stops


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_with_scripts_off(served: Served, open_page: OpenPage, name: str) -> None:
    path = path_of(served, name)
    without, with_scripts = (told_to_a_screen_reader(open_page(path, java_script_enabled=on)) for on in (False, True))
    assert REFERENCE.sub("", without) == REFERENCE.sub("", with_scripts)


def test_with_scripts_off_the_menu_stays_open_on_a_narrow_screen(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False, viewport={"width": 320, "height": 700})
    assert page.get_by_role("link", name="Contexts", exact=True).is_visible()
    assert not page.locator(".govuk-service-navigation__toggle").is_visible()


def test_the_menu_folds_on_a_narrow_screen_and_opens_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/", viewport={"width": 320, "height": 700})
    toggle = page.get_by_role("button", name="Menu")
    toggle.focus()
    assert not page.get_by_role("link", name="Contexts", exact=True).is_visible()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Contexts", exact=True).is_visible()
    assert find_violations(page) == []


def test_on_paper_there_are_no_buttons_and_no_menu(served: Served, open_page: OpenPage) -> None:
    page = open_page(path_of(served, "referral about a young person"))
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert page.get_by_role("table").first.is_visible()
    header_rows = page.evaluate("() => getComputedStyle(document.querySelector('thead')).display")
    assert header_rows == "table-header-group"
