"""The service is measured as a whole: six counts and its size, nothing of who asked, nothing for whoever is signed in."""

import io
import json
import logging

from api.measures import Measures
from forum.access.actors import Role
from tests.api.running import Service

TOLD = {"seconds", "answers", "refusals", "busy", "faults", "slowest", "megabytes"}


def test_answers_are_counted_by_how_they_ended_those_to_nobody_not_at_all_and_begin_again_once_told() -> None:
    measures = Measures()
    for status, milliseconds in ((200, 5), (304, 1), (404, 2), (422, 3), (429, 1), (503, 80), (500, 4), (0, 2)):
        measures.add(status, milliseconds)
    told = dict(measures.taken())
    assert (told["answers"], told["refusals"], told["busy"], told["faults"], told["slowest"]) == (7, 2, 2, 1, 80)
    again = measures.taken()
    assert {again[name] for name in ("answers", "refusals", "busy", "faults", "slowest")} == {0}


def test_nothing_is_told_but_whole_numbers_of_the_service_as_a_whole(sqlite_service: Service) -> None:
    worker = sqlite_service.caller(Role.PRACTITIONER)
    worker.post("/young-people/search", {"name": "Arlo"})
    told = sqlite_service.house.measures.taken()
    assert TOLD - {"megabytes"} <= told.keys() <= TOLD
    assert all(type(value) is int for value in told.values()) and told["answers"] == 1


def test_no_address_tells_it(sqlite_service: Service) -> None:
    everyone = sqlite_service.caller(Role.ADMINISTRATOR).headers
    for path in ("/metrics", "/api/v1/metrics", "/stats", "/status", "/api/v1/health/metrics"):
        assert sqlite_service.client.get(path, headers=everyone).status_code == 404
    health = sqlite_service.client.get("/api/v1/health").json()
    assert set(health) == {"status", "store", "version"}


def test_the_line_passes_the_log_whole() -> None:
    from api.logs import JsonLines

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("kith.measured")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        logger.info("service measured", extra=dict(Measures().taken()))
    finally:
        logger.removeHandler(handler)
    assert TOLD - {"megabytes"} <= json.loads(stream.getvalue()).keys()
