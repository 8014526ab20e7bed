"""What a route says of itself, once: the permission it needs, whom its answers show, how fresh a sign-in must be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Depends
from starlette.requests import Request

from api.dependencies.asking import ActorDep, record_denial
from api.dependencies.house import House, HouseDep, RealNowDep
from api.dependencies.workers import Threads
from api.errors import Rejected, StepUpNeeded
from api.sign_in.step_up import want
from forum.access.actors import Actor, SignedInBy
from forum.access.policy import Permission, is_allowed
from forum.errors import Mistake, NotPermitted

FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AllowedTo:
    """Refuses by role alone, before any record is looked at, and says so in the audit; then refuses unknown parameters."""

    permission: Permission

    async def __call__(self, request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep) -> None:
        if not is_allowed(actor.role, self.permission):
            record_denial(request, house, actor, NotPermitted.code, now)
            raise NotPermitted
        if not set(request.query_params) <= request.scope["route"].known_parameters:
            raise Rejected([Mistake("/query", "unknown-field", "Leave out parameters that are not described.")])


def allowed_to(permission: Permission) -> Any:
    """Declares the one permission a route needs; stands in the route's `dependencies`."""
    return Depends(AllowedTo(permission))


@dataclass(frozen=True, slots=True)
class Shows:
    """Declares whether a route shows people. One that says it shows nobody, and does, fails before anything leaves."""

    people: bool

    async def __call__(self, request: Request) -> None:
        request.state.shows_people = self.people


def shows_people() -> Any:
    """Declares that answers of this route may show people."""
    return Depends(Shows(people=True))


def shows_nobody() -> Any:
    """Declares that no answer of this route shows a person."""
    return Depends(Shows(people=False))


@dataclass(frozen=True, slots=True)
class WithoutSignIn:
    """Declares that a route is open to anyone who can reach the service, and why."""

    why: str

    async def __call__(self) -> None:
        return None


def without_sign_in(why: str) -> Any:
    """Declares in place of a permission that nobody needs to sign in."""
    return Depends(WithoutSignIn(why))


@dataclass(frozen=True, slots=True)
class WorkedOnApart:
    """Declares that a route may take long, and on which threads it therefore keeps no reader waiting."""

    among: Threads

    async def __call__(self) -> None:
        return None


def takes_long() -> Any:
    """Declares that a route mostly waits, for a finding that another process works out."""
    return Depends(WorkedOnApart(Threads.WAITING))


def draws_maps() -> Any:
    """Declares that a route draws a map, which may take seconds the first time."""
    return Depends(WorkedOnApart(Threads.DRAWING))


@dataclass(frozen=True, slots=True)
class RepeatedAs:
    """Declares how a repeat of a change is answered: as this reading of the same path, with what is in sight by then.

    Nothing of what was changed is kept with the key of the write, so it is shown again through today's sight, and recorded.
    """

    reading: Callable[..., Any]

    async def __call__(self) -> None:
        return None


def repeated_as(reading: Callable[..., Any]) -> Any:
    """Declares of a route that answers with the record it changed (PATCH) by what reads it; a repeat is answered by that."""
    return Depends(RepeatedAs(reading))


def is_fresh(actor: Actor, now: datetime) -> bool:
    """Whether this sign-in is of the last five minutes. A token counts as freshly signed in."""
    return actor.how is not SignedInBy.WEB_SESSION or now - actor.signed_in_at <= FRESH


def demand_fresh_sign_in(request: Request, actor: Actor, house: House, now: datetime, *, then: str = "") -> None:
    """Raises StepUpNeeded for a page's session signed in over five minutes ago, and remembers what was asked for.

    `then` is remembered instead, where it is given: the page of a form, since a form that was sent is not sent again.
    """
    if is_fresh(actor, now):
        return
    if request.method == "GET" and not then:
        query = f"?{request.url.query}" if request.url.query else ""
        then = f"{request.url.path}{query}"
    if then:
        want(house.store.shelf, actor.session, then, now=now)
    record_denial(request, house, actor, StepUpNeeded.code, now)
    raise StepUpNeeded


@dataclass(frozen=True, slots=True)
class FreshSignIn:
    """Declares that a route needs a sign-in of the last five minutes; `then`: to which page a form leads after it."""

    then: str = ""

    async def __call__(self, request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep) -> None:
        demand_fresh_sign_in(request, actor, house, now, then=self.then)


def fresh_sign_in(*, then: str = "") -> Any:
    """Declares that a route needs a fresh sign-in, as everything does that a cell of the role table marks s."""
    return Depends(FreshSignIn(then))
