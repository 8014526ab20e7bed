"""A context's page: guardians and strengths first, what is known and from whom, its referrals and the pairs that share it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from api.sign_in.web_sessions import COOKIE, NewSession, open_session
from forum.access.actors import Role
from forum.access.grants import Reason
from forum.access.policy import house_scope
from forum.access.standing import chairs_scope
from forum.context_sheets import invite
from forum.kinds import CASE_KINDS
from graph.records import ActorId, new_id
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.pages.test_referral_page import between
from tests.builders import a_write_key, an_audit_entry, keep_account


def page_of(service: Service, name: str, client: TestClient | None = None) -> str:
    answer = (client or service.signed_in()).get(f"/contexts/{service.ids[name]}")
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def test_guardians_and_strengths_come_first(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "LOC2")
    assert text.index("Guardians and strengths") < text.index("What else is known") < text.index("Its referrals")
    assert "Takeaway owner at Tollgate Parade frontage, willing to help" in between(text, "Guardians", "What else is known")
    assert "Lighting: poor ( REF-05 )" in text


def test_its_referrals_stand_there_with_why_each_counts(calderwick_service: Service) -> None:
    text = between(page_of(calderwick_service, "LOC2"), "Its referrals", "Referrals that share this context")
    assert "3 referrals count for this context today." in text
    assert text.index("REF-01") < text.index("REF-05") < text.index("REF-08")
    assert "This referral is about it." in text and "Harm, or feeling unsafe, is reported here." in text


def test_going_to_a_school_counts_nothing_for_it(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "SCH1")
    assert "No referral that you may read counts for this context." in text
    assert "Holds east toilets" in text
    assert "Y3 attends Quillmere Academy" in text


def test_safe_by_day_and_harmed_at_night_are_both_kept(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "LOC4")
    assert "Four friends who go missing together feel safe at Pennywhistle skatepark (daytime)" in text
    assert "Four friends who go missing together were harmed at Pennywhistle skatepark (night; once)" in text
    assert "Both are true; neither cancels the other." in text


def test_a_reader_of_one_referral_sees_only_what_that_one_says(calderwick_service: Service) -> None:
    client = calderwick_service.signed_in(Role.PRACTITIONER, reads=("REF-01",))
    text = page_of(calderwick_service, "LOC2", client)
    assert "REF-05" not in text and "REF-08" not in text
    assert "Y1 was harmed at Tollgate Parade frontage" in text and "Y9" not in text
    assert "Takeaway owner" not in text and "Lighting" not in text


def test_a_person_or_a_referral_is_no_context(calderwick_service: Service) -> None:
    client = calderwick_service.signed_in()
    answers = [client.get(f"/contexts/{calderwick_service.ids[name]}") for name in ("YP01", "REF-01")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_lists_can_be_narrowed_by_plain_forms(coordinator: TestClient) -> None:
    text = words_of(coordinator.get("/referrals?kind=individual&agency=police").text)
    assert "One referral that you may read and that you asked for." in text and "REF-03" in text
    text = words_of(coordinator.get("/referrals?shares=nothing").text)
    assert "REF-04" in text and "REF-07" in text and "REF-01" not in text
    text = words_of(coordinator.get("/contexts?type=school").text)
    assert "Quillmere Academy School 0" in text and "east toilets" not in text
    text = words_of(coordinator.get("/contexts").text)
    assert text.index("Tollgate Parade frontage Takeaway/shop 3") < text.index("Route Z9, afternoon Bus/train route 2")


def test_a_parameter_that_is_not_there_is_refused_on_a_page(coordinator: TestClient) -> None:
    answer = coordinator.get("/referrals?sort=name")
    assert answer.status_code == 422
    assert "Leave out parameters that are not described." in words_of(answer.text)


def test_somebody_invited_reads_a_page_of_the_place_alone(a_service: Callable[..., Service]) -> None:
    service = a_service()
    house, place = service.house, service.ids["LOC2"]
    now, actor, session_id = house.clock(), ActorId(new_id()), "5" * 64
    chairs = chairs_scope(house.store, forum=house.facts.forum, now=now, case=CASE_KINDS)
    house.projection.catch_up(house.store)
    with (
        house.store.view(chairs) as sight,
        house.store.write(house_scope(house.facts.forum), key=a_write_key(), by=ActorId("chair-1"), now=now) as writer,
    ):
        invite(
            writer, sight, house.projection.within(chairs), to=actor, contexts=[place], because=Reason.INVITED,
            until=now + timedelta(days=7), given_by=ActorId("chair-1"), now=now, today=date(2026, 11, 21),
        )  # fmt: skip
        writer.append(an_audit_entry())
    new = NewSession(actor=actor, role=Role.GUEST, name="Sam")
    keep_account(house.store, actor, Role.GUEST)
    open_session(house.store.shelf, session_id, new, now=now)
    browser = service.stranger()
    browser.cookies.set(COOKIE, session_id)
    page = browser.get(f"/contexts/{place}")
    assert page.status_code == 200
    assert "Takeaway owner, willing to help" in page.text and "REF-" not in page.text
    assert f"/contexts/{place}" in browser.get("/contexts").text
    assert browser.get(f"/contexts/{service.ids['LOC3']}").status_code == 404


def test_of_a_group_the_page_says_that_its_friendship_protects(calderwick_service: Service) -> None:
    text = between(page_of(calderwick_service, "PG3"), "Guardians and strengths", "What else is known")
    assert "The friendship of four friends who go missing together protects them ( REF-04 )" in text
    assert "Nobody has said yet" not in text
    assert "friendship" not in page_of(calderwick_service, "PG1"), "nobody has said that of those friends"


def test_a_group_is_not_where_its_young_people_were_harmed_or_feel_safe(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "PG3")
    assert "No statements speak of safety here, and no statements of harm or feeling unsafe." in text
    assert (
        "Of other places, one statement says that they feel safe there, and "
        "one statement that they were harmed or feel unsafe there. One referral counts for it." in text
    )
    assert "Some feel safe here" not in text
    assert "They feel safe at Pennywhistle skatepark at one time, and were harmed or feel unsafe there at another." in text


def test_at_the_place_itself_the_same_statements_are_of_here(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "LOC4")
    assert "One statement speaks of safety here, and one statement of harm or feeling unsafe." in text
    assert "Of other places" not in text
    assert "Some feel safe here at one time, and were harmed or feel unsafe here at another." in text


def test_a_page_says_how_many_statements_are_past_their_review_and_so_are_not_there(a_service: Callable[..., Service]) -> None:
    text = page_of(a_service(on=date(2027, 9, 3)), "LOC2")
    assert "Y1 was harmed at Tollgate Parade frontage" not in text
    assert "One statement is past the review date, so not shown and not counted." in text


def test_a_page_that_is_cut_says_how_many_statements_it_left_out(
    calderwick_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "stand in the referrals of this context" not in page_of(calderwick_service, "LOC2")
    monkeypatch.setattr("api.pages.presenters.contexts.STATEMENTS_SHOWN", 0)
    text = between(page_of(calderwick_service, "LOC2"), "What else is known", "Conditions that could be changed")
    assert re.search(r"\d+ more statements stand in the referrals of this context\.", text)
