"""How records of access are read from a body and stand in an answer: ids, moments, ends."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from forum.access.actors import Actor
from forum.access.disclosure import Disclosure
from forum.access.policy import READS_ALL
from forum.errors import Mistake
from forum.given import FIRST_YEAR, LAST_YEAR, Given
from graph.records import ActorId, Record, RecordId
from graph.store.boundary import View

LONGEST_ID = 64


def ids_given(given: Given, name: str) -> list[RecordId]:
    """The ids of a list, as they were given; they need not be there."""
    found = [given.check_text(f"{given.place(name)}/{n}", item, limit=LONGEST_ID) for n, item in enumerate(given.items(name))]
    return [RecordId(each) for each in found if each]


def actors_given(given: Given, name: str) -> list[ActorId]:
    """The ids of people who use the service, as they were given."""
    return [ActorId(each) for each in ids_given(given, name)]


def moment_given(given: Given, name: str, *, end: bool = False) -> datetime | None:
    """A day, or a moment with its offset, of 1900 to 2999. A day begins a time at its first moment and ends it after its last."""
    value = given.text(name)
    if value is None:
        return None
    try:
        found = _moment_in(value, end=end)
        if not FIRST_YEAR <= (found - timedelta(microseconds=1 if end else 0)).year <= LAST_YEAR:
            raise ValueError("outside the years that anything is reckoned in")
        return found
    except (ValueError, OverflowError):
        given.wrong(name, "not-a-moment", "Write a day such as 2026-11-21, or a moment such as 2026-11-21T09:30:00+00:00.")
        return None


def _moment_in(text: str, *, end: bool) -> datetime:
    if len(text) == len("2026-11-21"):
        day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time(), UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return moment.astimezone(UTC)


def moment_shown(moment: datetime | None) -> str | None:
    """A moment on the wire, in UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def find_all(view: View, kind: type[Record]) -> list[RecordId]:
    """The ids of every record of a kind that this reader may see, in order of id."""
    found: list[RecordId] = []
    while page := view.find(kind, after=found[-1] if found else None, limit=500):
        found += [record.id for record in page]
    return found


def unknown_records(view: View, name: str, ids: Sequence[RecordId]) -> list[Mistake]:
    """A mistake for each of these ids that is not in sight: what is hidden is answered as what never was."""
    there = view.kinds_of(ids) if ids else {}
    unknown = "There is no such record, or it is not yours to see."
    return [Mistake(f"/{name}/{n}", "unknown-reference", unknown) for n, each in enumerate(ids) if each not in there]


def mistyped_records(view: View, actor: Actor, name: str, ids: Sequence[RecordId]) -> list[Mistake]:
    """The same for somebody who reads all of the forum. Whoever does not may name what they cannot see, and learns nothing."""
    return unknown_records(view, name, ids) if actor.role in READS_ALL else []


def ids_shown(view: View, disclosure: Disclosure, ids: Sequence[RecordId]) -> list[RecordId]:
    """Those of these ids whose records this reader may see; the people among them count as shown."""
    seen = sorted(view.kinds_of(ids)) if ids else []
    disclosure.mention(seen)
    return seen
