"""What does one answer show, of whom, and to whom? Showing and remembering are one act.

A record reaches an answer only through `show` or `label`; ids that an answer names besides go through `mention`. Field classes
not granted are filtered before anything is made of a record.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from forum.access.actors import Actor
from forum.access.policy import fields_of, fields_through_item
from forum.errors import NotPermitted
from graph.assertions import PEOPLE, Assertion
from graph.contexts import ContextRecord
from graph.incidents import Incident
from graph.people import AdultOfConcern, ParentCarer, UnnamedPeople, YoungPerson
from graph.records import (
    FRAME_FIELDS,
    FieldClass,
    R,
    Record,
    RecordId,
    cited_by,
    entry_type,
    fact_of,
)

COORDINATION = "coordination"
WITH_YOUNG_PERSON = "with_young_person"


@dataclass(frozen=True, slots=True)
class Shown(Generic[R]):
    """One record as this actor may be shown it.

    `record` has every field that is not granted at its default; `fields` leaves those out altogether, frame fields too, and holds
    entries of lists as mappings. Absent, not null: make answers of `fields`, or of `record` where absence is not told apart.
    """

    record: R
    fields: Mapping[str, Any]

    @property
    def id(self) -> RecordId:
        return self.record.id


class Disclosure:
    """Shows records to one actor for one answer, and remembers everyone it showed."""

    def __init__(self, actor: Actor, *, mode: str = COORDINATION) -> None:
        self.actor = actor
        self.mode = mode
        self.classes: frozenset[FieldClass] = fields_of(actor.role)
        self.through_items: frozenset[RecordId] = frozenset()
        self._people: set[RecordId] = set()
        self._resources: set[RecordId] = set()
        self._mentioned: set[RecordId] = set()
        self._consulted = False

    def show(self, record: R, *, with_cited: bool = True) -> Shown[R]:
        """The fields of this record that the actor's role is granted. Everyone it cites is remembered as shown.

        `with_cited` False: the answer names what the record cites through `label` or `mention` alone, where it does so at all.
        """
        self._remember(record)
        if with_cited:
            self._mentioned.update(cited_by(record))
        classes = self._classes_for(record)
        return Shown(_emptied(record, classes), _granted(record, classes))

    def see_through_items(self, records: frozenset[RecordId]) -> None:
        """These records the actor sees through agenda items alone: in the minimised view, with what was stated in them."""
        self.through_items = records

    def aside(self) -> "Disclosure":
        """Another for the same sight, to be thrown away: what it is asked to show is shown to nobody."""
        other = Disclosure(self.actor, mode=self.mode)
        other.see_through_items(self.through_items)
        return other

    def _classes_for(self, record: Record) -> frozenset[FieldClass]:
        told_in = record.stated_in if isinstance(record, Assertion | Incident) else None
        if record.id in self.through_items or told_in in self.through_items:
            return fields_through_item(self.actor.role)
        return self.classes

    def label(self, record: Record) -> str:
        """What the record is called in this answer's mode; people by pseudonym or initials, never by name."""
        self._remember(record)
        return label_of(record, mode=self.mode)

    def mention(self, record_ids: Collection[RecordId]) -> None:
        """These ids stand in the answer; the people among them count as shown."""
        self._mentioned.update(record_ids)

    def consult(self) -> None:
        """What is looked at here stands in the audit even when the answer turns out to name nothing, as the audit itself does."""
        self._consulted = True

    def settle(self, kinds_of: Callable[[Collection[RecordId]], Mapping[RecordId, str]]) -> None:
        """Finds out which of the mentioned ids are people, so that `shown` is whole."""
        unknown = self._mentioned - self._people - self._resources
        for record_id, kind in kinds_of(sorted(unknown)).items() if unknown else ():
            (self._people if kind in PEOPLE else self._resources).add(record_id)
        self._mentioned.clear()

    @property
    def has_shown(self) -> bool:
        """Whether anything at all has been shown, mentioned or consulted."""
        return bool(self._people or self._resources or self._mentioned or self._consulted)

    @property
    def shown(self) -> frozenset[RecordId]:
        """Everyone shown so far; whole after `settle`."""
        return frozenset(self._people)

    @property
    def resources(self) -> frozenset[RecordId]:
        """Every other record shown so far."""
        return frozenset(self._resources)

    def forget(self) -> None:
        """What was shown has been recorded; it is not recorded again."""
        self._people.clear()
        self._resources.clear()
        self._mentioned.clear()

    def _remember(self, record: Record) -> None:
        (self._people if record.KIND in PEOPLE else self._resources).add(record.id)


def label_of(record: Record, *, mode: str = COORDINATION) -> str:
    """What a record is called in a mode (docs/access.md, label modes): a young person's name is never part of it."""
    if isinstance(record, ContextRecord):
        return record.label
    if isinstance(record, UnnamedPeople):
        return f"unnamed young people ({record.size_band})" if record.size_band else "unnamed young people"
    if isinstance(record, AdultOfConcern):
        return record.shown
    if isinstance(record, YoungPerson | ParentCarer):
        return _person_label(record, mode)
    reference = getattr(record, "reference", "")
    return reference if isinstance(reference, str) and reference else record.KIND


def _person_label(person: YoungPerson | ParentCarer, mode: str) -> str:
    choices = (person.initials, person.pseudonym) if mode == WITH_YOUNG_PERSON else (person.pseudonym, person.initials)
    fallback = "a young person" if isinstance(person, YoungPerson) else "a parent or carer"
    return next((choice for choice in choices if choice), fallback)


def _granted(holder: Any, classes: frozenset[FieldClass]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for declared in dataclasses.fields(holder):
        if declared.name in FRAME_FIELDS or fact_of(declared).field_class not in classes:
            continue
        value = getattr(holder, declared.name)
        inner = entry_type(type(holder), declared.name)
        shown[declared.name] = value if inner is None else tuple(_granted(entry, classes) for entry in value)
    return shown


def _emptied(holder: Any, classes: frozenset[FieldClass]) -> Any:
    """The same record or entry with every field that is not granted at its default; text without one is empty."""
    changes: dict[str, Any] = {}
    for declared in dataclasses.fields(holder):
        if declared.name in FRAME_FIELDS:
            continue
        inner = entry_type(type(holder), declared.name)
        if fact_of(declared).field_class not in classes:
            changes[declared.name] = _nothing_in(holder, declared)
        elif inner is not None:
            changes[declared.name] = tuple(_emptied(entry, classes) for entry in getattr(holder, declared.name))
    return dataclasses.replace(holder, **changes) if changes else holder


def _nothing_in(holder: Any, declared: "dataclasses.Field[Any]") -> Any:
    """What stands in a field that is not granted. A record that is nothing without it is not there for this actor."""
    if declared.default is not dataclasses.MISSING:
        return declared.default
    if isinstance(getattr(holder, declared.name), str):
        return ""
    raise NotPermitted(about_record=True)
