"""What stands round every page: the marking, the evaluation banner with its day, the menu, and who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from api.pages.presenters.wording import code_words, starts
from api.sign_in.personas import PERSONAS, persona_of
from api.sign_in.web_sessions import COOKIE, form_token
from forum.access.actors import Actor, Role, SignedInBy
from forum.access.policy import Permission, is_allowed

MARKING = "OFFICIAL-SENSITIVE"
MENU = (
    ("/", "Shared contexts", Permission.READ_FINDINGS),
    ("/referrals", "Referrals", Permission.READ_REFERRAL),
    ("/contexts", "Contexts", Permission.READ_CONTEXT),
    ("/audit/people", "Who saw this young person", Permission.READ_AUDIT_OF_PERSON),
    ("/audit/cases", "Who opened my cases", Permission.READ_AUDIT_OF_CASES),
    ("/sessions/everybody", "Open sessions", Permission.END_SESSIONS_OF_OTHERS),
    ("/audit/mine", "What I opened", Permission.READ_OWN_AUDIT),
)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Through whose eyes this is, in one sentence, and the choices of the form that changes it; on evaluation stores alone."""

    sentence: str
    choices: tuple[Mapping[str, str | bool], ...]


@dataclass(frozen=True, slots=True)
class PageFrame:
    """`today_is_taken`: the day is one that somebody chose, on an evaluation store; the banner says so."""

    marking: str
    evaluation: bool
    today: date
    today_is_taken: bool
    navigation: tuple[Mapping[str, str | bool], ...]
    signed_in_as: str
    form_token: str
    eyes: Eyes | None
    home: Mapping[str, str | bool]


def frame_for(request: Request, actor: Actor | None) -> PageFrame:
    """The frame of a page for whoever is signed in; without anybody, no menu and no way to sign out."""
    house = request.app.state.house
    on: date | None = house.settings.on
    session_id = request.cookies.get(COOKIE)
    menu = () if actor is None else _menu(request.url.path, actor)
    return PageFrame(
        marking=MARKING,
        evaluation=house.facts.evaluation,
        today=on or house.clock().date(),
        today_is_taken=on is not None,
        navigation=menu,
        signed_in_as="" if actor is None else _who(actor),
        form_token=form_token(session_id) if session_id and actor is not None else "",
        eyes=_eyes(actor) if house.facts.evaluation and actor is not None and actor.how is SignedInBy.WEB_SESSION else None,
        home=menu[0] if menu else {"href": "/", "text": "the first page"},
    )


def _who(actor: Actor) -> str:
    role = actor.role.value.replace("_", " ")
    named = f"{actor.name}, {role}" if actor.name and actor.name.casefold() != role else role
    return f"{named}, for {code_words('SHARING_PURPOSE', actor.purpose.value)}"


def _eyes(actor: Actor) -> Eyes | None:
    """Nothing for anybody but the first person, whoever they look as."""
    persona = persona_of(actor)
    if persona is None:
        return None
    sentence = f"You look through the eyes of {persona.called}, who may see {persona.sees}."
    choices: list[Mapping[str, str | bool]] = [
        {"value": each.code, "text": starts(each.called), "selected": each is persona} for each in PERSONAS
    ]
    return Eyes(sentence, tuple(choices))


def home_of(role: Role) -> str:
    """The first page that a role may open."""
    return next(href for href, _, permission in MENU if is_allowed(role, permission))


def _menu(path: str, actor: Actor) -> tuple[Mapping[str, str | bool], ...]:
    return tuple(
        {"text": text, "href": href, "current": path == href, "active": href != "/" and path.startswith(f"{href}/")}
        for href, text, permission in MENU
        if is_allowed(actor.role, permission)
    )
