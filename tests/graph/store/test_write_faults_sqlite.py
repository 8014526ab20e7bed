"""Promises R1, R3 and R5: nothing acknowledged is lost, nothing is half done, nothing happens twice, whatever the disk does."""

from collections.abc import Iterator

import apsw
import pytest

from graph.errors import StoreBusy, StoreFull, StoreUnavailable
from graph.people import YoungPerson
from graph.store.boundary import Store
from tests.builders import NOW, a_scope, a_write_key, a_young_person, an_audit_entry, keep
from tests.conftest import StorePlace
from tests.graph.store.failing_disk import FailingDisk
from tests.graph.store.write_storm import survive, write_one


def names(store: Store) -> list[str | None]:
    with store.view(a_scope()) as view:
        return sorted(person.known_as or "" for person in view.find(YoungPerson))


def test_nothing_acknowledged_is_lost_when_four_writers_are_killed(sqlite_place: StorePlace) -> None:
    sqlite_place.make().close()
    outcome = survive(sqlite_place.url, kills=40, seed=20261121)
    assert outcome.kills == 40
    assert len(outcome.acknowledged) > 200


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    disk = FailingDisk()
    yield disk
    disk.unregister()


@pytest.mark.parametrize("failure", [apsw.FullError("full"), apsw.ReadOnlyError("read only")])
def test_on_a_full_or_read_only_disk_writes_are_refused_reads_go_on_and_it_recovers(
    disk: FailingDisk, sqlite_place: StorePlace, failure: apsw.Error
) -> None:
    store = sqlite_place.make()
    keep(store, a_young_person(known_as="before"))
    key = a_write_key().key
    with disk.failing(failure):
        for _ in range(3):
            with pytest.raises(StoreFull):
                write_one(store, key)
            with pytest.raises(StoreFull):
                store.append([an_audit_entry()])
            with pytest.raises(StoreFull):
                store.shelf.keep("session", "x" * 100_000, until=NOW)
            assert names(store) == ["before"]
    write_one(store, key)
    write_one(store, key)
    assert names(store) == sorted(["before", key])
    store.check()


@pytest.mark.parametrize("at", ["write", "sync"])
def test_when_the_disk_fails_during_a_commit_the_key_tells_whether_it_happened(
    disk: FailingDisk, sqlite_place: StorePlace, at: str
) -> None:
    """Fails each write and each sync of one commit in turn: never half, never twice, and a repeat is always safe."""
    store = sqlite_place.make()
    before = disk.counted[at]
    write_one(store, "counted")
    times = disk.counted[at] - before
    assert times > 0
    for turn in range(times):
        with disk.failing(apsw.IOError("no answer"), at=at, after=turn):
            try:
                write_one(store, f"turn {turn}")
            except StoreUnavailable:
                assert f"turn {turn}" not in names(store)
        write_one(store, f"turn {turn}")
        assert names(store).count(f"turn {turn}") == 1
        store.check()
    assert len(names(store)) == store.revision() == times + 1


def test_every_commit_is_synced_before_it_is_acknowledged(disk: FailingDisk, sqlite_place: StorePlace) -> None:
    store = sqlite_place.make()
    write_one(store, "first")
    for turn in range(5):
        before = disk.counted["sync"]
        write_one(store, f"turn {turn}")
        assert disk.counted["sync"] > before
        before = disk.counted["sync"]
        store.append([an_audit_entry()])
        assert disk.counted["sync"] > before


def test_another_process_that_holds_the_file_makes_a_writer_wait_and_then_say_so(
    sqlite_place: StorePlace,
) -> None:
    store, other = sqlite_place.make(), sqlite_place.open()
    with other.write(a_scope(), key=a_write_key(), by=an_audit_entry().actor, now=NOW) as writer:
        writer.append(an_audit_entry())
        with pytest.raises(StoreBusy):
            keep(store, a_young_person())
        store.shelf.keep("session", "kept", until=NOW)
        assert names(store) == []
    assert keep(store, a_young_person()).version == 1
