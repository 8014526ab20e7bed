"""Every word of a map's document can be heard with scripts off: each thing, each link with its words and codes, and no more."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import MAPS, Served
from tests.journeys.looking import REACHABLE, find_violations, scrolls_sideways, told_to_a_screen_reader, walk_by_keyboard
from visualise.style import words_for

OpenPage = Callable[..., Page]


def document_of(page: Page, path: str) -> dict[str, Any]:
    """The document as a program gets it, for the same reader."""
    answer = page.request.get(f"/api/v1{path}")
    assert answer.ok, answer.status
    found: dict[str, Any] = answer.json()
    return found


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The cells of a table's rows, as they are read."""
    table = page.get_by_role("table", name=caption)
    rows = table.locator("tbody tr").all()
    return [[" ".join(cell.inner_text().split()) for cell in row.locator("th, td").all()] for row in rows]


@pytest.mark.parametrize("name", MAPS)
def test_every_thing_and_link_is_in_the_accessibility_tree_with_scripts_off(
    open_page: OpenPage, maps: dict[str, str], name: str
) -> None:
    page = open_page(maps[name], java_script_enabled=False)
    document = document_of(page, maps[name])
    said = told_to_a_screen_reader(page)
    assert document["things"] and (document["links"] or name.startswith("contexts"))
    assert document["summary"] in said
    for entry in document["legend"]:
        assert entry["words"] in said
    for thing in document["things"]:
        assert thing["label"] in said
    for part in ("purpose", "owner", "marking", "reference"):
        assert document["frame"][part] in said
    for statement in document["frame"]["statements"]:
        assert statement in said


@pytest.mark.parametrize("name", MAPS)
def test_the_tables_hold_each_thing_and_each_link_once_and_nothing_else(
    open_page: OpenPage, maps: dict[str, str], name: str
) -> None:
    page = open_page(maps[name], java_script_enabled=False)
    document = document_of(page, maps[name])
    labels = {thing["id"]: thing["label"] for thing in document["things"]}
    things = [(row[0], row[1], row[2]) for row in rows_of(page, "Who and what is on the map")]
    assert things == [(t["label"], words_for("thing", t["kind"]), t.get("told", "")) for t in document["things"]]
    links = [(row[0], row[1], row[2], row[3], row[4], row[5], row[9]) for row in rows_of(page, "Who says what of whom")]
    assert links == [
        (
            labels[link["from"]],
            link["words"],
            labels[link["to"]],
            words_for("meaning", link["meaning"]),
            f"{link['how_known']}: {words_for('how_known', link['how_known'])}",
            words_for("how_sure", link["how_sure"]),
            "disputed" if link["disputed"] else "",
        )
        for link in document["links"]
    ]


@pytest.mark.parametrize("name", ["peer map", "contexts map"])
def test_a_map_page_in_every_state(open_page: OpenPage, maps: dict[str, str], name: str) -> None:
    page = open_page(maps[name])
    assert find_violations(page) == []
    stops = walk_by_keyboard(page)
    assert len(stops) == page.evaluate(REACHABLE)
    assert all(stop["marked"] and stop["name"] for stop in stops)
    assert page.evaluate("() => document.querySelectorAll('svg a, svg [tabindex]').length") == 0
    page.set_viewport_size({"width": 320, "height": 700})
    assert not scrolls_sideways(page)
    page.emulate_media(forced_colors="active")
    assert find_violations(page) == []
    ground = page.evaluate("() => getComputedStyle(document.querySelector('.kith-picture')).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    page.emulate_media(media="print", forced_colors="none")
    assert page.locator("svg").is_visible() and page.get_by_role("table").first.is_visible()


def test_from_the_front_page_to_a_peer_map_by_keyboard(served: Served, open_page: OpenPage, maps: dict[str, str]) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator(f"main a[href='{maps['peer map']}']").press("Enter")
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_role("heading", name="The same map in words")).to_be_visible()
    page.get_by_role("link", name="In black and white").press("Enter")
    expect(page.get_by_role("img")).to_be_visible()
    page.get_by_role("link", name="Back to REF-01").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral REF-01")
