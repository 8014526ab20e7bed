"""A machine's clock that is moved back, a day or a little: recorded once, and nothing lives longer for it; order is kept."""

from datetime import datetime, timedelta
from secrets import token_bytes

import pytest
from starlette.testclient import TestClient

from api.main import create_app
from api.onward_clock import LATEST, SLACK, WRITTEN_EVERY, OnwardClock, latest_of
from api.settings import Settings
from api.sign_in.web_sessions import COOKIE, IDLE, LASTS, NewSession, open_session
from forum.access.actors import Role
from graph.records import ActorId, new_id
from graph.store.boundary import AuditEntry, Store
from tests.api.running import API, BASE, Clock, Service
from tests.builders import NOW, a_referral, keep, keep_account
from tests.conftest import StorePlace

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
SESSION = "ab" * 32


def moved_back(store: Store) -> list[AuditEntry]:
    return [entry for entry in store.audit(limit=10_000) if entry.clock_state == "moved_back"]


def test_it_goes_on_from_the_latest_moment_at_the_machines_pace(sqlite_store: Store) -> None:
    machine = Clock()
    clock = OnwardClock(machine, sqlite_store)
    assert clock() == NOW and not clock.take_moved_back()
    machine.now += MINUTE - DAY
    assert clock() == NOW and clock.take_moved_back() and not clock.take_moved_back()
    machine.now += MINUTE
    assert clock() == NOW + MINUTE and not clock.take_moved_back()


def test_once_the_machines_clock_has_caught_up_it_is_the_machines_again(sqlite_store: Store) -> None:
    machine = Clock()
    clock = OnwardClock(machine, sqlite_store)
    clock()
    machine.now -= DAY
    clock()
    machine.now += DAY + MINUTE
    assert clock() == NOW + MINUTE
    machine.now += MINUTE
    assert clock() == NOW + 2 * MINUTE and clock.take_moved_back() and not clock.take_moved_back()


def test_a_clock_set_right_by_little_stands_still_and_is_no_event(sqlite_store: Store) -> None:
    machine = Clock()
    clock = OnwardClock(machine, sqlite_store)
    clock()
    machine.now -= SLACK
    assert clock() == NOW and not clock.take_moved_back()
    machine.now += SLACK + SECOND
    assert clock() == NOW + SECOND


def test_moved_twice_or_forward_and_back_it_never_gives_an_earlier_moment(sqlite_store: Store) -> None:
    machine = Clock()
    clock = OnwardClock(machine, sqlite_store)
    seen: list[datetime] = []
    for step in (SECOND, -DAY, MINUTE, -DAY, MINUTE, 3 * DAY, MINUTE, -DAY, MINUTE, DAY, SECOND):
        machine.now += step
        seen.append(clock())
    assert seen == sorted(seen)


def test_a_start_finds_the_latest_moment_short_of_its_last_minute(store_place: StorePlace) -> None:
    store, machine = store_place.make(), Clock()
    clock = OnwardClock(machine, store)
    for _ in range(10):
        machine.now += MINUTE - SECOND
        clock()
        clock.keep_latest()
    assert timedelta() <= clock() - latest_of(store, NOW) < WRITTEN_EVERY
    clock.keep_latest(at_once=True)
    store.close()
    machine.now -= DAY
    again = OnwardClock(machine, store_place.open())
    assert again() == machine.now + DAY and again.take_moved_back()


def test_the_latest_moment_is_written_once_a_minute_at_most(sqlite_service: Service) -> None:
    caller, written = sqlite_service.caller(), set()
    for _ in range(600):
        sqlite_service.clock.now += SECOND
        sqlite_service.house.clock()
        sqlite_service.house.clock.keep_latest()
        written.add(sqlite_service.store.shelf.kept(LATEST, now=NOW))
    assert len(written) == 10
    assert caller.get("/code-lists").status_code == 200


def test_a_clock_moved_back_is_recorded_once_before_anything_is_answered(service: Service) -> None:
    caller = service.caller()
    caller.get("/code-lists")
    service.clock.now -= DAY
    for _ in range(3):
        assert caller.get("/audit?by=me").status_code == 200
    (entry,) = moved_back(service.store)
    assert (entry.actor, entry.at) == ("service", NOW)
    after = [each.at for each in service.store.audit(after=entry.seq, limit=100)]
    assert after and min(after) >= NOW


def tokens_end(service: Service) -> None:
    caller = service.caller(hours=1)
    assert caller.get("/code-lists").status_code == 200
    service.clock.now -= DAY
    assert caller.get("/code-lists").status_code == 200
    service.clock.now += timedelta(hours=1) - SECOND
    assert caller.get("/code-lists").status_code == 200
    service.clock.now += SECOND
    assert caller.get("/code-lists").status_code == 401


def grants_end(service: Service) -> None:
    case = keep(service.store, a_referral())
    caller = service.caller(Role.PRACTITIONER, hours=4)
    service.grant(caller.actor, case.id, lasts=timedelta(hours=1))
    assert caller.get(f"/referrals/{case.id}").status_code == 200
    service.clock.now += timedelta(minutes=30)
    assert caller.get(f"/referrals/{case.id}").status_code == 200
    service.clock.now -= DAY
    assert caller.get(f"/referrals/{case.id}").status_code == 200
    service.clock.now += timedelta(minutes=30) - SECOND
    assert caller.get(f"/referrals/{case.id}").status_code == 200
    service.clock.now += SECOND
    assert caller.get(f"/referrals/{case.id}").status_code == 404


def sessions_end(service: Service) -> None:
    actor = ActorId(new_id())
    keep_account(service.store, actor, Role.COORDINATOR)
    open_session(service.store.shelf, SESSION, NewSession(actor=actor, role=Role.COORDINATOR, name=""), now=NOW)
    cookie = {"Cookie": f"{COOKIE}={SESSION}"}

    def asked() -> int:
        return service.client.get(f"{API}/code-lists", headers=cookie).status_code

    assert asked() == 200
    service.clock.now -= DAY
    for _ in range(int((LASTS - MINUTE) / (IDLE - MINUTE))):
        assert asked() == 200
        service.clock.now += IDLE - MINUTE
    assert asked() == 200
    service.clock.now = NOW - DAY + LASTS
    assert asked() == 401


@pytest.mark.parametrize("ends", [tokens_end, grants_end, sessions_end], ids=["token", "grant", "session"])
def test_nothing_lives_longer_for_a_clock_moved_back_a_day(sqlite_service: Service, ends: object) -> None:
    ends(sqlite_service)  # type: ignore[operator]


def test_what_ended_before_a_clock_was_moved_back_stays_ended_after_a_restart(sqlite_place: StorePlace) -> None:
    service = Service(sqlite_place)
    caller = service.caller(hours=1)
    service.clock.now += timedelta(hours=1)
    with service.client:
        assert caller.get("/code-lists").status_code == 401
    machine = Clock(NOW - DAY)
    app = create_app(Settings(store=sqlite_place.url), machine, token_bytes)
    with TestClient(app, base_url=BASE) as client:
        assert client.get(f"{API}/code-lists", headers=dict(caller.headers)).status_code == 401
        assert len(moved_back(app.state.house.store)) == 1


def test_a_clock_moved_forward_a_day_ends_what_is_over_and_no_more(sqlite_service: Service) -> None:
    short, long = sqlite_service.caller(hours=4), sqlite_service.caller(hours=48)
    sqlite_service.clock.now += DAY
    assert (short.get("/code-lists").status_code, long.get("/code-lists").status_code) == (401, 200)
    assert not moved_back(sqlite_service.store)
