"""Promise: nobody takes the service's time from others, and nobody floods a forum with referrals; who asks for more is told
when to come back, and nothing else.
"""

import asyncio
import secrets
from datetime import timedelta

import httpx
import pytest

from api.errors import TooManyRequests
from api.pace import Pace
from api.settings import Settings
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from graph.records import ActorId, new_id
from tests.api.running import API, BASE, Caller, Service
from tests.api.test_acknowledged_writes import a_referral
from tests.builders import NOW, keep, keep_account
from tests.builders import a_referral as a_kept_referral
from tests.conftest import StorePlace

ME, YOU = ActorId("me"), ActorId("you")
SECOND = timedelta(seconds=1)


def asks(pace: Pace, times: int, *, after: timedelta = timedelta(), actor: ActorId = ME) -> None:
    for _ in range(times):
        pace.count(actor, now=NOW + after)


def wait_told(pace: Pace, *, after: timedelta = timedelta()) -> int:
    with pytest.raises(TooManyRequests) as refused:
        asks(pace, 1, after=after)
    return refused.value.retry_after_seconds


def test_the_limits_are_those_that_are_published() -> None:
    published = Settings.model_fields
    assert (published["requests_a_minute"].default, published["referrals_an_hour"].default) == (600, 60)


def test_six_hundred_in_a_minute_are_answered_and_one_more_is_not() -> None:
    pace = Pace(600)
    asks(pace, 300)
    asks(pace, 300, after=20 * SECOND)
    assert wait_told(pace, after=20 * SECOND) == 40
    asks(pace, 600, after=20 * SECOND, actor=YOU)


def test_no_minute_holds_more_wherever_it_begins() -> None:
    """Counted in whole minutes of the clock, somebody could ask twice as much around the turn of one."""
    pace = Pace(10)
    asks(pace, 10, after=59 * SECOND)
    assert wait_told(pace, after=61 * SECOND) == 58
    asks(pace, 10, after=119 * SECOND)


def test_what_was_refused_counts_for_nothing() -> None:
    pace = Pace(1)
    asks(pace, 1)
    assert [wait_told(pace, after=n * SECOND) for n in (1, 30, 59)] == [59, 30, 1]
    asks(pace, 1, after=60 * SECOND)


def test_a_clock_put_back_shuts_nobody_out() -> None:
    pace = Pace(1)
    asks(pace, 1)
    asks(pace, 1, after=-timedelta(days=1))
    assert wait_told(pace, after=-timedelta(days=1)) == 60


def test_nobody_stays_in_memory_who_has_not_asked_for_a_while() -> None:
    pace = Pace(5)
    for number in range(1000):
        pace.count(ActorId(f"a{number}"), now=NOW)
    pace.count(ME, now=NOW + 60 * SECOND)
    assert list(pace._asked) == [ME]


def paced(place: StorePlace, **settings: int) -> Service:
    return Service(place, **settings)


def test_one_request_too_many_is_told_when_to_come_back(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, requests_a_minute=3)
    with service.client:
        caller, other = service.caller(), service.caller()
        assert [caller.get("/code-lists").status_code for _ in range(3)] == [200] * 3
        service.clock.now += 15 * SECOND
        refused = caller.get("/code-lists")
        assert (refused.status_code, refused.headers["Retry-After"], refused.json()["code"]) == (429, "45", "too-many-requests")
        assert other.get("/code-lists").status_code == 200
        service.clock.now += 45 * SECOND
        assert caller.get("/code-lists").status_code == 200


def test_a_refusal_for_pace_is_the_same_whatever_was_asked_for_and_costs_no_write(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, requests_a_minute=1)
    with service.client:
        mine, hidden = keep(service.store, a_kept_referral(), a_kept_referral())
        caller = service.caller(Role.PRACTITIONER, reads=[mine.id])
        caller.get(f"/referrals/{mine.id}")
        before = (len(service.store.audit(limit=1000)), service.store.revision())
        answers = [caller.get(f"/referrals/{one}") for one in (mine.id, hidden.id, new_id())]
        assert {answer.status_code for answer in answers} == {429}
        said = {tuple(value for name, value in answer.json().items() if name != "instance") for answer in answers}
        assert len(said) == 1
        assert (len(service.store.audit(limit=1000)), service.store.revision()) == before


def test_a_page_says_so_in_words(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, requests_a_minute=1)
    with service.client:
        secret = secrets.token_hex(16)
        keep_account(service.store, ME, Role.COORDINATOR)
        open_session(service.store.shelf, secret, NewSession(actor=ME, role=Role.COORDINATOR, name=""), now=service.clock())
        headers = {"Cookie": f"{COOKIE}={secret}"}
        assert service.client.get("/contexts", headers=headers).status_code == 200
        refused = service.client.get("/contexts", headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert "Wait a minute" in refused.text


def test_whoever_looks_through_other_eyes_counts_as_themselves(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, requests_a_minute=1)
    with service.client:
        statuses = []
        for actor, behind in ((ME, None), (YOU, ME)):
            secret = secrets.token_hex(16)
            held = NewSession(actor=actor, role=Role.COORDINATOR, name="", behind=behind)
            keep_account(service.store, actor, Role.COORDINATOR)
            open_session(service.store.shelf, secret, held, now=service.clock())
            statuses.append(service.client.get("/contexts", headers={"Cookie": f"{COOKIE}={secret}"}).status_code)
        assert statuses == [200, 429]


def a_browser_of(service: Service, actor: ActorId) -> tuple[str, dict[str, str]]:
    """The id of a new session of this person, and what its browser sends from a page of ours."""
    secret = secrets.token_hex(16)
    held = NewSession(actor=actor, role=Role.COORDINATOR, name="")
    open_session(service.store.shelf, secret, held, now=service.clock())
    return secret, {"Cookie": f"{COOKIE}={secret}", "Sec-Fetch-Site": "same-origin"}


def test_a_session_that_asks_without_end_keeps_its_owner_from_nothing_that_ends_it(sqlite_place: StorePlace) -> None:
    """The one who holds a stolen cookie asks on; the owner asks for their sessions from another."""
    service = paced(sqlite_place, requests_a_minute=2)
    with service.client:
        keep_account(service.store, ME, Role.COORDINATOR)
        (_, stolen), (secret, own) = a_browser_of(service, ME), a_browser_of(service, ME)
        asked = [service.client.get(path, headers=stolen).status_code for path in ["/contexts", "/sessions"] * 4]
        assert asked == [200, 200, 200, 200, 429, 429, 429, 429]
        assert service.client.get("/contexts", headers=own).status_code == 429
        assert service.client.get("/sessions", headers=own).status_code == 200
        form = {"form_token": form_token(secret)}
        ended = service.client.post("/sessions/end-all", data=form, headers=own, follow_redirects=False)
        assert ended.status_code == 303
        assert service.client.get("/sessions", headers=stolen).status_code == 401


def send(caller: Caller, number: int) -> httpx.Response:
    return caller.post("/referrals", a_referral(number), key=f"key-{number}")


def test_as_many_referrals_an_hour_as_are_published_and_not_one_more_though_the_service_restarts(
    store_place: StorePlace,
) -> None:
    service = paced(store_place, referrals_an_hour=3)
    with service.client:
        caller, other = service.caller(Role.REFERRER), service.caller(Role.REFERRER)
        answers = [send(caller, number) for number in range(3)]
        assert [answer.status_code for answer in answers] == [201] * 3
        service.clock.now += timedelta(minutes=20)
        refused = send(caller, 3)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2400")
        again = send(caller, 2)
        assert (again.status_code, again.json()) == (201, answers[2].json())
        assert caller.post("/referrals", {"kind": "unheard_of"}).status_code == 422
        assert send(other, 4).status_code == 201
    restarted = paced(store_place, referrals_an_hour=3)
    restarted.clock.now = service.clock.now
    with restarted.client:
        there = Caller(restarted.client, caller.actor, caller.headers)
        assert send(there, 5).status_code == 429
        restarted.clock.now += timedelta(minutes=40)
        assert send(there, 6).status_code == 201
        refusals = [entry for entry in restarted.store.audit(by=caller.actor) if entry.reason == "too-many-requests"]
        assert [entry.action for entry in refusals] == ["create_referral"] * 2


def test_what_is_no_referral_does_not_count_as_one(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, referrals_an_hour=1)
    with service.client:
        caller = service.caller()
        for _ in range(3):
            assert caller.post("/locations", {"label": "Canal bridge"}).status_code == 201
        assert [send(caller, number).status_code for number in range(2)] == [201, 429]


def test_a_hundred_referrals_at_once_are_no_way_round_it(sqlite_place: StorePlace) -> None:
    service = paced(sqlite_place, referrals_an_hour=60)
    caller = service.caller(Role.REFERRER)

    async def all_at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=service.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=60) as client:
            sent = (
                client.post(f"{API}/referrals", json=a_referral(n), headers={**caller.headers, "Idempotency-Key": f"k{n}"})
                for n in range(100)
            )
            return list(await asyncio.gather(*sent))

    statuses = sorted(answer.status_code for answer in asyncio.run(all_at_once()))
    service.client.close()
    assert statuses == [201] * 60 + [429] * 40
