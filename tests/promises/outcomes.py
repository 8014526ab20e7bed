"""What measuring a promise gives: numbers, and in the end one, that has to be nought."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Size = Literal["small", "large"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`held` says in words what was seen. `lost` counts everything that was not as promised; `wrong` says what it was."""

    held: str
    load: int
    faults: int
    bad_inputs: int
    wrong: tuple[str, ...] = ()

    @property
    def lost(self) -> int:
        return len(self.wrong)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise by its number, and what measures it: a store of this kind in this folder, small for every run or large.

    `small_elsewhere`: the test that measures it small in every run, when it is not the one beside this.
    """

    code: str
    says: str
    measure: Callable[[str, Path, Size], Outcome]
    stores: tuple[str, ...] = ("sqlite", "neo4j")
    small_elsewhere: str = ""


def line_of(promise: Promise, kind: str, outcome: Outcome) -> str:
    """The one line that is printed: what was promised and seen, and the three numbers every run ends with."""
    counts = f"load {outcome.load:,} / faults {outcome.faults:,} / bad inputs {outcome.bad_inputs:,} - lost: {outcome.lost:,}"
    return f"{promise.code} on {kind}: {promise.says}: {outcome.held}; {counts}"
