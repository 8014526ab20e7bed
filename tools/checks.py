"""Runs the checks of `make check` and `make test`, says what was run, and fails when one of them failed.

A later check runs even when an earlier one failed, so that one run shows everything there is to mend.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Check:
    """One thing to run: its name in the table, and a function that is true when all is well."""

    name: str
    passes: Callable[[], bool]


def command(name: str, *arguments: str) -> Check:
    """A check that is one command of the environment; it passes when the command ends with 0."""
    return Check(name, lambda: subprocess.run([str(BIN / arguments[0]), *arguments[1:]], cwd=ROOT).returncode == 0)


STATIC = (
    command("lint", "ruff", "check", "."),
    command("format", "ruff", "format", "--check", "."),
    command("types", "mypy"),
    command("import contracts", "lint-imports"),
    command("locks and manifests", "python", "tools/check_manifests.py"),
)
PYTEST = ("python", "-m", "pytest", "-p", "tests.no_skips", "-p", "tests.together", "-n", "2", "--durations", "10")
AT_HAND = ("-k", "not neo4j", "--ignore", "tests/journeys", "--ignore", "tests/faults")


def browser_is_there() -> bool:
    """A Chromium for the page tests: found, or installed from the system's packages where that is allowed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("No Chromium yet: installing it from the system's packages ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *arguments], **quiet)  # type: ignore[call-overload]
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("No Chromium. Install it from your system's packages: apt-get install chromium, or dnf install chromium.")
        print("Without it the page tests do not run." if not IN_CI else "With CI=true that is a failure.")
        return not IN_CI
    print(f"Browser: {found}")
    return True


def neo4j_can_run() -> bool:
    """A real Neo4j for the store's tests: a server that is named, or Java and Maven to start one."""
    if url := os.environ.get("KITH_TEST_NEO4J_URL"):
        print(f"Neo4j: the server at {url}")
        return True
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing:
        print(f"Neo4j: {' and '.join(missing)} not found. Install them (apt-get install openjdk-17-jre-headless maven),")
        print("or name a server that you have in KITH_TEST_NEO4J_URL, with KITH_TEST_NEO4J_USER and KITH_TEST_NEO4J_PASSWORD.")
        print("Neo4j: not run." if not IN_CI else "With CI=true that is a failure.")
        return not IN_CI
    print("Neo4j: started for the tests from its own artifacts")
    return True


def checks_for(what: str) -> tuple[Check, ...]:
    """The checks of `check` (what is at hand, quickly) or of `test` (everything)."""
    if what == "check":
        return (*STATIC, command("tests without Neo4j and browser", *PYTEST, *AT_HAND))
    needs = (Check("browser at hand", browser_is_there), Check("Neo4j at hand", neo4j_can_run))
    return (*needs, *STATIC, command("all tests", *PYTEST))


def main(what: str) -> int:
    """Runs the checks and prints the table. 0 when all passed."""
    rows = []
    for check in checks_for(what):
        print(f"\n== {check.name}", flush=True)
        began = time.monotonic()
        rows.append((check.name, check.passes(), time.monotonic() - began))
    print(f"\nmake {what} ran:")
    for name, passed, seconds in rows:
        print(f"  {'passed' if passed else 'FAILED'}  {name:<32} {seconds:6.1f} s")
    return 0 if all(passed for _, passed, _ in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "test"))
