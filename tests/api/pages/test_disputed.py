"""A disputed statement says so wherever it is told or counted, and at once (practice, section 9.3)."""

from collections.abc import Callable
from datetime import date

from graph.assertions import Assertion, AssertionKind, Standing, StandingSince
from graph.records import Record
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.pages.test_referral_page import between
from tests.builders import a_location, a_referral, a_young_person, an_assertion

SAID, DISPUTED_ON = date(2026, 11, 2), date(2026, 11, 12)
LIFE = (
    StandingSince(standing=Standing.CURRENT, since=SAID),
    StandingSince(standing=Standing.DISPUTED, since=DISPUTED_ON),
)
HARMED, SAFE = AssertionKind.HARMED_AT, AssertionKind.FEELS_SAFE_AT
Saying = tuple[AssertionKind, bool]


def pages_of(make: Callable[..., Service], *said: Saying, on: date = DISPUTED_ON) -> tuple[str, str]:
    """The page of a place and that of the referral in which one young person says all this of it, some of it disputed."""
    place, child = a_location(label="the arcade"), a_young_person(pseudonym="Y1")
    referral = a_referral(about=(child,))
    statements = [_statement(child, place, referral, *saying) for saying in said]
    client = make(case=None, records=(place, child, referral, *statements), on=on).signed_in()
    answers = [client.get(path) for path in (f"/contexts/{place.id}", f"/referrals/{referral.id}")]
    assert [answer.status_code for answer in answers] == [200, 200]
    return words_of(answers[0].text), words_of(answers[1].text)


def _statement(child: Record, place: Record, referral: Record, says: AssertionKind, disputed: bool) -> Assertion:
    return an_assertion(child, place, says=says, stated_in=referral, standings=LIFE if disputed else LIFE[:1])


def test_a_place_where_the_only_harm_is_disputed_says_so(a_service: Callable[..., Service]) -> None:
    place, referral = pages_of(a_service, (HARMED, True))
    assert "no statements speak of safety here, and one statement of harm or feeling unsafe (disputed)." in place.lower()
    assert "harm or feeling unsafe is reported there (disputed)" in referral


def test_of_several_it_is_said_how_many_are_disputed(a_service: Callable[..., Service]) -> None:
    place, referral = pages_of(a_service, (HARMED, True), (HARMED, False), (HARMED, False))
    assert "3 statements of harm or feeling unsafe (of which one is disputed)." in place
    assert "harm or feeling unsafe is reported there (one of 3 statements is disputed)" in referral


def test_the_day_before_it_was_disputed_nothing_says_so(a_service: Callable[..., Service]) -> None:
    place, referral = pages_of(a_service, (HARMED, True), on=date(2026, 11, 11))
    assert "disputed" not in place and "disputed" not in referral


def test_a_disputed_strength_says_so_where_strengths_are_told_first(a_service: Callable[..., Service]) -> None:
    place, referral = pages_of(a_service, (SAFE, True))
    assert "One statement speaks of safety here (disputed), and no statements of harm or feeling unsafe." in place
    strengths = between(referral, "Strengths and protection", "What is said, and how it is known")
    assert "feels safe at the arcade (disputed)" in strengths
    assert "safety is reported there (disputed)" in strengths


def test_nobody_says_that_a_disputed_statement_is_true(a_service: Callable[..., Service]) -> None:
    place, _ = pages_of(a_service, (SAFE, False), (HARMED, True))
    assert "Both are true" not in place
