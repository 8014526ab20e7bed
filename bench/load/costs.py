"""What one request of each kind costs the service, in its own processor time, asked one after another."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench.load.kinds_of_work import CHAIRS, WORK, Work
from bench.load.running import Load
from bench.load.served import Service
from forum.access.actors import Role


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor milliseconds of one request, median seconds apart; `who` is the role that asked."""

    name: str
    who: str
    share: float
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def costs(load: Load, service: Service, *, each: int, step: Callable[[Cost], None]) -> list[Cost]:
    """Each kind of work, asked by a coordinator where they do it and by a practitioner where they do, one after another."""
    found = []
    for work in WORK:
        for role in (Role.COORDINATOR, Role.PRACTITIONER):
            if role in work.roles:
                found.append(await _cost(load, service, work, role, each))
                step(found[-1])
    return found


async def _cost(load: Load, service: Service, work: Work, role: Role, each: int) -> Cost:
    people = [person for person in load.by_role[work.name] if person.role is role]
    before = service.cpu_seconds()
    for number in range(each):
        await load.one(work, people[number % len(people)], time.perf_counter())
        await asyncio.sleep(0.05)
    milliseconds = (service.cpu_seconds() - before) / each * 1000
    chairs = role in CHAIRS
    everyone = load.by_role[work.name]
    share = sum(person.role in CHAIRS for person in everyone) / len(everyone)
    return Cost(work.name, role.value, work.share * (share if chairs else 1 - share), milliseconds)


def mean_of(found: list[Cost]) -> float:
    """Processor milliseconds of a request of the whole mix."""
    return sum(cost.share * cost.milliseconds for cost in found) / sum(cost.share for cost in found)
