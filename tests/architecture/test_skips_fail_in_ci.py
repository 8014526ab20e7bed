"""Promise: under continuous integration a test that did not run is a failure, and looks like one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SUITE = """
import pytest

def test_one_that_runs():
    assert True

def test_one_that_gives_up():
    pytest.skip("no server")

@pytest.mark.skip(reason="later")
def test_one_put_off():
    raise AssertionError

@pytest.mark.xfail
def test_one_expected_to_fail():
    assert False
"""


def run_suite(folder: Path, *, ci: str) -> str:
    """The last line of a run of the little suite above, with our plugin and that value of CI."""
    (folder / "test_little.py").write_text(SUITE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), "-p", "tests.no_skips"]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*command, str(folder)], cwd=folder, env=environment, capture_output=True, text=True)
    return f"{ran.returncode} {ran.stdout.strip().splitlines()[-1]}"


def test_a_skip_is_a_failure_in_ci(tmp_path: Path) -> None:
    said = run_suite(tmp_path, ci="true")
    assert said.startswith("1 ")
    assert "skipped" not in said and "xfailed" not in said
    assert "1 passed" in said


def test_a_skip_stays_a_skip_on_a_developers_machine(tmp_path: Path) -> None:
    said = run_suite(tmp_path, ci="")
    assert said.startswith("0 ")
    assert "1 passed, 2 skipped, 1 xfailed" in said


@pytest.mark.parametrize("file", ["tools/checks.py", "Makefile"])
def test_every_run_of_the_tests_loads_the_plugin(file: str) -> None:
    assert "-p tests.no_skips" in (ROOT / file).read_text(encoding="utf-8").replace('", "', " ")


def test_continuous_integration_runs_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert said == ["exec make test"]
