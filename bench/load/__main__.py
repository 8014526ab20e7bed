"""`python -m bench.load`: a real `kith serve` on loopback under the work of a hundred people; bounded, and ends by itself."""

import argparse
import asyncio
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from bench.load.assurance import PAGE, write_part
from bench.load.calling import Lines
from bench.load.costs import costs, mean_of
from bench.load.kinds_of_work import CHAIRS, WORK, World
from bench.load.loaded_borough import AS_OF
from bench.load.people_at_work import Person
from bench.load.running import Load, closed_loop, open_loop
from bench.load.served import Service, machine_cpu_seconds, serving
from bench.load.setting_up import STORE, count_lost, get_ready, make_borough_store
from bench.load.telling import AFTER, OPEN, OVERLOAD, SHORTEST_FOR_MEMORY, WHOLE_RUN, Phase, Sample, Told

RESULTS = Path(__file__).resolve().parents[1] / "results"
WARM_UP_SECONDS, EACH, SAMPLE_SECONDS, CLOSED_SHARE = 15, 20, 5, 0.1
AFRESH_SECONDS = 120
TIMES, OVERLOAD_SECONDS, AFTER_SECONDS = 10, 30, 60


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="kith-load-") as name:
        folder = Path(name)
        print("Making the borough and giving everybody a seat ...", file=sys.stderr)
        people, world = make_borough_store(folder)
        told = _both(asked, folder / STORE, people, world)
    _say(told, asked)
    return 0 if told.held() else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="requests a second of the open loop (50)")
    parser.add_argument("--seconds", type=int, default=WHOLE_RUN, help=f"how long the open loop lasts ({WHOLE_RUN})")
    parser.add_argument("--clients", type=int, default=16, help="how many clients ask back to back afterwards (16); 0: none")
    parser.add_argument("--overload", action="store_true", help="then ten times the rate for half a minute, and the minute after")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not (0 < asked.rate <= 1_000 and 5 <= asked.seconds <= 3_600 and 0 <= asked.clients <= 256):
        parser.error("a rate up to 1,000, 5 to 3,600 seconds, up to 256 clients")
    return asked


def _both(asked: argparse.Namespace, store: Path, people: list[Person], world: World) -> Told:
    """One service that grows older under the open loop, and then another on the same store, for all the rest.

    What the first holds at its end is compared with what the second holds, which reads as much and has kept nothing yet.
    """
    afresh = AFRESH_SECONDS if asked.seconds >= SHORTEST_FOR_MEMORY else 0
    closed = max(5, round(asked.seconds * CLOSED_SHARE)) if asked.clients else 0
    after = OVERLOAD_SECONDS + AFTER_SECONDS if asked.overload else 0
    told = Told(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", _machine())
    with tqdm(total=WARM_UP_SECONDS + asked.seconds + afresh + closed + after, desc="load", unit="s", dynamic_ncols=True) as bar:
        with serving(store, on=AS_OF.isoformat()) as service:
            asyncio.run(_grow_older(asked, _Run(service, people, world, asked.seed, bar), told))
        with serving(store, on=AS_OF.isoformat()) as service:
            asyncio.run(_begin_afresh(asked, _Run(service, people, world, asked.seed + 1, bar), told, afresh, closed))
    return told


async def _grow_older(asked: argparse.Namespace, run: "_Run", told: Told) -> None:
    await get_ready(run.lines, run.people, run.world)
    told.first_look = await run.first_look()
    told.aside += (await run.open("Warm-up", asked.rate / 2, WARM_UP_SECONDS)).errors
    told.costs = await costs(run.load, run.service, each=EACH, step=lambda cost: run.bar.set_postfix_str(cost.name))
    told.phases.append(await run.open(OPEN, asked.rate, asked.seconds))
    run.lines.close()


async def _begin_afresh(asked: argparse.Namespace, run: "_Run", told: Told, afresh: int, closed: int) -> None:
    if afresh:
        begun_afresh = await run.open("Begun afresh", asked.rate, afresh)
        told.phases[0].afresh, told.aside = begun_afresh.samples, told.aside + begun_afresh.errors
    if closed:
        told.phases.append(await run.closed(asked.clients, closed))
    if asked.overload:
        run.load.refusals_are_good = True
        told.phases.append(await run.open(OVERLOAD, asked.rate * TIMES, OVERLOAD_SECONDS))
        run.load.refusals_are_good = False
        told.phases.append(await run.open(AFTER, asked.rate, AFTER_SECONDS))
    told.looked_for, told.lost = await count_lost(run.lines, run.people)
    run.lines.close()


def _machine() -> dict[str, object]:
    return {"Kith": version("kith"), "Python": platform.python_version(), "processors": os.cpu_count()}


class _Run:
    """Phases of one load, each with its samples and what was used meanwhile."""

    def __init__(self, service: Service, people: list[Person], world: World, seed: int, bar: "tqdm[None]") -> None:
        self.service = service
        self.people = people
        self.world = world
        self.bar = bar
        self.lines = Lines("127.0.0.1", service.port)
        self.load = Load(self.lines, world, people, random.Random(seed), lambda _seen: None)

    async def first_look(self) -> dict[str, float]:
        """Seconds of the first picture of the full map, and of the next: a layout and a picture are worked out once."""
        work = next(each for each in WORK if each.name == "map of 150: picture")
        person = next(each for each in self.load.people if each.role in CHAIRS)
        found = {}
        self.load.begin()
        for name in ("cold", "kept"):
            seen = await self.load.one(work, person, time.perf_counter())
            assert seen is not None and seen.good, "the full map has no picture"
            found[name] = round(seen.seconds, 3)
        return found

    async def open(self, name: str, rate: float, seconds: int) -> Phase:
        phase = Phase(name, seconds, rate, None)
        phase.not_sent = await self._measured(phase, lambda: open_loop(self.load, rate=rate, seconds=seconds))
        return phase

    async def closed(self, clients: int, seconds: int) -> Phase:
        phase = Phase("Closed loop", seconds, None, clients)
        await self._measured(phase, lambda: closed_loop(self.load, clients=clients, seconds=seconds))
        return phase

    async def _measured(self, phase: Phase, go: Callable[[], Awaitable[int]]) -> int:
        self.bar.set_postfix_str(phase.name)
        self.load.told = phase.seen.append
        self.load.begin()
        before = self.service.cpu_seconds(), time.process_time(), machine_cpu_seconds()
        watching = asyncio.create_task(self._watch(phase))
        not_sent = await go()
        phase.skipped = self.load.skipped
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        service, own, all_of_it = (
            now - then
            for now, then in zip((self.service.cpu_seconds(), time.process_time(), machine_cpu_seconds()), before, strict=True)
        )
        phase.samples.append(self._sample())
        phase.cpu = {"the service": service, "the caller": own, "all else on the machine": max(all_of_it - service - own, 0.0)}
        return not_sent

    def _sample(self) -> Sample:
        at = time.perf_counter() - self.load.began
        return Sample(round(at, 1), round(self.service.memory_mb(), 1), round(self.service.cpu_seconds(), 2))

    async def _watch(self, phase: Phase) -> None:
        for second in range(round(phase.seconds)):
            if second % SAMPLE_SECONDS == 0:
                phase.samples.append(self._sample())
            await asyncio.sleep(1)
            self.bar.update(1)


def _say(told: Told, asked: argparse.Namespace) -> None:
    lines = told.as_markdown()
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"load-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(told.as_json(), "utf-8")
    print(f"\nWritten to {path}; mean of the mix {mean_of(told.costs):.1f} ms", file=sys.stderr)
    if asked.seconds >= WHOLE_RUN and asked.rate >= 50:
        write_part(PAGE, lines)
        print(f"Written into {PAGE}", file=sys.stderr)
    else:
        print("Not written into docs/assurance.md: that takes ten minutes at 50 a second.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
