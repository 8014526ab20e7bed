"""The partitions behind clusters, against networkx and against their own definition on random networks."""

import random

import networkx
import pytest

from graph.analysis.agreement import agreement, mean_agreement
from graph.analysis.consensus import settle
from graph.analysis.local_moving import Pull, Rung, partition
from graph.analysis.ordering import order_by_facts
from tests.graph.analysis.invented import planted


def a_random_network(seed: int) -> "networkx.Graph":
    chance = random.Random(seed)
    graph = networkx.gnm_random_graph(40, chance.randint(40, 160), seed=seed)
    for one, other in graph.edges:
        graph[one][other]["weight"] = chance.choice((0.1, 0.5, 1.0, 2.0))
    return graph


def edges_of(graph: "networkx.Graph") -> list[tuple[int, int, float]]:
    return sorted((min(a, b), max(a, b), weight) for a, b, weight in graph.edges(data="weight"))


def quality(graph: "networkx.Graph", labels: list[int], rung: Rung) -> float:
    """By definition: modularity as networkx counts it, or the weight inside less density times the pairs inside."""
    groups = [{one for one, label in enumerate(labels) if label == number} for number in set(labels)]
    if rung.measure == "modularity":
        return float(networkx.community.modularity(graph, groups, resolution=rung.resolution))
    inside = sum(graph.subgraph(group).size("weight") for group in groups)
    return float(inside - rung.resolution * sum(len(group) * (len(group) - 1) / 2 for group in groups))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("resolution", [1.0, 2.0])
def test_modularity_is_as_good_as_networkx_reaches(seed: int, resolution: float) -> None:
    graph, rung = a_random_network(seed), Rung("modularity", resolution)
    ours = max(quality(graph, partition(Pull(40, edges_of(graph)), rung, run), rung) for run in range(5))
    theirs = max(
        networkx.community.modularity(
            graph, networkx.community.louvain_communities(graph, seed=run, resolution=resolution), resolution=resolution
        )
        for run in range(5)
    )
    assert ours >= theirs - 0.005


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rung", [Rung("modularity", 1.0), Rung("cpm", 0.1), Rung("cpm", 0.5)], ids=str)
def test_no_single_move_makes_a_partition_better(seed: int, rung: Rung) -> None:
    graph = a_random_network(seed)
    labels = partition(Pull(40, edges_of(graph)), rung, 1)
    reached = quality(graph, labels, rung)
    for one in range(0, 40, 3):
        for label in {*labels, 99}:
            moved = [*labels[:one], label, *labels[one + 1 :]]
            assert quality(graph, moved, rung) <= reached + 1e-7


def test_a_density_finds_groups_that_modularity_merges() -> None:
    """The resolution limit: a long ring of small cliques (Fortunato and Barthélemy 2007)."""
    graph = networkx.ring_of_cliques(40, 5)
    truth = [one // 5 for one in range(200)]
    pull = Pull(200, [(a, b, 1.0) for a, b in graph.edges])
    assert agreement(partition(pull, Rung("cpm", 0.5), 1), truth) == 1.0
    assert agreement(partition(pull, Rung("modularity", 1.0), 1), truth) < 0.9


def test_agreement_is_one_for_the_same_and_about_none_for_chance() -> None:
    chance = random.Random(1)
    labels = [chance.randrange(5) for _ in range(400)]
    other = [chance.randrange(5) for _ in range(400)]
    assert agreement(labels, [f"group {label}" for label in labels]) == 1.0
    assert abs(agreement(labels, other)) < 0.05
    assert agreement([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(0.5714285714)
    assert mean_agreement([labels, labels, labels]) == 1.0


def test_whoever_moves_about_does_not_settle() -> None:
    steady = [0, 0, 0, 1, 1, 1]
    partitions = [[*steady, seed % 2] for seed in range(20)]
    groups = settle(partitions, 3)
    assert [group.members for group in groups] == [(0, 1, 2), (3, 4, 5)]
    assert [group.stability for group in groups] == [1.0, 1.0]


def test_a_chain_of_acquaintances_is_no_group() -> None:
    """Each neighbour is together nine times in ten, the two ends hardly ever."""
    partitions = [[0 if one <= cut else 1 for one in range(12)] for cut in [*range(11)] * 2]
    assert all(len(group.members) < 12 for group in settle(partitions, 3))


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_things_hangs_on_facts_alone(seed: int) -> None:
    """Renumbering everything gives the same network place by place, twins and all."""
    people, ties, _ = planted(groups=3, size=6, seed=seed)
    ties += [(0, people), (0, people + 1), (7, people + 2), (7, people + 3)]
    count = people + 4
    chance = random.Random(seed)
    shapes = set()
    for _ in range(4):
        renamed = list(range(count))
        chance.shuffle(renamed)
        links = [(renamed[one], renamed[other], "friend") for one, other in ties]
        ids = [f"{chance.getrandbits(64):016x}" for _ in range(count)]
        place = {one: position for position, one in enumerate(order_by_facts(["YoungPerson"] * count, links, ids))}
        shapes.add(tuple(sorted((place[one], place[other]) for one, other, _ in links)))
    assert len(shapes) == 1
