"""Do the young person and family know, and where are their views?"""

from datetime import date
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, record, shown_as


@record
class Awareness(Record):
    """Whether one person (or their parent or carer) was told of a referral: `who` is young_person or parent_carer.

    `told` is a code of TOLD, `told_on` and `due` are days. No record at all means "not recorded", and is shown as that.
    """

    KIND: ClassVar[str] = "Awareness"
    referral: RecordId | None = cites(default=None)
    person: RecordId | None = cites(default=None)
    who: str = shown_as(FieldClass.VIEWS, followed=True)
    told: str = shown_as(FieldClass.VIEWS, followed=True)
    told_on: date | None = shown_as(FieldClass.VIEWS, default=None, followed=True)
    due: date | None = shown_as(FieldClass.VIEWS, default=None, followed=True)
    recorded_on: date = shown_as(FieldClass.VIEWS, followed=True)
    reason: str = shown_as(FieldClass.VIEWS, default="")
    supervisor_signed: bool | None = shown_as(FieldClass.VIEWS, default=None, followed=True)
