"""Where each symbol stands. Places new symbols without moving old ones; nothing here reads a label or a record id.

Things are named by keys (a keyed hash per map), so that the order of rows, a longer label or a hidden record changes
nothing. Settled things, recorded when the sheet was drawn, are laid out together; every later one takes a free spot, in
the order in which it came. Positions are shares of the drawing area, 0 to 1, four decimals.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx
import numpy
from numpy.typing import NDArray

from visualise.document import At, LayoutNote
from visualise.outside_layout import find_sfdp, place_with_sfdp
from visualise.style import half_size

Points = NDArray[numpy.float64]

SEED = 7
SPRING_LIMIT = 100
AREA_WIDTH = 810.0
MARGIN = 0.065
ROOM_EACH = 19500.0
LABEL_ROOM = {"young_person": (30.0, 18.0), "adult_of_concern": (48.0, 18.0)}
USUAL_LABEL_ROOM = (52.0, 34.0)
LINE_ROOM = 14.0
LINE_LENGTH = 138.0
ROUNDS = 240


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing to place: its key, its kind of symbol, when it came (sorts as the moments do), and whether it is settled."""

    key: str
    kind: str
    since: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that a link ties, when the first such link came, and whether that was before the sheet was drawn."""

    ends: tuple[str, str]
    since: str
    settled: bool


def place_things(
    spots: Sequence[Spot], pairs: Sequence[Pair], *, hand: Mapping[str, tuple[float, float]], aspect: float
) -> tuple[dict[str, At], LayoutNote]:
    """A place for every thing that has a link or is settled with others; things without any stand in the bottom row.

    The same spots and pairs in any order give the same places. A place put by hand overrides, and moves no other.
    """
    ordered = sorted(spots, key=lambda spot: spot.key)
    settled = [spot for spot in ordered if spot.settled]
    ties = sorted(pair.ends for pair in pairs if pair.settled)
    places, engine = _lay_out(settled, ties, aspect)
    canvas = _Canvas(places, {spot.key: spot.kind for spot in ordered}, aspect, len(settled))
    for spot in sorted((spot for spot in ordered if not spot.settled), key=lambda spot: (spot.since, spot.key)):
        near = [pair.ends for pair in pairs if spot.key in pair.ends and pair.since <= spot.since]
        canvas.add(spot, sorted({end for ends in near for end in ends if end != spot.key}))
    found = {key: At(round(x, 4), round(y, 4), "auto") for key, (x, y) in canvas.places.items()}
    found.update({key: At(round(x, 4), round(y, 4), "hand") for key, (x, y) in sorted(hand.items()) if key in found})
    if ordered and all(spot.key in hand for spot in ordered):
        engine = "hand"
    return found, LayoutNote(engine, SEED, _basis(settled, ties))


def _basis(settled: Sequence[Spot], ties: Sequence[tuple[str, str]]) -> str:
    """The digest of what was laid out together; made of keys alone."""
    text = json.dumps([[spot.key for spot in settled], sorted(set(ties))])
    return hashlib.sha256(text.encode()).hexdigest()


def _lay_out(
    settled: Sequence[Spot], ties: Sequence[tuple[str, str]], aspect: float
) -> tuple[dict[str, tuple[float, float]], str]:
    """Settled things together: by sfdp above 100 of them where it is there, else by springs, part by part."""
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(spot.key for spot in settled)
    graph.add_edges_from(ties)
    kinds = {spot.key: spot.kind for spot in settled}
    program = find_sfdp() if len(settled) > SPRING_LIMIT else None
    rough = place_with_sfdp(program, list(kinds), ties, [room_of(kind) for kind in kinds.values()]) if program else None
    engine = "sfdp" if rough else "spring"
    if rough is None:
        rough = _pack(graph, aspect)
    return _shares(_spread(rough, kinds, ties, aspect), aspect, len(settled)), engine


def room_of(kind: str) -> tuple[float, float]:
    """Half the width and height that a symbol of this kind and its name need, in units, whatever the name."""
    across, down = half_size(kind)
    label, lines = LABEL_ROOM.get(kind, USUAL_LABEL_ROOM)
    return max(across, label) + 4, down + lines / 2 + 4


def area_of(things: int, aspect: float) -> tuple[float, float]:
    """Width and height, in units, of the area that this many things need."""
    least = AREA_WIDTH * AREA_WIDTH / aspect
    scale = math.sqrt(max(1.0, things * ROOM_EACH / least))
    return AREA_WIDTH * scale, AREA_WIDTH * scale / aspect


def _pack(graph: "networkx.Graph[str]", aspect: float) -> dict[str, tuple[float, float]]:
    """Each connected part by springs, the largest first, set side by side in rows of the area's shape."""
    parts = sorted((sorted(part) for part in networkx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    sizes = [math.sqrt(len(part)) for part in parts]
    row_width = max([math.sqrt(sum(size * size for size in sizes) * aspect) * 1.05, *sizes[:1]], default=1.0)
    found: dict[str, tuple[float, float]] = {}
    left = top = height = 0.0
    for part, size in zip(parts, sizes, strict=True):
        if left and left + size > row_width:
            left, top, height = 0.0, top + height, 0.0
        for key, (x, y) in _spring(graph, part).items():
            found[key] = (left + x * size * 0.9, top + y * size * 0.9)
        left, height = left + size, max(height, size)
    return found


def _spring(graph: "networkx.Graph[str]", part: Sequence[str]) -> dict[str, tuple[float, float]]:
    """One connected part, placed by springs over sorted nodes and edges, in a square of side 1."""
    ordered: networkx.Graph[str] = networkx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(sorted(tuple(sorted(ends)) for ends in graph.subgraph(part).edges))
    if len(part) == 1:
        return {part[0]: (0.5, 0.5)}
    placed = networkx.spring_layout(ordered, seed=SEED, iterations=120)
    points = numpy.array([placed[key] for key in part], dtype=numpy.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - low) / numpy.where(high - low < 1e-9, 1.0, high - low)
    return {key: (float(x), float(y)) for key, (x, y) in zip(part, points, strict=True)}


def _spread(
    rough: Mapping[str, tuple[float, float]], kinds: Mapping[str, str], ties: Sequence[tuple[str, str]], aspect: float
) -> dict[str, tuple[float, float]]:
    """Fills the area, then moves things apart until names have room and lines pass clear of other symbols."""
    keys = sorted(rough)
    if not keys:
        return {}
    width, height = area_of(len(keys), aspect)
    room = numpy.array([room_of(kinds[key]) for key in keys])
    points = numpy.array([rough[key] for key in keys], dtype=numpy.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - low) / numpy.where(high - low < 1e-9, 1.0, high - low)
    least, most = room, numpy.array([width, height]) - room
    points = least + points * (most - least) if len(keys) > 1 else numpy.array([[width / 2, height / 2]])
    index = {key: number for number, key in enumerate(keys)}
    edges = numpy.array([(index[a], index[b]) for a, b in ties], dtype=int).reshape(-1, 2)
    for turn in range(ROUNDS):
        shift = (
            _apart(points, room) + _stretched(points, edges) + (_off_lines(points, edges, room) if turn < ROUNDS - 40 else 0.0)
        )
        if float(numpy.abs(shift).max()) < 0.05:
            break
        points = numpy.clip(points + shift, least, most)
    return {key: (float(x), float(y)) for key, (x, y) in zip(keys, points, strict=True)}


def _apart(points: Points, room: Points) -> Points:
    """How far each thing is pushed by the boxes that it overlaps, along the shorter way out."""
    gap = points[:, None, :] - points[None, :, :]
    over = room[:, None, :] + room[None, :, :] - numpy.abs(gap)
    hit: NDArray[numpy.bool_] = numpy.logical_and(over[:, :, 0] > 0, over[:, :, 1] > 0)
    numpy.fill_diagonal(hit, False)
    sideways = over[:, :, 0] < over[:, :, 1]
    order = numpy.sign(numpy.arange(len(points))[:, None] - numpy.arange(len(points))[None, :])
    way = numpy.where(gap == 0, order[:, :, None], numpy.sign(gap))
    push = over * way * 0.26 * hit[:, :, None]
    push[:, :, 0] *= sideways
    push[:, :, 1] *= ~sideways
    summed: Points = push.sum(axis=1)
    return summed


def _stretched(points: Points, edges: NDArray[numpy.int_]) -> Points:
    """How far the ends of short lines are pushed apart, so that a mark and its tag have room between them."""
    shift = numpy.zeros_like(points)
    if not len(edges):
        return shift
    along = points[edges[:, 1]] - points[edges[:, 0]]
    length = numpy.maximum(numpy.sqrt((along * along).sum(axis=1)), 1e-6)
    push = (numpy.maximum(LINE_LENGTH - length, 0) * 0.2 / length)[:, None] * along
    numpy.add.at(shift, edges[:, 1], push)
    numpy.add.at(shift, edges[:, 0], -push)
    return shift


def _off_lines(points: Points, edges: NDArray[numpy.int_], room: Points) -> Points:
    """How far each thing is pushed off the straight lines of others that pass through or close by its symbol."""
    shift = numpy.zeros_like(points)
    if not len(edges):
        return shift
    start, end = points[edges[:, 0]], points[edges[:, 1]]
    along = end - start
    length = numpy.maximum((along * along).sum(axis=1), 1e-9)
    away = points[:, None, :] - start[None, :, :]
    share = numpy.clip((away * along[None, :, :]).sum(axis=2) / length[None, :], 0, 1)
    off = away - share[:, :, None] * along[None, :, :]
    distance = numpy.maximum(numpy.sqrt((off * off).sum(axis=2)), 1e-6)
    need = numpy.minimum(room[:, 0], room[:, 1])[:, None] + LINE_ROOM
    numbers = numpy.arange(len(points))[:, None]
    foreign = (numbers != edges[:, 0][None, :]) & (numbers != edges[:, 1][None, :])
    push = numpy.where(foreign, numpy.maximum(need - distance, 0), 0)[:, :, None] * off / distance[:, :, None]
    summed: Points = 0.12 * push.sum(axis=1)
    return summed


def _shares(points: Mapping[str, tuple[float, float]], aspect: float, things: int) -> dict[str, tuple[float, float]]:
    width, height = area_of(things, aspect)
    return {key: (x / width, y / height) for key, (x, y) in points.items()}


class _Canvas:
    """The places taken so far, and where a later thing may still stand."""

    def __init__(self, places: dict[str, tuple[float, float]], kinds: Mapping[str, str], aspect: float, settled: int) -> None:
        self.places = dict(places)
        self._kinds = kinds
        self._width, self._height = area_of(settled, aspect)

    def add(self, spot: Spot, near: Sequence[str]) -> None:
        """Near the middle of its neighbours, out along a fixed spiral; without any, in the bottom row."""
        around = [self.places[key] for key in near if key in self.places]
        if around:
            x = sum(place[0] for place in around) / len(around)
            y = sum(place[1] for place in around) / len(around)
            tried = [(x + dx, y + dy) for dx, dy in _SPIRAL]
        else:
            tried = [(0.08 + 0.05 * step, 0.95) for step in range(18)] + [(0.5 + dx, 0.5 + dy) for dx, dy in _SPIRAL]
        best, most = tried[0], -1.0
        for place in tried:
            if not (MARGIN <= place[0] <= 1 - MARGIN and MARGIN <= place[1] <= 1 - MARGIN):
                continue
            room = self._room(place, spot, around)
            if room > most:
                best, most = place, room
            if most >= 1.0:
                break
        self.places[spot.key] = (min(max(best[0], 0.0), 1.0), min(max(best[1], 0.0), 1.0))

    def _room(self, place: tuple[float, float], spot: Spot, around: Sequence[tuple[float, float]]) -> float:
        """1 or more where nothing is touched and no new line passes behind another; less, the worse it is."""
        across, down = room_of(self._kinds[spot.key])
        clear = 2.0
        for key, other in sorted(self.places.items()):
            wide, high = room_of(self._kinds[key])
            gap_x = abs(place[0] - other[0]) * self._width / (across + wide)
            gap_y = abs(place[1] - other[1]) * self._height / (down + high)
            clear = min(clear, max(gap_x, gap_y))
            clear = min(clear, *(self._line_room(place, end, other) for end in around if end != other), 2.0)
        return clear

    def _line_room(self, start: tuple[float, float], end: tuple[float, float], other: tuple[float, float]) -> float:
        ax, ay = start[0] * self._width, start[1] * self._height
        bx, by = end[0] * self._width, end[1] * self._height
        px, py = other[0] * self._width, other[1] * self._height
        length = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
        share = min(max(((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length, 0.0), 1.0)
        return math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay)) / 30.0


_SPIRAL = tuple(
    (0.012 * step**0.75 * math.cos(step * 2.399963), 0.015 * step**0.75 * math.sin(step * 2.399963)) for step in range(420)
)
