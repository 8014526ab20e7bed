"""Who shows what lets nobody in waits, the longer the oftener; nobody is shut out by somebody else."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.sign_in.one_time_link import keep_link
from api.sign_in.throttle import FORGOTTEN_AFTER, FREE_TRIES, LONGEST, count_failure, delay_after, name_of, seconds_to_wait
from forum.access.actors import Role
from graph.store.boundary import Store
from tests.api.running import API, BASE, Service
from tests.builders import NOW
from tests.conftest import StorePlace

NAMES = ("an address", "an account")
OWN = {"Origin": BASE}


def test_the_delay_doubles_from_the_sixth_failure_to_a_minute() -> None:
    seconds = [delay_after(failures).total_seconds() for failures in range(1, 15)]
    assert seconds == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert delay_after(10**9) == LONGEST


def test_it_is_counted_for_each_name_by_itself_and_ends_by_itself(store: Store) -> None:
    for _ in range(FREE_TRIES + 3):
        count_failure(store.shelf, NAMES[:1], now=NOW)
    assert seconds_to_wait(store.shelf, NAMES, now=NOW) == 4
    assert seconds_to_wait(store.shelf, NAMES, now=NOW + timedelta(seconds=3.2)) == 1
    assert seconds_to_wait(store.shelf, NAMES, now=NOW + timedelta(seconds=4)) == 0
    assert seconds_to_wait(store.shelf, NAMES[1:], now=NOW) == 0


def test_failures_are_forgotten_a_quarter_of_an_hour_after_the_last(store: Store) -> None:
    later = FORGOTTEN_AFTER - timedelta(seconds=1)
    for _ in range(FREE_TRIES + 1):
        count_failure(store.shelf, NAMES, now=NOW)
    count_failure(store.shelf, NAMES, now=NOW + later)
    assert seconds_to_wait(store.shelf, NAMES, now=NOW + later) == 2
    count_failure(store.shelf, NAMES, now=NOW + later + FORGOTTEN_AFTER)
    assert seconds_to_wait(store.shelf, NAMES, now=NOW + later + FORGOTTEN_AFTER) == 0


def test_it_stands_in_the_store_and_survives_a_restart(store_place: StorePlace) -> None:
    first = store_place.make()
    for _ in range(FREE_TRIES + 6):
        count_failure(first.shelf, NAMES, now=NOW)
    first.close()
    assert seconds_to_wait(store_place.open().shelf, NAMES, now=NOW) == 32


def test_neither_address_nor_account_can_be_read_from_what_is_kept() -> None:
    assert "127.0.0.1" not in name_of("address", "127.0.0.1", secret=b"s")
    assert name_of("address", "127.0.0.1", secret=b"s") != name_of("address", "127.0.0.1", secret=b"t")


def tries(service: Service, how_many: int, *, code: str = "ab" * 16) -> list[int]:
    return [service.client.post("/sign-in", data={"code": code}, headers=OWN).status_code for _ in range(how_many)]


def test_wrong_codes_are_answered_429_with_a_time_to_come_back_that_grows(sqlite_service: Service) -> None:
    assert tries(sqlite_service, FREE_TRIES + 2) == [401] * (FREE_TRIES + 1) + [429]
    waits = []
    for _ in range(8):
        answer = sqlite_service.client.post("/sign-in", data={"code": "x"}, headers=OWN)
        assert answer.status_code == 429 and "Wait" in answer.text
        waits.append(int(answer.headers["Retry-After"]))
        sqlite_service.clock.now += timedelta(seconds=waits[-1])
        assert tries(sqlite_service, 1) == [401]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_while_somebody_waits_nothing_more_is_counted_or_recorded(sqlite_service: Service) -> None:
    tries(sqlite_service, FREE_TRIES + 1)
    before = sqlite_service.store.audit(limit=1000)
    assert tries(sqlite_service, 50) == [429] * 50
    assert sqlite_service.store.audit(limit=1000) == before
    sqlite_service.clock.now += timedelta(seconds=1)
    assert tries(sqlite_service, 2) == [401, 429]


def test_a_stranger_who_goes_on_for_ever_shuts_nobody_out(sqlite_service: Service) -> None:
    """A good link and a good token are let in from the same address while the stranger waits."""
    caller = sqlite_service.caller(Role.COORDINATOR)
    tries(sqlite_service, 100)
    keep_link(sqlite_service.store.shelf, "cd" * 16, now=sqlite_service.clock())
    assert caller.get("/code-lists").status_code == 200
    assert sqlite_service.client.post("/sign-in", data={"code": "cd" * 16}, headers=OWN).status_code == 303


def test_another_address_does_not_wait(sqlite_service: Service) -> None:
    tries(sqlite_service, 100)
    elsewhere = TestClient(sqlite_service.app, base_url=BASE, client=("192.0.2.7", 50000), follow_redirects=False)
    assert elsewhere.post("/sign-in", data={"code": "x"}, headers=OWN).status_code == 401


def test_an_account_waits_wherever_its_old_link_is_shown(sqlite_service: Service) -> None:
    keep_link(sqlite_service.store.shelf, "cd" * 16, now=NOW)
    sqlite_service.client.post("/sign-in", data={"code": "cd" * 16}, headers=OWN)
    statuses = []
    for number in range(FREE_TRIES + 2):
        there = TestClient(sqlite_service.app, base_url=BASE, client=(f"192.0.2.{number}", 50000), follow_redirects=False)
        statuses.append(there.post("/sign-in", data={"code": "cd" * 16}, headers=OWN).status_code)
    assert statuses == [401] * (FREE_TRIES + 1) + [429]


def test_what_lets_nobody_in_is_heard_so_often_in_a_minute_from_one_address_and_then_not_recorded(
    sqlite_place: StorePlace,
) -> None:
    service = Service(sqlite_place, requests_a_minute=10)
    with service.client:
        caller, wrong = service.caller(Role.COORDINATOR), {"Authorization": "Bearer unknown"}
        statuses = [service.client.get(f"{API}/code-lists", headers=wrong).status_code for _ in range(12)]
        assert statuses == [401] * 10 + [429] * 2
        assert len([entry for entry in service.store.audit(limit=1000) if entry.decision == "refused"]) == 10
        assert caller.get("/code-lists").status_code == 200


@pytest.mark.parametrize("path", ["/", f"{API}/code-lists"])
def test_whoever_shows_nothing_is_only_told_to_sign_in(sqlite_service: Service, path: str) -> None:
    assert {sqlite_service.client.get(path).status_code for _ in range(50)} == {401}
