"""Where each name stands: below its symbol, else above, right or left, where no line would run through it."""

from collections.abc import Iterator, Sequence

import numpy

from visualise.geometry import Box, Curve, distance_to
from visualise.picture_parts import Symbol

SIDES = ("below", "above", "right", "left", "below right", "below left", "above right", "above left")
CLEAR = 7.0
BETWEEN = 4.0


def place_names(symbols: Sequence[Symbol], ties: Sequence[tuple[int, int]], area: Box) -> list[Box] | None:
    """A box for each name, in the order of the symbols; None where some name cannot stand anywhere.

    Of the sides that touch no symbol and no other name, the one that the fewest straight lines would cross wins.
    """
    chords = [_chord(symbols[a], symbols[b]) for a, b in sorted(set(ties))]
    points = numpy.concatenate(chords) if chords else numpy.zeros((0, 2))
    owner = numpy.concatenate([numpy.full(len(chord), place) for place, chord in enumerate(chords)]) if chords else numpy.zeros(0)
    placed: dict[int, Box] = {}
    degree = [sum(place in tie for tie in ties) for place in range(len(symbols))]
    for place in sorted(range(len(symbols)), key=lambda number: (-degree[number], number)):
        best: tuple[int, Box] | None = None
        for box in free_sides(symbols, place, list(placed.values()), area):
            crossed = len(set(owner[distance_to(box, points) < CLEAR].tolist())) if len(points) else 0
            if best is None or crossed < best[0]:
                best = (crossed, box)
            if crossed == 0:
                break
        if best is None:
            return None
        placed[place] = best[1]
    return [placed[number] for number in range(len(symbols))]


def free_sides(symbols: Sequence[Symbol], place: int, names: Sequence[Box], area: Box) -> Iterator[Box]:
    """The boxes in which a symbol's name touches no symbol and none of these names, the usual side first."""
    others = [symbol.box for number, symbol in enumerate(symbols) if number != place] + list(names)
    for side in SIDES:
        box = symbols[place].name_box(side)
        if box.inside(area) and not any(box.touches(other, BETWEEN) for other in others):
            yield box


def _chord(one: Symbol, other: Symbol) -> "numpy.typing.NDArray[numpy.float64]":
    return Curve((one.x, one.y), None, (other.x, other.y)).points
