"""Do the young person and family know, and where are their views?"""

from collections.abc import Iterable
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


def latest_tellings(told: Iterable[Awareness], *, on: date) -> dict[tuple[RecordId, str], Awareness]:
    """The telling that stands on a day for each person and who: the later one; on one day, done stands above still to be done."""
    latest: dict[tuple[RecordId, str], Awareness] = {}
    in_order = sorted(told, key=lambda found: (found.recorded_on, found.told_on is not None, found.id))
    for found in in_order:
        if found.person is not None and found.recorded_on <= on:
            latest[(found.person, found.who)] = found
    return latest
