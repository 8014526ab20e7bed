"""What is this map for, who owns it, and until when? And whose home may stand on it?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from forum.errors import IncompleteMap, Mistake, SheetExpired
from forum.given import Given
from graph.assertions import CONTEXTS
from graph.contexts import PRIVATE_ADDRESS, ContextRecord, PeerGroup
from graph.errors import RecordNotFound
from graph.people import YoungPerson
from graph.periods import disposal_day
from graph.records import ActorId, FieldClass, Record, RecordId, cites, entry, new_id, record, shown_as
from graph.store.boundary import View, Writer


@entry
class Position:
    """Where a thing stands on a map, as shares of the drawing area from the top left (0 to 1, four decimals); put by hand."""

    thing: RecordId = cites(followed=False)
    x: float = shown_as(FieldClass.OPEN)
    y: float = shown_as(FieldClass.OPEN)


@record
class MapSheet(Record):
    """A kept map: what it is drawn around, how far, for what purpose, whose it is and when it must be looked at again.

    `map_kind` is peer or contexts, `steps` 1 to 3 ties from `around`, `mode` a code of MODE. `has_centre`: it was drawn
    around one thing; who may not see that thing reads `around` as None, and has no map. `drawn_at` is the moment
    it was drawn or renewed: positions worked out depend only on what was recorded by then. It does not open after
    `expires_on`, and never without its owner, purpose and review date.
    """

    KIND: ClassVar[str] = "MapSheet"
    map_kind: str = shown_as(FieldClass.OPEN)
    around: RecordId | None = cites(default=None)
    has_centre: bool = shown_as(FieldClass.OPEN, default=False)
    steps: int = shown_as(FieldClass.OPEN)
    mode: str = shown_as(FieldClass.OPEN)
    purpose: str = shown_as(FieldClass.OPEN)
    owner: str = shown_as(FieldClass.OPEN)
    drawn_by: str = shown_as(FieldClass.OPEN)
    drawn_by_actor: ActorId = shown_as(FieldClass.OPEN)
    drawn_on: date = shown_as(FieldClass.OPEN)
    drawn_at: datetime = shown_as(FieldClass.OPEN)
    expires_on: date = shown_as(FieldClass.OPEN)
    label_seed: str = shown_as(FieldClass.OPEN)
    positions: tuple[Position, ...] = shown_as(FieldClass.OPEN, default=())


MAP_KINDS = ("peer", "contexts")
# How long a map lives by default, in days, by mode (practice 11.2); context_only lives as long as its plan.
LIFE: dict[str, int] = {"coordination": 84, "context_only": 365}
# The one mode whose maps are for a young person and their worker alone (practice 11.2): nobody else has them before them.
_NOT_SHARED = "with_young_person"


def may_show_homes(*, map_kind: str, mode: str) -> bool:
    """Whether a home may stand on such a map: on the young person's own, never on one that is shared or one of contexts."""
    return map_kind == "peer" and mode == _NOT_SHARED


def is_private_address(record: Record | None) -> bool:
    """Whether this is a place where somebody lives, of whichever type it was recorded."""
    return isinstance(record, ContextRecord) and record.place_kind == PRIVATE_ADDRESS


def shows_its_centre(sheet: MapSheet) -> bool:
    """Whether this reader may see what the map is drawn around; a contexts map of all they may see is around nothing."""
    return sheet.around is not None or (sheet.map_kind == "contexts" and not sheet.has_centre)


def names_its_centre(sheet: MapSheet, centre: Record | None) -> bool:
    """Whether words about this map may say what it is drawn around: not where that is a home, which does not stand on it."""
    return centre is not None and (not is_private_address(centre) or may_show_homes(map_kind=sheet.map_kind, mode=sheet.mode))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDraft:
    """What somebody asks to have drawn. `around` is a record id, None for a contexts map of all that may be seen."""

    map_kind: str
    around: str | None
    steps: int
    mode: str
    purpose: str
    owner: str
    review_by: date


def sheet_given(value: Any) -> tuple[SheetDraft | None, tuple[Mistake, ...]]:
    """Reads what is asked for: the draft, or every mistake. Purpose, owner and review date are needed, or there is no map."""
    mistakes: list[Mistake] = []
    given = Given(value, "", mistakes)
    given.require("purpose", "Say what the map is for: which decision or plan it serves.")
    given.require("owner", "Say whose map it is, by role.")
    given.require("review_by", "Say on which day it must be looked at again.")
    kind = given.take("kind")
    if kind not in MAP_KINDS:
        given.wrong("kind", "unknown-code", "Write peer or contexts.")
    mode = given.code("mode", "MODE") or "coordination"
    if mode not in LIFE:
        given.wrong("mode", "not-offered", "Maps are drawn in the modes coordination and context_only.")
    if mode == "context_only" and kind == "peer":
        given.wrong("mode", "no-people", "A context-only map shows no people: ask for a contexts map.")
    around, steps = given.text("around"), given.whole("steps", least=1, most=3)
    if kind == "peer" and not around and not any(m.pointer == "/around" for m in mistakes):
        given.wrong("around", "missing", "Say around which young person, group or referral.")
    texts = given.text("purpose"), given.text("owner")
    review_by = given.day("review_by")
    given.finish()
    if mistakes or review_by is None:
        return None, tuple(mistakes)
    return (
        SheetDraft(
            map_kind=str(kind), around=around, steps=steps or 2, mode=mode, purpose=texts[0] or "", owner=texts[1] or "",
            review_by=review_by,
        ),
        (),
    )  # fmt: skip


def draw_sheet(
    writer: Writer, draft: SheetDraft, *, drawn_by: str, actor: ActorId, now: datetime, today: date, seed: str
) -> MapSheet:
    """Keeps a map: from now on it opens for whoever may see it, until its review date or the life of its mode ends.

    Raises IncompleteMap when what it is drawn around does not exist (or may not be seen) or is a private address, which no
    shared map shows, or its review date is past.
    `seed` is a random text that fixes the map's codes.
    """
    mistakes: list[Mistake] = []
    around: RecordId | None = None
    if draft.around is not None:
        around = RecordId(draft.around)
        kind = writer.kinds_of([around]).get(around)
        if kind is None:
            mistakes.append(Mistake("/around", "unknown-reference", UNKNOWN_AROUND))
        elif kind not in _AROUND[draft.map_kind]:
            mistakes.append(Mistake("/around", "wrong-kind", "A map cannot be drawn around this."))
        elif not may_show_homes(map_kind=draft.map_kind, mode=draft.mode) and _is_home(writer, around):
            mistakes.append(Mistake("/around", "private-address", AROUND_A_HOME))
    if draft.review_by < today:
        mistakes.append(Mistake("/review_by", "past", "Write a day that is not past."))
    if mistakes:
        raise IncompleteMap(mistakes)
    expires_on = min(draft.review_by, today + timedelta(days=LIFE[draft.mode]))
    return writer.put(
        MapSheet(
            id=new_id(), forum=writer.scope.forum, review_on=draft.review_by, dispose_on=disposal_day(draft.review_by),
            map_kind=draft.map_kind, around=around, has_centre=around is not None, steps=draft.steps, mode=draft.mode,
            purpose=draft.purpose, owner=draft.owner, drawn_by=drawn_by, drawn_by_actor=actor, drawn_on=today, drawn_at=now,
            expires_on=expires_on, label_seed=seed,
        )
    )  # fmt: skip


def _is_home(view: View, around: RecordId) -> bool:
    return any(is_private_address(record) for record in view.several([around]))


UNKNOWN_AROUND = "There is no such record, or it is not yours to see."
AROUND_A_HOME = (
    "A private address stands on no map that is shared. Draw the map around a young person, a group, another place or a "
    "referral instead."
)
_AROUND = {
    "peer": frozenset({YoungPerson.KIND, PeerGroup.KIND, "Referral"}) | CONTEXTS,
    "contexts": CONTEXTS,
}


def kept_sheet(view: View, sheet_id: RecordId) -> MapSheet:
    """The kept map, open or past its date. RecordNotFound when it or its centre is not there for this reader."""
    sheet = view.get(MapSheet, sheet_id)
    if not shows_its_centre(sheet):
        raise RecordNotFound
    return sheet


def open_sheet(view: View, sheet_id: RecordId, *, today: date) -> MapSheet:
    """The kept map. RecordNotFound when it or its centre is not there for this reader; SheetExpired past its date."""
    sheet = kept_sheet(view, sheet_id)
    if sheet.expires_on < today:
        raise SheetExpired
    return sheet
