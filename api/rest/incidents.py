"""Events: one event, many people, each with roles in that event only."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.dependencies import (
    DisclosureDep,
    KithRoute,
    LatestDayDep,
    NetworkDep,
    PageDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    shows_people,
)
from api.paging import list_answer, page_of
from api.rest.answers import Created, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.referral_answers import incident_answer
from api.rest.referral_shapes import NamedIn, Reference
from forum.access.policy import Permission
from forum.errors import Incomplete
from forum.incident_drafts import incident_given, record_incident
from forum.reference_checks import IN_INCIDENT, find_wrong_references
from graph.errors import RecordNotFound
from graph.incidents import Incident
from graph.records import RecordId

router = APIRouter(route_class=KithRoute, tags=["events"])


class IncidentIn(BaseModel):
    """One event and who took part."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"kind": "missing_together", "participants": [{"person": "5f0c…", "roles": []}]}},
    )
    kind: str
    participants: list[NamedIn]
    date: str | None = None
    time_band: str | list[str] | None = None
    where: Reference | None = None
    referral: str | None = None
    source_role: str | None = None
    agency: str | None = None
    note: str | None = None


class IncidentOut(BaseModel):
    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "5f0c…", "kind": "missing_together"}})
    id: str
    kind: str
    participants: list[dict[str, Any]]


class IncidentList(BaseModel):
    items: list[IncidentOut]
    next: str | None
    total: Total


@router.get("/incidents", response_model=IncidentList, dependencies=[allowed_to(Permission.READ_INCIDENT), shows_people()])
def list_incidents(asked: PageDep, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """The events recorded by today, in order of id."""
    there = [
        found
        for found, node in network.nodes(data=True)
        if node["kind"] == Incident.KIND and node["facts"]["recorded_on"] <= today
    ]
    page = page_of(there, str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, Incident)]
    return list_answer(page, [incident_answer(disclosure, record) for record in found])


@router.post(
    "/incidents",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_INCIDENT), shows_people()],
)
def create_incident(
    given: Annotated[dict[str, Any], json_body(IncidentIn)],
    writer: WriterDep,
    answer: WriteAnswerDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Records one event with everyone who took part."""
    draft, mistakes = incident_given(given, until=latest)
    if draft is None:
        wrong = find_wrong_references(writer, given, IN_INCIDENT, besides=mistakes, today=today)
        raise Incomplete((*mistakes, *wrong))
    made = record_incident(writer, draft, today=today)
    people = [found.person for found in made.participants]
    return answer.created(made.id, at=f"/incidents/{made.id}", about=people)


@router.get(
    "/incidents/{incident_id}",
    response_model=IncidentOut,
    dependencies=[allowed_to(Permission.READ_INCIDENT), shows_people()],
)
def read_incident(incident_id: str, view: ViewDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """One event with its participants."""
    incident = view.get(Incident, RecordId(incident_id))
    if incident.recorded_on > today:
        raise RecordNotFound
    return json_answer(incident_answer(disclosure, incident))
