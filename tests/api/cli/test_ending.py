"""Told to stop, the service answers what it has begun, takes in nothing new, closes its store in order and ends with 0."""

import asyncio
import json
import secrets
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

import api.cli.server
from api.cli.server import Server
from api.headers import SECURITY_HEADERS
from api.main import KINDS
from api.onward_clock import LATEST
from api.sign_in.tokens import keep_token
from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.contexts import Location
from graph.periods import read_moment
from graph.records import ActorId
from graph.store import open_store
from graph.store.boundary import NewStore, Store, WriteKey
from tests.api.cli.test_serving import Running, running
from tests.api.running import Service
from tests.builders import FORUM, keep_account
from tests.conftest import StorePlace

BEGUN = 6


def new_store(url: str) -> Store:
    now = datetime.now(UTC)
    new = NewStore(forum=FORUM, evaluation=True, made_at=now, lives_until=now + timedelta(days=30))
    return open_store(url, KINDS, making=new)


def a_token(store: Store) -> str:
    token = secrets.token_hex(32)
    keep_account(store, ActorId("me"), Role.COORDINATOR)
    keep_token(
        store.shelf, token, actor=ActorId("me"), role=Role.COORDINATOR, name="", agency=None, hours=1, now=datetime.now(UTC)
    )
    return token


@contextmanager
def nobody_else_may_write(store: Store) -> Iterator[None]:
    """Another process has the writer's turn: whatever writes in the service has begun, and waits."""
    key = WriteKey(secrets.token_hex(8), secrets.token_hex(8))
    with store.write(house_scope(FORUM), key=key, by=ActorId("other"), now=datetime.now(UTC)):
        yield


def address(service: Running) -> tuple[str, int]:
    host, _, port = service.base.removeprefix("http://").rpartition(":")
    return host, int(port)


def begin_to_post(service: Running, token: str, number: int) -> HTTPConnection:
    """A request that has been sent whole, and is not answered yet."""
    connection = HTTPConnection(*address(service), timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": f"key-{number}"}
    connection.request("POST", "/api/v1/locations", json.dumps({"label": f"Place {number}"}), headers)
    return connection


def ask(connection: HTTPConnection) -> bytes:
    """Whether it is well, over a connection that is kept."""
    connection.request("GET", "/api/v1/health")
    return connection.getresponse().read()


def takes_in_nothing_new(service: Running) -> bool:
    try:
        with socket.create_connection(address(service), timeout=5):
            return False
    except OSError:
        return True


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_what_has_begun_is_answered_and_nothing_new_is_taken_in(tmp_path: Path, told: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    store = new_store(url)
    token = a_token(store)
    with running("serve", "--port", "0", "--store", url, data=tmp_path / "data") as service:
        idle = HTTPConnection(*address(service), timeout=30)
        assert ask(idle)
        with nobody_else_may_write(store):
            begun = [begin_to_post(service, token, number) for number in range(BEGUN)]
            assert service.get("/api/v1/health").status_code == 200
            service.process.send_signal(told)
            deadline = time.monotonic() + 20
            while not takes_in_nothing_new(service) and time.monotonic() < deadline:
                time.sleep(0.02)
            assert takes_in_nothing_new(service) and service.process.poll() is None
        answers = [connection.getresponse() for connection in begun]
        assert [answer.status for answer in answers] == [201] * BEGUN
        acknowledged = {json.loads(answer.read())["id"] for answer in answers}
        assert service.process.wait(30) == 0
        with pytest.raises((HTTPException, OSError)):
            ask(idle)
    with store.view(house_scope(FORUM)) as view:
        assert {place.id for place in view.find(Location)} == acknowledged
    store.close()
    assert sorted(path.name for path in tmp_path.glob("kith.db*")) == ["kith.db", "kith.db-serving", "kith.db-shelf"]
    said = [json.loads(line)["says"] for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert said.count("request answered") >= BEGUN and said[-2:] == ["service measured", "service ended"]


STALLED = 257


def begin_and_stall(service: Running) -> socket.socket:
    """Somebody without a sign-in, who says that ten bytes come, and sends two."""
    connection = socket.create_connection(address(service), timeout=30)
    connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nco")
    return connection


def test_bodies_that_stall_keep_nobody_from_writing_and_do_not_outlast_the_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    store = new_store(url)
    token = a_token(store)
    with running("serve", "--port", "0", "--store", url, data=tmp_path / "data") as service, ExitStack() as open_ones:
        stalled = [open_ones.enter_context(begin_and_stall(service)) for _ in range(STALLED)]
        assert begin_to_post(service, token, 1).getresponse().status == 201
        service.process.send_signal(signal.SIGTERM)
        answers = [connection.recv(65_536).decode("utf-8") for connection in stalled]
        assert service.process.wait(30) == 0
    for answer in answers:
        assert answer.startswith("HTTP/1.1 408 ")
        assert all(f"{name}: {value}".strip().lower() in answer.lower() for name, value in SECURITY_HEADERS.items())
    store.close()
    measured = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines() if "service measured" in line]
    assert sum(line["faults"] for line in measured) == 0


NO_REQUESTS = (
    b"nonsense\r\n\r\n",
    b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000,
)


@pytest.mark.parametrize("sent", NO_REQUESTS, ids=["no line", "no header", "too long"])
def test_what_is_no_request_is_refused_with_the_headers_and_the_service_goes_on(tmp_path: Path, sent: bytes) -> None:
    with running("serve", "--port", "0", data=tmp_path / "data") as service:
        with socket.create_connection(address(service), timeout=10) as connection:
            connection.sendall(sent)
            answer = b""
            while chunk := connection.recv(65_536):
                answer += chunk
        head = answer.decode("ascii").partition("\r\n\r\n")[0].split("\r\n")
        assert head[0] == "HTTP/1.1 400 Bad Request"
        told = dict(line.split(": ", 1) if ": " in line else (line.removesuffix(":"), "") for line in head[1:])
        assert {name: told[name].strip() for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert service.get("/api/v1/health").status_code == 200
    assert "nonsense" not in (tmp_path / "log").read_text("utf-8")


def test_a_service_that_nobody_asks_looks_at_its_clock_all_the_same(sqlite_place: StorePlace) -> None:
    """Should the machine's clock be moved back, no more is unknown than went by since the service last looked."""
    asked_of_nobody = Service(sqlite_place)
    with asked_of_nobody.client, socket.create_server(("127.0.0.1", 0)) as listening:
        asked_of_nobody.clock.now += timedelta(hours=3)
        asyncio.run(Server(asked_of_nobody.app, listening)._look_and_tell())
        seen = asked_of_nobody.store.shelf.kept(LATEST, now=asked_of_nobody.clock.now)
        assert read_moment(seen) == asked_of_nobody.clock.now


HEALTH, HALF = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SAID: tuple[tuple[bytes, ...], ...] = ((), (HALF,), (HEALTH, HALF))


def test_whoever_never_says_what_they_want_is_hung_up_on(sqlite_place: StorePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at all, half a head, and half a head after a request that was answered; a whole request is answered meanwhile."""
    monkeypatch.setattr(api.cli.server, "MOST_HEAD_SECONDS", 0.5)
    service = Service(sqlite_place)

    async def say(port: int, heads: Sequence[bytes]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = b""
        for head in heads:
            writer.write(head)
            answer += await reader.readuntil(b"}") if head is HEALTH else b""
        answer += await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    async def run(listening: socket.socket) -> list[bytes]:
        server = Server(service.app, listening)
        serving = asyncio.create_task(server.serve([listening]))
        said = await asyncio.gather(*(say(listening.getsockname()[1], heads) for heads in SAID))
        server.should_exit = True
        await serving
        return said

    with socket.create_server(("127.0.0.1", 0)) as listening:
        nothing, half, second_half = asyncio.run(run(listening))
    assert (nothing, half) == (b"", b"")
    assert second_half.startswith(b"HTTP/1.1 200 OK") and second_half.count(b"HTTP/1.1") == 1
