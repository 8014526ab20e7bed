"""Calls generated from the description, one leading to another by its links; each answer is judged.

`python -m tests.attacks.fuzzing 20000` makes that many. schemathesis chooses what follows what and makes paths, queries,
headers and bodies; more bodies are made here, nearly right or with a thing or two wrong. Settled by its seed, apart from ids.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.schemas import BaseSchema

from tests.api.running import API, description
from tests.attacks import odd_values
from tests.attacks.described import Maker, Operation, operations
from tests.attacks.fuzz_borough import Borough, Tried, served
from tests.attacks.fuzz_memory import Memory
from tests.attacks.fuzz_scenario import scenario_of

CALLS = 2_000
# One borough is asked by some scenarios over everything, and by some over what belongs together: those go further.
SCENARIOS = {
    "": 3,
    "/(agenda-items|conflicts|grants|restrictions)": 5,
    "/(referrals|assertions|young-people|incidents)": 6,
    "/(peer-groups|schools|neighbourhoods|locations|online-spaces|contexts)": 3,
    "/maps": 2,
}
STEPS = 40
# Every so many boroughs are served on a day when much in them is past its review.
EVERY = 2
# How many times as many calls at most, while an operation has given nothing to anybody yet.
MOST_TIMES = 4
# Of so many calls, one at least is what was just made, read again.
READ_AGAIN_EVERY = 40


class Run:
    """Batches of scenarios, and what came of them."""

    def __init__(self, seed: int, progress: Callable[[int], None]) -> None:
        self.seed = seed
        self.tried = Tried()
        self.progress = progress
        self.borough: Borough | None = None
        self.machines = {about: self._schema(about).as_state_machine() for about in SCENARIOS}

    def batch(self, number: int, wanted: set[str]) -> None:
        """The scenarios of one borough, as far as they are about operations that are wanted."""
        paths = [found.path for found in operations() if found.name in wanted]
        memory = Memory(self.here, self.tried)
        for place, (about, scenarios) in enumerate(SCENARIOS.items()):
            if not any(re.match(about, path) for path in paths):
                continue
            machine = scenario_of(self.machines[about], memory, self.progress)
            settings = hypothesis.settings(
                max_examples=scenarios, stateful_step_count=STEPS, phases=[Phase.generate], deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            try:
                hypothesis.seed(self.seed * 1_000_003 + number * len(SCENARIOS) + place)(machine).run(settings=settings)
            except FlakyStrategyDefinition:
                # The service makes its own ids, so the same choices do not always lead to the same answers: on to the next.
                self.tried.cut_short += 1

    @property
    def here(self) -> Borough:
        assert self.borough is not None
        return self.borough

    def _schema(self, about: str) -> BaseSchema:
        """The description as schemathesis reads it: with the links that it declares, and none that are guessed."""
        schema = schemathesis.openapi.from_dict(description()).include(path_regex=f"{API}{about}")
        schema.config.phases.stateful.inference.algorithms = []
        named = {f"{found.method} {API}{found.path}": found for found in operations()}

        @schema.hook
        def before_generate_body(context: Any, strategy: Any) -> Any:
            operation = named[context.operation.label]
            near = strategies.randoms(use_true_random=True).map(lambda chance: self.a_body(operation, chance))
            return strategies.integers(0, 3).flatmap(lambda which: strategy if which == 3 else near)

        return schema

    def a_body(self, operation: Operation, chance: Random) -> Any:
        """A body such as somebody might send: right, or with a thing or two wrong."""
        maker = Maker(chance, self.here.ids | self.here.actors, today=self.here.today)
        sent: Any = maker.patch(operation) if operation.method == "PATCH" else maker.body(operation.body or {})
        if operation.path.endswith("/renew"):  # the one step that needs a day, of a body that they all share
            sent.setdefault("review_by", (self.here.today + timedelta(days=chance.randint(30, 300))).isoformat())
        for _ in range(chance.choice([0, 0, 0, 0, 1, 2])):
            sent = odd_values.spoil(sent, chance)
        return sent


def fuzz(
    folder: Path,
    calls: int = CALLS,
    *,
    seed: int = 5,
    progress: Callable[[int], None] = lambda made: None,
    until_reached: bool = False,
    go_on: bool = True,
) -> Tried:
    """At least so many calls, in new boroughs on embedded stores in this folder. `progress` is told how many were made.

    `until_reached`: it goes on, up to four times as many, with what belongs to an operation that gave nothing to anybody yet, or
    to an end that nobody tried to outlive. `go_on`: also after a fault.
    """
    run, number = Run(seed, progress), 0
    while wanted := _wanted(run.tried, calls, until_reached=until_reached):
        place = folder / f"batch-{number}"
        place.mkdir()
        with served(place, much_later=number % EVERY == 1) as run.borough:
            run.batch(number, wanted)
        number += 1
        if run.tried.faults and not go_on:
            break
    return run.tried


def _wanted(tried: Tried, calls: int, *, until_reached: bool) -> set[str]:
    """The operations to try in the next borough; none when enough was tried. What is drawn seldom is drawn by chance."""
    every = {found.name for found in operations()}
    if tried.calls < calls:
        return every
    if not until_reached or tried.calls >= MOST_TIMES * calls:
        return set()
    if not tried.repeated or tried.read_again < calls // READ_AGAIN_EVERY:
        return every
    ends = {found.name for found in operations() if found.path.startswith("/grants")}
    return (every - tried.reached()) | (set() if tried.ended and tried.taken_back else ends)


def report(tried: Tried) -> str:
    """What was tried in full, for somebody to read."""
    lines = [tried.line()]
    for name, found in sorted(tried.answers.items()):
        lines.append(f"  {name}: " + ", ".join(f"{status}: {number:,}" for status, number in sorted(found.items())))
    lines += [f"NOT TRIED: {what}" for what in tried.lacks()]
    return "\n".join([*lines, *(f"FAULT {name}\n{calls}" for name, calls in tried.faults.items()), tried.promise()])


def _every_thousand(made: int) -> None:
    if made % 1_000 == 0:
        print(f"{made:,} calls", file=sys.stderr, flush=True)


if __name__ == "__main__":
    wanted, chosen = [*map(int, sys.argv[1:]), *(CALLS, 5)[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as made:
        ended = fuzz(Path(made), wanted, seed=chosen, progress=_every_thousand)
    print(report(ended))
    sys.exit(1 if ended.faults or ended.lacks() else 0)
