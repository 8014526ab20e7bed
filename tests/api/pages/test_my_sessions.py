"""Where somebody is signed in: listed to them alone, ended one by one or all at once, and by information governance."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from api.sign_in.browsers import UNKNOWN, kind_of_browser
from api.sign_in.one_time_link import first_person
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import COOKIE, form_token, sessions_of
from forum.access.actors import Role
from graph.store.boundary import AuditEntry
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.pages.test_signing_in import OURS, a_code

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"


@pytest.fixture
def service(a_service: Callable[..., Service]) -> Service:
    return a_service(case=None)


def signed_in(service: Service, browser: str) -> TestClient:
    client = service.stranger()
    client.headers["User-Agent"] = browser
    assert client.post("/sign-in", data={"code": a_code(service)}, headers=OURS).status_code == 303
    return client


def send(client: TestClient, path: str, **form: str) -> int:
    token = form_token(str(client.cookies[COOKIE]))
    return client.post(path, data={"form_token": token, **form}, headers=OURS).status_code


def handle(client: TestClient) -> str:
    return hash_of(str(client.cookies[COOKIE]))


def entries(service: Service, *actions: str) -> list[AuditEntry]:
    return [entry for entry in service.house.store.audit(limit=1000) if entry.action in actions]


def test_the_page_lists_begun_last_used_and_kind_of_browser_and_marks_this_one(service: Service) -> None:
    first, second = signed_in(service, FIREFOX), signed_in(service, SAFARI)
    page = first.get("/sessions")
    said = words_of(page.text)
    assert page.status_code == 200 and "You have 2 open sessions." in said
    assert "Firefox on Windows" in said and "Safari on Mac" in said and "Gecko" not in page.text
    assert said.count("this one") == 1
    rows = page.text.split("<tr")[2:]
    assert next(row for row in rows if "this one" in row).count("Firefox on Windows") == 1
    for client in (first, second):
        assert str(client.cookies[COOKIE]) not in page.text
    assert page.headers["Cache-Control"] == "no-store" and 'href="/sessions"' in first.get("/audit/mine").text


def test_one_is_ended_at_once_and_only_by_its_owner(service: Service) -> None:
    first, second, other = signed_in(service, FIREFOX), signed_in(service, SAFARI), service.signed_in(Role.CHAIR)
    assert send(other, "/sessions/end", session=handle(second)) == 404
    assert second.get("/sessions").status_code == 200
    ended_one = handle(second)
    assert send(first, "/sessions/end", session=ended_one) == 303
    assert second.get("/sessions").status_code == 401 and first.get("/sessions").status_code == 200
    (ended,) = entries(service, "end_own_session")
    assert (ended.actor, ended.web_session) == (first_person(service.house.facts.forum), handle(first))
    for gone in (ended_one, "never was"):
        assert send(first, "/sessions/end", session=gone) == 404


def test_ending_this_one_signs_out(service: Service) -> None:
    client = signed_in(service, FIREFOX)
    kept = str(client.cookies[COOKIE])
    answer = client.post("/sessions/end", data={"form_token": form_token(kept), "session": hash_of(kept)}, headers=OURS)
    assert answer.headers["location"] == "/sign-in" and "Clear-Site-Data" in answer.headers
    client.cookies.set(COOKIE, kept)
    assert client.get("/sessions").status_code == 401


def test_signing_out_everywhere_ends_every_session_of_theirs_and_nobody_elses(service: Service) -> None:
    mine = [signed_in(service, FIREFOX) for _ in range(3)]
    theirs = service.signed_in(Role.CHAIR)
    kept = [str(client.cookies[COOKIE]) for client in mine]
    assert send(mine[0], "/sessions/end-all") == 303
    for client, session_id in zip(mine, kept, strict=True):
        client.cookies.clear()
        client.cookies.set(COOKIE, session_id)
        assert client.get("/sessions").status_code == 401
    assert theirs.get("/sessions").status_code == 200
    assert [entry.actor for entry in entries(service, "sign_out_everywhere")] == [first_person(service.house.facts.forum)]


def copy_of(client: TestClient, service: Service) -> TestClient:
    """Another browser with the same cookie, such as it was."""
    copy = service.stranger()
    copy.cookies.set(COOKIE, str(client.cookies[COOKIE]))
    return copy


def test_of_many_changes_of_eyes_at_once_with_one_cookie_one_goes_on(service: Service) -> None:
    client = signed_in(service, FIREFOX)
    copies = [copy_of(client, service) for _ in range(6)]
    with ThreadPoolExecutor(6) as at_once:
        statuses = list(at_once.map(lambda each: send(each, "/look-as", persona="guest"), copies))
    assert sorted(statuses) == [303, *[401] * 5]
    mine = first_person(service.house.facts.forum)
    assert len(sessions_of(service.house.store.shelf, mine, now=service.house.clock())) == 1


def test_a_cookie_in_other_hands_does_not_outlive_signing_out_everywhere_by_changing_eyes(service: Service) -> None:
    for _ in range(3):
        mine, stolen = signed_in(service, FIREFOX), signed_in(service, SAFARI)
        ended = threading.Event()

        def change_eyes(stolen: TestClient = stolen, ended: threading.Event = ended) -> None:
            while send(stolen, "/look-as", persona="guest") == 303 and not ended.wait(0.001):
                pass

        with ThreadPoolExecutor(1) as elsewhere:
            changing = elsewhere.submit(change_eyes)
            time.sleep(0.05)
            assert send(mine, "/sessions/end-all") == 303
            ended.set()
            changing.result()
        assert stolen.get("/sessions").status_code == 401


def test_of_two_who_end_one_session_at_once_one_is_told_that_it_is_not_there(service: Service) -> None:
    first, second = signed_in(service, FIREFOX), signed_in(service, SAFARI)
    gone, copies = handle(second), [copy_of(first, service) for _ in range(4)]
    with ThreadPoolExecutor(4) as at_once:
        statuses = list(at_once.map(lambda each: send(each, "/sessions/end", session=gone), copies))
    assert sorted(statuses) == [303, 404, 404, 404] and second.get("/sessions").status_code == 401


def test_a_session_through_other_eyes_is_listed_to_whoever_looks_and_ended_by_them(service: Service) -> None:
    here, there = signed_in(service, FIREFOX), signed_in(service, SAFARI)
    assert send(there, "/look-as", persona="guest") == 303
    assert "Guest" in words_of(here.get("/sessions").text) and "2 open sessions" in words_of(there.get("/sessions").text)
    assert send(there, "/sessions/end", session=handle(here)) == 303
    assert here.get("/sessions").status_code == 401
    (ended,) = entries(service, "end_own_session")
    assert (ended.actor, ended.role) == (first_person(service.house.facts.forum), "coordinator")


def test_information_governance_sees_everybodys_and_ends_any_and_that_is_recorded(service: Service) -> None:
    lead, chair = service.signed_in(Role.INFORMATION_GOVERNANCE), service.signed_in(Role.CHAIR)
    page = lead.get("/sessions/everybody")
    said = words_of(page.text)
    assert page.status_code == 200 and "2 sessions are open just now." in said
    assert re.search(r"Chair, number [0-9a-f]{8}", said) and "Sam" not in page.text.partition("<main")[2]
    its_handle = handle(chair)
    assert send(lead, "/sessions/everybody/end", session=its_handle) == 303
    assert chair.get("/sessions").status_code == 401
    looked, ended = entries(service, "show_everybodys_sessions", "end_session_of_somebody")
    assert looked.role == ended.role == "information_governance" and len(ended.resources) == 1
    assert ended.actor not in ended.resources
    assert send(lead, "/sessions/everybody/end", session=its_handle) == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INFORMATION_GOVERNANCE])
def test_nobody_else_sees_or_ends_the_sessions_of_others(service: Service, role: Role) -> None:
    client, other = service.signed_in(role), service.signed_in(Role.CHAIR)
    assert client.get("/sessions/everybody").status_code == 403
    assert send(client, "/sessions/everybody/end", session=handle(other)) == 403
    assert other.get("/sessions").status_code == 200 and client.get("/sessions").status_code == 200


@pytest.mark.parametrize("path", ["/sessions/end", "/sessions/end-all", "/sessions/everybody/end"])
def test_no_form_is_taken_without_its_token(service: Service, path: str) -> None:
    client = service.signed_in(Role.INFORMATION_GOVERNANCE)
    for form in ({}, {"form_token": "0" * 64}):
        answer = client.post(path, data={**form, "session": handle(client)}, headers=OURS)
        assert answer.status_code == 403
    assert client.get("/sessions").status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("<script>alert(1)</script>", UNKNOWN),
        ("", UNKNOWN),
    ],
)  # fmt: skip
def test_only_one_of_a_few_phrases_is_kept_of_what_a_browser_says_of_itself(sent: str, said: str) -> None:
    assert kind_of_browser(sent) == said
