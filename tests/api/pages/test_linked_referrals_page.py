"""The front page: referrals that share a context, each pair with its sentence, and nothing that the reader may not see."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

from starlette.testclient import TestClient

from api.pages.presenters.linked_referrals import find_for_front_page
from forum.access.actors import Role
from graph.records import Record
from tests.api.pages.conftest import Service
from tests.builders import TODAY, a_location, a_referral, a_young_person, an_assertion, some_unnamed_people
from tests.worlds import network_of


def words_of(text: str) -> str:
    """The words of a page, without its markup."""
    body = re.sub(r"<head>.*?</head>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def front(client: TestClient, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def test_a_stranger_is_shown_how_to_sign_in_and_nothing_else(calderwick_service: Service) -> None:
    for path in ("/", "/referrals", "/contexts", f"/referrals/{calderwick_service.ids['REF-01']}"):
        answer = calderwick_service.stranger().get(path)
        assert answer.status_code == 401
        assert "one-time sign-in link" in answer.text and "REF-0" not in answer.text


def test_every_pair_stands_there_with_its_sentence(coordinator: TestClient) -> None:
    text = front(coordinator)
    assert "You may read 8 referrals. 5 pairs share a context: 3 contexts in all, and 2 groups of referrals." in text
    for pair in ("REF-01 and REF-05", "REF-01 and REF-08", "REF-05 and REF-08"):
        assert f"{pair} Both referrals report harm at Tollgate Parade frontage." in text
    assert "REF-02 and REF-03 Both referrals report harm or feeling unsafe at Route Z9, afternoon." in text
    assert "REF-02 and REF-06 Both referrals report harm or feeling unsafe at east toilets." in text


def test_two_that_meet_only_through_a_third_are_said_to(coordinator: TestClient) -> None:
    assert "REF-03 and REF-06 share no context with each other: they meet only through another referral." in front(coordinator)


def test_referrals_that_share_nothing_are_listed_too(coordinator: TestClient) -> None:
    text = front(coordinator)
    alone = text[text.index("Referrals that share no context") : text.index("Another kind of link")]
    assert re.findall(r"REF-\d\d", alone) == ["REF-04", "REF-07"]


def test_a_same_person_link_stands_apart_and_is_called_another_kind(coordinator: TestClient) -> None:
    text = front(coordinator)
    groups, apart = text[: text.index("Another kind of link")], text[text.index("Another kind of link") :]
    assert "REF-04 and REF-06 Both referrals name Y12." in apart
    assert "REF-04 and REF-06" not in groups
    assert "REF-07" not in apart, "the statement that named the young person was corrected"


def test_no_name_of_a_young_person_is_on_the_page(coordinator: TestClient) -> None:
    text = coordinator.get("/").text
    assert not [name for name in ("Arlo", "Bex", "Cai", "Lula", "Idris") if name in text]


def test_the_words_of_the_field_and_no_others_stand_on_the_page(coordinator: TestClient) -> None:
    assert not re.search(r"\b(network|cluster|hotspot|ring)s?\b", front(coordinator), re.IGNORECASE)


def test_who_may_read_two_sees_the_pair_of_those_two_and_no_trace_of_a_third(calderwick_service: Service) -> None:
    text = front(calderwick_service.signed_in(Role.PRACTITIONER, reads=("REF-01", "REF-05")))
    assert "You may read 2 referrals. One pair shares a context: one context in all, and one group of referrals." in text
    assert set(re.findall(r"REF-\d\d", text)) == {"REF-01", "REF-05"}


def test_a_role_without_findings_is_refused_on_a_page(calderwick_service: Service) -> None:
    answer = calderwick_service.signed_in(Role.GUEST).get("/")
    assert answer.status_code == 403
    assert "Your role does not let you do this." in words_of(answer.text)


def test_on_an_earlier_day_what_came_later_is_not_there(a_service: Callable[..., Service]) -> None:
    service = a_service(on=date(2026, 10, 8))
    text = front(service.signed_in())
    assert "You may read 5 referrals." in text
    assert "The day taken as today is 8 October 2026." in text
    assert "REF-08" not in text


def a_borough(referrals: int, contexts: int) -> tuple[Record, ...]:
    """So many referrals, three places each, over so few places that nearly all of them are in one group."""
    places = [a_location(label=f"Place {number}") for number in range(contexts)]
    records: list[Record] = list(places)
    for number in range(referrals):
        unnamed = some_unnamed_people()
        subject = places[number % contexts]
        referral = a_referral(about=(subject,), reference=f"B-{number:03}", received=date(2026, 1 + number % 10, 1 + number % 28))
        records += [unnamed, referral]
        for step in (0, 1, 7):
            place = places[(number * 2 + step) % contexts]
            records.append(an_assertion(unnamed, place, stated_in=referral, since=referral.received))
    return tuple(records)


def test_the_page_of_a_large_borough_stays_short_and_says_what_is_left_out(
    a_service: Callable[..., Service],
) -> None:
    client = a_service(case=None, records=a_borough(600, 45)).signed_in()
    answer = client.get("/")
    text = words_of(answer.text)
    assert answer.status_code == 200
    assert "600 referrals joined by 45 contexts" in text
    assert "590 more referrals stand in this group." in text
    assert re.search(r"\d+ more pairs share this context; see its own page.", text)
    assert "39 more contexts stand in this group; each has its own page." in text
    assert len(answer.content) < 100_000


def test_the_front_page_counts_each_pair_once_however_many_contexts_it_shares() -> None:
    young, referrals = [a_young_person() for _ in range(3)], [a_referral() for _ in range(3)]
    places = [a_location(), a_location()]
    says = [an_assertion(who, place, stated_in=one) for who, one in zip(young, referrals, strict=True) for place in places]
    found = find_for_front_page(network_of([*young, *referrals, *places, *says]), TODAY)

    assert (found.everyone, found.pairs, found.contexts) == (3, 3, 2)
    [group] = found.groups
    for place in places:
        pairs = group.pairs[place.id]
        assert (len(pairs), group.sharing(place.id)) == (3, 3)
        assert list(pairs)[:2] == list(pairs[:2]) and pairs[-1] == list(pairs)[-1]
        assert [pair.referrals for pair in pairs] == sorted(pair.referrals for pair in pairs)
