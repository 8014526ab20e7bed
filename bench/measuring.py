"""Rounds that take turns, their medians, and a row of the table."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tqdm import tqdm

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `value` is a ratio, or a measure where the bar is one; `met` says whether the first figure holds."""

    bar: int
    what: str
    size: str
    rival: str
    value: float
    first: str
    met: bool
    detail: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A bar, or a part of one, that this run did not measure, and why."""

    bar: int
    what: str
    why: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Bench:
    """Collects rows and shows how far the run is. `rounds` is how often contenders take turns."""

    def __init__(self, rounds: int, steps: int) -> None:
        self.rounds = rounds
        self.rows: list[Row] = []
        self.not_measured: list[NotMeasured] = []
        self.progress = tqdm(total=steps, desc="bench", unit="step", dynamic_ncols=True)

    def step(self, saying: str) -> None:
        self.progress.set_postfix_str(saying)
        self.progress.update(1)

    def take_turns(
        self, contenders: Mapping[str, Callable[[], Any]], *, clock: Clock = time.process_time, rounds: int | None = None
    ) -> dict[str, float]:
        """The median seconds of each contender over interleaved rounds, rubbish collected before each run."""
        taken: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(rounds or self.rounds):
            names = list(contenders)
            for name in names if number % 2 == 0 else reversed(names):
                gc.collect()
                began = clock()
                contenders[name]()
                taken[name].append(clock() - began)
        return {name: statistics.median(seconds) for name, seconds in taken.items()}


def memory_of(work: Callable[[], Any]) -> int:
    """Bytes still held when the work is done, as Python and numpy count them."""
    gc.collect()
    tracemalloc.start()
    kept = work()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held
