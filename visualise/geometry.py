"""Boxes and curves of a picture, in units, and how far they are from each other. Rounded to what is written in the SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy
from numpy.typing import NDArray

Points = NDArray[numpy.float64]

STEP = 5.0


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box by its edges, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, across: float, down: float) -> "Box":
        """The box with this middle, half width and half height."""
        return cls(x - across, y - down, x + across, y + down)

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def touches(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap` in both directions."""
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.top < other.bottom + gap and other.top < self.bottom + gap

    def inside(self, other: "Box") -> bool:
        whole = other.left <= self.left and self.right <= other.right
        return whole and other.top <= self.top and self.bottom <= other.bottom

    def joined(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left), min(self.top, other.top), max(self.right, other.right), max(self.bottom, other.bottom)
        )


def edges_of(boxes: Sequence[Box]) -> Points:
    """Boxes as rows of left, top, right, bottom."""
    return numpy.array([(box.left, box.top, box.right, box.bottom) for box in boxes], dtype=numpy.float64).reshape(-1, 4)


def nearest(points: Points, boxes: Points) -> Points:
    """For each box, how near the nearest of these points comes to it; 0 inside it."""
    if not len(points) or not len(boxes):
        return numpy.full(len(boxes), 1e9)
    across = numpy.maximum(numpy.maximum(boxes[:, 0, None] - points[None, :, 0], points[None, :, 0] - boxes[:, 2, None]), 0)
    down = numpy.maximum(numpy.maximum(boxes[:, 1, None] - points[None, :, 1], points[None, :, 1] - boxes[:, 3, None]), 0)
    found: Points = numpy.sqrt((across * across + down * down).min(axis=1))
    return found


def comes_near(points: Points, boxes: Points, gap: float) -> bool:
    """Whether any of these points comes nearer than `gap` to any of the boxes; only boxes within reach are looked at."""
    low, high = points.min(axis=0) - gap, points.max(axis=0) + gap
    within = boxes[(boxes[:, :2] < high).all(axis=1) & (boxes[:, 2:] > low).all(axis=1)]
    return bool(len(within) and nearest(points, within).min() < gap)


def overlaps(boxes: Points, others: Points, gap: float) -> NDArray[numpy.bool_]:
    """For each box and each other box, whether they come closer than `gap` in both directions."""
    across = (boxes[:, 0, None] < others[None, :, 2] + gap) & (others[None, :, 0] < boxes[:, 2, None] + gap)
    down = (boxes[:, 1, None] < others[None, :, 3] + gap) & (others[None, :, 1] < boxes[:, 3, None] + gap)
    found: NDArray[numpy.bool_] = across & down
    return found


def distance_to(box: Box, points: Points) -> Points:
    """For each point, how far it is from a box; 0 inside it."""
    across = numpy.maximum(numpy.maximum(box.left - points[:, 0], points[:, 0] - box.right), 0)
    down = numpy.maximum(numpy.maximum(box.top - points[:, 1], points[:, 1] - box.bottom), 0)
    found: Points = numpy.sqrt(across * across + down * down)
    return found


@dataclass(frozen=True)
class Curve:
    """A line between the middles of two symbols, bent towards a control point; straight where `control` is None."""

    start: tuple[float, float]
    control: tuple[float, float] | None
    end: tuple[float, float]

    @property
    def longest_way(self) -> float:
        """Twice the longer way to the control point: no stretch of the curve is longer than its share of this."""
        cx, cy = self.control or ((self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2)
        return 2 * max(math.hypot(cx - self.start[0], cy - self.start[1]), math.hypot(self.end[0] - cx, self.end[1] - cy))

    @cached_property
    def points(self) -> Points:
        """Points along the curve, from start to end, about five units apart."""
        (ax, ay), (bx, by) = self.start, self.end
        cx, cy = self.control or ((ax + bx) / 2, (ay + by) / 2)
        length = self.longest_way
        share = numpy.linspace(0.0, 1.0, max(int(length / STEP), 8) + 1)
        rest = 1 - share
        x = rest * rest * ax + 2 * rest * share * cx + share * share * bx
        y = rest * rest * ay + 2 * rest * share * cy + share * share * by
        found: Points = numpy.stack([x, y], axis=1)
        return found

    def leaves(self, at_start: bool) -> float:
        """The direction in which it leaves one of its ends, in degrees."""
        return self._directions[0 if at_start else 1]

    @cached_property
    def _directions(self) -> tuple[float, float]:
        def of(here: tuple[float, float], there: tuple[float, float]) -> float:
            return math.degrees(math.atan2(there[1] - here[1], there[0] - here[0]))

        return of(self.start, self.control or self.end), of(self.end, self.control or self.start)

    @property
    def path(self) -> str:
        """As SVG path data, one decimal."""
        (ax, ay), (bx, by) = self.start, self.end
        if self.control is None:
            return f"M{number(ax)} {number(ay)}L{number(bx)} {number(by)}"
        return f"M{number(ax)} {number(ay)}Q{number(self.control[0])} {number(self.control[1])} {number(bx)} {number(by)}"


@dataclass(frozen=True, slots=True)
class OnCurve:
    """A point of a curve and the direction in which the curve runs there (a unit vector)."""

    x: float
    y: float
    dx: float
    dy: float


class Walk:
    """Points along a row of points, found by length; the lengths are worked out once."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._steps = numpy.diff(points, axis=0)
        self._lengths = numpy.maximum(numpy.sqrt((self._steps * self._steps).sum(axis=1)), 1e-9)
        self._gone = numpy.concatenate([[0.0], numpy.cumsum(self._lengths)])
        self.length = float(self._gone[-1])

    def rows(self, along: Points) -> Points:
        """For each distance in units, a row of x, y (one decimal) and the direction there, as a unit vector."""
        place = numpy.clip(numpy.searchsorted(self._gone, along, side="right") - 1, 0, len(self._steps) - 1)
        over = numpy.clip((along - self._gone[place]) / self._lengths[place], 0, 1)
        spots = numpy.round(self._points[place] + over[:, None] * self._steps[place], 1) + 0.0
        found: Points = numpy.concatenate([spots, self._steps[place] / self._lengths[place][:, None]], axis=1)
        return found

    def at(self, along: float) -> OnCurve:
        """The point so many units along; the last one when there are fewer."""
        x, y, dx, dy = self.rows(numpy.array([along]))[0]
        return OnCurve(float(x), float(y), float(dx), float(dy))


def apart(one: float, other: float) -> float:
    """The angle between two directions, in degrees, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def tidy(value: float) -> float:
    """Rounded to the one decimal that is written; never minus nought."""
    return round(value, 1) + 0.0


def number(value: float) -> str:
    """As written in an SVG: at most one decimal."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text
