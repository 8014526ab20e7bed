"""A service asked in this process, on this thread: what goes in and comes out is what a server would be handed.

Thousands of worlds are served one after the other. What costs time and is the same for all of them is done once: the
framework's table of routes. Each step of a request is done where it is asked for instead of on a thread of its own; a step
decides nothing by its thread.
"""

import asyncio
import json as plain
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from api.dependencies.workers import Workers
from api.main import create_app
from api.settings import Settings

_KNOWN_ROUTES: list[Any] = []


def serve(settings: Settings, clock: Callable[[], datetime], chance: Callable[[int], bytes]) -> FastAPI:
    """The service as it is made, with the table of routes of the first one: it holds nothing of any store."""
    app = create_app(settings, clock, chance)
    if not _KNOWN_ROUTES:
        _KNOWN_ROUTES.extend(app.router.routes)
    app.router.routes[:] = _KNOWN_ROUTES
    return app


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Every step of a request is done at once, by whoever asks for it."""

    async def here(step: Callable[..., Any], *given: Any, **_: Any) -> Any:
        return step(*given)

    async def now(_workers: Workers, work: Callable[[], Any], **_: Any) -> Any:
        return work()

    with patch("anyio.to_thread.run_sync", here), patch.object(Workers, "do", now):
        yield


class Inside:
    """Asks a service and ends it in order. Redirects are not followed, cookies not kept."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._life = app.router.lifespan_context(app)
        self._threads = on_one_thread()

    def __enter__(self) -> "Inside":
        self._threads.__enter__()
        self._runner.__enter__()
        self._runner.run(self._begin())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._runner.run(self._end())
        self._runner.__exit__(kind, error, trace)
        self._threads.__exit__(kind, error, trace)

    async def _begin(self) -> None:
        await self._life.__aenter__()

    async def _end(self) -> None:
        await self._life.__aexit__(None, None, None)

    def request(
        self, method: str, path: str, *, headers: dict[str, str], json: Any = None, data: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request, whole, and its answer, whole."""
        given = {"host": "127.0.0.1", "user-agent": "attack", "accept": "*/*", **{n.lower(): v for n, v in headers.items()}}
        body = b""
        if json is not None:
            body, given["content-type"] = plain.dumps(json).encode(), "application/json"
        elif data is not None:
            body, given["content-type"] = urlencode(data).encode(), "application/x-www-form-urlencoded"
        if body or method != "GET":
            given["content-length"] = str(len(body))
        answer = self._runner.run(self._ask(method, path, given, body))
        answer.read()
        return answer

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        sent: list[MutableMapping[str, Any]] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        address, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": address, "raw_path": address.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await self.app(scope, receive, send)
        begun = sent[0]
        whole = b"".join(message.get("body", b"") for message in sent[1:])
        return httpx.Response(begun["status"], headers=begun["headers"], stream=httpx.ByteStream(whole))
