"""Who asks, for what purpose, and what they send: the actor, the body, the key and tag of a write, the page of a list."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query
from starlette.requests import Request

from api.conditional import demand_tag, write_key
from api.dependencies.house import House, HouseDep, RealNowDep, at_once, see_to_clock
from api.errors import CrossSite, NotSignedIn, UnknownPurpose
from api.headers import UNSAFE
from api.paging import MOST, USUAL, PageAsked, ask_for_page
from api.sign_in.cross_site import FORM_TOKEN_HEADER, check_form_token, refuse_other_sites
from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import actor_of_token
from api.sign_in.web_sessions import COOKIE, actor_of_session
from forum.access.accounts import Account, why_not
from forum.access.actors import Actor, Purpose
from forum.access.policy import may_be_one_person
from forum.access.standing import account_of
from forum.audit import denial_entry, refused_sign_in_entry
from forum.errors import NotPermitted, SeparateDuties
from graph.records import ActorId
from graph.store.boundary import WriteKey


def current_actor(
    request: Request,
    house: HouseDep,
    now: RealNowDep,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
    kith_purpose: Annotated[str | None, Header(description="Why: a code of the list SHARING_PURPOSE.")] = None,
) -> Actor:
    """Who asks: by a token, or by the session of a page. Raises NotSignedIn, TooManyRequests, CrossSite or UnknownPurpose."""
    see_to_clock(house, now)
    try:
        actor = _signed_in(request, house, now, authorization)
        accounts = _must_be_let_in(house, actor)
    except SignInRefused as refused:
        record_refused_sign_in(request, house, refused, now)
        raise
    request.state.actor = actor
    _keep_pace(request, house, actor, now)
    if not all(may_be_one_person(account.roles) for account in accounts):
        record_denial(request, house, actor, SeparateDuties.code, now)
        raise NotPermitted
    if kith_purpose is not None:
        if kith_purpose not in set(Purpose):
            record_denial(request, house, actor, UnknownPurpose.code, now)
            raise UnknownPurpose
        actor = replace(actor, purpose=Purpose(kith_purpose))
    return actor


def _keep_pace(request: Request, house: House, actor: Actor, now: datetime) -> None:
    """Counts what this person asks. Raises TooManyRequests for one too many of a minute.

    What looks after sessions is counted for each session by itself: whoever holds one that was stolen, and asks without end,
    does not keep its owner from ending it.
    """
    person = actor.behind or actor.id
    looks_after = request.scope["route"].looks_after_sessions
    house.pace.count(ActorId(f"sessions of {person} from {actor.session}") if looks_after else person, now=now)


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
    try:
        refuse_other_sites(request)
        if request.method in UNSAFE and request.url.path.startswith("/api/"):
            check_form_token(session_id, request.headers.get(FORM_TOKEN_HEADER))
    except CrossSite:
        record_other_site(request, house, actor, now)
        raise
    return actor


def _must_be_let_in(house: House, actor: Actor) -> list[Account]:
    """The accounts that let this actor in: their own, and of whoever really looks. Raises SignInRefused when one does not."""
    found = []
    for one, role in ((actor.id, actor.role), *(((actor.behind, None),) if actor.behind else ())):
        account = account_of(house.store, one, forum=actor.forum)
        reason = why_not(account, role)
        if account is None or reason:
            raise SignInRefused(reason, credential=actor.session, actor=actor.behind or actor.id)
        found.append(account)
    return found


def record_refused_sign_in(request: Request, house: House, refused: SignInRefused, now: datetime) -> None:
    """Records a token, session or link that lets nobody in.

    Raises TooManyRequests, and records nothing, for one too many of a minute from one address: nobody fills the audit.
    """
    house.pace.count(ActorId(f"nobody at {address_of(request)}"), now=now)
    entry = refused_sign_in_entry(
        action_of(request),
        reason=refused.reason,
        credential=refused.credential,
        actor=refused.actor,
        key=house.secret,
        now=now,
        request=request.state.request_id,
    )
    house.gathering.record([entry])


def record_other_site(request: Request, house: House, actor: Actor, now: datetime) -> None:
    """Records what another site's page made this person's browser send.

    Raises TooManyRequests, and records nothing, for one too many of a minute. It is counted apart from what they ask themselves:
    another site's page neither fills the audit nor keeps them from their work.
    """
    house.pace.count(ActorId(f"another site as {actor.behind or actor.id}"), now=now)
    record_denial(request, house, actor, CrossSite.code, now)


def demand_own_form(request: Request, house: House, actor: Actor, form_token: str, now: datetime) -> None:
    """Raises CrossSite, which is recorded, unless a page's form carries the token of the session it was sent in."""
    try:
        check_form_token(request.cookies.get(COOKIE, ""), form_token)
    except CrossSite:
        record_denial(request, house, actor, CrossSite.code, now)
        raise


def address_of(request: Request) -> str:
    """From where it was asked, as the connection says; no header is believed."""
    return request.client.host if request.client else ""


ActorDep = Annotated[Actor, Depends(at_once(current_actor))]


def action_of(request: Request) -> str:
    """The name of what is asked for, as it stands in the audit and in the OpenAPI description."""
    return str(request.scope["route"].name)


def record_denial(
    request: Request, house: House, actor: Actor, reason: str, now: datetime, *, asked: Collection[str] = ()
) -> None:
    """Keeps who was refused what, durably, before the refusal is sent; ids that were asked for under a keyed hash.

    `asked`: those that stood in a form. Those of the address are found by themselves.
    """
    entry = denial_entry(
        actor,
        action_of(request),
        reason=reason,
        now=now,
        asked=[*map(str, request.path_params.values()), *request.query_params.getlist("person"), *asked],
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


IfMatchDep = Annotated[str, Depends(at_once(demanded_tag))]


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


PageDep = Annotated[PageAsked, Depends(at_once(asked_page))]
