"""A view: what one scope may see, read in transactions of its own or, for a writer, inside the writer's."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, LiteralString, Protocol, TypeVar

from graph.assertions import Assertion
from graph.errors import RecordErased, RecordNotFound
from graph.records import R, Record, RecordId, cited_by, cites_one_of, findable_fields
from graph.store.boundary import Change, Scope
from graph.store.codec import read_record, stored, visible
from graph.store.neo4j_statements import reading as texts
from graph.store.neo4j_store.connection import Statements
from graph.store.neo4j_store.stored import ERASED_AT, body_of, change_from, type_of

T = TypeVar("T")
Kinds = Mapping[str, type[Record]]


class Reads(Protocol):
    """Runs a unit of statements that only reads."""

    def __call__(self, unit: Callable[[Statements], T]) -> T: ...


def scope_parameters(scope: Scope) -> dict[str, Any]:
    """The parameters of the scope clause. A view has created nothing; a writer adds to the list."""
    return {
        "forum": scope.forum,
        "open_kinds": sorted(scope.open_kinds),
        "granted": sorted(scope.granted),
        "withheld": sorted(scope.withheld),
        "handling": sorted(scope.handling),
        "admitted": sorted(f"{record} {mark}" for record, mark in scope.admitted),
        "created": [],
    }


def found_by(statements: Statements, parameters: Mapping[str, Any], text: LiteralString, **more: Any) -> Any:
    """The one value of the one row that a collecting statement returns."""
    return statements.run(text, {**parameters, **more}).single(strict=True).value()


def _ends(found: Record) -> frozenset[RecordId]:
    """What must be in scope for a statement to be."""
    if not isinstance(found, Assertion):
        return frozenset()
    return frozenset(end for end in (found.source, found.target, found.stated_in) if end is not None)


class Neo4jView:
    """Read access within one scope. Each call sees everything committed before it began."""

    def __init__(self, kinds: Kinds, scope: Scope, reads: Reads) -> None:
        self._kinds = kinds
        self._scope = scope
        self._reads = reads
        self._parameters = scope_parameters(scope)

    @property
    def scope(self) -> Scope:
        return self._scope

    def get(self, kind: type[R], record_id: RecordId) -> R:
        return self._reads(lambda statements: self._get(statements, kind, record_id))

    def find(self, kind: type[R], *, after: RecordId | None = None, limit: int = 100, **equal: str) -> Sequence[R]:
        unknown = equal.keys() - set(findable_fields(kind))
        if unknown:
            raise ValueError(f"{kind.KIND} is not found by {', '.join(sorted(unknown))}")
        page = {"kind": kind.KIND, "after": after or "", "limit": limit, "equal": equal}
        text = texts.FIND
        if equal:
            first = min(equal)
            text, page = texts.FIND_BY[kind.KIND, first], {**page, "value": equal[first]}
        return self._reads(lambda statements: self._listed(statements, text, page))

    def citing(self, kind: type[R], cited: Collection[RecordId], *, field: str | None = None) -> Sequence[R]:
        return self._reads(lambda statements: self._citing(statements, kind, cited, field))

    def history(self, record_id: RecordId) -> Sequence[Change]:
        return self._reads(lambda statements: self._history(statements, record_id))

    def kinds_of(self, record_ids: Collection[RecordId]) -> Mapping[RecordId, str]:
        ids = sorted(set(record_ids))
        found = self._reads(lambda statements: found_by(statements, self._parameters, texts.KINDS_OF, ids=ids))
        return {RecordId(record): str(kind) for record, kind in sorted(found)}

    def several(self, record_ids: Collection[RecordId]) -> Sequence[Record]:
        ids = sorted(set(record_ids))
        return self._reads(lambda statements: self._listed(statements, texts.SEVERAL, {"ids": ids}))

    def _get(self, statements: Statements, kind: type[R], record_id: RecordId) -> R:
        row = statements.run(texts.GET, {**self._parameters, "id": record_id, "kind": kind.KIND}).single()
        if row is None:
            raise RecordNotFound
        if row["stored"].get(ERASED_AT) is not None:
            raise RecordErased
        shown: R = self._shown(statements, [row["stored"]])[0]
        return shown

    def _listed(self, statements: Statements, text: LiteralString, more: Mapping[str, Any]) -> tuple[Any, ...]:
        return self._shown(statements, found_by(statements, self._parameters, text, **more))

    def _citing(self, statements: Statements, kind: type[R], cited: Collection[RecordId], field: str | None) -> tuple[R, ...]:
        """Nothing is found through a citation that this scope does not see."""
        seen = self._seen(statements, cited)
        how = None if field is None else type_of(field)
        listed = self._listed(statements, texts.CITING, {"kind": kind.KIND, "cited": sorted(seen), "type": how})
        return tuple(found for found in listed if cites_one_of(found, seen, field))

    def _history(self, statements: Statements, record_id: RecordId) -> tuple[Change, ...]:
        if statements.run(texts.IS_IN_SCOPE, {**self._parameters, "id": record_id}).single() is None:
            raise RecordNotFound
        changes = [change_from(row) for row in found_by(statements, {}, texts.HISTORY, id=record_id)]
        then = {
            change.version: read_record(self._kinds, change.kind, change.body) for change in changes if change.body is not None
        }
        seen = self._seen(statements, frozenset().union(*map(cited_by, then.values())))
        shown = (self._change_shown(change, then.get(change.version), seen) for change in changes)
        return tuple(change for change in shown if change is not None)

    def _change_shown(self, change: Change, then: Record | None, seen: Set[RecordId]) -> Change | None:
        """A change as this reader may see it; None where the record, as it then stood, was not theirs to see."""
        if then is None:
            return change
        if then.id not in self._parameters["created"] and not self._was_in_scope(then, seen):
            return None
        return replace(change, body=stored(visible(then, seen)))

    def _was_in_scope(self, then: Record, seen: Set[RecordId]) -> bool:
        admitted = then.handling in self._scope.handling
        if isinstance(then, Assertion) and then.stated_in is not None:
            admitted = admitted or (then.stated_in, then.handling) in self._scope.admitted
        return admitted and _ends(then) <= seen

    def _shown(self, statements: Statements, nodes: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        """The records of these nodes, each without what it cites out of scope. What a statement rests on is seen with it."""
        records = [read_record(self._kinds, properties["kind"], body_of(properties)) for properties in nodes]
        ends = frozenset().union(*map(_ends, records))
        seen = ends | self._seen(statements, frozenset().union(*map(cited_by, records)) - ends)
        return tuple(visible(found, seen) for found in records)

    def _seen(self, statements: Statements, ids: Collection[RecordId]) -> Set[RecordId]:
        """Those of these ids that are in scope, markers included."""
        if not ids:
            return frozenset()
        found: list[RecordId] = found_by(statements, self._parameters, texts.SEEN, ids=sorted(ids))
        return frozenset(found)
