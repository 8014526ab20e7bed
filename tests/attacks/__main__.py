"""`make prove`: runs every proof large, goes on where an earlier run was stopped, and writes the table of docs/assurance.md."""

import argparse
import sys
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime
from multiprocessing import active_children, get_context
from pathlib import Path

from tqdm import tqdm

from tests import neo4j_server
from tests.attacks.proofs import PROOFS, Figures, Proof, end_with_the_run, needs_a_server, try_piece
from tests.attacks.proved import STATE, Proved, code_digest, write_table

MOVED = (
    "The code or its proofs were changed while they were tried: what was tried before the change is kept for the code that it "
    "was, what ended after it is not. Start again on code that stays as it is."
)


class CodeMoved(Exception):
    """The code is no longer the one that this run says it tries."""


def run(proof: Proof, proved: Proved, pool: Executor, at_once: int) -> None:
    """Tries the pieces that were not tried yet, and keeps each one's figures as soon as it ends."""
    row = proved.row(proof)
    todo = [first for first in range(0, proof.size, proof.piece) if first not in row.pieces]
    done = sum(min(proof.piece, proof.size - first) for first in row.pieces if first < proof.size)
    with tqdm(total=proof.size, initial=done, unit=f" {proof.unit}", desc=proof.name, smoothing=0.05) as bar:
        waiting: dict[Future[tuple[Figures, str, float]], tuple[int, int]] = {}
        while todo or waiting:
            while todo and len(waiting) < at_once:
                first = todo.pop(0)
                count = min(proof.piece, proof.size - first)
                waiting[pool.submit(try_piece, proof.name, first, count)] = (first, count)
            for ended in wait(waiting, return_when=FIRST_COMPLETED).done:
                first, count = waiting.pop(ended)
                figures, wrong, seconds = ended.result()
                # Each proof's processes read the code as it is when they begin: what moved since would stand under a wrong name.
                if code_digest() != proved.code:
                    raise CodeMoved
                proved.keep(proof, first, count, figures, wrong, seconds, at=datetime.now(UTC))
                bar.update(count)
                if wrong:
                    bar.write(f"{proof.name}, {proof.unit} {first} to {first + count - 1}: {wrong}", file=sys.stderr)


def sized(asked: argparse.Namespace) -> list[Proof]:
    """The proofs that are asked for, each with the size that is asked for."""
    sizes = {"twin worlds on SQLite": asked.pairs, "twin worlds on Neo4j": asked.neo4j_pairs}
    sizes |= {"edges are inert": asked.worlds, "hostile text": asked.texts, "R12, calls after the description": asked.calls}
    found = []
    for proof in PROOFS:
        size = sizes.get(proof.name)
        chosen = proof if size is None else Proof(**{**vars(proof), "size": size})
        if (not asked.only or any(word in proof.name for word in asked.only)) and chosen.size:
            found.append(chosen)
    return found


def try_all(asked: argparse.Namespace, proved: Proved) -> None:
    """Each proof that is asked for, in processes of its own: whatever it leaves in memory goes with them."""
    without = neo4j_server.which_server() == "none"
    for proof in sized(asked):
        if without and needs_a_server(proof):
            proved.leave_out(proof, "no server")
            continue
        at_once = 1 if needs_a_server(proof) else asked.at_once
        with ProcessPoolExecutor(at_once, mp_context=get_context("spawn"), initializer=end_with_the_run) as pool:
            try:
                run(proof, proved, pool, at_once)
            except CodeMoved:
                for child in active_children():
                    child.terminate()
                raise


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.attacks",
        description=__doc__,
        epilog="Example: make prove PAIRS=200 NEO4J=10 WORLDS=1000 CALLS=2000",
    )
    for name, what in (
        ("--pairs", "pairs of worlds on SQLite"),
        ("--neo4j-pairs", "pairs of worlds on Neo4j"),
        ("--worlds", "random worlds to which things are added"),
        ("--texts", "hostile texts"),
        ("--calls", "calls after the description"),
    ):
        parser.add_argument(name, type=int, help=f"{what}; 0 leaves them out")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="only proofs whose name holds one of these words")
    parser.add_argument("--at-once", type=int, choices=(1, 2), default=2, help="processes (two)")
    parser.add_argument("--state", type=Path, default=STATE, help=f"where it is kept how far a run has come ({STATE})")
    parser.add_argument("--afresh", action="store_true", help="forget how far an earlier run came")
    parser.add_argument("--table", action="store_true", help="run nothing; write the table of what has been run")
    return parser


def main() -> int:
    """0 when all that was asked for could be tried, and nothing of it went wrong, in this run or before it was stopped."""
    asked = arguments().parse_args()
    if asked.afresh:
        asked.state.unlink(missing_ok=True)
    proved = Proved.read(asked.state, code="" if asked.table else code_digest())
    if not asked.table:
        try:
            try_all(asked, proved)
        except CodeMoved:
            print(MOVED, file=sys.stderr)
            return 1
    for line in write_table(proved):
        print(line)
    for said in proved.wrong():
        print(said, file=sys.stderr)
    return 1 if proved.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
