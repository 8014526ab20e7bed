"""A picture as PNG, made from our own SVG and from nothing else. Fonts are ours and named, so the bytes hang on no machine."""

import re
from importlib import resources

from visualise.document import MapDocument
from visualise.errors import FormMissing, UnsafePicture
from visualise.svg import draw_svg

ALLOWED = frozenset(
    ["svg", "title", "desc", "defs", "pattern", "g", "rect", "circle", "path", "polygon", "line", "text", "tspan"]
)
FONTS = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf")
FAMILY = "Liberation Sans"


def draw_png(document: MapDocument, style: str = "colour", paper: str = "screen", *, zoom: float = 2.0) -> bytes:
    """The picture as PNG bytes, `zoom` pixels to a unit; the same document gives the same bytes. FormMissing without resvg."""
    return convert_svg(draw_svg(document, style, paper), zoom=zoom)


def convert_svg(svg: str, *, zoom: float = 2.0) -> bytes:
    """One of our own SVGs as PNG. UnsafePicture when it holds what `draw_svg` never writes."""
    refuse_unsafe(svg)
    try:
        import resvg_py
    except ImportError as missing:
        raise FormMissing from missing
    files = [str(resources.files("visualise").joinpath("fonts", name)) for name in FONTS]
    found: bytes = bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=files,
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )
    return found


def refuse_unsafe(svg: str) -> None:
    """Lets through the elements that we draw with and nothing that could reach outside: no DOCTYPE, image, style or address."""
    if re.search(r"<[!?]", svg):
        raise UnsafePicture
    for name in re.findall(r"<\s*/?\s*([^\s/>]+)", svg):
        if name not in ALLOWED:
            raise UnsafePicture
    for tag in re.findall(r"<[^>]*>", svg):
        if re.search(r"(?i)\s(?:xlink:)?href\s*=|\sstyle\s*=|\son[a-z]+\s*=|url\((?!#hatch-[0-9a-f]{8}\))", tag):
            raise UnsafePicture
