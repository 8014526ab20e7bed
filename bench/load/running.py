"""How work arrives: at a fixed rate whatever becomes of it (open), or from clients who ask again once answered (closed).

In the open loop a request's time counts from the moment it was meant to be sent, so that a service which falls behind is not
asked less for it, and cannot hide what people would have waited.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.load.calling import Answer, Lines
from bench.load.kinds_of_work import CHANGE, WORK, Work, World
from bench.load.people_at_work import Person

REFUSED = frozenset({429, 503})
MOST_IN_FLIGHT = 5_000


@dataclass(slots=True)
class Seen:
    """One request: what it was, when it was meant to begin (seconds into the run), how long it took, what came back."""

    work: Work
    at: float
    seconds: float
    status: int
    good: bool
    why: str = ""


@dataclass(slots=True)
class Load:
    """A load under way on one service: who asks, of what, and all that was seen."""

    lines: Lines
    world: World
    people: Sequence[Person]
    chance: random.Random
    told: Callable[[Seen], None]
    refusals_are_good: bool = False
    by_role: dict[str, list[Person]] = field(default_factory=dict)
    began: float = 0.0
    skipped: int = 0

    def __post_init__(self) -> None:
        for work in WORK:
            self.by_role[work.name] = [person for person in self.people if person.role in work.roles]

    def begin(self) -> None:
        self.began = time.perf_counter()
        self.skipped = 0

    def pick(self) -> tuple[Work, Person]:
        """The next kind of work, by the shares, and one of those who do it."""
        [work] = self.chance.choices(WORK, weights=[each.share for each in WORK])
        return work, self.chance.choice(self.by_role[work.name])

    async def one(self, work: Work, person: Person, meant: float) -> Seen | None:
        """Sends one request that was meant for that moment. None when this person is at that already."""
        request = work.ask(self.world, person, self.chance)
        if request is None:
            self.skipped += 1
            return None
        answer = await self.lines.ask(request, person.token)
        good = self._keep(work, person, answer)
        seen = Seen(work, meant - self.began, time.perf_counter() - meant, answer.status, good, "" if good else _why(answer))
        self.told(seen)
        return seen

    def _keep(self, work: Work, person: Person, answer: Answer) -> bool:
        """Whether this is what was asked for; what its sender remembers of it."""
        if work.name == CHANGE:
            person.changing = False
            if answer.status == 0:  # whether it was done is not known: they change nothing more
                person.own = person.kept_note = ""
        if answer.status == work.expected and answer.body:
            work.then(person, answer)
            return True
        return self.refusals_are_good and answer.status in REFUSED


def _why(answer: Answer) -> str:
    return answer.body[:200].decode("utf-8", "replace")


async def open_loop(load: Load, *, rate: float, seconds: float) -> int:
    """Work arrives `rate` times a second. How many could not be sent since MOST_IN_FLIGHT were still unanswered: not sent."""
    flying: set[asyncio.Task[Seen | None]] = set()
    not_sent = 0
    first = time.perf_counter()
    for meant in _moments(load.chance, rate, first, seconds):
        late = meant - time.perf_counter()
        if late > 0:
            await asyncio.sleep(late)
        if len(flying) >= MOST_IN_FLIGHT:
            not_sent += 1
            continue
        work, person = load.pick()
        task = asyncio.create_task(load.one(work, person, meant))
        flying.add(task)
        task.add_done_callback(flying.discard)
    await asyncio.gather(*flying)
    return not_sent


def _moments(chance: random.Random, rate: float, first: float, seconds: float) -> Iterator[float]:
    """When people ask: at random, `rate` a second on average, as people who know nothing of each other do."""
    at = first
    while (at := at + chance.expovariate(rate)) < first + seconds:
        yield at


async def closed_loop(load: Load, *, clients: int, seconds: float) -> int:
    """So many clients, each asking again as soon as it is answered, for so long. None of theirs is left unsent: 0."""
    until = time.perf_counter() + seconds

    async def client() -> None:
        while (meant := time.perf_counter()) < until:
            work, person = load.pick()
            if await load.one(work, person, meant) is None:
                await asyncio.sleep(0)

    await asyncio.gather(*(client() for _ in range(clients)))
    return 0
