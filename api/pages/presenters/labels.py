"""What a record is called on a page, and where it leads. Whoever is named here is remembered by the disclosure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from forum.access.actors import Actor
from forum.access.policy import Permission, is_allowed
from forum.referrals import Referral
from graph.contexts import ContextRecord
from graph.people import UnnamedPeople
from graph.records import Record, RecordId
from graph.store.boundary import View


class NamesPeople(Protocol):
    """What chooses the label of a record for one reader: `forum.access.disclosure.Disclosure`."""

    actor: Actor

    def label(self, record: Record) -> str: ...


@dataclass(frozen=True, slots=True)
class Link:
    """Words, and where they lead; None when they lead nowhere."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a page's list of facts."""

    name: str
    values: tuple[Link, ...]


def fact(name: str, *values: str | Link) -> Fact:
    return Fact(name, tuple(value if isinstance(value, Link) else Link(value) for value in values))


class Labels:
    """The labels of one page. Records are asked for together; a label is made, and remembered, only when it is used."""

    def __init__(self, view: View, disclosure: NamesPeople) -> None:
        self._view = view
        self._disclosure = disclosure
        self._records: dict[RecordId, Record] = {}
        self._labels: dict[RecordId, str] = {}

    def load(self, ids: Iterable[RecordId | None]) -> None:
        """Asks the store once for those of these records that are not here yet."""
        missing = sorted({found for found in ids if found is not None} - set(self._records))
        for record in self._view.several(missing) if missing else ():
            self._records[record.id] = record

    def keep(self, records: Iterable[Record]) -> None:
        """Takes records that were read already."""
        self._records.update((record.id, record) for record in records)

    def record(self, record_id: RecordId) -> Record | None:
        """The record, or None when this reader has no such record."""
        if record_id not in self._records:
            self.load([record_id])
        return self._records.get(record_id)

    def is_here(self, record_id: RecordId) -> bool:
        return self.record(record_id) is not None

    def of(self, record_id: RecordId) -> str:
        """What it is called; "a record that was erased" where only its marker is left."""
        if record_id not in self._labels:
            record = self.record(record_id)
            self._labels[record_id] = "a record that was erased" if record is None else self._disclosure.label(record)
        return self._labels[record_id]

    def words(self, record_id: RecordId) -> str:
        """The label of a context, for putting a long list in order without showing all of it; "" for anything else."""
        record = self.record(record_id)
        return record.label if isinstance(record, ContextRecord) else ""

    def link(self, record_id: RecordId) -> Link:
        """Its label, leading to its page where it has one that this reader's role may open: people have none."""
        record = self.record(record_id)
        if isinstance(record, Referral) and self._may(Permission.READ_REFERRAL):
            return Link(self.of(record_id), f"/referrals/{record_id}")
        if isinstance(record, ContextRecord) and self._may(Permission.READ_CONTEXT):
            return Link(self.of(record_id), f"/contexts/{record_id}")
        return Link(self.of(record_id))

    def _may(self, permission: Permission) -> bool:
        return is_allowed(self._disclosure.actor.role, permission)

    def are_many(self, record_id: RecordId) -> bool:
        """Whether the words of a sentence about it stand in the plural: a group, or several unnamed young people."""
        record = self.record(record_id)
        if isinstance(record, UnnamedPeople):
            return record.size_band != "1"
        return record is not None and record.KIND == "PeerGroup"

    def sorted_by_label(self, ids: Collection[RecordId]) -> list[RecordId]:
        """In the order of what they are called, then of their ids."""
        self.load(ids)
        return sorted(ids, key=lambda found: (self.link(found).text, found))
