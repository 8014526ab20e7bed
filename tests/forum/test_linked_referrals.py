"""The linking rule of practice 10.1, and nothing wider: on Calderwick and on the smallest worlds that could break it."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import networkx
import pytest

from forum.linked_referrals import (
    LINKING_KINDS,
    Manner,
    explain,
    find_contexts_that_link,
    find_linked_referrals,
    find_links_at_contexts,
    groups_at_contexts,
    groups_of,
)
from graph.analysis import Network
from graph.assertions import Assertion, AssertionKind, Origin, Standing, StandingSince
from graph.people import YoungPerson
from graph.projection import Projection
from graph.records import ActorId, Record, RecordId
from graph.store import open_store
from ingest.case_file import read_case
from ingest.case_load import load_case
from tests.boroughs import a_borough
from tests.builders import (
    ALL_KINDS,
    NEW_STORE,
    NOW,
    TODAY,
    a_location,
    a_peer_group,
    a_referral,
    a_school,
    a_scope,
    a_young_person,
    an_assertion,
    some_unnamed_people,
)
from tests.worlds import Calderwick, calderwick, expected, network_of

NEVER_LINKS = sorted(
    (kind for kind in AssertionKind if kind not in LINKING_KINDS and "Location" in kind.ends.target), key=lambda k: k.code
)


def pairs_by_name(borough: Calderwick, network: "Network | None" = None, on: date = TODAY) -> set[tuple[str, str, str]]:
    found = set()
    for linked in find_linked_referrals(network or borough.network(), on=on):
        first, second = sorted(borough.name_of(referral) for referral in linked.referrals)
        found.add((first, second, borough.name_of(linked.context)))
    return found


def two_referrals_at_one_place(**given: object) -> tuple[Record, ...]:
    """Two referrals, each with a young person harmed at the same place; `given` changes the second statement."""
    place, first, second = a_location(), a_young_person(), a_young_person()
    one, other = a_referral(about=(first,)), a_referral(about=(second,))
    harmed = an_assertion(first, place, stated_in=one)
    also = replace(an_assertion(second, place, stated_in=other), **given)  # type: ignore[arg-type]
    return place, first, second, one, other, harmed, also


def test_calderwick_has_its_five_pairs_each_with_its_reason() -> None:
    borough = calderwick()
    wanted = {(*sorted(row["pair"]), row["context"]) for row in expected()["link_pairs"]}

    assert pairs_by_name(borough) == wanted
    sentences = {
        borough.name_of(linked.context): explain(linked, borough.label_of(linked.context))
        for linked in find_linked_referrals(borough.network(), on=TODAY)
    }
    assert sentences == {
        "LOC2": "Both referrals report harm at Tollgate Parade frontage.",
        "LOC3": "Both referrals report harm or feeling unsafe at Route Z9, afternoon.",
        "LOC5": "Both referrals report harm or feeling unsafe at east toilets.",
    }


def test_calderwick_pairs_rest_on_the_statements_of_both_referrals() -> None:
    borough = calderwick()
    because = {
        tuple(sorted(borough.name_of(referral) for referral in linked.referrals)): {
            borough.name_of(one) for one in linked.because if one is not None
        }
        for linked in find_linked_referrals(borough.network(), on=TODAY)
    }

    assert because["REF-01", "REF-05"] == {"REF-01-L1", "REF-05-L1"}
    assert because["REF-02", "REF-03"] == {"REF-02-L2", "REF-03-L1", "REF-03-L2"}
    assert because["REF-02", "REF-06"] == {"REF-02-L1", "REF-06-L1", "REF-06-L2"}


def test_calderwick_falls_into_its_groups() -> None:
    borough = calderwick()
    groups = groups_of(find_linked_referrals(borough.network(), on=TODAY))
    named = sorted(sorted(borough.name_of(referral) for referral in group) for group in groups)

    assert named == [group for group in expected()["groups"] if len(group) > 1]


def test_linking_on_attendance_fails_the_build() -> None:
    """The linking guard: every young person a referral names attends their setting, and still only five pairs are linked."""
    borough = calderwick()
    guard = expected()["guard_test"]
    attending = [*borough.records, *_attendance(borough)]
    network = network_of(attending)

    assert pairs_by_name(borough, network) == {(*sorted(row["pair"]), row["context"]) for row in expected()["link_pairs"]}
    groups = groups_of(find_linked_referrals(network, on=TODAY))
    assert sorted(guard["wrong_group"]) not in [sorted(borough.name_of(one) for one in group) for group in groups]


def _attendance(borough: Calderwick) -> list[Assertion]:
    import yaml

    from tests.worlds import FIXTURES

    case = yaml.safe_load((FIXTURES / "calderwick.yaml").read_text("utf-8"))
    setting = {one["id"]: one["setting"] for one in case["people"] if "setting" in one}
    by_id = {record.id: record for record in borough.records}
    made = []
    for referral in case["referrals"]:
        for named in referral["named_people"]:
            if named["person"] in setting:
                ends = (by_id[borough.ids[name]] for name in (named["person"], setting[named["person"]]))
                stated_in = by_id[borough.ids[referral["id"]]]
                made.append(an_assertion(*ends, says=AssertionKind.ATTENDS, stated_in=stated_in, since=referral["received"]))
    assert len(made) > 10
    return made


def test_a_shared_member_is_not_a_shared_group() -> None:
    """The second guard: REF-06 names a member of the referred group of REF-04, and is not linked to it."""
    wrong = tuple(expected()["second_guard_test"]["wrong_pair"])
    assert wrong not in {pair[:2] for pair in pairs_by_name(calderwick())}


@pytest.mark.parametrize("kind", NEVER_LINKS, ids=lambda kind: kind.code)
def test_no_other_statement_about_a_place_links(kind: AssertionKind) -> None:
    place, first, second, one, other, *_ = two_referrals_at_one_place()
    if YoungPerson.KIND not in kind.ends.source:
        first, second = a_location(), a_location()
    statements = [an_assertion(who, place, says=kind, stated_in=referral) for who, referral in ((first, one), (second, other))]
    people = [record for record in (first, second)]
    referrals = [replace(referral, subject_people=()) for referral in (one, other)]  # type: ignore[type-var]
    assert not find_linked_referrals(network_of([place, *people, *referrals, *statements]), on=TODAY)


def test_belonging_to_a_group_never_links() -> None:
    group, first, second = a_peer_group(), a_young_person(), a_young_person()
    one, other = a_referral(about=(first,)), a_referral(about=(second,))
    members = [
        an_assertion(who, group, says=AssertionKind.MEMBER_OF, stated_in=referral)
        for who, referral in ((first, one), (second, other))
    ]
    about_it = a_referral(about=(group,))
    assert not find_linked_referrals(network_of([group, first, second, one, other, about_it, *members]), on=TODAY)


def test_two_current_statements_at_one_place_link() -> None:
    [linked] = find_linked_referrals(network_of(two_referrals_at_one_place()), on=TODAY)
    assert linked.manner is Manner.HARM


@pytest.mark.parametrize(
    "standing", [Standing.DISPUTED, Standing.CORRECTED, Standing.WITHDRAWN, Standing.EXPIRED], ids=lambda s: s.value
)
def test_a_statement_that_does_not_stand_links_nothing_from_that_day_on(standing: Standing) -> None:
    day = date(2026, 11, 10)
    life = (StandingSince(standing=Standing.CURRENT, since=date(2026, 11, 2)), StandingSince(standing=standing, since=day))
    network = network_of(two_referrals_at_one_place(standings=life))

    assert len(find_linked_referrals(network, on=day - timedelta(days=1))) == 1
    assert not find_linked_referrals(network, on=day)


def test_an_expired_statement_links_nothing_the_day_after_its_review() -> None:
    network = network_of(two_referrals_at_one_place(review_on=TODAY))

    assert len(find_linked_referrals(network, on=TODAY)) == 1
    assert not find_linked_referrals(network, on=TODAY + timedelta(days=1))


def test_what_a_system_matched_is_a_suggestion_and_links_nothing() -> None:
    assert not find_linked_referrals(network_of(two_referrals_at_one_place(origin=Origin.SYSTEM_MATCH)), on=TODAY)


def test_a_statement_made_outside_referrals_links_nothing() -> None:
    assert not find_linked_referrals(network_of(two_referrals_at_one_place(stated_in=None)), on=TODAY)


def test_a_referral_not_received_yet_links_nothing() -> None:
    *rest, other, harmed, also = two_referrals_at_one_place()
    late = replace(other, received=TODAY + timedelta(days=1))  # type: ignore[call-arg]
    network = network_of([*rest, late, harmed, also])

    assert not find_linked_referrals(network, on=TODAY)
    assert not find_linked_referrals(network, on=TODAY, about=late.id)
    assert len(find_linked_referrals(network, on=TODAY + timedelta(days=1))) == 1


def test_two_parts_of_one_school_are_two_places() -> None:
    school = a_school()
    east, west = a_location(part_of=school.id), a_location(part_of=school.id)
    first, second = a_young_person(), a_young_person()
    one, other = a_referral(about=(first,)), a_referral(about=(second,))
    statements = [an_assertion(first, east, stated_in=one), an_assertion(second, west, stated_in=other)]
    assert not find_linked_referrals(network_of([school, east, west, first, second, one, other, *statements]), on=TODAY)


def test_a_referral_about_a_place_links_by_its_own_statement_of_harm_only() -> None:
    place, who, unnamed = a_location(), a_young_person(), some_unnamed_people()
    one, about_it = a_referral(about=(who,)), a_referral(about=(place,))
    records = [place, who, unnamed, one, about_it, an_assertion(who, place, stated_in=one)]

    assert not find_linked_referrals(network_of(records), on=TODAY)
    records.append(an_assertion(unnamed, place, stated_in=about_it))
    assert len(find_linked_referrals(network_of(records), on=TODAY)) == 1


def test_referrals_that_concern_a_group_referred_by_a_third_are_linked() -> None:
    group, first, second = a_peer_group(label="friends who skate"), a_young_person(), a_young_person()
    concerned = [a_referral(about=(who,), concerns_contexts=(group.id,)) for who in (first, second)]
    third = a_referral(about=(group,))

    assert not find_linked_referrals(network_of([group, first, second, *concerned]), on=TODAY)
    linked = find_linked_referrals(network_of([group, first, second, *concerned, third]), on=TODAY)
    assert len(linked) == 3
    assert {one.because for one in linked} == {(None,)}
    assert explain(linked[0], "friends who skate") == "Both referrals concern the peer group friends who skate."


def test_whether_a_group_is_referred_hangs_on_what_the_reader_may_read() -> None:
    group, first, second = a_peer_group(), a_young_person(), a_young_person()
    concerned = [a_referral(about=(who,), concerns_contexts=(group.id,)) for who in (first, second)]
    third = a_referral(about=(group,))
    without = a_scope(withheld=frozenset({third.id}))
    assert not find_linked_referrals(network_of([group, first, second, *concerned, third], without), on=TODAY)


def test_a_group_at_the_from_end_is_no_concern() -> None:
    group, place, who = a_peer_group(), a_location(), a_young_person()
    about_it, other = a_referral(about=(group,)), a_referral(about=(who,))
    says = an_assertion(group, place, says=AssertionKind.SPENDS_TIME_AT, stated_in=other)
    assert not find_linked_referrals(network_of([group, place, who, about_it, other, says]), on=TODAY)


def test_a_place_that_two_referrals_are_about_is_not_a_peer_group() -> None:
    place = a_location()
    assert not find_linked_referrals(network_of([place, a_referral(about=(place,)), a_referral(about=(place,))]), on=TODAY)


def test_harm_at_a_group_and_concern_for_it_make_one_pair_with_both_reasons() -> None:
    group, first, second = a_peer_group(), a_young_person(), a_young_person()
    referrals = [a_referral(about=(who,), concerns_contexts=(group.id,)) for who in (first, second)]
    statements = [an_assertion(who, group, stated_in=one) for who, one in zip((first, second), referrals, strict=True)]
    third = a_referral(about=(group,))
    linked = find_linked_referrals(network_of([group, first, second, *referrals, *statements, third]), on=TODAY)

    both = next(one for one in linked if set(one.referrals) == {one.id for one in referrals})
    assert both.because == (*sorted(one.id for one in statements), None)
    assert explain(both, "the rank") == "Both referrals report harm at the rank, and both concern it."


def test_feeling_unsafe_in_both_is_said_as_that() -> None:
    place, first, second = a_location(), a_young_person(), a_young_person()
    one, other = a_referral(about=(first,)), a_referral(about=(second,))
    unsafe = AssertionKind.FEELS_UNSAFE_AT
    statements = [
        an_assertion(first, place, says=unsafe, stated_in=one),
        an_assertion(second, place, says=unsafe, stated_in=other),
    ]
    [linked] = find_linked_referrals(network_of([place, first, second, one, other, *statements]), on=TODAY)
    assert explain(linked, "the park") == "Both referrals report feeling unsafe at the park."


def test_asking_about_one_referral_gives_its_pairs_and_no_others() -> None:
    borough = calderwick()
    network = borough.network()
    every = find_linked_referrals(network, on=TODAY)
    for name in (f"REF-0{number}" for number in range(1, 9)):
        referral = borough.ids[name]
        wanted = tuple(pair for pair in every if referral in pair.referrals)
        assert find_linked_referrals(network, on=TODAY, about=referral) == wanted


def test_the_contexts_that_link_hold_their_referrals() -> None:
    borough = calderwick()
    found = {
        borough.name_of(one.context): sorted(borough.name_of(referral) for referral in one.referrals)
        for one in find_contexts_that_link(borough.network(), on=TODAY)
    }
    assert found == {"LOC2": ["REF-01", "REF-05", "REF-08"], "LOC3": ["REF-02", "REF-03"], "LOC5": ["REF-02", "REF-06"]}


def test_someone_who_reads_two_referrals_sees_their_pair_alone() -> None:
    borough = calderwick()
    network = borough.network(borough.reader_of("REF-01", "REF-05"))
    assert pairs_by_name(borough, network) == {("REF-01", "REF-05", "LOC2")}


def a_random_world(seed: int) -> list[Record]:
    chance = random.Random(seed)
    places = [a_location() for _ in range(6)] + [a_peer_group() for _ in range(4)]
    people = [a_young_person() for _ in range(10)]
    groups = [place.id for place in places if place.KIND == "PeerGroup"]
    by_id = {place.id: place for place in places}
    records: list[Record] = [*places, *people]
    for _ in range(25):
        who = chance.choice(people)
        about = (by_id[chance.choice(groups)],) if chance.random() < 0.15 else (who,)
        concerns = tuple(sorted(chance.sample(groups, chance.choice((0, 0, 1, 2)))))
        referral = a_referral(about=about, concerns_contexts=concerns, received=TODAY - timedelta(days=chance.randint(-3, 30)))
        records.append(referral)
        for _ in range(chance.randint(0, 3)):
            says = chance.choice([*sorted(LINKING_KINDS, key=lambda k: k.code), AssertionKind.SPENDS_TIME_AT])
            life = (
                StandingSince(standing=Standing.CURRENT, since=TODAY - timedelta(days=20)),
                StandingSince(standing=chance.choice(list(Standing)), since=TODAY - timedelta(days=chance.randint(-5, 10))),
            )
            review_on = TODAY + timedelta(days=chance.choice((-1, 0, 90)))
            target = chance.choice(places)
            records.append(an_assertion(who, target, says=says, stated_in=referral, standings=life, review_on=review_on))
    return records


def linked_by_definition(network: Network, on: date) -> set[tuple[RecordId, RecordId, RecordId]]:
    """The rule, word for word, over every pair and every context."""
    referrals = {
        one: node for one, node in network.nodes(data=True) if node["kind"] == "Referral" and node["facts"]["received"] <= on
    }

    def concerns(node: dict[str, dict[str, tuple[RecordId, ...]]]) -> set[RecordId]:
        cited = (*node["cited"].get("subject_contexts", ()), *node["cited"].get("concerns_contexts", ()))
        return {one for one in cited if network.nodes[one]["kind"] == "PeerGroup"}

    referred = {one for node in referrals.values() for one in node["cited"].get("subject_contexts", ())}
    found = set()
    for first, second in combinations(sorted(referrals), 2):
        for context in network.nodes:
            held = [
                any(
                    tie.target == context and tie.says in LINKING_KINDS and tie.is_current(on) for tie in referrals[one]["stated"]
                )
                for one in (first, second)
            ]
            concerned = [context in concerns(referrals[one]) and context in referred for one in (first, second)]
            if all(held) or all(concerned):
                found.add((first, second, context))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_on_random_worlds_the_pairs_are_those_of_the_rule_and_the_groups_those_of_networkx(seed: int) -> None:
    network = network_of(a_random_world(seed))
    linked = find_linked_referrals(network, on=TODAY)

    assert {(*pair.referrals, pair.context) for pair in linked} == linked_by_definition(network, TODAY)
    components = networkx.connected_components(networkx.Graph([pair.referrals for pair in linked]))
    assert groups_of(linked) == tuple(sorted(tuple(sorted(component)) for component in components))
    for referral in sorted(node for node, kind in network.nodes(data="kind") if kind == "Referral"):
        assert find_linked_referrals(network, on=TODAY, about=referral) == tuple(p for p in linked if referral in p.referrals)


def test_fifty_shuffles_of_the_rows_give_one_answer() -> None:
    records = list(calderwick().records) + a_random_world(7)
    answer = find_linked_referrals(network_of(records), on=TODAY)
    assert answer
    for seed in range(50):
        random.Random(seed).shuffle(records)
        assert find_linked_referrals(network_of(records), on=TODAY) == answer


@pytest.mark.parametrize("seed", range(6))
def test_links_are_the_same_context_by_context_as_pair_by_pair(seed: int, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/kith.db", ALL_KINDS, making=NEW_STORE)
    load_case(store, read_case(json.dumps(a_borough(seed, people=20, referrals=25))), scope=a_scope(), by=ActorId("a"), now=NOW)
    projection = Projection(ALL_KINDS)
    projection.catch_up(store)
    store.close()
    network = projection.within(a_scope())

    linked = find_linked_referrals(network, on=TODAY)
    found = find_links_at_contexts(network, on=TODAY)
    pairs = [pair for links in found for pair in links.pairs(links.referrals)]
    assert linked, "a borough in which nothing is linked proves nothing"
    assert sorted(pairs, key=lambda pair: (pair.referrals, pair.context)) == list(linked)
    assert {links.context: links.count_pairs() for links in found} == dict(Counter(pair.context for pair in linked))
    assert groups_at_contexts(found) == groups_of(linked)
    for links in found:
        here = tuple(pair for pair in linked if pair.context == links.context)
        assert find_linked_referrals(network, on=TODAY, at=links.context) == here
        assert set(links.referrals) == {end for pair in here for end in pair.referrals}
