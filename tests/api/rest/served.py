"""A borough loaded into a real store and served in this process: what REST answers, with the case's own ids in place of ours."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from starlette.testclient import TestClient

from api.main import create_app
from api.settings import Settings
from api.sign_in.tokens import keep_token
from forum.access.actors import Role
from forum.access.grants import Reason, give_grant
from forum.access.policy import house_scope
from graph.records import ActorId, RecordId, new_id
from graph.store.boundary import AuditEntry, Store, WriteKey
from ingest.case_file import read_case
from ingest.case_load import load_case
from tests.api.running import UNHURRIED
from tests.builders import FORUM, keep_account
from tests.conftest import StorePlace

FIXTURES = Path(__file__).parents[2] / "fixtures"
DAY = date(2026, 11, 21)
BASE = "http://127.0.0.1:8000"
API = "/api/v1"


@dataclass
class Served:
    """A loaded case: `ids` from the case's ids to record ids, `place` where its store is."""

    place: StorePlace
    ids: dict[str, str]
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {record_id: name for name, record_id in self.ids.items()}

    def named(self, answer: Any) -> Any:
        """The same answer with the case's own ids in place of ours."""
        if isinstance(answer, str):
            return self.names.get(answer, answer)
        if isinstance(answer, list):
            return [self.named(item) for item in answer]
        if isinstance(answer, dict):
            return {name: self.named(value) for name, value in answer.items()}
        return answer

    @contextmanager
    def on(self, day: date = DAY, *, role: Role = Role.COORDINATOR, read: tuple[str, ...] = ()) -> Iterator["Caller"]:
        """A caller in a role on a day taken as today; `read` names what a grant covers, by the case's ids."""
        token = secrets.token_hex(8)
        actor = ActorId(secrets.token_hex(8))
        store = self.place.open()
        keep_account(store, actor, role)
        keep_token(store.shelf, token, actor=actor, role=role, name="", agency=None, hours=1, now=datetime.now(UTC))
        if read:
            self._grant(store, actor, [RecordId(self.ids[name]) for name in read])
        store.close()
        with TestClient(create_app(self._settings(day), lambda: datetime.now(UTC), secrets.token_bytes), base_url=BASE) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            yield Caller(self, client)

    def _settings(self, day: date) -> Settings:
        credentials = self.place.credentials
        user = {"neo4j_user": credentials.user, "neo4j_password": credentials.password} if credentials else {}
        return Settings(store=self.place.url, on=day, **user, **UNHURRIED)

    def _grant(self, store: Store, actor: ActorId, covers: list[RecordId]) -> None:
        now, house = datetime.now(UTC), ActorId("house")
        with store.write(house_scope(FORUM), key=WriteKey(new_id(), new_id()), by=house, now=now) as writer:
            give_grant(
                writer, to=actor, covers=covers, because=Reason.NAMED_AT_TOKEN, until=now.replace(year=now.year + 1),
                given_by=house, now=now,
            )  # fmt: skip
            writer.append(AuditEntry(at=now, actor=house, action="give_grant"))


@dataclass
class Caller:
    """Somebody asking, signed in. Answers are read with the case's own ids."""

    served: Served
    client: TestClient

    def get(self, path: str) -> Any:
        """The body of a 200 answer."""
        answer = self.client.get(API + path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return self.served.named(answer.json())

    def status(self, path: str) -> int:
        return self.client.get(API + path).status_code

    def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        return self.client.post(API + path, json=body, headers={"Idempotency-Key": key or secrets.token_hex(8)})

    def all_items(self, path: str) -> list[Any]:
        """Every item of a list, following `next` to its end; the total must agree."""
        found: list[Any] = []
        answer = self.client.get(API + path).json()
        total = answer["total"]["value"]
        while True:
            found += answer["items"]
            if answer["next"] is None:
                break
            answer = self.client.get(answer["next"]).json()
        assert len(found) == total
        return [self.served.named(item) for item in found]


def serve_case(place: StorePlace, text: str | bytes) -> Served:
    """Loads a case into a new store at this place."""
    store = place.make()
    loaded = load_case(store, read_case(text), scope=house_scope(FORUM), by=ActorId("loader"), now=datetime.now(UTC))
    store.close()
    return Served(place, {name: str(record_id) for name, record_id in loaded.ids.items()})


def calderwick_text() -> bytes:
    return (FIXTURES / "calderwick.yaml").read_bytes()


def expected() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FIXTURES / "calderwick-expected.yaml").read_text(encoding="utf-8"))
    return found
