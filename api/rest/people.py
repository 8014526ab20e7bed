"""Young people: recorded, found again by name inside what the reader may read, read and changed. No number about anyone."""

import unicodedata
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.conditional import merge_patch
from api.dependencies import (
    DisclosureDep,
    KithRoute,
    LatestDayDep,
    NetworkDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    repeated_as,
    shows_people,
)
from api.rest.answers import ChangeDep, Created, Patch, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.referral_answers import without_blanks
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.errors import Incomplete, Mistake
from forum.given import Given
from forum.person_drafts import PersonDraft, as_record, change_person, person_given
from forum.reference_checks import IN_YOUNG_PERSON, find_wrong_references
from forum.references import Reference, References
from graph.people import YoungPerson
from graph.records import RecordId
from graph.store.boundary import View, Writer

router = APIRouter(route_class=KithRoute, tags=["young people"])

MOST_FOUND = 50


class YoungPersonIn(BaseModel):
    """A young person as given in: a name or a pseudonym is needed, nothing else is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"known_as": "Arlo", "age": 14}})
    known_as: str | None = None
    pseudonym: str | None = None
    initials: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    age: int | None = None
    date_of_birth: str | None = None
    sex: str | None = None
    ethnicity: str | None = None
    care_status: str | None = None
    placing_authority: str | None = None
    host_authority: str | None = None
    named: str | None = None
    postcode: str | None = None
    note: str | None = None
    setting: str | None = None


class YoungPersonOut(YoungPersonIn):
    """A young person as this reader may see them; fields not theirs to see are absent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"id": "5f0c…", "known_as": "Arlo"}})
    id: str
    review_by: str


class NameIn(BaseModel):
    """What to look for: a name, or a part of one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "Arlo"}})
    name: str


class YoungPeopleFound(BaseModel):
    items: list[YoungPersonOut]
    next: str | None
    total: Total


def young_person_answer(disclosure: Disclosure, person: YoungPerson) -> dict[str, Any]:
    """The fields of a young person that this reader may be shown."""
    fields = disclosure.show(person).fields
    answer = {name: fields.get(name) for name in YoungPersonIn.model_fields}
    born = fields.get("date_of_birth")
    answer["date_of_birth"] = born.isoformat() if born else None
    return {"id": person.id} | without_blanks(answer) | {"review_by": person.review_on.isoformat()}


def _draft_of(writer: Writer, given: dict[str, Any], today: date, *, until: date | None) -> PersonDraft:
    draft, mistakes = person_given(given, until=until)
    if draft is None:
        raise Incomplete((*mistakes, *find_wrong_references(writer, given, IN_YOUNG_PERSON, besides=mistakes, today=today)))
    besides = [Mistake(f"/{name}", "unknown-field", "Leave this out here.") for name in _not_said_here(draft)]
    if besides:
        raise Incomplete((*besides, *find_wrong_references(writer, given, IN_YOUNG_PERSON, besides=besides, today=today)))
    return draft


def _not_said_here(draft: PersonDraft) -> list[str]:
    """The fields of a person described inside another body that are nothing to say of one recorded by itself."""
    return [*(["kind"] if draft.kind != "young_person" else []), *(["ref"] if draft.ref is not None else [])]


def _setting(writer: Writer, draft: PersonDraft, today: Any) -> RecordId | None:
    references = References(writer, today=today)
    found = references.context(Reference("/setting", draft.setting)) if draft.setting else None
    if references.mistakes:
        raise Incomplete(references.mistakes)
    return found


@router.post(
    "/young-people",
    status_code=201,
    response_model=Created,
    dependencies=[allowed_to(Permission.MAKE_YOUNG_PERSON), shows_people()],
)
def create_young_person(
    given: Annotated[dict[str, Any], json_body(YoungPersonIn)],
    writer: WriterDep,
    answer: WriteAnswerDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Records a young person. It never says whether somebody like them is already known."""
    draft = _draft_of(writer, given, today, until=latest)
    made = writer.put(as_record(writer, draft, today=today, setting=_setting(writer, draft, today)))
    return answer.created(made.id, at=f"/young-people/{made.id}", about=[made.id])


@router.post(
    "/young-people/search",
    response_model=YoungPeopleFound,
    dependencies=[allowed_to(Permission.READ_YOUNG_PERSON), shows_people()],
)
def search_young_people(
    given: Annotated[dict[str, Any], json_body(NameIn)], view: ViewDep, network: NetworkDep, disclosure: DisclosureDep
) -> Response:
    """The young people this reader may read whose names hold what is asked for, in order of id; at most fifty."""
    mistakes: list[Mistake] = []
    asked = Given(given, "", mistakes)
    asked.require("name", "Write a name, or a part of one.")
    name = _folded(asked.text("name") or "")
    asked.finish()
    if mistakes:
        raise Incomplete(mistakes)
    ids = [found for found, node in network.nodes(data=True) if node["kind"] == YoungPerson.KIND]
    readable = (record for record in view.several(ids) if isinstance(record, YoungPerson))
    found = [person for person in readable if any(name in held for held in _names(disclosure, person))]
    items = [young_person_answer(disclosure, person) for person in found[:MOST_FOUND]]
    relation = "exact" if len(found) <= MOST_FOUND else "at_least"
    return json_answer({"items": items, "next": None, "total": {"value": len(items), "relation": relation}})


def _names(disclosure: Disclosure, person: YoungPerson) -> list[str]:
    """The names this reader may be shown; a name not granted is no search key either. Looking at them shows nobody."""
    shown = disclosure.aside().show(person).fields
    whole = " ".join(filter(None, (shown.get("given_name"), shown.get("family_name"))))
    return [_folded(name) for name in (shown.get("known_as"), whole, shown.get("pseudonym")) if name]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


@router.get(
    "/young-people/{person_id}",
    response_model=YoungPersonOut,
    dependencies=[allowed_to(Permission.READ_YOUNG_PERSON), shows_people()],
)
def read_young_person(person_id: str, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One young person, as this reader may see them."""
    return json_answer(young_person_answer(disclosure, _get(view, person_id)))


def _get(view: View, person_id: str) -> YoungPerson:
    return view.get(YoungPerson, RecordId(person_id))


@router.patch(
    "/young-people/{person_id}",
    response_model=YoungPersonOut,
    dependencies=[allowed_to(Permission.CHANGE_YOUNG_PERSON), shows_people(), repeated_as(read_young_person)],
)
def change_young_person(
    person_id: str,
    given: Annotated[dict[str, Any], json_body(Patch)],
    change: ChangeDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    latest: LatestDayDep,
) -> Response:
    """Changes a young person by a JSON Merge Patch of what was read."""
    person = _get(writer, person_id)
    answer.must_be_theirs_to_change(person.id)
    current = young_person_answer(change.unseen, person)
    change.compare(current)
    body = {name: value for name, value in current.items() if name not in ("id", "review_by")}
    # What a case file once said of a day is nobody's slip here: only a day that is changed now is looked at.
    born = current.get("date_of_birth")
    until = latest if given.get("date_of_birth", born) != born else None
    draft = _draft_of(writer, merge_patch(body, given), today, until=until)
    changed = writer.put(change_person(person, draft, setting=_setting(writer, draft, today)))
    answer.changed(about=[changed.id])
    return json_answer(young_person_answer(disclosure, changed))
