"""The history: what I opened, who opened my cases, who saw this young person. Reading it is itself recorded."""

from typing import Annotated

from fastapi import Form
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    RealNowDep,
    ViewDep,
    allowed_to,
    demand_own_form,
    fresh_sign_in,
    shows_nobody,
    shows_people,
)
from api.pages.drawing import draw
from api.pages.presenters.audit import present_case_history, present_history_of_person, present_own_history
from api.pages.presenters.labels import Labels
from api.pages.presenters.paging import take_page
from api.pages.routing import PageNumber, go_to, page_router
from forum.access.actors import Actor
from forum.access.policy import Permission
from forum.audit_history import cases_of, grants_in, openings_by, openings_of_cases, openings_of_person, person_called
from graph.records import RecordId

router = page_router()

A_PAGE = 50
PEOPLE = "/audit/people"


@router.get("/audit/mine", dependencies=[allowed_to(Permission.READ_OWN_AUDIT), shows_nobody()])
def show_what_i_opened(
    request: Request, actor: ActorDep, house: HouseDep, view: ViewDep, disclosure: DisclosureDep, page: PageNumber = 1
) -> Response:
    """Everything that whoever is signed in was shown, changed or was refused."""
    disclosure.consult()
    shown = take_page(openings_by(house.store, actor.id), page, A_PAGE)
    labels = Labels(view, disclosure)
    labels.load(record for entry in shown.items for record in entry.resources)
    return draw(request, "audit.html", actor=actor, page=present_own_history(shown, labels))


@router.get("/audit/cases", dependencies=[allowed_to(Permission.READ_AUDIT_OF_CASES), shows_nobody()])
def show_who_opened_my_cases(
    request: Request,
    actor: ActorDep,
    house: HouseDep,
    view: ViewDep,
    disclosure: DisclosureDep,
    now: RealNowDep,
    page: PageNumber = 1,
) -> Response:
    """Who else was shown, or changed, the cases of whoever is signed in."""
    disclosure.consult()
    cases = cases_of(house.store, actor, view, now=now)
    shown = take_page(openings_of_cases(house.store, cases, owner=actor.id), page, A_PAGE)
    labels = Labels(view, disclosure)
    labels.load(cases)
    return draw(request, "audit.html", actor=actor, page=present_case_history(shown, cases, labels))


@router.get(PEOPLE, dependencies=[allowed_to(Permission.READ_AUDIT_OF_PERSON), shows_nobody()])
def ask_who_saw_a_person(request: Request, actor: ActorDep) -> Response:
    """The form that asks whose history it is to be."""
    return _form(request, actor)


@router.post(PEOPLE, dependencies=[allowed_to(Permission.READ_AUDIT_OF_PERSON), fresh_sign_in(then=PEOPLE), shows_nobody()])
def find_person_of_history(
    request: Request,
    actor: ActorDep,
    house: HouseDep,
    disclosure: DisclosureDep,
    now: RealNowDep,
    person: Annotated[str, Form(max_length=100)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Leads to the history of the one young person with this record or pseudonym; else says that there is no one such."""
    demand_own_form(request, house, actor, form_token, now)
    disclosure.consult()
    found = person_called(house.store, actor.forum, person.strip()) if person.strip() else None
    if found is not None:
        return go_to(f"{PEOPLE}/{found}")
    wrong = "No one record matches. Check what you typed." if person.strip() else "Say whose history you need."
    return _form(request, actor, wrong=wrong, status=422)


def _form(request: Request, actor: Actor, *, wrong: str = "", status: int = 200) -> Response:
    return draw(request, "audit_person.html", actor=actor, status=status, wrong=wrong)


@router.get(
    f"{PEOPLE}/{{person_id}}", dependencies=[allowed_to(Permission.READ_AUDIT_OF_PERSON), fresh_sign_in(), shows_people()]
)
def show_who_saw_a_person(
    request: Request, person_id: str, actor: ActorDep, house: HouseDep, disclosure: DisclosureDep, page: PageNumber = 1
) -> Response:
    """Every time that one young person was shown: when, to which role, for what, and which grants cover this person."""
    disclosure.consult()
    disclosure.mention([RecordId(person_id)])
    shown = take_page(openings_of_person(house.store, RecordId(person_id)), page, A_PAGE)
    grants = grants_in(house.store, actor.forum, shown.items)
    disclosure.mention(list(grants))
    listed = present_history_of_person(shown, grants, RecordId(person_id))
    return draw(request, "audit.html", actor=actor, page=listed)
