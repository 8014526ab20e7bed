"""What a route is handed: who asks, what day it is, what they may see, and a transaction that commits before the answer."""

from api.dependencies.asking import ActorDep, BodyDep, IfMatchDep, PageDep, action_of, address_of, record_refused_sign_in
from api.dependencies.declarations import (
    allowed_to,
    draws_maps,
    fresh_sign_in,
    is_fresh,
    repeated_as,
    shows_nobody,
    shows_people,
    takes_long,
    without_sign_in,
)
from api.dependencies.house import House, HouseDep, NowDep, RealNowDep, TodayDep, at_once, see_to_clock
from api.dependencies.routes import KithRoute
from api.dependencies.transactions import DisclosureDep, NetworkDep, ScopeDep, SightDep, ViewDep, WriterDep, people_among

__all__ = [
    "ActorDep",
    "BodyDep",
    "DisclosureDep",
    "House",
    "HouseDep",
    "IfMatchDep",
    "KithRoute",
    "NetworkDep",
    "NowDep",
    "PageDep",
    "RealNowDep",
    "ScopeDep",
    "SightDep",
    "TodayDep",
    "ViewDep",
    "WriterDep",
    "action_of",
    "address_of",
    "allowed_to",
    "at_once",
    "draws_maps",
    "fresh_sign_in",
    "is_fresh",
    "people_among",
    "record_refused_sign_in",
    "repeated_as",
    "see_to_clock",
    "shows_nobody",
    "shows_people",
    "takes_long",
    "without_sign_in",
]
