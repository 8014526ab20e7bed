"""How a fault is planted: one text in one file is replaced, in a copy of the tree, and the test that must notice is run there."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a test may read. No version control, no environment, no caches.
PARTS = ("api", "bench", "docs", "forum", "graph", "ingest", "requirements", "tests", "tools", "visualise")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "Dockerfile", "docker-compose.yml")
# Seconds that a run may take. A proof asks thousands of questions, beside another run on as few as two processors. Both are less
# than a single test may take (timeout in pyproject.toml): what ends by that would look like a test that noticed.
LONGEST_RUN, LONGEST_PROOF = 300.0, 540.0
PROOFS = ("tests/attacks/", "tests/promises/")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What somebody might get wrong: the text it replaces in one file, and the tests that must go red.

    `file` is a path in the tree. `text`, and each first of `more`, stands in it exactly once. `caught_by` are pytest's names
    of tests, of which at least one must fail; `only` narrows them with an expression for `-k`. `on_neo4j`: needs a real server.
    """

    name: str
    file: str
    text: str
    instead: str
    caught_by: tuple[str, ...]
    more: tuple[tuple[str, str], ...] = ()
    only: str = ""
    on_neo4j: bool = False

    @property
    def longest(self) -> float:
        """The seconds that the run of its tests may take."""
        return LONGEST_PROOF if any(test.startswith(PROOFS) for test in self.caught_by) else LONGEST_RUN


@dataclass(frozen=True)
class Outcome:
    """How a run of tests ended: `red` when a test failed, `green` when all passed, else what went wrong with the run itself."""

    state: str
    said: str


def copy_of_the_tree(folder: Path) -> Path:
    """The tree without what it makes, in a new folder."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "node_modules", "results")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def replacements(fault: Fault) -> tuple[tuple[str, str], ...]:
    """What is replaced by what."""
    return ((fault.text, fault.instead), *fault.more)


def still_applies(fault: Fault) -> bool:
    """Whether every text to replace stands in the file exactly once, as it is today."""
    file = ROOT / fault.file
    return file.exists() and all(file.read_text(encoding="utf-8").count(text) == 1 for text, _ in replacements(fault))


def plant(fault: Fault, tree: Path) -> None:
    """Puts the fault into a copy. ValueError when a text is not there exactly once."""
    file = tree / fault.file
    planted = file.read_text(encoding="utf-8")
    for text, instead in replacements(fault):
        if planted.count(text) != 1:
            raise ValueError(f"{fault.file} holds a text to replace {planted.count(text)} times")
        planted = planted.replace(text, instead)
    file.write_text(planted, encoding="utf-8")


def run_tests(tree: Path, tests: tuple[str, ...], only: str = "", *, longest: float = LONGEST_RUN) -> Outcome:
    """Runs tests in a copy, whose own packages are the ones imported, there and in every process that a test starts.

    `longest`: the seconds after which it is stopped, and proves nothing.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tests.no_skips", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    if only:
        command += ["-k", only]
    try:
        ran = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=longest)
    except subprocess.TimeoutExpired:
        return Outcome("too long", f"not done after {longest:.0f} seconds")
    return Outcome({0: "green", 1: "red"}.get(ran.returncode, f"pytest ended with {ran.returncode}"), ran.stdout + ran.stderr)


def failed_tests(outcome: Outcome) -> list[str]:
    """The short names of the tests that a run says failed."""
    return re.findall(r"^(?:FAILED|ERROR) \S*?::(\w+)", outcome.said, re.MULTILINE)
