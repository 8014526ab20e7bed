"""What every answer carries, errors included, and which hosts are answered at all."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyTooLarge, ErrorAnswers, TooBusy, UnknownHost

SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "",
}
# A route may say these itself, more strictly: a download its own policy, a static file that it may be kept.
_ROUTE_MAY_SAY = frozenset({"Content-Security-Policy", "Cache-Control"})

OWN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_BODY_BYTES = 1_000_000
MOST_WAITING = 256
# About a second's work: whoever would wait longer for an answer is told to come back instead.
MOST_READING = 128
ALWAYS_ANSWERED = "/api/v1/health"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class HeadersMiddleware:
    """Puts the headers on every answer, and a reference on every request. `evaluation` marks answers of invented data."""

    def __init__(self, app: ASGIApp, *, evaluation: bool, new_reference: Callable[[], str]) -> None:
        self._app = app
        self._evaluation = evaluation
        self._new_reference = new_reference

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = self._new_reference()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    if name not in _ROUTE_MAY_SAY or name not in headers:
                        headers[name] = value
                if self._evaluation:
                    headers["Kith-Evaluation"] = "yes"
            await send(message)

        await self._app(scope, receive, sending)


class DoorMiddleware:
    """Refuses before anything is read: another host's name, a body over 1 MB, one request too many at once.

    Whoever asks only whether the service is there is answered however busy it is.
    """

    def __init__(self, app: ASGIApp, answers: ErrorAnswers) -> None:
        self._app = app
        self._answers = answers
        self._waiting = 0
        self._reading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await self._answers.answer(Request(scope), refusal)(scope, receive, send)
            return
        if scope["method"] not in UNSAFE:
            self._reading += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._reading -= 1
            return
        self._waiting += 1
        try:
            await self._app(scope, _counting(receive), send)
        finally:
            self._waiting -= 1

    def _refusal(self, scope: Scope) -> Exception | None:
        headers = Headers(scope=scope)
        if host_of(headers.get("host", "")) not in OWN_HOSTS:
            return UnknownHost()
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > MOST_BODY_BYTES:
            return BodyTooLarge()
        unsafe = scope["method"] in UNSAFE
        if self._waiting >= MOST_WAITING if unsafe else self._reading >= MOST_READING and scope["path"] != ALWAYS_ANSWERED:
            return TooBusy()
        return None


def _counting(receive: Receive) -> Receive:
    """The same messages; BodyTooLarge past 1 MB, for a body that does not say how long it is."""
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > MOST_BODY_BYTES:
            raise BodyTooLarge
        return message

    return counted


def host_of(header: str) -> str:
    """The host named by a Host header, without its port, in small letters; "" for anything else."""
    host, bracket, rest = header.strip().lower().partition("]")
    if bracket:
        return host.removeprefix("[") if host.startswith("[") and (not rest or rest.startswith(":")) else ""
    name, _, port = host.partition(":")
    return name if not port or port.isdigit() else ""
