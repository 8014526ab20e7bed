"""Which record does this stand for? An id, a reference inside the same body, a case's own id, or something new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum import context_drafts, person_drafts
from forum.context_drafts import ContextDraft, read_context
from forum.errors import Mistake
from forum.given import Given, clean_text
from forum.person_drafts import PersonDraft, read_person
from graph.assertions import CONTEXTS
from graph.people import ParentCarer, YoungPerson
from graph.records import Record, RecordId
from graph.store.boundary import Writer

UNKNOWN = "There is no such record, or it is not yours to see. Check the id, or describe it here as something new."


@dataclass(frozen=True, slots=True)
class Reference:
    """Where it stands in the body (`at`), and either an id or ref, or something new to be recorded."""

    at: str
    id: str | None
    new: PersonDraft | ContextDraft | None = None


def reference_of(value: Any, at: str, mistakes: list[Mistake], *, until: date | None = None) -> Reference | None:
    """Reads an id, or an object describing a person or context that does not exist yet; None when it is neither."""
    if isinstance(value, str) and clean_text(value):
        return Reference(at, clean_text(value))
    if isinstance(value, Mapping):
        given = Given(value, at, mistakes, until=until)
        if given.has("type") or given.has("label"):
            return Reference(at, None, read_context(given))
        return Reference(at, None, read_person(given))
    mistakes.append(Mistake(at, "not-a-reference", "Write an id, or describe a new person or context."))
    return None


def read_references(given: Given, name: str) -> tuple[Reference, ...]:
    """The references of a list, in order."""
    found = (
        reference_of(item, f"{given.place(name)}/{n}", given.mistakes, until=given.until)
        for n, item in enumerate(given.items(name))
    )
    return tuple(item for item in found if item is not None)


def read_reference(given: Given, name: str) -> Reference | None:
    """The reference under a name; None when absent or null."""
    value = given.take(name)
    return None if value is None else reference_of(value, given.place(name), given.mistakes, until=given.until)


class References:
    """Turns the references of one body into record ids, and keeps what is new until it is put, in a safe order.

    `known` gives ids of the giver's own (a case's YP01) with the record and kind they stand for.
    """

    def __init__(self, writer: Writer, *, today: date, known: Mapping[str, tuple[RecordId, str]] | None = None) -> None:
        self.writer = writer
        self.today = today
        self.mistakes: list[Mistake] = []
        self.given: dict[str, RecordId] = {}
        self.new: list[Record] = []
        self._known = known or {}
        self._refs: dict[str, tuple[RecordId, str]] = {}
        self._made: dict[str, tuple[RecordId, str]] = {}
        self._asked: dict[str, str | None] = {}

    def wrong(self, at: str, code: str, detail: str) -> None:
        self.mistakes.append(Mistake(at, code, detail))

    def introduce(self, ref: str | None, record: Record, at: str) -> None:
        """From now on `ref` stands for this new record; the same ref twice is a mistake."""
        self.new.append(record)
        self.stand_for(ref, record.id, record.KIND, at)
        if ref is not None:
            self.given[ref] = record.id

    def stand_for(self, ref: str | None, record_id: RecordId, kind: str, at: str) -> None:
        """What is described at a place, and its ref, stand for this; the same ref twice is a mistake."""
        self._made[at] = (record_id, kind)
        if ref is None:
            return
        if ref in self._refs:
            self.wrong(at, "ref-used-twice", "This ref already stands for something else. Give each its own.")
        self._refs[ref] = (record_id, kind)

    def make_new(self, references: Iterable[Reference]) -> None:
        """Makes a record of everything new, contexts before the people who may cite them. Call once, before `resolve`."""
        new = [found for found in references if found.new is not None]
        for found in new:
            if isinstance(found.new, ContextDraft):
                self._make_context(found.new)
        for found in new:
            if isinstance(found.new, PersonDraft):
                self._make_person(found.new)

    def _make_context(self, draft: ContextDraft) -> None:
        part_of = self.context(Reference(f"{draft.at}/part_of", draft.part_of)) if draft.part_of else None
        safe_for = [self.context(Reference(f"{draft.at}/safe_for/{n}", ref)) for n, ref in enumerate(draft.safe_for)]
        made = context_drafts.as_record(
            self.writer, draft, today=self.today, part_of=part_of, safe_for=[found for found in safe_for if found]
        )
        self.introduce(draft.ref, made, draft.at)

    def _make_person(self, draft: PersonDraft) -> None:
        setting = self.context(Reference(f"{draft.at}/setting", draft.setting)) if draft.setting else None
        self.introduce(draft.ref, person_drafts.as_record(self.writer, draft, today=self.today, setting=setting), draft.at)

    def ask_for(self, references: Iterable[Reference]) -> None:
        """Asks the store once for all ids that are neither refs nor known."""
        named = {found.id for found in references if found.id is not None}
        ids = sorted(RecordId(ref) for ref in named if not (ref in self._refs or ref in self._known or ref in self._asked))
        if ids:
            kinds = self.writer.kinds_of(ids)
            self._asked.update({str(asked): kinds.get(asked) for asked in ids})

    def resolve(self, reference: Reference) -> tuple[RecordId, str] | None:
        """The record a reference stands for and its kind; None, and a mistake, when there is none."""
        if reference.id is None:
            return self._made.get(reference.at)
        found = self._refs.get(reference.id) or self._known.get(reference.id)
        if found is None:
            if reference.id not in self._asked:
                self.ask_for([reference])
            kind = self._asked.get(reference.id)
            found = (RecordId(reference.id), kind) if kind else None
        if found is None:
            self.wrong(reference.at, "unknown-reference", UNKNOWN)
        return found

    def of_kind(self, reference: Reference, kinds: frozenset[str], expected: str) -> RecordId | None:
        """The record id, when it is of one of these kinds; else None and a mistake that says what was expected."""
        found = self.resolve(reference)
        if found is None:
            return None
        if found[1] not in kinds:
            self.wrong(reference.at, "wrong-kind", f"Name {expected} here.")
            return None
        return found[0]

    def young_person(self, reference: Reference) -> RecordId | None:
        return self.of_kind(reference, frozenset({YoungPerson.KIND}), "a young person")

    def person(self, reference: Reference) -> RecordId | None:
        return self.of_kind(reference, frozenset({YoungPerson.KIND, ParentCarer.KIND}), "a young person, parent or carer")

    def context(self, reference: Reference) -> RecordId | None:
        return self.of_kind(reference, CONTEXTS, "a context")

    def put_new(self) -> None:
        """Puts everything new, in the order in which it was made."""
        for record in self.new:
            self.writer.put(record)
        self.new = []
