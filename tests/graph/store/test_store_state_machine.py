"""A store beside a dictionary: whatever is done to both, every few steps they must answer the same.

The dictionary is the specification at its shortest: who sees what, in plain Python, over everything that was ever put.
"""

import dataclasses
from datetime import date
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from forum.referrals import Referral
from graph.assertions import Assertion
from graph.contexts import Location
from graph.errors import MissingCitation, RecordErased, RecordNotFound, VersionConflict
from graph.incidents import HarmRole
from graph.people import YoungPerson
from graph.records import Handling, Record, RecordId
from graph.store.boundary import Scope, Store
from tests.builders import a_location, a_referral, a_scope, a_young_person, an_assertion, erase, keep
from tests.conftest import STORE_KINDS, empty_place

MARKS = (Handling.PANEL_ITEM, Handling.RESTRICTED)
KINDS: tuple[type[Record], ...] = (YoungPerson, Location, Referral, Assertion)
NAMED = {kind.KIND: kind for kind in KINDS}
SIZES = {"sqlite": (25, 25), "neo4j": (8, 20)}


@dataclasses.dataclass
class Mirror:
    """Everything that was ever put, as it now stands; the erased keep their place without content."""

    records: dict[RecordId, Record] = dataclasses.field(default_factory=dict)
    erased: set[RecordId] = dataclasses.field(default_factory=set)
    revision: int = 0

    def sees_alone(self, scope: Scope, record: Record) -> bool:
        return (
            record.handling in scope.handling
            and record.id not in scope.withheld
            and (record.KIND in scope.open_kinds or record.id in scope.granted)
        )

    def sees(self, scope: Scope, record: Record) -> bool:
        if not isinstance(record, Assertion) or record.id in self.erased:
            return self.sees_alone(scope, record)
        ends = [end for end in (record.source, record.target, record.stated_in) if end]
        marked = record.handling in scope.handling or (record.stated_in, record.handling) in scope.admitted
        return marked and record.id not in scope.withheld and all(self.sees_alone(scope, self.records[end]) for end in ends)

    def shown(self, scope: Scope, record: Record) -> Record:
        """A referral without the people out of scope; the other kinds here cite nothing but their ends."""
        if not isinstance(record, Referral):
            return record
        return dataclasses.replace(
            record,
            subject_people=tuple(each for each in record.subject_people if self.sees(scope, self.records[each])),
            named_people=tuple(each for each in record.named_people if self.sees(scope, self.records[each.person])),
        )

    def found(self, scope: Scope, kind: type[Record]) -> tuple[Record, ...]:
        alive = (each for key, each in sorted(self.records.items()) if key not in self.erased and type(each) is kind)
        return tuple(self.shown(scope, each) for each in alive if self.sees(scope, each))

    def citing(self, scope: Scope, kind: type[Record], cited: RecordId) -> tuple[Record, ...]:
        if not self.sees(scope, self.records[cited]):
            return ()
        return tuple(each for each in self.found(scope, kind) if cited in cites(each))


def cites(record: Record) -> set[RecordId]:
    if isinstance(record, Assertion):
        return {end for end in (record.source, record.target, record.stated_in) if end}
    if isinstance(record, Referral):
        return {*record.subject_people, *(each.person for each in record.named_people)}
    return set()


class StoreBesideDictionary(RuleBasedStateMachine):
    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.mirror = Mirror()
        self.store = type(self).open_empty()

    open_empty: Any

    def some(self, data: st.DataObject, *kinds: type[Record]) -> Any:
        """One of the records of these kinds that is not erased."""
        alive = [each for key, each in self.mirror.records.items() if key not in self.mirror.erased and type(each) in kinds]
        return data.draw(st.sampled_from(alive)) if alive else None

    def a_scope_drawn(self, data: st.DataObject) -> Scope:
        ids = sorted(self.mirror.records)
        few = st.frozensets(st.sampled_from(ids), max_size=6) if ids else st.just(frozenset())
        return a_scope(
            open_kinds=data.draw(st.frozensets(st.sampled_from(sorted(NAMED)))),
            granted=data.draw(few),
            withheld=data.draw(st.one_of(st.just(frozenset()), few)),
            handling=data.draw(st.sampled_from([frozenset(MARKS), frozenset(MARKS[:1])])),
            admitted=frozenset((each, MARKS[1]) for each in data.draw(few)),
        )

    def keep(self, record: Record, scope: Scope | None = None) -> None:
        self.mirror.records[record.id] = keep(self.store, record, scope=scope)
        self.mirror.revision += 1

    @initialize()
    def begin_with_two_people_and_a_place(self) -> None:
        for record in (a_young_person(), a_young_person(), a_location()):
            self.keep(record)

    @rule(mark=st.sampled_from(MARKS))
    def put_a_person(self, mark: Handling) -> None:
        self.keep(a_young_person(handling=mark))

    @rule(data=st.data(), mark=st.sampled_from(MARKS))
    def put_a_referral(self, data: st.DataObject, mark: Handling) -> None:
        people = [person for person in (self.some(data, YoungPerson) for _ in range(3)) if person]
        self.keep(a_referral(about=tuple(people[:2]), names=tuple((each, (HarmRole.HARMED,)) for each in people), handling=mark))

    @rule(data=st.data(), mark=st.sampled_from(MARKS), outside=st.booleans())
    def put_an_assertion(self, data: st.DataObject, mark: Handling, outside: bool) -> None:
        person, place = self.some(data, YoungPerson), self.some(data, Location)
        if person and place:
            self.keep(an_assertion(person, place, stated_in=None if outside else self.some(data, Referral), handling=mark))

    @rule(data=st.data(), mark=st.sampled_from(MARKS))
    def change_one(self, data: st.DataObject, mark: Handling) -> None:
        record = self.some(data, *KINDS)
        if record:
            self.keep(dataclasses.replace(record, handling=mark, review_on=date(2028, 1, 1)))

    @rule(data=st.data())
    def save_what_a_reader_sees(self, data: st.DataObject) -> None:
        """Nothing a reader could not see is lost when they save what they saw."""
        record, scope = self.some(data, Referral), self.a_scope_drawn(data)
        if record and self.mirror.sees(scope, record):
            with self.store.view(scope) as view:
                shown = view.get(Referral, record.id)
            keep(self.store, dataclasses.replace(shown, reason="Saved."), scope=scope)
            self.mirror.records[record.id] = dataclasses.replace(record, reason="Saved.", version=record.version + 1)
            self.mirror.revision += 1

    @rule(data=st.data())
    def refuse_what_is_stale_or_hidden(self, data: st.DataObject) -> None:
        record, scope = self.some(data, *KINDS), self.a_scope_drawn(data)
        if record:
            with pytest.raises(VersionConflict):
                keep(self.store, dataclasses.replace(record, version=record.version + 1))
            if not self.mirror.sees(scope, record):
                with pytest.raises((VersionConflict, MissingCitation)):
                    keep(self.store, record, scope=scope)

    @rule(data=st.data(), person=st.booleans())
    @precondition(lambda self: len(self.mirror.records) > 6)
    def erase_one(self, data: st.DataObject, person: bool) -> None:
        record = self.some(data, YoungPerson) if person else self.some(data, Referral, Assertion)
        if record:
            erase(self.store, record.id)
            tied = {
                each.id
                for each in self.mirror.records.values()
                if isinstance(each, Assertion) and record.id in (each.source, each.target)
            }
            self.mirror.erased |= {record.id} | tied
            self.mirror.revision += 1

    @rule(data=st.data())
    def compare(self, data: st.DataObject) -> None:
        scope = self.a_scope_drawn(data)
        with self.store.view(scope) as view:
            for kind in KINDS:
                expected = self.mirror.found(scope, kind)
                assert tuple(view.find(kind, limit=1000)) == expected
                if expected:
                    assert tuple(view.find(kind, after=expected[0].id, limit=2)) == expected[1:3]
            for key, record in self.mirror.records.items():
                assert self.got(view, record) == self.expected(scope, key, record)
            cited = data.draw(st.sampled_from(sorted(self.mirror.records)))
            for kind in (Referral, Assertion):
                assert tuple(view.citing(kind, [cited])) == self.mirror.citing(scope, kind, cited)

    def got(self, view: Any, record: Record) -> Any:
        try:
            return view.get(type(record), record.id)
        except (RecordErased, RecordNotFound) as error:
            return type(error)

    def expected(self, scope: Scope, key: RecordId, record: Record) -> Any:
        if not self.mirror.sees(scope, record):
            return RecordNotFound
        return RecordErased if key in self.mirror.erased else self.mirror.shown(scope, record)

    @invariant()
    def revisions_have_no_gap(self) -> None:
        assert self.store.revision() == self.mirror.revision

    def teardown(self) -> None:
        changes = self.store.changes(after=0, limit=10_000)
        now = {change.record: change.body for change in changes}
        assert now.keys() == self.mirror.records.keys()
        assert {key for key, body in now.items() if body is None} == self.mirror.erased
        self.store.check()
        self.store.close()


@pytest.mark.parametrize("kind", STORE_KINDS)
def test_a_store_and_a_dictionary_never_differ(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    examples, steps = SIZES[kind]

    class Machine(StoreBesideDictionary):
        @staticmethod
        def open_empty() -> Store:
            return empty_place(kind, tmp_path_factory.mktemp("beside")).make()

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
        ),
    )
