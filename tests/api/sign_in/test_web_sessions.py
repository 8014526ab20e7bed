"""A session in the browser: kept under a hash, for twenty idle minutes and eight hours, ended at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from api.errors import NotSignedIn
from api.sign_in.cross_site import check_form_token
from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import (
    COOKIE,
    IDLE,
    LASTS,
    WRITTEN_EVERY,
    NewSession,
    actor_of_session,
    end_all_sessions,
    end_session,
    form_token,
    go_on_as,
    open_session,
    sessions_of,
)
from forum.access.actors import Actor, Purpose, Role, SignedInBy
from graph.records import ActorId
from graph.store.boundary import Store
from tests.api.running import API, BASE, Service
from tests.builders import FORUM, NOW, keep_account

SESSION = "ab" * 32
SECOND = timedelta(seconds=1)
SAM = NewSession(actor=ActorId("sam"), role=Role.CHAIR, name="Sam", agency="police", purpose=Purpose.INCIDENT)


def test_a_session_gives_back_who_signed_in(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)
    actor = actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW + timedelta(minutes=10))
    assert (actor.id, actor.role, actor.agency, actor.purpose, actor.how) == (
        "sam",
        Role.CHAIR,
        "police",
        Purpose.INCIDENT,
        SignedInBy.WEB_SESSION,
    )
    assert actor.signed_in_at == NOW and actor.session != SESSION


def asked(store: Store, after: timedelta) -> Actor:
    return actor_of_session(store.shelf, SESSION, forum=FORUM, now=NOW + after)


def refused(store: Store, after: timedelta) -> str:
    """Why the session is refused then."""
    with pytest.raises(SignInRefused) as found:
        asked(store, after)
    assert str(found.value) == str(NotSignedIn())
    return found.value.reason


def test_a_session_ends_after_twenty_minutes_without_use_and_not_before_nineteen(store: Store) -> None:
    assert timedelta(minutes=20) == IDLE and timedelta(minutes=1) == WRITTEN_EVERY
    open_session(store.shelf, SESSION, SAM, now=NOW)
    asked(store, IDLE - SECOND)
    asked(store, IDLE - SECOND + IDLE - SECOND)
    last = 2 * (IDLE - SECOND)
    asked(store, last + WRITTEN_EVERY - SECOND)  # less than a minute later: not written down
    assert refused(store, last + IDLE) == "session-idle"
    assert refused(store, last + 2 * IDLE) == "session-idle"


def test_a_session_ends_after_eight_hours_however_it_is_used(store: Store) -> None:
    assert timedelta(hours=8) == LASTS
    open_session(store.shelf, SESSION, SAM, now=NOW)
    after = timedelta()
    while after < LASTS:
        asked(store, after)
        after += timedelta(minutes=19)
    assert refused(store, LASTS) == "session-over"


def test_an_ended_session_is_dead_wherever_its_cookie_still_is_and_known_for_what_it_was(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)
    end_session(store.shelf, hash_of(SESSION), why="signed-out", now=NOW)
    assert refused(store, timedelta()) == "session-signed-out"
    end_session(store.shelf, hash_of(SESSION), why="revoked", now=NOW)
    assert refused(store, LASTS + timedelta(hours=23)) == "session-signed-out"
    assert refused(store, LASTS + timedelta(hours=24)) == "session-unknown"


def test_a_use_that_is_noted_after_the_end_brings_nothing_back(sqlite_store: Store) -> None:
    """A request that began before the end writes its use down after it."""
    shelf = sqlite_store.shelf
    open_session(shelf, SESSION, SAM, now=NOW)
    end_session(shelf, hash_of(SESSION), why="revoked", now=NOW)
    shelf.keep(f"web_session_used:{hash_of(SESSION)}", "2026-11-21T09:31:00.000000Z", until=NOW + IDLE)
    assert refused(sqlite_store, SECOND) == "session-revoked"


class CountedShelf:
    """The shelf of a store, counting what is written."""

    def __init__(self, shelf: Any) -> None:
        self._shelf, self.written = shelf, 0

    def __getattr__(self, name: str) -> Any:
        self.written += name in ("keep", "take", "count", "drop", "kept_by")
        return getattr(self._shelf, name)


def test_being_used_is_written_down_once_a_minute_at_most(sqlite_store: Store) -> None:
    open_session(sqlite_store.shelf, SESSION, SAM, now=NOW)
    shelf = CountedShelf(sqlite_store.shelf)
    for seconds in range(600):
        actor_of_session(shelf, SESSION, forum=FORUM, now=NOW + timedelta(seconds=seconds))  # type: ignore[arg-type]
    assert shelf.written == 9


def test_whoever_really_looks_is_told_where_they_are_signed_in(store: Store) -> None:
    kim = NewSession(actor=ActorId("invented"), behind=ActorId("sam"), role=Role.GUEST, name="Kim", browser="Firefox on Windows")
    open_session(store.shelf, SESSION, SAM, now=NOW)
    open_session(store.shelf, "second", kim, now=NOW + SECOND)
    open_session(store.shelf, "theirs", NewSession(actor=ActorId("invented"), role=Role.GUEST, name=""), now=NOW)
    listed = sessions_of(store.shelf, ActorId("sam"), now=NOW + timedelta(minutes=2))
    assert [(each.handle, each.role, each.browser) for each in listed] == [
        (hash_of("second"), Role.GUEST, "Firefox on Windows"),
        (hash_of(SESSION), Role.CHAIR, ""),
    ]
    assert listed[0].began_at == listed[0].used_at == NOW + SECOND
    asked(store, timedelta(minutes=3))
    assert [each.used_at for each in sessions_of(store.shelf, ActorId("sam"), now=NOW + timedelta(minutes=3))] == [
        NOW + timedelta(minutes=3),
        NOW + SECOND,
    ]
    end_session(store.shelf, hash_of(SESSION), why="revoked", now=NOW)
    assert len(sessions_of(store.shelf, ActorId("sam"), now=NOW + timedelta(minutes=4))) == 1
    assert sessions_of(store.shelf, ActorId("sam"), now=NOW + SECOND + IDLE) == ()


def test_a_session_goes_on_under_one_new_id_whoever_asks_at_once(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)

    def go_on(number: int) -> str:
        try:
            go_on_as(store.shelf, hash_of(SESSION), f"next {number}", SAM, now=NOW)
        except SignInRefused as gone:
            return gone.reason
        return "went on"

    with ThreadPoolExecutor(4) as at_once:
        told = sorted(at_once.map(go_on, range(4)))
    assert told == ["session-replaced"] * 3 + ["went on"]
    assert len(sessions_of(store.shelf, ActorId("sam"), now=NOW)) == 1
    assert refused(store, SECOND) == "session-replaced"


def test_a_session_is_ended_by_one_of_all_who_end_it_at_once(store: Store) -> None:
    open_session(store.shelf, SESSION, SAM, now=NOW)
    with ThreadPoolExecutor(4) as at_once:
        ends = at_once.map(lambda _: end_session(store.shelf, hash_of(SESSION), why="revoked", now=NOW), range(4))
        assert sorted(ends) == [False, False, False, True]
    with pytest.raises(SignInRefused, match="Sign in"):
        go_on_as(store.shelf, hash_of(SESSION), "next", SAM, now=NOW)
    assert sessions_of(store.shelf, ActorId("sam"), now=NOW) == ()


def test_whatever_goes_on_after_all_was_ended_lets_nobody_in(store: Store) -> None:
    """As where somebody who holds a stolen cookie changes eyes at the moment at which its owner signs out everywhere."""
    for session_id in (SESSION, "second"):
        open_session(store.shelf, session_id, SAM, now=NOW)
    end_all_sessions(store.shelf, ActorId("sam"), mark="one", now=NOW)
    go_on_as(store.shelf, hash_of("second"), "third", SAM, now=NOW + SECOND)
    for session_id in (SESSION, "third"):
        with pytest.raises(SignInRefused) as found:
            actor_of_session(store.shelf, session_id, forum=FORUM, now=NOW + SECOND)
        assert found.value.reason == "session-signed-out"
    assert sessions_of(store.shelf, ActorId("sam"), now=NOW + SECOND) == ()
    open_session(store.shelf, "afresh", SAM, now=NOW + 2 * SECOND)
    actor_of_session(store.shelf, "afresh", forum=FORUM, now=NOW + 2 * SECOND)
    end_all_sessions(store.shelf, ActorId("sam"), mark="two", now=NOW + 3 * SECOND)
    assert sessions_of(store.shelf, ActorId("sam"), now=NOW + 3 * SECOND) == ()


def test_ending_all_ends_nobody_elses_and_what_begins_after_it_lasts_as_ever(store: Store) -> None:
    kim = NewSession(actor=ActorId("kim"), role=Role.CHAIR, name="Kim")
    open_session(store.shelf, "theirs", kim, now=NOW)
    end_all_sessions(store.shelf, ActorId("sam"), mark="one", now=NOW)
    open_session(store.shelf, SESSION, SAM, now=NOW)
    for minutes in range(0, int(LASTS.total_seconds() // 60), 15):
        for session_id in (SESSION, "theirs"):
            actor_of_session(store.shelf, session_id, forum=FORUM, now=NOW + timedelta(minutes=minutes))
    assert refused(store, LASTS) == "session-over"


def test_the_id_of_a_session_stands_nowhere_on_the_shelf(sqlite_store: Store) -> None:
    open_session(sqlite_store.shelf, SESSION, SAM, now=NOW)
    assert all(SESSION not in key for key in sqlite_store.shelf.kept_by("sam", now=NOW))


def test_a_form_carries_the_token_of_its_own_session() -> None:
    check_form_token(SESSION, form_token(SESSION))
    assert SESSION not in form_token(SESSION)


def browser(service: Service, *, headers: dict[str, str] | None = None) -> dict[str, str]:
    keep_account(service.store, ActorId("sam"), Role.CHAIR)
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
