"""What did somebody ask about their own record, and what was decided?"""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, record, shown_as


@record
class RightsRequest(Record):
    """A request about one's own record: access, dispute, erasure, objection or restriction; days received and decided.

    `cascade` names the referrals whose statements may rest on what was corrected: they carry "re-check source".
    """

    KIND: ClassVar[str] = "RightsRequest"
    request_kind: str = shown_as(FieldClass.OPEN, followed=True)
    by: RecordId | None = cites(default=None)
    target: RecordId | None = cites(default=None)
    received: date = shown_as(FieldClass.OPEN, followed=True)
    decided: date | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    outcome: str | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    cascade: tuple[RecordId, ...] = cites(default=())
