"""Refuses what another site's page makes a browser send. Only for requests that come with a cookie, or sign somebody in."""

import hmac

from starlette.requests import Request

from api.errors import CrossSite
from api.headers import UNSAFE
from api.sign_in.web_sessions import form_token

FORM_TOKEN_HEADER = "Kith-Form-Token"
FORM_TOKEN_FIELD = "form_token"


def refuse_other_sites(request: Request) -> None:
    """Raises CrossSite for an unsafe method that does not say it came from this service's own pages.

    `Sec-Fetch-Site` decides where a browser sends it; else `Origin` must be our own; with neither, the request is refused.
    """
    if request.method not in UNSAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise CrossSite
        return
    if request.headers.get("origin") != f"{request.url.scheme}://{request.headers.get('host', '')}":
        raise CrossSite


def check_form_token(session_id: str, given: str | None) -> None:
    """Raises CrossSite unless the form, or the header of a script, carries the token of this session."""
    if given is None or not hmac.compare_digest(form_token(session_id).encode(), given.encode()):
        raise CrossSite
