"""A CSV file is read inside its limits, and what cannot be read says what to do."""

import io
import zipfile
from pathlib import Path

import pytest

from ingest.errors import TooManyRows, UnreadableFile
from ingest.tables import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, SIZE_LIMIT, read_table


def test_rows_know_their_number_and_the_line_they_begin_on() -> None:
    table = read_table(b'a,b\r\n1,"two\r\nlines, and a comma"\r\n\r\n,\r\n3,4\n')
    assert table.columns == ("a", "b")
    assert [(row.number, row.line, row.cells) for row in table.rows] == [
        (1, 2, ("1", "two\r\nlines, and a comma")),
        (2, 6, ("3", "4")),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_ending_and_a_byte_order_mark_are_fine(newline: str) -> None:
    table = read_table(b"\xef\xbb\xbf" + newline.join(("a,b", "1,2", "3,4")).encode())
    assert table.columns == ("a", "b")
    assert [row.line for row in table.rows] == [2, 3]


def test_a_quotation_mark_inside_a_cell_is_written_twice() -> None:
    assert read_table(b'a\n"he said ""no"""\n').rows[0].cells == ('he said "no"',)


def a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b" \n\n", "is empty"),
        (b",,\n", "is empty"),
        (b"a,b\n", "a header and nothing below"),
        (b"a;b;c\n1;2;3\n", "semicolons"),
        (b"a\tb\n1\t2\n", "tabs"),
        ("a,b\n1,caf\u00e9\n".encode("latin-1"), "not in UTF-8: line 2"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (a_workbook(), "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "packed"),
        (b'a,b\n1,"never closed\n2,3\n', "line 2 cannot be read"),
        (b'a,b\n1,"x"y\n', "line 2 cannot be read"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "line 2 cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read_table(data)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_table(tmp_path / "none.csv")


def test_a_row_with_too_few_or_too_many_cells_is_rejected_by_itself() -> None:
    table = read_table(b"a,b\n1\n2,3\n4,5,6\n")
    assert [row.cells for row in table.rows] == [("2", "3")]
    assert [(wrong.row, wrong.line, wrong.code) for wrong in table.rejected] == [(1, 2, "wrong-length"), (3, 4, "wrong-length")]


def test_a_cell_has_a_size() -> None:
    fits, over = "\u00e9" * (CELL_LIMIT // 2), "\u00e9" * (CELL_LIMIT // 2) + "x"
    table = read_table(f"a,b\n1,{fits}\n2,{over}\n".encode())
    assert [row.number for row in table.rows] == [1]
    assert [(wrong.row, wrong.column, wrong.code) for wrong in table.rejected] == [(2, "b", "too-long")]


def test_a_table_has_a_width() -> None:
    row = b",".join([b"x"] * COLUMN_LIMIT)
    assert len(read_table(row + b"\n" + row).columns) == COLUMN_LIMIT
    with pytest.raises(UnreadableFile, match="65 columns"):
        read_table(row + b",x\n" + row + b",x")


def test_a_table_has_a_length() -> None:
    rows = b"1\n" * ROW_LIMIT
    assert len(read_table(b"a\n" + rows).rows) == ROW_LIMIT
    with pytest.raises(TooManyRows, match="200,001 rows"):
        read_table(b"a\n" + rows + b"2\n")


def test_beyond_the_rows_allowed_the_sentence_says_how_to_split() -> None:
    assert len(read_table(b"a\n1\n2\n", most_rows=2).rows) == 2
    with pytest.raises(TooManyRows, match=r"5 rows; at most 2 .* into 3 files of at most 2 rows, each with the header row"):
        read_table(b"a\n1\n2\n3\n4\n5\n", most_rows=2)


def test_a_file_has_a_size(tmp_path: Path) -> None:
    cell = b"x" * 8000 + b"\n"
    data = b"a\n" + cell * (SIZE_LIMIT // len(cell) - 1)
    data += b"y" * (SIZE_LIMIT - len(data) - 1) + b"\n"
    assert len(data) == SIZE_LIMIT
    assert read_table(data).rows
    for given in (data + b"z", tmp_path / "large.csv"):
        if isinstance(given, Path):
            given.write_bytes(data + b"z")
        with pytest.raises(UnreadableFile, match="20 MB"):
            read_table(given)


def test_the_digest_is_of_the_bytes() -> None:
    assert read_table(b"a\n1\n").digest == read_table(b"a\n1\n").digest != read_table(b"a\n1\n\n").digest
