"""Who stays together, whatever the seed? Groups that hold in nearly all of many partitions; the others do not settle."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

NEARLY_ALL = 0.8

Together = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class SettledGroup:
    """Positions that stay together, in order, and the mean share of partitions in which two of them are together."""

    members: tuple[int, ...]
    stability: float


def settle(partitions: Sequence[Sequence[int]], smallest: int) -> tuple[SettledGroup, ...]:
    """The groups of at least `smallest` that stay together in four of five partitions or more, in order of their first member.

    A member must be with the rest of the group that often on average, so that no chain of acquaintances makes a group.
    """
    together = _shares_together(partitions)
    near: dict[int, list[int]] = {}
    for (first, second), share in together.items():
        if share >= NEARLY_ALL:
            near.setdefault(first, []).append(second)
            near.setdefault(second, []).append(first)
    groups = [_core(group, together) for group in _connected(near)]
    return tuple(
        SettledGroup(tuple(group), _mean_share(group, together)) for group in sorted(groups) if len(group) >= max(smallest, 2)
    )


def _shares_together(partitions: Sequence[Sequence[int]]) -> Together:
    """For each pair that is ever together, lower position first: the share of partitions in which it is."""
    counts: Counter[tuple[int, int]] = Counter()
    for labels in partitions:
        members: dict[int, list[int]] = {}
        for position, label in enumerate(labels):
            members.setdefault(label, []).append(position)
        for group in members.values():
            counts.update(combinations(group, 2))
    return {pair: count / len(partitions) for pair, count in counts.items()}


def _connected(near: dict[int, list[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    seen: set[int] = set()
    for start in sorted(near):
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for one in group:  # grows while it is walked
            fresh = [other for other in near[one] if other not in seen]
            seen.update(fresh)
            group.extend(fresh)
        found.append(sorted(group))
    return found


def _core(group: list[int], together: Together) -> list[int]:
    """The group without those who are not with the rest in nearly all partitions, the loosest one first."""
    while len(group) > 1:
        loosest, share = min(((one, _share_with(one, group, together)) for one in group), key=lambda pair: (pair[1], pair[0]))
        if share >= NEARLY_ALL:
            break
        group = [one for one in group if one != loosest]
    return group


def _share_with(one: int, group: Sequence[int], together: Together) -> float:
    return sum(together.get((min(one, other), max(one, other)), 0.0) for other in group if other != one) / (len(group) - 1)


def _mean_share(group: Sequence[int], together: Together) -> float:
    return sum(_share_with(one, group, together) for one in group) / len(group)
