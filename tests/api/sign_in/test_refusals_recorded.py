"""What another site's page sends, a form without its token, the end of a session that is not there: refused, and recorded."""

import secrets
from collections.abc import Mapping

import httpx
import pytest

from api.errors import CrossSite, TooManyRequests
from api.headers import UNSAFE
from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.one_time_link import first_person
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from forum.access.policy import is_allowed
from forum.audit import refused_id
from graph.errors import AuditUnavailable, RecordNotFound
from graph.records import ActorId, new_id
from graph.store.boundary import AuditEntry
from tests.api.running import API, BASE, Service
from tests.attacks.routes import Route, routes_of
from tests.builders import FORUM, keep_account
from tests.conftest import StorePlace

ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signed_in(service: Service, actor: str, role: Role, *, behind: str = "") -> str:
    """The id of a session of this person in this role."""
    session_id, by = secrets.token_hex(32), ActorId(behind) if behind else None
    keep_account(service.store, ActorId(actor), role)
    session = NewSession(actor=ActorId(actor), role=role, name="", behind=by)
    open_session(service.store.shelf, session_id, session, now=service.clock())
    return session_id


def send(service: Service, path: str, session_id: str, method: str = "POST", **headers: str) -> httpx.Response:
    cookie = {"Cookie": f"{COOKIE}={session_id}"} if session_id else {}
    return service.client.request(method, path, headers={**cookie, **headers})


def send_form(service: Service, path: str, session_id: str, **form: str) -> httpx.Response:
    headers = {"Cookie": f"{COOKIE}={session_id}", **OURS}
    return service.client.post(path, data={"form_token": form_token(session_id), **form}, headers=headers)


def refusals(service: Service) -> list[AuditEntry]:
    return [entry for entry in service.store.audit(limit=1000) if entry.decision == "refused"]


def told(entry: AuditEntry) -> tuple[str, str, str]:
    return entry.actor, entry.action, entry.reason


def unsafe_routes(service: Service) -> list[tuple[Route, Role]]:
    """Every route that changes something, with a role that may."""
    routes = [route for route in routes_of(service.app) if route.method in UNSAFE]
    may = [next(role for role in Role if route.permission is None or is_allowed(role, route.permission)) for route in routes]
    return list(zip(routes, may, strict=True))


def test_what_another_site_sends_to_any_route_is_refused_in_equal_bytes_and_recorded_of_whose_session_it_was(
    sqlite_service: Service,
) -> None:
    routes = unsafe_routes(sqlite_service)
    assert {"/sign-in", "/sign-out", "/look-as", "/sessions/end"} <= {route.template for route, _ in routes}
    documents = set()
    for number, (route, role) in enumerate(routes):
        session_id = signed_in(sqlite_service, f"sam-{number}", role)
        answer = send(sqlite_service, route.at(new_id()), session_id, route.method, **ELSEWHERE)
        assert answer.status_code == 403, route
        documents |= set() if route.is_page else {answer.content}
        assert told(refusals(sqlite_service)[-1]) == (f"sam-{number}", route.name, CrossSite.code), route
        assert refusals(sqlite_service)[-1].web_session == hash_of(session_id)
    assert len(documents) == 1 and len(refusals(sqlite_service)) == len(routes)


def without_token(route: Route) -> Mapping[str, str]:
    return {**OURS, **(FORM if route.is_page else {FORM_TOKEN_HEADER: "0" * 64})}


def test_a_form_or_a_script_without_the_token_of_the_session_is_refused_and_recorded(sqlite_service: Service) -> None:
    routes = [(route, role) for route, role in unsafe_routes(sqlite_service) if route.template != "/sign-in"]
    for number, (route, role) in enumerate(routes):
        session_id = signed_in(sqlite_service, f"sam-{number}", role)
        answer = send(sqlite_service, route.at(new_id()), session_id, route.method, **without_token(route))
        assert answer.status_code == 403, route
        assert told(refusals(sqlite_service)[-1]) == (f"sam-{number}", route.name, CrossSite.code), route
    assert len(refusals(sqlite_service)) == len(routes)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_whoever_is_not_signed_in_is_recorded_as_nobody_and_cannot_fill_the_audit(sqlite_place: StorePlace, path: str) -> None:
    service = Service(sqlite_place, requests_a_minute=3)
    with service.client:
        answers = [send(service, path, "ab" * 32, **ELSEWHERE).status_code for _ in range(5)]
        assert answers == [403, 403, 403, 429, 429]
        assert {told(entry)[::2] for entry in refusals(service)} == {("nobody", CrossSite.code)}
        assert len(refusals(service)) == 3 and len({entry.resources for entry in refusals(service)}) == 1


def test_another_sites_page_fills_no_audit_and_keeps_nobody_from_their_work(sqlite_place: StorePlace) -> None:
    service = Service(sqlite_place, requests_a_minute=3)
    with service.client:
        session_id = signed_in(service, "sam", Role.COORDINATOR)
        answers = [send(service, f"{API}/locations", session_id, **ELSEWHERE) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [403, 403, 403, 429, 429]
        assert answers[-1].json()["code"] == TooManyRequests.code and len(refusals(service)) == 3
        assert send(service, f"{API}/locations", session_id, "GET").status_code == 200


@pytest.mark.parametrize(
    ("path", "role"), [("/sessions/end", Role.PRACTITIONER), ("/sessions/everybody/end", Role.INFORMATION_GOVERNANCE)]
)
def test_ending_a_session_that_is_not_there_is_recorded_as_any_other_one_404(
    sqlite_service: Service, path: str, role: Role
) -> None:
    session_id, other = signed_in(sqlite_service, "sam", role), signed_in(sqlite_service, "alex", Role.CHAIR)
    asked = ["never was", hash_of(other)] if role is Role.PRACTITIONER else ["never was"]
    answers = [send_form(sqlite_service, path, session_id, session=handle) for handle in asked]
    assert [answer.status_code for answer in answers] == [404] * len(asked)
    assert len({answer.content.replace(each.encode(), b"") for answer, each in zip(answers, asked, strict=True)}) == 1
    recorded = refusals(sqlite_service)
    assert {(entry.actor, entry.reason) for entry in recorded} == {("sam", RecordNotFound.code)}
    assert [entry.resources for entry in recorded] == [(refused_id(handle, sqlite_service.house.secret),) for handle in asked]
    assert hash_of(other) not in str(recorded)
    assert send(sqlite_service, "/sessions", other, "GET").status_code == 200


def test_eyes_that_nobody_has_and_eyes_that_are_not_theirs_to_look_through_are_refused_and_recorded(
    sqlite_service: Service,
) -> None:
    first = str(first_person(FORUM))
    for actor, persona, status, reason in (
        (first, "nobody known", 404, RecordNotFound.code),
        ("sam", "chair", 403, "not-permitted"),
    ):
        session_id = signed_in(sqlite_service, actor, Role.COORDINATOR)
        assert send_form(sqlite_service, "/look-as", session_id, persona=persona).status_code == status
        assert told(refusals(sqlite_service)[-1]) == (actor, "look_as", reason)


def test_a_refusal_that_cannot_be_recorded_is_not_answered(sqlite_service: Service) -> None:
    session_id = signed_in(sqlite_service, "sam", Role.COORDINATOR)
    sqlite_service.house.gathering.close()
    answers = [
        send(sqlite_service, f"{API}/locations", session_id, **ELSEWHERE),
        send(sqlite_service, "/sign-in", "", **ELSEWHERE),
        send(sqlite_service, "/sessions/end-all", session_id, **OURS, **FORM),
        send_form(sqlite_service, "/sessions/end", session_id, session="never was"),
    ]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert answers[0].json()["detail"] == AuditUnavailable.message
