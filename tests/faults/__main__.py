"""`make faults`: plants each fault in turn and fails when one stays green, or when the text it replaces is gone."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.known import FAULTS
from tests.faults.planting import Fault, Outcome, copy_of_the_tree, failed_tests, plant, run_tests, still_applies
from tests.neo4j_server import is_wanted, report_line


def caught(fault: Fault) -> tuple[Outcome, float]:
    """How the tests that must notice a fault ended with it planted, and how long that took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kith-fault-") as folder:
        tree = copy_of_the_tree(Path(folder) / "kith")
        plant(fault, tree)
        return run_tests(tree, fault.caught_by, fault.only, longest=fault.longest), time.monotonic() - began


def green_without(faults: list[Fault], *, at_once: int) -> Outcome:
    """The same tests without any fault, as few runs as there are expressions: what is red anyway would prove nothing."""
    wanted: dict[str, set[str]] = {}
    longest: Counter[str] = Counter()
    for fault in faults:
        wanted.setdefault(fault.only, set()).update(fault.caught_by)
        longest[fault.only] += int(fault.longest)
    with tempfile.TemporaryDirectory(prefix="kith-fault-") as folder, ThreadPoolExecutor(at_once) as pool:
        tree = copy_of_the_tree(Path(folder) / "kith")
        runs = [
            pool.submit(run_tests, tree, tuple(sorted(tests)), only, longest=longest[only])
            for only, tests in sorted(wanted.items())
        ]
        for run in runs:
            outcome = run.result()
            if outcome.state != "green":
                pool.shutdown(cancel_futures=True)
                return Outcome(outcome.state, f"Without any fault, these tests are not green ({outcome.state}).\n{outcome.said}")
    return Outcome("green", "")


def report(fault: Fault, outcome: Outcome, seconds: float) -> bool:
    """One line about one fault. True when it was caught."""
    ok = outcome.state == "red"
    by = ", ".join(failed_tests(outcome)[:1]) if ok else f"{outcome.state}: NOT CAUGHT"
    print(f"  {'caught' if ok else 'MISSED'}  {fault.name:<62} {seconds:5.0f} s  {by}", flush=True)
    if not ok:
        print("\n".join(f"          {line}" for line in outcome.said.splitlines()[-12:]))
    return ok


def chosen(words: list[str], *, on_neo4j: bool) -> list[Fault]:
    """The faults whose name holds one of the words; all without words. Those for a real Neo4j only where one can be had."""
    named = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    if not on_neo4j:
        print(f"{report_line() if not is_wanted() else 'Neo4j: not asked for'}; the faults of that store are left out")
        named = [fault for fault in named if not fault.on_neo4j]
    return named


def main() -> int:
    """0 when every fault was caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__, epilog="Example: make faults")
    parser.add_argument("words", nargs="*", help="only faults whose name holds one of these")
    parser.add_argument("--at-once", type=int, default=2, help="how many at once (two)")
    parser.add_argument("--without-neo4j", action="store_true", help="leave out the faults of that store")
    asked = parser.parse_args()
    faults = chosen(asked.words, on_neo4j=is_wanted() and not asked.without_neo4j)
    if gone := [fault.name for fault in faults if not still_applies(fault)]:
        print("The text to replace is no longer there exactly once:", *gone, sep="\n  ")
        return 1
    print(f"{len(faults)} faults. First, the same tests without any ...", flush=True)
    healthy = green_without(faults, at_once=asked.at_once)
    if healthy.state != "green":
        print(healthy.said[-4000:])
        return 1
    with ThreadPoolExecutor(asked.at_once) as pool:
        results = [report(fault, *found) for fault, found in zip(faults, pool.map(caught, faults), strict=True)]
    print(f"{sum(results)} of {len(results)} planted faults were caught")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
