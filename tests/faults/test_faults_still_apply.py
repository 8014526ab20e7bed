"""Promise: a fault that nobody can plant any more, or whose test is gone, is noticed at once."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests.faults.known import FAULTS
from tests.faults.planting import ROOT, Fault, replacements, still_applies


def functions_in(file: Path) -> set[str]:
    """The names of the functions of a test file."""
    return {node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_text_to_replace_is_there_exactly_once(fault: Fault) -> None:
    assert still_applies(fault)
    assert all(text != instead for text, instead in replacements(fault))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_test_that_must_notice_is_there(fault: Fault) -> None:
    for name in fault.caught_by:
        file, _, test = name.partition("::")
        assert (ROOT / file).is_file()
        assert not test or test.partition("[")[0] in functions_in(ROOT / file)


@pytest.fixture(scope="module")
def collected() -> Collection[str]:
    """Every test in the files that faults name, as pytest names it: file::test[with what]."""
    files = sorted({name.partition("::")[0] for fault in FAULTS for name in fault.caught_by})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in found.stdout.splitlines() if "::" in line]


def test_each_fault_chooses_tests_that_exist(collected: Collection[str]) -> None:
    """A choice that selects nothing ends the whole run of faults before its first fault."""
    without = [fault.name for fault in FAULTS if not _chosen(fault, collected)]
    assert not without


def _chosen(fault: Fault, collected: Collection[str]) -> list[str]:
    there = [test for test in collected if any(test.startswith(name) for name in fault.caught_by)]
    if not fault.only:
        return there
    choice = Expression.compile(fault.only)
    return [test for test in there if choice.evaluate(_named_in(test))]


def _named_in(test: str) -> Callable[..., bool]:
    return lambda word, **_: word.lower() in test.lower()


def test_a_run_is_stopped_before_a_test_in_it_is() -> None:
    """A test that is stopped for its time counts as failed, and would look as if it had noticed the fault."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert all(fault.longest < settings["tool"]["pytest"]["ini_options"]["timeout"] for fault in FAULTS)


def test_no_two_faults_have_one_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
