"""Signing in by the one-time link of an evaluation store, and signing out."""

from typing import Annotated

from fastapi import Form, Query
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import HouseDep, RealNowDep, without_sign_in
from api.errors import NotSignedIn
from api.pages.drawing import draw
from api.pages.presenters.sign_in import present_sign_in
from api.pages.routing import go_to, page_router
from api.sign_in.cross_site import check_form_token, refuse_other_sites
from api.sign_in.one_time_link import SIGN_IN_PATH, first_person, is_good, spend_link
from api.sign_in.web_sessions import (
    COOKIE,
    SESSION_BYTES,
    NewSession,
    end_session,
    give_cookie,
    open_session,
    take_cookie_back,
)
from forum.access.actors import Role

router = page_router()

Code = Annotated[str, Query(max_length=200)]


@router.get(SIGN_IN_PATH, dependencies=[without_sign_in("whoever signs in is not signed in yet")])
def show_sign_in(request: Request, house: HouseDep, now: RealNowDep, code: Code = "") -> Response:
    """The page that the link opens. Opening it spends nothing."""
    if code and is_good(house.store.shelf, code, now=now):
        page = present_sign_in(code=code, sentence="")
        return draw(request, "sign_in.html", actor=None, page=page)
    sentence = "This link has been used, or is too old." if code else "To sign in you need a link."
    return draw(request, "sign_in.html", actor=None, page=present_sign_in(code="", sentence=sentence))


@router.post(SIGN_IN_PATH, dependencies=[without_sign_in("the link itself is the proof, spent once")])
def sign_in(request: Request, house: HouseDep, now: RealNowDep, code: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Spends the link and opens a session; the old session of this browser ends."""
    refuse_other_sites(request)
    spend_link(house.store.shelf, code, now=now)
    if old := request.cookies.get(COOKIE):
        end_session(house.store.shelf, old)
    session_id = house.chance(SESSION_BYTES).hex()
    person = NewSession(actor=first_person(house.facts.forum), role=Role.COORDINATOR, name="Coordinator")
    open_session(house.store.shelf, session_id, person, now=now)
    response = go_to("/")
    give_cookie(response, session_id)
    return response


@router.post("/sign-out", dependencies=[without_sign_in("whoever holds a session may end it")])
def sign_out(request: Request, house: HouseDep, form_token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Ends the session at once and tells the browser to forget it."""
    session_id = request.cookies.get(COOKIE)
    if session_id is None:
        raise NotSignedIn
    refuse_other_sites(request)
    check_form_token(session_id, form_token)
    end_session(house.store.shelf, session_id)
    response = go_to(SIGN_IN_PATH)
    take_cookie_back(response)
    return response
