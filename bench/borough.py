"""The invented borough that everything is measured on: planted communities, ties and referrals, from a seed, as plain numbers.

Young people are never more than numbers here. Communities hold 12 to 150 people (power law) and several peer groups each;
places are popular in a heavy-tailed way inside an area, a few of them over the whole region; 45 % of ties are between
peers, a quarter of those leave the community; 55 % tie a person to a context.
"""

import itertools
import random
from dataclasses import dataclass

SMALLEST, LARGEST, EXPONENT = 12, 150, 2.0
PEER_SHARE, LEAVING = 0.45, 0.25
GROUPS_EACH = 3
PEOPLE_PER_AREA = 2_000
SCHOOLS_PER_AREA, HUBS = 6, 4
POPULARITY = 1.1


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: `people` and `contexts` things, `ties` between them, `referrals` about them."""

    name: str
    people: int
    contexts: int
    ties: int
    referrals: int


SIZES = {
    "XS": Size("XS", 348, 52, 2_000, 120),
    "S": Size("S", 1_740, 260, 10_000, 600),
    "R": Size("R", 8_700, 1_300, 100_000, 4_000),
    "M": Size("M", 87_000, 13_000, 1_000_000, 40_000),
}


@dataclass(frozen=True, slots=True)
class Borough:
    """What was made. `community` and `area` by person; `context_kind` by context; ties as pairs of numbers.

    A person-context tie is (person, context, what is said); a referral is its subject and its statements of harm,
    (context, what is said).
    """

    size: Size
    community: tuple[int, ...]
    context_kind: tuple[str, ...]
    peer_ties: tuple[tuple[int, int], ...]
    context_ties: tuple[tuple[int, int, str], ...]
    referrals: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]


def make_borough(size: Size, seed: int = 1) -> Borough:
    """The same seed and size always give the same borough."""
    chance = random.Random(f"{size.name} {seed}")
    community = _communities(size.people, chance)
    members: dict[int, list[int]] = {}
    for person, number in enumerate(community):
        members.setdefault(number, []).append(person)
    kinds, groups_of, places_of, hubs = _contexts(size, len(members), chance)
    peer_ties = _peer_ties(size, community, members, chance)
    context_ties = _context_ties(size, community, groups_of, places_of, hubs, kinds, chance)
    referrals = _referrals(size, places_of, hubs, community, chance)
    return Borough(size, tuple(community), tuple(kinds), peer_ties, context_ties, referrals)


def area_of(community: int, communities: int, areas: int) -> int:
    return community * areas // communities


def _communities(people: int, chance: random.Random) -> list[int]:
    """A community for each person: sizes by a power law between the bounds, the rest shared out."""
    sizes: list[int] = []
    low, high = SMALLEST ** (1 - EXPONENT), LARGEST ** (1 - EXPONENT)
    while sum(sizes) < people:
        sizes.append(int((low + chance.random() * (high - low)) ** (1 / (1 - EXPONENT))))
    over = sum(sizes) - people
    sizes[-1] -= over
    if sizes[-1] < SMALLEST and len(sizes) > 1:
        rest = sizes.pop()
        for index in range(rest):
            sizes[index % len(sizes)] += 1
    return [number for number, count in enumerate(sizes) for _ in range(count)]


def _contexts(
    size: Size, communities: int, chance: random.Random
) -> tuple[list[str], list[list[int]], list[list[int]], list[int]]:
    """The kind of every context; each community's peer groups; its places, most popular first; the hubs of the region."""
    areas = max(1, size.people // PEOPLE_PER_AREA)
    each = max(1, min(GROUPS_EACH, (size.contexts * 7 // 10) // communities))
    groups_of = [list(range(number * each, number * each + each)) for number in range(communities)]
    kinds = ["PeerGroup"] * (each * communities)
    first_place = len(kinds)
    kinds += ["Location"] * (size.contexts - first_place)
    hubs = list(range(first_place, first_place + HUBS))
    local = list(range(first_place + HUBS, size.contexts))
    chance.shuffle(local)
    by_area = [sorted(local[area::areas]) for area in range(areas)]
    for places in by_area:
        chance.shuffle(places)
        for place in places[: max(1, min(SCHOOLS_PER_AREA, len(places) // 8))]:
            kinds[place] = "School"
    places_of = [by_area[area_of(number, communities, areas)] for number in range(communities)]
    return kinds, groups_of, places_of, hubs


def _peer_ties(
    size: Size, community: list[int], members: dict[int, list[int]], chance: random.Random
) -> tuple[tuple[int, int], ...]:
    wanted = int(size.ties * PEER_SHARE)
    found: set[tuple[int, int]] = set()
    while len(found) < wanted:
        one = chance.randrange(size.people)
        leaves = chance.random() < LEAVING
        other = chance.randrange(size.people) if leaves else chance.choice(members[community[one]])
        if one != other and leaves == (community[one] != community[other]):
            found.add((min(one, other), max(one, other)))
    return tuple(sorted(found))


def _context_ties(
    size: Size,
    community: list[int],
    groups_of: list[list[int]],
    places_of: list[list[int]],
    hubs: list[int],
    kinds: list[str],
    chance: random.Random,
) -> tuple[tuple[int, int, str], ...]:
    wanted = size.ties - int(size.ties * PEER_SHARE)
    found: set[tuple[int, int, str]] = set()
    for person, number in enumerate(community):
        found.add((person, chance.choice(groups_of[number]), "member_of"))
    weights = [_popularity(len(places)) for places in places_of]
    while len(found) < wanted:
        person = chance.randrange(size.people)
        number = community[person]
        draw = chance.random()
        if draw < 0.2:
            found.add((person, chance.choice(groups_of[number]), "member_of"))
        elif draw < 0.25:
            found.add((person, chance.choice(hubs), "spends_time_at"))
        else:
            [place] = chance.choices(places_of[number], cum_weights=weights[number])
            says = "attends" if kinds[place] == "School" else chance.choice(("spends_time_at", "feels_safe_at", "spends_time_at"))
            found.add((person, place, says))
    return tuple(sorted(found))


def _popularity(places: int) -> list[float]:
    return list(itertools.accumulate((rank + 1) ** -POPULARITY for rank in range(places)))


def _referrals(
    size: Size, places_of: list[list[int]], hubs: list[int], community: list[int], chance: random.Random
) -> tuple[tuple[int, tuple[tuple[int, str], ...]], ...]:
    made = []
    weights = [_popularity(len(places)) for places in places_of]
    for _ in range(size.referrals):
        person = chance.randrange(size.people)
        number = community[person]
        places = {
            chance.choice(hubs) if chance.random() < 0.02 else chance.choices(places_of[number], cum_weights=weights[number])[0]
            for _ in range(chance.choice((1, 1, 2, 3)))
        }
        made.append((person, tuple((place, chance.choice(("harmed_at", "feels_unsafe_at"))) for place in sorted(places))))
    return tuple(made)
