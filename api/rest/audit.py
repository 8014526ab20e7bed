"""The audit, as its readers may ask it: who was shown a young person, who opened my cases, what I opened myself."""

from collections.abc import Sequence
from datetime import UTC
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    KithRoute,
    PageDep,
    RealNowDep,
    ViewDep,
    allowed_to,
    demand_fresh_sign_in,
    shows_people,
)
from api.errors import Rejected
from api.paging import list_answer, page_of
from api.rest.answers import Total
from forum.access.actors import Actor
from forum.access.policy import Permission, is_allowed
from forum.audit_history import (
    Ground,
    cases_of,
    grants_on_cases,
    openings_by,
    openings_of_cases,
    openings_of_person,
    why_shown,
)
from forum.errors import Mistake, NotPermitted
from graph.records import RecordId
from graph.store.boundary import AuditEntry, View

router = APIRouter(route_class=KithRoute, tags=["audit"])

EXAMPLE: dict[str, Any] = {
    "at": "2026-11-21T09:30:00+00:00",
    "actor": "5f0c…",
    "role": "practitioner",
    "agency": "childrens_social_care",
    "purpose": "safety_planning",
    "action": "read_referral",
    "decision": "allowed",
    "grants": ["91ab…"],
    "records": [],
}
WHO_SAW = "Who was shown this person; information governance, with a sign-in of the last five minutes."
ONE_QUESTION = "Ask one question: person=ID, by=me or cases=mine."


class AuditEntryOut(BaseModel):
    """One time that somebody was shown something, changed it or was refused. Nobody is named; `actor` is an opaque id."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})
    at: str
    actor: str
    role: str
    agency: str | None = None
    purpose: str
    action: str = Field(description="The name of what was asked for, as this description calls it.")
    decision: str = Field(description="allowed or refused.")
    reason: str | None = Field(default=None, description="Why it was refused: a stable code.")
    grants: list[str] = Field(
        description=(
            "Asked about a person, or about one's own cases: the grants that cover them. Asked what one opened oneself: all that "
            "were in force, of those that one may still see."
        )
    )
    ground: Ground | None = Field(
        default=None,
        description=(
            "Asked about a person: why they could be shown. grant: those in grants; role: it needs none; own_words: what the one "
            "who asked wrote; not_kept: an older entry, grants are all that were in force."
        ),
    )
    records: list[str] = Field(description="Which of the reader's own cases, or of what they may still read, it was.")


class AuditList(BaseModel):
    items: list[AuditEntryOut]
    next: str | None
    total: Total
    person: str | None = Field(default=None, description="Whom was asked about, as it was asked.")


@router.get("/audit", response_model=AuditList, dependencies=[allowed_to(Permission.READ_OWN_AUDIT), shows_people()])
def list_audit(
    request: Request,
    asked: PageDep,
    house: HouseDep,
    actor: ActorDep,
    view: ViewDep,
    disclosure: DisclosureDep,
    now: RealNowDep,
    person: Annotated[str | None, Query(max_length=64, description=WHO_SAW)] = None,
    by: Annotated[Literal["me"] | None, Query(description="What the one who asks opened.")] = None,
    cases: Annotated[Literal["mine"] | None, Query(description="Who opened the cases of the one who asks.")] = None,
) -> Response:
    """Who was shown whom, when, in which role and for what; the latest first. Reading it is itself recorded."""
    if [person, by, cases].count(None) != 2:
        raise Rejected([Mistake("/query", "one-question", ONE_QUESTION)])
    disclosure.consult()
    named: Sequence[RecordId] | None = ()
    if person is not None:
        must_be_allowed(actor, Permission.READ_AUDIT_OF_PERSON)
        demand_fresh_sign_in(request, actor, house, now)
        disclosure.mention([RecordId(person)])
        found = openings_of_person(house.store, RecordId(person))
    elif by is not None:
        found, named = openings_by(house.store, actor.id), None
    else:
        must_be_allowed(actor, Permission.READ_AUDIT_OF_CASES)
        named = cases_of(house.store, actor, view, now=now)
        found = openings_of_cases(house.store, named, owner=actor.id)
    places = _places(found)
    page = page_of(found, lambda entry: places[entry.seq], asked)
    items = audit_answers(page.items, view, named)
    if person is not None:
        items = [{**item, **_why(entry, RecordId(person))} for item, entry in zip(items, page.items, strict=True)]
    elif named:
        covering = grants_on_cases(house.store, actor.forum, page.items, named)
        items = [{**item, "grants": list(covering[entry.seq])} for item, entry in zip(items, page.items, strict=True)]
    disclosure.mention({RecordId(each) for item in items for each in (*item["grants"], *item["records"])})
    return list_answer(page, items, **({} if person is None else {"person": person}))


def _places(found: Sequence[AuditEntry]) -> dict[int, str]:
    """The place of each among these alone: its number in the whole audit would say how much everybody else did meanwhile."""
    return {entry.seq: f"{place:09}" for place, entry in enumerate(reversed(found), 1)}


def must_be_allowed(actor: Actor, permission: Permission) -> None:
    """Refuses by role alone a question that this route answers to some of its callers."""
    if not is_allowed(actor.role, permission):
        raise NotPermitted


def audit_answers(entries: Sequence[AuditEntry], view: View, named: Sequence[RecordId] | None) -> list[dict[str, Any]]:
    """Entries on the wire. `records` are those of `named`, or, for None, what this reader may read now; so are `grants`."""
    asked = {record for entry in entries for record in entry.resources}
    held = {grant for entry in entries for grant in entry.grants}
    there = frozenset(view.kinds_of(sorted({*asked, *held})))
    seen = there if named is None else frozenset(named)
    return [
        _answer(
            entry,
            records=[record for record in entry.resources if record in seen],
            grants=[grant for grant in entry.grants if grant in there],
        )
        for entry in entries
    ]


def _why(entry: AuditEntry, person: RecordId) -> dict[str, Any]:
    why = why_shown(entry, person)
    return {"grants": list(why.grants), "ground": why.ground.value}


def _answer(entry: AuditEntry, *, records: Sequence[RecordId], grants: Sequence[RecordId]) -> dict[str, Any]:
    besides = {"agency": entry.agency, "reason": entry.reason}
    return {
        "at": entry.at.astimezone(UTC).isoformat(timespec="seconds"),
        "actor": entry.actor,
        "role": entry.role,
        "purpose": entry.purpose,
        "action": entry.action,
        "decision": entry.decision,
        "grants": list(grants),
        "records": list(records),
        **{name: value for name, value in besides.items() if value},
    }
