"""No audit, no answer: many requests, one durable write, and nobody is told it is written before it is."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import apsw
import pytest

from graph.errors import AuditUnavailable
from graph.store.boundary import AuditEntry, Store
from graph.store.gathering import Gathering
from tests.builders import a_scope, a_write_key, an_audit_entry
from tests.conftest import StorePlace
from tests.graph.store.failing_disk import FailingDisk


class Counting:
    """The store itself, with a count of its durable writes."""

    def __init__(self, store: Store) -> None:
        self.store, self.flushes = store, 0

    def append(self, entries: Sequence[AuditEntry]) -> None:
        self.flushes += 1
        self.store.append(entries)


def test_two_hundred_requests_at_once_are_all_written_in_fewer_writes(sqlite_store: Store) -> None:
    counting = Counting(sqlite_store)
    gathering = Gathering(counting)  # type: ignore[arg-type]
    together = threading.Barrier(100)

    def view(number: int) -> None:
        together.wait()
        gathering.record([an_audit_entry(request=f"r-{number}"), an_audit_entry(request=f"r-{number}")])
        assert f"r-{number}" in {entry.request for entry in sqlite_store.audit(limit=1000)}

    with ThreadPoolExecutor(100) as pool:
        list(pool.map(view, range(200)))
    gathering.close()
    entries = sqlite_store.audit(limit=1000)
    assert sorted(entry.request for entry in entries) == sorted(f"r-{number}" for number in range(200) for _ in range(2))
    assert counting.flushes < 150
    sqlite_store.check()


def test_what_one_request_records_stands_together_in_its_order(sqlite_store: Store) -> None:
    gathering = Gathering(sqlite_store)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: gathering.record([an_audit_entry(request=f"{n}", rows=row) for row in range(3)]), range(20)))
    gathering.close()
    entries = sqlite_store.audit(limit=100)
    for at in range(0, 60, 3):
        three = entries[at : at + 3]
        assert len({entry.request for entry in three}) == 1
        assert [entry.rows for entry in three] == [0, 1, 2]


def test_when_it_cannot_be_written_everyone_who_waits_is_told_and_the_next_write_works(sqlite_place: StorePlace) -> None:
    disk = FailingDisk()
    store = sqlite_place.make()
    gathering = Gathering(store)

    def view(number: int) -> str:
        try:
            gathering.record([an_audit_entry(request=f"r-{number}")])
        except AuditUnavailable:
            return "refused"
        return "shown"

    with disk.failing(apsw.FullError("full")), ThreadPoolExecutor(10) as pool:
        assert set(pool.map(view, range(10))) == {"refused"}
    assert view(11) == "shown"
    assert [entry.request for entry in store.audit()] == ["r-11"]
    gathering.close()
    disk.unregister()


def test_a_view_is_recorded_as_soon_as_a_writer_is_done_and_before_its_own_time_is_up(sqlite_store: Store) -> None:
    gathering = Gathering(sqlite_store)
    with (
        ThreadPoolExecutor(1) as pool,
        sqlite_store.write(a_scope(), key=a_write_key(), by=an_audit_entry().actor, now=an_audit_entry().at),
    ):
        waiting = pool.submit(gathering.record, [an_audit_entry()])
        time.sleep(0.2)
        assert not waiting.done()
    waiting.result(timeout=5)
    gathering.close()


def test_nothing_is_recorded_after_the_end_and_what_waited_is(sqlite_store: Store) -> None:
    gathering = Gathering(sqlite_store)
    gathering.record([])
    gathering.record([an_audit_entry()])
    gathering.close()
    with pytest.raises(AuditUnavailable):
        gathering.record([an_audit_entry()])
    assert len(sqlite_store.audit()) == 1
