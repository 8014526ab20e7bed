"""Rows become referrals: those with one reference are one referral, about one young person or about its first place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forum.assertion_drafts import wrong_ends
from forum.code_lists import is_code
from forum.context_drafts import ContextDraft, read_context
from forum.errors import Mistake
from forum.given import Given
from forum.person_drafts import PersonDraft
from forum.referral_drafts import ReferralDraft, read_referral_draft
from graph.assertions import KIND_BY_CODE
from graph.contexts import CONTEXT_TYPES
from graph.people import UnnamedPeople, YoungPerson
from ingest.cells import PlaceCells, RowCells, RowReader
from ingest.columns import PERSON, REQUIRED, Columns
from ingest.report import RejectedRow
from ingest.tables import Table

WHO, UNNAMED = "who", "unnamed"
_ONLINE_KINDS = frozenset({"social_platform", "game", "group_chat"})
_HEADER = (*REQUIRED, "narrative")
_DEFAULT_RELIABILITY = "told_by_other_professional"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name and kind is one place: the kind of record, the kind of place (None where nothing is known), and the label."""

    kind: str
    place_kind: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReferral:
    """One referral out of one or several rows. In `draft` the young person stands as `who`, a place as `place 0`, `place 1` …

    `agency_reference` and `agency_number` are made of the agency and its own reference or number: two agencies' equal ones
    are two.
    """

    row: int
    line: int
    rows: int
    reference: str
    agency_reference: str
    draft: ReferralDraft
    person: PersonDraft | None
    agency_number: str | None
    places: tuple[tuple[PlaceName, ContextDraft], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """Everything a table holds: the referrals in order of their first rows, what is wrong, and what is worth a look."""

    referrals: tuple[RowReferral, ...]
    rejected: tuple[RejectedRow, ...]
    notices: tuple[RejectedRow, ...]


def of_agency(agency: str, own: str) -> str:
    """An agency's own reference or number, told apart from another agency's equal one."""
    return f"{agency} {own}"


def read_referral_rows(table: Table, columns: Columns) -> RowsRead:
    """Reads a whole table and answers with everything that is wrong in it, in the order of the file."""
    reader = RowReader(columns)
    notices: list[RejectedRow] = []
    groups = _grouped(reader, table)
    made = [referral for group in groups if (referral := _Group(reader, group, notices).referral()) is not None]
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
        self, header: Mapping[str, Any], person: dict[str, Any], places: list[tuple[RowCells, PlaceCells, PlaceName]]
    ) -> RowReferral | None:
        first, agency = self.rows[0], header["referrer_agency"]
        names = list(dict.fromkeys(name for _, _, name in places))
        self._note_untied(places, subject=None if person else names[0])
        draft, mistakes = read_referral_draft(_as_given(header, bool(person), places, names))
        for mistake in mistakes:
            self.wrong(first, _COLUMN_OF.get(mistake.pointer.split("/")[1], "referral"), mistake.code, mistake.detail)
        if draft is None:
            return None
        number = person.pop("young_person", None)
        return RowReferral(
            row=first.number, line=first.line, rows=len(self.rows), reference=header["referral"],
            agency_reference=of_agency(agency, header["referral"]), draft=draft,
            person=_person(person) if person or number else None,
            agency_number=of_agency(agency, number) if number else None,
            places=tuple((name, _context(name)) for name in names),
        )  # fmt: skip

    def _note_untied(self, places: Sequence[tuple[RowCells, PlaceCells, PlaceName]], *, subject: PlaceName | None) -> None:
        for row, place, name in places:
            if place.rel is None and name != subject:
                column = self.reader.columns.name_of(f"place_{place.number}_rel")
                detail = "Blank, so the place is kept and nothing is said of it. Fill it in to say how they are tied."
                self.notices.append(RejectedRow(row.number, row.line, column, "untied", detail))


_COLUMN_OF = {
    "id": "referral", "kind": "kind", "received": "received", "referrer": "referrer_role", "efh_types": "efh_types",
    "narrative": "narrative", "subject": "young_person", "links": "place_1",
}  # fmt: skip


def place_name(place: PlaceCells) -> PlaceName:
    """Which place it is. A kind of place is a location, the online ones apart; without a kind it is a location too."""
    if place.kind is None:
        return PlaceName(CONTEXT_TYPES["location"].KIND, None, place.label)
    if is_code("CTX_TYPE", place.kind):
        return PlaceName(CONTEXT_TYPES[place.kind].KIND, None, place.label)
    context_type = "online" if place.kind in _ONLINE_KINDS else "location"
    return PlaceName(CONTEXT_TYPES[context_type].KIND, place.kind, place.label)


def _as_given(
    header: Mapping[str, Any], named: bool, places: Sequence[tuple[RowCells, PlaceCells, PlaceName]], names: Sequence[PlaceName]
) -> dict[str, Any]:
    """The referral in the shape that REST and case files share."""
    links = [_link(header, WHO if named else UNNAMED, names.index(name), place) for _, place, name in places if place.rel]
    unique = list({repr(link): link for link in links}.values())
    return {
        "id": header["referral"],
        "kind": header["kind"],
        "received": header["received"],
        "referrer": {"role": header["referrer_role"], "agency": header["referrer_agency"]},
        "subject": {"people": [WHO] if named else [], "contexts": [] if named else ["place 0"]},
        "efh_types": list(header["efh_types"]),
        "narrative": header.get("narrative"),
        "unnamed": [{"ref": UNNAMED, "size_band": None, "roles": []}] if unique and not named else [],
        "links": unique,
    }


def _link(header: Mapping[str, Any], source: str, place: int, cells: PlaceCells) -> dict[str, Any]:
    return {
        "from": source,
        "rel": cells.rel,
        "to": f"place {place}",
        "provenance": {
            "kind": "reported_by_third_party",
            "source_role": header["referrer_role"],
            "agency": header["referrer_agency"],
            "reliability": cells.reliability or _DEFAULT_RELIABILITY,
            "date_known": cells.day,
            "date_recorded": header["received"],
            "handling": "panel_item",
        },
    }


def _same(one: Any, other: Any) -> bool:
    """Whether two cells say the same; the order of several codes does not count."""
    return set(one) == set(other) if isinstance(one, tuple) else bool(one == other)


def _person(said: Mapping[str, Any]) -> PersonDraft:
    return PersonDraft(at="", kind="young_person", ref=None, fields=dict(said), setting=None)


def _context(name: PlaceName) -> ContextDraft:
    context_type = next(code for code, kind in CONTEXT_TYPES.items() if name.kind == kind.KIND)
    return read_context(Given({"type": context_type, "label": name.label, "place_kind": name.place_kind}, "", []))


def _one_person_a_number(referrals: Sequence[RowReferral], columns: Columns, notices: list[RejectedRow]) -> Iterator[RowReferral]:
    """The same referrals, each with all that the table says of its young person's number. Where rows differ, the first counts."""
    said: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for referral in referrals:
        if referral.agency_number is None or referral.person is None:
            continue
        line = first.setdefault(referral.agency_number, referral.line)
        known = said.setdefault(referral.agency_number, {})
        if any(known.setdefault(name, value) != value for name, value in referral.person.fields.items()):
            detail = f"Line {line} says something else of the same young person. What stood there first was kept."
            notices.append(RejectedRow(referral.row, referral.line, columns.name_of("young_person"), "differs", detail))
    for referral in referrals:
        if referral.agency_number is not None and referral.person is not None:
            yield replace(referral, person=replace(referral.person, fields=said[referral.agency_number]))
        else:
            yield referral
