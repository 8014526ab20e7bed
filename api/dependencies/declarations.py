"""What a route says of itself, once: the permission it needs, whom its answers show, how fresh a sign-in must be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.dependencies.asking import ActorDep, record_denial
from api.dependencies.house import HouseDep, RealNowDep, in_the_loop
from api.errors import Rejected, StepUpNeeded
from forum.access.actors import SignedInBy
from forum.access.policy import Permission, is_allowed
from forum.errors import Mistake, NotPermitted

FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AllowedTo:
    """Refuses by role alone, before any record is looked at, and says so in the audit; then refuses unknown parameters."""

    permission: Permission

    async def __call__(self, request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep) -> None:
        if not is_allowed(actor.role, self.permission):
            await run_in_threadpool(record_denial, request, house, actor, NotPermitted.code, now)
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


def demand_fresh_sign_in(actor: ActorDep, now: RealNowDep) -> None:
    """Raises StepUpNeeded for a page's session signed in over five minutes ago. A token counts as freshly signed in."""
    if actor.how is SignedInBy.WEB_SESSION and now - actor.signed_in_at > FRESH:
        raise StepUpNeeded


def fresh_sign_in() -> Any:
    """Declares that a route needs a fresh sign-in, as exports do."""
    return Depends(in_the_loop(demand_fresh_sign_in))
