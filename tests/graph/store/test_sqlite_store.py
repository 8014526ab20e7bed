"""The embedded store's own promises: its settings, its file, its copies; and that its statements use their indexes."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest

from graph.errors import StoreFull, StoreInUse, StoreRefused
from graph.people import YoungPerson
from graph.records import RecordId, findable_fields
from graph.store import backup_store, discard_store, hold_store, is_held, migrate_store, open_store
from graph.store import sqlite_statements as texts
from graph.store.boundary import Store
from graph.store.sqlite_store.connections import Connection, Connections, load_scope, open_connection, set_up
from tests.builders import (
    ALL_KINDS,
    NEW_STORE,
    NOW,
    a_location,
    a_referral,
    a_school,
    a_scope,
    a_write_key,
    a_young_person,
    an_assertion,
    an_audit_entry,
    erase,
    keep,
)
from tests.conftest import StorePlace
from tests.graph.store.failing_disk import FailingDisk


def file_of(place: StorePlace) -> Path:
    return Path(place.url.removeprefix("sqlite:///"))


# Settings


def test_every_connection_reads_its_settings_back(sqlite_place: StorePlace) -> None:
    sqlite_place.make()
    connections = Connections(file_of(sqlite_place))
    with connections.borrowed() as first, connections.borrowed() as second:
        assert first is not second
        for connection in (first, second):
            found = {question: connection.execute(question).fetchall()[0][0] for _, question, _ in texts.SETTINGS}
            assert found["PRAGMA synchronous"] == 2
            assert found["PRAGMA journal_mode"] == "wal"
            assert found["PRAGMA foreign_keys"] == found["PRAGMA secure_delete"] == 1
            assert found["PRAGMA trusted_schema"] == found["PRAGMA mmap_size"] == 0
    connections.close()


def test_a_connection_on_which_a_setting_does_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a build or a disk where SQLite quietly keeps its own value."""
    kept = tuple(setting for setting in texts.SETTINGS if "synchronous" not in setting[0])
    monkeypatch.setattr(texts, "SETTINGS", (("PRAGMA synchronous=NORMAL", "PRAGMA synchronous", 2), *kept))
    connection = Connection(str(tmp_path / "any.db"))
    with pytest.raises(StoreRefused):
        set_up(connection)
    connection.close()


def test_the_sqlite_that_comes_with_the_driver_is_without_the_fault_in_the_log() -> None:
    assert tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) >= (3, 51, 3)


def test_the_folder_and_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/deep/er/kith.db", ALL_KINDS, making=NEW_STORE)
        keep(store, a_school())
        store.shelf.keep("session", "x", until=NOW)
        assert (tmp_path / "deep" / "er").stat().st_mode & 0o777 == 0o700
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "deep" / "er").iterdir()}
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert {"kith.db", "kith.db-wal", "kith.db-shelf"} <= modes.keys()
    store.close()


# Opening


def test_a_file_that_is_not_ours_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("Dear diary, " * 500)
    with sqlite3.connect(other) as theirs:
        theirs.execute("CREATE TABLE record (id TEXT)")
    theirs.close()
    for path in (text, other, tmp_path):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(StoreRefused, match="not a store of Kith"):
            open_store(f"sqlite:///{path}", ALL_KINDS, making=NEW_STORE)
        assert (path.read_bytes() if path.is_file() else b"") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "other.db"]


def test_nothing_there_is_said_kindly_and_an_empty_file_is_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    with pytest.raises(StoreRefused, match="no store there yet"):
        open_store(url, ALL_KINDS)
    (tmp_path / "kith.db").touch()
    with pytest.raises(StoreRefused, match="no store there yet"):
        open_store(url, ALL_KINDS)
    store = open_store(url, ALL_KINDS, making=NEW_STORE)
    assert store.revision() == 0
    store.close()


@pytest.mark.parametrize("url", ["", "kith.db", "sqlite://", "sqlite:///", "postgres://somewhere", "http://127.0.0.1"])
def test_a_url_that_is_no_stores_is_refused_with_how_to_write_one(url: str) -> None:
    with pytest.raises(StoreRefused, match="sqlite:///"):
        open_store(url, ALL_KINDS, making=NEW_STORE)


def test_a_path_in_a_url_is_relative_with_three_strokes_and_absolute_with_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here/kith.db", ALL_KINDS, making=NEW_STORE).close()
    open_store(f"sqlite:///{tmp_path}/here/kith.db", ALL_KINDS).close()
    assert (tmp_path / "here" / "kith.db").exists()


def test_a_store_newer_than_the_code_is_refused_and_left_alone(sqlite_place: StorePlace) -> None:
    sqlite_place.make().close()
    with sqlite3.connect(file_of(sqlite_place)) as file:
        file.execute("PRAGMA user_version=9999")
    file.close()
    for attempt in (sqlite_place.open, lambda: migrate_store(sqlite_place.url)):
        with pytest.raises(StoreRefused, match="newer version"):
            attempt()


def test_two_who_make_the_same_store_at_once_make_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    code = f"""
from graph.store import open_store
from tests.builders import ALL_KINDS, NEW_STORE, a_school, keep
store = open_store({url!r}, ALL_KINDS, making=NEW_STORE)
keep(store, a_school())
"""
    makers = [subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3]) for _ in range(3)]
    assert [maker.wait() for maker in makers] == [0, 0, 0]
    store = open_store(url, ALL_KINDS)
    assert store.revision() == 3
    store.check()
    store.close()


@pytest.mark.parametrize("failure", [apsw.FullError("full"), apsw.ReadOnlyError("read only")])
def test_a_store_that_cannot_be_made_says_so_and_can_be_made_later(sqlite_place: StorePlace, failure: apsw.Error) -> None:
    disk = FailingDisk()
    with disk.failing(failure), pytest.raises(StoreFull):
        sqlite_place.make()
    assert sqlite_place.make().revision() == 0
    disk.unregister()


# Held by one service


def test_a_second_service_on_one_file_is_refused_and_commands_can_ask(sqlite_place: StorePlace) -> None:
    sqlite_place.make()
    assert not is_held(sqlite_place.url)
    with hold_store(sqlite_place.url):
        assert is_held(sqlite_place.url)
        with pytest.raises(StoreInUse), hold_store(sqlite_place.url):
            pytest.fail("held twice")
        with pytest.raises(StoreInUse):
            discard_store(sqlite_place.url)
    assert not is_held(sqlite_place.url)


def test_the_hold_ends_with_the_process_however_it_ends(sqlite_place: StorePlace) -> None:
    sqlite_place.make()
    code = f"""
import sys
from graph.store import hold_store
with hold_store({sqlite_place.url!r}):
    print("held", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_held(sqlite_place.url)
        holder.kill()
        holder.wait()
    assert not is_held(sqlite_place.url)


def test_discarding_leaves_nothing_behind(sqlite_place: StorePlace) -> None:
    store = sqlite_place.make()
    keep(store, a_young_person())
    store.shelf.keep("session", "x", until=NOW)
    store.close()
    discard_store(sqlite_place.url)
    assert list(file_of(sqlite_place).parent.iterdir()) == []
    with pytest.raises(StoreRefused, match="no store there yet"):
        discard_store(sqlite_place.url)


# Copies


def test_a_copy_taken_while_somebody_writes_is_whole(sqlite_place: StorePlace, tmp_path: Path) -> None:
    store = sqlite_place.make()
    keep(store, a_young_person())
    with store.write(a_scope(), key=a_write_key(), by=an_audit_entry().actor, now=NOW) as writer:
        writer.put(a_young_person())
        writer.append(an_audit_entry())
        backup_store(sqlite_place.url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    copy = open_store(f"sqlite:///{tmp_path}/copy.db", ALL_KINDS)
    copy.check()
    assert (copy.revision(), store.revision()) == (1, 2)
    copy.close()
    with pytest.raises(StoreRefused, match="of that name"):
        backup_store(sqlite_place.url, tmp_path / "copy.db")


def test_a_damaged_store_gives_no_copy_and_says_so(sqlite_place: StorePlace, tmp_path: Path) -> None:
    store = sqlite_place.make()
    keep(store, a_young_person())
    store.append([an_audit_entry(), an_audit_entry()])
    store.close()
    with sqlite3.connect(file_of(sqlite_place)) as file:
        file.execute("""UPDATE audit SET entry = replace(entry, 'recorded', 'forgotten') WHERE seq = 2""")
    file.close()
    again = sqlite_place.open()
    for attempt in (again.check, lambda: backup_store(sqlite_place.url, tmp_path / "copy.db")):
        with pytest.raises(StoreRefused, match="entry 2"):
            attempt()
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "copy.db.part").exists()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM audit WHERE seq = 3", "missing from the end"),
        ("UPDATE audit SET previous = hash WHERE seq = 1", "entry 1"),
        ("DELETE FROM change WHERE revision = 1", "journal"),
        ("UPDATE head SET revision = 5 WHERE name = 'journal'", "journal"),
        ("INSERT INTO citation VALUES ('a', 'b', 'c')", "not there"),
    ],
)
def test_check_finds_what_was_changed_behind_the_stores_back(sqlite_place: StorePlace, damage: str, said: str) -> None:
    store = sqlite_place.make()
    for _ in range(3):
        keep(store, a_young_person())
    store.check()
    with sqlite3.connect(file_of(sqlite_place)) as file:
        file.execute(damage)
    file.close()
    with pytest.raises(StoreRefused, match=said):
        store.check()


# Erasure


def test_after_erasure_no_byte_of_it_is_left_in_any_file(sqlite_place: StorePlace) -> None:
    store = sqlite_place.make()
    secret = "Zephyrine-Quillfeather"
    arlo, parade = keep(store, a_young_person(known_as=secret, agency_number=f"{secret}-7"), a_location())
    keep(store, an_assertion(arlo, parade, words=f"{secret} said so", note=secret * 500))
    keep(store, *(a_young_person(note="another " * 200) for _ in range(50)))
    store.append([an_audit_entry(about=(arlo.id,))])
    assert any(secret.encode() in path.read_bytes() for path in file_of(sqlite_place).parent.iterdir())
    erase(store, arlo.id)
    for path in file_of(sqlite_place).parent.iterdir():
        assert secret.encode() not in path.read_bytes(), path.name


def test_a_reader_in_the_way_of_the_last_trace_delays_it_until_the_next_write(sqlite_place: StorePlace) -> None:
    store = sqlite_place.make()
    arlo = keep(store, a_young_person(known_as="Zephyrine"))
    reading = open_connection(file_of(sqlite_place))
    reading.execute("BEGIN").fetchall()
    reading.execute("SELECT count(*) FROM record").fetchall()
    erase(store, arlo.id)
    reading.execute("ROLLBACK")
    reading.close()
    keep(store, a_school())
    assert all(b"Zephyrine" not in path.read_bytes() for path in file_of(sqlite_place).parent.iterdir())


# Speed: every question finds its index, and a whole borough is nothing


def plan_of(place: StorePlace, text: str, bindings: Any) -> str:
    connection = open_connection(file_of(place))
    try:
        return "\n".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", bindings).fetchall())
    finally:
        connection.close()


def test_every_question_finds_its_index(sqlite_place: StorePlace) -> None:
    sqlite_place.make()
    expected = {
        "SEARCH r USING INDEX sqlite_autoindex_record_1 (id=?)": [
            (texts.GET, ("a",)),
            (texts.SEVERAL, ("[]",)),
            (texts.KINDS_OF, ("[]",)),
            (texts.SEEN_OF, ("[]",)),
            (texts.CITING, ("[]", None, "School")),
        ],
        "SEARCH c USING COVERING INDEX citation_cited (cited=?)": [(texts.CITING, ("[]", None, "School"))],
        "SEARCH r USING INDEX record_page (forum=? AND kind=? AND id>?)": [(texts.FIND, ("School", "", 1))],
        "SEARCH change USING INDEX change_record (record=?)": [(texts.HISTORY, ("a",))],
        "SEARCH c USING PRIMARY KEY (revision>? AND revision<?)": [(texts.CHANGES, (1, 2))],
        "USING INDEX audit_actor": [(texts.READ_AUDIT_BY, {"by": "a", "after": 0, "limit": 1})],
    }
    for wanted, questions in expected.items():
        for text, bindings in questions:
            plan = plan_of(sqlite_place, text, bindings)
            assert wanted in plan, f"{text}\n{plan}"
            assert "SCAN r" not in plan
    for (kind, field), text in texts.FIND_BY.items():
        assert f"find_{kind.lower()}_{field} (forum=? AND <expr>=? AND id>?)" in plan_of(sqlite_place, text, ("x", "", "{}", 1))


def test_each_field_declared_findable_has_its_text_and_its_index() -> None:
    declared = {(kind.KIND, field) for kind in ALL_KINDS for field in findable_fields(kind)}
    assert set(texts.FIND_BY) == declared
    for kind, field in declared:
        assert f"kind = '{kind}'" in texts.FIND_BY[kind, field]
        assert f"'$.{field}'" in texts.FIND_BY[kind, field]


def test_a_case_of_six_thousand_records_is_one_write_of_seconds(sqlite_store: Store) -> None:
    people, parade = [a_young_person() for _ in range(1500)], [a_location() for _ in range(60)]
    referrals = [a_referral(about=(person,)) for person in people[:600]]
    said = [an_assertion(people[at % 600], parade[at % 60], stated_in=referrals[at % 600]) for at in range(3900)]
    kept = keep(sqlite_store, *people, *parade, *referrals, *said)
    assert len(kept) == 6060
    with sqlite_store.view(a_scope()) as view:
        assert len(view.find(YoungPerson, limit=5000)) == 1500
        assert len(view.citing(type(said[0]), [person.id for person in people], field="source")) == 3900
    assert len(sqlite_store.changes(after=0, limit=10)) == 6060


def test_a_scope_is_asked_through_the_connection_that_holds_it(sqlite_place: StorePlace) -> None:
    """Whoever asks next under another scope takes the one not asked for longest, so that the house's own stays at hand."""
    sqlite_place.make()
    connections = Connections(file_of(sqlite_place))
    scopes = [a_scope(), a_scope(withheld=frozenset({RecordId("one")})), a_scope(withheld=frozenset({RecordId("two")}))]
    with connections.borrowed(scopes[0]) as first, connections.borrowed(scopes[1]) as second:
        for connection, scope in ((first, scopes[0]), (second, scopes[1])):
            load_scope(connection, scope)
    for scope, held in ((scopes[0], first), (scopes[1], second), (scopes[0], first)):
        with connections.borrowed(scope) as found:
            assert found is held
    with connections.borrowed(scopes[2]) as found:
        assert found is second
    connections.close()
