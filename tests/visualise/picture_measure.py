"""Reads a drawn SVG back and measures it, knowing nothing of how it was placed: boxes from letters, curves from path data."""

import math
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy
from numpy.typing import NDArray

from visualise.style import symbols, text_width

SVG = "{http://www.w3.org/2000/svg}"
Spot = tuple[float, float]
Spots = NDArray[numpy.float64]
Box = tuple[float, float, float, float]


@dataclass
class Measured:
    """What a picture shows: symbols and names by thing, curves by the links they stand for, marks by the line's first link."""

    symbols: dict[str, Box] = field(default_factory=dict)
    names: dict[str, Box] = field(default_factory=dict)
    curves: dict[tuple[str, ...], Spots] = field(default_factory=dict)
    leaves: dict[tuple[str, ...], tuple[Spot, Spot, Spot, Spot]] = field(default_factory=dict)
    marks: dict[str, list[Box]] = field(default_factory=dict)
    legend: list[str] = field(default_factory=list)

    @property
    def link_ids(self) -> list[str]:
        return sorted(one for ids in self.curves for one in ids)


def measure(svg: str) -> Measured:
    root, found = ElementTree.fromstring(svg), Measured()
    for element in root.iter(SVG + "g"):
        if "data-legend" in element.attrib:
            found.legend.append(element.attrib["data-legend"])
        elif "data-name" in element.attrib:
            found.names[element.attrib["data-name"]] = _joined([_text_box(one) for one in element.iter(SVG + "text")])
        elif "data-tag" in element.attrib:
            found.marks[element.attrib["data-tag"]] = list(_mark_boxes(element))
        elif element.attrib.get("data-id", "").startswith("t"):
            found.symbols[element.attrib["data-id"]] = _symbol_box(element)
    for element in root.iter(SVG + "g"):
        if "transform" in element.attrib and any(child.get("data-id") for child in element):
            _read_lines(element, found)
    return found


def _read_lines(element: ElementTree.Element, found: Measured) -> None:
    for child in element:
        ids: list[str] = []
        while child.get("data-id", "").startswith("l"):
            ids.append(child.attrib["data-id"])
            child = child[0]
        if ids:
            numbers = [float(one) for one in re.findall(r"-?[0-9.]+", child.attrib["d"])]
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
            found.curves[tuple(ids)] = sampled(points)
            found.leaves[tuple(ids)] = (points[0], points[1], points[-1], points[-2])


def sampled(points: list[Spot]) -> Spots:
    """Three hundred points of a straight line or a quadratic curve."""
    start, end = numpy.array(points[0]), numpy.array(points[-1])
    control = numpy.array(points[1]) if len(points) == 3 else (start + end) / 2
    share = numpy.linspace(0, 1, 300)[:, None]
    found: Spots = (1 - share) ** 2 * start + 2 * (1 - share) * share * control + share**2 * end
    return found


def _symbol_box(element: ElementTree.Element) -> Box:
    x, y = (float(one) for one in re.findall(r"-?[0-9.]+", element.attrib["transform"]))
    corners: list[Spot] = []
    for path in element.iter(SVG + "path"):
        scale = [float(one) for one in re.findall(r"-?[0-9.]+", path.get("transform", "scale(1 1)"))]
        rounded = re.sub(r"A(\S+) (\S+) 0 1 1 (\S+) (\S+)", r"L\3 -\1L\3 \2L\3 \4", path.attrib["d"])
        corners += [(one[0] * scale[0], one[1] * scale[1]) for one in _corners(rounded)]
    xs, ys = [one[0] for one in corners], [one[1] for one in corners]
    return (x + min(xs), y + min(ys), x + max(xs), y + max(ys))


def _corners(path: str) -> list[Spot]:
    here, found = (0.0, 0.0), []
    for letter, rest in re.findall(r"([MLHVAZ])([^MLHVAZ]*)", path):
        numbers = [float(one) for one in re.findall(r"-?[0-9.]+", rest)]
        if letter in "ML":
            here = (numbers[0], numbers[1])
        elif letter == "H":
            here = (numbers[0], here[1])
        elif letter == "V":
            here = (here[0], numbers[0])
        elif letter == "A":
            here = (numbers[5], numbers[6])
        found.append(here)
    return found


def _text_box(element: ElementTree.Element) -> Box:
    size, bold = float(element.attrib["font-size"]), element.get("font-weight") == "700"
    half = text_width(element.text or "", size, bold=bold) / 2
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    return (x - half, y - 0.75 * size, x + half, y + 0.22 * size)


def _mark_boxes(element: ElementTree.Element) -> list[Box]:
    boxes: list[Box] = []
    for child in element:
        if child.tag == SVG + "text":
            boxes.append(_text_box(child))
        elif child.tag == SVG + "rect":
            x, y, wide, high = (float(child.attrib[name]) for name in ("x", "y", "width", "height"))
            boxes.append((x, y, x + wide, y + high))
        elif child.tag == SVG + "g":
            x, y = (float(one) for one in re.findall(r"-?[0-9.]+", child.attrib["transform"]))
            boxes.append((x - 10, y - 10, x + 10, y + 9))
    return boxes


def _joined(boxes: list[Box]) -> Box:
    return (
        min(one[0] for one in boxes),
        min(one[1] for one in boxes),
        max(one[2] for one in boxes),
        max(one[3] for one in boxes),
    )


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def distance(box: Box, points: Spots) -> float:
    """How near a curve comes to a box."""
    across = numpy.maximum(numpy.maximum(box[0] - points[:, 0], points[:, 0] - box[2]), 0)
    down = numpy.maximum(numpy.maximum(box[1] - points[:, 1], points[:, 1] - box[3]), 0)
    return float(numpy.sqrt(across * across + down * down).min())


def angle(here: Spot, there: Spot) -> float:
    return math.degrees(math.atan2(there[1] - here[1], there[0] - here[0]))


def symbol_letters() -> set[str]:
    return {one["code"] for one in symbols()["thing"].values() if one["code"]}
