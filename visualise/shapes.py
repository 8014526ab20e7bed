"""The pieces of a picture as SVG elements: symbols, names, lines, marks, tags, badges and arrowheads. Only safe elements."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from visualise.document import Link, Thing
from visualise.geometry import Box, Curve, OnCurve, number
from visualise.picture_parts import NAME_LINE, TAG_LINE, Line, Symbol
from visualise.style import symbols, text_width
from visualise.tags import Placed

ATTRIBUTE = {'"': "&quot;", "'": "&#39;"}


class Look:
    """One style of drawing: colour or mono, and the id of the hatch, which is the document's own."""

    def __init__(self, style: str, digest: str) -> None:
        self._colour = style == "colour"
        self.hatch = f"hatch-{digest[:8]}"

    def stroke(self, meaning: str) -> str:
        """The colour of a line; black in mono, where the mark alone says what it means."""
        return str(symbols()["meaning"][meaning]["colour"]) if self._colour else str(symbols()["ink"])

    def fill(self, kind: str) -> str:
        fill = symbols()["thing"][kind]["fill"]
        if fill == "hatch":
            return f"url(#{self.hatch})"
        return str(fill) if self._colour else str(symbols()["paper"])


def text(
    x: float, y: float, words: str, *, size: float, bold: bool = False, anchor: str = "middle", colour: str | None = None
) -> str:
    """One line of text; what is in it can only ever be text."""
    weight = ' font-weight="700"' if bold else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    ink = colour or symbols()["ink"]
    drawn = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{weight}{at} fill="{ink}"'
    return f"<text {drawn}>{escape(words, ATTRIBUTE)}</text>"


def draw_symbol(symbol: Symbol, look: Look) -> str:
    """A thing's shape, its letters and its marks, without its name."""
    x, y = number(symbol.x), number(symbol.y)
    parts = list(_shape(symbol.thing, look))
    return f'<g data-id="{symbol.thing.id}" transform="translate({x} {y})">{"".join(parts)}</g>'


def _shape(thing: Thing, look: Look) -> Iterator[str]:
    table = symbols()["thing"][thing.kind]
    ink, paper = symbols()["ink"], symbols()["paper"]
    if thing.subject:
        for path in table["paths"]:
            yield f'<path d="{path}" transform="scale({_ring_scale(thing)})" fill="{paper}" stroke="{ink}" stroke-width="1.4"/>'
    for path in table["paths"]:
        if table["fill"] == "hatch":
            yield f'<path d="{path}" fill="{paper}"/>'
        yield f'<path d="{path}" fill="{look.fill(thing.kind)}" stroke="{ink}" stroke-width="2"/>'
    if table["code"]:
        yield text(0, 4.2, table["code"], size=float(symbols()["font"]["code_size"]), bold=True)
    if thing.died:
        yield f'<path d="{symbols()["thing_mark"]["died"]["path"]}" fill="none" stroke="{ink}" stroke-width="1.2"/>'
    if thing.guardian:
        across, down = table["half"]
        yield tick(across - 1, 1 - down)


def tick(x: float, y: float) -> str:
    """A guardian's ticked disc."""
    mark, ink = symbols()["thing_mark"]["guardian"], symbols()["ink"]
    disc = f'<path d="{mark["path"]}" fill="{symbols()["paper"]}" stroke="{ink}" stroke-width="1.4"/>'
    line = f'<path d="{mark["tick"]}" fill="none" stroke="{ink}" stroke-width="2"/>'
    return f'<g transform="translate({number(x)} {number(y)})">{disc}{line}</g>'


def _ring_scale(thing: Thing) -> str:
    across, down = symbols()["thing"][thing.kind]["half"]
    return f"{(across + 4.6) / across:.3f} {(down + 4.6) / down:.3f}"


def draw_name(symbol: Symbol, box: Box) -> str:
    """A name in its lines, and the count or band under it."""
    size = float(symbols()["font"]["name_size"])
    middle = (box.left + box.right) / 2
    lines = []
    for place, words in enumerate(symbol.name_lines):
        lines.append(text(middle, box.top + NAME_LINE * place + 11.6, words, size=size, bold=place >= symbol.bold_from))
    return f'<g data-name="{symbol.thing.id}">{"".join(lines)}</g>'


def draw_line(line: Line, curve: Curve, look: Look) -> str:
    """The line itself. Each link that shares it stands round it once, by `data-id`."""
    link = line.link
    path = f'<path d="{curve.path}" fill="none" {stroke_of(link, look)}/>'
    opened = "".join(f'<g data-id="{one.id}">' for one in line.links)
    return opened + path + "</g>" * len(line.links)


def stroke_of(link: Link, look: Look) -> str:
    """Colour, weight and pattern of a line."""
    return stroke(look.stroke(link.meaning), link.how_known, link.how_sure)


def stroke(colour: str, how_known: str, how_sure: str) -> str:
    dash = symbols()["how_known"][how_known]["dash"]
    width = symbols()["how_sure"][how_sure]["width"]
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{colour}" stroke-width="{width}"{pattern}'


def draw_marks(line: Line, placed: Placed, look: Look) -> str:
    """All that stands on a line: mark, count, tag, badges and arrowheads."""
    colour = look.stroke(line.link.meaning)
    parts = [_arrow(tip, colour) for tip in placed.arrows]
    parts.extend(_mark(line, placed, colour))
    parts.extend(_tag(line, placed))
    parts.extend(badge_box(badge.text, badge.box) for badge in placed.badges)
    return f'<g data-tag="{line.link.id}">{"".join(parts)}</g>'


def _arrow(tip: OnCurve, colour: str) -> str:
    """An open arrowhead that ends at the person affected."""
    sides = []
    for turn in (1.0, -1.0):
        x = tip.x - 11.0 * tip.dx - turn * 6.0 * tip.dy
        y = tip.y - 11.0 * tip.dy + turn * 6.0 * tip.dx
        sides.append(f"{number(x)} {number(y)}")
    return f'<path d="M{sides[0]}L{number(tip.x)} {number(tip.y)}L{sides[1]}" fill="none" stroke="{colour}" stroke-width="2.2"/>'


def _mark(line: Line, placed: Placed, colour: str) -> Iterator[str]:
    x, y = placed.mark
    if line.link.count:
        left = x - line.mark_half[0]
        if line.link.meaning != "neither":
            yield mark(left + 11.5, y, line.link.meaning, colour)
            left += 24.0
        yield _count(left + line.count_half, y, line.count_half, line.link.count, colour)
    elif line.link.meaning != "neither":
        yield mark(x, y, line.link.meaning, colour)


def mark(x: float, y: float, meaning: str, colour: str) -> str:
    """The mark of a strength, a worry or both: shape and sign, whatever the colour."""
    table, paper = symbols()["meaning"][meaning], symbols()["paper"]
    solid = table["inside"] == "solid"
    shape = f'<path d="{table["mark"]}" fill="{colour if solid else paper}" stroke="{colour}" stroke-width="2"/>'
    sign = text(
        0,
        6.4 if solid else 4.6,
        table["sign"],
        size=float(symbols()["font"]["mark_size"]),
        bold=True,
        colour=paper if solid else colour,
    )
    return f'<g transform="translate({number(x)} {number(y)})">{shape}{sign}</g>'


def _count(x: float, y: float, half: float, count: str, colour: str) -> str:
    paper = symbols()["paper"]
    box = rect(Box.around(x, y, half, 10))
    disc = f'<rect {box} rx="10" fill="{paper}" stroke="{colour}" stroke-width="1.6"/>'
    return disc + text(x, y + 4, count, size=float(symbols()["font"]["tag_size"]), bold=True)


def _tag(line: Line, placed: Placed) -> Iterator[str]:
    box, size = placed.tag, float(symbols()["font"]["tag_size"])
    middle = (box.left + box.right) / 2
    if line.link.disputed:
        yield f'<rect {rect(box)} fill="{symbols()["paper"]}" stroke="{symbols()["ink"]}" stroke-width="1.2"/>'
    top = box.top + (3.0 if line.link.disputed else 1.0)
    for place, words in enumerate(line.tag):
        yield text(middle, top + TAG_LINE * place + 9.2, words, size=size, bold=place == 0)


def badge_box(words: str, box: Box) -> str:
    """A role badge: black on white, two small letters."""
    ink, size = symbols()["ink"], float(symbols()["font"]["tag_size"])
    frame = f'<rect {rect(box)} rx="3" fill="{symbols()["paper"]}" stroke="{ink}" stroke-width="1.2"/>'
    return frame + text((box.left + box.right) / 2, (box.top + box.bottom) / 2 + 3.6, words, size=size, bold=True)


def badge_around(x: float, y: float, words: str) -> str:
    """A badge with its middle here, as the legend shows it."""
    across = text_width(words, float(symbols()["font"]["tag_size"]), bold=True) / 2 + 3
    return badge_box(words, Box.around(x, y, across, 8))


def rect(box: Box) -> str:
    """A box as SVG attributes."""
    size = f'width="{number(box.right - box.left)}" height="{number(box.bottom - box.top)}"'
    return f'x="{number(box.left)}" y="{number(box.top)}" {size}'
