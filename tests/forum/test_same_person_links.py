"""Same-person links: another kind, with the days they hold, gone when what named the person was put right."""

from datetime import date, timedelta

import pytest

from forum.linked_referrals import find_linked_referrals
from forum.same_person_links import find_same_person_links, names_people
from graph.assertions import AssertionKind, Standing, StandingSince
from graph.incidents import HarmRole
from graph.records import Record
from tests.builders import TODAY, a_referral, a_young_person, an_assertion, an_incident
from tests.worlds import calderwick, expected, network_of

CURRENT = StandingSince(standing=Standing.CURRENT, since=date(2026, 11, 2))
PUT_RIGHT_ON = date(2026, 11, 12)


def test_calderwick_has_its_links_with_their_days() -> None:
    borough = calderwick()
    found = [
        {
            "pair": sorted(borough.name_of(referral) for referral in link.referrals),
            "person": borough.name_of(link.person),
            "from": link.since,
            "until": link.until,
        }
        for link in find_same_person_links(borough.network(), on=TODAY, ended=True)
    ]
    wanted = [{key: row[key] for key in ("pair", "person", "from", "until")} for row in expected()["same_person_links"]]
    assert sorted(found, key=lambda row: row["person"]) == sorted(wanted, key=lambda row: row["person"])


@pytest.mark.parametrize(
    ("on", "people"),
    [
        (date(2026, 10, 19), {"YP12"}),
        (date(2026, 10, 20), {"YP07", "YP12"}),
        (date(2026, 11, 1), {"YP07", "YP12"}),
        (date(2026, 11, 2), {"YP12"}),
    ],
)
def test_the_correction_takes_the_link_away_from_its_day_on(on: date, people: set[str]) -> None:
    borough = calderwick()
    links = find_same_person_links(borough.network(), on=on)
    assert {borough.name_of(link.person) for link in links} == people
    assert all(link.until is None for link in links)


def test_after_the_correction_the_referral_names_nobody() -> None:
    borough = calderwick()
    network, rumour = borough.network(), borough.ids["REF-07"]
    before = {borough.name_of(one) for one in names_people(network, rumour, date(2026, 11, 1))}

    assert before == {"YP07", "YP11"}
    assert names_people(network, rumour, date(2026, 11, 2)) == frozenset()


def test_same_person_links_are_never_mixed_in_with_shared_contexts() -> None:
    who = a_young_person()
    network = network_of([who, a_referral(about=(who,)), a_referral(about=(who,))])
    assert len(find_same_person_links(network, on=TODAY)) == 1
    assert find_linked_referrals(network, on=TODAY) == ()


def a_pair(standing: Standing) -> tuple[Record, Record, Record, Record, Record]:
    """Two referrals about one young person; the one statement of the first that names them changed standing on a day."""
    who, friend = a_young_person(), a_young_person()
    one, other = a_referral(about=(who,)), a_referral(about=(who,))
    life = (CURRENT, StandingSince(standing=standing, since=PUT_RIGHT_ON))
    says = an_assertion(who, friend, says=AssertionKind.FRIEND_SEEN_BY_OTHERS, stated_in=one, standings=life)
    return who, friend, one, other, says


@pytest.mark.parametrize("standing", [Standing.CORRECTED, Standing.WITHDRAWN], ids=lambda s: s.value)
def test_a_statement_put_right_names_nobody_any_more(standing: Standing) -> None:
    network = network_of(a_pair(standing))
    [link] = find_same_person_links(network, on=TODAY, ended=True)
    assert link.until == PUT_RIGHT_ON
    assert find_same_person_links(network, on=TODAY) == ()


@pytest.mark.parametrize("standing", [Standing.EXPIRED, Standing.DISPUTED], ids=lambda s: s.value)
def test_expiry_and_dispute_end_no_link(standing: Standing) -> None:
    [link] = find_same_person_links(network_of(a_pair(standing)), on=TODAY)
    assert link.until is None


def test_a_passed_review_day_ends_no_link() -> None:
    who, friend, one, other = a_young_person(), a_young_person(), a_referral(), a_referral()
    says = [
        an_assertion(who, friend, says=AssertionKind.PARTNER, stated_in=referral, review_on=TODAY - timedelta(days=1))
        for referral in (one, other)
    ]
    assert len(find_same_person_links(network_of([who, friend, one, other, *says]), on=TODAY)) == 2


def test_another_statement_that_stands_still_names_the_person() -> None:
    who, friend, one, other, says = a_pair(Standing.CORRECTED)
    still = an_assertion(who, friend, says=AssertionKind.PARTNER, stated_in=one)
    links = find_same_person_links(network_of([who, friend, one, other, says, still]), on=TODAY)
    assert [link.person for link in links] == [who.id]


def test_an_event_still_names_the_person() -> None:
    who, friend, one, other, says = a_pair(Standing.CORRECTED)
    event = an_incident(people=((who, (HarmRole.HARMED,)),), stated_in=one.id, recorded_on=date(2026, 11, 14))
    first, second = find_same_person_links(network_of([who, friend, one, other, says, event]), on=TODAY, ended=True)

    assert (first.until, second.since, second.until) == (PUT_RIGHT_ON, date(2026, 11, 14), None)


def test_a_reopened_statement_names_again_from_that_day() -> None:
    who, friend, one, other, _ = a_pair(Standing.CORRECTED)
    life = (
        CURRENT,
        StandingSince(standing=Standing.CORRECTED, since=PUT_RIGHT_ON),
        StandingSince(standing=Standing.CURRENT, since=date(2026, 11, 18)),
    )
    says = an_assertion(who, friend, says=AssertionKind.PARTNER, stated_in=one, standings=life)
    links = find_same_person_links(network_of([who, friend, one, other, says]), on=TODAY, ended=True)
    assert [(link.since, link.until) for link in links] == [
        (date(2026, 11, 2), PUT_RIGHT_ON),
        (date(2026, 11, 18), None),
    ]


def test_equal_names_are_not_one_person() -> None:
    people = [a_young_person(known_as="Cai M"), a_young_person(known_as="Cai M")]
    network = network_of([*people, *(a_referral(about=(who,)) for who in people)])
    assert find_same_person_links(network, on=TODAY, ended=True) == ()
