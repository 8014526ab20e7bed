"""Why may somebody see something? Nothing else gives access: edges never do."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from forum.access.actors import EVERY_PURPOSE
from forum.errors import Mistake, RefusedAccess, WrongState
from graph.periods import disposal_day
from graph.records import ActorId, FieldClass, Record, RecordId, cites, new_id, record, shown_as
from graph.store.boundary import Writer

WROTE_IT_FOR = timedelta(days=90)


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


def give_grant(
    writer: Writer,
    *,
    to: ActorId,
    covers: Collection[RecordId],
    because: Reason,
    until: datetime,
    given_by: ActorId,
    now: datetime,
    purposes: Collection[str] = EVERY_PURPOSE,
    starts: datetime | None = None,
    field_classes: Collection[FieldClass] = (),
    reason: str = "",
) -> Grant:
    """Lets `to` see what is covered from `starts`, else from now, until `until`. It must be in the writer's scope.

    `field_classes` narrows what is shown of it; none named: all that the role is shown. Raises RefusedAccess with every
    mistake. Nobody gives a grant to themselves, except the one of having written a record.
    """
    begins = starts or now
    mistakes = _mistakes(to=to, covers=covers, because=because, until=until, given_by=given_by, now=begins, purposes=purposes)
    if mistakes:
        raise RefusedAccess(mistakes)
    return writer.put(
        Grant(
            id=new_id(),
            forum=writer.scope.forum,
            review_on=until.date(),
            dispose_on=disposal_day(until.date()),
            actor=to,
            source=because,
            covers=tuple(sorted(set(covers))),
            purposes=tuple(sorted(set(purposes))),
            field_classes=tuple(sorted(set(field_classes))),
            holds_from=begins,
            holds_until=until,
            given_by=given_by,
            reason=reason,
        )
    )


def _mistakes(
    *,
    to: ActorId,
    covers: Collection[RecordId],
    because: Reason,
    until: datetime,
    given_by: ActorId,
    now: datetime,
    purposes: Collection[str],
) -> list[Mistake]:
    mistakes = []
    if not covers:
        mistakes.append(Mistake("/covers", "missing", "Name at least one record that this grant covers."))
    if until <= now:
        mistakes.append(Mistake("/until", "out-of-order", "Give an end that lies after the beginning."))
    if not purposes or not set(purposes) <= set(EVERY_PURPOSE):
        mistakes.append(Mistake("/purposes", "unknown-code", "Name one or more codes of the list SHARING_PURPOSE."))
    if to == given_by and because is not Reason.WROTE_IT:
        mistakes.append(Mistake("/to", "own-grant", "Ask somebody else: nobody gives a grant to themselves."))
    return mistakes


def grant_author(writer: Writer, *, to: ActorId, covers: RecordId, now: datetime) -> Grant:
    """Whoever wrote a record sees it for ninety days, for every purpose."""
    return give_grant(writer, to=to, covers=(covers,), because=Reason.WROTE_IT, until=now + WROTE_IT_FOR, given_by=to, now=now)


def end_grant(writer: Writer, grant: Grant, *, now: datetime) -> Grant:
    """Ends a grant at this moment; the next request is refused. WrongState when it has ended already."""
    over = grant.holds_until <= now and grant.source is not Reason.PANEL_ITEM
    if grant.ended_at is not None or over:
        raise WrongState("This grant has ended already.")
    return writer.put(replace(grant, ended_at=now))
