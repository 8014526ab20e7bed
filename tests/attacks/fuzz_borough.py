"""The borough that generated calls are made to: served in this process, with somebody in each role, and a clock that moves."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from forum.access.actors import Role
from forum.access.policy import house_scope
from forum.code_lists import CODE_LISTS
from graph.records import RecordId
from ingest.case_file import Case, read_case
from ingest.case_load import load_case
from tests.api.running import API, Caller, Service
from tests.attacks.described import COLLEAGUES, GRANTEES, Operation, operations
from tests.builders import ACTOR, FORUM, NOW
from tests.conftest import empty_place

CASE = Path(__file__).parents[1] / "fixtures" / "calderwick.yaml"
# Far enough apart that no limit of so many a minute or an hour is met.
BETWEEN = timedelta(seconds=10)
# A day when what is in the borough is past its review, while tokens and grants keep the real clock.
MUCH_LATER = (NOW + timedelta(days=400)).date()
DAYS = timedelta(days=25)
# Who is named by others: not whoever asks most, since nobody names themselves.
COLLEAGUES_ARE = (Role.CHAIR, Role.PRACTITIONER, Role.PANEL_MEMBER)


@dataclass(frozen=True)
class Call:
    """One request. `sent` is its body as plain data, where it is that; `known` says whether it is exactly what was sent."""

    operation: Operation
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    sent: Any = None

    def __str__(self) -> str:
        asked = "".join(f" {name}={value[:60]!r}" for name, value in self.query)
        kept = {name: value[:80] for name, value in self.headers.items()}
        return f"{self.operation.method} {self.path[:200]}{asked} {kept} {(self.content or b'')[:3000]!r}"


@dataclass(frozen=True)
class Somebody:
    """Who asks: `role` is None for whoever is not signed in."""

    role: Role | None
    caller: Caller

    @property
    def name(self) -> str:
        return self.role.value if self.role else "nobody"


class Borough:
    """Calderwick, served, with everybody who asks. `ids` are the ids of its records by kind; what is made is added to them."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.ids = self._load()
        self.kind_of = {one: kind for kind, ids in self.ids.items() for one in ids}
        referral, person = (RecordId(self.ids[kind][0]) for kind in ("Referral", "YoungPerson"))
        # Asks for nothing by themselves: a grant is all that lets them see anything.
        self.newcomer = self._somebody(Role.PRACTITIONER)
        self.everybody = (
            self._somebody(Role.COORDINATOR),
            self._somebody(Role.CHAIR),
            self._somebody(Role.PRACTITIONER, referral, person),
            self._somebody(Role.REFERRER),
            self._somebody(Role.PANEL_MEMBER, referral),
            self._somebody(Role.GUEST, RecordId(self.ids["Location"][0])),
            self._somebody(Role.ANALYST),
            self._somebody(Role.INFORMATION_GOVERNANCE),
            self._somebody(Role.ADMINISTRATOR),
            *(
                Somebody(None, Caller(service.client, ACTOR, headers))
                for headers in ({}, {"Authorization": "Bearer " + "0" * 64}, {"Authorization": "Basic Zm86YmFy"})
            ),
        )
        colleagues: list[str] = [who.caller.actor for who in self.everybody if who.role in COLLEAGUES_ARE]
        self.actors = {COLLEAGUES: colleagues, GRANTEES: [*colleagues, *[self.newcomer.caller.actor] * 8]}

    @property
    def today(self) -> date:
        """The day that the service takes as today."""
        return self.service.house.settings.on or self.service.clock().date()

    @property
    def coordinator(self) -> Somebody:
        return self.everybody[0]

    def send(self, who: Somebody, call: Call) -> httpx.Response:
        """The answer, some seconds after the one before."""
        self.service.clock.now += BETWEEN
        whole = {**who.caller.headers, **call.headers}
        headers: Any = {name: value.encode("latin-1", "replace") for name, value in whole.items()}
        asked: Any = [(name, value.encode("utf-8", "replace").decode()) for name, value in call.query]
        answer: httpx.Response = who.caller.client.request(
            call.operation.method, f"{API}{call.path}", params=asked or None, headers=headers, content=call.content
        )
        return answer

    def add(self, kind: str, one: str) -> None:
        """Something more to name in later calls."""
        self.ids.setdefault(kind, []).append(one)
        self.kind_of[one] = kind

    def _load(self) -> dict[str, list[str]]:
        store = self.service.store
        load_case(store, _calderwick(), scope=house_scope(FORUM), by=ACTOR, now=self.service.clock())
        found: dict[str, list[str]] = {}
        after = 0
        while page := list(store.changes(after=after, limit=1_000)):
            for change in page:
                found.setdefault(change.kind, []).append(str(change.record))
            after = max(change.revision for change in page)
        return found

    def _somebody(self, role: Role, *reads: RecordId) -> Somebody:
        caller = self.service.caller(role, hours=DAYS // timedelta(hours=1))
        if reads:
            self.service.grant(caller.actor, *reads, lasts=DAYS)
        return Somebody(role, caller)


@cache
def _calderwick() -> Case:
    return read_case(CASE)


@contextmanager
def served(folder: Path, *, much_later: bool = False) -> Iterator[Borough]:
    """A new borough on a new embedded store in this folder."""
    place = empty_place("sqlite", folder)
    with place.opened:
        service = Service(place, on=MUCH_LATER) if much_later else Service(place)
        with service.client:
            yield Borough(service)


# What must have been done at least once for "nothing is used after its end" to rest on anything, by its count; and in words.
MUST_BE_TRIED = {
    "read_again": "read again as sent",
    "ended": "ended and looked for again",
    "taken_back": "out of sight with their grant",
    "repeated": "repeated under their key",
}


def not_tried(every: Iterable[str], reached: Iterable[str], done: Mapping[str, int]) -> list[str]:
    """What some calls left untried: operations that gave nothing to anybody, and what was never once done."""
    refused = sorted(set(every) - set(reached))
    never = [words for name, words in MUST_BE_TRIED.items() if not done[name]]
    return [*(f"nobody got anything from {name}" for name in refused), *(f"nothing was {words}" for words in never)]


PURPOSES = tuple(code.code for code in CODE_LISTS["SHARING_PURPOSE"].codes)


@dataclass
class Tried:
    """How many calls were made, how each operation answered, and what was found. A fault stands here once, with its calls."""

    calls: int = 0
    read_again: int = 0
    repeated: int = 0
    ended: int = 0
    taken_back: int = 0
    cut_short: int = 0
    answers: dict[str, Counter[int]] = field(default_factory=dict)
    followed: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def count(self, name: str, status: int) -> None:
        self.calls += 1
        self.answers.setdefault(name, Counter())[status] += 1

    def reached(self) -> set[str]:
        """The operations that somebody got something from."""
        return {name for name, found in self.answers.items() if any(status < 300 for status in found)}

    def lacks(self) -> list[str]:
        """What was never tried, of all that is described and all that must be done. Only refusals are no try."""
        return not_tried((found.name for found in operations()), self.reached(), vars(self))

    def faulty(self, fault: str) -> int:
        """How many different faults of this sort."""
        return sum(name.startswith(fault) for name in self.faults)

    def line(self) -> str:
        statuses: Counter[int] = sum(self.answers.values(), Counter())
        told = ", ".join(f"{status}: {number:,}" for status, number in sorted(statuses.items()))
        return (
            f"Fuzz: {self.calls:,} calls to {len(self.answers)} operations of which {len(self.reached())} gave something, "
            f"{len(self.followed)} links followed to an answer, "
            + "".join(f"{getattr(self, name):,} {words}, " for name, words in MUST_BE_TRIED.items())
            + f"{self.cut_short} runs cut short ({told})"
        )

    def promise(self) -> str:
        """R12: what was promised, and whether it held."""
        return (
            f"R12: {self.calls:,} generated calls, links between operations: {self.faulty('server error')} server errors, "
            f"{self.faulty('accepted')} accepted but invalid, {self.faulty('after its end')} used after their end, "
            f"{self.faulty('answered')} answered otherwise than described"
        )
