"""Calls generated from the description find no fault, nothing that it does not know, no yes to nonsense, no life after an end."""

from pathlib import Path

from tests.attacks.fuzzing import CALLS, READ_AGAIN_EVERY, fuzz
from tests.telling import Tell

# Of the 161 links, how many must have been followed to an answer for the run to have tried anything.
MOST_LINKS = 100


def test_no_call_finds_a_fault_and_every_operation_is_reached(tmp_path: Path, tell: Tell) -> None:
    """R12 in its first size. What nobody gets anything from has not been tried: only refusals count as failure."""
    tried = fuzz(tmp_path, CALLS, until_reached=True, go_on=False)
    tell(tried.line())
    tell(tried.promise())
    assert not tried.faults, "\n".join(f"{fault}\n{calls}" for fault, calls in tried.faults.items())
    assert tried.lacks() == []
    assert tried.calls >= CALLS and len(tried.followed) >= MOST_LINKS
    assert tried.read_again >= CALLS // READ_AGAIN_EVERY
