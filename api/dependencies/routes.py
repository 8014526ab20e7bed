"""The one kind of route: it takes no odd form, works on one thread, keeps the answer for the audit, and gives it a tag."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from functools import cached_property
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.conditional import is_known, tag_of
from api.dependencies.declarations import AllowedTo, RepeatedAs, WorkedOnApart
from api.dependencies.house import House, at_once
from api.dependencies.transactions import open_writer
from api.dependencies.workers import Threads, to_its_end
from api.forms import check_form
from api.headers import UNSAFE
from forum.access.policy import Permission
from graph.errors import AlreadyDone

LOOK_AFTER_SESSIONS = frozenset({Permission.KEEP_OWN_SESSIONS, Permission.END_SESSIONS_OF_OTHERS})
TAGGED = frozenset({"GET", "PATCH", "PUT"})
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KithRoute(APIRoute):
    """Makes the ETag from the finished bytes, and leaves them in `request.state.answer` for the digest in the audit.

    A reader who has these bytes already gets 304 and no body. Everything else is as if they had been sent: the answer was built,
    and whom it shows is durable in the audit before the 304 leaves.

    A change that was made before, under the same key, is answered by reading what it changed (`RepeatedAs`).

    What comes over the line is read in the event loop; then the whole request, its dependencies, its endpoint and the end of what
    they hold open, a commit among it, is done on one thread, before the first byte of the answer is sent.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, at_once(endpoint), **options)

    def get_route_handler(self) -> Handler:
        """The framework's handler, with the answer looked at before what the route holds open ends."""
        handle = super().get_route_handler()
        again = self._handler_of_repeats()
        # JSON is read by a dependency of ours; what the framework reads as a body is a form.
        takes_a_form = self.body_field is not None

        async def answer(request: Request) -> Response:
            if takes_a_form:
                await check_form(request)
            if request.method in UNSAFE:
                await request.body()
            house: House = request.app.state.house
            return await house.workers.do(lambda: _answer_or_repeat(handle, again, request), among=self.threads)

        return answer

    def _handler_of_repeats(self) -> Handler | None:
        """What answers a repeat of this change: the reading that the route declares, under the same permission."""
        declared = next((inner.call for inner in self._inner if isinstance(inner.call, RepeatedAs)), None)
        if declared is None:
            return None
        # Of the framework's own kind: what this one adds is added to whichever of the two answers.
        return APIRoute(self.path, at_once(declared.reading), dependencies=self.dependencies).get_route_handler()

    @cached_property
    def threads(self) -> Threads:
        """Among which threads this route is worked on: the writer's for one that writes, those it declares, else readers'."""
        calls = [inner.call for inner in self._inner]
        if any(getattr(call, "__wrapped__", None) is open_writer for call in calls):
            return Threads.WRITING
        return next((call.among for call in calls if isinstance(call, WorkedOnApart)), Threads.READING)

    @cached_property
    def looks_after_sessions(self) -> bool:
        """Whether this route lists and ends sessions, as the permission says that it needs."""
        return any(inner.call.permission in LOOK_AFTER_SESSIONS for inner in self._inner if isinstance(inner.call, AllowedTo))

    @cached_property
    def known_parameters(self) -> frozenset[str]:
        """The names of every query parameter that this route declares, itself or by what it depends on."""
        return frozenset(field.alias for inner in (self.dependant, *self._inner) for field in inner.query_params)

    @property
    def _inner(self) -> Iterator[Dependant]:
        return _within(self.dependant)


def _within(dependant: Dependant) -> Iterator[Dependant]:
    for inner in dependant.dependencies:
        yield inner
        yield from _within(inner)


def _answer_or_repeat(handle: Handler, again: Handler | None, request: Request) -> Response:
    """The answer; to a change that was made before and whose answer was not kept, the one that reading gives by now."""
    try:
        return _answer(handle, request)
    except AlreadyDone as done:
        if again is None or done.answer:
            raise
    return _answer(again, request)


def _answer(handle: Handler, request: Request) -> Response:
    """The answer, with its tag; what the route holds open has ended by then, with a commit or with the fault that was raised."""
    with ExitStack() as held:
        request.state.held = held
        response = to_its_end(handle(request))
        request.state.answer = bytes(getattr(response, "body", b""))
        if request.method not in TAGGED or response.status_code != 200:
            return response
        tag = tag_of(request.state.answer)
        if request.method == "GET" and is_known(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers={"ETag": tag})
        response.headers["ETag"] = tag
        return response
