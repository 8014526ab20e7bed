"""The kept maps that lead from a page: what each is for, and until when it opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.wording import day_words
from forum.maps import MapSheet, names_its_centre, shows_its_centre

KINDS = {"peer": "Peer map", "contexts": "Contexts map"}


@dataclass(frozen=True, slots=True)
class MapLine:
    """One kept map: the way to it, and whose it is, what for and until when."""

    sheet: Link
    description: str


def open_sheets(sheets: Iterable[MapSheet], today: date) -> list[MapSheet]:
    """Those that are drawn and still open on a day, the latest drawn first; none around what this reader may not see."""
    found = [sheet for sheet in sheets if sheet.drawn_on <= today <= sheet.expires_on and shows_its_centre(sheet)]
    return sorted(found, key=lambda sheet: (-sheet.drawn_on.toordinal(), sheet.id))


def map_lines(sheets: Iterable[MapSheet], labels: Labels) -> tuple[MapLine, ...]:
    """A line for each, in the order given."""
    return tuple(
        MapLine(
            Link(_title(sheet, labels), f"/maps/{sheet.id}"),
            f"for: {sheet.purpose}; owner: {sheet.owner}; look at it again by {day_words(sheet.review_on)}",
        )
        for sheet in sheets
    )


def _title(sheet: MapSheet, labels: Labels) -> str:
    kind = KINDS.get(sheet.map_kind, "Map")
    if sheet.around is None:
        return f"{kind} of the whole forum"
    if not names_its_centre(sheet, labels.record(sheet.around)):
        return kind
    return f"{kind} around {labels.of(sheet.around)}"
