"""Which young people, or which referrals, stand close together? A finding with its stability; never a group, never a fact.

Peer ties count 1 and a context shared by n counts 1/(n - 1) for each pair (Newman 2001); contexts over 200 people and pairs
under 0.05 are left out. Order comes from facts (`ordering`), the resolution from the data (`ladder`), and the answer is the
consensus of many seeds (`consensus`): it hangs on no id and on no order of rows.
"""

import platform
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import combinations
from typing import Literal

from graph.analysis import Network, Tie
from graph.analysis.agreement import mean_agreement
from graph.analysis.columns import TieColumns, read_columns
from graph.analysis.consensus import SettledGroup, settle
from graph.analysis.ladder import SMALLEST_CLUSTER, Trial, choose_rung
from graph.analysis.local_moving import Pull, partition
from graph.analysis.ordering import order_by_facts
from graph.assertions import AssertionKind
from graph.people import YoungPerson
from graph.records import RecordId

Of = Literal["people", "referrals"]

PEER_TIES = frozenset(
    {
        AssertionKind.FRIEND_SAID_BY_YP,
        AssertionKind.FRIEND_SEEN_BY_OTHERS,
        AssertionKind.SIBLING_FAMILY,
        AssertionKind.PARTNER,
        AssertionKind.TRUSTED_ADULT,
        AssertionKind.SCHOOL_PEER,
        AssertionKind.TRAVELLED_MISSING_WITH,
        AssertionKind.ONLINE_CONTACT,
    }
)
SHARING_KINDS = frozenset(
    {
        AssertionKind.HARMED_AT,
        AssertionKind.FEELS_UNSAFE_AT,
        AssertionKind.FEELS_SAFE_AT,
        AssertionKind.SPENDS_TIME_AT,
        AssertionKind.MEMBER_OF,
    }
)
LARGEST_CONTEXT = 200
LEAST_WEIGHT = 0.05
CONSENSUS_SEEDS = 30
RELIABLE = 0.9
WORDS = {"people": "young people", "referrals": "referrals"}
METHOD = (
    "consensus of seeded partitions (Louvain moves; modularity and constant Potts), resolution chosen by agreement over seeds"
)


@dataclass(frozen=True, slots=True)
class ClusterInput:
    """What clusters are found from, as plain data that may go to another process.

    `things` are what is clustered, `contexts` what they share; a link joins two positions in `things + contexts` under a
    label; `facts` describes each of them without ids.
    """

    of: Of
    things: tuple[str, ...]
    contexts: tuple[str, ...]
    facts: tuple[str, ...]
    links: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Ids in order, the share of seeds in which they stay together (0 to 1, two decimals), why in words, and where they meet."""

    members: tuple[RecordId, ...]
    stability: float
    because: str
    contexts: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class ClusterFinding:
    """Clusters, largest first, with everything needed to find them again. `stability` is 0 when nothing was found."""

    method: str
    parameters: Mapping[str, str | int | float]
    stability: float
    software: Mapping[str, str]
    warnings: tuple[str, ...]
    items: tuple[Cluster, ...]
    unsettled: tuple[RecordId, ...] = field(default=())


def find_clusters(
    network: Network, *, of: Of, on: date, linking: Mapping[RecordId, Collection[RecordId]] | None = None
) -> ClusterFinding:
    """The clusters of young people or of referrals on a day. For referrals, `linking` says which ones each context links."""
    return find_clusters_in(cluster_input(network, of=of, on=on, linking=linking))


def cluster_input(
    network: Network, *, of: Of, on: date, linking: Mapping[RecordId, Collection[RecordId]] | None = None
) -> ClusterInput:
    """What `find_clusters_in` needs of a network: current and undisputed statements only, those with no tie at all left out."""
    if of == "people":
        joins = list(_people_joined(network, on))
    else:
        joins = [(referral, context, "linked") for context, referrals in (linking or {}).items() for referral in referrals]
    kind_of = network.nodes(data="kind")
    ends = {end for source, target, _ in joins for end in (source, target)}
    clustered = YoungPerson.KIND if of == "people" else "Referral"
    things = sorted(end for end in ends if kind_of[end] == clustered)
    contexts = sorted(end for end in ends if kind_of[end] != clustered)
    at = {end: position for position, end in enumerate([*things, *contexts])}
    return ClusterInput(
        of=of,
        things=tuple(things),
        contexts=tuple(contexts),
        facts=tuple(_facts_of(network, end) for end in at),
        links=tuple(sorted((at[source], at[target], label) for source, target, label in joins)),
    )


def _people_joined(network: Network, on: date) -> Iterator[tuple[RecordId, RecordId, str]]:
    kind_of = network.nodes(data="kind")
    for source, target, tie in network.edges(data="tie"):
        if kind_of[source] != YoungPerson.KIND or source == target or not tie.is_current(on):
            continue
        if tie.says in SHARING_KINDS or (tie.says in PEER_TIES and kind_of[target] == YoungPerson.KIND):
            yield source, target, _label(tie)


def _label(tie: Tie) -> str:
    """What a statement says and how it is known, without an id."""
    known = (tie.says.code, tie.known.value, tie.origin.value, tie.date_recorded, tie.source_role, tie.agency, tie.time_band)
    return "|".join(str(one) for one in known)


def _facts_of(network: Network, end: RecordId) -> str:
    """The plain facts of a record, without whatever it cites."""
    node = network.nodes[end]
    plain = {name: value for name, value in node["facts"].items() if name not in node["cited"] and not isinstance(value, tuple)}
    return "|".join([node["kind"], *(f"{name}={plain[name]}" for name in sorted(plain))])


def find_clusters_in(given: ClusterInput, *, first_seed: int = 0) -> ClusterFinding:
    """The clusters of what was gathered: a pure function, to be run in a process of its own when there is much.

    `first_seed` is for measuring how far the answer hangs on seeds.
    """
    ordered = _in_order(given)
    pull = Pull(len(ordered.things), ordered.ties.pairs())
    trial = choose_rung(pull, first_seed) if pull.weight else None
    if trial is None or trial.agreement < RELIABLE:
        return _nothing_reliable(given, ordered, trial)
    partitions = [partition(pull, trial.rung, 1_000 + first_seed + seed) for seed in range(CONSENSUS_SEEDS)]
    groups = settle(partitions, SMALLEST_CLUSTER)
    groups = _without_split_twins(groups, pull)
    if not groups:
        return _nothing_reliable(given, ordered, trial)
    return _finding(given, ordered, trial, groups, mean_agreement(partitions))


@dataclass(frozen=True, slots=True)
class _Ordered:
    """The things in the order that facts decide, their weighted pairs, and for each context the positions of who shares it."""

    things: tuple[str, ...]
    ties: TieColumns
    peers: frozenset[tuple[int, int]]
    sharing: tuple[tuple[str, tuple[int, ...]], ...]
    too_large: int


def _in_order(given: ClusterInput) -> _Ordered:
    count = len(given.things)
    order = order_by_facts(given.facts, given.links, given.things + given.contexts)
    place = {position: number for number, position in enumerate(one for one in order if one < count)}
    members: dict[int, set[int]] = {}
    peers: set[tuple[int, int]] = set()
    for source, target, _ in given.links:
        if target >= count:
            members.setdefault(target, set()).add(place[source])
        else:
            peers.add((min(place[source], place[target]), max(place[source], place[target])))
    small = [(given.contexts[context - count], tuple(sorted(those))) for context, those in members.items()]
    sharing = tuple(sorted(pair for pair in small if 1 < len(pair[1]) <= LARGEST_CONTEXT))
    things = tuple(given.things[position] for position in sorted(place, key=place.__getitem__))
    weights = _weights(peers, [those for _, those in sharing])
    return _Ordered(
        things=things,
        ties=read_columns(((things[first], things[second], weight) for first, second, weight in weights), names=things),
        peers=frozenset(peers),
        sharing=sharing,
        too_large=sum(len(those) > LARGEST_CONTEXT for _, those in small),
    )


def _weights(peers: set[tuple[int, int]], shared: list[tuple[int, ...]]) -> tuple[tuple[int, int, float], ...]:
    parts: dict[tuple[int, int], list[float]] = {pair: [1.0] for pair in peers}
    for those in shared:
        for pair in combinations(those, 2):
            parts.setdefault(pair, []).append(1 / (len(those) - 1))
    summed = ((first, second, sum(sorted(parts[first, second]))) for first, second in sorted(parts))
    return tuple(one for one in summed if one[2] >= LEAST_WEIGHT)


def _without_split_twins(groups: tuple[SettledGroup, ...], pull: Pull) -> tuple[SettledGroup, ...]:
    """Two things with exactly the same ties belong together or nowhere: which of them stands first is an accident."""
    group_of = {one: number for number, group in enumerate(groups) for one in group.members}
    twins: dict[tuple[tuple[int, float], ...], list[int]] = {}
    for one, near in enumerate(pull.adjacency):
        if near:
            twins.setdefault(tuple(sorted(near.items())), []).append(one)
    split = {one for those in twins.values() if len({group_of.get(one) for one in those}) > 1 for one in those}
    if not split:
        return groups
    left = (SettledGroup(tuple(one for one in group.members if one not in split), group.stability) for group in groups)
    return tuple(group for group in left if len(group.members) >= SMALLEST_CLUSTER)


def _nothing_reliable(given: ClusterInput, ordered: _Ordered, trial: Trial | None) -> ClusterFinding:
    said = f"No reliable clusters: no grouping of these {WORDS[given.of]} stays the same from one seed to the next."
    if not len(ordered.ties.targets):
        said = f"No reliable clusters: nothing ties these {WORDS[given.of]} together."
    return ClusterFinding(METHOD, _parameters(trial), 0.0, _software(), (said, *_left_out(ordered)), ())


def _finding(
    given: ClusterInput, ordered: _Ordered, trial: Trial, groups: tuple[SettledGroup, ...], stability: float
) -> ClusterFinding:
    settled = {one for group in groups for one in group.members}
    unsettled = tuple(sorted(RecordId(thing) for one, thing in enumerate(ordered.things) if one not in settled))
    said = ["Clusters help to ask better questions; they are not facts, and no cluster is a peer group."]
    if unsettled:
        said.append(f"{len(unsettled)} {WORDS[given.of]} did not settle and are in no cluster.")
    items = sorted((_cluster(given, ordered, group) for group in groups), key=lambda one: (-len(one.members), one.members))
    return ClusterFinding(
        method=METHOD,
        parameters=_parameters(trial),
        stability=round(stability, 3),
        software=_software(),
        warnings=(*said, *_left_out(ordered)),
        items=tuple(items),
        unsettled=unsettled,
    )


def _cluster(given: ClusterInput, ordered: _Ordered, group: SettledGroup) -> Cluster:
    members = set(group.members)
    peers = sum(first in members and second in members for first, second in ordered.peers)
    shared = [RecordId(context) for context, those in ordered.sharing if len(members.intersection(those)) > 1]
    reasons = [_count(peers, "peer tie")] if peers else []
    reasons += [_count(len(shared), "shared context")] if shared else []
    return Cluster(
        members=tuple(sorted(RecordId(ordered.things[one]) for one in members)),
        stability=round(group.stability, 2),
        because=f"These {len(members)} {WORDS[given.of]} are joined by {' and '.join(reasons)}.",
        contexts=tuple(shared),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _left_out(ordered: _Ordered) -> list[str]:
    if not ordered.too_large:
        return []
    return [f"{_count(ordered.too_large, 'context')} shared by more than {LARGEST_CONTEXT} left out."]


def _parameters(trial: Trial | None) -> dict[str, str | int | float]:
    chosen: dict[str, str | int | float] = {
        "shared_context_weight": "1/(size - 1)",
        "largest_context": LARGEST_CONTEXT,
        "least_weight": LEAST_WEIGHT,
        "seeds": CONSENSUS_SEEDS,
        "reliable_from": RELIABLE,
    }
    if trial is not None:
        chosen |= {"measure": trial.rung.measure, "resolution": trial.rung.resolution}
    return chosen


def _software() -> dict[str, str]:
    return {"kith": version("kith"), "python": platform.python_version()}
