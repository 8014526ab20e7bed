"""How each thing and tie is drawn: the one symbol table, its words, and the widths of the letters.

`visualise/symbols.json` is the only copy of the table. Colour only repeats what a shape, pattern or mark already says.
"""

import json
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

ELLIPSIS = "…"
NAME_WRAP = 14
NAME_LIMIT = 28


@lru_cache(maxsize=1)
def symbols() -> dict[str, Any]:
    """The symbol table as it stands in the file, in the fixed order of the legend."""
    table: dict[str, Any] = json.loads(resources.files("visualise").joinpath("symbols.json").read_text(encoding="utf-8"))
    return table


def codes(channel: str) -> tuple[str, ...]:
    """The codes of one channel of the legend, in their fixed order."""
    return tuple(symbols()[channel])


def words_for(channel: str, code: str) -> str:
    """What the legend says beside a code."""
    words: str = symbols()[channel][code]["words"]
    return words


def thing_kind_of(record_kind: str) -> str | None:
    """The kind of symbol that stands for a kind of record; None when that kind is never drawn."""
    found: str | None = symbols()["record_kind"].get(record_kind)
    return found


def half_size(kind: str) -> tuple[float, float]:
    """Half the width and half the height of a symbol, in units."""
    width, height = symbols()["thing"][kind]["half"]
    return float(width), float(height)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text runs in Liberation Sans, in units; what the table does not hold counts as one em."""
    font = symbols()["font"]
    widths: dict[str, int] = font["widths"]["bold" if bold else "regular"]
    wide: int = font["wide"]
    total = 0
    for sign in text:
        if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
            continue
        total += widths.get(sign, wide)
    return total * size / 1000


def clusters_of(text: str) -> list[str]:
    """A text in pieces that must not be cut: a letter with the marks, joiners and signs that belong to it."""
    pieces: list[str] = []
    for sign in text:
        joined = pieces and (
            pieces[-1].endswith("\u200d") or sign == "\u200d" or unicodedata.category(sign) in ("Mn", "Me", "Mc", "Sk")
        )
        if joined or (pieces and "\ufe00" <= sign <= "\ufe0f"):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


@lru_cache(maxsize=4096)
def wrap_name(text: str) -> tuple[str, ...]:
    """A name in one or two lines: wrapped at 14 letters' width, ended by an ellipsis at 28 (the list holds all of it)."""
    size = float(symbols()["font"]["name_size"])
    room = NAME_WRAP * text_width("n", size)
    if text_width(text, size) <= room:
        return (text,)
    first, rest = _fill(text, room, size)
    if not rest:
        return (first,)
    if text_width(rest, size) <= room:
        return (first, rest)
    second, _ = _fill(rest, room - text_width(ELLIPSIS, size), size)
    return (first, second.rstrip() + ELLIPSIS)


def _fill(text: str, room: float, size: float) -> tuple[str, str]:
    """As much of a text as fits, cut at a space where there is one, and the rest."""
    pieces = clusters_of(text)
    fits = 0
    while fits < len(pieces) and text_width("".join(pieces[: fits + 1]), size) <= room:
        fits += 1
    if fits == len(pieces):
        return text, ""
    space = max((i for i in range(1, fits + 1) if pieces[i].isspace()), default=0)
    cut = space or max(fits, 1)
    return "".join(pieces[:cut]).rstrip(), "".join(pieces[cut:]).lstrip()


def wrap_words(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """A text in lines no wider than `room` units; a word longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}" if line else word
        if text_width(tried, size, bold=bold) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold=bold) > room and len(word) > 1:
            part, word = _fill(word, room, size * (1.08 if bold else 1.0))
            lines.append(part)
        line = word
    return [*lines, line] if line else lines or [""]


def contrast_on_white(colour: str) -> float:
    """The contrast of a colour such as #1d5fa8 with white (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
