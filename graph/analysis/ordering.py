"""In what order do things stand when their ids must not matter? By a digest of their facts and of their neighbours'.

Seeded algorithms depend on the order of nodes, and ids are random: two loads of one file order them differently. So a thing
is described by its own facts and, four rounds deep, by those of its neighbours. Where two still look alike, one of them is
picked, by id, and what that tells of their neighbours settles the other draws: with things that really are interchangeable
every pick leads to the same network.
"""

import heapq
from collections.abc import Sequence, Set
from hashlib import blake2b

ROUNDS = 4

Link = tuple[int, int, str]
Near = list[list[tuple[int, str]]]


def order_by_facts(facts: Sequence[str], links: Sequence[Link], ids: Sequence[str]) -> list[int]:
    """The positions of things in an order that their facts and links decide; `ids` only break ties.

    `facts` is a text for each thing; a link joins two positions under a label and has a direction.
    """
    near = _neighbours(len(facts), links)
    colours = [_digest(text) for text in facts]
    for _ in range(ROUNDS):
        colours = [_seen_from(colours[one], near[one], colours) for one in range(len(facts))]
    _break_ties(colours, near, ids)
    return sorted(range(len(facts)), key=lambda one: (colours[one], ids[one]))


def _neighbours(things: int, links: Sequence[Link]) -> Near:
    near: Near = [[] for _ in range(things)]
    for source, target, label in links:
        near[source].append((target, f">{label}"))
        near[target].append((source, f"<{label}"))
    return near


def _digest(*texts: str) -> str:
    return blake2b("\x1f".join(texts).encode(), digest_size=12).hexdigest()


def _seen_from(own: str, near: Sequence[tuple[int, str]], colours: Sequence[str]) -> str:
    return _digest(own, *sorted(f"{label}{colours[other]}" for other, label in near))


def _break_ties(colours: list[str], near: Near, ids: Sequence[str]) -> None:
    """Picks one of each set of things that look alike, smallest colour first, and lets that tell their neighbours apart."""
    alike: dict[str, set[int]] = {}
    for one, colour in enumerate(colours):
        alike.setdefault(colour, set()).add(one)
    waiting = [colour for colour, those in alike.items() if len(those) > 1]
    heapq.heapify(waiting)
    while waiting:
        colour = heapq.heappop(waiting)
        if len(alike[colour]) > 1:
            picked = min(alike[colour], key=lambda one: ids[one])
            changed = {picked: _digest(colour, "picked")}
            for _ in range(ROUNDS):
                _recolour(changed, colours, alike, waiting)
                changed = _touched(changed.keys(), colours, near, alike)
            heapq.heappush(waiting, colour)


def _recolour(changed: dict[int, str], colours: list[str], alike: dict[str, set[int]], waiting: list[str]) -> None:
    for one, colour in changed.items():
        alike[colours[one]].discard(one)
        colours[one] = colour
        alike.setdefault(colour, set()).add(one)
        heapq.heappush(waiting, colour)


def _touched(changed: Set[int], colours: list[str], near: Near, alike: dict[str, set[int]]) -> dict[int, str]:
    """The neighbours of what changed that something else still looks like, with what they look like now."""
    seen: dict[int, list[str]] = {}
    for one in changed:
        for other, _ in near[one]:
            if len(alike[colours[other]]) > 1:
                seen.setdefault(other, [])
    for other, labels in seen.items():
        labels.extend(sorted(f"{label}{colours[one]}" for one, label in near[other] if one in changed))
    return {other: _digest(colours[other], *labels) for other, labels in seen.items()}
