"""Counting referrals by context (practice 10.5): live, inside what the reader may read, in bands, nobody named."""

from datetime import timedelta

import pytest

from forum.hotspots import LEASTS, band_of, count_by_context, find_hotspots
from graph.assertions import AssertionKind
from tests.builders import TODAY, a_home, a_location, a_peer_group, a_referral, a_young_person, an_assertion
from tests.worlds import calderwick, expected, network_of


def test_calderwick_counts_are_those_expected() -> None:
    borough = calderwick()
    counts = count_by_context(borough.network(), on=TODAY)
    wanted = expected()["referral_counts_by_context"]

    assert {name: len(counts.get(borough.ids[name], ())) for name in wanted} == wanted
    assert {borough.name_of(context) for context in counts} <= set(wanted)


def test_calderwick_has_one_working_hotspot_and_none_for_a_narrow_reader() -> None:
    borough = calderwick()
    answers = expected()["hotspots"]

    [spot] = find_hotspots(borough.network(), on=TODAY, least=3, kind="location")
    assert [{"context": borough.name_of(spot.context), "band": spot.band}] == answers["working"]["answer"]
    narrow = borough.reader_of(*answers["working_narrow"]["caller_may_read"])
    assert list(find_hotspots(borough.network(narrow), on=TODAY, least=3, kind="location")) == answers["working_narrow"]["answer"]


def test_a_place_a_referral_is_about_counts_without_a_statement_of_harm() -> None:
    place = a_location()
    referral = a_referral(about=(place,))
    assert count_by_context(network_of([place, referral]), on=TODAY) == {place.id: (referral.id,)}


def test_only_a_peer_group_counts_as_merely_concerned() -> None:
    place, group, who = a_location(), a_peer_group(), a_young_person()
    referral = a_referral(about=(who,), concerns_contexts=(place.id, group.id))
    assert count_by_context(network_of([place, group, who, referral]), on=TODAY) == {group.id: (referral.id,)}


def test_a_referral_counts_once_however_much_it_says() -> None:
    place, who = a_location(), a_young_person()
    referral = a_referral(about=(who, place))
    says = [an_assertion(who, place, stated_in=referral) for _ in range(3)]
    assert count_by_context(network_of([place, who, referral, *says]), on=TODAY) == {place.id: (referral.id,)}


def test_what_is_not_received_yet_or_past_its_review_counts_nothing() -> None:
    place, who = a_location(), a_young_person()
    late = a_referral(about=(place,), received=TODAY + timedelta(days=1))
    referral = a_referral(about=(who,))
    lapsed = an_assertion(who, place, stated_in=referral, review_on=TODAY - timedelta(days=1))
    assert count_by_context(network_of([place, who, late, referral, lapsed]), on=TODAY) == {}


def test_belonging_to_a_group_counts_nothing_for_it() -> None:
    group, who = a_peer_group(), a_young_person()
    referral = a_referral(about=(who,))
    belongs = an_assertion(who, group, says=AssertionKind.MEMBER_OF, stated_in=referral)
    assert count_by_context(network_of([group, who, referral, belongs]), on=TODAY) == {}


def test_a_home_is_on_no_list() -> None:
    home = a_home()
    network = network_of([home, a_referral(about=(home,))])
    assert find_hotspots(network, on=TODAY, least=1) == ()


@pytest.mark.parametrize(
    ("referrals", "band"),
    [
        (1, "fewer than 3 referrals"),
        (2, "fewer than 3 referrals"),
        (3, "3–5 referrals"),
        (5, "3–5 referrals"),
        (6, "6–9 referrals"),
        (9, "6–9 referrals"),
        (10, "10 or more referrals"),
        (40, "10 or more referrals"),
    ],
)
def test_a_count_is_said_as_its_band(referrals: int, band: str) -> None:
    assert band_of(referrals) == band


def test_the_highest_band_comes_first_then_the_label() -> None:
    labels = {}
    records = []
    for label, count in (("Alder", 3), ("Birch", 10), ("Cedar", 5), ("Dogwood", 2)):
        place = a_location(label=label)
        labels[place.id] = label
        records += [place, *(a_referral(about=(place,)) for _ in range(count))]
    network = network_of(records)

    shown = [labels[spot.context] for spot in find_hotspots(network, on=TODAY, least=1, label_of=labels.__getitem__)]
    assert shown == ["Birch", "Alder", "Cedar", "Dogwood"]
    assert len(find_hotspots(network, on=TODAY, least=6)) == 1
    assert find_hotspots(network, on=TODAY, least=1, kind="school") == ()


@pytest.mark.parametrize("least", [0, 2, 4, 5, 7, 11, -1])
def test_a_step_between_the_bands_is_a_mistake(least: int) -> None:
    assert least not in LEASTS
    with pytest.raises(ValueError, match="1, 3, 6 or 10"):
        find_hotspots(network_of([]), on=TODAY, least=least)
