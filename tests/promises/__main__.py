"""Measures the promises that are numbers, and prints one line for each: python -m tests.promises [R5 R6 …] [--large]."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests import neo4j_server
from tests.promises.outcomes import line_of
from tests.promises.register import PROMISES


def main() -> int:
    """0 when everything that is asked for was measured, and nothing was lost anywhere."""
    parser = argparse.ArgumentParser(prog="python -m tests.promises", description=__doc__, epilog="Example: make promises")
    parser.add_argument("codes", nargs="*", metavar="CODE", help=f"only these of {', '.join(each.code for each in PROMISES)}")
    parser.add_argument("--large", action="store_true", help="in full, as before a release; small otherwise")
    parser.add_argument("--store", choices=("sqlite", "neo4j"), help="only on this kind of store")
    asked = parser.parse_args()
    without = neo4j_server.which_server() == "none"
    lost = 0
    for promise in PROMISES:
        for kind in promise.stores:
            if (asked.codes and promise.code not in asked.codes) or asked.store not in (None, kind):
                continue
            if kind == "neo4j" and without:
                print(f"{promise.code} on {kind}: not tried: no server", flush=True)
                lost += 1
                continue
            with tempfile.TemporaryDirectory(prefix="kith-promise-") as folder:
                outcome = promise.measure(kind, Path(folder), "large" if asked.large else "small")
            print(line_of(promise, kind, outcome), flush=True)
            for what in sorted(set(outcome.wrong)):
                print(f"    {outcome.wrong.count(what)} times: {what}", flush=True)
            lost += outcome.lost
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
