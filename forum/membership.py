"""Does membership cover the contexts that may be referred?"""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, entry, record, shown_as


@entry
class Reach:
    """What a member can do about one column (a context or a kind of place): can_inform or can_change."""

    column: str = shown_as(FieldClass.OPEN)
    reach: str = shown_as(FieldClass.OPEN)


@entry
class Member:
    """Somebody who sits on the panel, by role and agency, with what they can reach."""

    name: str = shown_as(FieldClass.OPEN)
    role: str = shown_as(FieldClass.OPEN)
    agency: str = shown_as(FieldClass.OPEN)
    welfare_led: bool = shown_as(FieldClass.OPEN, default=False)
    reach: tuple[Reach, ...] = shown_as(FieldClass.OPEN, default=())


@record
class Forum(Record):
    """The standing body: the area it serves, its panel's columns and members. `looked_at_on`: the day a case was written for."""

    KIND: ClassVar[str] = "Forum"
    area: str = shown_as(FieldClass.OPEN)
    fictional: bool = shown_as(FieldClass.OPEN, default=False)
    looked_at_on: date | None = shown_as(FieldClass.OPEN, default=None)
    panel: str | None = shown_as(FieldClass.OPEN, default=None)
    columns: tuple[str, ...] = shown_as(FieldClass.OPEN, default=())
    members: tuple[Member, ...] = shown_as(FieldClass.OPEN, default=())
