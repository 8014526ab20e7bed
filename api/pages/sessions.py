"""My sessions: where somebody is signed in, and ending that; and everybody's, for information governance."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    House,
    HouseDep,
    RealNowDep,
    allowed_to,
    demand_own_form,
    record_denial,
    shows_nobody,
)
from api.pages.drawing import draw
from api.pages.presenters.sessions import present_everybodys_sessions, present_own_sessions
from api.pages.routing import go_to, page_router
from api.sign_in.one_time_link import SIGN_IN_PATH
from api.sign_in.personas import who_really
from api.sign_in.web_sessions import OpenSession, end_all_sessions, end_session, sessions_of, take_cookie_back
from forum.access.accounts import Account, accounts_in
from forum.access.actors import Actor
from forum.access.policy import Permission, house_scope
from forum.audit import sign_in_entry
from graph.errors import RecordNotFound
from graph.records import ActorId

router = page_router()

MARK_BYTES = 16
OWN, EVERYBODYS = "/sessions", "/sessions/everybody"
FormToken = Annotated[str, Form(max_length=200)]
Handle = Annotated[str, Form(max_length=200)]


@router.get(OWN, dependencies=[allowed_to(Permission.KEEP_OWN_SESSIONS), shows_nobody()])
def show_my_sessions(request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep) -> Response:
    """Where whoever really looks is signed in just now."""
    own = sessions_of(house.store.shelf, who_really(actor).id, now=now)
    return draw(request, "sessions.html", actor=actor, page=present_own_sessions(own, this=actor.session))


@router.post(f"{OWN}/end", dependencies=[allowed_to(Permission.KEEP_OWN_SESSIONS), shows_nobody()])
def end_one_of_my_sessions(
    request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep, session: Handle = "", form_token: FormToken = ""
) -> Response:
    """Ends one of them at once. Somebody else's is not there."""
    demand_own_form(request, house, actor, form_token, now)
    own = sessions_of(house.store.shelf, who_really(actor).id, now=now)
    _end(request, house, actor, own, session, "end_own_session", now)
    return _signed_out() if session == actor.session else go_to(OWN)


@router.post(f"{OWN}/end-all", dependencies=[allowed_to(Permission.KEEP_OWN_SESSIONS), shows_nobody()])
def sign_out_everywhere(
    request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep, form_token: FormToken = ""
) -> Response:
    """Ends every one of them."""
    demand_own_form(request, house, actor, form_token, now)
    really = who_really(actor)
    house.gathering.record([sign_in_entry(really, "sign_out_everywhere", now=now, request=request.state.request_id)])
    # At one moment, for what goes on from one of them meanwhile too.
    end_all_sessions(house.store.shelf, really.id, mark=house.chance(MARK_BYTES).hex(), now=now)
    return _signed_out()


@router.get(EVERYBODYS, dependencies=[allowed_to(Permission.END_SESSIONS_OF_OTHERS), shows_nobody()])
def show_everybodys_sessions(
    request: Request, actor: ActorDep, house: HouseDep, disclosure: DisclosureDep, now: RealNowDep
) -> Response:
    """Every open session, by role, agency and number. Looking at it is recorded."""
    disclosure.consult()
    return draw(request, "sessions_of_everybody.html", actor=actor, page=present_everybodys_sessions(_everybodys(house, now)))


@router.post(f"{EVERYBODYS}/end", dependencies=[allowed_to(Permission.END_SESSIONS_OF_OTHERS), shows_nobody()])
def end_a_session_of_somebody(
    request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep, session: Handle = "", form_token: FormToken = ""
) -> Response:
    """Ends anybody's session at once."""
    demand_own_form(request, house, actor, form_token, now)
    everybodys = [each for each, _ in _everybodys(house, now)]
    _end(request, house, actor, everybodys, session, "end_session_of_somebody", now)
    return _signed_out() if session == actor.session else go_to(EVERYBODYS)


def _everybodys(house: House, now: datetime) -> list[tuple[OpenSession, Account]]:
    with house.store.view(house_scope(house.facts.forum)) as view:
        accounts = list(accounts_in(view))
    return [(each, one) for one in accounts for each in sessions_of(house.store.shelf, ActorId(one.id), now=now)]


def _end(
    request: Request, house: House, actor: Actor, among: Sequence[OpenSession], handle: str, action: str, now: datetime
) -> None:
    """Ends the one that is meant. Raises RecordNotFound, recorded, for one that ended, is somebody else's, or never was."""
    session = next((each for each in among if each.handle == handle), None)
    if session is not None:
        really = who_really(actor)
        whose = session.owner if session.owner != really.id else None
        house.gathering.record([sign_in_entry(really, action, now=now, request=request.state.request_id, whose=whose)])
        # One that went on under another id at this moment was not ended here: whoever ends it has to see that.
        if end_session(house.store.shelf, session.handle, why="revoked", now=now):
            return
    record_denial(request, house, actor, RecordNotFound.code, now, asked=[handle])
    raise RecordNotFound


def _signed_out() -> Response:
    response = go_to(SIGN_IN_PATH)
    take_cookie_back(response)
    return response
