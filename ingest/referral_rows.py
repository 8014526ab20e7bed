"""Rows become referrals: those with one reference are one referral, about one young person or about its first place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forum.assertion_drafts import wrong_ends
from forum.code_lists import is_code
from forum.errors import Mistake
from graph.assertions import KIND_BY_CODE
from graph.contexts import CONTEXT_TYPES
from graph.people import UnnamedPeople, YoungPerson
from ingest.cells import PlaceCells, RowCells, RowReader
from ingest.columns import PERSON, REQUIRED, Columns
from ingest.report import RejectedRow
from ingest.row_referrals import PlaceName, PlaceTie, RowReferral, of_agency
from ingest.tables import Table

_ONLINE_KINDS = frozenset({"social_platform", "game", "group_chat"})
_HEADER = (*REQUIRED, "narrative")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """Everything a table holds: the referrals in order of their first rows, what is wrong, and what is worth a look."""

    referrals: tuple[RowReferral, ...]
    rejected: tuple[RejectedRow, ...]
    notices: tuple[RejectedRow, ...]


def read_referral_rows(table: Table, columns: Columns) -> RowsRead:
    """Reads a whole table and answers with everything that is wrong in it, in the order of the file."""
    reader = RowReader(columns)
    notices: list[RejectedRow] = []
    groups = _grouped(reader, table)
    made = [referral for group in _released(groups) if (referral := _Group(reader, group, notices).referral()) is not None]
    made = list(_one_person_a_number(made, columns, notices))
    rejected = sorted((*table.rejected, *reader.rejected), key=lambda wrong: wrong.row)
    return RowsRead(referrals=tuple(made), rejected=tuple(rejected), notices=tuple(sorted(notices, key=lambda row: row.row)))


def _grouped(reader: RowReader, table: Table) -> list[list[RowCells]]:
    """The rows of each referral, in order of first rows. A row that leaves the agency blank has that of the row before it
    with the same reference."""
    groups: dict[tuple[str, str], list[RowCells]] = {}
    agencies: dict[str, str] = {}
    for row in table.rows:
        cells = reader.read(row)
        reference = cells.said.get("referral")
        if reference is None:
            if not cells.whole:
                continue
            missing = "Write your own reference of the referral: it says which rows belong together."
            reader.reject(row.number, row.line, [Mistake("/referral", "missing", missing)])
            continue
        agency = cells.said.get("referrer_agency") or agencies.get(reference, "")
        agencies[reference] = agency
        groups.setdefault((agency, reference), []).append(cells)
    return list(groups.values())


def _released(groups: list[list[RowCells]]) -> Iterator[list[RowCells]]:
    """Each group in order, let go of once it is read: a large file is not kept twice."""
    groups.reverse()
    while groups:
        yield groups.pop()


class _Group:
    """The rows of one referral on their way to a draft."""

    def __init__(self, reader: RowReader, rows: Sequence[RowCells], notices: list[RejectedRow]) -> None:
        self.reader = reader
        self.rows = rows
        self.notices = notices
        self.whole = self.cells_right = all(row.whole for row in rows)

    def wrong(self, row: RowCells, column: str, code: str, detail: str) -> None:
        self.whole = False
        self.reader.reject(row.number, row.line, [Mistake(f"/{column}", code, detail)])

    def referral(self) -> RowReferral | None:
        """The referral; None when its rows do not fit together, which is then said in the report."""
        header, person = self._agreed(_HEADER), self._agreed(PERSON)
        first = self.rows[0]
        for column in REQUIRED:
            if column not in header and self.cells_right:
                self.wrong(first, column, "missing", "Write something here: it is needed.")
        born, received = person.get("date_of_birth"), header.get("received")
        if born and received and born > received:
            self.wrong(first, "date_of_birth", "after-received", "This is after the day the referral was received. Check both.")
        places = list(self._places(bool(person)))
        if not person and not places and self.cells_right:
            self.wrong(first, "young_person", "missing", "Say who it is about (a number or a name), or where (place_1).")
        if not self.whole:
            return None
        return self._made(header, person, places)

    def _agreed(self, columns: Sequence[str]) -> dict[str, Any]:
        """What the rows say together: blank cells say nothing, and two rows of one referral may not differ."""
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for row in self.rows:
            for column in columns:
                said = row.said.get(column)
                if said is None:
                    continue
                if column not in found:
                    found[column], lines[column] = said, row.line
                elif not _same(found[column], said):
                    detail = f"Line {lines[column]} of the same referral says something else. Write the same, or leave it blank."
                    self.wrong(row, column, "differs", detail)
        return found

    def _places(self, named: bool) -> Iterator[tuple[RowCells, PlaceCells, PlaceName]]:
        """The places with the rows they stand in; each tie is checked against the kind of place."""
        source = YoungPerson.KIND if named else UnnamedPeople.KIND
        for row in self.rows:
            for place in row.places:
                name = place_name(place)
                if place.rel and wrong_ends(KIND_BY_CODE[place.rel], source, name.kind):
                    detail = (
                        "This cannot tie a young person to this kind of place. Write a code such as harmed_at or spends_time_at."
                    )
                    self.wrong(row, f"place_{place.number}_rel", "wrong-end", detail)
                yield row, place, name

    def _made(
        self, header: dict[str, Any], person: dict[str, Any], places: list[tuple[RowCells, PlaceCells, PlaceName]]
    ) -> RowReferral:
        first = self.rows[0]
        names = tuple(dict.fromkeys(name for _, _, name in places))
        self._note_untied(places, subject=None if person else names[0])
        ties = (PlaceTie(names.index(name), cells.rel, cells.reliability, cells.day) for _, cells, name in places if cells.rel)
        named, number = bool(person), person.pop("young_person", None)
        return RowReferral(
            row=first.number, line=first.line, rows=len(self.rows), header=header, person=person if named else None,
            agency_number=of_agency(header["referrer_agency"], number) if number else None, places=names,
            ties=tuple(dict.fromkeys(ties)),
        )  # fmt: skip

    def _note_untied(self, places: Sequence[tuple[RowCells, PlaceCells, PlaceName]], *, subject: PlaceName | None) -> None:
        for row, place, name in places:
            if place.rel is None and name != subject:
                column = self.reader.columns.name_of(f"place_{place.number}_rel")
                detail = "Blank, so the place is kept and nothing is said of it. Fill it in to say how they are tied."
                self.notices.append(RejectedRow(row.number, row.line, column, "untied", detail))


def place_name(place: PlaceCells) -> PlaceName:
    """Which place it is. A kind of place is a location, the online ones apart; without a kind it is a location too."""
    if place.kind is None:
        return PlaceName(CONTEXT_TYPES["location"].KIND, None, place.label)
    if is_code("CTX_TYPE", place.kind):
        return PlaceName(CONTEXT_TYPES[place.kind].KIND, None, place.label)
    context_type = "online" if place.kind in _ONLINE_KINDS else "location"
    return PlaceName(CONTEXT_TYPES[context_type].KIND, place.kind, place.label)


def _same(one: Any, other: Any) -> bool:
    """Whether two cells say the same; the order of several codes does not count."""
    return set(one) == set(other) if isinstance(one, tuple) else bool(one == other)


def _one_person_a_number(referrals: Sequence[RowReferral], columns: Columns, notices: list[RejectedRow]) -> Iterator[RowReferral]:
    """The same referrals, each with all that the table says of its young person's number. Where rows differ, the first counts."""
    said: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for referral in referrals:
        if referral.agency_number is None or referral.person is None:
            continue
        line = first.setdefault(referral.agency_number, referral.line)
        known = said.setdefault(referral.agency_number, {})
        if any(known.setdefault(name, value) != value for name, value in referral.person.items()):
            detail = f"Line {line} says something else of the same young person. What stood there first was kept."
            notices.append(RejectedRow(referral.row, referral.line, columns.name_of("young_person"), "differs", detail))
    for referral in referrals:
        if referral.agency_number is not None and referral.person is not None:
            yield replace(referral, person=said[referral.agency_number])
        else:
            yield referral
