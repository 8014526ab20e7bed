"""Gives every line its mark, tag and badges; one that stands in another's way is taken up and given a new place."""

from collections.abc import Iterator, Sequence
from itertools import islice

from visualise.geometry import Box, Curve
from visualise.picture_parts import Line, Symbol
from visualise.routes import Routes
from visualise.tags import Placed, Tags

WAYS = 10


class Marking:
    """The marks of one try. `curves` are the lines as they run in the end: a line may be bent anew to make room for its tag."""

    def __init__(self, symbols: Sequence[Symbol], routes: Routes, lines: Sequence[Line], area: Box) -> None:
        self._routes = routes
        self._lines = lines
        self.curves: list[Curve] = [curve for curve in routes.curves if curve is not None]
        self.tags = Tags(symbols, routes.names, self.curves, area)
        self._moved = [0] * len(lines)

    def mark_all(self, first: Sequence[int]) -> int | None:
        """Marks every line; None when all are marked, else the number of a line that could not be."""
        waiting = [*first, *(number for number in self._routes.order() if number not in first)]
        turns = len(waiting) + 20
        while waiting:
            number = waiting.pop(0)
            turns -= 1
            found = self._cheapest(number)
            if found is None or turns < 0:
                return number
            curve, placed, in_the_way = found
            for other in in_the_way:
                self.tags.take_up(other)
                self._moved[other] += 1
            waiting = [*in_the_way, *(other for other in waiting if other not in in_the_way)]
            if curve is not self.curves[number]:
                self.curves[number] = curve
                self._routes.curves[number] = curve
                self.tags.set_curves(self.curves)
            self.tags.put(number, self._lines[number], placed)
        return None

    def _cheapest(self, number: int) -> tuple[Curve, Placed, list[int]] | None:
        """A clean place on the line as it runs, else on a line bent anew, else the place for which the least must move."""
        best: tuple[float, Curve, Placed, list[int]] | None = None
        for curve, crossed in self._ways(number):
            for placed, touched in self.tags.options(number, self._lines[number], curve):
                others = sorted(crossed | touched)
                cost = sum(1.0 + self._moved[other] for other in others)
                if not others:
                    return curve, placed, []
                if best is None or cost < best[0]:
                    best = (cost, curve, placed, others)
        return best[1:] if best else None

    def _ways(self, number: int) -> Iterator[tuple[Curve, set[int]]]:
        """The line as it runs, then every other way that keeps the rules; with the lines whose marks it would cross."""
        yield self.curves[number], self.tags.near(number, self.curves[number])
        for curve in islice(self._routes.others_that_fit(number), WAYS):
            yield curve, self.tags.near(number, curve)
