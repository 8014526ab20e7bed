"""Looking through somebody else's eyes: on evaluation stores alone, and recorded under whoever really looks."""

from dataclasses import replace
from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    HouseDep,
    RealNowDep,
    allowed_to,
    demand_own_form,
    record_denial,
    record_refused_sign_in,
    shows_nobody,
)
from api.pages.frame import home_of
from api.pages.routing import go_to, page_router
from api.sign_in.browsers import kind_of_browser
from api.sign_in.people import let_in_invented
from api.sign_in.personas import AT_SIGN_IN, Persona, persona_called, persona_id, persona_of
from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import SESSION_BYTES, NewSession, give_cookie, go_on_as
from forum.access.actors import Actor
from forum.access.policy import Permission
from forum.audit import changed_eyes_entry
from forum.errors import NotPermitted
from graph.errors import RecordNotFound

router = page_router()


@router.post("/look-as", dependencies=[allowed_to(Permission.LOOK_AS_SOMEBODY_ELSE), shows_nobody()])
def look_as(
    request: Request,
    actor: ActorDep,
    house: HouseDep,
    now: RealNowDep,
    persona: Annotated[str, Form(max_length=60)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Ends this session and goes on through the eyes that were chosen; the new one begins with an entry under the real person."""
    demand_own_form(request, house, actor, form_token, now)
    chosen = persona_called(persona)
    if chosen is None:
        record_denial(request, house, actor, RecordNotFound.code, now, asked=[persona])
        raise RecordNotFound
    if persona_of(actor) is None:
        record_denial(request, house, actor, NotPermitted.code, now)
        raise NotPermitted
    new_id = house.chance(SESSION_BYTES).hex()
    really = _really(actor, session=hash_of(new_id))
    house.gathering.record([changed_eyes_entry(really, chosen.code, now=now, request=request.state.request_id)])
    if chosen is not AT_SIGN_IN:
        let_in_invented(house.store, [chosen], forum=actor.forum, now=now)
    try:
        go_on_as(house.store.shelf, actor.session, new_id, _session_through(request, actor, chosen), now=now)
    except SignInRefused as refused:
        record_refused_sign_in(request, house, refused, now)
        raise
    response = go_to(home_of(chosen.role))
    give_cookie(response, new_id)
    return response


def _session_through(request: Request, actor: Actor, chosen: Persona) -> NewSession:
    """A session of whoever really looks, through these eyes, signed in no later than the one before."""
    real, own = actor.behind or actor.id, chosen is AT_SIGN_IN
    return NewSession(
        actor=real if own else persona_id(actor.forum, chosen),
        role=chosen.role,
        name=chosen.name,
        agency=chosen.agency,
        purpose=chosen.purpose,
        behind=None if own else real,
        signed_in_at=actor.signed_in_at,
        browser=kind_of_browser(request.headers.get("user-agent", "")),
    )


def _really(actor: Actor, *, session: str) -> Actor:
    """Whoever signed in, in the role in which they did."""
    return replace(actor, id=actor.behind or actor.id, role=AT_SIGN_IN.role, agency=AT_SIGN_IN.agency, session=session)
