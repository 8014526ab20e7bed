"""What every answer carries, errors included, and what is refused at the door."""

import pytest

from api.headers import MOST_BODY_BYTES, SECURITY_HEADERS, host_of
from forum.access.actors import Role
from tests.api.running import API, BASE, Service


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
    answer = sqlite_service.client.delete(f"{API}/code-lists")
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET"


def test_health_says_so_when_the_store_does_not_answer(sqlite_service: Service) -> None:
    assert sqlite_service.client.get(f"{API}/health").json()["store"] == "sqlite"
    sqlite_service.house.store.close()
    assert sqlite_service.client.get(f"{API}/health").status_code in (500, 503)


def test_an_unknown_parameter_is_a_mistake_on_every_list(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller(Role.CHAIR)
    for path in ("/code-lists", "/referrals", "/contexts", "/linked-referrals", "/hotspots", "/told"):
        refused = coordinator.get(f"{path}?unheard_of=1")
        assert (refused.status_code, refused.json()["code"]) == (422, "rejected")
