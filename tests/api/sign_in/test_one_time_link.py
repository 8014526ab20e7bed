"""The link that signs the first person in: spent once, only by a POST from its page, for ten minutes, in no log."""

import re
from datetime import timedelta

import pytest

from api.errors import NotSignedIn
from api.sign_in.one_time_link import CODE_BYTES, LASTS, USED_OR_OLD, first_person, is_good, keep_link, link_address, spend_link
from api.sign_in.refused import SignInRefused
from api.sign_in.web_sessions import COOKIE
from graph.store.boundary import Store
from tests.api.running import BASE, Service
from tests.builders import FORUM, NOW

CODE = "5f" * CODE_BYTES
OWN = {"Origin": BASE}


def test_a_link_is_spent_once(store: Store) -> None:
    keep_link(store.shelf, CODE, now=NOW)
    assert is_good(store.shelf, CODE, now=NOW) and is_good(store.shelf, CODE, now=NOW)
    spend_link(store.shelf, CODE, forum=FORUM, now=NOW)
    assert not is_good(store.shelf, CODE, now=NOW)
    with pytest.raises(NotSignedIn):
        spend_link(store.shelf, CODE, forum=FORUM, now=NOW)


def test_a_link_lasts_ten_minutes(store: Store) -> None:
    assert timedelta(minutes=10) == LASTS
    keep_link(store.shelf, CODE, now=NOW)
    assert is_good(store.shelf, CODE, now=NOW + LASTS - timedelta(seconds=1))
    with pytest.raises(NotSignedIn):
        spend_link(store.shelf, CODE, forum=FORUM, now=NOW + LASTS)


def test_the_shelf_holds_no_code(sqlite_store: Store) -> None:
    keep_link(sqlite_store.shelf, CODE, now=NOW)
    with pytest.raises(NotSignedIn):
        spend_link(sqlite_store.shelf, "another", forum=FORUM, now=NOW)
    assert CODE not in link_address(BASE, "x") and CODE in link_address(BASE, CODE)


@pytest.mark.parametrize(
    ("before", "after", "reason", "whose"),
    [
        ("spent", timedelta(), "link-used", first_person(FORUM)),
        ("kept", LASTS, "link-over", first_person(FORUM)),
        ("kept", LASTS + timedelta(days=1), "link-unknown", None),
        ("never made", timedelta(), "link-unknown", None),
    ],
)
def test_what_is_refused_says_for_the_audit_why(
    sqlite_store: Store, before: str, after: timedelta, reason: str, whose: str | None
) -> None:
    if before != "never made":
        keep_link(sqlite_store.shelf, CODE, now=NOW)
    if before == "spent":
        spend_link(sqlite_store.shelf, CODE, forum=FORUM, now=NOW)
    with pytest.raises(SignInRefused) as refused:
        spend_link(sqlite_store.shelf, CODE, forum=FORUM, now=NOW + after)
    assert (refused.value.reason, refused.value.actor) == (reason, whose)
    assert str(refused.value) == USED_OR_OLD, "the page that shows it says how to get a new one"


def test_the_first_person_is_the_same_at_every_start() -> None:
    assert first_person(FORUM) == first_person(FORUM)
    assert re.fullmatch(r"[0-9a-f]{32}", first_person(FORUM))


def test_opening_the_link_signs_nobody_in_and_spends_nothing(sqlite_service: Service) -> None:
    keep_link(sqlite_service.store.shelf, CODE, now=NOW)
    for _ in range(3):
        assert sqlite_service.client.get(f"/sign-in?code={CODE}").status_code == 200
        sqlite_service.client.head(f"/sign-in?code={CODE}")
    assert COOKIE not in sqlite_service.client.cookies
    signed_in = sqlite_service.client.post("/sign-in", data={"code": CODE}, headers=OWN)
    assert signed_in.status_code == 303
    assert sqlite_service.client.get("/").status_code == 200


def test_the_cookie_has_every_flag_that_a_browser_takes_here(sqlite_service: Service) -> None:
    keep_link(sqlite_service.store.shelf, CODE, now=NOW)
    cookie = sqlite_service.client.post("/sign-in", data={"code": CODE}, headers=OWN).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=28800"} <= {part.strip() for part in cookie.split(";")}


def test_a_link_is_not_spent_by_another_sites_page(sqlite_service: Service) -> None:
    keep_link(sqlite_service.store.shelf, CODE, now=NOW)
    refused = sqlite_service.client.post("/sign-in", data={"code": CODE}, headers={"Origin": "http://evil.example"})
    assert refused.status_code == 403
    assert is_good(sqlite_service.store.shelf, CODE, now=NOW)
