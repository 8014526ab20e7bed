"""YAML as far as a form needs it: mappings, lists, text, whole and decimal numbers, true, false and null, each with its line.

Nothing in a file can make an object, run code or grow without bound. Days stay text, as they were typed. A key that stands
twice, a tag or a second document is a mistake with its place; text that YAML itself may not carry is passed on in a form that
the readers of fields refuse.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from forum.given import pointer_part
from ingest.errors import FileMistake, UnreadableFile, UnreadableYaml

SIZE_LIMIT = 20 * 1024 * 1024
DEPTH_LIMIT = 32
VALUE_LIMIT = 3_000_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML refuses to read at all. A text-direction override stands in for it: the readers of fields refuse that with its place.
_NOT_YAML = re.compile("[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STAND_IN = "\u202e"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}\Z")
_WORDS: Mapping[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(slots=True)
class Spot:
    """Where a value begins (lines count from 1), the spots of its parts, and how many values it holds, itself included."""

    line: int
    parts: "dict[str, Spot]" = field(default_factory=dict)
    holds: int = 1


@dataclass(frozen=True, slots=True)
class PlainYaml:
    """A file read: its value, where everything stands, and the mistakes a value cannot show."""

    value: Any
    spot: Spot
    mistakes: tuple[FileMistake, ...]

    def line_of(self, pointer: str) -> int:
        """The line of what a JSON pointer names; of the nearest thing around it when it is not there."""
        spot = self.spot
        for part in pointer.split("/")[1:]:
            inner = spot.parts.get(part)
            if inner is None:
                break
            spot = inner
        return spot.line


def read_plain_yaml(given: bytes, *, what: str) -> PlainYaml:
    """Reads a file; `what` names it in messages ("case file"). UnreadableFile or UnreadableYaml when it is not YAML at all."""
    if len(given) > SIZE_LIMIT:
        raise UnreadableFile(f"This {what} is larger than 20 MB. Split it into several.")
    try:
        text = given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = given[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"This {what} is not in UTF-8 (line {line}). Save it again as UTF-8 text.") from error
    composer = _Composer(yaml.parse(_NOT_YAML.sub(_STAND_IN, text), Loader=_LOADER), what)
    try:
        value, spot = composer.document()
    except yaml.YAMLError as error:
        raise UnreadableYaml((_not_yaml(error, what),)) from error
    return PlainYaml(value, spot, tuple(composer.mistakes))


def path_of(pointer: str) -> str:
    """A JSON pointer as people write it: /referrals/2/links/0/to is referrals[2].links[0].to. Odd keys are shown shortened."""
    path = ""
    for part in pointer.split("/")[1:]:
        for step in part.replace("~1", "/").replace("~0", "~").split("/"):
            if step.isdigit():
                path += f"[{step}]"
            else:
                path += ("." if path else "") + re.sub(r"[^\w .-]", "?", step)[:60]
    return path


def _not_yaml(error: yaml.YAMLError, what: str) -> FileMistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else None
    hint = "check the spaces at the start of this line and the one before, and put text that holds a colon in quotes"
    return FileMistake("", line, "not-yaml", f"This {what} is not YAML here: {hint}.")


class _Composer:
    """Makes plain values out of the events of one document."""

    def __init__(self, events: Iterator[Any], what: str) -> None:
        self._events = events
        self._what = what
        self._anchors: dict[str, tuple[Any, Spot]] = {}
        self.mistakes: list[FileMistake] = []

    def document(self) -> tuple[Any, Spot]:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise UnreadableFile(f"This {self._what} is empty.")
        value, spot = self._node(next(self._events), "", 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._wrong(
                "", after.start_mark.line + 1, "second-document", "Take out the line --- and what follows: one file, one case."
            )
        return value, spot

    def _wrong(self, pointer: str, line: int, code: str, detail: str) -> None:
        self.mistakes.append(FileMistake(path_of(pointer), line, code, detail))

    def _node(self, event: Any, pointer: str, depth: int) -> tuple[Any, Spot]:
        line = event.start_mark.line + 1
        if depth > DEPTH_LIMIT:
            raise UnreadableFile(f"This {self._what} is nested too deeply (line {line}). Nothing in the format goes so deep.")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, pointer, line)
        if isinstance(event, yaml.ScalarEvent):
            made = self._scalar(event, pointer, line), Spot(line)
        else:
            self._check_tag(event, pointer, line)
            made = (
                self._list(pointer, depth, line)
                if isinstance(event, yaml.SequenceStartEvent)
                else self._mapping(pointer, depth, line)
            )
        if event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _alias(self, event: Any, pointer: str, line: int) -> tuple[Any, Spot]:
        if event.anchor in self._anchors:
            return self._anchors[event.anchor]
        self._wrong(pointer, line, "unknown-anchor", "This repeats something that stands nowhere before it. Write it out.")
        return None, Spot(line)

    def _check_tag(self, event: Any, pointer: str, line: int) -> None:
        if not event.implicit and event.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self._wrong(pointer, line, "tag", "Take out the word that starts with an exclamation mark.")

    def _scalar(self, event: Any, pointer: str, line: int) -> Any:
        plain, quoted = event.implicit
        if plain:
            return _plain_value(event.value)
        if not quoted and event.tag not in _TEXT_TAGS:
            self._wrong(pointer, line, "tag", "Take out the word that starts with an exclamation mark.")
        return event.value

    def _list(self, pointer: str, depth: int, line: int) -> tuple[list[Any], Spot]:
        found: list[Any] = []
        spot = Spot(line)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            part = str(len(found))
            value, inner = self._node(event, f"{pointer}/{part}", depth + 1)
            found.append(value)
            self._add(spot, part, inner)
        return found, spot

    def _mapping(self, pointer: str, depth: int, line: int) -> tuple[dict[str, Any], Spot]:
        found: dict[str, Any] = {}
        spot = Spot(line)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, pointer, depth)
            part = pointer_part(key)
            value, inner = self._node(next(self._events), f"{pointer}/{part}", depth + 1)
            if key in found:
                where = event.start_mark.line + 1
                self._wrong(f"{pointer}/{part}", where, "twice", "This stands twice in the same place. Keep one of the two.")
                continue
            found[key] = value
            self._add(spot, part, inner)
        return found, spot

    def _key(self, event: Any, pointer: str, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self._node(event, pointer, depth + 1)
        self._wrong(pointer, event.start_mark.line + 1, "not-a-name", "Write the name of a field before the colon.")
        return ""

    def _add(self, spot: Spot, part: str, inner: Spot) -> None:
        spot.parts[part] = inner
        spot.holds += inner.holds
        if spot.holds > VALUE_LIMIT:
            raise UnreadableFile(f"This {self._what} holds too much. Split it into several.")


def _plain_value(text: str) -> Any:
    """What a value without quotes is. Only true and false are yes and no, and only figures are numbers: all else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else text
