"""What became of a file can be read by people and by spreadsheets, and holds no cell of the file."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from graph.records import RecordId
from ingest.errors import UnreadableFile
from ingest.load import read_import
from ingest.report import LoadReport, RejectedRow, guarded, report_as_csv, write_ids, write_report
from tests.ingest.rows import a_row, a_table

WRONG = RejectedRow(7, 9, "=HYPERLINK(1)", "unknown-code", "Write a code of the list REF_KIND.")
REPORT = LoadReport(
    rows=12, rejected=(WRONG,), notices=(RejectedRow(1, 2, "place_1_rel", "untied", "Blank."),), unread_columns=("@worker",)
)


def test_the_table_of_the_report_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(report_as_csv(REPORT).removeprefix("\ufeff"))))
    assert rows[0] == ["what", "line", "row", "column", "code", "how to mend it"]
    assert rows[1] == ["to mend", "9", "7", "'=HYPERLINK(1)", "unknown-code", "Write a code of the list REF_KIND."]
    assert rows[3][3] == "'@worker"
    assert rows[-1][-1] == "1 of 12 rows need mending. Nothing was stored."


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "|x", "%x", "\tx", "\rx", "\uff1d1", "  =1"])
def test_a_cell_that_begins_like_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded("x" + cell) == "x" + cell


def test_the_report_is_written_as_the_name_of_the_file_says(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path / "report.json")
    write_report(REPORT, tmp_path / "report.csv")
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert found["rejected"] == [
        {"line": 9, "row": 7, "column": "=HYPERLINK(1)", "code": "unknown-code", "detail": "Write a code of the list REF_KIND."}
    ]
    assert (found["rows"], found["referrals"], found["unread_columns"]) == (12, 0, ["@worker"])
    assert (tmp_path / "report.csv").read_text(encoding="utf-8").startswith('\ufeff"what"')
    assert stat.S_IMODE((tmp_path / "report.csv").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.csv", "report.json"]


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be written"):
        write_report(REPORT, tmp_path / "nowhere" / "report.csv")


def test_ids_are_an_object_from_the_files_own_to_ours(tmp_path: Path) -> None:
    write_ids({"b": RecordId("2"), "a": RecordId("1")}, tmp_path / "ids.json")
    assert json.loads((tmp_path / "ids.json").read_text()) == {"a": "1", "b": "2"}


def test_no_cell_of_the_file_is_in_the_report() -> None:
    found = read_import(a_table(a_row(kind="Mina", known_as="Mina\u202e", received="Mina", efh_types="Mina", place_1_rel="Mina")))
    assert len(found.read.rejected) == 5
    assert "Mina" not in report_as_csv(found.report(dry_run=False))
