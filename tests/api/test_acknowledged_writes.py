"""Nothing acknowledged is lost and nothing happens twice: the real service is killed while referrals are posted."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.conftest import StorePlace

ROUNDS = 4
POSTERS = 4
COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())"]


def environment(place: StorePlace) -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    found |= {"KITH_REQUESTS_A_MINUTE": "1000000", "KITH_REFERRALS_AN_HOUR": "1000000"}
    if place.credentials:
        found |= {"KITH_NEO4J_USER": place.credentials.user, "KITH_NEO4J_PASSWORD": place.credentials.password}
    return found


@contextmanager
def serving(place: StorePlace) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`kith serve` on a free port: the process, and where it is ready."""
    command = [*COMMAND, "serve", "--store", place.url, "--port", "0", "--on", "2026-11-21"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(place))
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        ready = re.fullmatch(r"Kith is ready at (http://\S+)\n", line)
        assert ready, line
        yield process, ready.group(1)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def token_for(place: StorePlace) -> str:
    command = [*COMMAND, "token", "--store", place.url, "--role", "coordinator"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(place))
    return done.stdout.strip()


def a_referral(number: int) -> dict[str, Any]:
    new_place = {"type": "location", "label": f"Place {number}", "ref": "p"}
    source = {"kind": "observed", "source_role": "teacher", "agency": None, "reliability": "first_hand", "date_known": None}
    return {
        "id": f"N{number}",
        "kind": "individual",
        "received": "2026-11-21",
        "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [{"known_as": f"Person {number}", "ref": "y"}]},
        "efh_types": ["other"],
        "links": [
            {"from": "y", "rel": rel, "to": to, "provenance": source}
            for rel, to in (("harmed_at", new_place), ("spends_time_at", "p"))
        ],
    }


def post_until_it_ends(base: str, token: str, numbers: Iterator[int], asked: list[int], told: dict[int, str]) -> None:
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=20) as client:
        for number in numbers:
            asked.append(number)
            try:
                answer = client.post("/api/v1/referrals", json=a_referral(number), headers={"Idempotency-Key": f"key-{number}"})
            except httpx.HTTPError:
                return
            if answer.status_code == 201:
                told[number] = answer.json()["id"]


def everyone_posts(
    base: str, token: str, process: subprocess.Popen[str], first: int, wait: float
) -> tuple[list[int], dict[int, str]]:
    """Four at once, until the service is killed: what was asked for, and what was acknowledged with which id."""
    asked: list[int] = []
    told: dict[int, str] = {}
    posters = [
        threading.Thread(
            target=post_until_it_ends, args=(base, token, iter(range(first + n, first + 4000, POSTERS)), asked, told)
        )
        for n in range(POSTERS)
    ]
    for poster in posters:
        poster.start()
    deadline = time.monotonic() + 60
    while len(told) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    for poster in posters:
        poster.join()
    return asked, told


def all_referrals(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path: str | None = "/api/v1/referrals?limit=200"
    while path:
        answer = client.get(path).json()
        found += answer["items"]
        path = answer["next"]
    return found


def test_every_acknowledged_referral_is_there_once_and_whole_after_kills(store_place: StorePlace) -> None:
    chance = random.Random(20261121)
    store_place.make().close()
    token = token_for(store_place)
    asked: list[int] = []
    told: dict[int, str] = {}
    for round_number in range(ROUNDS):
        with serving(store_place) as (process, base):
            more, acknowledged = everyone_posts(base, token, process, round_number * 10_000, chance.uniform(0.0, 0.5))
        asked += more
        told |= acknowledged
    assert len(told) >= 3 * ROUNDS
    with (
        serving(store_place) as (_, base),
        httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client,
    ):
        kept = all_referrals(client)
        names = [referral["reference"] for referral in kept]
        assert len(names) == len(set(names))
        by_name = {referral["reference"]: referral["id"] for referral in kept}
        assert {f"N{number}": record_id for number, record_id in told.items()}.items() <= by_name.items()
        for number in [*chance.sample(sorted(told), 5), *(set(asked) - set(told))]:
            again = client.post("/api/v1/referrals", json=a_referral(number), headers={"Idempotency-Key": f"key-{number}"})
            assert again.status_code == 201
            assert again.json()["id"] == told.get(number, by_name.get(f"N{number}", again.json()["id"]))
            whole = client.get(f"/api/v1/referrals/{again.json()['id']}").json()
            assert sorted(link["rel"] for link in whole["links"]) == ["harmed_at", "spends_time_at"]
        assert len(all_referrals(client)) == len(set(asked) | {int(name[1:]) for name in names})
