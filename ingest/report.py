"""What became of a file: what was recorded, which rows are wrong and how to mend them. No cell of the file is repeated."""

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.records import RecordId
from ingest.errors import UnreadableFile

# A spreadsheet takes a cell that begins like this for a formula (full-width forms too).
_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "＝", "＋", "－", "＠", "｜", "％")


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One thing wrong with one row: the row's number, the line it begins on, the column, and how to mend it."""

    row: int
    line: int
    column: str
    code: str
    detail: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What one file brought. `rejected`: nothing was stored while it is not empty. `notices`: stored, and worth a look.

    `ids` leads from the file's own references to record ids. `statements` counts what is said about people and places.
    """

    rows: int
    referrals: int = 0
    already_there: int = 0
    people: int = 0
    places: int = 0
    statements: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    notices: tuple[RejectedRow, ...] = ()
    unread_columns: tuple[str, ...] = ()
    dry_run: bool = False
    ids: Mapping[str, RecordId] = field(default_factory=dict)

    def sentence(self) -> str:
        """What became of the file, in a sentence or two."""
        if self.rejected:
            rows = len({wrong.row for wrong in self.rejected})
            return f"{rows:,} of {self.rows:,} rows need mending. Nothing was stored."
        done = "would be recorded. Nothing was stored: this was a dry run" if self.dry_run else "recorded"
        there = f"; {self.already_there:,} were already there and were left as they are" if self.already_there else ""
        return f"{self.rows:,} rows read: {self.referrals:,} referrals {done}{there}."


def report_as_json(report: LoadReport) -> str:
    """The whole report as JSON, without the ids."""
    counts = {name: getattr(report, name) for name in ("rows", "dry_run", *_COUNTS)}
    findings = {name: [_as_dict(row) for row in getattr(report, name)] for name in ("rejected", "notices")}
    whole = {"summary": report.sentence(), **counts, "unread_columns": list(report.unread_columns), **findings}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


_COUNTS = ("referrals", "already_there", "people", "places", "statements")


def _as_dict(row: RejectedRow) -> dict[str, Any]:
    return {"line": row.line, "row": row.row, "column": row.column, "code": row.code, "detail": row.detail}


def report_as_csv(report: LoadReport) -> str:
    """The report as a table: one line for each thing found, every cell quoted and none a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("what", "line", "row", "column", "code", "how to mend it"))
    for what, rows in (("to mend", report.rejected), ("worth a look", report.notices)):
        for row in rows:
            writer.writerow([guarded(str(cell)) for cell in (what, row.line, row.row, row.column, row.code, row.detail)])
    for column in report.unread_columns:
        writer.writerow([guarded(cell) for cell in ("column not read", "", "", column, "", "")])
    writer.writerow(("summary", "", "", "", "", report.sentence()))
    return "\ufeff" + out.getvalue()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def write_report(report: LoadReport, path: Path) -> None:
    """Writes the report as JSON when the name ends so, else as CSV; whole, or not at all."""
    write_whole(path, report_as_json(report) if path.suffix.lower() == ".json" else report_as_csv(report))


def write_ids(ids: Mapping[str, RecordId], path: Path) -> None:
    """Writes a JSON object from the file's own ids to record ids; whole, or not at all."""
    write_whole(path, json.dumps(dict(sorted(ids.items())), ensure_ascii=False, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Writes beside the file first and renames, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as out:
            out.write(text)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UnreadableFile(
            "The report cannot be written there. Give a folder that exists and that you may write to."
        ) from error
