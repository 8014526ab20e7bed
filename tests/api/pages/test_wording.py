"""Sentences are plain: somebody could read them aloud in a meeting."""

from datetime import date

import pytest

from api.pages.presenters.paging import left_out, take_page
from api.pages.presenters.statements import sentence_of
from api.pages.presenters.tellings import told_words
from api.pages.presenters.wording import and_list, code_words, day_words, how_many, said_by, time_band_words
from graph.assertions import AssertionKind
from graph.records import Record, RecordId
from tests.builders import a_location, a_peer_group, a_young_person, an_adult_of_concern, an_assertion, an_awareness

TODAY = date(2026, 11, 21)


class NamesOf:
    """The labels of these records, as a page would have them."""

    def __init__(self, *records: Record) -> None:
        self.records = {record.id: record for record in records}

    def of(self, record_id: RecordId) -> str:
        record = self.records[record_id]
        return str(getattr(record, "label", None) or getattr(record, "pseudonym", None) or getattr(record, "shown", ""))

    def record(self, record_id: RecordId) -> Record:
        return self.records[record_id]

    def are_many(self, record_id: RecordId) -> bool:
        return self.records[record_id].KIND == "PeerGroup"


def test_days_and_numbers_read_as_people_write_them() -> None:
    assert day_words(date(2026, 11, 1)) == "1 November 2026"
    assert day_words(None) == "no date"
    assert [how_many(n, "referral", "referrals") for n in (0, 1, 2)] == ["no referrals", "one referral", "2 referrals"]
    assert [and_list(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_a_role_that_names_its_agency_says_it_once() -> None:
    assert said_by("police officer", "police") == "police officer"
    assert said_by("teacher", "school_college_ap") == "teacher (school/college/AP)"
    assert said_by("professional", None) == "professional"


def test_a_time_band_is_a_word_or_two_times() -> None:
    assert time_band_words("15:30-16:15") == "between 15:30 and 16:15"
    assert time_band_words("night") == "night"
    assert time_band_words(None) == ""


def test_a_code_that_a_list_does_not_know_still_reads() -> None:
    assert code_words("AGENCY", "a_new_agency") == "a new agency"
    assert code_words("AGENCY", None) == "not said"


def test_a_group_takes_the_plural_and_a_young_person_the_singular() -> None:
    friends, yp, place = a_peer_group(label="four friends"), a_young_person(pseudonym="Y1"), a_location(label="the park")
    names = NamesOf(friends, yp, place)
    for who, says, sentence in (
        (friends, AssertionKind.FEELS_SAFE_AT, "Four friends feel safe at the park"),
        (friends, AssertionKind.HARMED_AT, "Four friends were harmed at the park"),
        (yp, AssertionKind.HARMED_AT, "Y1 was harmed at the park"),
    ):
        assert sentence_of(an_assertion(who, place, says=says), names) == sentence  # type: ignore[arg-type]


def test_a_tie_nobody_has_made_clear_is_given_in_the_words_that_were_used() -> None:
    one, other = a_young_person(pseudonym="Y1"), a_young_person(pseudonym="Y2")
    statement = an_assertion(one, other, says=AssertionKind.UNCLEAR, wording="seen with")
    said = sentence_of(statement, NamesOf(one, other))  # type: ignore[arg-type]
    assert said == "Y1 and Y2: the words used are “seen with”, and nobody has said what they mean"


def test_an_adult_of_concern_is_a_reference_and_no_more() -> None:
    yp, adult = a_young_person(pseudonym="Y1"), an_adult_of_concern()
    statement = an_assertion(yp, adult, says=AssertionKind.CONTROLLED_BY)
    said = sentence_of(statement, NamesOf(yp, adult))  # type: ignore[arg-type]
    assert said == "Y1 is controlled by an adult (details held by police) (reported)"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"told": "told_content", "told_on": date(2026, 9, 2)}, "told and content, 2 September 2026"),
        (
            {"told": "not_yet", "told_on": None, "due": date(2026, 11, 20)},
            "not told yet; this was due on 20 November 2026, one day ago",
        ),
        ({"told": "not_yet", "told_on": None, "due": TODAY}, "not told yet; will be told by 21 November 2026"),
        ({"told": "not_yet", "told_on": None, "due": None}, "not told yet; no date given"),
        (
            {"told": "not_told_risk", "told_on": None, "supervisor_signed": True},
            "not told: would raise risk of significant harm, signed by a supervisor",
        ),
        (
            {"told": "not_told_risk", "told_on": None},
            "not told: would raise risk of significant harm, not signed by a supervisor",
        ),
        (
            {"told": "not_told_other", "told_on": None, "supervisor_signed": False},
            "not told: other reason (supervisor sign-off), not signed by a supervisor",
        ),
        (
            {"told": "not_told_other", "told_on": date(2026, 11, 3)},
            "not told: other reason (supervisor sign-off), not signed by a supervisor, 3 November 2026",
        ),
        ({"told": "unable_to_trace", "told_on": None}, "unable to trace"),
    ],
)
def test_a_telling_says_what_stands_and_due_today_is_not_overdue(given: dict[str, object], words: str) -> None:
    assert told_words(an_awareness(**given), TODAY) == words


def test_no_telling_is_shown_as_not_recorded() -> None:
    assert told_words(None, TODAY) == "not recorded"


def test_a_list_cut_for_size_says_by_how_much() -> None:
    shown = take_page(list(range(25)), 3, 10)
    assert (shown.items, shown.first, shown.last, shown.total) == ((20, 21, 22, 23, 24), 21, 25, 25)
    assert shown.pages("/referrals", {"kind": "school", "agency": ""}, "").earlier == "/referrals?kind=school&page=2"
    assert shown.pages("/referrals", {}, "").later is None
    assert take_page([], 4, 10).page == 1
    assert left_out(0, "more referral", "more referrals", "in this group") == ""
    assert left_out(1, "more referral", "more referrals", "in this group") == "One more referral stands in this group."
    assert left_out(4, "more referral", "more referrals", "in this group") == "4 more referrals stand in this group."
