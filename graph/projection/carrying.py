"""A network taken over a few changes: what it shows afterwards is what one made afresh would show, at the cost of the changes.

What was there before is shared, never written to: whoever holds the network of before holds it still.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import networkx

from graph.analysis import Network, Tie
from graph.projection.reading import KeptRecord, KeptTie
from graph.projection.sight import Kept, admits_record, admits_tie, by_id, record_within, tie_within
from graph.records import Record, RecordId
from graph.store.boundary import Scope

# How each thing that changed was kept before; None for what was not there.
Before = Mapping[RecordId, KeptRecord | KeptTie | None]
_Ends = Callable[[Tie], tuple[RecordId, RecordId]]
_Row = dict[RecordId, dict[RecordId, dict[str, Tie]]]


@dataclass(slots=True)
class _Moved:
    """What of some changes one scope sees: records as they are kept now, ties as they stood and as they stand."""

    records: list[KeptRecord] = field(default_factory=list)
    gone: dict[RecordId, Tie] = field(default_factory=dict)
    come: dict[RecordId, KeptTie] = field(default_factory=dict)


def carry_over(network: Network, kept: Kept, scope: Scope, kinds: Mapping[str, type[Record]], before: Before) -> "Network | None":
    """The network of this scope after these changes, the same one where it shows none of them.

    None where something that was kept before comes into sight or goes out of it: what cites it changes with it, so the network
    has to be made afresh.
    """
    moved = _moved(network, kept, scope, before)
    if moved is None or not (moved.records or moved.gone or moved.come):
        return None if moved is None else network
    return _Carried(network, kept, kinds, moved).network()


def _moved(network: Network, kept: Kept, scope: Scope, before: Before) -> _Moved | None:
    moved = _Moved()
    changes = [(record_id, was, kept.found(record_id)) for record_id, was in before.items()]
    ties = [(one, was, now) for one, was, now in changes if isinstance(was or now, KeptTie)]
    records = [(one, was, now) for one, was, now in changes if not isinstance(was or now, KeptTie)]
    for record_id, was, now in records:
        seen = isinstance(now, KeptRecord) and admits_record(scope, now)
        if was is not None and seen != (record_id in network):
            return None
        if isinstance(now, KeptRecord) and seen:
            moved.records.append(now)
    seen_now = _Either(network, frozenset(record.id for record in moved.records))
    for record_id, was, now in ties:
        stood = isinstance(was, KeptTie) and network.has_edge(was.tie.source, was.tie.target, record_id)
        stands = isinstance(now, KeptTie) and now.tie.source in seen_now and admits_tie(scope, now, seen_now)
        if was is not None and stood != stands:
            return None
        if stands and isinstance(now, KeptTie):
            moved.come[record_id] = now
            if isinstance(was, KeptTie):
                moved.gone[record_id] = was.tie
    return moved


@dataclass(frozen=True, slots=True)
class _Either:
    """What is in a network or among a few others; both together would have to be made for every reader and change."""

    network: Network
    others: frozenset[RecordId]

    def __contains__(self, record_id: object) -> bool:
        return record_id in self.others or record_id in self.network


class _Carried:
    """One network under way: copies of what the changes touch, the rest as it was."""

    def __init__(self, network: Network, kept: Kept, kinds: Mapping[str, type[Record]], moved: _Moved) -> None:
        self._old = network
        self._kept = kept
        self._kinds = kinds
        self._moved = moved
        self._ids = {record.id for record in moved.records}
        self._come = {one.tie.id: tie_within(one.tie, self) for one in moved.come.values()}

    def __contains__(self, record_id: object) -> bool:
        """Whether this is in sight afterwards, a record or a statement."""
        if record_id in self._ids or record_id in self._moved.come or record_id in self._old:
            return True
        found = self._kept.ties.get(record_id)  # type: ignore[call-overload]
        return found is not None and self._old.has_edge(found.tie.source, found.tie.target, record_id)

    def network(self) -> Network:
        """The network, frozen."""
        made: Network = networkx.MultiDiGraph()
        made._node, new = self._nodes()
        made._adj = self._rows(self._old._adj, new, made._node, lambda tie: (tie.source, tie.target))
        made._pred = self._rows(self._old._pred, new, made._node, lambda tie: (tie.target, tie.source))
        networkx.freeze(made)
        return made

    def _nodes(self) -> tuple[dict[RecordId, dict[str, object]], bool]:
        """The nodes in order of id, and whether there are new ones."""
        nodes = dict(self._old._node)
        for record in self._moved.records:
            shown = record_within(record, self._kinds[record.kind], self)
            stated = nodes[record.id]["stated"] if record.id in nodes else ()
            nodes[record.id] = {"kind": shown.kind, "facts": shown.facts, "cited": shown.cited, "stated": stated}
        for record_id in {tie.stated_in for tie in self._touched() if tie.stated_in is not None}:
            nodes[record_id] = {**nodes[record_id], "stated": self._stated(record_id, nodes[record_id]["stated"])}
        new = len(nodes) > len(self._old._node)
        return ({one: nodes[one] for one in sorted(nodes)} if new else nodes), new

    def _touched(self) -> Iterator[Tie]:
        yield from self._moved.gone.values()
        yield from self._come.values()

    def _stated(self, record_id: RecordId, before: Iterable[Tie]) -> tuple[Tie, ...]:
        ties = [tie for tie in before if tie.id not in self._moved.gone]
        ties += [tie for tie in self._come.values() if tie.stated_in == record_id]
        return tuple(sorted(ties, key=by_id))

    def _rows(self, rows: Mapping[RecordId, _Row], new: bool, nodes: Iterable[RecordId], ends: _Ends) -> dict[RecordId, _Row]:
        """Who is tied to whom, from one end: rows in order of id, in each the other ends by their first tie, ties in order."""
        made = {one: rows.get(one, {}) for one in nodes} if new else dict(rows)
        for near, far in sorted({ends(tie) for tie in self._touched()}):
            ties = {one: data for one, data in made[near].get(far, {}).items() if one not in self._moved.gone}
            ties |= {tie.id: {"tie": tie} for tie in self._come.values() if ends(tie) == (near, far)}
            row = {**made[near], far: {one: ties[one] for one in sorted(ties)}}
            made[near] = dict(sorted(((end, some) for end, some in row.items() if some), key=lambda item: next(iter(item[1]))))
        return made
