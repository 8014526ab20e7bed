"""Conflicts of interest: whom somebody is too close to. Declared and ended by themselves; coordinator and chair read them."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    KithRoute,
    PageDep,
    RealNowDep,
    ViewDep,
    WriterDep,
    allowed_to,
    people_among,
    shows_people,
)
from api.paging import list_answer, page_of
from api.rest.access_shapes import find_all, ids_given, ids_shown, mistyped_records, moment_shown
from api.rest.answers import ChangeDep, Created, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.grants import Ended
from api.rest.referral_answers import without_blanks
from forum.access.conflicts import Conflict, declare_conflict, end_conflict
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.errors import Mistake, RefusedAccess
from forum.given import Given
from graph.records import RecordId
from graph.store.boundary import View

router = APIRouter(route_class=KithRoute, tags=["access"])

EXAMPLE: dict[str, Any] = {"about": ["5f0c…"], "words": "My sister works there."}


class ConflictIn(BaseModel):
    """Whom or what the one who declares it is too close to; one of the two is needed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})
    about: list[str] = Field(default=[], description="People and contexts, by id. The answer is the same if they are not there.")
    words: str | None = Field(default=None, description="In words, for the chair: what has no id known to them, or how close.")


class ConflictOut(BaseModel):
    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "7d…", "by": "c4…", **EXAMPLE}})
    id: str
    by: str
    about: list[str]


class ConflictList(BaseModel):
    items: list[ConflictOut]
    next: str | None
    total: Total


def conflict_answer(view: View, disclosure: Disclosure, conflict: Conflict) -> dict[str, Any]:
    """A conflict on the wire: to whoever declared it with the ids they gave, to others with those they may see."""
    disclosure.mention([conflict.id])
    if conflict.actor == disclosure.actor.id:
        disclosure.mention(conflict.about)
        about = list(conflict.about)
    else:
        about = ids_shown(view, disclosure, conflict.about)
    return {"id": conflict.id, "by": conflict.actor, "about": about} | without_blanks(
        {
            "words": conflict.words,
            "declared_at": moment_shown(conflict.declared_at),
            "review_by": conflict.review_on.isoformat(),
            "ended_at": moment_shown(conflict.ended_at),
        }
    )


_READING = [allowed_to(Permission.READ_CONFLICTS), shows_people()]


@router.get("/conflicts", response_model=ConflictList, dependencies=_READING)
def list_conflicts(asked: PageDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """The conflicts this reader declared; for coordinator and chair those of everybody."""
    page = page_of(find_all(view, Conflict), str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, Conflict)]
    return list_answer(page, [conflict_answer(view, disclosure, each) for each in found])


@router.get("/conflicts/{conflict_id}", response_model=ConflictOut, dependencies=_READING)
def read_conflict(conflict_id: str, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One conflict."""
    return json_answer(conflict_answer(view, disclosure, view.get(Conflict, RecordId(conflict_id))))


@router.post(
    "/conflicts",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.DECLARE_CONFLICT), shows_people()],
)
def create_conflict(
    body: Annotated[dict[str, Any], json_body(ConflictIn)],
    house: HouseDep,
    actor: ActorDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: RealNowDep,
) -> Response:
    """Declares a conflict of one's own: from the next request on, what it names is not there for the one who declared it."""
    mistakes: list[Mistake] = []
    given = Given(body, "", mistakes)
    about, words = ids_given(given, "about"), given.text("words", long=True) or ""
    given.finish()
    mistakes += mistyped_records(writer, actor, "about", about)
    if mistakes:
        raise RefusedAccess(mistakes)
    made = declare_conflict(writer, about=about, words=words, by=actor, now=now)
    return answer.created(made.id, at=f"/conflicts/{made.id}", about=people_among(house, actor.forum, about), granted=False)


@router.delete(
    "/conflicts/{conflict_id}",
    response_model=Ended,
    dependencies=[allowed_to(Permission.END_CONFLICT), shows_people()],
)
def delete_conflict(
    conflict_id: str, change: ChangeDep, actor: ActorDep, writer: WriterDep, answer: WriteAnswerDep, now: RealNowDep
) -> Response:
    """Ends a conflict of one's own."""
    conflict = writer.get(Conflict, RecordId(conflict_id))
    change.compare(conflict_answer(writer, change.unseen, conflict))
    ended = end_conflict(writer, conflict, by=actor, now=now)
    return answer.done({"id": ended.id, "ended_at": moment_shown(now)}, resources=[ended.id])
