"""The one-time link: opening it spends nothing, pressing the button does, once; signing out ends the session everywhere."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.sign_in.one_time_link import first_person, keep_link, link_address
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import COOKIE, form_token
from tests.api.pages.conftest import BASE, Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.test_no_audit_no_answer import stop_the_audit

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def service(a_service: Callable[..., Service]) -> Iterator[Service]:
    return a_service()


def a_code(service: Service) -> str:
    code = secrets.token_hex(16)
    keep_link(service.house.store.shelf, code, now=service.house.clock())
    return code


def signed_in_by_link(service: Service) -> TestClient:
    client = service.stranger()
    assert client.post("/sign-in", data={"code": a_code(service)}, headers=OURS).status_code == 303
    return client


def test_a_link_that_let_nobody_in_as_the_service_was_unavailable_is_good_again(service: Service, tmp_path: Path) -> None:
    code, client, url = a_code(service), service.stranger(), f"sqlite:///{tmp_path / 'kith.db'}"
    stop_the_audit(url)
    for _ in range(2):
        unavailable = client.post("/sign-in", data={"code": code}, headers=OURS)
        assert unavailable.status_code == 503 and "load this page again" in words_of(unavailable.text)
        assert COOKIE not in client.cookies
    stop_the_audit(url, again=True)
    assert client.post("/sign-in", data={"code": code}, headers=OURS).status_code == 303
    assert service.stranger().post("/sign-in", data={"code": code}, headers=OURS).status_code == 401


def test_opening_the_link_spends_nothing_and_the_button_spends_it_once(service: Service) -> None:
    code, client = a_code(service), service.stranger()
    address = link_address(BASE, code)
    for _ in range(3):
        assert "Sign in" in words_of(client.get(address).text)
    answer = client.post("/sign-in", data={"code": code}, headers=OURS)
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    assert client.get("/").status_code == 200
    again = service.stranger().post("/sign-in", data={"code": code}, headers=OURS)
    assert again.status_code == 401 and "has been used, or is too old" in words_of(again.text)
    assert "has been used, or is too old" in words_of(service.stranger().get(address).text)


def test_the_cookie_keeps_its_flags_and_the_page_tells_nobody_the_session(service: Service) -> None:
    client = service.stranger()
    answer = client.post("/sign-in", data={"code": a_code(service)}, headers=OURS)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower() and "Path=/" in cookie
    assert client.cookies[COOKIE] not in client.get("/").text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}, {}])
def test_another_sites_page_signs_nobody_in(service: Service, headers: dict[str, str]) -> None:
    code, client = a_code(service), service.stranger()
    refused = client.post("/sign-in", data={"code": code}, headers=headers)
    assert refused.status_code == 403 and "nothing was done" in words_of(refused.text)
    assert client.post("/sign-in", data={"code": code}, headers=OURS).status_code == 303, "the link is not spent by a refusal"


def test_signing_in_again_ends_the_session_before(service: Service) -> None:
    client = signed_in_by_link(service)
    before = client.cookies[COOKIE]
    client.post("/sign-in", data={"code": a_code(service)}, headers=OURS)
    old = service.stranger()
    old.cookies.set(COOKIE, before)
    assert old.get("/").status_code == 401


def test_a_link_that_is_over_leaves_whoever_is_signed_in_signed_in(service: Service) -> None:
    client = signed_in_by_link(service)
    refused = client.post("/sign-in", data={"code": "0" * 32}, headers=OURS)
    assert refused.status_code == 401 and "set-cookie" not in refused.headers
    assert client.get("/").status_code == 200


def test_signing_out_ends_the_session_wherever_its_cookie_is_kept(service: Service) -> None:
    client = signed_in_by_link(service)
    session_id = client.cookies[COOKIE]
    token = form_token(session_id)
    assert f'name="form_token" value="{token}"' in client.get("/").text
    answer = client.post("/sign-out", data={"form_token": token}, headers=OURS)
    assert answer.status_code == 303 and "Clear-Site-Data" in answer.headers
    recorded = [entry for entry in service.house.store.audit(limit=1000) if entry.action in ("sign_in", "sign_out")]
    assert [(entry.action, entry.actor, entry.web_session) for entry in recorded] == [
        (action, first_person(service.house.facts.forum), hash_of(session_id)) for action in ("sign_in", "sign_out")
    ]
    kept = service.stranger()
    kept.cookies.set(COOKIE, session_id)
    assert kept.get("/").status_code == 401


def test_signing_out_needs_the_token_of_the_session(service: Service) -> None:
    client = signed_in_by_link(service)
    for data in ({}, {"form_token": "0" * 64}):
        refused = client.post("/sign-out", data=data, headers=OURS)
        assert refused.status_code == 403 and "Load the page again" in words_of(refused.text)
        assert "Your role" not in words_of(refused.text), "it is not the role that is in the way"
    assert client.get("/").status_code == 200
