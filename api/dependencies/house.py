"""What the service is made of, and what time it is: the real moment, and the day taken as today for facts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends
from starlette.requests import Request

from api.cluster_desk import ClusterDesk
from api.dependencies.workers import Workers
from api.evaluation_life import is_past_its_life
from api.measures import Measures
from api.onward_clock import OnwardClock
from api.pace import Pace
from api.settings import Settings
from forum.audit import clock_entry
from graph.errors import StoreRefused
from graph.projection import Projection
from graph.store.boundary import Store, StoreFacts
from graph.store.gathering import Gathering

P = ParamSpec("P")
T = TypeVar("T")

# Moments are in UTC; in summer a day of those who work here has come an hour before.
SUMMER_TIME = timedelta(hours=1)


def at_once(step: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """The same as a step that the framework hands to no other thread: it is done on the one on which its request is worked on.

    Everything that a route depends on, and its endpoint, is made so; it may wait for a store, a lock or a disk.
    """

    @wraps(step)
    async def stepped(*args: P.args, **kwargs: P.kwargs) -> T:
        return step(*args, **kwargs)

    return stepped


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What `create_app` put together. `clock` gives aware UTC and never goes back, `chance(n)` n random bytes.

    `secret` signs cursors and digests.
    """

    settings: Settings
    store: Store
    facts: StoreFacts
    projection: Projection
    gathering: Gathering
    workers: Workers
    clusters: ClusterDesk
    measures: Measures
    pace: Pace
    clock: OnwardClock
    chance: Callable[[int], bytes]
    secret: bytes


def current_house(request: Request) -> House:
    """The one house of this service."""
    house: House = request.app.state.house
    return house


HouseDep = Annotated[House, Depends(at_once(current_house))]


def real_now(house: HouseDep) -> datetime:
    """The real moment of this request: for grants, sign-in, audit and keys. A store past its life answers nothing."""
    now = house.clock()
    if is_past_its_life(house.facts, now):
        raise StoreRefused("This evaluation store is past its 30 days. Whoever runs it can renew it: kith serve --renew.")
    return now


def see_to_clock(house: House, now: datetime) -> None:
    """Records a machine's clock that was moved back, before whoever signs in or asks is answered; keeps the latest moment."""
    if house.clock.take_moved_back():
        try:
            house.gathering.record([clock_entry(now=now)])
        except BaseException:
            house.clock.moved_back_again()
            raise
    house.clock.keep_latest()


RealNowDep = Annotated[datetime, Depends(at_once(real_now))]


def current_now(house: HouseDep, real: RealNowDep) -> datetime:
    """Now for facts, in UTC: on an evaluation store, `--on` moves its day and leaves the time of day."""
    on = house.settings.on
    return real if on is None else real.replace(year=on.year, month=on.month, day=on.day)


NowDep = Annotated[datetime, Depends(at_once(current_now))]


def current_today(now: NowDep) -> date:
    """Today for facts, review dates and tellings."""
    return now.date()


TodayDep = Annotated[date, Depends(at_once(current_today))]


def latest_day(today: TodayDep, real: RealNowDep) -> date:
    """The latest day that has come: with `--on` an earlier day is taken as today, and what is new goes on coming in."""
    return max(today, (real + SUMMER_TIME).date())


LatestDayDep = Annotated[date, Depends(at_once(latest_day))]
