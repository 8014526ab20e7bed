"""The picture as PNG: the same bytes, black and white that survives a photocopy, and nothing but our own SVG taken in."""

import struct
import zlib
from pathlib import Path

import numpy
import pytest

from visualise.document import MapDocument
from visualise.errors import UnsafePicture
from visualise.png import convert_svg, draw_png
from visualise.svg import draw_svg

EXAMPLE = (Path(__file__).parent / "examples" / "peer_map.json").read_text("utf-8")


def black_pixels(png: bytes) -> int:
    """How many pixels are darker than half, reading an 8-bit RGBA PNG."""
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw = numpy.frombuffer(zlib.decompress(data), dtype=numpy.uint8).reshape(height, 1 + width * 4)
    rows, before = [], numpy.zeros(width * 4, dtype=numpy.uint8)
    for row in raw:
        before = unfiltered(int(row[0]), row[1:], before)
        rows.append(before)
    pixels = numpy.stack(rows).reshape(height, width, 4)[:, :, :3].mean(axis=2)
    return int((pixels < 128).sum())


def unfiltered(
    kind: int, row: "numpy.typing.NDArray[numpy.uint8]", above: "numpy.typing.NDArray[numpy.uint8]"
) -> "numpy.typing.NDArray[numpy.uint8]":
    if kind == 0:
        return row.copy()
    if kind == 2:
        return row + above
    out = [0] * len(row)
    for place, value in enumerate(row.tolist()):
        left = out[place - 4] if place > 3 else 0
        up, corner = int(above[place]), int(above[place - 4]) if place > 3 else 0
        guess = left if kind == 1 else (left + up) // 2 if kind == 3 else paeth(left, up, corner)
        out[place] = (value + guess) & 255
    return numpy.array(out, dtype=numpy.uint8)


def paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    far = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return left if far[0] <= far[1] and far[0] <= far[2] else up if far[1] <= far[2] else corner


@pytest.fixture(scope="module")
def example() -> MapDocument:
    return MapDocument.from_json(EXAMPLE)


def test_the_same_document_gives_the_same_png(example: MapDocument) -> None:
    one = draw_png(example, zoom=1.0)
    assert one == convert_svg(draw_svg(MapDocument.from_json(example.to_json())), zoom=1.0)
    assert one[:8] == b"\x89PNG\r\n\x1a\n"


def test_every_line_leaves_its_own_black_on_a_photocopy(example: MapDocument) -> None:
    svg = draw_svg(example, "mono", "A4")
    zoom = 150 * 277 / 25.4 / 1120
    whole = black_pixels(convert_svg(svg, zoom=zoom))
    for link in example.links:
        start = svg.index(f'<g data-id="{link.id}">')
        without = svg[:start] + svg[svg.index("</g>", start) + 4 :]
        assert whole - black_pixels(convert_svg(without, zoom=zoom)) >= 60


@pytest.mark.parametrize(
    "put",
    [
        '<image href="x.png"/>',
        "<foreignObject></foreignObject>",
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<g style="fill:red"></g>',
        '<rect fill="url(https://elsewhere.example/x)"/>',
        '<g onload="x()"></g>',
        "<script>1</script>",
        "<?xml-stylesheet href='x'?>",
    ],
)
def test_a_picture_with_anything_we_never_draw_is_not_converted(example: MapDocument, put: str) -> None:
    with pytest.raises(UnsafePicture):
        convert_svg(draw_svg(example).replace("</svg>", put + "</svg>"))
