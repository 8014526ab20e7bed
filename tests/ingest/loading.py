"""Loading in tests: a case into a store, and all that a store holds afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from forum.access.policy import house_scope
from graph.records import Record
from graph.store.boundary import Change, Store
from graph.store.codec import read_record
from ingest.case_file import read_case
from ingest.case_load import Loaded, load_case
from tests.builders import ACTOR, ALL_KINDS, FORUM, NOW

FIXTURES = Path(__file__).parent.parent / "fixtures"
HOUSE = house_scope(FORUM)


def load(store: Store, case: dict[str, Any] | Path | str) -> Loaded:
    """Loads a case given as plain values, as text or as a file."""
    given = yaml.safe_dump(case, sort_keys=False, allow_unicode=True) if isinstance(case, dict) else case
    return load_case(store, read_case(given), scope=HOUSE, by=ACTOR, now=NOW)


def all_changes(store: Store) -> list[Change]:
    """Every record as it now stands, in order of id."""
    found: list[Change] = []
    after = 0
    while page := list(store.changes(after=after, limit=10_000)):
        found += page
        after = max(change.revision for change in page)
    return sorted(found, key=lambda change: change.record)


def all_records(store: Store) -> list[Record]:
    kinds = {kind.KIND: kind for kind in ALL_KINDS}
    return [read_record(kinds, change.kind, change.body) for change in all_changes(store) if change.body is not None]


def of_kind(store: Store, kind: type[Record]) -> list[Any]:
    return [record for record in all_records(store) if isinstance(record, kind)]


def leaves(value: Any) -> Iterator[Any]:
    """Every value in plain data that holds no others."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value
