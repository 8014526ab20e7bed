"""Errors turned into answers: problem documents for programs, error pages for people.

A problem document holds no name and no value of the request. 401, 403 and 404 carry nothing that differs from one refusal to
the next, so that their bytes are equal whatever was asked for.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors.refusals import ApiError, Rejected, StepUpNeeded, TooManyRequests
from api.errors.table import FAULT, GONE, row_for
from forum.errors import Incomplete, Mistake, NotPermitted
from graph.errors import AlreadyDone, RecordNotFound

PROBLEM_JSON = "application/problem+json"
EQUAL_BYTES = frozenset({401, 403, 404})
NOT_FOUND_DETAIL = "There is no such thing, or it is not yours to see."


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error answer says, before it becomes a document or a page. `errors` are pointers with what to write instead."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[Mistake, ...] = ()
    retry_after: int | None = None
    reference: str = ""


DrawErrorPage = Callable[[Request, Problem], Response]


def problem_for(error: Exception, reference: str = "") -> Problem:
    """What to say of an error. Nothing is said of an unknown one but a reference."""
    row = row_for(error)
    if isinstance(error, NotPermitted) and error.about_record:
        row = GONE
    if row is GONE:
        return Problem(404, "not-found", GONE.title, NOT_FOUND_DETAIL)
    if row is FAULT:
        return Problem(500, "fault", FAULT.title, "Try again later. If it goes on, give this reference.", reference=reference)
    mistakes: Sequence[Mistake] = error.mistakes if isinstance(error, Incomplete) else ()
    code = getattr(error, "code", "request-refused")
    detail = mistakes[0].detail if mistakes else str(error)
    if row.status == 403:
        detail = type(error).message if isinstance(error, ApiError | NotPermitted) else detail
    retry_after = error.retry_after_seconds if isinstance(error, TooManyRequests) else row.retry_after
    return Problem(row.status, code, row.title, detail, tuple(mistakes), retry_after, reference)


def problem_document(problem: Problem) -> Response:
    """A problem as RFC 9457 has it."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if problem.status not in EQUAL_BYTES and problem.reference:
        body["instance"] = f"/problems/instances/{problem.reference}"
    if problem.errors:
        body["errors"] = [{"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in problem.errors]
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Response(content, problem.status, headers_of(problem), media_type=PROBLEM_JSON)


def headers_of(problem: Problem) -> dict[str, str]:
    """The headers that go with a problem, for documents and pages alike."""
    challenge = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    # What is left of such a body would be read as the next request.
    ended = {"Connection": "close"} if problem.status == 408 else {}
    return challenge | ended | ({"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {})


def is_for_programs(request: Request) -> bool:
    """Whether the answer goes to a program (REST) and not to a person (a page)."""
    return str(request.scope["path"]).startswith("/api/")


class ErrorAnswers:
    """Turns errors into answers: documents under /api/, pages elsewhere. `main` hands in the function that draws a page."""

    def __init__(self, draw_page: DrawErrorPage) -> None:
        self._draw_page = draw_page

    def answer(self, request: Request, error: Exception) -> Response:
        """The answer to any error that is not an unknown fault."""
        if isinstance(error, AlreadyDone):
            return answer_again(error)
        problem = problem_for(error, reference_of(request))
        if isinstance(error, StepUpNeeded) and "text/html" in request.headers.get("accept", ""):
            return self._draw(request, problem)
        return self._respond(request, problem)

    def http(self, request: Request, error: Exception) -> Response:
        """The answer to what the framework itself refuses: a path or method that is not there."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return self._respond(request, problem_for(RecordNotFound()))
        title = "Method not allowed" if error.status_code == 405 else "The request cannot be answered"
        response = self._respond(request, Problem(error.status_code, "request-refused", title, f"{title}."))
        response.headers.update(error.headers or {})
        if error.status_code == 405 and (methods := _methods_at(request)):
            response.headers["Allow"] = ", ".join(methods)
        return response

    def validation(self, request: Request, error: Exception) -> Response:
        """The answer to parameters that are not as declared: where, and what kind of mistake; never the value."""
        assert isinstance(error, RequestValidationError)
        return self.answer(request, Rejected([_parameter_mistake(found) for found in error.errors()]))

    def _respond(self, request: Request, problem: Problem) -> Response:
        if is_for_programs(request):
            return problem_document(problem)
        return self._draw(request, problem)

    def _draw(self, request: Request, problem: Problem) -> Response:
        response = self._draw_page(request, problem)
        response.headers.update(headers_of(problem))
        return response


def _methods_at(request: Request) -> list[str]:
    """Every method that some route of this path takes. The framework names those of the first route alone."""
    path = str(request.scope["path"])
    contexts = [found for found in iter_route_contexts(request.app.routes) if found.path_regex and found.path_regex.match(path)]
    return sorted({method for found in contexts for method in found.methods or ()})


def _parameter_mistake(found: Mapping[str, Any]) -> Mistake:
    place, *path = found["loc"]
    pointer = "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
    if place != "body":
        pointer = f"/{place}{pointer}"
    return Mistake(pointer, str(found["type"]).replace("_", "-"), _WHAT_TO_WRITE.get(found["type"], "Write this as described."))


_WHAT_TO_WRITE = {
    "missing": "Write something here.",
    "int_parsing": "Write a whole number.",
    "enum": "Write one of the codes described.",
    "literal_error": "Write one of the codes described.",
    "date_from_datetime_parsing": "Write a day as 2026-11-21.",
    "date_parsing": "Write a day as 2026-11-21.",
    "less_than_equal": "Write a smaller number.",
    "greater_than_equal": "Write a larger number.",
}


def answer_again(done: AlreadyDone) -> Response:
    """The answer that was given when the same write was done: status, place, and the little that was said.

    A change that was answered with the record itself comes to this with nothing kept, and never gets here (`RepeatedAs`).
    """
    headers = {"Location": done.answer["location"]} if "location" in done.answer else {}
    body = done.answer["body"].encode("utf-8")
    return Response(body, int(done.answer["status"]), headers, media_type="application/json")


def reference_of(request: Request) -> str:
    """The reference under which a request stands in the log."""
    return str(request.scope.get("state", {}).get("request_id", ""))
