"""What the process says of itself: one line of JSON for each thing it did, with allow-listed keys and nothing else.

A message is a past-tense phrase of ours. What a library says is reduced to who said it and what kind of error it was, since
its words may hold a value. No line names a person, a path with an id, or a sign-in link.
"""

import asyncio
import json
import logging
import time
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ErrorAnswers, TooBusy, reference_of
from api.measures import Measures

log = logging.getLogger("kith.requests")

ALLOWED_KEYS = frozenset(
    {
        "action",
        "answers",
        "busy",
        "faults",
        "kind",
        "megabytes",
        "method",
        "milliseconds",
        "pending",
        "port",
        "request",
        "revision",
        "rows",
        "schema",
        "status",
        "store",
        "referral_id",
        "refusals",
        "seconds",
        "slowest",
    }
)
# Whoever asks may send any word as a method: only these stand in the log.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_PLAIN = (str, int, float, bool, type(None))


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON. Keys that are not on the list are dropped."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.split(".", 1)[0] == "kith" and not record.args
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "says": record.msg if ours and isinstance(record.msg, str) else "a library reported something",
            "by": record.name,
        }
        for key in sorted(ALLOWED_KEYS & record.__dict__.keys()):
            value = record.__dict__[key]
            line[key] = value if isinstance(value, _PLAIN) else type(value).__name__
        if record.exc_info and record.exc_info[1] is not None:
            line |= _error_facts(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _error_facts(error: BaseException) -> dict[str, Any]:
    """The kind of error and where it arose: no message, since a message may hold a value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return {"error": type(error).__name__, "where": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]}


def configure_logging(stream: TextIO) -> None:
    """Sends every line to this stream, ours from `info` on, everyone else's from `warning` on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("kith").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True


class RequestLogMiddleware:
    """One line for each answer: the route's name, never its path; status and time taken. Measured as a whole besides."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.monotonic()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = scope.get("route")
            milliseconds = round((time.monotonic() - begun) * 1000)
            self._measures.add(status, milliseconds)
            log.info(
                "request answered" if status else "caller left before the answer",
                extra={
                    "action": getattr(route, "name", "none"),
                    "method": scope["method"] if scope["method"] in METHODS else "other",
                    "status": status,
                    "milliseconds": milliseconds,
                    "request": scope.get("state", {}).get("request_id", ""),
                },
            )


class FaultMiddleware:
    """Answers any fault with a 500 that says nothing, and writes one line in the log; what is cut off at the end with a 503."""

    def __init__(self, app: ASGIApp, answers: ErrorAnswers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            # Told to stop, the server waits so long and no longer. What was begun may still be done: the same key tells.
            if begun:
                raise
            await self._answers.answer(Request(scope), TooBusy())(scope, receive, send)
        except Exception as error:
            request = Request(scope)
            log.error("request failed", exc_info=error, extra={"request": reference_of(request)})
            if begun:
                raise
            await self._answers.answer(request, error)(scope, receive, send)
