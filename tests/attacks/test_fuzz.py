"""Calls made after the description never find a fault, an answer that is not described, or a yes to nonsense."""

from pathlib import Path

import pytest

from tests.attacks.described import operations
from tests.attacks.fuzzing import CALLS, fuzz

# Named one by one, each with where it is reached instead: what the draw cannot make, or makes too rarely to count on.
NOT_BY_CHANCE = {
    # They name somebody who can sign in; a drawn id is nobody's (tests/api/rest/test_access_records.py).
    "create_agenda_item",
    "change_agenda_item",
    "delete_agenda_item",
    "read_agenda_item",
    "create_grant",
    "delete_grant",
    "read_grant",
    # Only somebody else ends one (the same tests).
    "delete_restriction",
    # Takes one of three questions and no two (tests/api/rest/test_audit.py).
    "list_audit",
    # Ask for a contexts map in the mode context_only (tests/api/rest/test_maps.py).
    "export_map_geojson",
    "export_map_gexf",
    "export_map_graphml",
    "export_map_json",
    # Ask for a statement that has lapsed, or was put aside (tests/forum/test_statement_life.py).
    "renew_assertion",
    "reopen_assertion",
}


def test_no_call_finds_a_fault_and_every_operation_is_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R12 in its first size. What nobody gets anything from has not been tried: only refusals count as failure."""
    tried = fuzz(tmp_path, CALLS)
    with capsys.disabled():
        print(f"\n{tried.line()}")
    assert tried.calls >= CALLS and tried.read_again >= CALLS // 50
    assert {operation.name for operation in operations()} - tried.reached() - NOT_BY_CHANCE == set()
