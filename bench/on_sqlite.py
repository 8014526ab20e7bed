"""Bars 8 and 10 on the embedded store, each against the raw driver on the same rows."""

import json
import marshal
import secrets
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import apsw

from bench.kept_borough import (
    ACTOR,
    EVERYTHING,
    KINDS,
    MADE_TEXT,
    NEW_STORE,
    TODAY,
    KeptBorough,
    body_text,
    change_of,
    export_chunks,
)
from bench.measuring import Bench, Row
from forum.linked_referrals import find_linked_referrals
from graph.analysis import Network
from graph.projection import Projection
from graph.records import RecordId
from graph.store import open_store
from graph.store.boundary import Store

BATCH = 2_000
ASKED = 200
SCHEMA = Path(__file__).parent.parent / "graph" / "store" / "migrations" / "0001_records" / "sqlite.sql"

RECORD = "INSERT INTO record VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, NULL, ?)"
CITATION = "INSERT INTO citation VALUES (?, ?, ?)"
CHANGE = "INSERT INTO change VALUES (?, ?, ?, ?, 1, ?, ?, ?)"

# The linking rule as one statement over the store's own tables: who else holds harm where this referral does.
LINKED = """
SELECT DISTINCT o.stated_in, o.target
FROM citation AS mine
JOIN record AS a ON a.id = mine.record AND a.kind = 'Assertion'
JOIN record AS o ON o.target = a.target AND o.stated_in IS NOT NULL AND o.stated_in <> :referral
WHERE mine.cited = :referral AND mine.field = 'stated_in'
  AND a.body ->> '$.says' IN ('harmed_at', 'feels_unsafe_at') AND o.body ->> '$.says' IN ('harmed_at', 'feels_unsafe_at')
  AND a.body ->> '$.standings[#-1].standing' = 'current' AND o.body ->> '$.standings[#-1].standing' = 'current'
  AND a.review_on >= :today AND o.review_on >= :today
"""


def raw_connection(path: Path) -> "apsw.Connection":
    """A connection as durable as the store's own."""
    connection = apsw.Connection(str(path))
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def write_files(kept: KeptBorough, export: Path, rows: Path) -> None:
    """The same borough twice on disk: as an export, and as rows in batches that a raw driver takes as they are."""
    with export.open("w", encoding="utf-8") as file:
        for chunk in export_chunks(kept):
            file.writelines(f"{line}\n" for line in chunk)
    with rows.open("wb") as file:
        for statement, batch in _batches(kept):
            marshal.dump((statement, batch), file)


def _batches(kept: KeptBorough) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for statement, rows in ((RECORD, _records(kept)), (CITATION, _citations(kept)), (CHANGE, _changes(kept))):
        while batch := list(islice(rows, BATCH)):
            yield statement, batch


def _records(kept: KeptBorough) -> Iterator[tuple[Any, ...]]:
    for row in kept.rows():
        ends = [row.body.get(end) for end in ("source", "target", "stated_in")]
        yield row.id, row.body["forum"], row.kind, "panel_item", row.body["review_on"], *ends, body_text(row.body)


def _citations(kept: KeptBorough) -> Iterator[tuple[Any, ...]]:
    for row in kept.rows():
        for field, cited in row.cites:
            yield row.id, field, cited


def _changes(kept: KeptBorough) -> Iterator[tuple[Any, ...]]:
    for place, row in enumerate(kept.rows()):
        change = change_of(place, row)
        yield change["revision"], change["position"], row.id, row.kind, MADE_TEXT, ACTOR, body_text(row.body)


def lines_of(export: Path) -> Iterator[Sequence[str]]:
    """The lines of an export file in chunks, as `kith restore` reads them."""
    with export.open(encoding="utf-8") as file:
        while chunk := [line.rstrip("\n") for line in islice(file, BATCH)]:
            yield chunk


def batches_of(rows: Path) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    with rows.open("rb") as file:
        while True:
            try:
                yield marshal.load(file)
            except EOFError:
                return


def restored(export: Path, path: Path) -> Store:
    store = open_store(f"sqlite:///{path}", KINDS, making=NEW_STORE)
    store.restore(lines_of(export))
    return store


def loaded_raw(rows: Path, path: Path) -> "apsw.Connection":
    connection = raw_connection(path)
    connection.execute(SCHEMA.read_text("utf-8"))
    for statement, batch in batches_of(rows):
        with connection:
            connection.executemany(statement, batch)
    return connection


def bulk_load(bench: Bench, kept: KeptBorough, folder: Path, *, rounds: int) -> Path:
    """Bar 10 on SQLite. Gives back the path of a loaded store, for what comes next."""
    export, rows = folder / "export.jsonl", folder / "rows.bin"
    write_files(kept, export, rows)
    bench.step("files written")
    made: list[Path] = []

    def fresh(name: str) -> Path:
        made.append(folder / f"{name}-{secrets.token_hex(4)}.db")
        return made[-1]

    def ours() -> None:
        restored(export, fresh("ours")).close()

    def raw() -> None:
        loaded_raw(rows, fresh("raw")).close()

    taken = bench.take_turns({"ours": ours, "raw": raw}, clock=time.perf_counter, rounds=rounds)
    loaded, rival = (next(path for path in made if path.name.startswith(name)) for name in ("ours", "raw"))
    _assert_equal_rows(loaded, rival)
    ratio = taken["ours"] / taken["raw"]
    detail = f"{taken['ours']:.1f} s against {taken['raw']:.1f} s, same rows, journal included"
    bench.rows.append(
        Row(10, "bulk load into SQLite by restore", kept.borough.size.name, "raw apsw", ratio, "≤ 3", ratio <= 3, detail)
    )
    bench.step("bulk load")
    for path in made:
        if path != loaded:
            for part in folder.glob(f"{path.name}*"):
                part.unlink()
    return loaded


def _assert_equal_rows(one: Path, other: Path) -> None:
    counts = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM citation), (SELECT count(*) FROM change)"
    some = "SELECT id, kind, source, target, stated_in, body FROM record ORDER BY id LIMIT 500"
    first, second = (apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY) for path in (one, other))
    assert first.execute(counts).fetchall() == second.execute(counts).fetchall()
    ours, raw = first.execute(some).fetchall(), second.execute(some).fetchall()
    assert [(*row[:-1], json.loads(str(row[-1]))) for row in ours] == [(*row[:-1], json.loads(str(row[-1]))) for row in raw]
    first.close()
    second.close()


def _time_both(bench: Bench, network: Network, connection: apsw.Connection, asked: list[RecordId]) -> dict[str, list[float]]:
    """Seconds for each referral asked about, ours and the raw statement's, turn by turn."""
    times: dict[str, list[float]] = {"ours": [], "raw": []}
    for _ in range(bench.rounds):
        for referral in asked:
            began = time.perf_counter()
            find_linked_referrals(network, on=TODAY, about=referral)
            middle = time.perf_counter()
            connection.execute(LINKED, {"referral": referral, "today": TODAY.isoformat()}).fetchall()
            times["ours"].append(middle - began)
            times["raw"].append(time.perf_counter() - middle)
    return times


def linked_referrals(bench: Bench, kept: KeptBorough, path: Path) -> None:
    """Bar 8: one referral's links through the projection against one statement on the raw driver, answers equal first."""
    store = open_store(f"sqlite:///{path}", KINDS)
    projection = Projection(KINDS)
    began = time.perf_counter()
    projection.catch_up(store)
    followed = time.perf_counter() - began
    network = projection.within(EVERYTHING)
    built = time.perf_counter() - began - followed
    bench.step("projection warm")

    connection = raw_connection(path)
    asked = [RecordId(one) for one in kept.referrals[:: max(1, len(kept.referrals) // ASKED)]][:ASKED]
    for referral in asked:
        found = {(*pair.referrals, pair.context) for pair in find_linked_referrals(network, on=TODAY, about=referral)}
        rows = connection.execute(LINKED, {"referral": referral, "today": TODAY.isoformat()}).fetchall()
        assert found == {(*sorted((referral, str(other))), str(context)) for other, context in rows}, "the answers differ"

    times = _time_both(bench, network, connection, asked)
    ours, raw = (statistics.median(times[name]) for name in ("ours", "raw"))
    p95 = statistics.quantiles(times["ours"], n=20)[-1]
    detail = (
        f"median {ours * 1000:.2f} ms against {raw * 1000:.2f} ms, p95 {p95 * 1000:.1f} ms; "
        f"followed in {followed:.1f} s, network in {built:.1f} s"
    )
    bench.rows.append(
        Row(
            8,
            "linked referrals for one referral",
            kept.borough.size.name,
            "raw statement",
            ours / raw,
            "≤ 5",
            ours / raw <= 5,
            detail,
        )
    )
    bench.step("linked referrals")
    connection.close()
    store.close()
