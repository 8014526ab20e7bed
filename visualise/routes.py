"""How each line runs: straight or bent, behind no other symbol and no name, and apart from the lines it meets.

Distances are kept a little wider than the rules ask, since a curve is checked at points about five units apart.
"""

import math
from collections.abc import Iterator, Sequence

import numpy
from numpy.typing import NDArray

from visualise.geometry import STEP, Box, Curve, Points, apart, comes_near, distance_to, edges_of, nearest, tidy
from visualise.names import free_sides
from visualise.picture_parts import Line, Symbol

CLEAR = 6.6
DEGREES = 8.6
SIBLINGS_APART = 20.0
BENDS = (0.0, 28.0, -28.0, 56.0, -56.0, 84.0, -84.0, 118.0, -118.0, 160.0, -160.0)
SHARES = (0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.33, -0.33, 0.45, -0.45, 0.6, -0.6)


class Routes:
    """The lines of one try, routed one after the other. `curves` has one for each line, in order."""

    def __init__(
        self,
        symbols: Sequence[Symbol],
        names: Sequence[Box],
        lines: Sequence[Line],
        area: Box,
        gap: float = 28.0,
        *,
        ways: dict[int, list[Curve]] | None = None,
    ) -> None:
        self._all = symbols
        self._gap = gap
        self._symbols = {symbol.thing.id: symbol for symbol in symbols}
        self._numbers = {symbol.thing.id: number for number, symbol in enumerate(symbols)}
        self.names = list(names)
        self._bodies = edges_of([symbol.box for symbol in symbols])
        self._boxes = edges_of(names)
        self._lines = lines
        self._area = area
        self._siblings = _siblings(lines)
        self._meeting = [
            [at for at, met in enumerate(lines) if at != number and set(met.ends) & set(line.ends)]
            for number, line in enumerate(lines)
        ]
        self.curves: list[Curve | None] = [None] * len(lines)
        # Of a line that is alone between its two ends the ways hang on no gap: one try hands them on to the next.
        self.ways = {number: found for number, found in (ways or {}).items() if self._siblings[number][1] == 1}
        self._clear: dict[Curve, bool] = {}

    def route_all(self, first: Sequence[int]) -> int | None:
        """Routes every line, `first` before the rest; a line in another's way is taken up again and given a new one.

        None when all have a way; else the number of a line that finds none.
        """
        waiting = [*first, *(number for number in self.order() if number not in first)]
        moved, shifted = [0] * len(self._lines), [0] * len(self.names)
        turns = 3 * len(waiting) + 40
        while waiting:
            number = waiting.pop(0)
            turns -= 1
            found = self._cheapest(number, moved) or self._with_names_moved(number, shifted)
            if found is None or turns < 0:
                return number
            curve, in_the_way = found
            for other in in_the_way:
                self.curves[other] = None
                moved[other] += 1
            waiting = [*in_the_way, *waiting]
            self.curves[number] = curve
        return None

    def _cheapest(self, number: int, moved: Sequence[int]) -> tuple[Curve, list[int]] | None:
        """The first curve with nothing in its way; else the one for which the least must be moved, and what that is."""
        best: tuple[float, Curve, list[int]] | None = None
        for curve in self._past_symbols(number):
            if not self._passes_names(curve):
                continue
            others = self._in_the_way(number, curve)
            cost = sum(1.0 + moved[other] for other in others)
            if not others:
                return curve, []
            if best is None or cost < best[0]:
                best = (cost, curve, others)
        return best[1:] if best else None

    def _past_symbols(self, number: int) -> Iterator[Curve]:
        """The ways of a line that stay inside the area and six units from every symbol that it does not tie, plainest first."""
        if number not in self.ways:
            plain = self._checked(number, self._bends(number)[:1])
            yield from plain
            self.ways[number] = [*plain, *self._checked(number, self._bends(number)[1:])]
            yield from self.ways[number][len(plain) :]
        else:
            yield from self.ways[number]

    def _checked(self, number: int, bends: Sequence[tuple[float, float]]) -> list[Curve]:
        """The curves of these bends that pass clear, all looked at together."""
        one, other = (self._symbols[end] for end in self._lines[number].ends)
        curves = [_curve(one, other, bend, at) for bend, at in bends]
        controls = numpy.array([curve.control or ((one.x + other.x) / 2, (one.y + other.y) / 2) for curve in curves])
        longest = max(curve.longest_way for curve in curves)
        share = numpy.linspace(0.0, 1.0, max(int(longest / STEP), 8) + 1)[None, :]
        before, between, after = (1 - share) ** 2, 2 * (1 - share) * share, share**2
        x = before * one.x + between * controls[:, :1] + after * other.x
        y = before * one.y + between * controls[:, 1:] + after * other.y
        area = self._area
        inside = (x >= area.left + 2) & (y >= area.top + 2) & (x <= area.right - 2) & (y <= area.bottom - 2)
        clear = inside.all(axis=1)
        foreign = [place for end_id, place in self._numbers.items() if end_id not in self._lines[number].ends]
        if foreign and clear.any():
            clear[clear] &= _pass_clear(x[clear], y[clear], self._bodies[foreign])
        return [curve for curve, is_clear in zip(curves, clear, strict=True) if is_clear]

    def _passes_names(self, curve: Curve) -> bool:
        """Six units from every name; remembered until a name moves."""
        if curve not in self._clear:
            self._clear[curve] = not comes_near(curve.points, self._boxes, CLEAR)
        return self._clear[curve]

    def _with_names_moved(self, number: int, shifted: list[int]) -> tuple[Curve, list[int]] | None:
        """A curve that only names stand in the way of, those names put elsewhere, and the lines that must now be moved."""
        for curve in self._past_symbols(number):
            points = curve.points
            blocking = [int(place) for place in numpy.flatnonzero(nearest(points, self._boxes) < CLEAR)]
            if len(blocking) > 2 or any(shifted[place] > 3 for place in blocking):
                continue
            boxes = self._elsewhere(blocking, points)
            if boxes is None:
                continue
            for place, box in zip(blocking, boxes, strict=True):
                self.names[place] = box
                shifted[place] += 1
            self._boxes = edges_of(self.names)
            self._clear.clear()
            crossing = [
                at
                for at, met in enumerate(self.curves)
                if met and at != number and nearest(met.points, edges_of(boxes)).min() < CLEAR
            ]
            return curve, sorted({*crossing, *self._in_the_way(number, curve)})
        return None

    def _elsewhere(self, blocking: Sequence[int], points: Points) -> list[Box] | None:
        """Another side for each of these names, clear of a curve, of symbols and of other names; of those, the least crossed."""
        found: list[Box] = []
        for place in blocking:
            others = [box for at, box in enumerate(self.names) if at not in blocking] + found
            free = [box for box in free_sides(self._all, place, others, self._area) if distance_to(box, points).min() >= CLEAR]
            if not free:
                return None
            found.append(min(free, key=lambda box: self._crossings(box)))
        return found

    def _crossings(self, box: Box) -> int:
        return sum(1 for met in self.curves if met is not None and float(distance_to(box, met.points).min()) < CLEAR)

    def others_that_fit(self, number: int) -> Iterator[Curve]:
        """Every curve that keeps the rules while all other lines stay as they are."""
        return (
            curve for curve in self._past_symbols(number) if self._passes_names(curve) and not self._in_the_way(number, curve)
        )

    def _bends(self, number: int) -> list[tuple[float, float]]:
        """Every way this line may run, the plainest first: how far its middle is off the straight line, and where it bends."""
        place, many = self._siblings[number]
        usual = (place - (many - 1) / 2) * self._gap
        length = self._length(number)
        return [(usual + bend, 0.5) for bend in BENDS] + [
            (usual + share * length, at) for share in SHARES for at in (0.5, 0.28, 0.72)
        ]

    def order(self) -> list[int]:
        """The lines with the least freedom first: the shorter ones."""
        return sorted(range(len(self._lines)), key=lambda number: (round(self._length(number)), number))

    def _length(self, number: int) -> float:
        one, other = (self._symbols[end] for end in self._lines[number].ends)
        return math.hypot(other.x - one.x, other.y - one.y)

    def _in_the_way(self, number: int, curve: Curve) -> list[int]:
        """The lines that leave a shared symbol within eight degrees of it, or lie upon it between the same two."""
        one, other = self._lines[number].ends
        found = []
        for at in self._meeting[number]:
            met = self.curves[at]
            if met is None:
                continue
            ends = self._lines[at].ends
            close = (one in ends and apart(curve.leaves(True), met.leaves(ends[0] == one)) < DEGREES) or (
                other in ends and apart(curve.leaves(False), met.leaves(ends[0] == other)) < DEGREES
            )
            if close or (ends == (one, other) and self._lie_together(curve, met)):
                found.append(at)
        return found

    def _lie_together(self, curve: Curve, met: Curve) -> bool:
        middle = curve.points[len(curve.points) // 2]
        return float(numpy.sqrt(((met.points - middle) ** 2).sum(axis=1)).min()) < SIBLINGS_APART


def _pass_clear(x: Points, y: Points, boxes: Points) -> NDArray[numpy.bool_]:
    """For each row of points, whether none of them comes near any of these boxes; only boxes within reach are looked at."""
    left, top, right, bottom = boxes.T
    within = (left < x.max() + CLEAR) & (right > x.min() - CLEAR) & (top < y.max() + CLEAR) & (bottom > y.min() - CLEAR)
    clear = numpy.ones(len(x), dtype=bool)
    for edges in boxes[within]:
        across = numpy.maximum(numpy.maximum(edges[0] - x[clear], x[clear] - edges[2]), 0)
        down = numpy.maximum(numpy.maximum(edges[1] - y[clear], y[clear] - edges[3]), 0)
        clear[clear] &= (across * across + down * down).min(axis=1) >= CLEAR * CLEAR
        if not clear.any():
            break
    return clear


def _siblings(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """For each line, its number among those between the same two, and how many those are."""
    seen: dict[tuple[str, str], int] = {}
    places = []
    for line in lines:
        places.append(seen.get(line.ends, 0))
        seen[line.ends] = seen.get(line.ends, 0) + 1
    return [(place, seen[line.ends]) for place, line in zip(places, lines, strict=True)]


def _curve(one: Symbol, other: Symbol, bend: float, at: float) -> Curve:
    """A curve whose middle stands `bend` units off the straight line, its control point at a share of the way."""
    ax, ay, bx, by = one.x, one.y, other.x, other.y
    if bend == 0:
        return Curve((ax, ay), None, (bx, by))
    length = max(math.hypot(bx - ax, by - ay), 1.0)
    across, down = -(by - ay) / length, (bx - ax) / length
    x = ax + (bx - ax) * at + across * bend * 2
    y = ay + (by - ay) * at + down * bend * 2
    return Curve((ax, ay), (tidy(x), tidy(y)), (bx, by))
