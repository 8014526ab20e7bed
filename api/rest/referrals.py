"""Referrals: taken in whole, read back as this reader may see them, changed with nothing lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.conditional import merge_patch
from api.dependencies import (
    DisclosureDep,
    House,
    HouseDep,
    KithRoute,
    LatestDayDep,
    NetworkDep,
    NowDep,
    PageDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    repeated_as,
    shows_people,
)
from api.errors import TooManyRequests
from api.pace import seconds_until
from api.paging import list_answer, page_of
from api.rest.answers import ChangeDep, Created, Patch, Total, WriteAnswer, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.referral_answers import referral_answer, referral_header
from api.rest.referral_shapes import ReferralIn, ReferralOut
from forum.access.policy import Permission, house_scope
from forum.errors import IncompleteReferral, Mistake
from forum.prompts import prompts_for
from forum.reference_checks import EACH, IN_REFERRAL, find_wrong_references
from forum.referral_drafts import ReferralDraft, read_referral_draft
from forum.referral_pace import room_for_a_referral
from forum.referrals import Referral, record_referral, restate_referral
from graph.errors import RecordNotFound
from graph.records import RecordId
from graph.store.boundary import View, Writer

router = APIRouter(route_class=KithRoute, tags=["referrals"])

_CORRECTED = (
    "What this referral said of this young person was corrected or withdrawn. If it holds after all, reopen the statement; "
    "if something else is known, record it as a new statement."
)
# Said by other routes, or by nobody after it was recorded: a PATCH that names one is refused, kindly.
_NOT_HERE = {
    "id": "The id of a record does not change.",
    "links": "Add a statement at /assertions, and take it through its life there.",
    "unnamed": "Unnamed people are part of what was recorded; make a statement about others at /assertions.",
    "events": "Record an event at /incidents.",
    "told": "What was told stands as it was recorded.",
    "flags": "Flags follow from what was corrected.",
    "recorded_at": "The moment of recording does not change.",
    "reference": "The reference does not change.",
}


class ReferralList(BaseModel):
    """Referrals without narrative and without anybody's words."""

    model_config = ConfigDict(extra="allow")
    items: list[dict[str, Any]]
    next: str | None
    total: Total


@router.get("/referrals", response_model=ReferralList, dependencies=[allowed_to(Permission.READ_REFERRAL), shows_people()])
def list_referrals(asked: PageDep, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """The referrals received by today, in order of id."""
    there = [found for found, node in network.nodes(data=True) if node["kind"] == Referral.KIND and _received(node, today)]
    page = page_of(there, str, asked)
    found = {record.id: record for record in view.several(page.items) if isinstance(record, Referral)}
    shown = [disclosure.show(found[one], with_cited=False).record for one in page.items if one in found]
    for one in shown:
        disclosure.mention([*one.subject_people, *one.subject_contexts, *one.concerns_contexts])
    items = [referral_header(one) for one in shown]
    return list_answer(page, items)


def _received(node: Mapping[str, Any], today: date) -> bool:
    received: date = node["facts"]["received"]
    return received <= today


@router.post(
    "/referrals",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_REFERRAL), shows_people()],
)
def create_referral(
    given: Annotated[dict[str, Any], json_body(ReferralIn)],
    house: HouseDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: NowDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Records a whole referral, with everyone and everything it brings, or says every mistake and records nothing."""
    draft, mistakes = read_referral_draft(given, until=latest)
    if draft is None:
        raise IncompleteReferral((*mistakes, *_wrongly_named(writer, given, mistakes, today)))
    _refuse_one_too_many(house, answer)
    recorded = record_referral(writer, draft, recorded_by=answer.actor.id, now=now, today=today)
    return answer.created(
        recorded.referral.id,
        at=f"/referrals/{recorded.referral.id}",
        resources=set(recorded.given.values()),
        about=recorded.everyone,
        prompts=prompts_for(writer, recorded.referral),
    )


def _wrongly_named(writer: Writer, body: Mapping[str, Any], besides: Sequence[Mistake], today: date) -> tuple[Mistake, ...]:
    """What the body of a referral names wrongly, to be told together with what could not be read of it."""
    return find_wrong_references(writer, body, IN_REFERRAL, links=("links", EACH), besides=besides, today=today)


def _refuse_one_too_many(house: House, answer: WriteAnswer) -> None:
    """Raises TooManyRequests past what one person may send in an hour. A repeat was answered before and counts once.

    The writer's turn has come, so nobody can be counting beside this.
    """
    with house.store.view(house_scope(answer.actor.forum)) as view:
        room = room_for_a_referral(view, answer.actor.id, most=house.settings.referrals_an_hour, now=answer.now)
    if room > answer.now:
        raise TooManyRequests(seconds_until(room, answer.now))


@router.get(
    "/referrals/{referral_id}",
    response_model=ReferralOut,
    dependencies=[allowed_to(Permission.READ_REFERRAL), shows_people()],
)
def read_referral(referral_id: str, view: ViewDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """One referral as this reader may see it, with its statements, events and what was told."""
    return json_answer(referral_answer(view, disclosure, get_referral(view, referral_id, today), on=today))


def get_referral(view: View, referral_id: str, today: date) -> Referral:
    """The referral; RecordNotFound when it is not this reader's, or was received after today."""
    referral = view.get(Referral, RecordId(referral_id))
    if referral.received > today:
        raise RecordNotFound
    return referral


@router.patch(
    "/referrals/{referral_id}",
    response_model=ReferralOut,
    dependencies=[allowed_to(Permission.CHANGE_REFERRAL), shows_people(), repeated_as(read_referral)],
)
def change_referral(
    referral_id: str,
    given: Annotated[dict[str, Any], json_body(Patch)],
    change: ChangeDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Changes a referral by a JSON Merge Patch of what was read. Statements, events and tellings are added elsewhere."""
    referral = get_referral(writer, referral_id, today)
    change.compare(referral_answer(writer, change.unseen, referral, on=today))
    draft = _patched(writer, change, referral, given, today=today, latest=latest)
    restated = restate_referral(writer, referral, draft, today=today)
    if "named_people" not in given:
        restated = replace(restated, named_people=referral.named_people)
    restated = writer.put(restated)
    answer.changed(resources=[restated.id], about=restated.subject_people)
    became = referral_answer(writer, disclosure, restated, on=today)
    if "named_people" in given:
        _must_name(restated, became)
    return json_answer(became)


def _must_name(referral: Referral, became: dict[str, Any]) -> None:
    """Raises IncompleteReferral for a young person named anew whom this referral, corrected, names no more (names_people)."""
    named = {each["person"] for each in became["named_people"]}
    unnamed = [at for at, each in enumerate(referral.named_people) if each.person not in named]
    if unnamed:
        raise IncompleteReferral(tuple(Mistake(f"/named_people/{at}/person", "corrected", _CORRECTED) for at in unnamed))


def _patched(
    writer: Writer, change: Any, referral: Referral, given: dict[str, Any], *, today: date, latest: date
) -> ReferralDraft:
    """The draft of the referral with the patch applied. Raises IncompleteReferral with every mistake."""
    refused = tuple(Mistake(f"/{name}", "not-changed-here", why) for name, why in _NOT_HERE.items() if name in given)
    current = referral_answer(writer, change.unseen, referral, on=today)
    body = {name: value for name, value in current.items() if name not in _NOT_HERE and name != "review_by"}
    body = merge_patch(body, {name: value for name, value in given.items() if name not in _NOT_HERE})
    draft, mistakes = read_referral_draft(body, until=latest)
    if draft is None or refused:
        raise IncompleteReferral((*refused, *mistakes, *_wrongly_named(writer, body, mistakes, today)))
    return replace(draft, reference=None)
