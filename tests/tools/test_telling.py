"""What a proof tried is told at the end of the run, whichever process ran it: printed on a worker, nobody would see it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
A_PROOF = "def test_a_proof(tell):\n    tell('seven pairs, nine roles')\n    print('lost on a worker')\n    assert {holds}\n"


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("holds", [True, False])
def test_what_was_tried_stands_at_the_end_of_the_run(tmp_path: Path, workers: str, holds: bool) -> None:
    proof = tmp_path / "test_one.py"
    proof.write_text(A_PROOF.format(holds=holds), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.telling", "-p", "no:cacheprovider", "-n", workers, str(proof)]
    ran = subprocess.run([*command, f"--rootdir={tmp_path}"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == (0 if holds else 1), ran.stdout
    assert "= what was tried =" in ran.stdout and "\nseven pairs, nine roles\n" in ran.stdout
