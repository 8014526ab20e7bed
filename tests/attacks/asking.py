"""Somebody with a token and a web session, asking any route; the answer as it left, headers included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.sign_in.tokens import keep_token
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Purpose, Role
from graph.records import ActorId, new_id
from graph.store.boundary import Shelf
from tests.api.running import Service
from tests.attacks.routes import API
from tests.attacks.serving import Inside
from tests.builders import NOW, keep_account

BASE = "http://127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What came back, to the byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        return cls(response.status_code, tuple(sorted(response.headers.multi_items())), response.content)


@dataclass
class Asker:
    """REST is asked with the token, pages with the session; each unsafe request has a key of its own."""

    client: TestClient | Inside
    role: Role
    actor: ActorId
    secret: str
    purpose: Purpose = Purpose.FORUM_PREPARATION
    asked: int = 0

    def ask(self, method: str, path: str, *, json: Any = None, form: Any = None, **headers: str) -> httpx.Response:
        """The response; redirects are not followed."""
        self.asked += 1
        own = self._token() if path.startswith(API) else self._session(method)
        if method in ("POST", "PATCH", "PUT", "DELETE"):
            own["Idempotency-Key"] = f"{self.secret[:8]}-{self.asked}"
        if form is not None:
            form = {**form, "form_token": form_token(self.secret)}
        options: dict[str, Any] = {"json": json} if json is not None else {"data": form} if form is not None else {}
        answer: httpx.Response = self.client.request(method, path, headers={**own, **headers}, **options)
        return answer

    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Kith-Purpose": self.purpose.value}

    def _session(self, method: str) -> dict[str, str]:
        unsafe: Mapping[str, str] = {} if method == "GET" else {"Origin": BASE}
        return {"Cookie": f"{COOKIE}={self.secret}", **unsafe}


def sign_in(
    app: FastAPI | Inside,
    shelf: Shelf,
    *,
    role: Role,
    actor: ActorId,
    secret: str,
    now: datetime,
    purpose: Purpose | None = None,
) -> Asker:
    """An account, and a token and a session that are known by the same secret."""
    why = purpose or Purpose.FORUM_PREPARATION
    served = app.app if isinstance(app, Inside) else app
    keep_account(served.state.house.store, actor, role)
    keep_token(shelf, secret, actor=actor, role=role, name="", agency=None, hours=4, now=now)
    open_session(shelf, secret, NewSession(actor=actor, role=role, name="", purpose=why), now=now)
    client = app if isinstance(app, Inside) else TestClient(app, base_url=BASE, follow_redirects=False)
    return Asker(client, role, actor, secret, why)


def someone(service: Service, role: Role, actor: ActorId | None = None, purpose: Purpose | None = None) -> Asker:
    """A newcomer to a service, or one with grants already, with a token and a session."""
    return sign_in(
        service.app, service.store.shelf, role=role, actor=actor or ActorId(new_id()), secret=new_id(), now=NOW, purpose=purpose
    )
