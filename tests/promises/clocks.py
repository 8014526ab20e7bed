"""R16: the clock may be moved a day either way, cross a leap day, change its zone: order is kept, nothing lives longer for it.

What holds is judged by the time that really went by, which no clock of the service knows.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

from forum.access.actors import Role
from graph.contexts import Location
from graph.records import RecordId
from graph.store.boundary import NewStore
from tests.api.running import Caller, Service
from tests.api.test_acknowledged_writes import a_referral
from tests.builders import FORUM, a_scope
from tests.conftest import StorePlace, empty_place
from tests.promises.outcomes import Outcome, Size
from tests.promises.sign_ins import Given, given_before

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
LASTS = timedelta(hours=4)
MOVED_AT = timedelta(hours=2)
# A service looks at its clock once a minute at least. What went by since it last looked is not known when the clock was moved
# back; and clocks are set right by a few seconds all the time.
LOOKED_BEFORE, UNKNOWN = timedelta(minutes=1), timedelta(seconds=65)
# Over days, more often than by how much the clock is moved; really once a minute.
LOOKS_EVERY = timedelta(hours=12)
# How long a repeat is told from a new request by its key. Written out here, and not read from the product.
KEPT = timedelta(days=30)
ASKED_AT = (
    HOUR, 3 * HOUR, LASTS - UNKNOWN, LASTS + SECOND, LASTS + UNKNOWN + SECOND, LASTS + HOUR, LASTS + DAY,
    KEPT - UNKNOWN, KEPT + SECOND, KEPT + UNKNOWN + SECOND,
)  # fmt: skip
# Links and sessions end within minutes: they are made shortly before the clock is moved.
GIVEN_AT = MOVED_AT - timedelta(minutes=5)
TO_THE_END = 40 * 24

STARTS = {
    "an ordinary day": datetime(2026, 11, 21, 9, tzinfo=UTC),
    "the eve of a leap day": datetime(2028, 2, 28, 22, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 21, tzinfo=UTC),
    "the night the clocks go back": datetime(2027, 10, 31, 0, tzinfo=UTC),
    "the night the clocks go forward": datetime(2027, 3, 28, 0, tzinfo=UTC),
    "the last hours of a year": datetime(2026, 12, 31, 21, tzinfo=UTC),
}
EVE = "the eve of a leap day"
PLACE = {"label": "Canal bridge"}
ZONES = ("Europe/London", "Pacific/Kiritimati", "America/Los_Angeles")


@dataclass(frozen=True)
class Move:
    """What happens to the clock two hours in: by how much it is moved, whether the service ends meanwhile, which zone."""

    name: str
    by: tuple[timedelta, ...] = ()
    meanwhile: Literal["serving", "stopped", "killed"] = "serving"
    zone: str = ""

    @property
    def steps_back(self) -> int:
        return sum(each < timedelta() for each in self.by)

    @property
    def goes_forward(self) -> bool:
        return any(each > timedelta() for each in self.by)


MOVES = (
    Move("left alone"),
    Move("a day forward", (DAY,)),
    Move("a day back", (-DAY,)),
    Move("a day forward, then back", (DAY, -DAY)),
    Move("a day back, then forward", (-DAY, DAY)),
    Move("a day back while the service is stopped", (-DAY,), meanwhile="stopped"),
    Move("a day back after the service was killed", (-DAY,), meanwhile="killed"),
    *(Move(f"to the zone {zone}", zone=zone) for zone in ZONES),
)


@dataclass
class Seen:
    """What was asked and seen over all moves."""

    asked: int = 0
    bad: int = 0
    moves: int = 0
    events: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def in_zone(zone: str) -> Iterator[None]:
    """The whole process in another zone; as it was afterwards."""
    before = os.environ.get("TZ")
    if zone:
        os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ", None)
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


class Trial:
    """One start and one move: a token, a grant, a key, sessions and links made before it, asked about until after their end."""

    def __init__(self, place: StorePlace, start: datetime, move: Move, seen: Seen) -> None:
        self.place, self.start, self.move, self.seen = place, start, move, seen
        self.moved, self.has_moved = timedelta(), False
        # The life of an evaluation store is its own matter: here nothing ends but what was given.
        new = NewStore(forum=FORUM, evaluation=True, made_at=start, lives_until=None)
        place.open(making=new).close()

    def run(self) -> None:
        """Everything, from making to the last question."""
        service = Service(self.place, now=self.start)
        with ExitStack() as self.ends:
            self.ends.enter_context(service.client)
            worker = service.caller(hours=TO_THE_END)
            short = service.caller(hours=int(LASTS / HOUR))
            granted = service.caller(Role.PRACTITIONER, hours=TO_THE_END)
            self.referral = RecordId(worker.post("/referrals", a_referral(1)).json()["id"])
            service.grant(granted.actor, self.referral, lasts=LASTS)
            self.made = [worker.post("/locations", PLACE, key="one").json()["id"]]
            self.callers = [worker, short, granted]
            service = self.ask_until_long_after(service)
            self.judge_order(service)

    def ask_until_long_after(self, service: Service) -> Service:
        for went_by in ASKED_AT:
            if went_by > MOVED_AT and not self.has_moved:
                given = given_before(service.store, self.start + GIVEN_AT, UNKNOWN)
                service = self.move_clock(service)
                self.ask_sign_ins(service, given)
            self.go_on_until(went_by, service)
            self.ask(went_by)
        return service

    def go_on_until(self, went_by: timedelta, service: Service) -> None:
        """A service looks at its clock by itself, too; one that has not for as long as it was moved takes it for right again."""
        until = self.start + went_by + self.moved
        while until - service.clock.now > LOOKS_EVERY:
            service.clock.now += LOOKS_EVERY
            service.house.clock.look()
        service.clock.now = until

    def move_clock(self, service: Service) -> Service:
        """Each step of the move, seen by the service before the next one. Until then it has looked at its clock each minute."""
        self.has_moved = True
        service.clock.now = self.start + MOVED_AT - LOOKED_BEFORE
        service.house.clock()
        service.house.clock.keep_latest()
        self.seen.moves += len(self.move.by) or 1
        for by in self.move.by:
            self.moved += by
            now = self.start + MOVED_AT + self.moved
            if self.move.meanwhile != "serving":
                service = self.begin_again(service, now)
            service.clock.now = now
            self.callers[0].get("/code-lists")
        return service

    def begin_again(self, service: Service, now: datetime) -> Service:
        """Another process on the same store, after one that ended in order or did not."""
        if self.move.meanwhile == "stopped":
            self.ends.close()
        else:
            service.house.gathering.close()
            service.house.store.close()
            self.ends.pop_all()
        begun = Service(self.place, now=now)
        self.ends.enter_context(begun.client)
        self.callers = [Caller(begun.client, caller.actor, caller.headers) for caller in self.callers]
        return begun

    def ask_sign_ins(self, service: Service, given: list[Given]) -> None:
        for each in given:
            service.clock.now = self.start + GIVEN_AT + each.asked + self.moved
            self.seen.asked += 1
            self.judge(each.what, each.asked, each.ends, holds=each.holds(service))

    def ask(self, went_by: timedelta) -> None:
        worker, short, granted = self.callers
        self.seen.asked += 4
        self.seen.bad += 1
        self.judge("a token", went_by, LASTS, holds=short.get("/code-lists").status_code == 200)
        self.judge("a grant", went_by, LASTS, holds=granted.get(f"/referrals/{self.referral}").status_code == 200)
        again = worker.post("/locations", PLACE, key="one")
        self.judge("a key", went_by, KEPT, holds=again.json().get("id") == self.made[0])
        if again.status_code != 201:
            self.say(f"a repeat is answered {again.status_code}")
        elif again.json()["id"] not in self.made:
            self.made.append(again.json()["id"])
        if worker.post("/locations", {"label": "Elsewhere"}, key="one").status_code != 422:
            self.say("a key was good for something else")

    def judge(self, what: str, went_by: timedelta, ends: timedelta, *, holds: bool) -> None:
        """Held against the time that really went by. What goes forward may end things early, what goes back nothing late."""
        if holds and went_by >= ends + (UNKNOWN if self.move.steps_back else timedelta()):
            self.say(f"{what} lived longer than it should")
        if not holds and went_by < ends and (not self.has_moved or not self.move.goes_forward):
            self.say(f"{what} ended before its time")

    def judge_order(self, service: Service) -> None:
        """The audit's chain and the journal hold, in their order; a clock that was moved back stands in the audit."""
        entries = service.store.audit(limit=10_000)
        linked = pairwise(entries)
        if any(after.seq != before.seq + 1 or after.previous != before.hash for before, after in linked):
            self.say("the audit is out of order")
        revisions = [change.revision for change in service.store.changes(after=0, limit=10_000)]
        if revisions != sorted(revisions):
            self.say("the journal is out of order")
        events = sum(entry.clock_state != "steady" for entry in entries)
        self.seen.events += events
        if events != self.move.steps_back:
            self.say(f"the clock was moved back {self.move.steps_back} times and {events} are recorded")
        with service.store.view(a_scope()) as view:
            if sum(place.label == PLACE["label"] for place in view.find(Location)) != len(self.made) or len(self.made) > 2:
                self.say("a repeat was done twice")

    def say(self, what: str) -> None:
        self.seen.wrong.append(f"{what} ({self.start:%d %B %Y}, {self.move.name})")


def measure_clocks(kind: str, folder: Path, size: Size) -> Outcome:
    """Every move from every start, or from the eve of a leap day alone."""
    seen, starts = Seen(), STARTS if size == "large" else {EVE: STARTS[EVE]}
    for number, start in enumerate(starts.values()):
        for other, move in enumerate(MOVES):
            place = empty_place(kind, folder / f"{number}-{other}")
            with place.opened, in_zone(move.zone):
                Trial(place, start, move, seen).run()
    return Outcome(
        held=f"{len(starts)} starts, {len(MOVES)} moves of the clock or its zone, {seen.events} recorded as moved back",
        load=seen.asked,
        faults=seen.moves,
        bad_inputs=seen.bad,
        wrong=tuple(seen.wrong),
    )
