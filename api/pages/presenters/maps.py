"""A map on a page: the picture, and the same in words. Both are made from one document, already reduced to this reader."""

from dataclasses import dataclass

from markupsafe import Markup

from visualise.document import MapDocument
from visualise.listing import LINK_COLUMNS, THING_COLUMNS, AroundThing, MapList, list_map
from visualise.svg import draw_svg

STYLES = ("colour", "mono")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `href` where it leads to a page."""

    text: str
    href: str | None = None
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class MapTable:
    """One table of the list; the first cell of a row is its header."""

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOnPage:
    """Everything a page says of a map. `svg` is our own renderer's text, in which every word is escaped."""

    title: str
    summary: str
    caption: str
    svg: Markup
    other_style: tuple[str, str]
    tables: tuple[MapTable, ...]
    around: tuple[AroundThing, ...]
    legend: tuple[str, ...]
    frame: tuple[str, ...]


def present_map(document: MapDocument, *, style: str, path: str) -> MapOnPage:
    """The map in one style; `path` is the address of this page, for the way to the other style.

    The picture goes into the page as it is: our renderer writes a fixed set of elements and escapes every word.
    """
    listed = list_map(document)
    other = ("In black and white", f"{path}?style=mono") if style == "colour" else ("In colour", path)
    return MapOnPage(
        title=listed.title,
        summary=listed.summary,
        caption="Shapes, letters and marks carry the meaning; colour only repeats it. The key is in the picture.",
        svg=Markup(draw_svg(document, style)),
        other_style=other,
        tables=(_things(listed), _links(listed)),
        around=listed.around,
        legend=listed.legend,
        frame=listed.frame,
    )


def _things(listed: MapList) -> MapTable:
    rows = tuple(
        (Cell(row.label, row.href), Cell(row.kind), Cell(row.told), Cell(row.guardian), Cell(row.marks)) for row in listed.things
    )
    return MapTable("things", "Who and what is on the map", THING_COLUMNS, rows)


def _links(listed: MapList) -> MapTable:
    rows = tuple(
        (
            Cell(row.source),
            Cell(row.words),
            Cell(row.target),
            Cell(row.meaning),
            Cell(row.how_known),
            Cell(row.how_sure),
            Cell(row.said_by),
            Cell(row.when),
            Cell(row.agencies),
            Cell(row.disputed, boxed=bool(row.disputed)),
            Cell(row.marks),
        )
        for row in listed.links
    )
    return MapTable("links", "Who says what of whom", LINK_COLUMNS, rows)
