"""What every answer carries, errors included, and what is refused at the door."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.arrival import MOST_BODY_BYTES, CallerLeft, take_in
from api.errors import ApiError, BodyTooLarge, ErrorAnswers, TooBusy, UnknownHost

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
    """Refuses before anything is done: another host's name, a body too large or too slow, one request too many at once.

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
        if (refusal := self._refusal(scope)) is not None:
            await self._answers.answer(Request(scope), refusal)(scope, receive, send)
        elif scope["method"] in UNSAFE:
            await self._take_in_and_do(scope, receive, send)
        else:
            self._reading += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._reading -= 1

    async def _take_in_and_do(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A turn is taken only once all of the body is here: who never ends one keeps nobody else waiting."""
        try:
            arrived = await take_in(receive)
            if self._waiting >= MOST_WAITING:
                raise TooBusy
        except CallerLeft:
            return
        except ApiError as refusal:
            await self._answers.answer(Request(scope), refusal)(scope, receive, send)
            return
        self._waiting += 1
        try:
            await self._app(scope, arrived, send)
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


def host_of(header: str) -> str:
    """The host named by a Host header, without its port, in small letters; "" for anything else."""
    host, bracket, rest = header.strip().lower().partition("]")
    if bracket:
        return host.removeprefix("[") if host.startswith("[") and (not rest or rest.startswith(":")) else ""
    name, _, port = host.partition(":")
    return name if not port or port.isdigit() else ""
