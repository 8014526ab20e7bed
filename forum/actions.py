"""What change is wanted, and who is most likely to bring it about?"""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, record, shown_as


@record
class Action(Record):
    """An action proposed or agreed. `target_kind` is a code of ACTION_TARGET, `nature` of ACTION_NATURE; `end_date` a day."""

    KIND: ClassVar[str] = "Action"
    text: str = shown_as(FieldClass.NARRATIVE)
    target_kind: str | None = shown_as(FieldClass.OPEN, default=None)
    target: RecordId | None = cites(default=None)
    outcome_domain: str | None = shown_as(FieldClass.OPEN, default=None)
    nature: str | None = shown_as(FieldClass.OPEN, default=None)
    welfare_purpose: str | None = shown_as(FieldClass.NARRATIVE, default=None)
    end_date: date | None = shown_as(FieldClass.OPEN, default=None)
    young_peoples_view: str | None = shown_as(FieldClass.VIEWS, default=None)
    recorded_on: date = shown_as(FieldClass.OPEN)
