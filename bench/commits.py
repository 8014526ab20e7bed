"""Bar 9: a referral committed to the embedded store against one synced transaction of the same bytes."""

import secrets
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw

from bench.kept_borough import ACTOR, EVERYTHING, KINDS, TODAY, KeptBorough
from bench.measuring import Bench, Row
from bench.on_sqlite import raw_connection
from forum.referral_drafts import read_referral_draft
from forum.referrals import record_referral
from graph.records import RecordId
from graph.store import open_store
from graph.store.boundary import AuditEntry, Store, WriteKey

COMMITS = 60


def committed_referral(bench: Bench, kept: KeptBorough, path: Path, folder: Path) -> None:
    """Bar 9: a referral with ten statements, committed, against one synced transaction of the same bytes."""
    store = open_store(f"sqlite:///{path}", KINDS)
    connection = raw_connection(folder / "raw-commit.db")
    connection.execute("CREATE TABLE kept (place INTEGER PRIMARY KEY, name TEXT, body TEXT) STRICT")
    ours: list[float] = []
    raw: list[float] = []
    for number in range(COMMITS):
        given = _a_referral(kept, number)
        began = time.perf_counter()
        referral = _record(store, given, number)
        ours.append(time.perf_counter() - began)
        rows = _what_was_written(path, referral)
        began = time.perf_counter()
        with connection:
            connection.executemany("INSERT INTO kept (name, body) VALUES (?, ?)", rows)
        raw.append(time.perf_counter() - began)
    ratio = statistics.median(ours) / statistics.median(raw)
    detail = f"{statistics.median(ours) * 1000:.1f} ms against {statistics.median(raw) * 1000:.1f} ms ({len(rows)} rows)"
    bench.rows.append(
        Row(
            9,
            "a committed referral with ten statements",
            kept.borough.size.name,
            "raw synced transaction",
            ratio,
            "≤ 4",
            ratio <= 4,
            detail,
        )
    )
    bench.step("commits")
    connection.close()
    store.close()


def _a_referral(kept: KeptBorough, number: int) -> dict[str, Any]:
    person = kept.people[number]
    provenance = {
        "kind": "observed", "source_role": "teacher", "agency": "school_college_ap", "reliability": "first_hand",
        "date_known": "2026-11-20", "how_sure": "sure", "first_hand": True, "handling": "panel_item", "review_by": "2027-11-21",
    }  # fmt: skip
    places = [one for one, kind in zip(kept.contexts, kept.borough.context_kind, strict=True) if kind == "Location"]
    links = [
        {"from": person, "rel": says, "to": places[(number + at) % len(places)], "provenance": provenance}
        for at, says in enumerate(("harmed_at", "spends_time_at") * 5)
    ]
    return {
        "kind": "individual", "received": "2026-11-21", "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [person], "contexts": []}, "efh_types": ["cce"], "narrative": "What he said. " * 40, "links": links,
    }  # fmt: skip


def _record(store: Store, given: dict[str, Any], number: int) -> RecordId:
    draft, mistakes = read_referral_draft(given)
    assert draft is not None, mistakes
    now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    with store.write(EVERYTHING, key=WriteKey(f"bench-{number}-{secrets.token_hex(8)}", "bench"), by=ACTOR, now=now) as writer:
        recorded = record_referral(writer, draft, recorded_by=ACTOR, now=now, today=TODAY)
        writer.append(
            AuditEntry(at=now, actor=ACTOR, action="recorded", resources=(recorded.referral.id,), about=recorded.everyone)
        )
        writer.answer({"id": recorded.referral.id})
    return recorded.referral.id


def _what_was_written(path: Path, referral: RecordId) -> list[tuple[str, str]]:
    """Every row that the write left behind, as name and bytes: records, citations, changes, the key and the audit entry."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    ids = [
        referral,
        *(
            str(row[0])
            for row in connection.execute("SELECT record FROM citation WHERE cited = ? AND field = 'stated_in'", (referral,))
        ),
    ]
    rows: list[tuple[str, str]] = []
    for one in ids:
        rows += [(str(name), str(body)) for name, body in connection.execute("SELECT id, body FROM record WHERE id = ?", (one,))]
        rows += [
            (str(name), str(body))
            for name, body in connection.execute("SELECT record, body FROM change WHERE record = ?", (one,))
        ]
        rows += [
            (one, f"{field} {cited}")
            for field, cited in connection.execute("SELECT field, cited FROM citation WHERE record = ?", (one,))
        ]
    rows += [
        (str(key), str(answer))
        for key, answer in connection.execute("SELECT key, answer FROM write_key ORDER BY revision DESC LIMIT 1")
    ]
    rows += [
        (str(chain), str(entry)) for chain, entry in connection.execute("SELECT hash, entry FROM audit ORDER BY seq DESC LIMIT 1")
    ]
    connection.close()
    return rows
