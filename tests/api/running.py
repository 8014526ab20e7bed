"""The real service in this process, asked as programs ask it. Every answer is checked against its OpenAPI description."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.dependencies import House
from api.main import create_app, describe_service
from api.settings import Settings
from api.sign_in.tokens import keep_token
from forum.access.actors import Role
from forum.access.grants import Reason, give_grant
from graph.records import ActorId, RecordId, new_id
from graph.store.boundary import Store
from tests.builders import NOW, a_scope, a_write_key, an_audit_entry, keep_account
from tests.conftest import StorePlace

API = "/api/v1"
BASE = "http://127.0.0.1"
# The clock of a test stands still: whoever asks a thousand times asks within one minute. Tests of the pace say their own.
UNHURRIED: dict[str, Any] = {"requests_a_minute": 1_000_000, "referrals_an_hour": 1_000_000}


@dataclass
class Clock:
    """The real clock of a service, in a test's hands."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    return describe_service()


def operation_for(method: str, path: str) -> dict[str, Any]:
    """The described operation that a path belongs to; the most particular one where several fit."""
    fits = []
    for template, operations in description()["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            fits.append((template.count("{"), operations[method.lower()]))
    assert fits, f"{method} {path} is not described"
    found: dict[str, Any] = min(fits, key=lambda fit: fit[0])[1]
    return found


def check_answer(response: httpx.Response) -> None:
    """An answer is one that its operation describes: status, media type and every field."""
    operation = operation_for(response.request.method, response.request.url.path)
    answers = operation["responses"]
    assert str(response.status_code) in answers, f"{operation['operationId']} says nothing of {response.status_code}"
    media = answers[str(response.status_code)].get("content", {})
    kind = response.headers.get("content-type", "").partition(";")[0]
    assert kind in media or not media, f"{kind} is not described"
    if kind.endswith("json") and "schema" in media.get(kind, {}):
        schema = {**media[kind]["schema"], "components": description()["components"]}
        faults = [error.message[:200] for error in Draft202012Validator(schema).iter_errors(response.json())]
        assert not faults, f"{operation['operationId']} answers otherwise than described: {faults}"


@dataclass
class Caller:
    """Somebody with a token."""

    client: TestClient
    actor: ActorId
    headers: Mapping[str, str]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> httpx.Response:
        own = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self.send("POST", path, json=body, headers={**own, **headers})

    def patch(self, path: str, body: Any, *, tag: str, **headers: str) -> httpx.Response:
        return self.send("PATCH", path, json=body, headers={"If-Match": tag, **headers})

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> httpx.Response:
        response = self.client.request(method, f"{API}{path}", headers={**self.headers, **(headers or {})}, **options)
        if path.partition("?")[0] != "/openapi.json":
            check_answer(response)
        return response


class Service:
    """One service on one store. `store` is the same store opened once more, as another process would."""

    def __init__(self, place: StorePlace, *, now: datetime = NOW, **settings: Any) -> None:
        self.place = place
        self.clock = Clock(now)
        self.store: Store = place.make()
        credentials = place.credentials
        named = {} if credentials is None else {"neo4j_user": credentials.user, "neo4j_password": credentials.password}
        chosen = Settings(store=place.url, **named, **{**UNHURRIED, **settings})
        self.app = create_app(chosen, self.clock, secrets.token_bytes)
        self.client = TestClient(self.app, base_url=BASE, follow_redirects=False)

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    def caller(
        self, role: Role = Role.COORDINATOR, *, reads: Sequence[RecordId] = (), purpose: str | None = None, hours: int = 4
    ) -> Caller:
        """Somebody with a token in this role, and a grant on these records."""
        actor, token = ActorId(new_id()), secrets.token_hex(32)
        keep_account(self.store, actor, role)
        keep_token(self.store.shelf, token, actor=actor, role=role, name="", agency=None, hours=hours, now=self.clock())
        if reads:
            self.grant(actor, *reads)
        headers = {"Authorization": f"Bearer {token}", **({"Kith-Purpose": purpose} if purpose else {})}
        return Caller(self.client, actor, headers)

    def grant(self, actor: ActorId, *reads: RecordId, lasts: timedelta = timedelta(hours=4)) -> RecordId:
        now = self.clock()
        scope = a_scope()
        with self.store.write(scope, key=a_write_key(), by=ActorId("command-line"), now=now) as writer:
            granted = give_grant(
                writer,
                to=actor,
                covers=reads,
                because=Reason.NAMED_AT_TOKEN,
                until=now + lasts,
                given_by=ActorId("command-line"),
                now=now,
            )
            writer.append(an_audit_entry(action="grant", resources=(granted.id,)))
        return granted.id
