"""Shared contexts on random networks, against networkx's own projection."""

import random
from datetime import date

import networkx
import pytest

from graph.analysis.shared_contexts import find_shared_contexts
from graph.assertions import AssertionKind
from tests.builders import TODAY, a_location, a_referral, a_young_person, an_assertion
from tests.worlds import network_of

HARM = AssertionKind.HARMED_AT
UNSAFE = AssertionKind.FEELS_UNSAFE_AT


@pytest.mark.parametrize("seed", range(10))
def test_who_meets_where_is_what_networkx_projects(seed: int) -> None:
    chance = random.Random(seed)
    who, places = a_young_person(), [a_location() for _ in range(8)]
    referrals = [a_referral(about=(who,)) for _ in range(15)]
    statements = [
        an_assertion(who, chance.choice(places), says=chance.choice((HARM, UNSAFE, AssertionKind.ATTENDS)), stated_in=one)
        for one in referrals
        for _ in range(chance.randint(0, 4))
    ]
    network = network_of([who, *places, *referrals, *statements])
    shared = find_shared_contexts(network, kinds={HARM, UNSAFE}, on=TODAY)

    graph = networkx.Graph()
    graph.add_nodes_from(one.id for one in referrals)
    graph.add_edges_from((one.stated_in, one.target) for one in statements if one.says in (HARM, UNSAFE))
    projected = networkx.bipartite.weighted_projected_graph(graph, [one.id for one in referrals])
    weights = {
        frozenset((first, second)): sum({first, second} <= set(one.referrals) for one in shared)
        for first, second in projected.edges
    }
    assert weights == {frozenset((first, second)): weight for first, second, weight in projected.edges(data="weight")}


def test_each_holding_names_its_statements_in_order() -> None:
    who, place = a_young_person(), a_location()
    one, other = a_referral(about=(who,)), a_referral(about=(who,))
    says = [an_assertion(who, place, says=kind, stated_in=one) for kind in (HARM, UNSAFE, HARM)]
    also = an_assertion(who, place, stated_in=other)
    [shared] = find_shared_contexts(network_of([who, place, one, other, *says, also]), kinds={HARM, UNSAFE}, on=TODAY)

    held = {holding.referral: tuple(tie.id for tie in holding.ties) for holding in shared.holdings}
    assert held == {one.id: tuple(sorted(tie.id for tie in says)), other.id: (also.id,)}
    assert shared.referrals == tuple(sorted((one.id, other.id)))


def test_before_anything_was_received_nothing_is_shared() -> None:
    who, place = a_young_person(), a_location()
    records = [who, place]
    for _ in range(2):
        referral = a_referral(about=(who,))
        records += [referral, an_assertion(who, place, stated_in=referral, since=date(2026, 1, 1))]  # type: ignore[list-item]
    assert find_shared_contexts(network_of(records), kinds={HARM}, on=date(2026, 11, 1)) == ()
