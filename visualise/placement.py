"""Where everything in a picture stands, by the six placement rules; a larger drawing area where a smaller one is too full."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from visualise.document import MapDocument, Thing
from visualise.errors import PictureTooFull
from visualise.geometry import Box, Curve, tidy
from visualise.marking import Marking
from visualise.names import place_names
from visualise.picture_parts import Line, Symbol, lines_of
from visualise.routes import DEGREES, Routes
from visualise.tags import Placed

EDGE_X, EDGE_Y = 56.0, 44.0
ROW_HEIGHT = 92.0
ROW_STEP = 118.0
GAPS = (28.0, 64.0)


@dataclass(frozen=True)
class Picture:
    """A placed picture, in units from the top left of its drawing area: `area` holds the map, `height` the row under it too."""

    area: Box
    height: float
    symbols: tuple[Symbol, ...]
    names: tuple[Box, ...]
    lines: tuple[Line, ...]
    curves: tuple[Curve, ...]
    marks: tuple[Placed, ...]


def place_picture(document: MapDocument, sizes: Sequence[tuple[float, float]]) -> Picture:
    """The picture in the first of these drawing areas (width, height) in which every rule can be kept.

    PictureTooFull where none will do, which is said at once where more lines meet at one symbol than can leave it apart.
    Things without a position stand in rows under the map.
    """
    meeting = Counter(end for line in lines_of(document.links) for end in line.ends)
    if any(many * DEGREES > 360 for many in meeting.values()):
        raise PictureTooFull
    for width, height in sizes:
        for symbols in _symbols(document, width, height):
            found = _try(document, symbols, width, height)
            if found is not None:
                return found
    raise PictureTooFull


def _symbols(document: MapDocument, width: float, height: float) -> Iterator[tuple[Symbol, ...]]:
    """The things at their places; then, where symbols stand upon each other, moved just far enough apart to be seen."""
    row = 0
    placed: list[Symbol] = []
    across = max(int((width - 2 * EDGE_X) // ROW_STEP) + 1, 1)
    for thing in document.things:
        if thing.at is None:
            x, y = EDGE_X + (row % across) * ROW_STEP, height + 34 + (row // across) * ROW_HEIGHT
            row += 1
        else:
            x, y = EDGE_X + thing.at.x * (width - 2 * EDGE_X), EDGE_Y + thing.at.y * (height - 2 * EDGE_Y)
        placed.append(Symbol(thing, tidy(x), tidy(y)))
    yield tuple(_moved_apart(placed))


def _moved_apart(symbols: Sequence[Symbol]) -> list[Symbol]:
    """Hands may put two things on one spot: the later is drawn beside the earlier, so that neither is lost."""
    done: list[Symbol] = []
    for symbol in symbols:
        moved, step = symbol, 0
        while any(moved.box.touches(other.box, 16.0) for other in done) and step < 60:
            step += 1
            turn = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))[step % 8]
            far = 26.0 * (1 + step // 8)
            moved = Symbol(symbol.thing, tidy(max(symbol.x + turn[0] * far, EDGE_X)), tidy(max(symbol.y + turn[1] * far, EDGE_Y)))
        done.append(moved)
    return done


def rows_height(things: Sequence[Thing], width: float) -> float:
    """How much height the row of things not placed yet takes under a map of this width."""
    waiting = sum(thing.at is None for thing in things)
    across = max(int((width - 2 * EDGE_X) // ROW_STEP) + 1, 1)
    return -(-waiting // across) * ROW_HEIGHT


def _try(document: MapDocument, symbols: tuple[Symbol, ...], width: float, height: float) -> Picture | None:
    lines = lines_of(document.links)
    whole = height + rows_height(document.things, width)
    area = Box(0.0, 0.0, width, whole)
    numbers = {symbol.thing.id: number for number, symbol in enumerate(symbols)}
    ties = [(numbers[line.ends[0]], numbers[line.ends[1]]) for line in lines]
    names = place_names(symbols, ties, area)
    if names is None:
        return None
    first: list[int] = []
    ways: dict[int, list[Curve]] = {}
    for gap in GAPS:
        routes = Routes(symbols, names, lines, area, gap, ways=ways)
        ways = routes.ways
        stuck = routes.route_all(first)
        if stuck is None:
            marked = Marking(symbols, routes, lines, area)
            stuck = marked.mark_all(first)
            if stuck is None:
                marks = tuple(marked.tags.placed[number] for number in range(len(lines)))
                return Picture(
                    Box(0.0, 0.0, width, height), whole, symbols, tuple(routes.names), lines, tuple(marked.curves), marks
                )
        first = [stuck, *(number for number in first if number != stuck)]
    return None
