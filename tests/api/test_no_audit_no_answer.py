"""No audit, no answer: what cannot be recorded is not shown, and what was shown was recorded before its first byte left."""

import logging
import random
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import apsw
import pytest

from forum.access.actors import Role
from forum.audit import refused_id
from graph.errors import AuditUnavailable
from graph.records import RecordId, new_id
from tests import neo4j_server
from tests.api.pages.conftest import start, stop
from tests.api.pages.test_linked_referrals_page import words_of
from tests.api.running import Service
from tests.api.test_acknowledged_writes import serving, token_for
from tests.builders import a_location, a_referral, a_young_person, keep
from tests.conftest import StorePlace

ROUNDS = 3
READERS = 6
NO_ENTRY = "CREATE TRIGGER no_entry BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk will not have it'); END"


def stop_the_audit(url: str, *, again: bool = False) -> None:
    """From now on the store itself takes no entry, whoever asks; with `again`, it does.

    By the library that the store uses: another one in the same process would undo its locks on the file.
    """
    connection = apsw.Connection(url.removeprefix("sqlite:///"))
    connection.execute("DROP TRIGGER no_entry" if again else NO_ENTRY)
    connection.close()


def test_an_audit_that_cannot_be_written_lets_nothing_leave_and_says_so_in_one_line(
    sqlite_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    arlo = keep(sqlite_service.store, a_young_person(known_as="Arlo", pseudonym="Y7"))
    coordinator, guest = sqlite_service.caller(), sqlite_service.caller(Role.GUEST)
    assert coordinator.get(f"/young-people/{arlo.id}").status_code == 200
    stop_the_audit(sqlite_service.place.url)
    for caller, record in ((coordinator, arlo.id), (coordinator, new_id()), (guest, arlo.id)):
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="kith"):
            answer = caller.get(f"/young-people/{record}")
        assert answer.status_code == 503 and answer.json()["detail"] == AuditUnavailable.message
        assert not any(word in answer.text for word in (arlo.id, "Arlo", "Y7"))
        assert "etag" not in answer.headers
        (line,) = [one for one in caplog.records if one.name.startswith("kith")]
        assert (line.msg, line.__dict__["status"], line.__dict__["action"]) == ("request answered", 503, "read_young_person")
        assert record not in str(line.__dict__)


def stop_the_audit_of(place: StorePlace) -> Callable[[], None]:
    """The same on either kind of store; what is returned mends it."""
    if place.credentials is None:
        stop_the_audit(place.url)
        return lambda: stop_the_audit(place.url, again=True)
    move_the_head_of_the_audit(1)
    return lambda: move_the_head_of_the_audit(-1)


def move_the_head_of_the_audit(by: int) -> None:
    """The audit's head says that it ends elsewhere than it does: no entry follows from the last one then."""
    with neo4j_server.admin_driver().session() as session:
        session.run("MATCH (h:Head {name: 'audit'}) SET h.revision = h.revision + $by", by=by).consume()


def test_a_write_that_cannot_be_recorded_says_so_in_one_line_and_leaves_nothing_behind(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    arlo = keep(service.store, a_young_person(known_as="Arlo", pseudonym="Y7"))
    parade = keep(service.store, a_location())
    chair, worker = service.caller(Role.CHAIR), service.caller(Role.PRACTITIONER)
    grant = service.grant(worker.actor, arlo.id)
    tags = {path: chair.get(path).headers["ETag"] for path in (f"/young-people/{arlo.id}", f"/grants/{grant}")}
    asked: list[tuple[str, str, Any, dict[str, str]]] = [
        ("POST", "/locations", {"label": "The Steps"}, {}),
        ("PATCH", f"/young-people/{arlo.id}", {"note": "Asked again in May."}, {"If-Match": tags[f"/young-people/{arlo.id}"]}),
        ("DELETE", f"/grants/{grant}", None, {"If-Match": tags[f"/grants/{grant}"]}),
        ("POST", "/conflicts", {"about": [arlo.id], "words": "My nephew."}, {}),
    ]
    revision, last = service.store.revision(), len(service.store.audit(limit=1000))
    go_on = stop_the_audit_of(service.place)
    for number, (method, path, body, headers) in enumerate(asked):
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="kith"):
            answer = chair.send(method, path, json=body, headers={"Idempotency-Key": f"key-{number}", **headers})
        assert (answer.status_code, answer.json()["detail"]) == (503, AuditUnavailable.message), (method, path)
        assert answer.headers["Retry-After"] and "location" not in answer.headers
        (line,) = [one for one in caplog.records if one.name.startswith("kith")]
        assert (line.msg, line.__dict__["status"]) == ("request answered", 503)
    go_on()
    assert (service.store.revision(), len(service.store.audit(limit=1000))) == (revision, last)
    for number, (method, path, body, headers) in enumerate(asked):
        again = chair.send(method, path, json=body, headers={"Idempotency-Key": f"key-{number}", **headers})
        assert again.status_code in (200, 201), (method, path, again.text)
    assert chair.get(f"/locations/{parade.id}").status_code == 200


def test_a_page_that_cannot_be_recorded_says_so_and_shows_nobody(
    tmp_path: Path,
) -> None:
    service = start(tmp_path)
    client = service.signed_in()
    path = f"/referrals/{service.ids['REF-01']}"
    assert client.get(path).status_code == 200
    stop_the_audit(service.house.settings.store_url())
    answer = client.get(path)
    assert answer.status_code == 503 and "Nothing was lost." in words_of(answer.text)
    assert "Y1" not in answer.text and service.ids["YP01"] not in answer.text
    stop(service)


def test_a_refused_id_is_kept_under_one_keyed_hash_whether_or_not_it_exists(service: Service) -> None:
    hidden, nowhere = keep(service.store, a_referral()).id, new_id()
    worker = service.caller(Role.PRACTITIONER)
    for record in (hidden, nowhere):
        assert worker.get(f"/referrals/{record}").status_code == 404
    guest = service.caller(Role.GUEST)
    assert guest.get(f"/young-people/{hidden}").status_code == 403
    entries = [*service.store.audit(by=worker.actor), *service.store.audit(by=guest.actor)]
    kept = [entry.resources for entry in entries if entry.decision == "refused"]
    assert kept == [(refused_id(record, service.house.secret),) for record in (hidden, nowhere, hidden)]
    assert all(entry.about == () for entry in entries)
    assert not any(record in repr(entries) for record in (hidden, nowhere))


class Reader(threading.Thread):
    """Asks for one person after another, and notes whose answer began to arrive."""

    def __init__(self, base: str, token: str, people: list[RecordId], first: threading.Event) -> None:
        super().__init__(daemon=True)
        self.at = urlsplit(base)
        self.token, self.people, self.first = token, people, first
        self.received: list[RecordId] = []

    def run(self) -> None:
        for person in self.people:
            try:
                with socket.create_connection((self.at.hostname, self.at.port or 80), timeout=10) as connection:
                    connection.sendall(
                        f"GET /api/v1/young-people/{person} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        f"Authorization: Bearer {self.token}\r\nConnection: close\r\n\r\n".encode()
                    )
                    begun = connection.recv(12)
            except OSError:
                return
            if begun != b"HTTP/1.1 200":
                return
            self.received.append(person)
            if len(self.received) > 2:
                self.first.set()


def test_whatever_began_to_arrive_before_a_kill_stands_in_the_audit(sqlite_place: StorePlace) -> None:
    store = sqlite_place.make()
    people = [keep(store, a_young_person()).id for _ in range(60)]
    store.close()
    token = token_for(sqlite_place)
    seen: set[RecordId] = set()
    last = 0
    for number in range(ROUNDS):
        with serving(sqlite_place) as (process, base):
            begun = threading.Event()
            chance = random.Random(number)
            readers = [Reader(base, token, chance.sample(people, len(people)), begun) for _ in range(READERS)]
            for reader in readers:
                reader.start()
            assert begun.wait(30)
            process.kill()
            for reader in readers:
                reader.join(20)
        received = [person for reader in readers for person in reader.received]
        store = sqlite_place.open()
        for person in set(received):
            shown = [entry for entry in store.audit(about=person, after=last) if entry.action == "read_young_person"]
            assert len(shown) >= received.count(person), "an answer arrived that the audit does not know"
        store.check()
        last = max((entry.seq for entry in store.audit(after=last, limit=10_000)), default=last)
        seen.update(received)
        store.close()
    assert seen
