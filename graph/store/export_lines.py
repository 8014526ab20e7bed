"""Everything kept, as lines of JSON: the form in which a forum moves from one store to another.

The first line says what store it was; then come all records, all citations, the journal, the write keys, the audit, whom
its entries are about; the last line counts the lines before it and holds their SHA-256. A file cut short, added to or
altered is therefore noticed. Each line is an object with one member that names what it is; a record comes before whatever
cites it, so that a store can keep lines as they come.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph.errors import DamagedExport, StoreRefused
from graph.periods import moment_text, read_moment
from graph.records import ForumId
from graph.store.boundary import NewStore, StoreFacts

FORMAT = "kith-export/1"
IN_A_CHUNK = 2000
ORDER = ("record", "citation", "change", "key", "audit", "about")

Values = dict[str, Any]


def line_of(name: str, values: Mapping[str, Any]) -> str:
    """One line: what it is, and its values, which are JSON-ready."""
    return json.dumps({name: values}, ensure_ascii=False, separators=(",", ":"))


def body_line(name: str, values: Mapping[str, Any], body: str | None) -> str:
    """The line of something with a body that is JSON already. `values` is not empty."""
    start = json.dumps({name: values}, ensure_ascii=False, separators=(",", ":"))
    return f'{start[:-2]},"body":{body or "null"}}}}}'


def in_chunks(facts: StoreFacts, lines: Iterable[str]) -> Iterator[Sequence[str]]:
    """The whole export of a store from its lines in order: the header and the closing line are added here."""
    digest, count, chunk = hashlib.sha256(), 0, [_header(facts)]
    for line in lines:
        chunk.append(line)
        if len(chunk) >= IN_A_CHUNK:
            _add(digest, chunk)
            count += len(chunk)
            yield chunk
            chunk = []
    _add(digest, chunk)
    count += len(chunk)
    yield [*chunk, line_of("end", {"lines": count, "sha256": digest.hexdigest()})]


def _header(facts: StoreFacts) -> str:
    lives_until = moment_text(facts.lives_until) if facts.lives_until else None
    values = {"format": FORMAT, "forum": facts.forum, "evaluation": facts.evaluation, "schema": facts.schema}
    return line_of("kith", {**values, "made_at": moment_text(facts.made_at), "lives_until": lives_until})


def _add(digest: Any, lines: Iterable[str]) -> None:
    digest.update("".join(f"{line}\n" for line in lines).encode("utf-8"))


class ExportReader:
    """Reads an export once, from its start to its verified end. `facts` is there from the beginning.

    DamagedExport as soon as something is wrong: a caller who reads to the end knows that nothing was.
    """

    def __init__(self, chunks: Iterator[Sequence[str]], *, schema: int) -> None:
        self._chunks = iter(chunks)
        self._first = list(next(self._chunks, ()))
        self._digest, self._count, self._place = hashlib.sha256(), 0, 0
        self._end: Values | None = None
        self.facts = _read_header(self._first, schema)

    def batches(self) -> Iterator[tuple[str, list[Values]]]:
        """Runs of lines of one sort, in order, each at most as long as its chunk; the closing line is checked at the end."""
        chunk: Sequence[str] | None = self._first
        while chunk is not None:
            batch: dict[str, list[Values]] = {}
            for text in chunk:
                name, values = self._take(text)
                if name in ORDER:
                    batch.setdefault(name, []).append(values)
            yield from batch.items()
            chunk = next(self._chunks, None)
        if self._end is None:
            raise DamagedExport

    def _take(self, text: str) -> tuple[str, Values]:
        """One line in its place; the last one must say what was read."""
        if self._end is not None:
            raise DamagedExport
        name, values = _read_line(text)
        if name == "end":
            self._end = values
            if values != {"lines": self._count, "sha256": self._digest.hexdigest()}:
                raise DamagedExport
            return name, values
        _add(self._digest, (text,))
        self._count += 1
        if (name == "kith") != (self._count == 1):
            raise DamagedExport
        if name != "kith":
            self._place = _in_order(name, self._place)
        return name, values


def _in_order(name: str, at: int) -> int:
    place = ORDER.index(name) if name in ORDER else -1
    if place < at:
        raise DamagedExport
    return place


def _read_line(text: str) -> tuple[str, Values]:
    try:
        ((name, values),) = json.loads(text).items()
    except (ValueError, AttributeError, RecursionError) as error:
        raise DamagedExport from error
    if not isinstance(values, dict):
        raise DamagedExport
    return name, values


def _read_header(lines: list[str], schema: int) -> NewStore:
    name, values = _read_line(lines[0]) if lines else ("", {})
    if name != "kith" or values.get("format") != FORMAT:
        raise DamagedExport("This is not an export of Kith, or its beginning is missing.")
    try:
        if values["schema"] > schema:
            raise StoreRefused("This export was made by a newer version of Kith. Use that version to restore it.")
        lives_until = values["lives_until"]
        return NewStore(
            forum=ForumId(str(values["forum"])),
            evaluation=bool(values["evaluation"]),
            made_at=read_moment(values["made_at"]),
            lives_until=read_moment(lives_until) if lives_until else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedExport from error
