"""What needs a fresh sign-in leads to a page that explains; a new link brings the person back to what they wanted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import COOKIE, form_token
from forum.access.actors import Role
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.pages.test_signing_in import OURS, a_code

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Moving:
    """The real clock, and what a test adds to it."""

    def __init__(self) -> None:
        self.added = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.added


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture
def service(a_service: Callable[..., Service], clock: Moving) -> Service:
    made = a_service()
    made.house.clock._read = clock
    return made


def signed_in(service: Service) -> TestClient:
    client = service.stranger()
    sign_in(service, client)
    return client


def sign_in(service: Service, client: TestClient) -> str:
    answer = client.post("/sign-in", data={"code": a_code(service)}, headers=OURS)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def picture(service: Service) -> str:
    return f"/api/v1/maps/{service.draw_map('contexts', None, steps=1)}/picture.png"


def actions(service: Service) -> list[tuple[str, str, str]]:
    return [(entry.action, entry.decision, entry.reason) for entry in service.house.store.audit(limit=1000)]


def test_within_five_minutes_a_file_is_simply_fetched(service: Service, clock: Moving) -> None:
    client, path = signed_in(service), picture(service)
    clock.added += timedelta(minutes=4, seconds=55)
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"


def test_later_it_leads_to_a_page_that_explains_and_a_link_brings_one_back(service: Service, clock: Moving) -> None:
    client, path = signed_in(service), picture(service)
    clock.added += timedelta(minutes=6)
    led = client.get(path, headers=BROWSER)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in-again")
    page = client.get("/sign-in-again")
    assert page.status_code == 200 and "kith link" in page.text and "Sign in again to do this" in words_of(page.text)
    assert path not in page.text
    before = str(client.cookies[COOKIE])
    assert sign_in(service, client) == "/sign-in-again"
    assert str(client.cookies[COOKIE]) != before
    after = client.get("/sign-in-again")
    assert "You have signed in again" in words_of(after.text) and f'href="{path}"' in after.text
    assert client.get(path, headers=BROWSER).status_code == 200
    asked = actions(service)
    assert [(decision, reason) for _, decision, reason in asked if reason] == [("refused", "sign-in-again")]
    assert [action for action, _, _ in asked if action.startswith("sign_in")] == ["sign_in", "sign_in_again"]


def test_the_session_before_is_dead_after_it(service: Service, clock: Moving) -> None:
    client = signed_in(service)
    before = str(client.cookies[COOKIE])
    clock.added += timedelta(minutes=6)
    sign_in(service, client)
    old = service.stranger()
    old.cookies.set(COOKIE, before)
    assert old.get("/sessions").status_code == 401
    assert client.get("/sessions").status_code == 200


def test_a_program_with_a_cookie_is_told_403_as_before(service: Service, clock: Moving) -> None:
    client, path = signed_in(service), picture(service)
    clock.added += timedelta(minutes=6)
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "sign-in-again")


def test_through_other_eyes_one_comes_back_through_the_same(service: Service, clock: Moving) -> None:
    client, path = signed_in(service), picture(service)
    form = {"persona": "chair", "form_token": form_token(str(client.cookies[COOKIE]))}
    assert client.post("/look-as", data=form, headers=OURS).status_code == 303
    clock.added += timedelta(minutes=6)
    assert client.get(path, headers=BROWSER).status_code == 303
    assert sign_in(service, client) == "/sign-in-again"
    assert "You look through the eyes of the chair" in words_of(client.get("/sign-in-again").text)
    assert client.get(path, headers=BROWSER).status_code == 200


def test_nothing_is_remembered_for_another_session_or_after_twenty_minutes(service: Service, clock: Moving) -> None:
    client, path = signed_in(service), picture(service)
    clock.added += timedelta(minutes=6)
    assert client.get(path, headers=BROWSER).status_code == 303
    assert sign_in(service, service.stranger()) == "/"
    clock.added += timedelta(minutes=19)
    assert client.get("/sessions").status_code == 200
    clock.added += timedelta(minutes=1)
    assert sign_in(service, client) == "/"


def test_a_session_of_somebody_else_is_not_gone_on_with(service: Service, clock: Moving) -> None:
    """Whoever opens a link in a browser where somebody else is signed in comes in as themselves."""
    client = service.signed_in(Role.CHAIR)
    before = str(client.cookies[COOKIE])
    assert sign_in(service, client) == "/"
    assert "Signed in as coordinator" in words_of(client.get("/sessions").text)
    held = service.house.store.shelf.kept(f"web_session:{hash_of(before)}", now=clock())
    assert '"ended": "replaced"' in held
