"""What stands round every page, errors included: the marking, the banner with its day, and the headers."""

import pytest
from starlette.testclient import TestClient

from api.pages.drawing import PAGE_POLICY
from api.pages.presenters.problems import present_problem
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of

PATHS = ("/", "/referrals", "/contexts", "/sign-in", "/nowhere", "/referrals/none")


@pytest.mark.parametrize("path", PATHS)
def test_every_page_carries_the_banner_the_day_and_the_marking(coordinator: TestClient, path: str) -> None:
    text = words_of(coordinator.get(path).text)
    assert "Evaluation - do not enter real people." in text
    assert "The day taken as today is 21 November 2026." in text
    assert text.count("OFFICIAL-SENSITIVE") == 2


@pytest.mark.parametrize("path", PATHS)
def test_every_page_forbids_scripts_from_elsewhere_and_markup_made_by_scripts(coordinator: TestClient, path: str) -> None:
    answer = coordinator.get(path)
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert "require-trusted-types-for 'script'" in PAGE_POLICY and "'unsafe" not in PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_only_static_files_may_be_kept(coordinator: TestClient) -> None:
    for name in ("kith.css", "kith.js", "vendor/govuk-frontend.min.css", "vendor/govuk-frontend.min.js"):
        answer = coordinator.get(f"/static/{name}")
        assert answer.status_code == 200 and answer.headers["cache-control"] == "public, max-age=3600"
    assert coordinator.get("/static/nothing.css").headers["cache-control"] == "no-store"
    assert coordinator.get("/static/../templating.py").status_code == 404


def test_a_page_that_is_not_there_says_what_to_do(calderwick_service: Service) -> None:
    answer = calderwick_service.signed_in().get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page, or it is not yours to see." in words_of(answer.text)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (403, "You may not do this"),
        (404, "Page not found"),
        (410, "This record has been erased"),
        (500, "Sorry, there is a problem with the service"),
        (503, "Sorry, the service is unavailable"),
    ],
)
def test_each_thing_that_goes_wrong_has_its_page(status: int, title: str) -> None:
    page = present_problem(status=status, code="code", title="A title", detail="A detail.", reference="ab12")
    assert page.title == title
    assert page.sentences
    assert bool(page.reference) == (status >= 500)


def test_another_refusal_says_its_own_detail() -> None:
    page = present_problem(
        status=409, code="sheet-expired", title="The map is past its date", detail="Draw a new one.", reference=""
    )
    assert (page.title, page.sentences) == ("The map is past its date", ("Draw a new one.",))


def test_a_form_from_elsewhere_is_not_called_a_matter_of_the_role() -> None:
    page = present_problem(status=403, code="cross-site", title="A title", detail="A detail.", reference="ab12")
    assert "nothing was done" in page.sentences[0] and "Load the page again" in page.sentences[1]
    assert not any("role" in sentence for sentence in page.sentences)
