"""Why may somebody see something? Nothing else gives access: edges never do."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from graph.records import ActorId, FieldClass, Record, RecordId, cites, record, shown_as


class Reason(StrEnum):
    """Where a grant comes from (docs/access.md)."""

    WROTE_IT = "wrote_it"
    ALLOCATED = "allocated"
    PANEL_ITEM = "panel_item"
    INVITED = "invited"
    NAMED_AT_TOKEN = "named_at_token"


@record
class Grant(Record):
    """One actor may see what is covered, for these purposes, between two moments (UTC); given by whom; ended at, when revoked."""

    KIND: ClassVar[str] = "Grant"
    actor: ActorId = shown_as(FieldClass.OPEN, findable=True)
    source: Reason = shown_as(FieldClass.OPEN)
    covers: tuple[RecordId, ...] = cites(default=(), followed=False)
    purposes: tuple[str, ...] = shown_as(FieldClass.OPEN)
    field_classes: tuple[FieldClass, ...] = shown_as(FieldClass.OPEN, default=())
    label_mode: str = shown_as(FieldClass.OPEN, default="")
    holds_from: datetime = shown_as(FieldClass.OPEN)
    holds_until: datetime = shown_as(FieldClass.OPEN)
    given_by: ActorId = shown_as(FieldClass.OPEN)
    reason: str = shown_as(FieldClass.OPEN, default="")
    ended_at: datetime | None = shown_as(FieldClass.OPEN, default=None)
