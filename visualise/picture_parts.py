"""What a document's things and links take up in a picture: symbols, names, and lines with their marks, tags and badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from visualise.document import Link, Thing
from visualise.geometry import Box, tidy
from visualise.style import half_size, symbols, text_width, wrap_name, wrap_words

RING = 5.0
DISC = 6.0
NAME_GAP = 5.0
NAME_LINE = 15.0
TAG_LINE = 13.0
FLAT_WORDS = 84.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Symbol:
    """A thing at its place, in units."""

    thing: Thing
    x: float
    y: float

    @cached_property
    def half(self) -> tuple[float, float]:
        """Half the width and height of the outermost outline."""
        across, down = half_size(self.thing.kind)
        more = RING if self.thing.subject else 0.0
        return across + more, down + more

    @cached_property
    def box(self) -> Box:
        """All that the symbol covers, a guardian's disc included."""
        box = Box.around(self.x, self.y, *self.half)
        return Box(box.left, box.top - DISC, box.right + DISC, box.bottom) if self.thing.guardian else box

    @cached_property
    def name_lines(self) -> tuple[str, ...]:
        """The name as it is written: one or two lines, and the count or band under it."""
        lines = wrap_name(self.thing.label)
        return (*lines, self.thing.count) if self.thing.count else lines

    @cached_property
    def name_half(self) -> tuple[float, float]:
        size = float(symbols()["font"]["name_size"])
        wide = max(text_width(line, size, bold=place >= self.bold_from) for place, line in enumerate(self.name_lines))
        return wide / 2 + 1, NAME_LINE * len(self.name_lines) / 2

    @cached_property
    def bold_from(self) -> int:
        """From which line on the name is bold: the count is, the name is not."""
        return len(self.name_lines) - (1 if self.thing.count else 0)

    def name_box(self, side: str) -> Box:
        """Where the name stands: below, above, right, left, or below or above and shifted to the right or left."""
        across, down = self.name_half
        body = self.box
        if side in ("right", "left"):
            far = body.right + NAME_GAP + across if side == "right" else body.left - NAME_GAP - across
            return Box.around(far, self.y, across, down)
        shift = (across + self.half[0]) * 0.62
        middle = self.x + (shift if side.endswith("right") else -shift if side.endswith("left") else 0.0)
        far = body.bottom + NAME_GAP + down if side.startswith("below") else body.top - NAME_GAP - down
        return Box.around(tidy(middle), far, across, down)


@dataclass(frozen=True)
class Line:
    """One drawn line: the links that share it, all equal in ends, kind, meaning, how known, how sure and dispute."""

    links: tuple[Link, ...]

    @property
    def link(self) -> Link:
        """The first of them, which gives the line its pattern, weight and mark."""
        return self.links[0]

    @cached_property
    def ends(self) -> tuple[str, str]:
        """The two things it ties, in the order of their ids, so that lines of one pair bend to known sides."""
        one, other = self.link.source, self.link.target
        return (one, other) if _order(one) <= _order(other) else (other, one)

    @cached_property
    def tag(self) -> tuple[str, ...]:
        """The tag's lines: letter and query, month or `no date`, `disputed`; then the flat words of an arrow."""
        link = self.link
        first = [link.how_known + symbols()["how_sure"][link.how_sure]["sign"]]
        if link.known_on is None:
            first.append("no date")
        elif link.older:
            first.append(f"{MONTHS[link.known_on.month - 1]} {link.known_on.year}")
        if link.disputed:
            first.append("disputed")
        flat = wrap_words(link.words, FLAT_WORDS, float(symbols()["font"]["tag_size"])) if link.affected else []
        return (" ".join(first), *flat)

    @cached_property
    def tag_half(self) -> tuple[float, float]:
        size = float(symbols()["font"]["tag_size"])
        wide = max(text_width(text, size, bold=place == 0) for place, text in enumerate(self.tag))
        more = 3.0 if self.link.disputed else 1.0
        return wide / 2 + more, TAG_LINE * len(self.tag) / 2 + more - 1

    @cached_property
    def count_half(self) -> float:
        """Half the width of the count's disc; 0 without a count."""
        size = float(symbols()["font"]["tag_size"])
        return max(10.0, text_width(self.link.count, size, bold=True) / 2 + 5) if self.link.count else 0.0

    @cached_property
    def mark_half(self) -> tuple[float, float]:
        """Half the width and height of the mark, with its count beside it; 0 and 0 where there is neither."""
        there = self.link.meaning != "neither"
        if not self.link.count:
            return (11.5, 11.5) if there else (0.0, 0.0)
        return ((11.5 + 1.0) if there else 0.0) + self.count_half, 11.5

    def badge_at(self, end: str) -> str:
        """The text of the badge at `from` or `to`; empty where no role is known. Harmed stands first."""
        table = symbols()["role"]
        held = {part.role for part in self.link.roles if part.at == end}
        return " ".join(table[role]["badge"] for role in table if role in held)


def lines_of(links: Sequence[Link]) -> tuple[Line, ...]:
    """The lines of a picture, in the order of their first links; equal statements share one."""
    together: dict[tuple[object, ...], list[Link]] = {}
    for link in links:
        shown = (link.known_on is None, (link.known_on.year, link.known_on.month) if link.older and link.known_on else None)
        alike = (link.source, link.target, link.kind, link.words, link.meaning, link.how_known, link.how_sure, link.disputed)
        together.setdefault((*alike, link.affected, link.roles, link.count, shown), []).append(link)
    return tuple(Line(tuple(group)) for group in together.values())


def _order(thing: str) -> tuple[int, str]:
    return (int(thing[1:]) if thing[1:].isdigit() else 0, thing)
