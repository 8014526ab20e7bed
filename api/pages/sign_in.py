"""Signing in by the one-time link of an evaluation store, signing in afresh, and signing out."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Annotated, NoReturn

from fastapi import Form, Query
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    House,
    HouseDep,
    RealNowDep,
    address_of,
    allowed_to,
    is_fresh,
    record_other_site,
    record_refused_sign_in,
    see_to_clock,
    shows_nobody,
    without_sign_in,
)
from api.errors import CrossSite, NotSignedIn, TooManyRequests
from api.pages.drawing import draw
from api.pages.frame import home_of
from api.pages.presenters.sign_in import present_sign_in, present_sign_in_again
from api.pages.routing import go_to, page_router
from api.sign_in.browsers import kind_of_browser
from api.sign_in.cross_site import check_form_token, refuse_other_sites
from api.sign_in.one_time_link import SIGN_IN_PATH, USED_OR_OLD, give_link_back, is_good, spend_link
from api.sign_in.people import let_in_first_person
from api.sign_in.personas import AT_SIGN_IN, who_really
from api.sign_in.refused import SignInRefused
from api.sign_in.step_up import STEP_UP_PATH, want, wanted_by
from api.sign_in.throttle import count_failure, name_of, seconds_to_wait
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import (
    COOKIE,
    SESSION_BYTES,
    NewSession,
    actor_of_session,
    end_session,
    give_cookie,
    open_session,
    take_cookie_back,
)
from forum.access.accounts import why_not
from forum.access.actors import Actor, SignedInBy
from forum.access.policy import Permission
from forum.access.standing import account_of
from forum.audit import sign_in_entry
from graph.errors import GraphError
from graph.records import ActorId

router = page_router()

Code = Annotated[str, Query(max_length=200)]


@router.get(SIGN_IN_PATH, dependencies=[without_sign_in("whoever signs in is not signed in yet")])
def show_sign_in(request: Request, house: HouseDep, now: RealNowDep, code: Code = "") -> Response:
    """The page that the link opens. Opening it spends nothing."""
    good = bool(code) and is_good(house.store.shelf, code, now=now)
    sentence = USED_OR_OLD if code else "To sign in you need a link."
    return draw(request, "sign_in.html", actor=None, page=present_sign_in(code=code if good else "", sentence=sentence))


@router.post(SIGN_IN_PATH, dependencies=[without_sign_in("the link itself is the proof, spent once")])
def sign_in(request: Request, house: HouseDep, now: RealNowDep, code: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Spends the link and opens a session under a new id; the old session of this browser ends.

    Whoever was signed in here, and still is, goes on through the same eyes, to what they asked for that needed this.
    """
    see_to_clock(house, now)
    with _other_sites_recorded(request, house, code, now):
        refuse_other_sites(request)
    try:
        good_until = spend_link(house.store.shelf, code, forum=house.facts.forum, now=now)
    except SignInRefused as refused:
        _refuse(request, house, refused, now)
    try:
        before, session_id = _begin_session(request, house, code, now)
    except SignInRefused as refused:
        _refuse(request, house, refused, now)
    except Exception:
        # Nobody was let in: whoever tries again, as the answer says, must not find the link spent. Where it cannot be put back
        # either, the first fault is the one to tell of.
        with suppress(GraphError):
            give_link_back(house.store.shelf, code, good_until=good_until)
        raise
    response = go_to(_onward(house, before, session_id, now))
    give_cookie(response, session_id)
    return response


def _begin_session(request: Request, house: House, code: str, now: datetime) -> tuple[Actor | None, str]:
    """Who was signed in in this browser, and the id of the session that the link opens. Raises SignInRefused."""
    person = let_in_first_person(house.store, forum=house.facts.forum, now=now)
    _must_not_be_disabled(house, person, code)
    before = _session_before(request, house, person, now)
    session_id = house.chance(SESSION_BYTES).hex()
    action = "sign_in" if before is None else "sign_in_again"
    really = _first(house, person, now, session=hash_of(session_id))
    house.gathering.record([sign_in_entry(really, action, now=now, request=request.state.request_id)])
    new = _session_for(before or really, browser=kind_of_browser(request.headers.get("user-agent", "")))
    open_session(house.store.shelf, session_id, new, now=now)
    if old := request.cookies.get(COOKIE):
        end_session(house.store.shelf, hash_of(old), why="replaced", now=now)
    return before, session_id


def _refuse(request: Request, house: House, refused: SignInRefused, now: datetime) -> NoReturn:
    """Counts and records what lets nobody in, and raises it; TooManyRequests instead while its sender waits."""
    _let_wait(request, house, refused, now)
    record_refused_sign_in(request, house, refused, now)
    raise refused


@contextmanager
def _other_sites_recorded(request: Request, house: House, shown: str, now: datetime) -> Iterator[None]:
    """Records what another site's page made a browser send: as whoever is signed in there, or as nobody, under what was shown."""
    try:
        yield
    except CrossSite:
        try:
            actor = actor_of_session(house.store.shelf, request.cookies.get(COOKIE, ""), forum=house.facts.forum, now=now)
        except SignInRefused:
            of_nobody = SignInRefused(CrossSite.code, credential=hash_of(shown))
            record_refused_sign_in(request, house, of_nobody, now)
        else:
            record_other_site(request, house, actor, now)
        raise


def _let_wait(request: Request, house: House, refused: SignInRefused, now: datetime) -> None:
    """Counts a wrong try. Raises TooManyRequests while its address, or the account it was for, waits after those before."""
    whose = [("address", address_of(request)), *((("account", refused.actor),) if refused.actor else ())]
    names = [name_of(what, whom, secret=house.secret) for what, whom in whose]
    if seconds := seconds_to_wait(house.store.shelf, names, now=now):
        raise TooManyRequests(seconds) from refused
    count_failure(house.store.shelf, names, now=now)


def _must_not_be_disabled(house: House, person: ActorId, code: str) -> None:
    """Raises SignInRefused when the first person may not sign in any more."""
    reason = why_not(account_of(house.store, person, forum=house.facts.forum), AT_SIGN_IN.role)
    if reason:
        raise SignInRefused(reason, credential=hash_of(code), actor=person)


def _session_before(request: Request, house: House, person: ActorId, now: datetime) -> Actor | None:
    """Who is signed in in this browser, when that is the person who signs in now, through whoever's eyes."""
    session_id = request.cookies.get(COOKIE)
    if session_id is None:
        return None
    try:
        actor = actor_of_session(house.store.shelf, session_id, forum=house.facts.forum, now=now)
    except SignInRefused:
        return None
    return actor if person in (actor.id, actor.behind) else None


def _first(house: House, person: ActorId, now: datetime, *, session: str) -> Actor:
    return Actor(
        id=person,
        role=AT_SIGN_IN.role,
        forum=house.facts.forum,
        name=AT_SIGN_IN.name,
        signed_in_at=now,
        how=SignedInBy.WEB_SESSION,
        session=session,
    )


def _session_for(actor: Actor, *, browser: str) -> NewSession:
    """A session signed in just now that goes on as this actor."""
    return NewSession(
        actor=actor.id,
        role=actor.role,
        name=actor.name,
        agency=actor.agency,
        purpose=actor.purpose,
        behind=actor.behind,
        browser=browser,
    )


def _onward(house: House, before: Actor | None, session_id: str, now: datetime) -> str:
    """The page that was asked for before signing in afresh; for a file, the page that leads to it; else the first page."""
    wanted = "" if before is None else wanted_by(house.store.shelf, before.session, now=now)
    if not wanted:
        return home_of(before.role if before else AT_SIGN_IN.role)
    want(house.store.shelf, hash_of(session_id), wanted, now=now)
    return STEP_UP_PATH if wanted.startswith("/api/") else wanted


@router.get(STEP_UP_PATH, dependencies=[allowed_to(Permission.KEEP_OWN_SESSIONS), shows_nobody()])
def show_sign_in_again(request: Request, actor: ActorDep, house: HouseDep, now: RealNowDep) -> Response:
    """Why a fresh sign-in is needed and how to have one; after it, the way on to what was asked for."""
    wanted = wanted_by(house.store.shelf, actor.session, now=now)
    page = present_sign_in_again(fresh=is_fresh(actor, now), wanted=wanted, home=home_of(actor.role))
    return draw(request, "sign_in_again.html", actor=actor, page=page)


@router.post("/sign-out", dependencies=[without_sign_in("whoever holds a session may end it")])
def sign_out(
    request: Request, house: HouseDep, now: RealNowDep, form_token: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Ends the session at once and tells the browser to forget it."""
    session_id = request.cookies.get(COOKIE)
    if session_id is None:
        raise NotSignedIn
    with _other_sites_recorded(request, house, session_id, now):
        refuse_other_sites(request)
        check_form_token(session_id, form_token)
    try:
        actor = actor_of_session(house.store.shelf, session_id, forum=house.facts.forum, now=now)
    except SignInRefused as refused:
        record_refused_sign_in(request, house, refused, now)
        raise
    house.gathering.record([sign_in_entry(who_really(actor), "sign_out", now=now, request=request.state.request_id)])
    end_session(house.store.shelf, actor.session, why="signed-out", now=now)
    response = go_to(SIGN_IN_PATH)
    take_cookie_back(response)
    return response
