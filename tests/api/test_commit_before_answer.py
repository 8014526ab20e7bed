"""Promise: nothing is answered before it is committed, and nobody is shown before it is in the audit."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.contexts import Location
from tests.api.running import Service
from tests.builders import a_scope

PLACE = {"label": "Tollgate Parade", "place_kind": "shopping_area"}


def file_of(service: Service) -> Path:
    return Path(service.place.url.removeprefix("sqlite:///"))


@contextmanager
def no_room(service: Service) -> Iterator[None]:
    """No file of this process can grow past the size of the store's log: a write fails when it is committed."""
    log = file_of(service).with_name(f"{file_of(service).name}-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size if log.exists() else 0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_commit_that_fails_answers_503_and_not_201(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    with no_room(sqlite_service):
        refused = coordinator.post("/locations", PLACE, key="the same key")
    assert refused.status_code == 503 and "Retry-After" in refused.headers
    with sqlite_service.store.view(a_scope()) as view:
        assert not view.find(Location)
    again = coordinator.post("/locations", PLACE, key="the same key")
    assert again.status_code == 201
    with sqlite_service.store.view(a_scope()) as view:
        assert [place.id for place in view.find(Location)] == [again.json()["id"]]


def test_what_cannot_be_recorded_in_the_audit_is_not_shown(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    made = coordinator.post("/young-people", {"known_as": "Arlo Quill"}).json()["id"]
    audit = sqlite3.connect(file_of(sqlite_service))
    audit.execute("CREATE TRIGGER closed BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'closed'); END")
    audit.commit()
    refused = coordinator.get(f"/young-people/{made}")
    assert refused.status_code == 503
    assert refused.json()["code"] == "audit-unavailable" and "Arlo" not in refused.text
    audit.execute("DROP TRIGGER closed")
    audit.commit()
    audit.close()
    assert coordinator.get(f"/young-people/{made}").status_code == 200


def test_who_was_shown_is_in_the_audit_when_the_answer_arrives(service: Service) -> None:
    coordinator = service.caller()
    made = coordinator.post("/young-people", {"known_as": "Arlo Quill"}).json()["id"]
    answer = coordinator.get(f"/young-people/{made}", **{"Kith-Purpose": "safety_planning"})
    seen = [entry for entry in service.store.audit(about=made) if entry.action == "read_young_person"]
    assert answer.status_code == 200 and len(seen) == 1
    assert (seen[0].actor, seen[0].purpose, seen[0].role) == (coordinator.actor, "safety_planning", "coordinator")
    assert seen[0].response_digest
