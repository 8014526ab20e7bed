"""What does a meeting talk about, and who is accepted for it? Access follows from it for some working days, and ends."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from forum.access.actors import Actor
from forum.access.grants import Grant, Reason, end_grant, give_grant
from forum.access.policy import MINIMISED
from forum.errors import Mistake, RefusedAccess, WrongState
from graph.periods import disposal_day, review_day
from graph.records import ActorId, FieldClass, Record, RecordId, cites, new_id, record, shown_as
from graph.store.boundary import View, Writer

# Opens this many working days before the meeting, and closes as many after (docs/access.md).
WORKING_DAYS = 5
SATURDAY = 5


@record
class AgendaItem(Record):
    """One matter of one meeting: its day, the records it is about, and who is accepted for it.

    What the accepted may see stands in grants, which cover the item and its records in the minimised view.
    """

    KIND: ClassVar[str] = "AgendaItem"
    meeting_on: date = shown_as(FieldClass.OPEN)
    about: tuple[RecordId, ...] = cites(followed=False)
    accepted: tuple[ActorId, ...] = shown_as(FieldClass.OPEN)
    made_by: ActorId = shown_as(FieldClass.OPEN)
    made_at: datetime = shown_as(FieldClass.OPEN)
    ended_at: datetime | None = shown_as(FieldClass.OPEN, default=None)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first moment of one day to the last of another, in UTC: `closes` is the first moment after it."""

    opens: datetime
    closes: datetime


def window_of(meeting_on: date, *, closed: Collection[date] = ()) -> Window:
    """The window of a meeting: from five working days before it to five after. `closed` are days on which nobody works."""
    first = _nth_working_day(meeting_on, -1, closed)
    last = _nth_working_day(meeting_on, 1, closed)
    return Window(datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC))


def _nth_working_day(day: date, step: int, closed: Collection[date]) -> date:
    left = WORKING_DAYS
    while left:
        day += timedelta(days=step)
        if day.weekday() < SATURDAY and day not in closed:
            left -= 1
    return day


def make_item(
    writer: Writer,
    *,
    meeting_on: date,
    about: Collection[RecordId],
    accepted: Collection[ActorId],
    by: Actor,
    now: datetime,
    closed: Collection[date] = (),
) -> AgendaItem:
    """Puts a matter on the agenda and gives everyone accepted a grant for its window. `now` is the day taken as today.

    Raises RefusedAccess with every mistake.
    """
    item = AgendaItem(
        id=new_id(),
        forum=writer.scope.forum,
        review_on=review_day(meeting_on),
        dispose_on=disposal_day(review_day(meeting_on)),
        meeting_on=meeting_on,
        about=tuple(sorted(set(about))),
        accepted=tuple(sorted(set(accepted))),
        made_by=by.id,
        made_at=now,
    )
    _check(item, by=by, now=now, closed=closed)
    kept = writer.put(item)
    _give(writer, kept, by=by, now=now, closed=closed)
    return kept


def change_item(writer: Writer, item: AgendaItem, *, by: Actor, now: datetime, closed: Collection[date] = ()) -> AgendaItem:
    """Keeps a changed item: the grants it gave end now, and everyone accepted is given a new one."""
    if item.ended_at is not None:
        raise WrongState("This item has ended. Make a new one.")
    _check(item, by=by, now=now, closed=closed)
    kept = writer.put(item)
    _end(writer, kept, now=now)
    _give(writer, kept, by=by, now=now, closed=closed)
    return kept


def end_item(writer: Writer, item: AgendaItem, *, now: datetime) -> AgendaItem:
    """Takes a matter off the agenda: every grant it gave ends with it. WrongState when it has ended already."""
    if item.ended_at is not None:
        raise WrongState("This item has ended already.")
    _end(writer, item, now=now)
    return writer.put(replace(item, ended_at=now))


def grants_for(view: View, item: AgendaItem) -> Iterator[Grant]:
    """The grants that an item gave and that were not ended, in order of id."""
    for grant in view.citing(Grant, [item.id], field="covers"):
        if grant.source is Reason.PANEL_ITEM and grant.ended_at is None:
            yield grant


def _check(item: AgendaItem, *, by: Actor, now: datetime, closed: Collection[date]) -> None:
    mistakes = []
    if not item.about:
        mistakes.append(Mistake("/about", "missing", "Name at least one record that this is about."))
    if not item.accepted:
        mistakes.append(Mistake("/accepted", "missing", "Name at least one person who is accepted for it."))
    if by.id in item.accepted:
        mistakes.append(Mistake("/accepted", "own-grant", "Ask somebody else: nobody accepts themselves for an item."))
    if window_of(item.meeting_on, closed=closed).closes <= now:
        mistakes.append(Mistake("/meeting_on", "past", "Give a meeting whose window is not over yet."))
    if mistakes:
        raise RefusedAccess(mistakes)


def _give(writer: Writer, item: AgendaItem, *, by: Actor, now: datetime, closed: Collection[date]) -> None:
    window = window_of(item.meeting_on, closed=closed)
    for accepted in item.accepted:
        give_grant(
            writer,
            to=accepted,
            covers=(item.id, *item.about),
            because=Reason.PANEL_ITEM,
            starts=window.opens,
            until=window.closes,
            given_by=by.id,
            now=now,
            field_classes=MINIMISED,
        )


def _end(writer: Writer, item: AgendaItem, *, now: datetime) -> None:
    for grant in list(grants_for(writer, item)):
        end_grant(writer, grant, now=now)
