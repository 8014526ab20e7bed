"""Who asks, for what purpose, and what they send: the actor, the body, the key and tag of a write, the page of a list."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query
from starlette.requests import Request

from api.conditional import demand_tag, write_key
from api.dependencies.house import House, HouseDep, RealNowDep, in_the_loop
from api.errors import NotSignedIn, UnknownPurpose
from api.headers import UNSAFE
from api.paging import MOST, USUAL, PageAsked, ask_for_page
from api.sign_in.cross_site import FORM_TOKEN_HEADER, check_form_token, refuse_other_sites
from api.sign_in.tokens import actor_of_token, roles_of
from api.sign_in.web_sessions import COOKIE, actor_of_session
from forum.access.actors import Actor, Purpose
from forum.access.policy import may_be_one_person
from forum.audit import denial_entry
from forum.errors import NotPermitted, SeparateDuties
from graph.store.boundary import WriteKey


def current_actor(
    request: Request,
    house: HouseDep,
    now: RealNowDep,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
    kith_purpose: Annotated[str | None, Header(description="Why: a code of the list SHARING_PURPOSE.")] = None,
) -> Actor:
    """Who asks: by a token, or by the session of a page. Raises NotSignedIn, CrossSite or UnknownPurpose."""
    actor = _signed_in(request, house, now, authorization)
    request.state.actor = actor
    house.pace.count(actor.behind or actor.id, now=now)
    if not may_be_one_person(roles_of(house.store.shelf, actor.id, now=now, tokens_alone=True)):
        record_denial(request, house, actor, SeparateDuties.code, now)
        raise NotPermitted
    if kith_purpose is not None:
        if kith_purpose not in set(Purpose):
            raise UnknownPurpose
        actor = replace(actor, purpose=Purpose(kith_purpose))
    return actor


def _signed_in(request: Request, house: House, now: datetime, authorization: str | None) -> Actor:
    shelf, forum = house.store.shelf, house.facts.forum
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn
        return actor_of_token(shelf, token.strip(), forum=forum, purpose=Purpose.FORUM_PREPARATION, now=now)
    session_id = request.cookies.get(COOKIE)
    if session_id is None:
        raise NotSignedIn
    actor = actor_of_session(shelf, session_id, forum=forum, now=now)
    refuse_other_sites(request)
    if request.method in UNSAFE and request.url.path.startswith("/api/"):
        check_form_token(session_id, request.headers.get(FORM_TOKEN_HEADER))
    return actor


ActorDep = Annotated[Actor, Depends(current_actor)]


def action_of(request: Request) -> str:
    """The name of what is asked for, as it stands in the audit and in the OpenAPI description."""
    return str(request.scope["route"].name)


def record_denial(request: Request, house: House, actor: Actor, reason: str, now: datetime) -> None:
    """Keeps who was refused what, durably, before the refusal is sent; ids that were asked for under a keyed hash."""
    entry = denial_entry(
        actor,
        action_of(request),
        reason=reason,
        now=now,
        asked=[str(value) for value in request.path_params.values()] + request.query_params.getlist("person"),
        key=house.secret,
        request=request.state.request_id,
    )
    house.gathering.record([entry])


async def read_body(request: Request) -> bytes:
    """The bytes of the body: at most 1 MB, which the door has seen to."""
    return await request.body()


BodyDep = Annotated[bytes, Depends(read_body)]


def current_key(
    request: Request,
    house: HouseDep,
    actor: ActorDep,
    body: BodyDep,
    idempotency_key: Annotated[str | None, Header(description="A new one for each new request; a repeat sends it again.")] = None,
) -> WriteKey:
    """The key of this write, bound to the actor and the route. Raises MissingKey."""
    path = request.url.path
    random = house.chance(16).hex()
    return write_key(actor=actor.id, method=request.method, path=path, header=idempotency_key, body=body, otherwise=random)


def demanded_tag(if_match: Annotated[str | None, Header(description="The ETag of what is to be changed.")] = None) -> str:
    """The If-Match header. Raises MissingTag without one."""
    return demand_tag(if_match)


IfMatchDep = Annotated[str, Depends(in_the_loop(demanded_tag))]


def asked_page(
    request: Request,
    house: HouseDep,
    actor: ActorDep,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many items at most.")] = USUAL,
    cursor: Annotated[str | None, Query(description="Where to go on, from the answer before.")] = None,
) -> PageAsked:
    """Which page of a list is asked for. Raises BadCursor for a cursor given to somebody else or for another question."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name not in ("limit", "cursor")]
    return ask_for_page(
        actor=actor.id,
        purpose=actor.purpose.value,
        path=request.url.path,
        query=query,
        limit=limit,
        cursor=cursor,
        secret=house.secret,
    )


PageDep = Annotated[PageAsked, Depends(in_the_loop(asked_page))]
