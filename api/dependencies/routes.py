"""The one kind of route: it takes no odd form, keeps the finished answer for the audit, and gives what can be read its tag."""

from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.conditional import is_known, tag_of
from api.forms import check_form

TAGGED = frozenset({"GET", "PATCH", "PUT"})


class KithRoute(APIRoute):
    """Makes the ETag from the finished bytes, and leaves them in `request.state.answer` for the digest in the audit.

    A reader who has these bytes already gets 304 and no body. Everything else is as if they had been sent: the answer was built,
    and whom it shows is durable in the audit before the 304 leaves.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, with the answer looked at before the dependencies end."""
        handle = super().get_route_handler()
        # JSON is read by a dependency of ours; what the framework reads as a body is a form.
        takes_a_form = self.body_field is not None

        async def answer(request: Request) -> Response:
            if takes_a_form:
                await check_form(request)
            response = await handle(request)
            request.state.answer = bytes(getattr(response, "body", b""))
            if request.method not in TAGGED or response.status_code != 200:
                return response
            tag = tag_of(request.state.answer)
            if request.method == "GET" and is_known(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers={"ETag": tag})
            response.headers["ETag"] = tag
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
