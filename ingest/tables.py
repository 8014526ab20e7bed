"""Rows of a CSV file with their numbers, inside hard limits. What a cell means is not known here."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.errors import TooManyRows, UnreadableFile
from ingest.report import RejectedRow

SIZE_LIMIT = 20 * 1024 * 1024
ROW_LIMIT = 200_000
COLUMN_LIMIT = 64
CELL_LIMIT = 8 * 1024  # bytes in UTF-8

_NOT_CSV = (
    (b"PK\x03\x04", "This is a workbook, not a CSV file. In the spreadsheet choose Save as: CSV UTF-8 (comma delimited)."),
    (b"\xd0\xcf\x11\xe0", "This is a workbook, not a CSV file. In the spreadsheet choose Save as: CSV UTF-8 (comma delimited)."),
    (b"%PDF", "This is a PDF, not a CSV file. Ask for the table as CSV UTF-8 (comma delimited)."),
    (b"\x1f\x8b", "This file is packed. Unpack it first."),
    (b"\xff\xfe", "This file is in UTF-16. Save it again as CSV UTF-8 (comma delimited)."),
    (b"\xfe\xff", "This file is in UTF-16. Save it again as CSV UTF-8 (comma delimited)."),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header: its number among them, the line of the file it begins on (both from 1), and its cells."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in a file: the header, the rows that are whole, those that are not, and the file's digest."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    rejected: tuple[RejectedRow, ...]
    digest: str


def read_table(given: bytes | Path, *, most_rows: int = ROW_LIMIT) -> Table:
    """Reads a CSV file: UTF-8 (a byte-order mark is fine), commas, a header row. Rows that are blank throughout are skipped.

    UnreadableFile or TooManyRows when the file as a whole cannot be read; a row with too few or too many cells, or a cell
    that is too long, is rejected by itself.
    """
    data = _bytes_of(given)
    text = _text_of(data)
    _check_commas(text)
    records = _records(text)
    columns = _header(records)
    rows: list[Row] = []
    rejected: list[RejectedRow] = []
    count = 0
    for line, cells in records:
        count += 1
        if count > most_rows:
            continue
        wrong = _wrong_with(cells, columns, count, line)
        rejected.extend(wrong)
        if not wrong:
            rows.append(Row(count, line, tuple(cells)))
    if count > most_rows:
        raise TooManyRows(_how_to_split(count, most_rows))
    if not count:
        raise UnreadableFile("This file holds a header and nothing below it. There is nothing to read.")
    return Table(columns, tuple(rows), tuple(rejected), sha256(data).hexdigest())


def _bytes_of(given: bytes | Path) -> bytes:
    if isinstance(given, Path):
        try:
            if given.stat().st_size <= SIZE_LIMIT:
                given = given.read_bytes()
        except OSError as error:
            raise UnreadableFile("The file cannot be opened. Check its name, and that you may read it.") from error
    if isinstance(given, Path) or len(given) > SIZE_LIMIT:
        raise UnreadableFile("This file is larger than 20 MB. Split it into several, each with the header row.")
    if not given.strip():
        raise UnreadableFile("This file is empty.")
    return given


def _text_of(data: bytes) -> str:
    for start, sentence in _NOT_CSV:
        if data.startswith(start):
            raise UnreadableFile(sentence)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"This file is not in UTF-8: line {line} holds a character that cannot be read. "
            "In the spreadsheet choose Save as: CSV UTF-8 (comma delimited)."
        ) from error


def _check_commas(text: str) -> None:
    first = text.lstrip().split("\n", 1)[0]
    if "," in first:
        return
    if ";" in first:
        raise UnreadableFile(
            "The columns are parted by semicolons. Save the file again with commas: CSV UTF-8 (comma delimited)."
        )
    if "\t" in first:
        raise UnreadableFile("The columns are parted by tabs. Save the file again with commas: CSV UTF-8 (comma delimited).")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; those that are blank throughout are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(
                f"The row that begins on line {begins} cannot be read: a quotation mark is not closed, or one stands inside a "
                'cell. Write a quotation mark inside a cell twice ("").'
            ) from error
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _header(records: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    first = next(records, None)
    if first is None:
        raise UnreadableFile("This file is empty.")
    columns = tuple(unicodedata.normalize("NFC", cell).strip() for cell in first[1])
    if len(columns) > COLUMN_LIMIT:
        raise UnreadableFile(f"This file has {len(columns):,} columns; at most {COLUMN_LIMIT} can be read. Take some out.")
    return columns


def _wrong_with(cells: list[str], columns: tuple[str, ...], number: int, line: int) -> list[RejectedRow]:
    if len(cells) != len(columns):
        detail = (
            f"This row has {len(cells)} cells and the header {len(columns)}. Put a cell that holds a comma in quotation marks, "
            "and keep a comma for every blank cell."
        )
        return [RejectedRow(number, line, "", "wrong-length", detail)]
    return [
        RejectedRow(number, line, column, "too-long", f"Write this in at most {CELL_LIMIT:,} bytes.")
        for column, cell in zip(columns, cells, strict=True)
        if len(cell) > CELL_LIMIT // 4 and len(cell.encode("utf-8")) > CELL_LIMIT
    ]


def _how_to_split(count: int, most: int) -> str:
    files = -(-count // most)
    return (
        f"This file has {count:,} rows; at most {most:,} can be read at once. Split it into {files:,} files of at most {most:,} "
        "rows, each with the header row, and keep the rows of one referral together."
    )
