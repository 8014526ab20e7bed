"""One page, drawn: from a template and a view model to an answer with its headers. Error pages are drawn here too."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.errors import NotSignedIn, Problem, StepUpNeeded
from api.pages.frame import frame_for
from api.pages.presenters.problems import present_problem
from api.pages.presenters.sign_in import present_sign_in
from api.pages.routing import go_to
from api.pages.templating import make_environment
from api.sign_in.one_time_link import SIGN_IN_PATH
from api.sign_in.step_up import STEP_UP_PATH
from api.sign_in.web_sessions import COOKIE, forget_cookie
from forum.access.actors import Actor

# No script but our own file, no markup made from text by any script, and nothing from anywhere else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
OVER = "You are not signed in, or your sign-in has ended."


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment of the pages, made when the first page is drawn."""
    return make_environment()


def draw(request: Request, template: str, *, actor: Actor | None, status: int = 200, **model: Any) -> Response:
    """The finished answer. Its bytes are left in `request.state.answer`, for the digest in the audit."""
    body = environment().get_template(template).render(frame=frame_for(request, actor), **model)
    response = HTMLResponse(body, status, {"Content-Security-Policy": PAGE_POLICY})
    request.state.answer = response.body
    return response


def draw_error_page(request: Request, problem: Problem) -> Response:
    """The page for a problem; whoever is not signed in gets the page that says how. It shows nobody and reads nothing."""
    if problem.status == 401:
        page = present_sign_in(code="", sentence=OVER if problem.detail == NotSignedIn.message else problem.detail)
        response = draw(request, "sign_in.html", actor=None, status=401, page=page)
        if COOKIE in request.cookies and request.url.path != SIGN_IN_PATH:  # a link that is over ends no session
            forget_cookie(response)
        return response
    if problem.code == StepUpNeeded.code:
        return go_to(STEP_UP_PATH)
    found = present_problem(
        status=problem.status, code=problem.code, title=problem.title, detail=problem.detail, reference=problem.reference
    )
    return draw(request, "problem.html", actor=getattr(request.state, "actor", None), status=problem.status, page=found)
