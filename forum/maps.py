"""What is this map for, who owns it, and until when?"""

from datetime import date, datetime
from typing import ClassVar

from graph.records import ActorId, FieldClass, Record, RecordId, cites, entry, record, shown_as


@entry
class Position:
    """Where a thing stands on a map, as shares of the drawing area from the top left (0 to 1, four decimals); put by hand."""

    thing: RecordId = cites(followed=False)
    x: float = shown_as(FieldClass.OPEN)
    y: float = shown_as(FieldClass.OPEN)


@record
class MapSheet(Record):
    """A kept map: what it is drawn around, how far, for what purpose, whose it is and when it must be looked at again.

    `map_kind` is peer or contexts, `steps` 1 to 3 ties from `around`, `mode` a code of MODE. `drawn_at` is the moment
    it was drawn or renewed: positions worked out depend only on what was recorded by then. It does not open after
    `expires_on`, and never without its owner, purpose and review date.
    """

    KIND: ClassVar[str] = "MapSheet"
    map_kind: str = shown_as(FieldClass.OPEN)
    around: RecordId | None = cites(default=None)
    steps: int = shown_as(FieldClass.OPEN)
    mode: str = shown_as(FieldClass.OPEN)
    purpose: str = shown_as(FieldClass.OPEN)
    owner: str = shown_as(FieldClass.OPEN)
    drawn_by: str = shown_as(FieldClass.OPEN)
    drawn_by_actor: ActorId = shown_as(FieldClass.OPEN)
    drawn_on: date = shown_as(FieldClass.OPEN)
    drawn_at: datetime = shown_as(FieldClass.OPEN)
    expires_on: date = shown_as(FieldClass.OPEN)
    label_seed: str = shown_as(FieldClass.OPEN)
    positions: tuple[Position, ...] = shown_as(FieldClass.OPEN, default=())
