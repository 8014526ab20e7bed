"""Through each pair of eyes, in a browser: the bar says whose they are; its form works by keyboard and without scripts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from api.cli.first_views import give_first_views
from api.sign_in.personas import PERSONAS, Persona
from graph.records import ActorId
from tests.api.pages.conftest import TODAY, start
from tests.journeys.conftest import Served, Watched, serving
from tests.journeys.looking import REACHABLE, find_violations, scrolls_sideways, walk_by_keyboard

Look = Callable[[Persona], Page]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Calderwick with what its invented people were given to see, served on a port of its own."""
    service = start(tmp_path_factory.mktemp("eyes"))
    give_first_views(service.house.store, service.ids, by=ActorId("command-line"), today=TODAY, now=datetime.now(UTC))
    with serving(service) as served:
        yield served


@pytest.fixture
def look(demo: Served, browser: Browser) -> Iterator[Look]:
    """Signs in by a link, without scripts, and changes to the eyes that are asked for."""
    watched = Watched(demo.base)
    with browser.new_context(base_url=demo.base, java_script_enabled=False) as context:
        watched.watch(context)

        def through(persona: Persona) -> Page:
            page = context.new_page()
            page.goto(demo.link())
            page.get_by_role("button", name="Sign in").click()
            page.get_by_label("Look through the eyes of").select_option(persona.code)
            page.get_by_role("button", name="Change").focus()
            page.keyboard.press("Enter")
            page.get_by_text(f"You look through the eyes of {persona.called}").wait_for()
            return page

        yield through
    assert watched.complaints == []


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda each: each.code)
def test_each_first_page_is_open_to_everybody_wide_and_narrow(
    look: Look, browser: Browser, demo: Served, persona: Persona
) -> None:
    without = look(persona)
    state = without.context.storage_state()
    with browser.new_context(base_url=demo.base, storage_state=state, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(without.url)
        assert find_violations(page) == []
        stops = walk_by_keyboard(page)
        assert len(stops) == page.evaluate(REACHABLE)
        assert all(stop["seen"] and stop["marked"] for stop in stops), stops
        page.set_viewport_size({"width": 320, "height": 700})
        assert not scrolls_sideways(page)
        assert find_violations(page) == []


def test_on_paper_the_bar_says_whose_eyes_these_are_and_offers_nothing(look: Look) -> None:
    page = look(PERSONAS[1])
    page.emulate_media(media="print")
    assert page.get_by_text("You look through the eyes of the chair").is_visible()
    assert not page.get_by_role("button", name="Change").is_visible()
