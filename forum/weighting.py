"""Which context needs to change first to make things better?"""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, entry, record, shown_as


@entry
class ParticipantWeights:
    """What one participant said each context weighs, 0 to 10, in the weighting's order. About contexts; never about a person."""

    name: str = shown_as(FieldClass.OPEN)
    role: str = shown_as(FieldClass.OPEN)
    agency: str | None = shown_as(FieldClass.OPEN, default=None)
    represents: RecordId | None = cites(default=None)
    is_parent: bool = shown_as(FieldClass.OPEN, default=False)
    is_young_person: bool = shown_as(FieldClass.OPEN, default=False)
    is_community: bool = shown_as(FieldClass.OPEN, default=False)
    weights: tuple[float, ...] = shown_as(FieldClass.VIEWS)


@record
class ContextWeighting(Record):
    """A discussion of what must change first: every participant's view, and the lead context the chair entered by hand."""

    KIND: ClassVar[str] = "ContextWeighting"
    referral: RecordId | None = cites(default=None)
    about: str = shown_as(FieldClass.NARRATIVE, default="")
    order: tuple[str, ...] = shown_as(FieldClass.OPEN)
    participants: tuple[ParticipantWeights, ...] = shown_as(FieldClass.VIEWS)
    lead_context: str | None = shown_as(FieldClass.OPEN, default=None)
    lead_record: RecordId | None = cites(default=None)
    recorded_on: date = shown_as(FieldClass.OPEN)
