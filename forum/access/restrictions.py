"""Whom does a restriction leave in? Everyone it does not name is out, whatever else lets them see."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from forum.access.actors import Actor
from forum.errors import Mistake, OwnWork, RefusedAccess, WrongState
from graph.periods import disposal_day
from graph.records import ActorId, FieldClass, Record, RecordId, new_id, record, shown_as
from graph.store.boundary import Writer

LOOKED_AT_AGAIN = timedelta(days=365)


@record
class Restriction(Record):
    """From now on only those it names may see what it is about: a denial that wins over every grant and every role.

    `about` holds ids and is no citation: a restriction neither tells nor needs to know whether a thing is there.
    """

    KIND: ClassVar[str] = "Restriction"
    about: tuple[RecordId, ...] = shown_as(FieldClass.OPEN)
    named: tuple[ActorId, ...] = shown_as(FieldClass.OPEN)
    reason: str = shown_as(FieldClass.NARRATIVE)
    made_by: ActorId = shown_as(FieldClass.OPEN)
    made_at: datetime = shown_as(FieldClass.OPEN)
    ended_by: ActorId | None = shown_as(FieldClass.OPEN, default=None)
    ended_at: datetime | None = shown_as(FieldClass.OPEN, default=None)


def make_restriction(
    writer: Writer, *, about: Collection[RecordId], named: Collection[ActorId], reason: str, by: Actor, now: datetime
) -> Restriction:
    """Restricts what `about` names to the actors named. Raises RefusedAccess with every mistake."""
    mistakes = []
    if not about:
        mistakes.append(Mistake("/about", "missing", "Name at least one record that is restricted."))
    if not named:
        mistakes.append(Mistake("/named", "missing", "Name at least one person who may still see it: somebody has to."))
    if not reason:
        mistakes.append(Mistake("/reason", "missing", "Say in a sentence why this is restricted."))
    if mistakes:
        raise RefusedAccess(mistakes)
    review_on = (now + LOOKED_AT_AGAIN).date()
    return writer.put(
        Restriction(
            id=new_id(),
            forum=writer.scope.forum,
            review_on=review_on,
            dispose_on=disposal_day(review_on),
            about=tuple(sorted(set(about))),
            named=tuple(sorted(set(named))),
            reason=reason,
            made_by=by.id,
            made_at=now,
        )
    )


def end_restriction(writer: Writer, restriction: Restriction, *, by: Actor, now: datetime) -> Restriction:
    """Ends a restriction at this moment. OwnWork for whoever made it; WrongState when it has ended already."""
    if restriction.ended_at is not None:
        raise WrongState("This restriction has ended already.")
    if restriction.made_by == by.id:
        raise OwnWork("Ask somebody else to end it: whoever made a restriction does not end it.")
    return writer.put(replace(restriction, ended_by=by.id, ended_at=now))
