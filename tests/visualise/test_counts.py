"""How many young people a contexts map says: exact on a screen, in bands on what leaves it, in two words outside the forum."""

import pytest

from graph.records import RecordId
from visualise.counts import Counts
from visualise.shared_places import SharedPlace

PEOPLE = tuple(RecordId(f"person {number}") for number in range(12))


def a_place(people: int, referrals: int = 3) -> SharedPlace:
    told_in = tuple(RecordId(f"referral {number}") for number in range(referrals))
    return SharedPlace(RecordId("place"), frozenset(PEOPLE[:people]), told_in)


@pytest.mark.parametrize(
    ("people", "on_screen", "in_a_file", "outside"),
    [
        (1, None, None, "fewer than 10"),
        (4, "4", None, "fewer than 10"),
        (5, "5", "5 to 9", "fewer than 10"),
        (9, "9", "5 to 9", "fewer than 10"),
        (10, "10", "10 or more", "10 or more"),
    ],
)
def test_a_number_is_written_as_exactly_as_its_reader_may_have_it(
    people: int, on_screen: str | None, in_a_file: str | None, outside: str
) -> None:
    place = a_place(people)
    assert Counts(False, {}).words(place) == on_screen
    assert Counts(False, {}, leaves=True).words(place) == in_a_file
    assert Counts(True, {}).words(place) == Counts(True, {}, leaves=True).words(place) == outside


def test_a_file_says_no_number_that_rests_on_fewer_than_three_referrals() -> None:
    assert Counts(False, {}, leaves=True).words(a_place(10, referrals=2)) is None


def test_a_band_of_people_not_named_counts_by_its_lower_end() -> None:
    assert Counts(False, {PEOPLE[0]: 6}).words(a_place(2)) == "7"
