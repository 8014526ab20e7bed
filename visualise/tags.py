"""Where the mark, tag, badges and arrowheads of each line stand: on or beside their own line, and touching nothing else."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy

from visualise.geometry import Box, Curve, OnCurve, Points, edges_of, length_of, nearest, overlaps, tidy, walk, walk_units
from visualise.picture_parts import Line, Symbol
from visualise.style import symbols, text_width

ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
FOREIGN = 10.4
BETWEEN = 2.0
BADGE_STEPS = (13.0, 20.0, 28.0, 37.0, 47.0, 58.0, 70.0, 84.0, 100.0, 120.0)
ARROW = 13.0
REACH = 130.0
ROUND_SHAPES = ("young_person", "unnamed_young_people", "service", "peer_group")


@dataclass(frozen=True, slots=True)
class Badge:
    """A role badge: its text and its box."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands on one line: the mark's middle, the tag's box, badges, and arrowheads by point and direction."""

    mark: tuple[float, float]
    tag: Box
    badges: tuple[Badge, ...]
    arrows: tuple[OnCurve, ...]

    def boxes(self, line: Line) -> list[Box]:
        """Every box that must stay clear of others."""
        mark = [Box.around(*self.mark, *line.mark_half)] if line.mark_half[0] else []
        return [*mark, self.tag, *(badge.box for badge in self.badges)]


class Tags:
    """What stands where, line by line, and where the marks of the next line may stand."""

    def __init__(self, ties: Sequence[Symbol], names: Sequence[Box], curves: Sequence[Curve], area: Box) -> None:
        self._symbols = {symbol.thing.id: symbol for symbol in ties}
        self._fixed = edges_of([*(symbol.box for symbol in ties), *names])
        self._area = area
        self.placed: dict[int, Placed] = {}
        self._boxes: dict[int, list[Box]] = {}
        self._note()
        self.set_curves(curves)

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """The lines as they run now."""
        self._points = numpy.concatenate([curve.points for curve in curves]) if curves else numpy.zeros((0, 2))
        self._owner = numpy.concatenate(
            [numpy.full(len(curve.points), number) for number, curve in enumerate(curves)] or [numpy.zeros(0)]
        )

    def put(self, number: int, line: Line, placed: Placed) -> None:
        """Keeps the marks of a line where they were found to fit."""
        self.placed[number] = placed
        self._boxes[number] = placed.boxes(line)
        self._note()

    def take_up(self, number: int) -> None:
        """Forgets the marks of a line, which is given new ones later."""
        self.placed.pop(number, None)
        self._boxes.pop(number, None)
        self._note()

    def _note(self) -> None:
        rows = [(number, box) for number, boxes in sorted(self._boxes.items()) for box in boxes]
        self._taken = edges_of([box for _, box in rows])
        self._taken_by = numpy.array([number for number, _ in rows], dtype=int)

    def near(self, number: int, curve: Curve) -> set[int]:
        """The other lines whose marks would come within ten units of this curve."""
        if not len(self._taken):
            return set()
        close = nearest(curve.points, self._taken) < FOREIGN
        return {int(other) for other in self._taken_by[close] if other != number}

    def options(self, number: int, line: Line, curve: Curve) -> Iterator[tuple[Placed, set[int]]]:
        """Each way to mark a line that touches no symbol, name or foreign line, and the lines whose marks it would touch."""
        visible = self._visible(line, curve)
        if len(visible) < 2:
            return
        foreign = self._foreign(number, curve)
        badges = self._badges(line, visible, foreign)
        if badges is None:
            return
        spots = [walk(visible, share) for share in ALONG]
        marks = [Box.around(spot.x, spot.y, *line.mark_half) for spot in spots]
        if line.mark_half[0]:
            free = self._free(marks, foreign, [badge.box for badge in badges])
            spots = [spot for spot, is_free in zip(spots, free, strict=True) if is_free]
        pairs = [(spot, tag) for spot in spots for tag in _beside(spot, line)]
        if not pairs:
            return
        free = self._free([tag for _, tag in pairs], foreign, [badge.box for badge in badges])
        free &= nearest(visible, edges_of([tag for _, tag in pairs])) >= BETWEEN
        for place in numpy.flatnonzero(free):
            spot, tag = pairs[place]
            placed = Placed((spot.x, spot.y), tag, tuple(badges), tuple(_arrows(line, visible)))
            yield placed, self._touched(number, placed.boxes(line))

    def _touched(self, number: int, boxes: Sequence[Box]) -> set[int]:
        if not len(self._taken):
            return set()
        hit = overlaps(edges_of(boxes), self._taken, BETWEEN).any(axis=0)
        return {int(other) for other in self._taken_by[hit] if other != number}

    def _foreign(self, number: int, curve: Curve) -> Points:
        """The points of other lines that run within reach of this one."""
        low, high = curve.points.min(axis=0) - REACH, curve.points.max(axis=0) + REACH
        within = (self._points >= low).all(axis=1) & (self._points <= high).all(axis=1) & (self._owner != number)
        found: Points = self._points[within]
        return found

    def _free(self, boxes: Sequence[Box], foreign: Points, own: Sequence[Box]) -> "numpy.typing.NDArray[numpy.bool_]":
        """Which boxes touch no symbol, no name, none of their own marks, and stay ten units from every foreign line."""
        rows, area = edges_of(boxes), self._area
        inside = (rows[:, 0] >= area.left) & (rows[:, 1] >= area.top) & (rows[:, 2] <= area.right) & (rows[:, 3] <= area.bottom)
        free = inside & ~overlaps(rows, self._fixed, BETWEEN).any(axis=1)
        if own:
            free &= ~overlaps(rows, edges_of(own), BETWEEN - 0.5).any(axis=1)
        if len(foreign) and free.any():
            places = numpy.flatnonzero(free)
            free[places] = nearest(foreign, rows[places]) >= FOREIGN
        return free

    def _visible(self, line: Line, curve: Curve) -> Points:
        """The points of a curve outside the two symbols that it ties, finely spaced near them."""
        points = curve.points
        fine = numpy.repeat(points[:-1], 5, axis=0) + numpy.tile(numpy.arange(5) / 5, len(points) - 1)[:, None] * numpy.repeat(
            numpy.diff(points, axis=0), 5, axis=0
        )
        fine = numpy.concatenate([fine, points[-1:]])
        one, other = (covers(self._symbols[end], fine) for end in line.ends)
        outside = ~(one | other)
        places = numpy.flatnonzero(outside)
        found: Points = fine[places[0] : places[-1] + 1] if len(places) else fine[:0]
        return found

    def _badges(self, line: Line, visible: Points, foreign: Points) -> list[Badge] | None:
        found: list[Badge] = []
        for end in ("from", "to"):
            text = line.badge_at(end)
            if not text:
                continue
            start = ARROW if _has_arrow(line, end) else 0.0
            boxes = list(_badge_boxes(text, _from_end(line, visible, end), start))
            free = self._free(boxes, foreign, [badge.box for badge in found]) if boxes else numpy.zeros(0, dtype=bool)
            if not free.any():
                return None
            found.append(Badge(text, boxes[int(numpy.flatnonzero(free)[0])]))
        return found


def _badge_boxes(text: str, points: Points, start: float) -> Iterator[Box]:
    """Where a badge may stand: on its line or just beside it, as near its own end as it can."""
    across, down = text_width(text, float(symbols()["font"]["tag_size"]), bold=True) / 2 + 3, 8.0
    half = length_of(points) * 0.48
    for step in BADGE_STEPS:
        if start + step > half:
            return
        at = walk_units(points, start + step + abs(at_slope(points, start + step)) * (across - down))
        yield Box.around(at.x, at.y, across, down)
        for side in (1.0, -1.0):
            far = 3.0 + abs(at.dy) * across + abs(at.dx) * down
            yield Box.around(tidy(at.x - at.dy * side * far), tidy(at.y + at.dx * side * far), across, down)


def at_slope(points: Points, along: float) -> float:
    """How level the line runs there: 1 level, 0 upright."""
    return walk_units(points, along).dx


def covers(symbol: Symbol, points: Points) -> Points:
    """Which points lie under a symbol's own shape."""
    across, down = symbol.half
    x, y = numpy.abs(points[:, 0] - symbol.x) / across, numpy.abs(points[:, 1] - symbol.y) / down
    if symbol.thing.kind in ("location", "neighbourhood"):
        found: Points = x + y <= 1
    elif symbol.thing.kind in ROUND_SHAPES:
        found = x * x + y * y <= 1
    else:
        found = (x <= 1) & (y <= 1)
    return found


def _beside(at: OnCurve, line: Line) -> Iterator[Box]:
    """The tag on one side of its line, then on the other; then at the corners of its mark."""
    across, down = line.tag_half
    reach = abs(at.dy) * line.mark_half[0] + abs(at.dx) * line.mark_half[1]
    for side in (1.0, -1.0):
        off_x, off_y = -at.dy * side, at.dx * side
        far = reach + 3.5 + abs(off_x) * across + abs(off_y) * down
        yield Box.around(tidy(at.x + off_x * far), tidy(at.y + off_y * far), across, down)
    wide, high = max(line.mark_half[0], 3.0), max(line.mark_half[1], 3.0)
    for side_x, side_y in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7)):
        x, y = at.x + side_x * (wide + 3.5 + across), at.y + side_y * (high + 3.0 + down)
        yield Box.around(tidy(x), tidy(y), across, down)


def _has_arrow(line: Line, end: str) -> bool:
    return line.link.affected in (end, "both")


def _from_end(line: Line, visible: Points, end: str) -> Points:
    """The visible points as seen from the `from` or the `to` end of the link."""
    starts_here = line.ends[0] == (line.link.source if end == "from" else line.link.target)
    return visible if starts_here else visible[::-1]


def _arrows(line: Line, visible: Points) -> Iterator[OnCurve]:
    """Each arrowhead's tip, at the symbol's edge, and the direction in which it points."""
    for end in ("from", "to"):
        if _has_arrow(line, end):
            points = _from_end(line, visible, end)
            tip, back = walk_units(points, 1.5), walk_units(points, ARROW)
            length = max(math.hypot(tip.x - back.x, tip.y - back.y), 1e-9)
            yield OnCurve(tip.x, tip.y, (tip.x - back.x) / length, (tip.y - back.y) / length)
