"""What a route reads and writes through: a view, a network or a writer inside the actor's scope, and what its answer discloses.

What is held open here ends after the answer is built and before its first byte is sent.
"""

import hmac
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from api.dependencies.asking import ActorDep, action_of, current_key, record_denial
from api.dependencies.house import House, HouseDep, NowDep, RealNowDep, at_once
from api.errors import TooManyRequests
from forum.access.actors import Actor
from forum.access.disclosure import Disclosure
from forum.access.policy import house_scope
from forum.access.standing import Sight, sight_for
from forum.audit import viewing_entry
from forum.errors import NotPermitted, OwnWork, RefusedAccess
from forum.kinds import CASE_KINDS
from graph.analysis import Network
from graph.assertions import PEOPLE
from graph.errors import RecordErased, RecordNotFound
from graph.records import ForumId, RecordId
from graph.store.boundary import AuditEntry, Scope, View, WriteKey, Writer

T = TypeVar("T")


def held_open(request: Request, held: AbstractContextManager[T]) -> T:
    """Enters what is to end when the route's answer is built and before any of it is sent; what was entered last ends first."""
    stack: ExitStack = request.state.held
    return stack.enter_context(held)


def open_disclosure(request: Request, house: HouseDep, actor: ActorDep, now: RealNowDep) -> Disclosure:
    """Ends last of all: what it has shown by then is durable in the audit before the first byte of the answer."""
    return held_open(request, _disclosing(request, house, actor, now))


@contextmanager
def _disclosing(request: Request, house: House, actor: Actor, now: datetime) -> Iterator[Disclosure]:
    disclosure = Disclosure(actor)
    try:
        yield disclosure
    except (RecordNotFound, RecordErased, TooManyRequests, NotPermitted, RefusedAccess, OwnWork) as refusal:
        record_denial(request, house, actor, refusal.code, now)
        raise
    if disclosure.has_shown:
        with house.store.view(house_scope(actor.forum)) as view:
            disclosure.settle(view.kinds_of)
        house.gathering.record([_viewing(request, house, disclosure, now)])


DisclosureDep = Annotated[Disclosure, Depends(at_once(open_disclosure))]


def _viewing(request: Request, house: House, disclosure: Disclosure, now: datetime) -> AuditEntry:
    if disclosure.shown and not getattr(request.state, "shows_people", False):
        raise RuntimeError("a route that says it shows nobody has shown somebody")
    body: bytes = getattr(request.state, "answer", b"")
    sight: Sight | None = getattr(request.state, "sight", None)
    return viewing_entry(
        disclosure.actor,
        action_of(request),
        disclosure,
        now=now,
        grants=() if sight is None else sight.grants,
        under={} if sight is None else sight.under(disclosure.shown),
        response_digest=hmac.new(house.secret, body, "sha256").hexdigest() if body else "",
        request=request.state.request_id,
    )


def people_among(house: House, forum: ForumId, ids: Collection[RecordId]) -> frozenset[RecordId]:
    """Which of these ids are people, whoever may see them: for the audit, whose entries hold people as erasable tags."""
    with house.store.view(house_scope(forum)) as view:
        return frozenset(found for found, kind in view.kinds_of(ids).items() if kind in PEOPLE) if ids else frozenset()


def current_sight(request: Request, house: HouseDep, actor: ActorDep, now: RealNowDep, taken: NowDep) -> Sight:
    """What this actor may see, worked out once when the request begins."""
    sight = sight_for(house.store, actor, now=now, case=CASE_KINDS, taken_as_now=taken)
    request.state.sight = sight
    return sight


SightDep = Annotated[Sight, Depends(at_once(current_sight))]


def current_scope(sight: SightDep) -> Scope:
    """The scope of that; a route needs it only to hand it on."""
    return sight.scope


ScopeDep = Annotated[Scope, Depends(at_once(current_scope))]


def open_view(request: Request, house: HouseDep, sight: SightDep, disclosure: DisclosureDep) -> View:
    """The store as this actor may see it. The disclosure, which ends after this one, is told what is seen in part."""
    disclosure.see_through_items(sight.through_items)
    return held_open(request, house.store.view(sight.scope))


ViewDep = Annotated[View, Depends(at_once(open_view))]


def current_network(house: HouseDep, sight: SightDep, disclosure: DisclosureDep) -> Network:
    """The projection as this actor may see it, caught up with every committed write."""
    disclosure.see_through_items(sight.through_items)
    house.projection.catch_up(house.store)
    return house.projection.within(sight.of_facts)


NetworkDep = Annotated[Network, Depends(at_once(current_network))]


def open_writer(
    request: Request,
    house: HouseDep,
    actor: ActorDep,
    key: Annotated[WriteKey, Depends(at_once(current_key))],
    now: RealNowDep,
    taken: NowDep,
    disclosure: DisclosureDep,
) -> Writer:
    """One transaction: committed when the route has built its answer, before any of it is sent; undone when it raises.

    The scope is worked out once the writer's turn has come. Whom the answer shows is written in the same transaction.
    """
    sight = sight_for(house.store, actor, now=now, case=CASE_KINDS, taken_as_now=taken)
    request.state.sight = sight
    disclosure.see_through_items(sight.through_items)
    return held_open(request, _writing(request, house, disclosure, sight, key=key, now=now))


@contextmanager
def _writing(
    request: Request, house: House, disclosure: Disclosure, sight: Sight, *, key: WriteKey, now: datetime
) -> Iterator[Writer]:
    with house.store.write(sight.scope, key=key, by=disclosure.actor.id, now=now) as writer:
        yield writer
        if disclosure.has_shown:
            disclosure.settle(writer.kinds_of)
            writer.append(_viewing(request, house, disclosure, now))
            disclosure.forget()


# One writer at a time: a route that depends on this one alias is worked on by the one thread that writes (KithRoute).
WriterDep = Annotated[Writer, Depends(at_once(open_writer))]
