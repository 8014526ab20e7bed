"""Tables in tests: small CSV files made from plain values."""

import csv
import io
from typing import Any

from ingest.columns import OURS

ROW: dict[str, str] = {
    "referral": "S-1",
    "received": "2026-11-02",
    "kind": "individual",
    "referrer_role": "social worker",
    "referrer_agency": "childrens_social_care",
    "efh_types": "cce",
    "young_person": "17",
    "place_1": "Harbour steps",
    "place_1_kind": "park_open_space",
    "place_1_rel": "harmed_at",
}


def a_row(**given: str) -> dict[str, str]:
    """A row that is right; name what the test is about. A value of "" leaves the cell blank."""
    return {**ROW, **given}


def a_table(*rows: dict[str, str], columns: tuple[str, ...] | None = None) -> bytes:
    """A CSV file of these rows, with every column that any of them uses."""
    used = columns or tuple(name for name in OURS if any(name in row for row in rows))
    used += tuple(name for row in rows for name in row if name not in used)
    out = io.StringIO()
    writer: Any = csv.DictWriter(out, dict.fromkeys(used), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
