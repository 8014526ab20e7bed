"""What lets nobody in is refused and recorded, and the sentence says what to do next; what is taken away ends at once."""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.sign_in.one_time_link import first_person, keep_link
from api.sign_in.personas import persona_called, persona_id
from api.sign_in.tokens import hash_of, keep_token
from api.sign_in.web_sessions import COOKIE, IDLE, LASTS, NewSession, end_session, form_token, open_session
from forum.access.accounts import Account, account_in, disable_account, take_role
from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.errors import AuditUnavailable
from graph.records import ActorId, new_id
from graph.store.boundary import AuditEntry, Store
from tests.api.running import API, BASE, Service
from tests.builders import FORUM, NOW, a_grant, a_referral, a_write_key, an_audit_entry, keep, keep_account

SESSION = "ab" * 32
OWN = {"Origin": BASE}
CODE = "cd" * 16


def refusals(store: Store, after: int = 0) -> list[AuditEntry]:
    return [entry for entry in store.audit(after=after, limit=1000) if entry.decision == "refused"]


def change_account(store: Store, actor: ActorId, change: Callable[..., Account]) -> None:
    with store.write(house_scope(FORUM), key=a_write_key(), by=ActorId("operator"), now=NOW) as writer:
        account = account_in(writer, actor)
        assert account is not None
        change(writer, account)
        writer.append(an_audit_entry(action="change_account"))


def disabled(writer: Any, account: Account) -> Account:
    return disable_account(writer, account, now=NOW)


def role_taken(role: Role) -> Callable[..., Account]:
    return lambda writer, account: take_role(writer, account, role)


def with_session(service: Service) -> dict[str, str]:
    sam, role = ActorId("sam"), Role.COORDINATOR
    keep_account(service.store, sam, role)
    open_session(service.store.shelf, SESSION, NewSession(actor=sam, role=role, name=""), now=service.clock())
    return {"Cookie": f"{COOKIE}={SESSION}"}


def over_by_hours(service: Service) -> dict[str, str]:
    caller = service.caller(hours=1)
    service.clock.now += timedelta(hours=1)
    return dict(caller.headers)


def altered(service: Service) -> dict[str, str]:
    token = service.caller().headers["Authorization"]
    return {"Authorization": token[:-1] + ("0" if token[-1] != "0" else "1")}


def of_another_store(_service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {secrets.token_hex(32)}"}


def of_nobody(service: Service) -> dict[str, str]:
    token = secrets.token_hex(32)
    keep_token(service.store.shelf, token, actor=ActorId(new_id()), role=Role.CHAIR, name="", agency=None, hours=1, now=NOW)
    return {"Authorization": f"Bearer {token}"}


def idle(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    service.clock.now += IDLE
    return cookie


def too_old(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    service.clock.now += LASTS
    return cookie


def revoked(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    end_session(service.store.shelf, hash_of(SESSION), why="revoked", now=NOW)
    return cookie


def signed_out(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    form = {"form_token": form_token(SESSION)}
    assert service.client.post("/sign-out", data=form, headers={**cookie, **OWN}).status_code == 303
    return cookie


def signed_in_anew(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    keep_link(service.store.shelf, CODE, now=NOW)
    assert service.client.post("/sign-in", data={"code": CODE}, headers={**cookie, **OWN}).status_code == 303
    service.client.cookies.clear()
    return cookie


def made_up(_service: Service) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={'1' * 64}"}


def account_off(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    change_account(service.store, ActorId("sam"), disabled)
    return cookie


def without_role(service: Service) -> dict[str, str]:
    cookie = with_session(service)
    change_account(service.store, ActorId("sam"), role_taken(Role.COORDINATOR))
    return cookie


REFUSED = {
    "a token past its hours": (over_by_hours, "token-over", True),
    "an altered token": (altered, "token-unknown", False),
    "a token of another store": (of_another_store, "token-unknown", False),
    "a token without an account": (of_nobody, "no-account", True),
    "an idle session": (idle, "session-idle", True),
    "a session past eight hours": (too_old, "session-over", True),
    "a revoked session": (revoked, "session-revoked", True),
    "a session signed out of": (signed_out, "session-signed-out", True),
    "a session from before signing in": (signed_in_anew, "session-replaced", True),
    "a session that never was": (made_up, "session-unknown", False),
    "a session of a disabled account": (account_off, "account-disabled", True),
    "a session in a role taken away": (without_role, "role-taken-away", True),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_401_says_what_to_do_and_is_recorded_with_its_reason(sqlite_service: Service, what: str) -> None:
    make, reason, known = REFUSED[what]
    headers = make(sqlite_service)
    plain = sqlite_service.client.get(f"{API}/referrals")
    before = len(refusals(sqlite_service.store))
    rest = sqlite_service.client.get(f"{API}/referrals", headers=headers)
    page = sqlite_service.client.get("/sessions", headers=headers)
    assert (rest.status_code, page.status_code) == (401, 401)
    assert rest.content == plain.content and "token" in rest.json()["detail"] and "link" in rest.json()["detail"]
    recorded = refusals(sqlite_service.store)[before:]
    assert [(each.action, each.reason) for each in recorded] == [("list_referrals", reason), ("show_my_sessions", reason)]
    assert all((entry.actor != "nobody") == known for entry in recorded)
    secret = re.split("[ =]", next(iter(headers.values())))[1]
    assert not any(each in str(entry) for entry in recorded for each in (secret, hash_of(secret)))


@pytest.mark.parametrize("what", REFUSED)
def test_a_page_says_how_to_get_a_new_link_and_forgets_the_cookie(sqlite_service: Service, what: str) -> None:
    headers = REFUSED[what][0](sqlite_service)
    page = sqlite_service.client.get("/sessions", headers=headers)
    assert page.status_code == 401 and "kith link" in page.text and "20 minutes" in page.text
    assert (f'{COOKIE}=""; HttpOnly; Max-Age=0' in page.headers.get("set-cookie", "")) == ("Cookie" in headers)


@pytest.mark.parametrize("change", [disabled, role_taken(Role.PRACTITIONER)], ids=["account disabled", "role taken away"])
def test_what_is_taken_away_ends_with_the_next_request_for_token_and_session(
    service: Service, change: Callable[..., Account]
) -> None:
    case = keep(service.store, a_referral())
    caller = service.caller(Role.PRACTITIONER, reads=[case.id])
    session = NewSession(actor=caller.actor, role=Role.PRACTITIONER, name="")
    open_session(service.store.shelf, SESSION, session, now=NOW)

    def asked() -> tuple[int, int]:
        page = service.client.get(f"/referrals/{case.id}", headers={"Cookie": f"{COOKIE}={SESSION}"})
        return caller.get(f"/referrals/{case.id}").status_code, page.status_code

    assert asked() == (200, 200)
    change_account(service.store, caller.actor, change)
    assert asked() == (401, 401)
    assert {(entry.actor, entry.decision) for entry in refusals(service.store)} == {(caller.actor, "refused")}


def test_who_looks_through_invented_eyes_is_out_when_either_account_is(sqlite_service: Service) -> None:
    store, chair = sqlite_service.store, persona_called("chair")
    assert chair is not None
    for off in (first_person(FORUM), persona_id(FORUM, chair)):
        for one, role in ((first_person(FORUM), Role.COORDINATOR), (persona_id(FORUM, chair), Role.CHAIR)):
            keep_account(store, one, role)
        session = NewSession(actor=persona_id(FORUM, chair), role=Role.CHAIR, name="", behind=first_person(FORUM))
        open_session(store.shelf, SESSION, session, now=NOW)
        cookie = {"Cookie": f"{COOKIE}={SESSION}"}
        assert sqlite_service.client.get("/sessions", headers=cookie).status_code == 200
        change_account(store, off, disabled)
        assert sqlite_service.client.get("/sessions", headers=cookie).status_code == 401
        assert refusals(store)[-1].actor == first_person(FORUM)
        change_account(store, off, lambda writer, account: writer.put(replace(account, disabled_at=None)))


def test_a_disabled_first_person_is_let_in_by_no_link(sqlite_service: Service) -> None:
    keep_account(sqlite_service.store, first_person(FORUM), Role.COORDINATOR)
    change_account(sqlite_service.store, first_person(FORUM), disabled)
    keep_link(sqlite_service.store.shelf, CODE, now=NOW)
    answer = sqlite_service.client.post("/sign-in", data={"code": CODE}, headers=OWN)
    assert answer.status_code == 401 and COOKIE not in sqlite_service.client.cookies
    assert [(entry.action, entry.reason) for entry in refusals(sqlite_service.store)] == [("sign_in", "account-disabled")]


def test_wrong_used_and_old_links_are_recorded(sqlite_service: Service) -> None:
    for _ in range(2):
        keep_link(sqlite_service.store.shelf, CODE, now=sqlite_service.clock())
    for code in (CODE, CODE, "never made"):
        sqlite_service.client.post("/sign-in", data={"code": code}, headers=OWN)
    keep_link(sqlite_service.store.shelf, CODE[::-1], now=sqlite_service.clock())
    sqlite_service.clock.now += timedelta(minutes=10)
    old = sqlite_service.client.post("/sign-in", data={"code": CODE[::-1]}, headers=OWN)
    assert old.status_code == 401 and "kith link" in old.text
    told = [(entry.actor, entry.reason) for entry in refusals(sqlite_service.store)]
    first = first_person(FORUM)
    assert told == [(first, "link-used"), ("nobody", "link-unknown"), (first, "link-over")]


def test_an_unknown_purpose_is_refused_and_recorded(sqlite_service: Service) -> None:
    caller = sqlite_service.caller()
    answer = caller.get("/referrals", **{"Kith-Purpose": "curiosity"})
    assert answer.status_code == 422 and "/api/v1/code-lists/SHARING_PURPOSE" in answer.json()["detail"]
    assert [(entry.actor, entry.reason) for entry in refusals(sqlite_service.store)] == [(caller.actor, "unknown-purpose")]


def test_a_purpose_that_no_grant_names_is_the_one_404_and_recorded(sqlite_service: Service) -> None:
    case = keep(sqlite_service.store, a_referral())
    caller = sqlite_service.caller(Role.PRACTITIONER)
    keep(sqlite_service.store, a_grant(case, actor=caller.actor, purposes=("safety_planning",)))
    named = caller.get(f"/referrals/{case.id}", **{"Kith-Purpose": "safety_planning"})
    other = caller.get(f"/referrals/{case.id}", **{"Kith-Purpose": "incident"})
    nothing = caller.get(f"/referrals/{new_id()}", **{"Kith-Purpose": "incident"})
    assert (named.status_code, other.status_code) == (200, 404) and other.content == nothing.content
    (first, second) = refusals(sqlite_service.store)
    assert (first.purpose, first.reason, first.action) == (second.purpose, second.reason, second.action)
    assert (first.purpose, first.reason) == ("incident", "record-not-found")


def test_a_sign_in_that_cannot_be_recorded_opens_no_session(sqlite_service: Service) -> None:
    keep_link(sqlite_service.store.shelf, CODE, now=NOW)
    keep_account(sqlite_service.store, first_person(FORUM), Role.COORDINATOR)
    sqlite_service.house.gathering.close()
    with pytest.raises(AuditUnavailable):
        sqlite_service.house.gathering.record([an_audit_entry()])
    answer = sqlite_service.client.post("/sign-in", data={"code": CODE}, headers=OWN)
    assert answer.status_code == 503 and "set-cookie" not in answer.headers
