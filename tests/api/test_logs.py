"""What the process says of itself: a line for each answer, allow-listed keys, and nobody's name."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from api.logs import ALLOWED_KEYS, configure_logging
from api.sign_in.one_time_link import keep_link
from tests.api.running import BASE, Service
from tests.builders import NOW

NAMES = ("Arlo", "Quill", "Tollgate", "1 Alder Row")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.getLogger("kith").level)
    stream = io.StringIO()
    configure_logging(stream)
    yield stream
    root.handlers[:], level, ours = before
    root.setLevel(level)
    logging.getLogger("kith").setLevel(ours)


def test_a_journey_leaves_no_name_no_id_and_no_link_in_the_log(sqlite_service: Service, lines: io.StringIO) -> None:
    coordinator = sqlite_service.caller()
    code = "0c" * 16
    keep_link(sqlite_service.store.shelf, code, now=NOW)
    sqlite_service.client.get(f"/sign-in?code={code}")
    sqlite_service.client.post("/sign-in", data={"code": code}, headers={"Origin": BASE})
    person = coordinator.post("/young-people", {"known_as": "Arlo Quill"}).json()["id"]
    place = coordinator.post("/locations", {"label": "Tollgate Parade"}).json()["id"]
    coordinator.get(f"/young-people/{person}")
    coordinator.post("/young-people/search", {"name": "Arlo"})
    coordinator.get("/young-people/1 Alder Row")
    coordinator.post("/referrals", {"narrative": "Arlo Quill", "unheard_of": "Tollgate"})
    written = lines.getvalue()
    assert written.count("request answered") >= 8
    token = coordinator.headers["Authorization"].removeprefix("Bearer ")
    for secret in (*NAMES, code, person, place, token):
        assert secret not in written
    for line in written.splitlines():
        assert set(json.loads(line)) <= ALLOWED_KEYS | {"at", "level", "says", "by", "error", "where"}


def test_a_name_sent_as_a_method_does_not_stand_in_the_log(sqlite_service: Service, lines: io.StringIO) -> None:
    assert sqlite_service.client.request("ARLO-QUILL", "/api/v1/health").status_code == 405
    assert "ARLO" not in lines.getvalue() and json.loads(lines.getvalue().splitlines()[-1])["method"] == "other"


def test_keys_that_are_not_on_the_list_are_dropped(lines: io.StringIO) -> None:
    logging.getLogger("kith.test").info("referral recorded", extra={"referral_id": "5f0c", "narrative": "Arlo"})
    said = json.loads(lines.getvalue())
    assert said["says"] == "referral recorded" and said["referral_id"] == "5f0c"
    assert "narrative" not in said and "Arlo" not in lines.getvalue()


def test_what_a_library_says_is_reduced_to_who_said_it(lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("could not parse %s", "Arlo Quill")
    assert "Arlo" not in lines.getvalue()
    assert json.loads(lines.getvalue())["by"] == "some.library"


def test_an_error_leaves_its_kind_and_its_place_and_no_message(lines: io.StringIO) -> None:
    try:
        raise ValueError("Arlo Quill")
    except ValueError:
        logging.getLogger("kith.test").exception("request failed")
    said = json.loads(lines.getvalue())
    assert said["error"] == "ValueError" and said["where"][-1].startswith("test_logs.py:")
    assert "Arlo" not in lines.getvalue()


def test_a_value_that_is_no_plain_word_or_number_is_named_by_its_type(lines: io.StringIO) -> None:
    logging.getLogger("kith.test").info("rows recorded", extra={"rows": ["Arlo"]})
    assert json.loads(lines.getvalue())["rows"] == "list"
