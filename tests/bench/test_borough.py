"""The borough that everything is measured on is the one its description promises, and the same every time."""

from collections import Counter
from pathlib import Path

from bench.borough import LARGEST, SIZES, SMALLEST, make_borough
from bench.kept_borough import EVERYTHING, KINDS, NEW_STORE, KeptBorough, export_chunks
from graph.projection import Projection
from graph.store import open_store


def test_the_same_seed_gives_the_same_borough_and_another_one_another() -> None:
    size = SIZES["XS"]
    assert make_borough(size, 3) == make_borough(size, 3)
    assert make_borough(size, 3) != make_borough(size, 4)


def test_a_local_authority_is_planted_as_described() -> None:
    borough = make_borough(SIZES["S"])
    communities = Counter(borough.community)
    leaving = sum(borough.community[one] != borough.community[other] for one, other in borough.peer_ties)

    assert len(borough.community) == 1_740
    assert len(borough.context_kind) == 260
    assert len(borough.peer_ties) + len(borough.context_ties) == 10_000
    assert len(borough.referrals) == 600
    assert len(borough.peer_ties) == 4_500
    assert 0.2 < leaving / len(borough.peer_ties) < 0.3
    assert min(communities.values()) >= SMALLEST
    assert max(communities.values()) <= LARGEST + SMALLEST
    assert 20 < len(communities) < 120
    popular = Counter(context for _, context, says in borough.context_ties if says != "member_of").most_common()
    assert popular[0][1] > 10 * popular[len(popular) // 2][1]


def test_a_kept_borough_restores_and_holds_every_tie(tmp_path: Path) -> None:
    borough = make_borough(SIZES["XS"])
    kept = KeptBorough(borough)
    store = open_store(f"sqlite:///{tmp_path}/kith.db", KINDS, making=NEW_STORE)
    store.restore(export_chunks(kept))
    projection = Projection(KINDS)
    projection.catch_up(store)
    network = projection.within(EVERYTHING)
    store.close()

    harms = sum(len(harm) for _, harm in borough.referrals)
    assert network.number_of_edges() == 2_000 + harms
    assert set(network) == {*kept.people, *kept.contexts, *kept.referrals}
