"""What it costs that no answer leaves before it is recorded: the same service with its audit, and with one that keeps nothing."""

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import httpx
import uvicorn

from api.main import KINDS, create_app
from api.settings import Settings
from api.sign_in.one_time_link import first_person
from api.sign_in.people import let_in_first_person
from api.sign_in.tokens import keep_token
from bench.measuring import Bench, Row
from forum.access.actors import Role
from forum.access.permissions import Permission
from forum.access.policy import house_scope, is_allowed, scope_of
from graph.records import ActorId, ForumId, RecordId, new_id
from graph.store import open_store
from graph.store.boundary import AuditEntry, NewStore
from graph.store.gathering import Gathering
from ingest.case_file import read_case
from ingest.case_load import load_case

FORUM = ForumId("bench")
DAY = date(2026, 11, 21)
AT_ONCE = 50
READS = 400
TOKEN = "token of the bench"


class KeepsNothing(Gathering):
    """The rival: the same service, were it allowed to answer without recording."""

    def record(self, entries: Sequence[AuditEntry]) -> None:
        del entries


def audited_reads(bench: Bench, folder: Path, *, rounds: int) -> None:
    """Bar 20: a referral read by fifty at once, the front page one by one, with and without the audit; and a decision alone."""
    url = f"sqlite:///{folder / 'audited.db'}"
    referral = _load(url)
    path = f"/api/v1/referrals/{referral}"
    with _serving(url, audited=True) as kept, _serving(url, audited=False) as free:
        assert httpx.get(kept + path, headers=_headers()).json() == httpx.get(free + path, headers=_headers()).json()
        reads = bench.take_turns(
            {"audited": lambda: _read_at_once(kept + path), "free": lambda: _read_at_once(free + path)},
            clock=time.perf_counter,
            rounds=rounds,
        )
        pages = bench.take_turns(
            {"audited": lambda: _read_pages(kept), "free": lambda: _read_pages(free)}, clock=time.perf_counter, rounds=rounds
        )
    ratio = reads["audited"] / reads["free"]
    detail = f"{READS / reads['audited']:.0f} a second against {READS / reads['free']:.0f}, {AT_ONCE} at once"
    bench.rows.append(Row(20, "an audited read", "Calderwick", "the same unaudited", ratio, "≤ 1.5", ratio <= 1.5, detail))
    front = pages["audited"] / pages["free"]
    detail = f"{pages['audited'] / 20 * 1000:.1f} ms against {pages['free'] / 20 * 1000:.1f} ms"
    bench.rows.append(Row(20, "the front page, audited", "Calderwick", "the same unaudited", front, "said", True, detail))
    bench.step("audited reads")
    _decisions(bench, read_seconds=reads["audited"] / READS)


def _decisions(bench: Bench, *, read_seconds: float) -> None:
    granted = [new_id() for _ in range(200)]

    def decide() -> None:
        for role in Role:
            for permission in Permission:
                is_allowed(role, permission)
            scope_of(role, forum=FORUM, granted=granted)

    began = time.perf_counter()
    for _ in range(50):
        decide()
    each = (time.perf_counter() - began) / (50 * len(Role))
    detail = f"{each * 1e6:.0f} µs for every permission of a role and its scope over 200 grants"
    share = each / read_seconds
    bench.rows.append(Row(20, "a policy decision", "200 grants", "an audited read", share, "said", True, detail))
    bench.step("decisions")


def _load(url: str) -> RecordId:
    now = datetime.now(UTC)
    making = NewStore(forum=FORUM, evaluation=True, made_at=now, lives_until=now + timedelta(days=30))
    store = open_store(url, KINDS, making=making)
    case = read_case(files("ingest").joinpath("calderwick.yaml").read_bytes())
    loaded = load_case(store, case, scope=house_scope(FORUM), by=ActorId("bench"), now=now)
    let_in_first_person(store, forum=FORUM, now=now)
    keep_token(store.shelf, TOKEN, actor=first_person(FORUM), role=Role.COORDINATOR, name="", agency=None, hours=2, now=now)
    store.close()
    return loaded.ids["REF-06"]


@contextmanager
def _serving(url: str, *, audited: bool) -> Iterator[str]:
    app = create_app(Settings(store=url, on=DAY, requests_a_minute=1_000_000), lambda: datetime.now(UTC), secrets.token_bytes)
    if not audited:
        house = app.state.house
        house.gathering.close()
        app.state.house = replace(house, gathering=KeepsNothing(house.store))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def _read_at_once(address: str) -> None:
    def read(client: httpx.Client, times: int) -> None:
        for _ in range(times):
            client.get(address).raise_for_status()

    clients = [httpx.Client(headers=_headers()) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda client: read(client, READS // AT_ONCE), clients))
    for client in clients:
        client.close()


def _read_pages(base: str) -> None:
    with httpx.Client(base_url=base, headers=_headers()) as client:
        for _ in range(20):
            client.get("/").raise_for_status()
