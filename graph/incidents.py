"""Something that happened: many people, one event, with a role each in that event only."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, entry, record, shown_as


class HarmRole(StrEnum):
    """Code list ROLE. A role belongs to one event or referral, never to the person; harmed stands first."""

    HARMED = "harmed"
    MAY_BE_HARMED = "may_be_harmed"
    MAY_HAVE_HARMED = "may_have_harmed"
    WITNESS = "witness"
    FRIEND_PROTECTIVE = "friend_protective"
    SIBLING = "sibling"


@entry
class Participant:
    """Who took part, named or not, and in which roles in this event."""

    person: RecordId = cites(shows=FieldClass.HARM_ROLE)
    roles: tuple[HarmRole, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)


@record
class Incident(Record):
    """One event. `what` is a code such as missing_together; `happened_on` a day, `time_band` a word or two times."""

    KIND: ClassVar[str] = "Incident"
    what: str = shown_as(FieldClass.OPEN, followed=True)
    participants: tuple[Participant, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)
    happened_on: date | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    recorded_on: date = shown_as(FieldClass.OPEN, followed=True)
    time_band: str | None = shown_as(FieldClass.OPEN, default=None)
    where: RecordId | None = cites(default=None)
    stated_in: RecordId | None = cites(default=None)
    source_role: str | None = shown_as(FieldClass.OPEN, default=None)
    agency: str | None = shown_as(FieldClass.OPEN, default=None)
    note: str | None = shown_as(FieldClass.NARRATIVE, default=None)
