"""Agenda items: what a meeting is about and who is accepted for it. Access for some working days follows from it."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.conditional import merge_patch
from api.dependencies import (
    ActorDep,
    DisclosureDep,
    House,
    HouseDep,
    KithRoute,
    NowDep,
    PageDep,
    ViewDep,
    WriterDep,
    allowed_to,
    repeated_as,
    shows_people,
)
from api.paging import list_answer, page_of
from api.rest.access_shapes import actors_given, find_all, ids_given, moment_shown, unknown_records
from api.rest.answers import ChangeDep, Created, Patch, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.grants import Ended
from api.rest.referral_answers import without_blanks
from forum.access.disclosure import Disclosure
from forum.access.policy import READS_SHEETS, Permission, may_hold_grants
from forum.access.standing import roles_of
from forum.errors import Mistake, RefusedAccess
from forum.given import Given
from forum.meetings import AgendaItem, change_item, end_item, make_item, window_of
from graph.assertions import PEOPLE
from graph.records import ActorId, RecordId
from graph.store.boundary import View

router = APIRouter(route_class=KithRoute, tags=["access"])

EXAMPLE: dict[str, Any] = {"meeting_on": "2026-11-26", "about": ["5f0c…"], "accepted": ["91ab…"]}


class AgendaItemIn(BaseModel):
    """One matter of one meeting."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})
    meeting_on: str = Field(description="The day of the meeting.")
    about: list[str] = Field(description="The records it is about: referrals, young people, contexts.")
    accepted: list[str] = Field(description="Who is accepted for it: ids of people who use the service.")


class AgendaItemOut(BaseModel):
    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "7d…", "made_by": "c4…", **EXAMPLE}})
    id: str
    meeting_on: str
    about: list[str]
    accepted: list[str]
    made_by: str


class AgendaItemList(BaseModel):
    items: list[AgendaItemOut]
    next: str | None
    total: Total


def item_answer(house: House, disclosure: Disclosure, item: AgendaItem) -> dict[str, Any]:
    """An item on the wire, with its window."""
    disclosure.mention([item.id, *item.about])
    window = window_of(item.meeting_on, closed=house.settings.days_closed())
    return {
        "id": item.id,
        "meeting_on": item.meeting_on.isoformat(),
        "about": list(item.about),
        "accepted": list(item.accepted),
        "made_by": item.made_by,
        "opens": moment_shown(window.opens),
        "closes": moment_shown(window.closes),
    } | without_blanks({"ended_at": moment_shown(item.ended_at)})


_READING = [allowed_to(Permission.READ_AGENDA), shows_people()]


@router.get("/agenda-items", response_model=AgendaItemList, dependencies=_READING)
def list_agenda_items(house: HouseDep, asked: PageDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """The items this reader may see, ended ones included."""
    page = page_of(find_all(view, AgendaItem), str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, AgendaItem)]
    return list_answer(page, [item_answer(house, disclosure, item) for item in found])


@router.get("/agenda-items/{item_id}", response_model=AgendaItemOut, dependencies=_READING)
def read_agenda_item(item_id: str, house: HouseDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One item."""
    return json_answer(item_answer(house, disclosure, view.get(AgendaItem, RecordId(item_id))))


@router.post(
    "/agenda-items",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_AGENDA_ITEM), shows_people()],
)
def create_agenda_item(
    body: Annotated[dict[str, Any], json_body(AgendaItemIn)],
    house: HouseDep,
    actor: ActorDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: NowDep,
) -> Response:
    """Puts a matter on the agenda: whoever is accepted sees it, minimised, from five working days before to five after."""
    details = _details(body, house, writer, unless=actor.id)
    made = make_item(writer, **details, by=actor, now=now, closed=house.settings.days_closed())
    people = _people_of(writer, made)
    return answer.created(made.id, at=f"/agenda-items/{made.id}", resources=made.about, about=people, granted=False)


@router.patch(
    "/agenda-items/{item_id}",
    response_model=AgendaItemOut,
    dependencies=[allowed_to(Permission.CHANGE_AGENDA_ITEM), shows_people(), repeated_as(read_agenda_item)],
)
def change_agenda_item(
    item_id: str,
    body: Annotated[dict[str, Any], json_body(Patch)],
    house: HouseDep,
    actor: ActorDep,
    change: ChangeDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    disclosure: DisclosureDep,
    now: NowDep,
) -> Response:
    """Changes an item by a JSON Merge Patch: the grants it gave end, and everyone accepted is given a new one."""
    item = writer.get(AgendaItem, RecordId(item_id))
    current = item_answer(house, change.unseen, item)
    change.compare(current)
    wire = {name: current[name] for name in ("meeting_on", "about", "accepted")}
    details = _details(merge_patch(wire, body), house, writer, unless=actor.id)
    changed = change_item(writer, replace(item, **details), by=actor, now=now, closed=house.settings.days_closed())
    answer.changed(resources=[changed.id], about=_people_of(writer, changed))
    return json_answer(item_answer(house, disclosure, changed))


@router.delete(
    "/agenda-items/{item_id}",
    response_model=Ended,
    dependencies=[allowed_to(Permission.CHANGE_AGENDA_ITEM), shows_people()],
)
def delete_agenda_item(
    item_id: str, house: HouseDep, change: ChangeDep, writer: WriterDep, answer: WriteAnswerDep, now: NowDep
) -> Response:
    """Takes a matter off the agenda: every grant it gave ends at once."""
    item = writer.get(AgendaItem, RecordId(item_id))
    change.compare(item_answer(house, change.unseen, item))
    ended = end_item(writer, item, now=now)
    return answer.done({"id": ended.id, "ended_at": moment_shown(now)}, resources=[ended.id])


def _details(body: Any, house: House, view: View, *, unless: ActorId) -> dict[str, Any]:
    """What a body says of an item. RefusedAccess with every mistake; `unless`: the one who asks is refused by the item itself."""
    mistakes: list[Mistake] = []
    given = Given(body, "", mistakes)
    given.require("meeting_on", "Give the day of the meeting.")
    meeting_on, about, accepted = given.day("meeting_on"), ids_given(given, "about"), actors_given(given, "accepted")
    given.finish()
    mistakes += unknown_records(view, "about", about)
    for number, each in enumerate(accepted):
        roles = roles_of(house.store, each, forum=house.facts.forum)
        if each != unless and (not roles or not may_hold_grants(roles) or roles & READS_SHEETS):
            mistakes.append(
                Mistake(f"/accepted/{number}", "unknown-actor", "Name somebody who can sign in and works with cases.")
            )
    if mistakes:
        raise RefusedAccess(mistakes)
    return {"meeting_on": meeting_on, "about": tuple(sorted(set(about))), "accepted": tuple(sorted(set(accepted)))}


def _people_of(view: View, item: AgendaItem) -> list[RecordId]:
    return [found for found, kind in view.kinds_of(item.about).items() if kind in PEOPLE]
