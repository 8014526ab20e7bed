"""People as the forum holds them. Nothing here is a number, grade, rank or prediction about anyone."""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, record, shown_as


@record
class YoungPerson(Record):
    """A child or young person. `age` is in whole years as it was given, `date_of_birth` a day; both are facts, not measures."""

    KIND: ClassVar[str] = "YoungPerson"
    pseudonym: str | None = shown_as(FieldClass.OPEN, default=None)
    known_as: str | None = shown_as(FieldClass.IDENTITY, default=None)
    given_name: str | None = shown_as(FieldClass.IDENTITY, default=None)
    family_name: str | None = shown_as(FieldClass.IDENTITY, default=None)
    initials: str | None = shown_as(FieldClass.OPEN, default=None)
    named: str | None = shown_as(FieldClass.OPEN, default=None)
    age: int | None = shown_as(FieldClass.IDENTITY, default=None)
    date_of_birth: date | None = shown_as(FieldClass.IDENTITY, default=None)
    sex: str | None = shown_as(FieldClass.SPECIAL, default=None)
    ethnicity: str | None = shown_as(FieldClass.SPECIAL, default=None)
    care_status: str | None = shown_as(FieldClass.SPECIAL, default=None)
    placing_authority: str | None = shown_as(FieldClass.OPEN, default=None)
    host_authority: str | None = shown_as(FieldClass.OPEN, default=None)
    postcode: str | None = shown_as(FieldClass.CONTACT, default=None)
    note: str | None = shown_as(FieldClass.NARRATIVE, default=None)
    setting: RecordId | None = cites(default=None, shows=FieldClass.CONTACT, followed=False)
    agency_number: str | None = shown_as(FieldClass.IDENTITY, default=None, findable=True)


@record
class ParentCarer(Record):
    """A parent or carer of a young person."""

    KIND: ClassVar[str] = "ParentCarer"
    known_as: str | None = shown_as(FieldClass.IDENTITY, default=None)
    pseudonym: str | None = shown_as(FieldClass.OPEN, default=None)
    initials: str | None = shown_as(FieldClass.OPEN, default=None)
    relationship: str | None = shown_as(FieldClass.IDENTITY, default=None)
    note: str | None = shown_as(FieldClass.NARRATIVE, default=None)


@record
class UnnamedPeople(Record):
    """Young people nobody has named, with a size band such as 4-6; None where nobody said how many."""

    KIND: ClassVar[str] = "UnnamedPeople"
    size_band: str | None = shown_as(FieldClass.OPEN, default=None)


@record
class AdultOfConcern(Record):
    """An adult who may pose a risk: a reference to what police hold, and no more. Never anyone under 18."""

    KIND: ClassVar[str] = "AdultOfConcern"
    shown: str = shown_as(FieldClass.OPEN, default="held by police")
    held_by: str = shown_as(FieldClass.OPEN, default="police")
