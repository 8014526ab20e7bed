"""kith serve and kith demo as processes: the ready line, the link, the lock, and a good end."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.cli import main
from api.main import KINDS
from graph.records import ForumId
from graph.store import open_store
from graph.store.boundary import NewStore

CASE = Path(__file__).parents[2] / "fixtures" / "calderwick.yaml"
KITH = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]
TELLING = """
import os, socket, sys, threading
from api.cli import main, server

taken_in = server.Protocol.connection_made

def tell(self, transport):
    taken_in(self, transport)
    line = transport.get_extra_info("socket")
    print("sent at once:", line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0, flush=True)
    kept = {len(os.sched_getaffinity(each.native_id)) for each in threading.enumerate()}
    print("processors of each thread:", *kept, flush=True)

server.Protocol.connection_made = tell
sys.exit(main())
"""
READY_WITHIN = 60.0


class Running:
    """One service that has said it is ready."""

    def __init__(self, process: subprocess.Popen[str], ready: str, link: str) -> None:
        self.process = process
        self.base = ready.removeprefix("Kith is ready at ").strip()
        self.link = re.search(r"http://\S+", link)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.base}{path}", timeout=10)


@contextmanager
def running(*arguments: str, data: Path, program: str = "", **environment: str) -> Iterator[Running]:
    """A service in a process of its own; told to end at the end of the block. `program`: what to run in place of kith."""
    process = subprocess.Popen(
        [*([sys.executable, "-c", program] if program else KITH), *arguments],
        stdout=subprocess.PIPE,
        stderr=(data.parent / "log").open("w"),
        text=True,
        env={"KITH_DATA_FOLDER": str(data), "PATH": "/usr/bin:/bin", **environment},
    )
    try:
        assert process.stdout is not None
        yield Running(process, process.stdout.readline(), process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_it_says_when_it_is_ready_signs_the_first_person_in_and_ends_in_good_order(data: Path) -> None:
    with running("serve", "--port", "0", data=data) as service:
        assert re.fullmatch(re.escape("http://127.0.0.1:") + r"\d+", service.base)
        assert service.get("/api/v1/health").json()["status"] == "ok"
        assert service.link is not None
        assert service.link.group().startswith(f"{service.base}/sign-in?code=")
        assert httpx.get(service.link.group()).status_code == 200
        code = service.link.group().partition("code=")[2]
        spent = httpx.post(f"{service.base}/sign-in", data={"code": code}, headers={"Origin": service.base})
        assert spent.status_code == 303 and "set-cookie" in spent.headers
    assert service.process.returncode == 0
    log = (data.parent / "log").read_text("utf-8")
    assert code not in log and all(json.loads(line) for line in log.splitlines())


def test_a_second_service_on_one_store_is_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    with running("serve", "--port", "0", "--store", url, data=data):
        assert main(["serve", "--port", "0", "--store", url]) == 1
        assert "Another service is using this store" in capsys.readouterr().err
        assert main(["check", "--store", url]) == 0
        assert main(["token", "--role", "guest", "--store", url]) == 0


def test_a_port_in_use_is_said_to_be_so(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running("serve", "--port", "0", data=data) as service:
        port = service.base.rpartition(":")[2]
        assert main(["serve", "--port", port, "--store", f"sqlite:///{tmp_path / 'other.db'}"]) == 1
        assert f"Port {port} cannot be listened on" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_it_listens_on_this_machine_alone(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_DATA_FOLDER", str(tmp_path))
    assert main(["serve", "--host", host]) == 2
    assert "this machine alone" in capsys.readouterr().err


def test_a_store_past_its_thirty_days_deletes_itself_unless_renewed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    new = NewStore(forum=ForumId("f"), evaluation=True, made_at=long_ago, lives_until=long_ago + timedelta(days=30))
    for name in ("kept.db", "gone.db"):
        open_store(f"sqlite:///{tmp_path / name}", KINDS, making=new).close()
    with running("serve", "--renew", "--port", "0", "--store", f"sqlite:///{tmp_path / 'kept.db'}", data=data) as service:
        assert service.get("/api/v1/health").status_code == 200
    assert main(["serve", "--port", "0", "--store", f"sqlite:///{tmp_path / 'gone.db'}"]) == 1
    assert "deleted" in capsys.readouterr().err
    assert (tmp_path / "kept.db").exists() and not (tmp_path / "gone.db").exists()


def test_the_demo_shows_calderwick_on_its_own_day_and_again_at_the_next_start(data: Path) -> None:
    begun = time.monotonic()
    for _ in range(2):
        with running("demo", "--port", "0", data=data) as service:
            assert service.link is not None
            code = service.link.group().partition("code=")[2]
            with httpx.Client(base_url=service.base, follow_redirects=True) as browser:
                page = browser.post("/sign-in", data={"code": code}, headers={"Origin": service.base}, timeout=30)
                assert page.status_code == 200 and "Tollgate Parade" in page.text
                pairs = browser.get("/api/v1/linked-referrals").json()["pairs"]
                assert len(pairs) == 5
                assert "21 November 2026" in page.text
    assert time.monotonic() - begun < 2 * READY_WITHIN


def test_an_interrupt_ends_it_in_good_order_too(data: Path) -> None:
    with running("serve", "--port", "0", data=data) as service:
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(30) == 0


def test_a_service_sends_what_it_has_at_once_and_all_its_threads_keep_to_one_processor(data: Path) -> None:
    with running("serve", "--port", "0", data=data, program=TELLING) as service:
        assert service.get("/api/v1/health").json()["status"] == "ok"
        assert service.process.stdout is not None
        told = [service.process.stdout.readline().strip() for _ in range(2)]
    assert told == ["sent at once: True", "processors of each thread: 1"]
