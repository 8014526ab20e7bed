"""What may somebody from outside see of one context? A sheet worked out once, and nothing else."""

from datetime import date
from typing import ClassVar

from graph.contexts import Context
from graph.errors import RecordNotFound
from graph.records import ActorId, FieldClass, Record, RecordId, entry, record, shown_as
from graph.store.boundary import View


@entry
class SheetGuardian:
    """An adult with caring intent who is at the place, by role: willing or not, and when."""

    who: str = shown_as(FieldClass.CONTEXT)
    willing: bool | None = shown_as(FieldClass.CONTEXT, default=None)
    present: tuple[str, ...] = shown_as(FieldClass.CONTEXT, default=())


@entry
class SheetCondition:
    """A condition of the place that could be changed: lighting, poor."""

    what: str = shown_as(FieldClass.CONTEXT)
    how: str = shown_as(FieldClass.CONTEXT)


@record
class ContextSheet(Record):
    """A context-only sheet: a place with its guardians and conditions, as somebody with the chair's sight saw them that day.

    `context` is the id of the context and no citation: whoever reads the sheet reads nothing beside it. `young_people` is
    "fewer than 10" or "10 or more", and empty where under 5 young people or under 3 referrals stand behind it. Nobody is in it.
    """

    KIND: ClassVar[str] = "ContextSheet"
    context: RecordId = shown_as(FieldClass.OPEN, findable=True)
    context_type: str = shown_as(FieldClass.OPEN)
    label: str = shown_as(FieldClass.CONTEXT)
    counts_under: Context = shown_as(FieldClass.CONTEXT)
    everyday_name: str | None = shown_as(FieldClass.CONTEXT, default=None)
    place_kind: str | None = shown_as(FieldClass.CONTEXT, default=None)
    guardians: tuple[SheetGuardian, ...] = shown_as(FieldClass.CONTEXT, default=())
    conditions: tuple[SheetCondition, ...] = shown_as(FieldClass.CONTEXT, default=())
    young_people: str = shown_as(FieldClass.CONTEXT, default="")
    worked_out_by: ActorId = shown_as(FieldClass.OPEN)


PAGE = 500


def sheets_seen(view: View) -> list[ContextSheet]:
    """Every sheet in sight, those that hold longest last."""
    found: list[ContextSheet] = []
    while page := view.find(ContextSheet, after=found[-1].id if found else None, limit=PAGE):
        found += page
    return sorted(found, key=_holds_longest)


def get_sheet(view: View, context_id: str) -> ContextSheet:
    """The sheet of a context, the one that holds longest. RecordNotFound when this reader has none."""
    found = view.find(ContextSheet, context=context_id)
    if not found:
        raise RecordNotFound
    return max(found, key=_holds_longest)


def _holds_longest(sheet: ContextSheet) -> tuple[date, RecordId]:
    return sheet.review_on, sheet.id
