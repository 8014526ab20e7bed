"""The history on pages: what I opened, who opened my cases, who saw this young person; in words, and nobody by name."""

import re

import httpx
from starlette.testclient import TestClient

from api.pages.presenters.wording import code_words
from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.people import YoungPerson
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of

ORIGIN = {"Origin": "http://localhost"}


def ask(client: TestClient, person: str) -> httpx.Response:
    token = re.search(r'name="form_token" value="(\w+)"', client.get("/audit/people").text)
    assert token is not None
    return client.post("/audit/people", data={"person": person, "form_token": token.group(1)}, headers=ORIGIN)


def test_what_i_opened_names_the_records_that_i_may_still_read(calderwick_service: Service) -> None:
    worker = calderwick_service.signed_in(Role.PRACTITIONER, reads=("REF-01",))
    worker.get(f"/referrals/{calderwick_service.ids['REF-01']}")
    worker.get(f"/referrals/{calderwick_service.ids['REF-03']}")
    page = worker.get("/audit/mine")
    text = words_of(page.text)
    assert "Show referral" in text and "refused record not found" in text
    assert f"/referrals/{calderwick_service.ids['REF-01']}" in page.text
    assert calderwick_service.ids["REF-03"] not in page.text


def test_looking_at_what_i_opened_is_what_i_opened(calderwick_service: Service) -> None:
    analyst = calderwick_service.signed_in(Role.ANALYST)
    assert "No entries." in words_of(analyst.get("/audit/mine").text)
    assert "One entry." in words_of(analyst.get("/audit/mine").text)


def test_information_governance_finds_a_history_by_pseudonym_and_sees_role_purpose_and_grant(
    calderwick_service: Service,
) -> None:
    worker = calderwick_service.signed_in(Role.PRACTITIONER, reads=("REF-01", "REF-06"))
    worker.get(f"/referrals/{calderwick_service.ids['REF-01']}")
    house = calderwick_service.house
    with house.store.view(house_scope(house.facts.forum)) as view:
        person = view.get(YoungPerson, calderwick_service.ids["YP01"])
    lead = calderwick_service.signed_in(Role.INFORMATION_GOVERNANCE)
    found = ask(lead, person.pseudonym or "")
    assert found.status_code == 303 and found.headers["location"] == f"/audit/people/{person.id}"
    page = lead.get(f"/audit/people/{person.id}")
    text = words_of(page.text)
    assert "Practitioner, number" in text and code_words("SHARING_PURPOSE", "forum_preparation") in text
    assert re.search(r"Named when access was set up, until [^()]* \(grant [0-9a-f]{8}\)", text)
    assert str(person.known_as) not in page.text and str(person.pseudonym) not in page.text


def test_whom_nobody_knows_is_said_to_match_nothing_and_the_question_is_recorded(calderwick_service: Service) -> None:
    lead = calderwick_service.signed_in(Role.INFORMATION_GOVERNANCE)
    for words, answer in (("Nobody", "No one record matches."), ("", "Say whose history you need.")):
        asked = ask(lead, words)
        assert asked.status_code == 422 and answer in words_of(asked.text)
    assert words_of(lead.get("/audit/mine").text).count("Find person of history") == 2


def test_a_form_without_its_token_is_refused(calderwick_service: Service) -> None:
    lead = calderwick_service.signed_in(Role.INFORMATION_GOVERNANCE)
    assert lead.post("/audit/people", data={"person": "Y1"}, headers=ORIGIN).status_code == 403


def test_each_role_finds_in_its_menu_what_it_may_open_and_nothing_else(calderwick_service: Service) -> None:
    for role in Role:
        client = calderwick_service.signed_in(role)
        page = client.get("/audit/mine")
        menu = re.findall(r'govuk-service-navigation__link" href="(/[^"]*)"', page.text)
        for path in ("/", "/referrals", "/contexts", "/audit/people", "/audit/cases", "/audit/mine"):
            assert client.get(path).status_code == (200 if path in menu else 403), (role, path)
