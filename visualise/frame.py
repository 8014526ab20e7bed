"""What stands round the map in every picture: marking, title, legend column and footer. None of it can be switched off."""

from dataclasses import dataclass

from visualise.document import LegendEntry, MapDocument, Withheld
from visualise.geometry import Box, number
from visualise.picture_parts import RING
from visualise.shapes import Look, badge_around, mark, rect, stroke, text, tick
from visualise.style import symbols, wrap_words

MARGIN = 20.0
GAP = 18.0
LEGEND_WIDTH = 252.0
SAMPLE = 62.0
HEADER = 78.0
LINE = 16.0
ROW = 30.0
THIN_ROW = 19.0
HEAD = 22.0
MODES = {
    "with_young_person": "made with the young person",
    "coordination": "coordination, pseudonyms or initials",
    "named_working_map": "named working map",
    "context_only": "contexts only, nobody shown",
}


def day(value: object) -> str:
    """A day as it is printed: 21 November 2026."""
    return f"{getattr(value, 'day', '')} {getattr(value, 'strftime', str)('%B %Y')}"


@dataclass(frozen=True, slots=True)
class LegendColumn:
    """One column of the legend: drawn pieces from the top left of the column, and its height."""

    pieces: tuple[str, ...]
    height: float


def draw_header(document: MapDocument, width: float) -> str:
    """Marking, title, reference and day, above a rule."""
    frame, font = document.frame, symbols()["font"]
    size = float(font["title_size"])
    title = wrap_words(frame.title, width - 2 * MARGIN, size, bold=True)[0]
    second = f"{frame.reference} · drawn {day(frame.drawn_on)} by {frame.drawn_by} · facts as of {day(frame.facts_as_of)}"
    parts = [
        text(width / 2, 16, frame.marking, size=float(font["head_size"]), bold=True),
        text(MARGIN, 42, title, size=size, bold=True, anchor="start"),
        text(MARGIN, 61, wrap_words(second, width - 2 * MARGIN, 12)[0], size=12, anchor="start"),
        _rule(70, width, 1.6),
    ]
    return "".join(parts)


def _rule(y: float, width: float, weight: float) -> str:
    ends = f'x1="{number(MARGIN)}" y1="{number(y)}" x2="{number(width - MARGIN)}" y2="{number(y)}"'
    return f'<line {ends} stroke="{symbols()["ink"]}" stroke-width="{weight}"/>'


def footer_lines(document: MapDocument, width: float) -> list[str]:
    """Purpose, owner, days, mode, copy, statements, filters and what was left out, wrapped to the picture's width."""
    frame = document.frame
    spoken = [
        f"Purpose: {frame.purpose}",
        f"Owner: {frame.owner} · Drawn by: {frame.drawn_by} · "
        f"Review by: {day(frame.review_by)} · Expires: {day(frame.expires_on)}",
        f"Mode: {MODES[frame.mode]} · Copy {frame.copy.number} for {frame.copy.for_whom} · View: {document.view.name}",
        " ".join(frame.statements),
        *(part.words for part in document.view.filters),
        *left_out(document.withheld),
    ]
    return [line for words in spoken for line in wrap_words(words, width - 2 * MARGIN, 12)]


def left_out(withheld: Withheld) -> list[str]:
    """What was left out of what the reader may see, in words."""
    said = []
    for counted, why in (
        (withheld.by_filter, "by the filters of this view"),
        (withheld.by_age, "because nothing newer than 12 months is known"),
    ):
        if counted:
            said.append(f"{counted} {'link is' if counted == 1 else 'links are'} left out {why}.")
    if withheld.by_level:
        subject = "context is" if withheld.by_level == 1 else "contexts are"
        said.append(f"{withheld.by_level} {subject} left out: a picture carries at most 60.")
    if withheld.small_counts:
        said.append("Small counts are left out.")
    return said


def draw_footer(document: MapDocument, width: float, top: float) -> str:
    """The footer from `top` down, and the marking once more under it."""
    lines = footer_lines(document, width)
    rule = _rule(top, width, 1)
    parts = [rule]
    for place, words in enumerate(lines):
        parts.append(text(MARGIN, top + 17 + LINE * place, words, size=12, anchor="start"))
    head = float(symbols()["font"]["head_size"])
    parts.append(text(width / 2, top + footer_height(document, width) - 8, document.frame.marking, size=head, bold=True))
    return "".join(parts)


def footer_height(document: MapDocument, width: float) -> float:
    return 17 + LINE * len(footer_lines(document, width)) + 22


def legend_columns(document: MapDocument, look: Look, height: float) -> list[LegendColumn]:
    """The legend in columns no higher than `height`, a heading never parted from its first row."""
    columns: list[LegendColumn] = []
    pieces: list[str] = []
    top = 0.0
    channel = ""
    for entry in document.legend:
        words = wrap_words(entry.words, LEGEND_WIDTH - SAMPLE - 8, 12)
        row = max(ROW if entry.channel in ("thing", "meaning") else THIN_ROW, 15.0 * len(words) + 4)
        head = HEAD if entry.channel != channel else 0.0
        if pieces and top + head + row > height:
            columns.append(LegendColumn(tuple(pieces), top))
            pieces, top, head = [], 0.0, HEAD
        if head:
            pieces.append(text(0, top + 14, symbols()["channel"][entry.channel], size=13, bold=True, anchor="start"))
            top += HEAD
        channel = entry.channel
        pieces.append(_row(entry, words, top, row, look))
        top += row
    return [*columns, LegendColumn(tuple(pieces), top)]


def _row(entry: LegendEntry, words: list[str], top: float, height: float, look: Look) -> str:
    middle = top + height / 2
    lines = [
        text(SAMPLE, middle + 4 + 15.0 * (place - (len(words) - 1) / 2), line, size=12, anchor="start")
        for place, line in enumerate(words)
    ]
    return f'<g data-legend="{entry.channel} {entry.code}">{_sample(entry, middle, look)}{"".join(lines)}</g>'


def _sample(entry: LegendEntry, y: float, look: Look) -> str:
    """What the code looks like in the picture."""
    ink, middle = symbols()["ink"], 27.0
    if entry.channel == "how_known":
        return _sample_line(y, stroke(ink, entry.code, "fairly")) + text(6, y + 4, entry.code, size=11, bold=True)
    if entry.channel == "how_sure":
        sign = symbols()["how_sure"][entry.code]["sign"]
        return _sample_line(y, stroke(ink, "S", entry.code)) + (text(6, y + 4, sign, size=11, bold=True) if sign else "")
    if entry.channel == "meaning":
        line = _sample_line(y, stroke(look.stroke(entry.code), "S", "fairly"), start=2)
        return line + (mark(middle, y, entry.code, look.stroke(entry.code)) if entry.code != "neither" else "")
    if entry.channel == "thing":
        return _sample_shape(entry.code, y, look)
    if entry.channel == "thing_mark":
        return _sample_mark(entry.code, middle, y)
    if entry.channel == "role":
        return badge_around(middle, y, symbols()["role"][entry.code]["badge"])
    return _sample_sign(entry, middle, y)


def _sample_line(y: float, drawn: str, start: float = 14) -> str:
    return f'<line x1="{number(start)}" y1="{number(y)}" x2="52" y2="{number(y)}" {drawn}/>'


def _sample_shape(kind: str, y: float, look: Look) -> str:
    table = symbols()["thing"][kind]
    ink, paper = symbols()["ink"], symbols()["paper"]
    inside = "".join(
        f'<path d="{path}" fill="{paper}"/><path d="{path}" fill="{look.fill(kind)}" stroke="{ink}" stroke-width="2.4"/>'
        for path in table["paths"]
    )
    letters = text(0, 4.6, table["code"], size=13, bold=True) if table["code"] else ""
    return f'<g transform="translate(27 {number(y)}) scale(0.64)">{inside}{letters}</g>'


def _sample_mark(code: str, x: float, y: float) -> str:
    ink = symbols()["ink"]
    if code == "guardian":
        return tick(x, y)
    middle = f'cx="{number(x)}" cy="{number(y)}"'
    rings = "".join(f'<circle {middle} r="{r}" fill="none" stroke="{ink}" stroke-width="1.4"/>' for r in (9, 9 - RING + 1))
    if code == "subject":
        return rings
    circle = f'<circle cx="{number(x)}" cy="{number(y)}" r="9" fill="none" stroke="{ink}" stroke-width="1.6"/>'
    path = f"M{number(x - 6)} {number(y + 6)}L{number(x + 6)} {number(y - 6)}"
    return circle + f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1"/>'


def _sample_sign(entry: LegendEntry, x: float, y: float) -> str:
    ink, paper = symbols()["ink"], symbols()["paper"]
    if entry.code == "affected":
        path = f"M{number(x + 10)} {number(y - 6)}L{number(x + 22)} {number(y)}L{number(x + 10)} {number(y + 6)}"
        head = f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="2.2"/>'
        return _sample_line(y, f'stroke="{ink}" stroke-width="2.2"') + head
    if entry.code == "disputed":
        around = Box.around(x, y, 25, 8)
        box = f'<rect {rect(around)} fill="{paper}" stroke="{ink}" stroke-width="1.2"/>'
        return box + text(x, y + 4, "disputed", size=11, bold=True)
    if entry.code == "on_line":
        disc = f'<rect {rect(Box.around(x, y, 10, 8))} rx="8" fill="{paper}" stroke="{ink}" stroke-width="1.4"/>'
        return disc + text(x, y + 4, "n", size=11, bold=True)
    words = {"older": "Apr", "undated": "no date", "after_name": "n", "not_named": "n to n"}[entry.code]
    return text(x, y + 4, words, size=11, bold=True)
