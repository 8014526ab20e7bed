"""A session in the browser: kept under a hash, for eight hours, ended at once."""

from datetime import timedelta

import pytest

from api.errors import NotSignedIn
from api.sign_in.cross_site import check_form_token
from api.sign_in.web_sessions import (
    COOKIE,
    LASTS,
    NewSession,
    actor_of_session,
    end_session,
    form_token,
    open_session,
)
from forum.access.actors import Purpose, Role, SignedInBy
from graph.records import ActorId
from graph.store.boundary import Store
from tests.api.running import API, BASE, Service
from tests.builders import FORUM, NOW

SESSION = "ab" * 32
SAM = NewSession(actor=ActorId("sam"), role=Role.CHAIR, name="Sam", agency="police", purpose=Purpose.INCIDENT)


def test_a_session_gives_back_who_signed_in(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)
    actor = actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW + timedelta(hours=1))
    assert (actor.id, actor.role, actor.agency, actor.purpose, actor.how) == (
        "sam",
        Role.CHAIR,
        "police",
        Purpose.INCIDENT,
        SignedInBy.WEB_SESSION,
    )
    assert actor.signed_in_at == NOW and actor.session != SESSION


def test_a_session_ends_after_eight_hours(store: Store) -> None:
    assert timedelta(hours=8) == LASTS
    open_session(store.shelf, SESSION, SAM, now=NOW)
    actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW + LASTS - timedelta(seconds=1))
    with pytest.raises(NotSignedIn):
        actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW + LASTS)


def test_an_ended_session_is_dead_wherever_its_cookie_still_is(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)
    end_session(store.shelf, SESSION)
    with pytest.raises(NotSignedIn):
        actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW)


def test_the_id_of_a_session_stands_nowhere_on_the_shelf(sqlite_store: Store) -> None:
    open_session(sqlite_store.shelf, SESSION, SAM, now=NOW)
    assert all(SESSION not in key for key in sqlite_store.shelf.kept_by("sam", now=NOW))


def test_a_form_carries_the_token_of_its_own_session() -> None:
    check_form_token(SESSION, form_token(SESSION))
    assert SESSION not in form_token(SESSION)


def browser(service: Service, *, headers: dict[str, str] | None = None) -> dict[str, str]:
    open_session(service.store.shelf, SESSION, NewSession(actor=ActorId("sam"), role=Role.CHAIR, name="Sam"), now=NOW)
    return {"Cookie": f"{COOKIE}={SESSION}", **(headers or {})}


def test_a_page_may_read_over_rest_with_its_session(sqlite_service: Service) -> None:
    assert sqlite_service.client.get(f"{API}/code-lists", headers=browser(sqlite_service)).status_code == 200


def test_a_session_writes_over_rest_only_from_our_own_page_with_its_token(sqlite_service: Service) -> None:
    def write(**headers: str) -> int:
        sent = browser(sqlite_service, headers={"Idempotency-Key": "one", **{k.replace("_", "-"): v for k, v in headers.items()}})
        return sqlite_service.client.post(f"{API}/locations", json={"label": "Tollgate Parade"}, headers=sent).status_code

    assert write() == 403
    assert write(Origin=BASE) == 403
    assert write(Kith_Form_Token=form_token(SESSION)) == 403
    assert write(Origin="http://evil.example", Kith_Form_Token=form_token(SESSION)) == 403
    assert write(Origin=BASE, Kith_Form_Token=form_token(SESSION)) == 201


def test_signing_in_makes_a_new_session_and_the_old_one_dies(sqlite_service: Service) -> None:
    from api.sign_in.one_time_link import keep_link

    old = browser(sqlite_service)
    keep_link(sqlite_service.store.shelf, "cd" * 16, now=NOW)
    answer = sqlite_service.client.post("/sign-in", data={"code": "cd" * 16}, headers={**old, "Origin": BASE})
    assert answer.status_code == 303 and SESSION not in answer.headers["set-cookie"]
    sqlite_service.client.cookies.clear()
    assert sqlite_service.client.get(f"{API}/code-lists", headers=old).status_code == 401
