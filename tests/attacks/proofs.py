"""The proofs that `make prove` runs large, each cut into pieces that are tried one by one and counted together.

A piece is settled by its first number: the same piece tries the same worlds, texts or calls again. What it gives are figures:
numbers, which add up over pieces, and lists of names, which unite; and under `wrong`, what was not as it should be.
"""

import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from tests.attacks.crawling import Asked, Depth, places_in, try_pair
from tests.attacks.described import operations
from tests.attacks.edge_watch import Tried
from tests.attacks.edges import try_worlds
from tests.attacks.fuzz_borough import MUST_BE_TRIED, not_tried
from tests.attacks.fuzzing import fuzz
from tests.attacks.hostile_fields import fields
from tests.attacks.hostile_takes import CHANGES
from tests.attacks.hostile_texts import texts
from tests.attacks.hostile_tries import Inert, try_fields, try_text
from tests.attacks.twin_worlds import ROLES, a_pair
from tests.conftest import empty_place
from tests.promises.outcomes import line_of
from tests.promises.register import PROMISES

Figures = dict[str, Any]
# How much of all that can be asked is asked of each of many pairs, drawn by the pair's seed; and how often the slow routes.
SHARE = 0.11
SLOW_EVERY = 50
STORES = {"sqlite": "SQLite", "neo4j": "Neo4j"}
# Promises that a proof of its own measures piece by piece.
IN_PIECES = ("R12",)
# Into one of so many fields that take no words, and of those that are changed (two requests each), a text goes alone, in turn.
EACH_OTHER, EACH_CHANGE = 2, 8
FIRST_SEED = 1_000  # the small run has the seeds before


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One proof: what it counts, how many of them are tried, and in pieces of how many. `tells` says in words what was tried.

    `lacks`: what should have been tried and was not, once the whole of it is done; each in words that follow its name.
    """

    name: str
    unit: str
    size: int
    piece: int
    tries: Callable[[int, int], Figures]
    tells: Callable[[Figures], str]
    lacks: Callable[[Figures], list[str]] = lambda _figures: []


def twins_on_sqlite(first: int, count: int) -> Figures:
    """Pairs of worlds on embedded stores, the roles in turn."""
    asked = Asked()
    with a_folder() as name:
        for number in range(first, first + count):
            depth = Depth(SHARE, slow=number % SLOW_EVERY == 0)
            asked.add(try_pair(_pair(number), places_in(Path(name) / str(number)), depth))
    return asdict(asked)


def twins_on_neo4j(first: int, count: int) -> Figures:
    """Pairs of worlds on one server, which holds the two worlds of a pair one after the other."""
    asked = Asked()
    with a_folder() as name:
        for number in range(first, first + count):
            asked.add(try_pair(_pair(number), lambda _: empty_place("neo4j", Path(name)), depth_on_neo4j(number)))
    return asdict(asked)


def depth_on_neo4j(number: int) -> Depth:
    """Everything of the first pair of each role, so that few pairs reach every route; a share of the others."""
    return Depth(slow=True) if number < len(ROLES) else Depth(SHARE)


def _pair(number: int) -> Any:
    return a_pair(FIRST_SEED + number // len(ROLES), ROLES[number % len(ROLES)])


def _tells_of_twins(figures: Figures) -> str:
    asked = Asked(**figures)
    missed = asked.unreached()
    return f"{asked.sentence()}{'; not reached: ' + ', '.join(missed) if missed else ''}"


def _unreached(figures: Figures) -> list[str]:
    return [f"nobody reached {route}" for route in Asked(**figures).unreached()]


def _unreached_and_unasked(figures: Figures) -> list[str]:
    return [*_unreached(figures), *(f"nobody asked {query}" for query in Asked(**figures).unasked())]


def edge_worlds(first: int, count: int) -> Figures:
    """Random worlds in which things are added."""
    with a_folder() as name:
        return asdict(try_worlds(Path(name), range(FIRST_SEED + first, FIRST_SEED + first + count)))


def hostile(first: int, count: int) -> Figures:
    """Texts in every field at once and out of every answer; and each alone in each field of words, and in some others."""
    found = Inert()
    made = [one for one in fields() if one.operation not in CHANGES]
    words, others = [one for one in made if one.takes_words], [one for one in made if not one.takes_words]
    changed = [one for one in fields() if one.operation in CHANGES]
    with a_folder() as name:
        for number, text in enumerate(texts()[first : first + count], first):
            found.add(try_text(text, Path(name) / f"all-{number}"))
            chosen = [*words, *others[number % EACH_OTHER :: EACH_OTHER], *changed[number % EACH_CHANGE :: EACH_CHANGE]]
            found.alone += try_fields(text, Path(name) / f"alone-{number}", chosen)
    return asdict(found)


def calls(first: int, count: int) -> Figures:
    """Calls made after the description, with a seed of this piece's own."""
    with a_folder() as name:
        tried = fuzz(Path(name), count, seed=FIRST_SEED + first)
    answers: Counter[str] = Counter()
    for found in tried.answers.values():
        answers.update({str(status): number for status, number in found.items()})
    return {
        "calls": tried.calls,
        **{name: getattr(tried, name) for name in MUST_BE_TRIED},
        "operations": sorted(found.name for found in operations()),
        "reached": sorted(tried.reached()),
        "links": sorted(map(str, tried.followed)),
        "answers": dict(answers),
        "wrong": [f"{fault}: {told}"[:1000] for fault, told in tried.faults.items()],
    }


def _tells_of_calls(figures: Figures) -> str:
    told = ", ".join(f"{status}: {number:,}" for status, number in sorted(figures["answers"].items()))
    missed = sorted(set(figures["operations"]) - set(figures["reached"]))
    done = ", ".join(f"{figures[name]:,} {words}" for name, words in MUST_BE_TRIED.items())
    return (
        f"{figures['calls']:,} calls to {len(figures['operations'])} operations; {len(figures['reached'])} gave something"
        f"{' (not: ' + ', '.join(missed) + ')' if missed else ''}, {len(figures['links'])} links followed, {done} ({told})"
    )


def _lacks_of_calls(figures: Figures) -> list[str]:
    return not_tried(figures["operations"], figures["reached"], figures)


def measured(code: str, kind: str) -> Callable[[int, int], Figures]:
    """A promise that is a number, measured in full on one kind of store."""
    return partial(_measure, code, kind)


def _measure(code: str, kind: str, _first: int, _count: int) -> Figures:
    promise = next(each for each in PROMISES if each.code == code)
    # Whoever waits for the disk and for one another is part of what is measured: not in memory.
    with tempfile.TemporaryDirectory(prefix="kith-prove-") as folder:
        outcome = promise.measure(kind, Path(folder), "large")
    return {"lines": [line_of(promise, kind, outcome)], "wrong": sorted(set(outcome.wrong))}


def needs_a_server(proof: Proof) -> bool:
    """Whether a proof cannot be tried without a Neo4j."""
    return proof.name.endswith(f"on {STORES['neo4j']}")


def a_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder for throwaway stores, in memory where there is such a place: what is proved here is not about the disk."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(prefix="kith-prove-", dir=memory if memory.is_dir() else None)


PROOFS = (
    Proof(
        name="twin worlds on SQLite",
        unit="pairs",
        size=2_000,
        piece=9,
        tries=twins_on_sqlite,
        tells=_tells_of_twins,
        lacks=_unreached_and_unasked,
    ),
    Proof(
        name="twin worlds on Neo4j",
        unit="pairs",
        size=100,
        piece=3,
        tries=twins_on_neo4j,
        tells=_tells_of_twins,
        lacks=_unreached,
    ),
    Proof(
        name="edges are inert",
        unit="worlds",
        size=10_000,
        piece=20,
        tries=edge_worlds,
        tells=lambda told: Tried(**told).sentence(),
        lacks=lambda told: Tried(**told).untried(),
    ),
    Proof(name="hostile text", unit="texts", size=500, piece=5, tries=hostile, tells=lambda told: Inert(**told).sentence()),
    Proof(
        name="R12, calls after the description",
        unit="calls",
        size=20_000,
        piece=2_500,
        tries=calls,
        tells=_tells_of_calls,
        lacks=_lacks_of_calls,
    ),
    *(
        Proof(
            name=f"{promise.code} on {STORES[kind]}",
            unit="time",
            size=1,
            piece=1,
            tries=measured(promise.code, kind),
            tells=lambda found: found["lines"][-1],
        )
        for promise in PROMISES
        if promise.code not in IN_PIECES
        for kind in promise.stores
    ),
)
BY_NAME = {proof.name: proof for proof in PROOFS}


def end_with_the_run() -> None:
    """From now on this process ends when the one that began it does, however that ends."""
    begun_by = parent_process()
    if begun_by is not None:
        threading.Thread(target=lambda: (begun_by.join(), os._exit(1)), daemon=True).start()


def try_piece(name: str, first: int, count: int) -> tuple[Figures, str, float]:
    """What one piece of a proof gave: its figures, what went wrong if something did, and the processor time it took."""
    began = os.times()
    try:
        figures = BY_NAME[name].tries(first, count)
        wrong = "; ".join(figures.pop("wrong", []))
    except Exception as error:  # a proof that ends in an error has not been given, whatever the error
        figures, wrong = {}, f"{type(error).__name__}: {str(error)[:2000]}"
    ended = os.times()
    return figures, wrong, ended.user + ended.system - began.user - began.system


# What is no sum over pieces but the most of any.
MOST = ("fields",)


def together(one: Mapping[str, Any], other: Mapping[str, Any]) -> Figures:
    """The figures of two pieces: numbers added, lists united."""
    found: Figures = dict(one)
    for name, value in other.items():
        if name not in found:
            found[name] = value
        elif isinstance(value, dict):
            found[name] = together(found[name], value)
        elif isinstance(value, list):
            found[name] = sorted({*found[name], *value})
        elif name in MOST:
            found[name] = max(found[name], value)
        else:
            found[name] += value
    return found
