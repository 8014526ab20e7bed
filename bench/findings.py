"""Bars 3, 4 and 6: clusters that are right and hold still, and columns instead of objects."""

import json
import random
import statistics
from collections.abc import Sequence
from dataclasses import asdict

import networkx

from bench.borough import Borough
from bench.measuring import Bench, Row, memory_of
from graph.analysis.agreement import agreement
from graph.analysis.clusters import ClusterFinding, ClusterInput, find_clusters_in
from graph.analysis.columns import read_columns

PUBLIC_SEEDS = 20
LEFT_OUT = 0.01


def clusters_of_a_borough(bench: Bench, borough: Borough) -> None:
    """Bars 3 and 4 on an invented borough: against what was planted, plain Louvain, other ids, orders, seeds and records."""
    truth, size = borough.community, borough.size.name
    given, people = cluster_input_of(borough, ids=1)
    finding = find_clusters_in(given)
    labels = labels_of(finding, people)
    plain = statistics.mean(agreement(louvain(borough, seed), truth) for seed in range(5))
    reached = agreement(labels, truth)
    detail = f"plain networkx Louvain {plain:.2f}; {len(finding.items)} clusters, {len(finding.unsettled)} people unsettled"
    bench.rows.append(
        Row(3, "clusters against the planted groups, ARI", size, "the truth", reached, "≥ 0.85", reached >= 0.85, detail)
    )
    bench.step("clusters")

    again, renamed = cluster_input_of(borough, ids=2)
    other = find_clusters_in(again)
    same = canonical(finding, people) == canonical(other, renamed)
    bench.rows.append(
        Row(
            4,
            "the same answer under other ids and row order",
            size,
            "itself",
            float(same),
            "identical",
            same,
            "other ids, rows shuffled",
        )
    )
    bench.step("other ids")
    for what, moved in (
        ("other seeds", find_clusters_in(given, first_seed=50_000)),
        ("1 % of the statements gone", find_clusters_in(thinned(given))),
    ):
        held = agreement(labels, labels_of(moved, people))
        bench.rows.append(Row(4, f"clusters hold still: {what}, ARI", size, "itself", held, "≥ 0.95", held >= 0.95, ""))
        bench.step(what)


def clusters_of_public_networks(bench: Bench) -> None:
    """Bar 3 on two public contact networks, never below plain Louvain (its mean over seeds)."""
    karate = networkx.karate_club_graph()
    sides = [int(karate.nodes[one]["club"] == "Officer") for one in karate]
    _public(bench, "karate club", (list(karate), list(karate.edges), ()), karate, sides)

    davis = networkx.davis_southern_women_graph()
    women = davis.graph["top"]
    at = {name: position for position, name in enumerate(women)}
    events = [sorted(at[name] for name in davis[event]) for event in davis.graph["bottom"]]
    _public(bench, "Davis's women", (women, [], events), davis, [0] * 9 + [1] * 9)


def _public(
    bench: Bench,
    name: str,
    network: tuple[Sequence[object], Sequence[tuple[int, int]], Sequence[Sequence[int]]],
    graph: "networkx.Graph",
    truth: Sequence[int],
) -> None:
    people, peers, shared = network
    given, ids = plain_input(len(people), peers, shared, ids=1)
    finding = find_clusters_in(given)
    reached = agreement(labels_of(finding, ids), truth)
    found = []
    for seed in range(PUBLIC_SEEDS):
        groups = networkx.community.louvain_communities(graph, weight=None, seed=seed)
        labels = {one: number for number, those in enumerate(groups) for one in those}
        found.append(agreement([labels[one] for one in people], truth))
    plain = statistics.mean(found)
    met = reached >= plain or not finding.items
    said = f"ours {reached:.2f}, plain Louvain {plain:.2f}" + ("" if finding.items else "; no reliable clusters")
    bench.rows.append(
        Row(
            3,
            "clusters of a public contact network, ours less plain Louvain",
            name,
            "networkx",
            reached - plain,
            "≥ 0",
            met,
            said,
        )
    )
    bench.step(name)


def loading_ties(bench: Bench, borough: Borough, *, ties: int) -> None:
    """Bar 6: rows of two ids and a weight, to columns and to a networkx graph."""
    chance = random.Random(6)
    names = [f"{chance.getrandbits(128):032x}" for _ in range(borough.size.people + borough.size.contexts)]
    pairs = sorted({*borough.peer_ties, *((one, borough.size.people + context) for one, context, _ in borough.context_ties)})
    rows = [(names[one], names[other], chance.random()) for one, other in pairs[:ties]]

    def as_graph() -> "networkx.Graph":
        graph = networkx.Graph()
        graph.add_weighted_edges_from(rows)
        return graph

    graph, columns = as_graph(), read_columns(rows)
    assert graph.number_of_edges() == len(columns.targets), "columns and graph differ"
    assert all(graph[columns.names[a]][columns.names[b]]["weight"] == weight for a, b, weight in columns.pairs())
    del graph, columns
    taken = bench.take_turns({"columns": lambda: read_columns(rows), "networkx": as_graph}, rounds=3)
    ratio = taken["columns"] / taken["networkx"]
    per_million = f"{len(rows):,} ties: {taken['columns']:.2f} s against {taken['networkx']:.2f} s"
    bench.rows.append(
        Row(6, "ties to columns", borough.size.name, "add_weighted_edges_from", ratio, "≤ 1/4", ratio <= 0.25, per_million)
    )
    bench.step("columns")
    held = memory_of(lambda: read_columns(rows)) / memory_of(as_graph)
    bench.rows.append(
        Row(6, "memory of the columns", borough.size.name, "the networkx graph", held, "≤ 1/8 (goal)", held <= 0.125, "")
    )
    bench.step("memory")


def cluster_input_of(borough: Borough, *, ids: int) -> tuple[ClusterInput, list[str]]:
    """A borough as the product would gather it; other `ids`, other names and another order of rows."""
    shared: list[list[int]] = [[] for _ in borough.context_kind]
    for person, context, says in borough.context_ties:
        if says != "attends":
            shared[context].append(person)
    return plain_input(borough.size.people, borough.peer_ties, shared, ids=ids)


def plain_input(
    people: int, peers: Sequence[tuple[int, int]], shared: Sequence[Sequence[int]], *, ids: int
) -> tuple[ClusterInput, list[str]]:
    chance = random.Random(f"ids {ids}")
    names = [f"{chance.getrandbits(128):032x}" for _ in range(people + len(shared))]
    persons, contexts = names[:people], names[people:]
    at = {name: position for position, name in enumerate([*sorted(persons), *sorted(contexts)])}
    links = [(at[persons[one]], at[persons[other]], "peer") for one, other in peers]
    links += [(at[persons[one]], at[contexts[number]], "shares") for number, those in enumerate(shared) for one in those]
    chance.shuffle(links)
    facts = ("YoungPerson",) * people + ("Context",) * len(shared)
    return ClusterInput("people", tuple(sorted(persons)), tuple(sorted(contexts)), facts, tuple(links)), persons


def thinned(given: ClusterInput) -> ClusterInput:
    chance = random.Random(4)
    links = tuple(link for link in given.links if chance.random() >= LEFT_OUT)
    return ClusterInput(given.of, given.things, given.contexts, given.facts, links)


def labels_of(finding: ClusterFinding, people: Sequence[str]) -> list[int]:
    """A cluster number for each person; whoever did not settle stands alone, which counts against us."""
    labels: dict[str, int] = {member: number for number, item in enumerate(finding.items) for member in item.members}
    return [labels.get(name, len(finding.items) + position) for position, name in enumerate(people)]


def canonical(finding: ClusterFinding, people: Sequence[str]) -> bytes:
    """The finding with people's numbers for ids, as bytes."""
    number = {name: position for position, name in enumerate(people)}
    plain = asdict(finding)
    plain["items"] = sorted(
        [sorted(number[one] for one in item["members"]), item["stability"], item["because"]] for item in plain["items"]
    )
    plain["unsettled"] = sorted(number[one] for one in finding.unsettled)
    return json.dumps(plain, sort_keys=True).encode()


def louvain(borough: Borough, seed: int) -> list[int]:
    """Plain networkx Louvain on the peer and context ties as they are, people only."""
    graph = networkx.Graph()
    graph.add_edges_from(borough.peer_ties)
    graph.add_edges_from((one, borough.size.people + context) for one, context, _ in borough.context_ties)
    groups = networkx.community.louvain_communities(graph, seed=seed)
    labels: dict[int, int] = {one: number for number, those in enumerate(groups) for one in those}
    return [labels.get(one, -one) for one in range(borough.size.people)]
