"""The one kind of route: it keeps the finished answer for the audit, and gives what can be read its tag."""

from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.conditional import tag_of

TAGGED = frozenset({"GET", "PATCH", "PUT"})


class KithRoute(APIRoute):
    """Makes the ETag from the finished bytes, and leaves them in `request.state.answer` for the digest in the audit."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, with the answer looked at before the dependencies end."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handle(request)
            request.state.answer = bytes(getattr(response, "body", b""))
            if request.method in TAGGED and response.status_code == 200:
                response.headers["ETag"] = tag_of(request.state.answer)
            return response

        return answer

    @cached_property
    def known_parameters(self) -> frozenset[str]:
        """The names of every query parameter that this route declares, itself or by what it depends on."""
        return frozenset(_query_names(self.dependant))


def _query_names(dependant: Dependant) -> set[str]:
    names = {field.alias for field in dependant.query_params}
    for inner in dependant.dependencies:
        names |= _query_names(inner)
    return names
