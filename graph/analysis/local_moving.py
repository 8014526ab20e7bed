"""Which partition of a weighted network is good? The Louvain method for two measures: modularity and constant Potts (CPM).

networkx has modularity alone, and modularity cannot see groups much smaller than the whole (its resolution limit); CPM can.
Both are one rule here: moving a node gains the weight of its ties into a cluster, less `price` times its mass times the
cluster's mass. Mass is a node's weighted degree and the price resolution / (2 * all weight) for modularity; mass is 1 for
each person and the price a density for CPM. Nodes are 0 to n-1, in the caller's order, on which the answer depends.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Measure = Literal["modularity", "cpm"]
Edges = Iterable[tuple[int, int, float]]
Adjacency = list[dict[int, float]]

LEAST_GAIN = 1e-9
ROUNDS = 8
ALONE = -1


@dataclass(frozen=True, slots=True)
class Rung:
    """One candidate of the ladder: a measure and its resolution (CPM: a density)."""

    measure: Measure
    resolution: float

    def __str__(self) -> str:
        return f"{self.measure} {self.resolution:g}"


class Pull:
    """A weighted network made ready for many runs: no loops, parallel edges added up."""

    def __init__(self, nodes: int, edges: Edges) -> None:
        self.adjacency: Adjacency = [{} for _ in range(nodes)]
        for first, second, weight in edges:
            if first != second:
                self.adjacency[first][second] = self.adjacency[first].get(second, 0.0) + weight
                self.adjacency[second][first] = self.adjacency[second].get(first, 0.0) + weight
        self.degrees = [sum(near.values()) for near in self.adjacency]
        self.weight = sum(self.degrees) / 2


def partition(pull: Pull, rung: Rung, seed: int) -> list[int]:
    """A cluster number for each node, in order of first appearance; the seed chooses the order in which nodes are visited."""
    if not pull.weight:
        return list(range(len(pull.adjacency)))
    chance = random.Random(seed)
    if rung.measure == "modularity":
        masses, price = list(pull.degrees), rung.resolution / (2 * pull.weight)
    else:
        masses, price = [1.0] * len(pull.adjacency), rung.resolution
    cluster = list(range(len(pull.adjacency)))
    for _ in range(ROUNDS):
        before = cluster
        cluster = _climb(pull.adjacency, masses, price, _move(pull.adjacency, masses, price, chance, before), chance)
        if cluster == before:
            break
    return cluster


def _climb(adjacency: Adjacency, masses: list[float], price: float, cluster: list[int], chance: random.Random) -> list[int]:
    """Gathers clusters into nodes and moves those, until nothing moves; the clusters of the nodes given."""
    member_of = numbered(cluster)
    level, mass = _gather(adjacency, masses, member_of)
    while True:
        moved = numbered(_move(level, mass, price, chance, list(range(len(level)))))
        if max(moved) + 1 == len(level):
            return numbered(member_of)
        member_of = [moved[node] for node in member_of]
        level, mass = _gather(level, mass, moved)


def numbered(labels: Sequence[int]) -> list[int]:
    """The same partition with clusters numbered 0, 1, 2 … in order of first appearance."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]


def _move(adjacency: Adjacency, masses: list[float], price: float, chance: random.Random, start: list[int]) -> list[int]:
    """Moves one node at a time to where it gains most, until none gains; a node is looked at again when a neighbour moved."""
    cluster = list(start)
    total, count = [0.0] * len(adjacency), [0] * len(adjacency)
    for node, own in enumerate(cluster):
        total[own] += masses[node]
        count[own] += 1
    empty = [number for number, held in enumerate(count) if not held]
    queue = list(range(len(adjacency)))
    chance.shuffle(queue)
    waiting = [True] * len(adjacency)
    for node in queue:  # grows while it is walked
        waiting[node] = False
        home = cluster[node]
        best = _best_cluster(adjacency[node], cluster, total, price * masses[node], home, masses[node])
        if best == home:
            continue
        if best == ALONE:
            best = empty.pop()
        total[home] -= masses[node]
        total[best] += masses[node]
        count[home] -= 1
        count[best] += 1
        cluster[node] = best
        if not count[home]:
            empty.append(home)
        for near in adjacency[node]:
            if not waiting[near] and cluster[near] != best:
                waiting[near] = True
                queue.append(near)
    return cluster


def _best_cluster(near: dict[int, float], cluster: list[int], total: list[float], toll: float, home: int, mass: float) -> int:
    """Where a node gains most; staying wins a draw, then standing alone, then whichever neighbour's cluster was met first."""
    pulls: dict[int, float] = {home: 0.0}
    for other, weight in near.items():
        pulls[cluster[other]] = pulls.get(cluster[other], 0.0) + weight
    best, most = home, pulls[home] - toll * (total[home] - mass)
    if most < -LEAST_GAIN:
        best, most = ALONE, 0.0
    for candidate, weight in pulls.items():
        gain = weight - toll * total[candidate]
        if candidate != home and gain > most + LEAST_GAIN:
            best, most = candidate, gain
    return best


def _gather(adjacency: Adjacency, masses: list[float], cluster: list[int]) -> tuple[Adjacency, list[float]]:
    """The network whose nodes are the clusters. Ties inside a cluster pull nobody any more."""
    size = max(cluster) + 1
    gathered: Adjacency = [{} for _ in range(size)]
    mass = [0.0] * size
    for node, near in enumerate(adjacency):
        own = cluster[node]
        mass[own] += masses[node]
        for other, weight in near.items():
            if cluster[other] != own:
                gathered[own][cluster[other]] = gathered[own].get(cluster[other], 0.0) + weight
    return gathered, mass
