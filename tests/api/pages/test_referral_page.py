"""A referral's page: strengths first, the six contexts, who was told, and each statement with how it is known."""

import re
from collections.abc import Callable
from datetime import date

from starlette.testclient import TestClient

from forum.access.actors import Role
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of


def page_of(service: Service, name: str, client: TestClient | None = None) -> str:
    answer = (client or service.signed_in()).get(f"/referrals/{service.ids[name]}")
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def between(text: str, first: str, last: str) -> str:
    return text[text.index(first) : text.index(last)]


def test_strengths_come_before_the_worry(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-01")
    assert text.index("Strengths and protection") < text.index("In the referrer’s words") < text.index("What is said")
    strengths = between(text, "Strengths and protection", "In the referrer’s words")
    assert "Protective at home: mother" in strengths
    assert "Y1 says Y5 is a friend" in strengths
    said = between(text, "Statements made in this referral", "Referrals that share a context")
    assert said.index("Y1 says Y5 is a friend") < said.index("Y1 was harmed at Tollgate Parade frontage")


def test_a_statement_says_how_it_is_known_how_sure_who_said_it_when_and_where_it_stands(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-01")
    assert (
        "Y1 was harmed at Tollgate Parade frontage told by the young person or family sure "
        "social worker (children's social care) 2 September 2026 current" in text
    )
    assert "Y1 is controlled by an adult (details held by police) (reported) told by another professional fairly sure" in text


def test_a_context_nothing_is_said_about_gets_a_question_and_no_other_does(calderwick_service: Service) -> None:
    text = between(page_of(calderwick_service, "REF-01"), "The six contexts", "Young people in this referral")
    headings = [text.index(name) for name in ("Young person", "Home and family", "Peers", "School and education", "Online")]
    assert headings == sorted(headings)
    assert "Nothing is said about school and education." in text
    assert text.count("Nothing is said about") == 1


def test_who_was_told_stands_beside_each_young_person_harmed_first(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-06")
    people = between(text, "Who is in this referral", "What is said, and how it is known")
    assert people.index("Y12 harmed") < people.index("Y7 may have harmed another")
    assert "Y7 may have harmed another not recorded not recorded" in people
    assert "unnamed young people (1) harmed not named, so nobody to tell" in people


def test_a_telling_that_is_late_says_since_when(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-04")
    assert "Y10 harmed and friend-protective not recorded not told yet; this was due on 8 October 2026, 44 days ago" in text
    assert "signed by a supervisor" in page_of(calderwick_service, "REF-08")


def test_where_nobody_is_named_there_is_nobody_to_tell(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-05")
    assert "unnamed young people (6-8) harmed not named, so nobody to tell" in text
    assert "Lighting: poor" in text
    assert "Takeaway owner at Tollgate Parade frontage, willing to help, there on Friday evenings and Saturday evenings" in text


def test_several_who_took_part_in_one_event_stand_in_one_line(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-04")
    assert text.count("Missing together: Y6, Y8, Y10 and Y12 (no date given)") == 3


def test_a_disputed_statement_says_so_in_a_box_and_a_corrected_one_is_gone(a_service: Callable[..., Service]) -> None:
    service = a_service(on=date(2026, 10, 29))
    answer = service.signed_in().get(f"/referrals/{service.ids['REF-07']}")
    assert '<span class="kith-boxed">disputed</span>' in answer.text


def test_what_was_corrected_stands_nowhere_and_the_referral_that_may_rest_on_it_says_so(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-07")
    assert "No statement in this referral stands today." in text
    assert "Y7" not in between(text, "Young people in this referral", "What is said")
    assert "Re-check source:" in page_of(calderwick_service, "REF-06")
    assert "Re-check source:" not in page_of(calderwick_service, "REF-01")


def test_links_to_referrals_that_share_a_context_carry_their_sentence(calderwick_service: Service) -> None:
    text = page_of(calderwick_service, "REF-02")
    shared = between(text, "Referrals that share a context with this one", "Another kind of link")
    assert "REF-02 and REF-03 Both referrals report harm or feeling unsafe at Route Z9, afternoon." in shared
    assert "REF-02 and REF-06 Both referrals report harm or feeling unsafe at east toilets." in shared


def test_a_referral_that_is_not_the_readers_and_one_that_is_not_there_look_the_same(calderwick_service: Service) -> None:
    client = calderwick_service.signed_in(Role.PRACTITIONER, reads=("REF-01",))
    hidden = client.get(f"/referrals/{calderwick_service.ids['REF-02']}")
    absent = client.get("/referrals/0123456789abcdef0123456789abcdef")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert page_of(calderwick_service, "REF-01", client)


def test_a_referral_received_after_today_is_not_there_yet(a_service: Callable[..., Service]) -> None:
    service = a_service(on=date(2026, 10, 31))
    assert service.signed_in().get(f"/referrals/{service.ids['REF-08']}").status_code == 404


def test_a_panel_member_is_shown_no_free_text_and_is_asked_nothing_about_it(calderwick_service: Service) -> None:
    client = calderwick_service.signed_in(Role.PANEL_MEMBER, reads=("REF-01",))
    text = page_of(calderwick_service, "REF-01", client)
    assert "He is frightened" not in text and "In the referrer’s words" not in text
    assert "Nothing is said" not in text
    assert "controlled by" not in text, "that statement is restricted"


def test_no_young_person_has_a_number_on_the_page(calderwick_service: Service) -> None:
    text = between(page_of(calderwick_service, "REF-04"), "Who is in this referral", "What is said, and how it is known")
    people = re.sub(r"Y\d+|\d+ October 2026|44 days ago|\d+-\d+", "", text)
    assert not re.search(r"\d", people)


def test_friends_whom_a_referral_names_without_being_about_them_are_called_no_concern(calderwick_service: Service) -> None:
    referral = page_of(calderwick_service, "REF-01")
    peers = between(between(referral, "The six contexts", "Young people in this referral"), "Peers", "School and education")
    assert "friends who meet at the bandstand this referral also speaks of this group" in " ".join(
        re.sub(r"[:(),]", " ", peers).split()
    )
    assert "Also speaks of friends who meet at the bandstand" in referral
    group = calderwick_service.signed_in().get(f"/contexts/{calderwick_service.ids['PG1']}")
    assert "This referral also speaks of this group." in words_of(group.text)
    assert "named as a concern" not in referral and "as a concern" not in words_of(group.text)
