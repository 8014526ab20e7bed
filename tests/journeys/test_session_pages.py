"""My sessions, everybody's, and signing in again: axe finds nothing, the keyboard gets everywhere, no script is needed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from forum.access.actors import Role
from tests.api.pages.conftest import start
from tests.journeys.conftest import Served, Watched, serving
from tests.journeys.looking import REACHABLE, find_violations, scrolls_sideways, told_to_a_screen_reader, walk_by_keyboard
from tests.journeys.test_history_pages import session_of

OpenPage = Callable[..., Page]
NAMES = ("my sessions", "open sessions", "sign in again")


@pytest.fixture
def added() -> dict[str, timedelta]:
    """How far a test puts the clock forward."""
    return {"by": timedelta()}


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, added: dict[str, timedelta]) -> Iterator[Served]:
    """Calderwick served for one test, whose clock it may put forward."""
    service = start(tmp_path_factory.mktemp("sessions"))
    service.house.clock._read = lambda: datetime.now(UTC) + added["by"]
    with serving(service) as served:
        yield served


def state_for(served: Served, name: str, coordinator: Any) -> Any:
    return session_of(served, Role.INFORMATION_GOVERNANCE) if name == "open sessions" else coordinator


def path_of(name: str) -> str:
    return {"my sessions": "/sessions", "open sessions": "/sessions/everybody", "sign in again": "/sign-in-again"}[name]


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_wide_narrow_or_in_forced_colours(
    served: Served, open_page: OpenPage, session_of_a_coordinator: Any, name: str
) -> None:
    page = open_page(path_of(name), storage_state=state_for(served, name, session_of_a_coordinator))
    assert find_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert not scrolls_sideways(page)
    assert find_violations(page) == []
    page.emulate_media(forced_colors="active")
    assert find_violations(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_keyboard_gets_everywhere_and_a_screen_reader_is_told_the_same_without_scripts(
    served: Served, open_page: OpenPage, session_of_a_coordinator: Any, name: str
) -> None:
    state = state_for(served, name, session_of_a_coordinator)
    page = open_page(path_of(name), storage_state=state)
    stops = walk_by_keyboard(page)
    assert len(stops) == page.evaluate(REACHABLE)
    assert all(stop["seen"] and stop["marked"] and stop["name"] for stop in stops), stops
    names = [stop["name"] for stop in stops if str(stop["name"]).startswith("End session")]
    assert len(names) == len(set(names))
    without = open_page(path_of(name), storage_state=state, java_script_enabled=False)
    assert told_to_a_screen_reader(without) == told_to_a_screen_reader(open_page(path_of(name), storage_state=state))


def test_a_file_is_fetched_after_signing_in_again_without_scripts(
    own: Served, browser: Browser, added: dict[str, timedelta]
) -> None:
    """Given a sign-in of six minutes ago, when a file is asked for, then a new link leads back to it."""
    watched = Watched(own.base)
    file = f"/api/v1/maps/{own.service.draw_map('contexts', None, steps=1)}/picture.png"
    with browser.new_context(base_url=own.base, java_script_enabled=False, accept_downloads=True) as context:
        watched.watch(context)
        page = context.new_page()
        page.goto(own.link())
        page.get_by_role("button", name="Sign in").click()
        added["by"] += timedelta(minutes=6)
        page.goto(file)
        page.get_by_role("heading", name="Sign in again to do this").wait_for()
        assert page.url == f"{own.base}/sign-in-again"
        page.goto(own.link())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="You have signed in again").wait_for()
        with page.expect_download() as fetched:
            page.get_by_role("link", name="Fetch the file").click()
        assert fetched.value.suggested_filename.endswith(".png")
    assert watched.complaints == []


def test_a_session_is_ended_by_keyboard_and_everywhere(own: Served, browser: Browser) -> None:
    with browser.new_context(base_url=own.base) as here, browser.new_context(base_url=own.base) as there:
        pages = []
        for context in (here, there):
            page = context.new_page()
            page.goto(own.link())
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("link", name="My sessions").click()
            page.get_by_role("heading", name="My sessions").wait_for()
            pages.append(page)
        first, second = pages
        second.get_by_role("button", name="Sign out everywhere").focus()
        second.keyboard.press("Enter")
        second.get_by_role("heading", name="Sign in").wait_for()
        first.reload()
        assert first.get_by_text("You are not signed in, or your sign-in has ended.").is_visible()
        assert first.get_by_text("kith link").first.is_visible()
