"""Whom is somebody too close to? What they declare about themselves denies, until they end it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from forum.access.actors import Actor
from forum.errors import Mistake, NotPermitted, RefusedAccess, WrongState
from graph.periods import disposal_day
from graph.records import ActorId, FieldClass, Record, RecordId, new_id, record, shown_as
from graph.store.boundary import Writer

# People declare afresh every year.
DECLARED_FOR = timedelta(days=365)


@record
class Conflict(Record):
    """One actor said that they are too close to these people or contexts. It denies them alone, and wins over every grant.

    `about` holds ids and is no citation: declaring neither tells nor needs to know whether a thing is there. What has no
    id known to them they say in words, for the chair.
    """

    KIND: ClassVar[str] = "Conflict"
    actor: ActorId = shown_as(FieldClass.OPEN, findable=True)
    about: tuple[RecordId, ...] = shown_as(FieldClass.OPEN, default=())
    words: str = shown_as(FieldClass.NARRATIVE, default="")
    declared_at: datetime = shown_as(FieldClass.OPEN)
    ended_at: datetime | None = shown_as(FieldClass.OPEN, default=None)


def declare_conflict(writer: Writer, *, about: Collection[RecordId], words: str, by: Actor, now: datetime) -> Conflict:
    """Declares a conflict of interest of one's own. Raises RefusedAccess when it names nothing and says nothing."""
    if not about and not words:
        raise RefusedAccess([Mistake("/about", "missing", "Name whom or what you are close to, or say it in words.")])
    review_on = (now + DECLARED_FOR).date()
    return writer.put(
        Conflict(
            id=new_id(),
            forum=writer.scope.forum,
            review_on=review_on,
            dispose_on=disposal_day(review_on),
            actor=by.id,
            about=tuple(sorted(set(about))),
            words=words,
            declared_at=now,
        )
    )


def end_conflict(writer: Writer, conflict: Conflict, *, by: Actor, now: datetime) -> Conflict:
    """Ends one's own conflict. NotPermitted for anybody else; WrongState when it has ended already."""
    if conflict.actor != by.id:
        raise NotPermitted
    if conflict.ended_at is not None:
        raise WrongState("This conflict has ended already.")
    return writer.put(replace(conflict, ended_at=now))
