"""Where the mark, tag, badges and arrowheads of each line stand: on or beside their own line, and touching nothing else."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from visualise.geometry import Box, Curve, OnCurve, Points, Walk, edges_of, nearest, overlaps
from visualise.picture_parts import Line, Symbol
from visualise.style import symbols, text_width

CORNERS = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
SIDES = 2 + len(CORNERS)
ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
FOREIGN = 10.4
BETWEEN = 2.0
BADGE_STEPS = (13.0, 20.0, 28.0, 37.0, 47.0, 58.0, 70.0, 84.0, 100.0, 120.0)
ARROW = 13.0
BADGE_REACH = 40.0
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
        foreign = self._foreign(number, line, curve)
        badges = self._badges(line, visible, foreign)
        if badges is None:
            return
        walk, taken = Walk(visible), edges_of([badge.box for badge in badges])
        spots = walk.rows(numpy.array(ALONG) * walk.length)
        if line.mark_half[0]:
            half = numpy.array(line.mark_half)
            spots = spots[self._free(numpy.concatenate([spots[:, :2] - half, spots[:, :2] + half], axis=1), foreign, taken)]
        if not len(spots):
            return
        boxes = _beside(spots, line)
        free = self._free(boxes, foreign, taken)
        free[free] &= nearest(visible, boxes[free]) >= BETWEEN
        for place in numpy.flatnonzero(free):
            x, y = spots[place // SIDES, :2]
            placed = Placed((float(x), float(y)), Box(*map(float, boxes[place])), tuple(badges), tuple(_arrows(line, visible)))
            yield placed, self._touched(number, placed.boxes(line))

    def _touched(self, number: int, boxes: Sequence[Box]) -> set[int]:
        if not len(self._taken):
            return set()
        hit = overlaps(edges_of(boxes), self._taken, BETWEEN).any(axis=0)
        return {int(other) for other in self._taken_by[hit] if other != number}

    def _foreign(self, number: int, line: Line, curve: Curve) -> Points:
        """The points of other lines that run within reach of this one."""
        reach = 2 * max(*line.tag_half, BADGE_REACH) + max(line.mark_half) + FOREIGN + 10
        low, high = curve.points.min(axis=0) - reach, curve.points.max(axis=0) + reach
        within = (self._points >= low).all(axis=1) & (self._points <= high).all(axis=1) & (self._owner != number)
        found: Points = self._points[within]
        return found

    def _free(self, rows: Points, foreign: Points, own: Points) -> NDArray[numpy.bool_]:
        """Which boxes touch no symbol, no name, none of their own marks, and stay ten units from every foreign line."""
        area = self._area
        inside = (rows[:, 0] >= area.left) & (rows[:, 1] >= area.top) & (rows[:, 2] <= area.right) & (rows[:, 3] <= area.bottom)
        free: NDArray[numpy.bool_] = inside & ~overlaps(rows, self._fixed, BETWEEN).any(axis=1)
        if len(own):
            free &= ~overlaps(rows, own, BETWEEN - 0.5).any(axis=1)
        if len(foreign) and free.any():
            free[free] &= nearest(foreign, rows[free]) >= FOREIGN
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
            boxes = _badge_boxes(text, _from_end(line, visible, end), ARROW if _has_arrow(line, end) else 0.0)
            free = self._free(boxes, foreign, edges_of([badge.box for badge in found]))
            if not free.any():
                return None
            found.append(Badge(text, Box(*map(float, boxes[int(numpy.flatnonzero(free)[0])]))))
        return found


def _badge_boxes(text: str, points: Points, start: float) -> Points:
    """Where a badge may stand: on its line or just beside it, as near its own end as it can."""
    across, down = text_width(text, float(symbols()["font"]["tag_size"]), bold=True) / 2 + 3, 8.0
    walk = Walk(points)
    steps = numpy.array([start + step for step in BADGE_STEPS if start + step <= walk.length * 0.48])
    if not len(steps):
        return numpy.zeros((0, 4))
    level = numpy.abs(walk.rows(steps)[:, 2])
    at = walk.rows(steps + level * (across - down))
    normal = numpy.stack([-at[:, 3], at[:, 2]], axis=1)
    far = 3.0 + numpy.abs(at[:, 3]) * across + numpy.abs(at[:, 2]) * down
    middles = numpy.stack([at[:, :2] + side * far[:, None] * normal for side in (0.0, 1.0, -1.0)], axis=1).reshape(-1, 2)
    middles = numpy.round(middles, 1) + 0.0
    half = numpy.array([across, down])
    found: Points = numpy.concatenate([middles - half, middles + half], axis=1)
    return found


def covers(symbol: Symbol, points: Points) -> NDArray[numpy.bool_]:
    """Which points lie under a symbol's own shape."""
    across, down = symbol.half
    x, y = numpy.abs(points[:, 0] - symbol.x) / across, numpy.abs(points[:, 1] - symbol.y) / down
    if symbol.thing.kind in ("location", "neighbourhood"):
        found: NDArray[numpy.bool_] = x + y <= 1
    elif symbol.thing.kind in ROUND_SHAPES:
        found = x * x + y * y <= 1
    else:
        found = (x <= 1) & (y <= 1)
    return found


def _beside(at: Points, line: Line) -> Points:
    """For each spot, the boxes its tag may take: on one side of the line, on the other, then round the mark's corners."""
    half, mark = numpy.array(line.tag_half), numpy.array(line.mark_half)
    normal = numpy.stack([-at[:, 3], at[:, 2]], axis=1)
    far = 3.5 + (numpy.abs(normal) * (mark + half)).sum(axis=1)
    middles = [at[:, :2] + side * far[:, None] * normal for side in (1.0, -1.0)]
    reach = numpy.maximum(mark, 3.0) + half + numpy.array([3.5, 3.0])
    middles.extend(at[:, :2] + numpy.array(corner) * reach for corner in CORNERS)
    rows = numpy.round(numpy.stack(middles, axis=1).reshape(-1, 2), 1) + 0.0
    found: Points = numpy.concatenate([rows - half, rows + half], axis=1)
    return found


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
            walk = Walk(_from_end(line, visible, end))
            tip, back = walk.at(1.5), walk.at(ARROW)
            length = max(math.hypot(tip.x - back.x, tip.y - back.y), 1e-9)
            yield OnCurve(tip.x, tip.y, (tip.x - back.x) / length, (tip.y - back.y) / length)
