"""The maps that the demo has drawn before anybody signs in, so that the first minutes show one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from api.cli.real_world import real_chance
from forum.access.policy import house_scope
from forum.maps import SheetDraft, draw_sheet
from graph.errors import AlreadyDone
from graph.records import ActorId, RecordId
from graph.store.boundary import AuditEntry, Store, WriteKey

KEY = WriteKey("first maps of the demo", "version 1")
OWNER = "Forum coordinator"
REVIEWED_AFTER = timedelta(days=84)
# What each map is: its kind, the case's id it is drawn around (None: the whole forum), how many steps, and what it is for.
FIRST_MAPS = (
    ("contexts", None, 1, "See which contexts young people share, before the panel agrees its items"),
    ("contexts", "LOC2", 1, "Agree who can make the parade safer, and with whom"),
    ("peer", "REF-01", 2, "Agree who stays alongside the young person and his friend"),
    ("peer", "PG3", 1, "Keep four friends together and safe when they travel"),
    ("peer", "LOC3", 1, "Agree with the bus company what has to change on the route"),
)


def draw_first_maps(store: Store, ids: Mapping[str, RecordId], *, by: ActorId, today: date, now: datetime) -> None:
    """Draws them once, whatever the number of starts. `ids` are the case's; a map of something it does not hold is left out."""
    scope = house_scope(store.about().forum)
    try:
        with store.write(scope, key=KEY, by=by, now=now) as writer:
            drawn = [
                draw_sheet(
                    writer,
                    SheetDraft(
                        map_kind=kind, around=ids[around] if around else None, steps=steps, mode="coordination",
                        purpose=purpose, owner=OWNER, review_by=today + REVIEWED_AFTER,
                    ),
                    drawn_by=OWNER, actor=by, now=now, today=today, seed=real_chance(16).hex(),
                )
                for kind, around, steps, purpose in FIRST_MAPS
                if around is None or around in ids
            ]  # fmt: skip
            writer.append(
                AuditEntry(
                    at=now,
                    actor=by,
                    action="draw_first_maps",
                    purpose="forum_preparation",
                    client="command",
                    resources=tuple(sorted(sheet.id for sheet in drawn)),
                )
            )
    except AlreadyDone:
        return
