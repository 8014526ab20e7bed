"""Grants: why somebody may see something. Given to somebody else, for purposes, between two moments; ended at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
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
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    shows_people,
)
from api.paging import list_answer, page_of
from api.rest.access_shapes import find_all, ids_given, moment_given, moment_shown, unknown_records
from api.rest.answers import ChangeDep, Created, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.referral_answers import without_blanks
from forum.access.actors import EVERY_PURPOSE
from forum.access.disclosure import Disclosure
from forum.access.grants import Grant, Reason, end_grant, give_grant
from forum.access.policy import Permission, may_hold_grants
from forum.access.standing import chairs_scope, roles_of
from forum.context_sheets import invite, warnings_for
from forum.errors import Mistake, RefusedAccess
from forum.given import Given
from forum.kinds import CASE_KINDS
from graph.assertions import PEOPLE
from graph.records import ActorId, RecordId

router = APIRouter(route_class=KithRoute, tags=["access"])

EXAMPLE: dict[str, Any] = {"to": "5f0c…", "covers": ["91ab…"], "purposes": ["safety_planning"], "until": "2026-12-21"}


class GrantIn(BaseModel):
    """Who may see what, for which purposes, from when until when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})
    to: str = Field(description="The id of somebody else, as it stands in the audit and in their own grants.")
    covers: list[str] = Field(description="Records: a referral with what it and its statements cite, a young person, a context.")
    until: str = Field(description="The last day, or a moment.")
    starts: str | None = Field(default=None, alias="from", description="The first day, or a moment; now when left out.")
    source: str = Field(
        default="allocated",
        description="allocated, or invited: somebody from outside gets a context-only sheet of each place named, and no more.",
    )
    purposes: list[str] | None = Field(default=None, description="Codes of SHARING_PURPOSE; every one when left out.")
    reason: str | None = None
    names_seen: bool = Field(
        default=False,
        description="invited: whoever invites has looked at a name found on a sheet, and it may be shown. Refused until then.",
    )


class GrantOut(BaseModel):
    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"example": {"id": "7d…", "source": "allocated", "given_by": "c4…", **EXAMPLE}},
    )
    id: str
    to: str
    source: str = Field(description="wrote_it, allocated, panel_item, invited or named_at_token")
    covers: list[str]
    purposes: list[str]
    until: str
    given_by: str


class GrantList(BaseModel):
    items: list[GrantOut]
    next: str | None
    total: Total


class Ended(BaseModel):
    """What was ended, and when."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": "7d…", "ended_at": "2026-11-21T09:30:00+00:00"}})
    id: str
    ended_at: str


def grant_answer(disclosure: Disclosure, grant: Grant) -> dict[str, Any]:
    """A grant on the wire. What it covers and this reader may not see is left out by the view."""
    disclosure.mention([grant.id, *grant.covers])
    return without_blanks(
        {
            "id": grant.id,
            "to": grant.actor,
            "source": grant.source.value,
            "covers": list(grant.covers),
            "purposes": list(grant.purposes),
            "field_classes": [each.value for each in grant.field_classes],
            "from": moment_shown(grant.holds_from),
            "until": moment_shown(grant.holds_until),
            "given_by": grant.given_by,
            "reason": grant.reason,
            "ended_at": moment_shown(grant.ended_at),
        }
    ) | {"covers": list(grant.covers)}


@router.get("/grants", response_model=GrantList, dependencies=[allowed_to(Permission.READ_GRANTS), shows_people()])
def list_grants(asked: PageDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """The grants this reader may see, ended ones included: their own, or for those who oversee access every one."""
    page = page_of(find_all(view, Grant), str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, Grant)]
    return list_answer(page, [grant_answer(disclosure, grant) for grant in found])


@router.get("/grants/{grant_id}", response_model=GrantOut, dependencies=[allowed_to(Permission.READ_GRANTS), shows_people()])
def read_grant(grant_id: str, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One grant."""
    return json_answer(grant_answer(disclosure, view.get(Grant, RecordId(grant_id))))


@router.post(
    "/grants",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.GIVE_GRANT), shows_people()],
)
def create_grant(
    body: Annotated[dict[str, Any], json_body(GrantIn)],
    house: HouseDep,
    actor: ActorDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: RealNowDep,
    today: TodayDep,
) -> Response:
    """Allocates records to somebody else. Nobody gives a grant to themselves, and no analyst or administrator holds one."""
    asked, mistakes = _asked(body)
    mistakes += unknown_records(writer, "covers", asked.covers)
    if asked.to and asked.to != actor.id:
        mistakes += _unfit(house, asked.to)
    if mistakes or asked.until is None:
        raise RefusedAccess(mistakes)
    whom: dict[str, Any] = {
        "to": asked.to, "until": asked.until, "given_by": actor.id, "now": now, "starts": asked.starts,
        "purposes": asked.purposes, "reason": asked.reason,
    }  # fmt: skip
    if asked.source is Reason.INVITED:
        house.projection.catch_up(house.store)
        with house.store.view(chairs_scope(house.store, forum=actor.forum, now=now, case=CASE_KINDS)) as sight:
            network = house.projection.within(sight.scope)
            made = invite(
                writer, sight, network, contexts=asked.covers, because=asked.source, today=today, names_seen=asked.names_seen,
                **whom,
            )  # fmt: skip
            prompts = warnings_for(writer, sight, made) if asked.names_seen else []
    else:
        made = give_grant(writer, covers=asked.covers, because=asked.source, **whom)
        prompts = []
    kinds = writer.kinds_of({*made.covers, *asked.covers})
    people = [each for each, kind in kinds.items() if kind in PEOPLE]
    return answer.created(made.id, at=f"/grants/{made.id}", resources=kinds, about=people, prompts=prompts, granted=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a body asks for."""

    to: ActorId
    covers: list[RecordId]
    source: Reason
    starts: datetime | None
    until: datetime | None
    purposes: Collection[str]
    reason: str
    names_seen: bool


def _asked(body: dict[str, Any]) -> tuple[_Asked, list[Mistake]]:
    mistakes: list[Mistake] = []
    given = Given(body, "", mistakes)
    given.require("to", "Name somebody else by their id.")
    given.require("until", "Say how long: the last day, or a moment.")
    source = given.text("source") or Reason.ALLOCATED.value
    if source not in _GIVEN_BY_HAND:
        given.wrong("source", "unknown-code", "Write allocated or invited.")
    asked = _Asked(
        to=ActorId(given.text("to") or ""),
        covers=ids_given(given, "covers"),
        source=Reason(source) if source in _GIVEN_BY_HAND else Reason.ALLOCATED,
        starts=moment_given(given, "from"),
        until=moment_given(given, "until", end=True),
        purposes=given.texts("purposes") if given.has("purposes") else EVERY_PURPOSE,
        reason=given.text("reason", long=True) or "",
        names_seen=given.flag("names_seen") or False,
    )
    given.finish()
    return asked, mistakes


_GIVEN_BY_HAND = (Reason.ALLOCATED.value, Reason.INVITED.value)


def _unfit(house: House, to: ActorId) -> list[Mistake]:
    """Whether the one it is for is known, and whether their role may hold a grant on a record at all."""
    roles = roles_of(house.store, to, forum=house.facts.forum)
    if not roles:
        return [Mistake("/to", "unknown-actor", "Nobody by this id can sign in now. Take the id from the audit or a grant.")]
    if not may_hold_grants(roles):
        return [Mistake("/to", "separate-duties", "Give it to somebody who works with cases: this role holds no record.")]
    return []


@router.delete(
    "/grants/{grant_id}",
    response_model=Ended,
    dependencies=[allowed_to(Permission.END_GRANT), shows_people()],
)
def delete_grant(grant_id: str, change: ChangeDep, writer: WriterDep, answer: WriteAnswerDep, now: RealNowDep) -> Response:
    """Ends a grant at once: the next request of whoever held it is refused."""
    grant = writer.get(Grant, RecordId(grant_id))
    change.compare(grant_answer(change.unseen, grant))
    ended = end_grant(writer, grant, now=now)
    return answer.done({"id": ended.id, "ended_at": moment_shown(now)}, resources=[ended.id])
