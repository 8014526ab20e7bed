"""What one scope sees of what is kept, by promise 1 of the store, as a network."""

import dataclasses
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import networkx

from graph.analysis import Network, Tie
from graph.projection.reading import Cited, Facts, Frame, KeptRecord, KeptTie, citations_in, facts_within, fields_followed
from graph.records import Handling, Record, RecordId
from graph.store.boundary import Scope

by_id = attrgetter("id")


class Kept:
    """Everything kept, by kind and by end, so that a narrow scope costs no more than what it sees."""

    def __init__(self) -> None:
        self.records: dict[RecordId, KeptRecord] = {}
        self.by_kind: dict[str, dict[RecordId, KeptRecord]] = {}
        self.ties: dict[RecordId, KeptTie] = {}
        self.ties_from: dict[RecordId, dict[RecordId, KeptTie]] = {}

    def keep_record(self, record: KeptRecord) -> None:
        self.records[record.id] = record
        self.by_kind.setdefault(record.kind, {})[record.id] = record

    def keep_tie(self, kept: KeptTie) -> None:
        self.drop(kept.tie.id)
        self.ties[kept.tie.id] = kept
        self.ties_from.setdefault(kept.tie.source, {})[kept.tie.id] = kept

    def found(self, record_id: RecordId) -> KeptRecord | KeptTie | None:
        """What is kept under this id; None when nothing is."""
        return self.records.get(record_id) or self.ties.get(record_id)

    def drop(self, record_id: RecordId) -> None:
        """What is erased is kept nowhere, nor is anything said to be stated in it."""
        record = self.records.pop(record_id, None)
        if record is not None:
            del self.by_kind[record.kind][record_id]
        kept = self.ties.pop(record_id, None)
        if kept is not None:
            ties = self.ties_from[kept.tie.source]
            del ties[record_id]
            if not ties:
                del self.ties_from[kept.tie.source]


def records_seen(kept: Kept, scope: Scope) -> dict[RecordId, KeptRecord]:
    """The records in scope, assertions apart, in order of id."""
    seen = {record.id: record for record in _candidates(kept, scope) if _admits(scope, record)}
    return {record_id: seen[record_id] for record_id in sorted(seen)}


def _candidates(kept: Kept, scope: Scope) -> Iterator[KeptRecord]:
    for kind in scope.open_kinds:
        yield from kept.by_kind.get(kind, {}).values()
    for record_id in scope.granted:
        if record_id in kept.records:
            yield kept.records[record_id]


def admits_record(scope: Scope, record: KeptRecord) -> bool:
    """Whether a record, no assertion, is in scope: its kind is open or it is granted, and nothing keeps it back."""
    return (record.kind in scope.open_kinds or record.id in scope.granted) and _admits(scope, record)


def _admits(scope: Scope, record: KeptRecord) -> bool:
    return record.frame.forum == scope.forum and record.frame.handling in scope.handling and record.id not in scope.withheld


def ties_seen(kept: Kept, scope: Scope, seen: Collection[RecordId]) -> list[Tie]:
    """The assertions in scope, in order of id: both ends and what it was stated in are seen, its mark admitted there."""
    ties = [
        one.tie for source in seen for one in kept.ties_from.get(RecordId(source), {}).values() if admits_tie(scope, one, seen)
    ]
    ties.sort(key=by_id)
    return ties


def admits_tie(scope: Scope, kept: KeptTie, seen: Container[RecordId]) -> bool:
    """Whether an assertion whose source is seen is in scope."""
    tie, frame = kept.tie, kept.frame
    return (
        frame.forum == scope.forum
        and tie.target in seen
        and (tie.stated_in is None or tie.stated_in in seen)
        and _admits_mark(scope, frame, tie.stated_in)
        and tie.id not in scope.withheld
    )


def _admits_mark(scope: Scope, frame: Frame, stated_in: RecordId | None) -> bool:
    if frame.handling in scope.handling:
        return True
    return stated_in is not None and (stated_in, Handling(frame.handling)) in scope.admitted


def network_within(kept: Kept, scope: Scope, kinds: Mapping[str, type[Record]]) -> Network:
    """What this scope sees, as a network that cannot be changed."""
    seen = records_seen(kept, scope)
    ties = ties_seen(kept, scope, seen.keys())
    everything = seen.keys() | {tie.id for tie in ties}
    shown = [tie_within(tie, everything) for tie in ties]
    return draw_network((record_within(record, kinds[record.kind], everything) for record in seen.values()), shown)


def record_within(record: KeptRecord, cls: type[Record], seen: Container[RecordId]) -> KeptRecord:
    """The record without what it cites of the unseen."""
    if all(cited in seen for ids in record.cited.values() for cited in ids):
        return record
    facts: Facts = facts_within(fields_followed(cls), record.facts, seen) or {}
    cited: Cited = citations_in(cls, facts)
    return dataclasses.replace(record, facts=facts, cited=cited)


def tie_within(tie: Tie, seen: Container[RecordId]) -> Tie:
    """The tie without what it holds within, or rests on, of the unseen."""
    if (tie.within is None or tie.within in seen) and all(one in seen for one in tie.corroborated_by):
        return tie
    within = tie.within if tie.within in seen else None
    return dataclasses.replace(tie, within=within, corroborated_by=tuple(one for one in tie.corroborated_by if one in seen))


def draw_network(records: Iterable[KeptRecord], ties: Sequence[Tie]) -> Network:
    """A frozen network of records and ties, both given in order of id; every tie's ends are among the records."""
    stated: dict[RecordId, list[Tie]] = {}
    for tie in ties:
        if tie.stated_in is not None:
            stated.setdefault(tie.stated_in, []).append(tie)

    network: Network = networkx.MultiDiGraph()
    for record in records:
        network.add_node(
            record.id, kind=record.kind, facts=record.facts, cited=record.cited, stated=tuple(stated.get(record.id, ()))
        )
    for tie in ties:
        network.add_edge(tie.source, tie.target, key=tie.id, tie=tie)
    networkx.freeze(network)
    return network
