"""A body that stalls holds up nobody else and ends with an answer; what is cut off at the end may be sent again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

import api.arrival
from api.arrival import MOST_BODY_BYTES
from api.dependencies.workers import Threads, Workers
from api.headers import MOST_WAITING, SECURITY_HEADERS
from tests.api.running import API, Caller, Service
from tests.api.test_one_writer import PLACE, stored_places
from tests.builders import a_scope, a_write_key

Piece = dict[str, Any]
Receive = Callable[[], Awaitable[Piece]]
WHOLE: Piece = {"type": "http.request", "body": json.dumps(PLACE).encode(), "more_body": False}
BEGUN: Piece = {"type": "http.request", "body": b"{", "more_body": True}
LEFT: Piece = {"type": "http.disconnect"}


def sends(*pieces: Piece) -> Receive:
    """A caller who sends so much and then nothing."""
    left = list(pieces)

    async def receive() -> Piece:
        if left:
            return left.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def post(service: Service, caller: Caller, receive: Receive, *, key: str) -> list[Piece]:
    """One POST of a location as a server hands it in, and what was answered."""
    named = {"host": "127.0.0.1", "content-type": "application/json", "idempotency-key": key, **caller.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": f"{API}/locations", "raw_path": f"{API}/locations".encode(), "root_path": "", "query_string": b"",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    told: list[Piece] = []

    async def send(message: Piece) -> None:
        told.append(message)

    await service.app(scope, receive, send)
    return told


def status(told: list[Piece]) -> int:
    return int(told[0]["status"])


def headers(told: list[Piece]) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in told[0]["headers"]}


def carries_the_headers(told: list[Piece]) -> bool:
    return all(headers(told)[name.lower()] == value for name, value in SECURITY_HEADERS.items())


def test_bodies_that_stall_keep_nobody_else_from_writing(sqlite_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than may wait for their turn at once; then somebody who sends all they have to say."""
    monkeypatch.setattr(api.arrival, "MOST_BODY_SECONDS", 2)
    caller = sqlite_service.caller()

    async def all_at_once() -> tuple[list[Piece], list[list[Piece]]]:
        stalled = [
            asyncio.create_task(post(sqlite_service, caller, sends(BEGUN), key=f"stalled-{number}"))
            for number in range(MOST_WAITING + 1)
        ]
        await asyncio.sleep(0)
        good = await post(sqlite_service, caller, sends(WHOLE), key="good")
        assert not any(task.done() for task in stalled)
        return good, await asyncio.gather(*stalled)

    good, stalled = asyncio.run(all_at_once())
    assert status(good) == 201 and len(stored_places(sqlite_service)) == 1
    assert {status(told) for told in stalled} == {408}
    assert all(headers(told)["connection"] == "close" and carries_the_headers(told) for told in stalled)
    assert json.loads(stalled[0][1]["body"])["code"] == "body-too-slow"


def test_a_body_too_large_is_refused_before_the_rest_of_it_comes(sqlite_service: Service) -> None:
    piece = {"type": "http.request", "body": b"a" * (MOST_BODY_BYTES // 2 + 1), "more_body": True}
    told = asyncio.run(post(sqlite_service, sqlite_service.caller(), sends(piece, piece), key="large"))
    assert status(told) == 413


def test_who_leaves_before_all_was_sent_gets_no_answer_and_is_no_fault_of_the_service(sqlite_service: Service) -> None:
    caller = sqlite_service.caller()
    sqlite_service.house.measures.taken()
    assert asyncio.run(post(sqlite_service, caller, sends(BEGUN, LEFT), key="left")) == []
    told = sqlite_service.house.measures.taken()
    assert (told["answers"], told["faults"]) == (0, 0)
    assert stored_places(sqlite_service) == []


def tells_when_begun(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set once one of the service's threads is at work on something."""
    begun, do = Event(), workers.do

    def begin(work: Callable[[], Any], *, among: Threads) -> Awaitable[Any]:
        def told() -> Any:
            begun.set()
            return work()

        return do(told, among=among)

    monkeypatch.setattr(workers, "do", begin)
    return begun


def test_what_is_cut_off_at_the_end_may_be_sent_again_with_its_key_and_is_done_once(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else holds the writing lock while the server waits no longer: 503 with all headers, and one effect."""
    caller = sqlite_service.caller()
    held, over, begun = Event(), Event(), tells_when_begun(sqlite_service.house.workers, monkeypatch)

    def hold() -> None:
        with sqlite_service.store.write(a_scope(), key=a_write_key(), by=caller.actor, now=sqlite_service.clock()):
            held.set()
            over.wait(10)

    async def cut_off() -> list[Piece]:
        task = asyncio.create_task(post(sqlite_service, caller, sends(WHOLE), key="cut off"))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        told = await task
        over.set()
        return told

    with ThreadPoolExecutor(1) as holder:
        holding = holder.submit(hold)
        held.wait(5)
        told = asyncio.run(cut_off())
        holding.result()
    assert status(told) == 503 and headers(told)["retry-after"] == "1" and carries_the_headers(told)
    monkeypatch.undo()
    again = asyncio.run(post(sqlite_service, caller, sends(WHOLE), key="cut off"))
    assert status(again) == 201 and stored_places(sqlite_service) == [json.loads(again[1]["body"])["id"]]
