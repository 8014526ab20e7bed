"""What another site's page can make a browser send, with its cookie: forty cases of origin, method and content type.

Each is sent to a page's form and to REST. Only what comes from our own page, with the token of its session and, for REST, as
JSON, changes anything.
"""

from itertools import product

import httpx
import pytest

from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from graph.records import ActorId
from tests.api.running import API, BASE, Service
from tests.builders import NOW, keep_account

SESSION = "ab" * 32
TOKEN = form_token(SESSION)
ORIGINS = {
    "our page": {"Sec-Fetch-Site": "same-origin", "Origin": BASE},
    "our page in an old browser": {"Origin": BASE},
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
    "a sibling site": {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9000"},
    "another site in an old browser": {"Origin": "http://evil.example"},
    "an opaque origin": {"Origin": "null"},
    "typed by hand": {"Sec-Fetch-Site": "none"},
    "one that says nothing": {},
}
METHODS = ("GET", "POST")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PARTS = "multipart/form-data"  # no page takes a form in parts
CONTENT = {
    "GET": ("nothing",),
    "POST": (FORM, JSON, "text/plain", PARTS),
}
CASES = [
    pytest.param(origin, method, content, id=f"{method}, {content}, from {origin}")
    for origin in ORIGINS
    for method in METHODS
    for content in CONTENT[method]
]
OURS = ("our page", "our page in an old browser")
SAFE = [case for case in CASES if case.values[1] == "GET"]


@pytest.fixture
def browser(sqlite_service: Service) -> Service:
    keep_account(sqlite_service.store, ActorId("sam"), Role.COORDINATOR)
    open_session(sqlite_service.store.shelf, SESSION, NewSession(actor=ActorId("sam"), role=Role.COORDINATOR, name=""), now=NOW)
    return sqlite_service


def send(service: Service, path: str, origin: str, method: str, content: str, *, token: bool = True) -> httpx.Response:
    """As a browser would with its cookie; `token`: with the token of the session, where this content carries it."""
    headers = {"Cookie": f"{COOKIE}={SESSION}", "Idempotency-Key": "one", **ORIGINS[origin]}
    if token and path.startswith(API):
        headers[FORM_TOKEN_HEADER] = TOKEN
    form = {"form_token": TOKEN} if token else {}
    if method == "GET":
        return service.client.get(path, headers=headers)
    if content == PARTS:
        parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in form.items())
        body, content = f"{parts}--b--\r\n", f"{content}; boundary=b"
    elif path.startswith(API) or content == JSON:
        body = '{"label": "Tollgate Parade"}'
    else:
        body = "&".join(f"{k}={v}" for k, v in form.items())
    return service.client.post(path, content=body, headers={**headers, "Content-Type": content})


def is_signed_in(service: Service) -> bool:
    return service.client.get("/sessions", headers={"Cookie": f"{COOKIE}={SESSION}"}).status_code == 200


def test_there_are_forty_cases() -> None:
    assert len(CASES) == 40 and len({case.id for case in CASES}) == 40


@pytest.mark.parametrize(("origin", "method", "content"), CASES)
def test_a_pages_form_signs_out_only_from_our_own_page_with_its_token(
    browser: Service, origin: str, method: str, content: str
) -> None:
    path = "/sessions" if method == "GET" else "/sign-out"
    answer = send(browser, path, origin, method, content)
    if method == "GET":
        assert answer.status_code == 200 and is_signed_in(browser)
        return
    taken = origin in OURS and content == FORM
    assert answer.status_code == (303 if taken else 415 if content == PARTS else 403)
    assert is_signed_in(browser) != taken


@pytest.mark.parametrize(("origin", "method", "content"), CASES)
def test_rest_with_a_cookie_writes_only_from_our_own_page_with_its_token_and_as_json(
    browser: Service, origin: str, method: str, content: str
) -> None:
    revision = browser.store.revision()
    answer = send(browser, f"{API}/locations", origin, method, content)
    if method == "GET":
        assert answer.status_code == 200 and browser.store.revision() == revision
        return
    taken = origin in OURS and content == JSON
    expected = 201 if taken else 415 if origin in OURS else 403
    assert answer.status_code == expected
    assert (browser.store.revision() > revision) == taken


@pytest.mark.parametrize(("origin", "method", "content"), [case for case in CASES if case not in SAFE])
def test_without_the_token_of_the_session_nothing_is_changed_from_anywhere(
    browser: Service, origin: str, method: str, content: str
) -> None:
    revision = browser.store.revision()
    for path in ("/sign-out", "/sessions/end-all", "/look-as", f"{API}/locations"):
        refused = 415 if content == PARTS and not path.startswith(API) else 403
        assert send(browser, path, origin, method, content, token=False).status_code == refused
    assert browser.store.revision() == revision and is_signed_in(browser)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("origin", [origin for origin in ORIGINS if origin not in OURS])
def test_other_unsafe_methods_are_refused_from_elsewhere(browser: Service, origin: str, method: str) -> None:
    headers = {"Cookie": f"{COOKIE}={SESSION}", FORM_TOKEN_HEADER: TOKEN, "If-Match": '"0"', **ORIGINS[origin]}
    answer = browser.client.request(method, f"{API}/locations/{'0' * 32}", headers=headers, json={})
    assert answer.status_code in (403, 405)


def test_a_token_needs_none_of_this_since_no_browser_sends_it_by_itself(sqlite_service: Service) -> None:
    caller = sqlite_service.caller()
    for origin, _ in product(ORIGINS, range(1)):
        key = origin.replace(" ", "-")
        assert caller.post("/locations", {"label": "Tollgate Parade"}, key=key, **ORIGINS[origin]).status_code == 201
