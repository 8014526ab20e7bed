"""Pages of a list: a cursor means something only to whom it was given, for the question it was given for."""

from typing import Any

import pytest

from api.errors import BadCursor
from api.paging import PageAsked, ask_for_page, page_of
from tests.api.running import Service
from tests.builders import a_location, keep

ITEMS = [f"{number:02}" for number in range(25)]


def asked(cursor: str | None = None, **given: Any) -> PageAsked:
    values = {"actor": "me", "purpose": "incident", "path": "/list", "query": (), "limit": 10, "secret": b"secret"}
    return ask_for_page(**{**values, **given, "cursor": cursor})


def cursor_in(url: str | None) -> str:
    assert url is not None
    return url.partition("cursor=")[2]


def test_pages_follow_one_another_and_end() -> None:
    first = page_of(ITEMS, str, asked())
    second = page_of(ITEMS, str, asked(cursor_in(first.next)))
    third = page_of(ITEMS, str, asked(cursor_in(second.next)))
    assert [*first.items, *second.items, *third.items] == ITEMS
    assert third.next is None and {first.total, second.total, third.total} == {25}


def test_a_page_goes_on_after_an_item_that_is_gone() -> None:
    first = page_of(ITEMS, str, asked())
    left = [item for item in ITEMS if item != first.items[-1]]
    assert page_of(left, str, asked(cursor_in(first.next))).items[0] == "10"


def test_in_another_order_a_list_that_changed_begins_again() -> None:
    backwards = ITEMS[::-1]
    first = page_of(backwards, str, asked())
    left = [item for item in backwards if item != first.items[-1]]
    with pytest.raises(BadCursor):
        page_of(left, str, asked(cursor_in(first.next)))


@pytest.mark.parametrize(
    "other",
    [{"actor": "you"}, {"purpose": "screening"}, {"path": "/other"}, {"query": (("type", "school"),)}, {"secret": b"other"}],
)
def test_a_cursor_for_another_question_is_refused(other: dict[str, Any]) -> None:
    cursor = cursor_in(page_of(ITEMS, str, asked()).next)
    with pytest.raises(BadCursor):
        asked(cursor, **other)


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "A" * 500, "%00"])
def test_a_cursor_that_nobody_gave_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        asked(cursor)


def test_a_list_over_rest_is_paged_with_links(service: Service) -> None:
    keep(service.store, *(a_location(label=f"Place {number}") for number in range(7)))
    coordinator = service.caller()
    path: str | None = "/locations?limit=3"
    found: list[str] = []
    while path:
        answer = coordinator.get(path.removeprefix("/api/v1"))
        body = answer.json()
        found += [item["id"] for item in body["items"]]
        assert body["total"] == {"value": 7, "relation": "exact"}
        assert (f'<{body["next"]}>; rel="next"' == answer.headers.get("Link")) is bool(body["next"])
        path = body["next"]
    assert len(found) == len(set(found)) == 7 and found == sorted(found)


def test_a_cursor_given_to_somebody_else_is_refused(sqlite_service: Service) -> None:
    keep(sqlite_service.store, *(a_location() for _ in range(3)))
    mine = sqlite_service.caller().get("/locations?limit=1").json()["next"].removeprefix("/api/v1")
    refused = sqlite_service.caller().get(mine)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-cursor")


@pytest.mark.parametrize(("limit", "status"), [("1", 200), ("200", 200), ("0", 422), ("201", 422), ("-1", 422), ("x", 422)])
def test_a_page_holds_1_to_200(sqlite_service: Service, limit: str, status: int) -> None:
    assert sqlite_service.caller().get(f"/code-lists?limit={limit}").status_code == status
