"""What every answer carries, errors included, and what is refused at the door."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from api.arrival import MOST_BODY_BYTES
from api.headers import SECURITY_HEADERS, host_of
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from graph.records import ActorId, new_id
from tests.api.running import API, BASE, Service
from tests.api.test_acknowledged_writes import a_referral as number_one
from tests.attacks.asking import Asker, sign_in
from tests.attacks.routes import Route, routes_of
from tests.builders import a_referral, keep
from tests.telling import Tell


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{API}/health", 200),
        (f"{API}/code-lists", 401),
        (f"{API}/nowhere", 404),
        ("/nowhere", 404),
        ("/sign-in", 200),
        ("/static/kith.css", 200),
        (f"{API}/openapi.json", 200),
    ],
)
def test_every_answer_carries_the_headers(sqlite_service: Service, path: str, status: int) -> None:
    answer = sqlite_service.client.get(path)
    assert answer.status_code == status
    for name, value in SECURITY_HEADERS.items():
        if name not in ("Content-Security-Policy", "Cache-Control"):
            assert answer.headers[name] == value
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store" or path.startswith("/static/")
    assert answer.headers["Kith-Evaluation"] == "yes"
    assert "server" not in answer.headers


def check_headers(answer: httpx.Response, what: str) -> None:
    """Everything that every answer carries. A route may have a policy of its own, never a looser one; only a file may be kept."""
    for name, value in SECURITY_HEADERS.items():
        if name not in ("Content-Security-Policy", "Cache-Control"):
            assert answer.headers.get(name) == value, what
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "sandbox" or ("default-src 'none'" in policy and "frame-ancestors 'none'" in policy), what
    assert "unsafe" not in policy and "http" not in policy, what
    assert answer.headers["Cache-Control"] == "no-store" or (what.startswith("GET /static") and answer.status_code < 400), what
    assert answer.headers["Kith-Evaluation"] == "yes" and "server" not in answer.headers, what
    # A page that signs somebody in or out says so to the browser; nothing else keeps anything there.
    assert "set-cookie" not in answer.headers or answer.status_code == 303 or " /sign-in" in what, what


def ways_to_ask(sqlite_service: Service) -> Iterator[tuple[str, Asker | None]]:
    """Nobody, and three roles: one that may do nearly all, one that may do little, one that may read nothing."""
    yield "nobody", None
    for role in (Role.COORDINATOR, Role.GUEST, Role.ADMINISTRATOR):
        actor = ActorId(new_id())
        clock = sqlite_service.clock()
        yield role, sign_in(sqlite_service.app, sqlite_service.store.shelf, role=role, actor=actor, secret=new_id(), now=clock)


def answers_of(service: Service, asker: Asker | None, route: Route, there: str) -> Iterator[httpx.Response]:
    if asker is None:
        yield service.client.request(route.method, route.at(new_id()))
        return
    yield asker.ask(route.method, route.at(new_id()))
    if route.method == "GET":
        yield asker.ask("GET", route.at(there), **{"If-None-Match": "*"})
    else:
        yield asker.ask(route.method, route.at(there), json={}, **{"If-Match": '"x"'})
        yield asker.ask(route.method, route.at(there), json=[], **{"If-Match": '"x"'})


def test_every_route_carries_the_headers_whoever_asks_and_however_it_ends(sqlite_service: Service, tell: Tell) -> None:
    """Each route with a record that is there and one that is not, without a body or with a wrong one, and again by its tag."""
    there = keep(sqlite_service.store, a_referral())
    statuses: set[int] = set()
    asked = 0
    for who, asker in ways_to_ask(sqlite_service):
        for route in routes_of(sqlite_service.app):
            if route.name == "read_clusters":
                continue
            for answer in answers_of(sqlite_service, asker, route, there.id):
                check_headers(answer, f"{route.method} {route.template} for {who}")
                statuses.add(answer.status_code)
                asked += 1
    assert {200, 304, 400, 401, 403, 404, 412, 422, 428} <= statuses
    assert not {each for each in statuses if each >= 500}
    tell(f"headers: {asked} answers of {len(routes_of(sqlite_service.app))} routes, statuses {sorted(statuses)}")


def static_paths() -> list[str]:
    folder = Path(str(files("api.pages").joinpath("static")))
    return [f"/static/{path.relative_to(folder).as_posix()}" for path in sorted(folder.rglob("*")) if path.is_file()]


def test_every_static_file_carries_them_and_may_be_kept_and_nothing_beside_them_is_there(sqlite_service: Service) -> None:
    assert len(static_paths()) > 3
    for path in static_paths():
        file = sqlite_service.client.get(path)
        assert file.status_code == 200 and "max-age" in file.headers["Cache-Control"], path
        check_headers(file, f"GET {path}")
        again = sqlite_service.client.get(path, headers={"If-None-Match": file.headers["ETag"]})
        assert again.status_code == 304
        check_headers(again, f"GET {path}")
    for path in ("/static/", "/static/nowhere.js", "/static/../main.py", "/static/%2e%2e/drawing.py", "/static//etc/passwd"):
        missing = sqlite_service.client.get(path)
        assert missing.status_code == 404, path
        check_headers(missing, f"GET {path}")
    for method in ("POST", "DELETE", "OPTIONS"):
        check_headers(sqlite_service.client.request(method, "/static/kith.css"), f"{method} /static/kith.css")


def test_what_is_refused_at_the_door_carries_them(sqlite_service: Service) -> None:
    paths = (f"{API}/health", "/contexts")
    for path in paths:
        for headers in ({"Host": "elsewhere.example"}, {"Content-Length": "1000001"}, {"Content-Length": "x"}):
            answer = sqlite_service.client.get(path, headers=headers)
            assert answer.status_code in (413, 421)
            check_headers(answer, f"GET {path}")
        for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "UNHEARD-OF"):
            answer = sqlite_service.client.request(method, path)
            assert answer.status_code == 405
            check_headers(answer, f"{method} {path}")


def test_what_cannot_be_done_just_now_carries_them(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    keep(sqlite_service.store, a_referral())
    sqlite_service.house.gathering.close()
    answer = coordinator.get("/referrals")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    check_headers(answer, "GET /referrals")


def test_a_download_has_a_name_made_here_and_can_run_nothing(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    made = coordinator.post("/referrals", number_one(1)).json()["id"]
    person = coordinator.get(f"/referrals/{made}").json()["subject"]["people"][0]
    asked = {
        "kind": "peer", "around": person, "steps": 1, "mode": "coordination", "purpose": "Tollgate Parade", "owner": "Arlo Quill",
        "review_by": "2026-12-01",
    }  # fmt: skip
    place = f"/maps/{coordinator.post('/maps', asked).json()['id']}"
    for form in ("picture.png", "picture.html"):
        file = coordinator.get(f"{place}/{form}")
        assert file.status_code == 200
        check_headers(file, f"GET {place}/{form}")
        assert file.headers["Content-Security-Policy"] == "sandbox"
        ending = form.rpartition(".")[2]
        assert re.fullmatch(rf'attachment; filename="map-[0-9a-f]{{12}}\.{ending}"', file.headers["Content-Disposition"])
    part = coordinator.get(f"{place}/picture.png", Range="bytes=0-3")
    assert (part.status_code, part.content) == (200, coordinator.get(f"{place}/picture.png").content)


def test_signing_out_clears_what_the_browser_kept(sqlite_service: Service) -> None:
    held = NewSession(actor=ActorId("me"), role=Role.COORDINATOR, name="")
    secret = new_id()
    open_session(sqlite_service.store.shelf, secret, held, now=sqlite_service.clock())
    headers = {"Cookie": f"{COOKIE}={secret}", "Origin": BASE}
    out = sqlite_service.client.post("/sign-out", data={"form_token": form_token(secret)}, headers=headers)
    assert out.status_code == 303 and out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    check_headers(out, "POST /sign-out")


def test_a_fault_carries_the_headers_too(sqlite_service: Service) -> None:
    def fail() -> None:
        raise ValueError("Arlo Quill")

    sqlite_service.app.add_api_route("/api/v1/fails", fail)
    answer = sqlite_service.client.get("/api/v1/fails")
    assert answer.status_code == 500 and "Arlo" not in answer.text
    assert answer.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]
    assert answer.json()["instance"].startswith("/problems/instances/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1", "0.0.0.0"])
def test_another_hosts_name_is_not_answered(sqlite_service: Service, host: str) -> None:
    answer = sqlite_service.client.get(f"{API}/health", headers={"Host": host})
    assert answer.status_code == 421 and "Cache-Control" in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "[::1]"])
def test_its_own_names_are_answered(sqlite_service: Service, host: str) -> None:
    assert sqlite_service.client.get(f"{API}/health", headers={"Host": host}).status_code == 200


def test_a_host_with_anything_but_a_port_behind_it_is_none() -> None:
    assert host_of("localhost:80a") == "" and host_of("[::1]x") == "" and host_of("::1]") == ""


def test_a_body_of_1_mb_is_read_and_one_byte_more_is_not(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}
    fits = b'{"label": "' + b"a" * (MOST_BODY_BYTES - 13) + b'"}'
    assert len(fits) == MOST_BODY_BYTES
    assert coordinator.send("POST", "/locations", content=fits, headers=headers).status_code == 422
    assert coordinator.send("POST", "/locations", content=fits + b" ", headers=headers).status_code == 413


def test_a_body_sent_in_pieces_is_counted_too(sqlite_service: Service) -> None:
    pieces = (b'{"label": "', *[b"a" * 100_000] * 10, b'"}')
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}
    assert sqlite_service.caller().send("POST", "/locations", content=iter(pieces), headers=headers).status_code == 413


def test_a_form_sent_in_pieces_is_counted_too(sqlite_service: Service) -> None:
    pieces = (b"code=", *[b"a" * 100_000] * 11)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": BASE}
    assert sqlite_service.client.post("/sign-in", content=iter(pieces), headers=headers).status_code in (400, 413)


def test_nothing_of_the_framework_is_open(sqlite_service: Service) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", f"{API}/docs"):
        assert sqlite_service.client.get(path).status_code == 404


def test_a_method_that_is_not_there_says_which_are(sqlite_service: Service) -> None:
    for path, methods in (
        (f"{API}/code-lists", "GET"),
        (f"{API}/referrals", "GET, POST"),
        (f"{API}/referrals/{new_id()}", "GET, PATCH"),
        ("/sign-in", "GET, POST"),
        ("/sign-out", "POST"),
    ):
        answer = sqlite_service.client.delete(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, methods), path


def test_health_says_so_when_the_store_does_not_answer(sqlite_service: Service) -> None:
    assert sqlite_service.client.get(f"{API}/health").json()["store"] == "sqlite"
    sqlite_service.house.store.close()
    gone = sqlite_service.client.get(f"{API}/health")
    assert gone.status_code == 503 and int(gone.headers["Retry-After"]) > 0


def test_an_unknown_parameter_is_a_mistake_on_every_list(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller(Role.CHAIR)
    for path in ("/code-lists", "/referrals", "/contexts", "/linked-referrals", "/hotspots", "/told"):
        refused = coordinator.get(f"{path}?unheard_of=1")
        assert (refused.status_code, refused.json()["code"]) == (422, "rejected")
