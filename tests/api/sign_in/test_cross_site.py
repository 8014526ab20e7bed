"""Which requests with a cookie are let through: forty cases of method, site, origin and token."""

from itertools import product

import pytest
from starlette.requests import Request

from api.errors import CrossSite
from api.sign_in.cross_site import check_form_token, refuse_other_sites
from api.sign_in.web_sessions import form_token

HOST = "127.0.0.1:8000"
OWN = f"http://{HOST}"
SITES = ("same-origin", "same-site", "cross-site", "none", None)
ORIGINS = (OWN, "http://evil.example", "null", None)


def request(method: str, site: str | None, origin: str | None) -> Request:
    headers = [(b"host", HOST.encode())]
    headers += [(b"sec-fetch-site", site.encode())] if site else []
    headers += [(b"origin", origin.encode())] if origin else []
    return Request(
        {"type": "http", "method": method, "path": "/", "headers": headers, "scheme": "http", "server": ("127.0.0.1", 8000)}
    )


@pytest.mark.parametrize(("method", "site", "origin"), list(product(("GET", "POST"), SITES, ORIGINS)))
def test_an_unsafe_request_says_it_came_from_our_own_page(method: str, site: str | None, origin: str | None) -> None:
    let_through = method == "GET" or site == "same-origin" or (site is None and origin == OWN)
    if let_through:
        refuse_other_sites(request(method, site, origin))
    else:
        with pytest.raises(CrossSite):
            refuse_other_sites(request(method, site, origin))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_unsafe_method_is_looked_at(method: str) -> None:
    with pytest.raises(CrossSite):
        refuse_other_sites(request(method, "cross-site", OWN))


@pytest.mark.parametrize("given", [None, "", "x", form_token("another session"), "é"])
def test_a_form_without_its_sessions_token_is_refused(given: str | None) -> None:
    with pytest.raises(CrossSite):
        check_form_token("this session", given)
