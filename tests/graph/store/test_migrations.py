"""Migrations: numbered without a gap, the same for both stores, forward only; a store is old or new and never between."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from graph.errors import StoreRefused
from graph.people import YoungPerson
from graph.records import findable_fields
from graph.store import migrate_store
from graph.store.boundary import Store
from graph.store.migrate import FOLDER, all_migrations, pending
from graph.store.sqlite_store.connections import open_connection, value_of
from graph.store.sqlite_store.files import migrate_file, open_store_file
from tests.builders import ALL_KINDS, NEW_STORE, a_scope, a_young_person, erase, keep
from tests.conftest import StorePlace

KINDS = {kind.KIND: kind for kind in ALL_KINDS}

UPGRADE = '''"""Notes begin with a capital letter from now on."""


def upgrade(properties):
    if properties["kind"] != "YoungPerson" or properties["note"] is None:
        return properties
    return {**properties, "note": properties["note"].capitalize()}
'''


def test_head_names_the_last_step_and_every_step_has_a_text_for_each_store() -> None:
    steps = all_migrations()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert (FOLDER / "HEAD").read_text() == f"{len(steps):04d}\n"
    for step in steps:
        assert re.fullmatch(r"\d{4}_[a-z_]+", step.name)
        assert step.text("sqlite.sql").strip()
        assert step.text("neo4j.cypher").strip()


def test_each_field_declared_findable_has_an_index_in_both_stores() -> None:
    sqlite = " ".join(step.text("sqlite.sql") for step in all_migrations())
    cypher = " ".join(step.text("neo4j.cypher") for step in all_migrations())
    declared = {(kind.KIND, field) for kind in ALL_KINDS for field in findable_fields(kind)}
    in_sqlite = set(re.findall(r"json_extract\(body, '\$\.(\w+)'\), id\) WHERE kind = '(\w+)'", sqlite))
    labels = "|".join(KINDS)
    in_cypher = set(re.findall(rf"FOR \(r:({labels})\)\s+ON \(r\.(\w+)\)", cypher))
    assert {(kind, field) for field, kind in in_sqlite} == declared
    assert in_cypher == declared


def test_in_the_server_every_statement_is_safe_to_repeat() -> None:
    for step in all_migrations():
        for line in step.text("neo4j.cypher").splitlines():
            if line.startswith("CREATE"):
                assert "IF NOT EXISTS" in line
            assert "CREATE (" not in line


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The steps of this version, and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder)
    (folder / "0002_capitals").mkdir()
    (folder / "0002_capitals" / "sqlite.sql").write_text("CREATE TABLE something_new (id TEXT PRIMARY KEY) STRICT;")
    (folder / "0002_capitals" / "neo4j.cypher").write_text("")
    (folder / "0002_capitals" / "upgrade.py").write_text(UPGRADE)
    (folder / "HEAD").write_text("0002\n")
    return folder


def file_of(place: StorePlace) -> Path:
    return Path(place.url.removeprefix("sqlite:///"))


def schema_of(path: Path) -> Any:
    connection = open_connection(path)
    try:
        return value_of(connection, "PRAGMA user_version")
    finally:
        connection.close()


def test_a_numbering_with_a_gap_or_another_head_is_refused(migrations: Path) -> None:
    assert [step.number for step in pending(1, migrations)] == [2]
    assert pending(2, migrations) == ()
    (migrations / "HEAD").write_text("0003\n")
    with pytest.raises(StoreRefused):
        all_migrations(migrations)
    (migrations / "0002_capitals").rename(migrations / "0003_capitals")
    with pytest.raises(StoreRefused):
        all_migrations(migrations)


def test_an_older_store_is_brought_up_to_date_when_it_opens_after_a_copy_of_it(
    sqlite_place: StorePlace, migrations: Path
) -> None:
    store = sqlite_place.make()
    arlo, gone = keep(store, a_young_person(note="first words"), a_young_person(note="gone"))
    erase(store, gone.id)
    store.close()
    path = file_of(sqlite_place)
    newer = open_store_file(path, KINDS, making=None, migrations=migrations)
    with newer.view(a_scope()) as view:
        assert view.get(YoungPerson, arlo.id).note == "First words"
        assert [(change.body or {})["note"] for change in view.history(arlo.id)] == ["First words"]
        assert [change.body for change in view.history(gone.id)] == [None, None]
    assert newer.about().schema == 2
    newer.check()
    newer.close()
    before = path.with_name("kith.db.before-0002")
    assert (schema_of(before), schema_of(path)) == (1, 2)
    assert before.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreRefused, match="newer version"):
        sqlite_place.open()


def test_migrating_twice_takes_each_step_once(sqlite_place: StorePlace, migrations: Path) -> None:
    sqlite_place.make().close()
    assert migrate_store(sqlite_place.url) == []
    assert migrate_file(file_of(sqlite_place), migrations=migrations) == ["0002_capitals"]
    assert migrate_file(file_of(sqlite_place), migrations=migrations) == []


def test_a_step_that_fails_half_way_leaves_the_old_store_whole(sqlite_place: StorePlace, migrations: Path) -> None:
    store = sqlite_place.make()
    arlo = keep(store, a_young_person(note="first words"))
    store.close()
    fails = UPGRADE.replace("return {**properties", 'raise ValueError("half way")\n    return {**properties')
    (migrations / "0002_capitals" / "upgrade.py").write_text(fails)
    with pytest.raises(ValueError, match="half way"):
        migrate_file(file_of(sqlite_place), migrations=migrations)
    old: Store = sqlite_place.open()
    with old.view(a_scope()) as view:
        assert view.get(YoungPerson, arlo.id) == arlo
    assert old.about().schema == 1
    connection = open_connection(file_of(sqlite_place))
    tables = json.dumps(connection.execute("SELECT name FROM sqlite_schema").fetchall())
    connection.close()
    assert "something_new" not in tables
    (migrations / "0002_capitals" / "upgrade.py").write_text(UPGRADE)
    old.close()
    assert migrate_file(file_of(sqlite_place), migrations=migrations) == ["0002_capitals"]


def test_a_new_store_begins_with_every_step_taken(tmp_path: Path, migrations: Path) -> None:
    new = open_store_file(tmp_path / "new.db", KINDS, making=NEW_STORE, migrations=migrations)
    assert new.about().schema == 2
    new.close()
    assert migrate_file(tmp_path / "new.db", migrations=migrations) == []
