"""How each line runs: straight or bent, behind no other symbol and no name, and apart from the lines it meets.

Distances are kept a little wider than the rules ask, since a curve is checked at points about five units apart.
"""

import math
from collections.abc import Iterator, Sequence

import numpy

from visualise.geometry import Box, Curve, Points, apart, distance_to, edges_of, nearest, tidy
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
        self, symbols: Sequence[Symbol], names: Sequence[Box], lines: Sequence[Line], area: Box, gap: float = 28.0
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
        for curve in self.candidates(number):
            points = curve.points
            if not (self._is_inside(points) and self._passes_clear(number, points)):
                continue
            others = self._in_the_way(number, curve)
            cost = sum(1.0 + moved[other] for other in others)
            if not others:
                return curve, []
            if best is None or cost < best[0]:
                best = (cost, curve, others)
        return best[1:] if best else None

    def _with_names_moved(self, number: int, shifted: list[int]) -> tuple[Curve, list[int]] | None:
        """A curve that only names stand in the way of, those names put elsewhere, and the lines that must now be moved."""
        for curve in self.candidates(number):
            points = curve.points
            if not (self._is_inside(points) and self._passes_symbols(number, points)):
                continue
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
        return (curve for curve in self.candidates(number) if self._fits(number, curve))

    def candidates(self, number: int) -> Iterator[Curve]:
        """Every way this line may run, the plainest first."""
        one, other = (self._symbols[end] for end in self._lines[number].ends)
        place, many = self._siblings[number]
        usual = (place - (many - 1) / 2) * self._gap
        length = math.hypot(other.x - one.x, other.y - one.y)
        for bend in BENDS:
            yield _curve(one, other, usual + bend, 0.5)
        for share in SHARES:
            for at in (0.5, 0.28, 0.72):
                yield _curve(one, other, usual + share * length, at)

    def order(self) -> list[int]:
        """The lines with the least freedom first: the shorter ones."""
        return sorted(range(len(self._lines)), key=lambda number: (round(self._length(number)), number))

    def _length(self, number: int) -> float:
        one, other = (self._symbols[end] for end in self._lines[number].ends)
        return math.hypot(other.x - one.x, other.y - one.y)

    def _fits(self, number: int, curve: Curve) -> bool:
        points = curve.points
        return self._is_inside(points) and not self._in_the_way(number, curve) and self._passes_clear(number, points)

    def _is_inside(self, points: Points) -> bool:
        low, high = points.min(axis=0), points.max(axis=0)
        area = self._area
        return bool(
            low[0] >= area.left + 2 and low[1] >= area.top + 2 and high[0] <= area.right - 2 and high[1] <= area.bottom - 2
        )

    def _passes_symbols(self, number: int, points: Points) -> bool:
        """Six units from every symbol that it does not tie."""
        far = nearest(points, self._bodies)
        for end in self._lines[number].ends:
            far[self._numbers[end]] = 1e9
        return bool(far.min() >= CLEAR)

    def _passes_clear(self, number: int, points: Points) -> bool:
        """Six units from every symbol that it does not tie, and from every name."""
        return bool(nearest(points, self._boxes).min() >= CLEAR) and self._passes_symbols(number, points)

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
