"""Statements: one more about two things, each step of its life, and its dated history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import (
    DisclosureDep,
    KithRoute,
    LatestDayDep,
    NowDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    shows_people,
)
from api.rest.answers import Created, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.referral_answers import GONE, without_blanks
from api.rest.referral_shapes import LinkIn
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.assertion_drafts import history_on_the_wire, link_given, link_on_the_wire
from forum.errors import Incomplete, IncompleteReferral, Mistake
from forum.given import Given
from forum.reference_checks import IN_STATEMENT, find_wrong_references
from forum.referrals import Referral
from forum.statement_life import Step, take_step
from forum.statements import record_assertion
from graph.assertions import Assertion, standing_on
from graph.errors import RecordNotFound
from graph.records import RecordId
from graph.store.boundary import View

router = APIRouter(route_class=KithRoute, tags=["statements"])


class AssertionIn(LinkIn):
    """A statement about two things, and the referral it was made in, if any."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "from": "5f0c…",
                "rel": "feels_safe_at",
                "to": "c4d1…",
                "referral": None,
                "provenance": {
                    "kind": "reported_by_young_person",
                    "source_role": "youth worker",
                    "agency": "youth_service",
                    "reliability": "told_by_young_person_or_family",
                    "date_known": "2026-11-20",
                },
            }
        }
    )
    referral: str | None = Field(default=None, description="The referral it was stated in; null when outside all of them.")


class AssertionOut(BaseModel):
    """A statement with its dated history. One corrected or withdrawn shows its id, status and history alone."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "5f0c…", "status": "corrected"}})
    id: str
    status: str
    status_history: list[dict[str, Any]]


class StepIn(BaseModel):
    """Why a step is taken."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "She says it was somebody else."}})
    reason: str


class RenewIn(BaseModel):
    """Why a statement still holds, and until when."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "She says it is still so.", "review_by": "2027-11-21"}}
    )
    reason: str
    review_by: str = Field(description="The next review date.")


class Stepped(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": {"id": "5f0c…", "status": "disputed"}})
    id: str
    status: str


@router.post(
    "/assertions",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_STATEMENT), shows_people()],
)
def create_assertion(
    given: Annotated[dict[str, Any], json_body(AssertionIn)],
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: NowDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Records one more statement about two things, with its provenance. Without a source it is refused."""
    referral, link = given.get("referral"), {name: value for name, value in given.items() if name != "referral"}
    draft, mistakes = link_given(link, until=latest)
    stated_in = _stated_in(writer, referral)
    if draft is None or isinstance(stated_in, Mistake):
        wrong = find_wrong_references(writer, link, IN_STATEMENT, links=(), besides=mistakes, today=today)
        raise IncompleteReferral((*mistakes, *wrong, *([stated_in] if isinstance(stated_in, Mistake) else [])))
    made = record_assertion(writer, draft, stated_in=stated_in, received=today, recorded_by=answer.actor.id, now=now, today=today)
    return answer.created(made.id, at=f"/assertions/{made.id}", about=[made.source, made.target], granted=stated_in is None)


def _stated_in(writer: View, referral: Any) -> RecordId | Mistake | None:
    if referral is None:
        return None
    if isinstance(referral, str) and writer.kinds_of([RecordId(referral)]).get(RecordId(referral)) == Referral.KIND:
        return RecordId(referral)
    return Mistake("/referral", "unknown-reference", "There is no such referral, or it is not yours to see.")


@router.get(
    "/assertions/{assertion_id}",
    response_model=AssertionOut,
    dependencies=[allowed_to(Permission.READ_STATEMENT), shows_people()],
)
def read_assertion(assertion_id: str, view: ViewDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """One statement, as it stands today, with its dated history."""
    return json_answer(assertion_answer(disclosure, view.get(Assertion, RecordId(assertion_id)), on=today))


def assertion_answer(disclosure: Disclosure, assertion: Assertion, *, on: date) -> dict[str, Any]:
    """A statement on the wire. RecordNotFound before the day it was recorded."""
    standing = standing_on(assertion.standings, assertion.review_on, on)
    if standing is None:
        raise RecordNotFound
    if standing in GONE:
        ends_unseen = replace(assertion, standings=tuple(replace(step, by=None) for step in assertion.standings))
        return {
            "id": assertion.id,
            "status": standing.value,
            "status_history": [
                {name: value for name, value in step.items() if name != "reason"}
                for step in history_on_the_wire(ends_unseen, on=on)
            ],
        }
    shown = disclosure.show(assertion).record
    return link_on_the_wire(shown, on=on) | without_blanks({"referral": shown.stated_in})


def _stepper(step: Step) -> Callable[..., Response]:
    asked = RenewIn if step is Step.RENEW else StepIn

    def take_one_step(
        assertion_id: str,
        given: Annotated[dict[str, Any], json_body(asked)],
        writer: WriterDep,
        answer: WriteAnswerDep,
        today: TodayDep,
    ) -> Response:
        reason, review_by = _reason_in(given, step)
        assertion = writer.get(Assertion, RecordId(assertion_id))
        taken = writer.put(take_step(assertion, step, reason=reason, by=answer.actor.id, today=today, review_by=review_by))
        standing = standing_on(taken.standings, taken.review_on, today)
        status = standing.value if standing else ""
        return answer.done({"id": taken.id, "status": status}, resources=[taken.id], about=[taken.source, taken.target])

    return take_one_step


def _reason_in(body: dict[str, Any], step: Step) -> tuple[str, date | None]:
    mistakes: list[Mistake] = []
    given = Given(body, "", mistakes)
    given.require("reason", "Say why, in a sentence.")
    reason, review_by = given.text("reason", long=True), None
    if step is Step.RENEW:
        given.require("review_by", "Write the next review date.")
        review_by = given.day("review_by")
    given.finish()
    if mistakes:
        raise Incomplete(mistakes)
    return reason or "", review_by


for _step in Step:
    router.add_api_route(
        f"/assertions/{{assertion_id}}/{_step.value}",
        _stepper(_step),
        methods=["POST"],
        name=f"{_step.value}_assertion",
        description=f"Takes one step of a statement's life: {_step.value}. 409 when it cannot be taken from where it stands.",
        response_model=Stepped,
        dependencies=[allowed_to(Permission.CHANGE_STATEMENT), shows_people()],
    )
