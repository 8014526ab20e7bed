"""Promise: one writer at a time, and whoever waits is answered; who cannot wait is told to come back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from api.headers import ALWAYS_ANSWERED, MOST_READING, MOST_WAITING
from graph.contexts import Location
from tests.api.running import API, BASE, Caller, Service
from tests.builders import a_scope, a_write_key

PLACE = {"label": "Tollgate Parade"}


async def posts(service: Service, caller: Caller, keys: list[str]) -> list[httpx.Response]:
    """So many requests at once, as one server gets them."""
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=60) as client:
        sent = (client.post(f"{API}/locations", json=PLACE, headers={**caller.headers, "Idempotency-Key": key}) for key in keys)
        return await asyncio.gather(*sent)


def stored_places(service: Service) -> list[str]:
    with service.store.view(a_scope()) as view:
        return [place.id for place in view.find(Location, limit=500)]


def test_two_hundred_posts_at_once_are_all_answered(service: Service) -> None:
    answers = asyncio.run(posts(service, service.caller(), [f"key-{number}" for number in range(200)]))
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["id"] for answer in answers) == stored_places(service)


def test_fifty_equal_requests_at_once_are_one_effect_and_one_answer(service: Service) -> None:
    answers = asyncio.run(posts(service, service.caller(), ["the same key"] * 50))
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.text, answer.headers["Location"]) for answer in answers}) == 1
    assert stored_places(service) == [answers[0].json()["id"]]


def test_one_unsafe_request_too_many_is_told_to_come_back(sqlite_service: Service) -> None:
    """Somebody else holds the file's writing lock, so that everyone waits; the last of all does not."""
    caller = sqlite_service.caller()
    held, over = Event(), Event()

    def hold() -> None:
        with sqlite_service.store.write(a_scope(), key=a_write_key(), by=caller.actor, now=sqlite_service.clock()):
            held.set()
            over.wait(4)

    with ThreadPoolExecutor(1) as holder:
        holding = holder.submit(hold)
        held.wait(5)
        sent = [f"key-{number}" for number in range(MOST_WAITING + 1)]

        async def all_and_release() -> list[httpx.Response]:
            asyncio.get_running_loop().call_later(1.0, over.set)
            return await posts(sqlite_service, caller, sent)

        answers = asyncio.run(all_and_release())
        holding.result()
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 1
    assert refused[0].headers["Retry-After"] == "1" and refused[0].json()["code"] == "too-busy"
    assert len(stored_places(sqlite_service)) == MOST_WAITING


def test_one_read_too_many_is_told_to_come_back_at_once(sqlite_service: Service) -> None:
    """Somebody else holds the file's writing lock, so that nobody's reading can be recorded: the last of all does not wait."""
    caller = sqlite_service.caller()
    caller.post("/locations", PLACE)
    sent = MOST_READING + 1

    async def ask(path: str, client: httpx.AsyncClient, answered: list[str]) -> httpx.Response:
        answer = await client.get(path, headers=caller.headers)
        answered.append(path if answer.status_code == 200 else str(answer.status_code))
        return answer

    async def all_at_once(over: Event) -> tuple[list[httpx.Response], list[str]]:
        answered: list[str] = []
        transport = httpx.ASGITransport(app=sqlite_service.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=60) as client:
            reads = [asyncio.create_task(ask(f"{API}/locations", client, answered)) for _ in range(sent)]
            while not answered:
                await asyncio.sleep(0.01)
            over.set()
            return await asyncio.gather(*reads), answered

    held, over = Event(), Event()

    def hold() -> None:
        with sqlite_service.store.write(a_scope(), key=a_write_key(), by=caller.actor, now=sqlite_service.clock()):
            held.set()
            over.wait(4)

    with ThreadPoolExecutor(1) as holder:
        holding = holder.submit(hold)
        held.wait(5)
        answers, answered = asyncio.run(all_at_once(over))
        holding.result()
    assert answered[0] == "503", "it was refused before anybody was answered"
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 1
    assert refused[0].headers["Retry-After"] == "1" and refused[0].json()["code"] == "too-busy"
    assert {answer.status_code for answer in answers if answer not in refused} == {200}


def test_whether_the_service_is_there_is_answered_however_busy_it_is(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.headers.MOST_READING", 0)
    caller = sqlite_service.caller()
    assert sqlite_service.client.get(f"{API}/code-lists", headers=caller.headers).status_code == 503
    assert sqlite_service.client.get(ALWAYS_ANSWERED).status_code == 200


def test_reading_goes_on_while_many_writers_wait(sqlite_service: Service) -> None:
    """Somebody else holds the file's writing lock; who asks for what needs no record of it waits for nobody."""
    caller = sqlite_service.caller()
    over = Event()

    async def read_beside_writers() -> tuple[int, bool, list[httpx.Response]]:
        writing = asyncio.create_task(posts(sqlite_service, caller, [f"key-{number}" for number in range(60)]))
        transport = httpx.ASGITransport(app=sqlite_service.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=60) as client:
            await asyncio.sleep(0.2)
            answer = await client.get(f"{API}/code-lists", headers=caller.headers)
        before = not over.is_set()
        over.set()
        return answer.status_code, before, await writing

    held = Event()

    def hold() -> None:
        with sqlite_service.store.write(a_scope(), key=a_write_key(), by=caller.actor, now=sqlite_service.clock()):
            held.set()
            over.wait(3)
            over.set()

    with ThreadPoolExecutor(1) as holder:
        holding = holder.submit(hold)
        held.wait(5)
        status, before, written = asyncio.run(read_beside_writers())
        holding.result()
    assert status == 200 and before, "the reader waited for the writers"
    assert {answer.status_code for answer in written} == {201}
