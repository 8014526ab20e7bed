"""How far do two partitions of the same things agree? The adjusted Rand index: 1 for the same, about 0 for chance."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations


def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """The adjusted Rand index (Hubert and Arabie 1985) of two labellings of the same things, position by position."""
    both, one, other = (_pairs(Counter(labels)) for labels in (zip(first, second, strict=True), first, second))
    every = len(first) * (len(first) - 1) / 2
    if not every:
        return 1.0
    by_chance, most = one * other / every, (one + other) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def mean_agreement(partitions: Sequence[Sequence[Hashable]]) -> float:
    """The mean over all pairs of at least two partitions."""
    values = [agreement(first, second) for first, second in combinations(partitions, 2)]
    return sum(values) / len(values)


def _pairs(counts: "Counter[Hashable]") -> float:
    return sum(count * (count - 1) / 2 for count in counts.values())
