"""Bar 10 on Neo4j: `restore` against the raw driver's batched load of the same nodes and relationships."""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from neo4j import Driver, GraphDatabase

from bench.kept_borough import KINDS, NEW_STORE, KeptBorough, body_text, change_of
from bench.measuring import Bench, Row
from bench.on_sqlite import lines_of
from graph.store import open_store
from graph.store.boundary import Credentials
from graph.store.neo4j_store.stored import properties_of, type_of

BATCH = 10_000
AT = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - the driver is given local times in UTC, as the store gives them
BY_KIND = {kind.KIND: kind for kind in KINDS}

NODES = "UNWIND $rows AS row CREATE (r:Record:$(row.kind)) SET r = row.stored"
TIES = "UNWIND $rows AS row MATCH (r:Record {id: row.record}) MATCH (c:Record {id: row.cited}) CREATE (r)-[:$(row.type)]->(c)"
CHANGES = "UNWIND $rows AS row CREATE (c:Change) SET c = row"
EMPTY = "MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS gone"


def bulk_load(bench: Bench, kept: KeptBorough, export: Path, *, url: str, credentials: Credentials, rounds: int) -> None:
    """Bar 10 on a server whose database holds nothing of value: it is emptied before every load."""
    driver = GraphDatabase.driver(url, auth=(credentials.user, credentials.password))
    counted: dict[str, list[int]] = {}
    taken: dict[str, list[float]] = {"ours": [], "raw": []}
    for number in range(rounds):
        for name in ("ours", "raw") if number % 2 == 0 else ("raw", "ours"):
            _empty(driver)
            store = open_store(url, KINDS, making=NEW_STORE, credentials=credentials)
            began = time.perf_counter()
            if name == "ours":
                store.restore(lines_of(export))
            else:
                _load_raw(driver, kept)
            taken[name].append(time.perf_counter() - began)
            store.close()
            counted[name] = _counts(driver)
            bench.step(f"Neo4j {name}")
    assert counted["ours"] == counted["raw"], counted
    _empty(driver)
    driver.close()
    ours, raw = (sorted(taken[name])[len(taken[name]) // 2] for name in ("ours", "raw"))
    detail = f"{ours:.1f} s against {raw:.1f} s, same nodes and relationships, journal included"
    bench.rows.append(
        Row(
            10,
            "bulk load into Neo4j by restore",
            kept.borough.size.name,
            "raw driver",
            ours / raw,
            "≤ 3",
            ours / raw <= 3,
            detail,
        )
    )


def _load_raw(driver: Driver, kept: KeptBorough) -> None:
    with driver.session() as session:
        for text, rows in ((NODES, _nodes(kept)), (TIES, _ties(kept)), (CHANGES, _changes(kept))):
            while batch := list(islice(rows, BATCH)):
                session.execute_write(lambda work, text=text, batch=batch: work.run(text, rows=batch).consume())  # type: ignore[misc]


def _nodes(kept: KeptBorough) -> Iterator[dict[str, Any]]:
    for row in kept.rows():
        yield {"kind": row.kind, "stored": properties_of(BY_KIND[row.kind], row.body)}


def _ties(kept: KeptBorough) -> Iterator[dict[str, Any]]:
    for row in kept.rows():
        for field, cited in row.cites:
            yield {"record": row.id, "type": type_of(field), "cited": cited}


def _changes(kept: KeptBorough) -> Iterator[dict[str, Any]]:
    for place, row in enumerate(kept.rows()):
        yield {**change_of(place, row), "at": AT, "body": body_text(row.body)}


def _counts(driver: Driver) -> list[int]:
    texts = (
        "MATCH (r:Record) RETURN count(r)",
        "MATCH (:Record)-[t]->(:Record) RETURN count(t)",
        "MATCH (c:Change) RETURN count(c)",
    )
    with driver.session() as session:
        return [int(session.run(text).single(strict=True)[0]) for text in texts]


def _empty(driver: Driver) -> None:
    with driver.session() as session:
        while session.run(EMPTY).single(strict=True)["gone"]:
            pass
