"""What goes wrong, and what the answer says of it: the one table from error to status, problem documents and error pages.

A problem document holds no name and no value of the request. 401, 403 and 404 carry nothing that differs from one refusal to
the next, so that their bytes are equal whatever was asked for.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

import forum.errors as forum_errors
import graph.errors as graph_errors
import ingest.errors as ingest_errors
from forum.errors import Incomplete, Mistake, NotPermitted

PROBLEM_JSON = "application/problem+json"


class ApiError(Exception):
    """The base of what can be wrong with a request itself. `message` is safe to show anyone."""

    code = "request-refused"
    message = "The request cannot be answered."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class NotSignedIn(ApiError):
    code = "not-signed-in"
    message = "Sign in first: send a token, or open the sign-in link."


class StepUpNeeded(ApiError):
    code = "sign-in-again"
    message = "Sign in again to do this: your sign-in is too long ago."


class CrossSite(ApiError):
    code = "cross-site"
    message = "This request did not come from a page of this service. Go back to the page and try again."


class UnknownPurpose(ApiError):
    code = "unknown-purpose"
    message = "Kith-Purpose is not a code of the list SHARING_PURPOSE."


class MissingKey(ApiError):
    code = "missing-key"
    message = "Send an Idempotency-Key: a new one for each new request, 1 to 200 printable characters."


class MissingTag(ApiError):
    code = "missing-tag"
    message = "Send If-Match with the ETag of what you read, so that nobody's change is lost."


class StaleTag(ApiError):
    code = "stale-tag"
    message = "Someone else changed this record. Read it again, then make your change once more."


class UnreadableBody(ApiError):
    code = "unreadable-body"
    message = "The body is not a JSON object that can be read."


class NotJson(ApiError):
    code = "not-json"
    message = "Send the body as application/json."


class BodyTooLarge(ApiError):
    code = "body-too-large"
    message = "The body is larger than 1 MB. Send less at once."


class BadCursor(ApiError):
    code = "bad-cursor"
    message = "This cursor belongs to another question, or the list has changed. Start from the first page."


class UnknownHost(ApiError):
    code = "unknown-host"
    message = "This service answers only to its own address."


class TooBusy(ApiError):
    code = "too-busy"
    message = "Too many changes are waiting. Try again in a moment with the same key."


class Rejected(Incomplete):
    """A request with mistakes that are told one by one, such as an unknown parameter."""

    code = "rejected"
    message = "Some things in the request need mending."


@dataclass(frozen=True, slots=True)
class Row:
    """What the answer to one kind of error is."""

    status: int
    title: str
    retry_after: int | None = None


GONE = Row(404, "Not found")
UNAVAILABLE = Row(503, "Sorry, the service is unavailable", retry_after=5)
FAULT = Row(500, "Sorry, there is a problem with the service")

TABLE: Mapping[type[Exception], Row] = {
    graph_errors.GraphError: FAULT,
    graph_errors.RecordNotFound: GONE,
    graph_errors.RecordErased: Row(410, "This record has been erased"),
    graph_errors.VersionConflict: Row(412, "Someone else changed this record"),
    graph_errors.MissingCitation: Row(422, "Something named is not there"),
    graph_errors.UnauditedWrite: FAULT,
    graph_errors.AlreadyDone: Row(200, "Already done"),
    graph_errors.KeyReused: Row(422, "The key was used before"),
    graph_errors.StoreBusy: Row(503, "Sorry, the service is busy", retry_after=1),
    graph_errors.StoreUnavailable: UNAVAILABLE,
    graph_errors.StoreFull: UNAVAILABLE,
    graph_errors.AuditUnavailable: UNAVAILABLE,
    graph_errors.StoreRefused: UNAVAILABLE,
    graph_errors.StoreNotEmpty: Row(409, "The store is not empty"),
    graph_errors.StoreInUse: UNAVAILABLE,
    graph_errors.DamagedExport: Row(422, "The file is damaged"),
    graph_errors.CannotStoreExactly: Row(422, "A value cannot be kept as it is"),
    graph_errors.NotKept: GONE,
    forum_errors.ForumError: FAULT,
    forum_errors.NotPermitted: Row(403, "Not permitted"),
    forum_errors.Incomplete: Row(422, "Some things need mending"),
    forum_errors.IncompleteReferral: Row(422, "The referral is not complete"),
    forum_errors.IncompleteMap: Row(422, "The map is not complete"),
    forum_errors.WrongState: Row(409, "Not possible from where it stands"),
    forum_errors.SheetExpired: Row(409, "The map is past its date"),
    forum_errors.FormForbidden: Row(409, "The map's mode forbids this file"),
    ingest_errors.IngestError: Row(422, "The file cannot be taken in"),
    ApiError: Row(400, "The request cannot be answered"),
    NotSignedIn: Row(401, "Not signed in"),
    StepUpNeeded: Row(403, "Sign in again"),
    CrossSite: Row(403, "Not from this service"),
    UnknownPurpose: Row(422, "Unknown purpose"),
    MissingKey: Row(400, "A key is needed"),
    MissingTag: Row(428, "A tag is needed"),
    StaleTag: Row(412, "Someone else changed this record"),
    UnreadableBody: Row(400, "The body cannot be read"),
    NotJson: Row(415, "The body is not JSON"),
    BodyTooLarge: Row(413, "The body is too large"),
    BadCursor: Row(422, "The cursor does not fit"),
    UnknownHost: Row(421, "Unknown host"),
    TooBusy: Row(503, "Sorry, the service is busy", retry_after=1),
    Rejected: Row(422, "Some things need mending"),
}

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


def row_for(error: BaseException) -> Row:
    """The row of an error: its own, else that of the nearest base; anything unknown is a fault."""
    return next((TABLE[base] for base in type(error).__mro__ if base in TABLE), FAULT)


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
    return Problem(row.status, code, row.title, detail, tuple(mistakes), row.retry_after, reference)


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
    return challenge | ({"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {})


def is_for_programs(request: Request) -> bool:
    """Whether the answer goes to a program (REST) and not to a person (a page)."""
    return str(request.scope["path"]).startswith("/api/")


class ErrorAnswers:
    """Turns errors into answers: documents under /api/, pages elsewhere. `main` hands in the function that draws a page."""

    def __init__(self, draw_page: DrawErrorPage) -> None:
        self._draw_page = draw_page

    def answer(self, request: Request, error: Exception) -> Response:
        """The answer to any error that is not an unknown fault."""
        if isinstance(error, graph_errors.AlreadyDone):
            return answer_again(error)
        return self._respond(request, problem_for(error, reference_of(request)))

    def http(self, request: Request, error: Exception) -> Response:
        """The answer to what the framework itself refuses: a path or method that is not there."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return self._respond(request, problem_for(graph_errors.RecordNotFound()))
        title = "Method not allowed" if error.status_code == 405 else "The request cannot be answered"
        response = self._respond(request, Problem(error.status_code, "request-refused", title, f"{title}."))
        response.headers.update(error.headers or {})
        return response

    def validation(self, request: Request, error: Exception) -> Response:
        """The answer to parameters that are not as declared: where, and what kind of mistake; never the value."""
        assert isinstance(error, RequestValidationError)
        return self.answer(request, Rejected([_parameter_mistake(found) for found in error.errors()]))

    def _respond(self, request: Request, problem: Problem) -> Response:
        if is_for_programs(request):
            return problem_document(problem)
        response = self._draw_page(request, problem)
        response.headers.update(headers_of(problem))
        return response


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


def answer_again(done: graph_errors.AlreadyDone) -> Response:
    """The answer that was given when the same write was done: status, place, and the little that was said."""
    headers = {"Location": done.answer["location"]} if "location" in done.answer else {}
    body = done.answer.get("body", "{}").encode("utf-8")
    return Response(body, int(done.answer.get("status", "200")), headers, media_type="application/json")


def reference_of(request: Request) -> str:
    """The reference under which a request stands in the log."""
    return str(request.scope.get("state", {}).get("request_id", ""))
