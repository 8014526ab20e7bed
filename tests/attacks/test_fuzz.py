"""Calls made after the description never find a fault, an answer that is not described, or a yes to nonsense."""

from pathlib import Path

import pytest

from tests.attacks.described import operations
from tests.attacks.fuzzing import CALLS, fuzz


def test_no_call_finds_a_fault_and_every_operation_is_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R12 in its first size. What nobody gets anything from has not been tried: only refusals count as failure."""
    tried = fuzz(tmp_path, CALLS)
    with capsys.disabled():
        print(f"\n{tried.line()}")
    assert tried.calls >= CALLS and tried.read_again >= CALLS // 50
    assert {operation.name for operation in operations()} - tried.reached() == set()
