"""What a cell of the role table marks s needs a sign-in of the last five minutes, wherever it is served."""

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from api.dependencies.declarations import FRESH
from api.errors import StepUpNeeded
from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.one_time_link import first_person, keep_link
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from forum.access.permissions import Permission
from forum.access.role_cells import COLUMNS, TABLE
from forum.access.role_table import ROLE_TABLE, ROWS
from graph.records import ActorId, RecordId, new_id
from tests.api.running import API, BASE, Service
from tests.attacks.routes import Route, routes_of
from tests.builders import FORUM, a_young_person, keep, keep_account

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

EXPORT = "Export of a pack, record or map (PDF, Word, PNG, stand-alone file)"
# What each mark stands for in this version; nothing, where it is not built, or refused until two people can approve.
MARKED: dict[tuple[str, str], frozenset[Permission]] = {
    ("Names on a map", "R p s"): frozenset(),
    ("Restricted record", "restrict / lift 2 s"): frozenset({Permission.MAKE_RESTRICTION, Permission.END_RESTRICTION}),
    ("Restricted record", "restrict 2 s"): frozenset({Permission.MAKE_RESTRICTION, Permission.END_RESTRICTION}),
    ("Import of a file", "C s"): frozenset(),
    (EXPORT, "X own case s"): frozenset({Permission.EXPORT_MAP}),
    (EXPORT, "X p s"): frozenset({Permission.EXPORT_MAP}),
    (EXPORT, "X f s 2"): frozenset(),
    ("Break-glass", "invoke s"): frozenset(),
    ("Access history", "R X s (itself audited)"): frozenset({Permission.READ_AUDIT_OF_PERSON}),
}
# The permission that a route asks of some of its callers alone, and the query that makes it ask.
ASKED_WITHIN = {"list_audit": (Permission.READ_AUDIT_OF_PERSON, "?person={}")}
# A form that says nothing yet.
EMPTY_FORMS = {"ask_who_saw_a_person"}


def marks() -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Each part of a cell that is marked s, with its row and the roles of its column."""
    for row, cells in TABLE.items():
        for roles, cell in zip(COLUMNS.values(), cells, strict=True):
            for part in re.split("[;,]", cell):
                if "s" in part.split():
                    yield row, part.strip(), roles


def test_each_mark_is_served_by_what_is_named_here_and_else_nobody_holds_it() -> None:
    assert {(row, part) for row, part, _ in marks()} == MARKED.keys()
    for row, part, roles in marks():
        right = set(part.split())
        held = {each for each, (needs, rows) in ROWS.items() if row in rows and needs in right}
        in_use = {each for each in held for role in roles if each in ROLE_TABLE[role]}
        assert in_use <= MARKED[row, part], (row, part)
        assert all(any(each in ROLE_TABLE[role] for role in roles) for each in MARKED[row, part]), (row, part)


def signed_in(service: Service, role: Role, *, ago: timedelta) -> dict[str, str]:
    """The cookie of a session in this role whose sign-in is so long ago, with the token of its forms."""
    session_id, now, actor = secrets.token_hex(32), service.clock(), ActorId(f"sam, {role}")
    keep_account(service.store, actor, role)
    session = NewSession(actor=actor, role=role, name="", signed_in_at=now - ago)
    open_session(service.store.shelf, session_id, session, now=now)
    return {"Cookie": f"{COOKIE}={session_id}", FORM_TOKEN_HEADER: form_token(session_id), **OURS}


def ask(service: Service, route: Route, session: dict[str, str], person: RecordId) -> httpx.Response:
    """As somebody in a browser, about this person where the route is about one; what is asked for need not be there."""
    query = ASKED_WITHIN[route.name][1].format(person) if route.name in ASKED_WITHIN else ""
    headers, form = {**session, "Idempotency-Key": new_id(), "If-Match": '"0"'}, {"form_token": session[FORM_TOKEN_HEADER]}
    sent = {"data": {"person": person, **form}} if route.is_page and route.method == "POST" else {}
    return service.client.request(route.method, route.at(person) + query, headers=headers, **sent)  # type: ignore[arg-type]


def asks_for_a_fresh_one(service: Service, answer: httpx.Response) -> bool:
    """A page leads to where one signs in again; REST says so. Either stands in the audit."""
    last = service.store.audit(limit=1000)[-1]
    if (last.decision, last.reason) != ("refused", StepUpNeeded.code):
        return False
    if answer.headers.get("location") == "/sign-in-again":
        return True
    return answer.status_code == 403 and answer.json()["code"] == StepUpNeeded.code


def test_every_route_that_serves_what_is_marked_asks_for_a_sign_in_of_the_last_five_minutes(sqlite_service: Service) -> None:
    arlo = keep(sqlite_service.store, a_young_person(known_as="Arlo"))
    asked: dict[Permission, set[str]] = {}
    for row, part, roles in marks():
        for permission in MARKED[row, part]:
            routes = [route for route in routes_of(sqlite_service.app) if permission in permissions_of(route)]
            for role in (role for role in roles if permission in ROLE_TABLE[role]):
                for route in routes:
                    stale = signed_in(sqlite_service, role, ago=FRESH + timedelta(seconds=1))
                    assert asks_for_a_fresh_one(sqlite_service, ask(sqlite_service, route, stale, arlo.id)), (role, route)
                    fresh = signed_in(sqlite_service, role, ago=FRESH)
                    assert not asks_for_a_fresh_one(sqlite_service, ask(sqlite_service, route, fresh, arlo.id)), (role, route)
            asked.setdefault(permission, set()).update(route.name for route in routes)
    assert all(asked.values()) and {"list_audit", "find_person_of_history", "show_who_saw_a_person"} <= set.union(*asked.values())


def permissions_of(route: Route) -> set[Permission]:
    """What a route asks of its callers, of all or of some."""
    own = {route.permission} if route.permission and route.name not in EMPTY_FORMS else set()
    return own | ({ASKED_WITHIN[route.name][0]} if route.name in ASKED_WITHIN else set())


def test_a_history_that_was_not_shown_for_an_old_sign_in_leaves_no_line_about_the_person(sqlite_service: Service) -> None:
    arlo = keep(sqlite_service.store, a_young_person(known_as="Arlo"))
    stale = signed_in(sqlite_service, Role.INFORMATION_GOVERNANCE, ago=timedelta(minutes=6))
    bodies = set()
    for person in (arlo.id, new_id()):
        answer = sqlite_service.client.get(f"{API}/audit?person={person}", headers=stale)
        bodies.add((answer.status_code, answer.content))
        assert sqlite_service.store.audit(about=RecordId(person)) == ()
    assert len(bodies) == 1
    mine = sqlite_service.client.get(f"{API}/audit?by=me", headers=stale)
    assert mine.status_code == 200 and mine.json()["total"]["value"] == 2


def test_a_program_with_a_token_counts_as_freshly_signed_in(service: Service) -> None:
    arlo = keep(service.store, a_young_person(known_as="Arlo"))
    lead = service.caller(Role.INFORMATION_GOVERNANCE)
    service.clock.now += timedelta(hours=1)
    assert lead.get(f"/audit?person={arlo.id}").status_code == 200


def test_another_role_is_refused_the_question_itself_and_not_told_to_sign_in(sqlite_service: Service) -> None:
    stale = signed_in(sqlite_service, Role.PRACTITIONER, ago=timedelta(minutes=6))
    refused = sqlite_service.client.get(f"{API}/audit?person={new_id()}", headers=stale)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")


@pytest.mark.parametrize("form", [True, False], ids=["from the form", "from the history"])
def test_a_new_sign_in_leads_back_to_the_history_and_to_the_form_of_what_was_sent(sqlite_service: Service, form: bool) -> None:
    arlo, client = keep(sqlite_service.store, a_young_person(known_as="Arlo")), sqlite_service.client
    first = str(first_person(FORUM))
    keep_account(sqlite_service.store, ActorId(first), Role.COORDINATOR)
    session_id, now = secrets.token_hex(32), sqlite_service.clock()
    keep_account(sqlite_service.store, ActorId("lead"), Role.INFORMATION_GOVERNANCE)
    through = NewSession(
        actor=ActorId("lead"), role=Role.INFORMATION_GOVERNANCE, name="", behind=ActorId(first),
        signed_in_at=now - timedelta(minutes=6),
    )  # fmt: skip
    open_session(sqlite_service.store.shelf, session_id, through, now=now)
    client.cookies.set(COOKIE, session_id, domain=client.base_url.host)
    wanted = "/audit/people" if form else f"/audit/people/{arlo.id}?page=1"
    if form:  # what was asked for last is what one comes back to
        client.get(f"/audit/people/{arlo.id}", headers=BROWSER)
        sent = {"person": arlo.id, "form_token": form_token(session_id)}
        led = client.post(wanted, data=sent, headers={**OURS, **BROWSER})
    else:
        led = client.get(wanted, headers=BROWSER)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in-again")
    page = client.get("/sign-in-again")
    assert page.status_code == 200 and arlo.id not in page.text
    keep_link(sqlite_service.store.shelf, "cd" * 16, now=now)
    back = client.post("/sign-in", data={"code": "cd" * 16}, headers=OURS)
    assert (back.status_code, back.headers["location"]) == (303, wanted)
    assert client.get(wanted, headers=BROWSER).status_code == 200
