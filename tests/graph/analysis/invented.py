"""Invented networks for tests of analysis: planted groups, noise and two public contact networks, as cluster input or records."""

import random
from collections.abc import Sequence

import networkx

from graph.analysis.clusters import ClusterFinding, ClusterInput
from graph.assertions import AssertionKind
from graph.records import Record
from tests.builders import a_location, a_young_person, an_assertion


def names_for(count: int, seed: int) -> list[str]:
    """Random ids, as the store gives them; another seed, other ids."""
    chance = random.Random(f"ids {seed}")
    return [f"{chance.getrandbits(128):032x}" for _ in range(count)]


def as_input(
    people: int, peers: Sequence[tuple[int, int]], shared: Sequence[Sequence[int]] = (), *, ids: int = 1
) -> tuple[ClusterInput, list[str]]:
    """Cluster input of people 0 to n-1 under random ids, and the id of each: sorted by id, as the real one is."""
    names = names_for(people + len(shared), ids)
    persons, contexts = names[:people], names[people:]
    ordered, ordered_contexts = sorted(persons), sorted(contexts)
    at = {name: position for position, name in enumerate([*ordered, *ordered_contexts])}
    links = [(at[persons[one]], at[persons[other]], "friend") for one, other in peers]
    links += [(at[persons[one]], at[contexts[number]], "spends") for number, those in enumerate(shared) for one in those]
    facts = ("YoungPerson",) * people + ("Location",) * len(shared)
    return ClusterInput("people", tuple(ordered), tuple(ordered_contexts), facts, tuple(sorted(links))), persons


def labels_of(finding: ClusterFinding, persons: Sequence[str]) -> list[int]:
    """A cluster number for each person; whoever is in none stands alone."""
    labels = {member: number for number, item in enumerate(finding.items) for member in item.members}
    return [labels.get(name, len(finding.items) + position) for position, name in enumerate(persons)]


def planted(
    groups: int, size: int, seed: int, *, inside: float = 0.3, leaving: int = 1
) -> tuple[int, list[tuple[int, int]], list[int]]:
    """People in groups, tied inside with a probability and `leaving` ties each outside on average: count, ties, truth."""
    chance = random.Random(seed)
    people = groups * size
    truth = [one // size for one in range(people)]
    ties = {
        (one, other)
        for one in range(people)
        for other in range(one + 1, people)
        if truth[one] == truth[other] and chance.random() < inside
    }
    for _ in range(people * leaving // 2):
        one, other = sorted(chance.sample(range(people), 2))
        ties.add((one, other))
    return people, sorted(ties), truth


def noise(people: int, ties: int, seed: int) -> list[tuple[int, int]]:
    """Ties at random: there is nothing to find."""
    chance = random.Random(seed)
    return sorted({tuple(sorted(chance.sample(range(people), 2))) for _ in range(ties)})  # type: ignore[arg-type]


def karate_club() -> tuple[int, list[tuple[int, int]], list[int]]:
    """Zachary's karate club (1977): people, ties, and the side each took when it split."""
    graph = networkx.karate_club_graph()
    return len(graph), sorted(graph.edges), [int(graph.nodes[one]["club"] == "Officer") for one in graph]


def davis_women() -> tuple[int, list[list[int]], list[int]]:
    """Davis, Gardner and Gardner (1941): women, who came to each event, and the two groups the ethnographers saw."""
    graph = networkx.davis_southern_women_graph()
    women = graph.graph["top"]
    at = {name: position for position, name in enumerate(women)}
    events = [sorted(at[name] for name in graph[event]) for event in graph.graph["bottom"]]
    return len(women), events, [0] * 9 + [1] * 9


def records_of(people: int, peers: Sequence[tuple[int, int]], shared: Sequence[Sequence[int]] = ()) -> list[Record]:
    """The same as records, in order of making."""
    persons = [a_young_person() for _ in range(people)]
    places = [a_location() for _ in shared]
    ties = [an_assertion(persons[one], persons[other], says=AssertionKind.FRIEND_SAID_BY_YP) for one, other in peers]
    ties += [
        an_assertion(persons[one], places[number], says=AssertionKind.SPENDS_TIME_AT)
        for number, those in enumerate(shared)
        for one in those
    ]
    return [*persons, *places, *ties]
