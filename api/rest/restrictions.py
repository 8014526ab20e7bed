"""Restrictions: only those named may see. One of them makes it with a fresh sign-in, and only somebody else ends it."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    House,
    HouseDep,
    KithRoute,
    PageDep,
    RealNowDep,
    ViewDep,
    WriterDep,
    allowed_to,
    fresh_sign_in,
    people_among,
    shows_people,
)
from api.paging import list_answer, page_of
from api.rest.access_shapes import actors_given, find_all, ids_given, mistyped_records, moment_shown
from api.rest.answers import ChangeDep, Created, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.grants import Ended
from api.rest.referral_answers import without_blanks
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.access.restrictions import Restriction, end_restriction, make_restriction
from forum.access.standing import roles_of
from forum.errors import Mistake, RefusedAccess
from forum.given import Given
from graph.records import ActorId, RecordId

router = APIRouter(route_class=KithRoute, tags=["access"])

EXAMPLE: dict[str, Any] = {"about": ["5f0c…"], "named": ["91ab…"], "reason": "Asked for by the family."}


class RestrictionIn(BaseModel):
    """What is restricted, to whom, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})
    about: list[str] = Field(
        description="Records, by id. Who reads all is told of one that is not there; others get the same answer either way."
    )
    named: list[str] = Field(description="Who may still see it, if they might otherwise: ids of people who use the service.")
    reason: str


class RestrictionOut(BaseModel):
    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "7d…", "made_by": "c4…", **EXAMPLE}})
    id: str
    about: list[str]
    named: list[str]
    reason: str
    made_by: str


class RestrictionList(BaseModel):
    items: list[RestrictionOut]
    next: str | None
    total: Total


def restriction_answer(disclosure: Disclosure, restriction: Restriction) -> dict[str, Any]:
    """A restriction on the wire."""
    disclosure.mention([restriction.id, *restriction.about])
    return {
        "id": restriction.id,
        "about": list(restriction.about),
        "named": list(restriction.named),
        "reason": restriction.reason,
        "made_by": restriction.made_by,
        "made_at": moment_shown(restriction.made_at),
        "review_by": restriction.review_on.isoformat(),
    } | without_blanks({"ended_by": restriction.ended_by, "ended_at": moment_shown(restriction.ended_at)})


_READING = [allowed_to(Permission.READ_RESTRICTIONS), shows_people()]


@router.get("/restrictions", response_model=RestrictionList, dependencies=_READING)
def list_restrictions(asked: PageDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """The restrictions that name this reader or that they made; for information governance every one."""
    page = page_of(find_all(view, Restriction), str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, Restriction)]
    return list_answer(page, [restriction_answer(disclosure, each) for each in found])


@router.get("/restrictions/{restriction_id}", response_model=RestrictionOut, dependencies=_READING)
def read_restriction(restriction_id: str, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One restriction."""
    return json_answer(restriction_answer(disclosure, view.get(Restriction, RecordId(restriction_id))))


@router.post(
    "/restrictions",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_RESTRICTION), fresh_sign_in(), shows_people()],
)
def create_restriction(
    body: Annotated[dict[str, Any], json_body(RestrictionIn)],
    house: HouseDep,
    actor: ActorDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: RealNowDep,
) -> Response:
    """Restricts records to those named, from the next request on."""
    mistakes: list[Mistake] = []
    given = Given(body, "", mistakes)
    about, named, reason = ids_given(given, "about"), actors_given(given, "named"), given.text("reason", long=True) or ""
    given.finish()
    mistakes += mistyped_records(writer, actor, "about", about) + _nobody_among(house, named)
    if mistakes:
        raise RefusedAccess(mistakes)
    made = make_restriction(writer, about=about, named=named, reason=reason, by=actor, now=now)
    return answer.created(made.id, at=f"/restrictions/{made.id}", about=people_among(house, actor.forum, about), granted=False)


def _nobody_among(house: House, named: list[ActorId]) -> list[Mistake]:
    """A mistake for each of these who may not sign in and never did anything here: a mistyped id would shut somebody out."""
    nobody = "Nobody by this id has used the service. Take the id from the audit or a grant."
    return [
        Mistake(f"/named/{n}", "unknown-actor", nobody)
        for n, each in enumerate(named)
        if not roles_of(house.store, each, forum=house.facts.forum) and not house.store.audit(by=each, limit=1)
    ]


@router.delete(
    "/restrictions/{restriction_id}",
    response_model=Ended,
    dependencies=[allowed_to(Permission.END_RESTRICTION), fresh_sign_in(), shows_people()],
)
def delete_restriction(
    restriction_id: str, change: ChangeDep, actor: ActorDep, writer: WriterDep, answer: WriteAnswerDep, now: RealNowDep
) -> Response:
    """Ends a restriction. Whoever made it asks somebody else."""
    restriction = writer.get(Restriction, RecordId(restriction_id))
    change.compare(restriction_answer(change.unseen, restriction))
    ended = end_restriction(writer, restriction, by=actor, now=now)
    return answer.done({"id": ended.id, "ended_at": moment_shown(now)}, resources=[ended.id])
