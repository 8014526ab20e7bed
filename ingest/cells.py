"""One row of a table of referrals, cell by cell: what each holds, or what is wrong with it and how to mend it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any

from forum.code_lists import is_code
from forum.errors import Mistake
from forum.given import Given
from ingest.columns import LISTS_OF, PLACES, Columns, folded
from ingest.report import RejectedRow
from ingest.tables import Row

_BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_OUTER_CONTROL = re.compile("^[\t\r\n]|[\t\r\n]$")
_TEXTS = ("referral", "referrer_role", "young_person", "given_name", "family_name", "known_as", "postcode")
_DAY_DETAIL = "Write a day of the calendar as 2026-11-21 or 21/11/2026."
_EARLIEST = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCells:
    """What one row says of one place; `number` is 1, 2 or 3."""

    number: int
    label: str
    kind: str | None
    rel: str | None
    reliability: str | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCells:
    """One row read: `said` holds what its cells say by our column (blank ones absent), and its places in order.

    `whole` is false where a cell was wrong; that cell is absent too, and is in the report.
    """

    number: int
    line: int
    whole: bool
    said: Mapping[str, Any]
    places: tuple[PlaceCells, ...]


class RowReader:
    """Reads rows of one table with the same columns. `rejected` gathers what is wrong, under the file's own column names."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.rejected: list[RejectedRow] = []

    def read(self, row: Row) -> RowCells:
        """The row's cells. What is wrong with any of them is added to `rejected`."""
        values = self._values(row)
        mistakes: list[Mistake] = []
        given = Given(values, "", mistakes)
        said = self._said(given, values)
        names = (f"place_{number}" for number in PLACES)
        there = (name for name in names if name in values or f"{name}_rel" in values)
        places = tuple(place for name in there if (place := self._place(given, name)) is not None)
        self.reject(row.number, row.line, mistakes)
        return RowCells(number=row.number, line=row.line, whole=not mistakes, said=said, places=places)

    def reject(self, number: int, line: int, mistakes: list[Mistake]) -> None:
        """Mistakes whose pointers are our columns, as rows to mend under the columns of the file."""
        for mistake in mistakes:
            ours = mistake.pointer.split("/")[1]
            detail = mistake.detail
            if mistake.code == "unknown-code":
                detail += " Or say in a mapping file (words) which code your word stands for."
            self.rejected.append(RejectedRow(number, line, self.columns.name_of(ours), mistake.code, detail))

    def _values(self, row: Row) -> dict[str, str]:
        """The cells that are not blank, by our column, with their words turned into our codes."""
        values = dict(self.columns.fixed)
        for ours, index in self.columns.where.items():
            cell = row.cells[index]
            if cell and cell.strip(" "):
                values[ours] = cell
        for ours, words in self.columns.words.items():
            if ours in values:
                parts = values[ours].split(";") if ours == "efh_types" else [values[ours]]
                values[ours] = ";".join(words.get(folded(part), part) for part in parts)
        return values

    def _said(self, given: Given, values: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {name: _text(given, name) for name in _TEXTS if name in values}
        found |= {name: _day(given, name) for name in ("received", "date_of_birth") if name in values}
        found |= {name: _code(given, name) for name in ("kind", "referrer_agency") if name in values}
        if "narrative" in values:
            found["narrative"] = given.text("narrative", long=True)
        if "efh_types" in values:
            found["efh_types"] = _types(given)
        return {name: value for name, value in found.items() if value not in (None, "", ())}

    def _place(self, given: Given, name: str) -> PlaceCells | None:
        parts = {part: f"{name}_{part}" for part in ("kind", "rel", "reliability", "date")}
        label = _text(given, name) if given.has(name) else None
        codes = {part: _code(given, parts[part]) for part in ("kind", "rel", "reliability")}
        day = _day(given, parts["date"])
        if label:
            return PlaceCells(number=int(name[-1]), label=label, day=day, **codes)
        if given.has(parts["rel"]) and parts["rel"] not in self.columns.fixed and not given.has(name):
            given.wrong(name, "missing", "Write the name of the place, or leave the cells about it blank.")
        return None


def _text(given: Given, name: str) -> str | None:
    """One line of text, exactly as it stands apart from NFC and outer spaces. A cell that begins with =, + or @ is text."""
    if _OUTER_CONTROL.search(given.value[name].strip(" ")):
        given.take(name)
        given.wrong(name, "control-character", "This begins or ends with a tab or a line break. Take it out.")
        return None
    return given.text(name)


def _day(given: Given, name: str) -> date | None:
    value = given.take(name)
    if value is None:
        return None
    text = value.strip()
    if british := _BRITISH_DAY.match(text):
        text = f"{british[3]}-{british[2]:0>2}-{british[1]:0>2}"
    inner = Given({name: text}, "", [])
    found = inner.day(name)
    if found is None or found.year < _EARLIEST:
        given.wrong(name, "not-a-day", _DAY_DETAIL)
        return None
    return found


def _code(given: Given, name: str) -> str | None:
    value = given.take(name)
    if value is None:
        return None
    return _one_code(given, name, value)


def _one_code(given: Given, name: str, value: str) -> str | None:
    lists = LISTS_OF[name]
    code = value.strip()
    if any(is_code(one, code) for one in lists):
        return intern(code)  # a large file holds the same few codes again and again
    given.wrong(name, "unknown-code", f"Write a code of the list {' or '.join(lists)}.")
    return None


def _types(given: Given) -> tuple[str, ...]:
    parts = [part for part in given.take("efh_types").split(";") if part.strip()]
    before = len(given.mistakes)
    found = tuple(dict.fromkeys(code for part in parts if (code := _one_code(given, "efh_types", part))))
    given.mistakes[before:] = given.mistakes[before : before + 1]
    return found
