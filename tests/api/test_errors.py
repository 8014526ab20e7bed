"""One table from error to status; a problem says what to do, and never a name, a value or what is hidden."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from starlette.requests import Request
from starlette.responses import Response

import api.errors as errors
import forum
import graph
import ingest
import visualise
from api.errors import (
    TABLE,
    ApiError,
    ErrorAnswers,
    FindingUnavailable,
    Problem,
    Row,
    TooBusy,
    TooManyRequests,
    problem_document,
    problem_for,
    row_for,
)
from api.pages import draw_error_page
from forum.access.actors import Role
from forum.errors import ForumError, Mistake, NotPermitted
from graph.errors import AlreadyDone, AuditUnavailable, GraphError, RecordNotFound, StoreBusy, StoreUnavailable, UnauditedWrite
from graph.records import new_id
from tests.api.running import Service
from tests.builders import a_referral, keep


def all_of(base: type[Exception]) -> Iterator[type[Exception]]:
    for own in base.__subclasses__():
        yield own
        yield from all_of(own)


def every_error() -> set[type[Exception]]:
    """Every error of ours, from every module that is there."""
    for package in (graph, forum, ingest, visualise):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found: set[type[Exception]] = set()
    for name in ("graph", "forum", "ingest", "visualise"):
        package_errors = import_module(f"{name}.errors")
        bases = [each for each in vars(package_errors).values() if isinstance(each, type) and issubclass(each, Exception)]
        found |= set(bases) | {each for base in bases for each in all_of(base)}
    return found | set(all_of(ApiError))


def test_every_error_has_its_row() -> None:
    without = {error.__name__ for error in every_error() if row_for(error.__new__(error)) is errors.FAULT}
    assert without == {"GraphError", "ForumError", "UnauditedWrite"} | {
        error.__name__ for error in every_error() if TABLE.get(error) is errors.FAULT
    }


def test_the_most_particular_row_holds() -> None:
    class Narrower(StoreBusy):
        """One that the table does not name."""

    assert row_for(Narrower()) == TABLE[StoreBusy]
    assert row_for(ValueError()) is errors.FAULT


@pytest.mark.parametrize("error", sorted((every_error()), key=lambda each: each.__name__))
def test_every_code_is_stable_and_every_message_a_sentence(error: type[Exception]) -> None:
    code, message = vars(error).get("code"), getattr(error, "message", "")
    assert code is None or code == code.lower().replace("_", "-").replace(" ", "-")
    assert message.endswith((".", "?"))


def test_a_fault_says_nothing_but_a_reference() -> None:
    problem = problem_for(ValueError("Arlo Quill"), "5f0c")
    assert (problem.status, problem.reference) == (500, "5f0c")
    assert b"Arlo" not in problem_document(problem).body


def test_refusals_carry_nothing_that_differs() -> None:
    for status in (401, 403, 404):
        documents = {problem_document(Problem(status, "c", "t", "d", reference=each)).body for each in ("one", "two")}
        assert len(documents) == 1
    assert b"instance" in problem_document(Problem(409, "c", "t", "d", reference="one")).body


def test_a_record_that_is_not_ours_to_see_is_answered_as_one_that_is_not_there() -> None:
    assert problem_for(NotPermitted(about_record=True)) == problem_for(RecordNotFound())
    assert problem_for(NotPermitted()).status == 403


def test_pointers_come_with_what_to_write_instead() -> None:
    mistakes = [Mistake("/reason", "missing", "Say what you are worried about.")]
    body = problem_document(problem_for(errors.Rejected(mistakes), "r")).body
    assert b'"errors":[{"pointer":"/reason","code":"missing","detail":"Say what you are worried about."}]' in body
    assert b'"detail":"Say what you are worried about."' in body


def test_what_is_busy_says_when_to_come_back() -> None:
    assert problem_document(problem_for(StoreBusy())).headers["Retry-After"] == "1"


def test_everything_that_may_be_tried_again_says_when_in_documents_and_on_pages(sqlite_service: Service) -> None:
    later = {error: row for error, row in TABLE.items() if row.status in (429, 503)}
    assert {TooBusy, TooManyRequests, StoreBusy, StoreUnavailable, AuditUnavailable, FindingUnavailable} <= later.keys()
    for error in later:
        raised = TooManyRequests(7) if error is TooManyRequests else error()
        for path in ("/api/v1/referrals", "/referrals"):
            scope = {"type": "http", "path": path, "headers": [], "state": {}, "app": sqlite_service.app}
            answer = ErrorAnswers(draw_error_page).answer(Request(scope), raised)
            assert answer.status_code in (429, 503) and int(answer.headers["Retry-After"]) >= 1, error.__name__
    assert problem_for(TooManyRequests(7)).retry_after == 7


def test_an_error_on_a_page_is_a_page_and_under_api_a_document() -> None:
    drawn: list[Problem] = []

    def draw(_request: Request, problem: Problem) -> Response:
        drawn.append(problem)
        return Response("page", problem.status)

    def ask(path: str) -> Response:
        return ErrorAnswers(draw).answer(Request({"type": "http", "path": path, "state": {}}), StoreBusy())

    assert ask("/referrals").body == b"page" and drawn[0].status == 503
    assert ask("/api/v1/referrals").media_type == "application/problem+json"


def test_what_was_done_before_is_answered_as_it_was_then() -> None:
    answers = ErrorAnswers(lambda _request, _problem: Response())
    done = AlreadyDone({"status": "201", "location": "/api/v1/referrals/x", "body": '{"id":"x"}'})
    answer = answers.answer(Request({"type": "http", "path": "/api/v1/referrals", "state": {}}), done)
    assert (answer.status_code, answer.headers["Location"], answer.body) == (201, "/api/v1/referrals/x", b'{"id":"x"}')


def test_absent_and_hidden_are_the_same_to_the_last_byte(service: Service) -> None:
    hidden = keep(service.store, a_referral())
    practitioner = service.caller(Role.PRACTITIONER)
    answers = [practitioner.get(f"/referrals/{record}") for record in (hidden.id, new_id(), "not-an-id", "%F0%9F%8F%A0")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1


def test_a_role_is_refused_before_any_record_is_looked_at(service: Service) -> None:
    there = keep(service.store, a_referral())
    guest = service.caller(Role.GUEST, reads=[there.id])
    answers = [guest.get(f"/referrals/{record}") for record in (there.id, new_id())]
    assert {answer.status_code for answer in answers} == {403}
    assert len({(answer.content, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1


def test_a_refusal_stands_in_the_audit(service: Service) -> None:
    practitioner, guest = service.caller(Role.PRACTITIONER), service.caller(Role.GUEST)
    practitioner.get(f"/referrals/{new_id()}")
    guest.get("/referrals")
    refused = {(entry.actor, entry.decision, entry.reason) for entry in service.store.audit(limit=1000)}
    assert (practitioner.actor, "refused", "record-not-found") in refused
    assert (guest.actor, "refused", "not-permitted") in refused


def test_the_bases_and_an_unaudited_write_are_faults_of_ours() -> None:
    assert {TABLE[each] for each in (GraphError, ForumError, UnauditedWrite)} == {errors.FAULT}
    assert all(isinstance(row, Row) and 200 <= row.status < 600 for row in TABLE.values())
