"""The one renderer: a map document as an SVG. A pure function: no clock, no store, no chance, no network."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from visualise.document import MapDocument
from visualise.errors import PictureTooFull
from visualise.frame import (
    GAP,
    HEADER,
    LEGEND_WIDTH,
    MARGIN,
    LegendColumn,
    draw_footer,
    draw_header,
    footer_height,
    legend_columns,
)
from visualise.geometry import number
from visualise.kept_work import KeptWork
from visualise.layout import area_of
from visualise.placement import Picture, place_picture, rows_height
from visualise.shapes import Look, draw_line, draw_marks, draw_name, draw_symbol, text
from visualise.style import symbols

PAPERS = {"A4": (1120.0, 792.0), "A3": (1584.0, 1120.0)}
GROWTH = (1.0, 1.25, 1.6, 2.1, 2.8, 3.8, 5.0, 7.0)
SCREEN_COLUMN = 900.0
PICTURES_KEPT = 16


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A placed picture and the paper around it."""

    picture: Picture
    columns: Sequence[LegendColumn]
    width: float
    height: float


def draw_svg(document: MapDocument, style: str = "colour", paper: str = "screen") -> str:
    """The picture as SVG text; the same document gives the same bytes.

    `style` is colour or mono, `paper` screen, A4 or A3. What does not fit on A4 at a size that can be read comes out on
    A3; PictureTooFull when it fits on neither. On a screen the picture grows instead.
    """
    if style not in ("colour", "mono") or paper not in ("screen", *PAPERS):
        raise ValueError("style is colour or mono; paper is screen, A4 or A3")
    return _pictures((document, style, paper))


def _draw(asked: tuple[MapDocument, str, str]) -> str:
    document, style, paper = asked
    look = Look(style, document.digest)
    sheet = _on_screen(document, look) if paper == "screen" else _on_paper(document, look, paper)
    return unicodedata.normalize("NFC", _written(document, sheet, look))


_pictures = KeptWork(_draw, most=PICTURES_KEPT)


def _on_screen(document: MapDocument, look: Look) -> _Sheet:
    columns = legend_columns(document, look, SCREEN_COLUMN)
    across, down = area_of(len(document.things), document.view.aspect)
    picture = place_picture(document, [(across * growth, down * growth) for growth in GROWTH])
    width = 2 * MARGIN + picture.area.right + (GAP + LEGEND_WIDTH) * len(columns)
    body = max(picture.height, max(column.height for column in columns) + GAP)
    return _Sheet(picture, columns, width, HEADER + body + footer_height(document, width))


def _on_paper(document: MapDocument, look: Look, paper: str) -> _Sheet:
    for size in [paper] if paper == "A3" else ["A4", "A3"]:
        width, height = PAPERS[size]
        room = height - HEADER - footer_height(document, width)
        columns = legend_columns(document, look, room - GAP)
        across = width - 2 * MARGIN - (GAP + LEGEND_WIDTH) * len(columns)
        down = room - rows_height(document.things, across)
        if across < 300 or down < 200:
            continue
        try:
            return _Sheet(place_picture(document, [(across, down)]), columns, width, height)
        except PictureTooFull:
            continue
    raise PictureTooFull


def _written(document: MapDocument, sheet: _Sheet, look: Look) -> str:
    width, height = number(math.ceil(sheet.width)), number(math.ceil(sheet.height))
    ink, paper = symbols()["ink"], symbols()["paper"]
    short = document.digest[:8]
    title, words = text(0, 0, document.frame.title, size=1), text(0, 0, document.summary, size=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="title-{short} desc-{short}" font-family="{symbols()["font"]["family"]}">',
        f'<title id="title-{short}">{_inside(title)}</title>',
        f'<desc id="desc-{short}">{_inside(words)}</desc>',
        f'<defs><pattern id="{look.hatch}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect x="0" y="0" width="6" height="6" fill="{paper}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{ink}" '
        'stroke-width="2.4"/></pattern></defs>',
        f'<rect x="0" y="0" width="{width}" height="{height}" fill="{paper}"/>',
        draw_header(document, sheet.width),
        _map(sheet.picture, look),
        *_legend(sheet),
        draw_footer(document, sheet.width, sheet.height - footer_height(document, sheet.width)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _inside(element: str) -> str:
    """The escaped words of a text element."""
    return element[element.index(">") + 1 : element.rindex("<")]


def _map(picture: Picture, look: Look) -> str:
    """Lines, then symbols, then names, then marks, tags and badges on top."""
    parts = [draw_line(line, curve, look) for line, curve in zip(picture.lines, picture.curves, strict=True)]
    parts.extend(draw_symbol(symbol, look) for symbol in picture.symbols)
    parts.extend(draw_name(symbol, box) for symbol, box in zip(picture.symbols, picture.names, strict=True))
    parts.extend(draw_marks(line, placed, look) for line, placed in zip(picture.lines, picture.marks, strict=True))
    return f'<g transform="translate({number(MARGIN)} {number(HEADER)})">' + "\n".join(parts) + "</g>"


def _legend(sheet: _Sheet) -> list[str]:
    """The legend's columns at the right of the map, inside the picture."""
    drawn = []
    for place, column in enumerate(sheet.columns):
        left = sheet.width - MARGIN - (LEGEND_WIDTH + GAP) * (len(sheet.columns) - place) + GAP
        drawn.append(f'<g transform="translate({number(left)} {number(HEADER + 4)})">' + "\n".join(column.pieces) + "</g>")
    return drawn
