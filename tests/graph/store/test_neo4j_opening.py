"""How a Neo4j store is opened, made, brought up to date and discarded; whatever is wrong is said in a sentence to act on."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.errors import StoreRefused, StoreUnavailable
from graph.people import YoungPerson
from graph.store import discard_store, hold_store, is_held, migrate_store, open_store
from graph.store.boundary import Credentials
from graph.store.migrate import FOLDER
from graph.store.neo4j_store import migrate_neo4j, open_neo4j
from graph.store.neo4j_store.connection import is_too_old
from tests.builders import ALL_KINDS, NEW_STORE, NOW, a_location, a_scope, a_young_person, an_assertion, erase, keep
from tests.conftest import StorePlace
from tests.neo4j_server import admin_driver, drop_schema, erase_everything

KINDS = {kind.KIND: kind for kind in ALL_KINDS}


def run(text: str) -> None:
    with admin_driver().session() as session:
        session.run(text).consume()


def count(text: str) -> int:
    with admin_driver().session() as session:
        return int(session.run(text).single(strict=True).value())


def test_a_wrong_password_is_refused_and_says_where_to_put_the_right_one(neo4j_place: StorePlace) -> None:
    with pytest.raises(StoreRefused, match="KITH_NEO4J_PASSWORD"):
        open_store(neo4j_place.url, ALL_KINDS, making=NEW_STORE, credentials=Credentials("neo4j", "not the password"))


def test_a_server_that_does_not_answer_is_unavailable_and_says_what_to_look_at(neo4j_place: StorePlace) -> None:
    for url in ("bolt://127.0.0.1:1", "neo4j://127.0.0.1:1", neo4j_place.url.replace("bolt://", "neo4j+s://")):
        with pytest.raises(StoreUnavailable, match="Check that the server runs"):
            open_store(url, ALL_KINDS, making=NEW_STORE, credentials=neo4j_place.credentials)


def test_a_server_before_5_26_is_refused_by_what_it_says_of_itself() -> None:
    assert is_too_old("Neo4j/4.4.38")
    assert is_too_old("Neo4j/5.25.1")
    assert not is_too_old("Neo4j/5.26.20")
    assert not is_too_old("Neo4j/5.27-aura")
    assert not is_too_old("Neo4j/2026.09.0")


def test_an_address_that_is_none_is_refused(neo4j_place: StorePlace) -> None:
    with pytest.raises(StoreRefused, match="address"):
        open_store("neo4j://host:not-a-port", ALL_KINDS, credentials=neo4j_place.credentials)


def test_it_is_reached_by_routing_too(neo4j_place: StorePlace) -> None:
    neo4j_place.make()
    routed = open_store(neo4j_place.url.replace("bolt://", "neo4j://"), ALL_KINDS, credentials=neo4j_place.credentials)
    try:
        arlo = keep(routed, a_young_person())
        with routed.view(a_scope()) as view:
            assert view.get(YoungPerson, arlo.id) == arlo
    finally:
        routed.close()


def test_an_empty_database_is_refused_until_somebody_makes_a_store(neo4j_place: StorePlace) -> None:
    with pytest.raises(StoreRefused, match="no store there yet"):
        neo4j_place.open()
    made = neo4j_place.make().about()
    assert (made.kind, made.forum, made.evaluation) == ("neo4j", NEW_STORE.forum, True)
    assert neo4j_place.open().about() == made


def test_whoever_makes_it_makes_the_schema(neo4j_place: StorePlace) -> None:
    drop_schema()
    assert count("SHOW CONSTRAINTS YIELD name RETURN count(name)") == 0
    neo4j_place.make()
    declared = re.findall(r"^CREATE (?:CONSTRAINT|INDEX) (\w+)", (FOLDER / "0001_records" / "neo4j.cypher").read_text(), re.M)
    with admin_driver().session() as session:
        made = session.run("SHOW INDEXES YIELD name, type, state WHERE type = 'RANGE' RETURN name, state").values()
    assert {name for name, _ in made} == set(declared)


def test_a_database_that_holds_something_else_is_left_alone(neo4j_place: StorePlace) -> None:
    run("CREATE (:Film {title: 'Somebody else\\'s'})")
    with pytest.raises(StoreRefused, match="something else"):
        neo4j_place.make()
    with pytest.raises(StoreRefused):
        discard_store(neo4j_place.url, credentials=neo4j_place.credentials)
    assert count("MATCH (n) RETURN count(n)") == 1


def test_a_store_newer_than_the_code_is_refused(neo4j_place: StorePlace) -> None:
    neo4j_place.make()
    run("MATCH (h:Head {name: 'schema'}) SET h.revision = 9999")
    with pytest.raises(StoreRefused, match="newer version"):
        neo4j_place.open()
    with pytest.raises(StoreRefused, match="newer version"):
        migrate_store(neo4j_place.url, credentials=neo4j_place.credentials)


def cut_short(chunks: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield next(chunks)[:4]
    raise KeyboardInterrupt


def test_a_store_half_restored_refuses_to_open_until_it_is_discarded(neo4j_place: StorePlace) -> None:
    store = neo4j_place.make()
    keep(store, *(a_young_person() for _ in range(5)))
    whole = [list(chunk) for chunk in store.export()]
    erase_everything()
    with pytest.raises(KeyboardInterrupt):
        neo4j_place.make().restore(cut_short(iter(whole)))
    with pytest.raises(StoreRefused, match="half restored"):
        neo4j_place.open()
    discard_store(neo4j_place.url, credentials=neo4j_place.credentials)
    again = neo4j_place.make()
    again.restore(iter(whole))
    assert [list(chunk) for chunk in again.export()] == whole


def test_discarding_leaves_nothing_behind(neo4j_place: StorePlace) -> None:
    store = neo4j_place.make()
    arlo, place = keep(store, a_young_person(), a_location())
    keep(store, an_assertion(arlo, place))
    store.shelf.keep("session", "value", until=NOW)
    discard_store(neo4j_place.url, credentials=neo4j_place.credentials)
    assert count("MATCH (n) RETURN count(n)") == 0
    with pytest.raises(StoreRefused, match="no store there yet"):
        discard_store(neo4j_place.url, credentials=neo4j_place.credentials)


def test_nobody_holds_a_server(neo4j_place: StorePlace) -> None:
    with hold_store(neo4j_place.url), hold_store(neo4j_place.url):
        assert not is_held(neo4j_place.url)


# Migrations

UPGRADE = """
def upgrade(properties):
    if properties["kind"] != "YoungPerson" or properties["known_as"] is None:
        return properties
    return {**properties, "known_as": properties["known_as"] + "!"}
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The steps of this version, and one more that makes an index and changes what a body says."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder)
    step = folder / "0002_louder"
    step.mkdir()
    (step / "neo4j.cypher").write_text("CREATE INDEX louder IF NOT EXISTS FOR (r:YoungPerson) ON (r.known_as);  // a comment\n")
    (step / "sqlite.sql").write_text("")
    (step / "upgrade.py").write_text(UPGRADE)
    (folder / "HEAD").write_text("0002\n")
    return folder


def test_an_older_store_waits_for_kith_migrate_and_then_every_body_is_upgraded_once(
    neo4j_place: StorePlace, migrations: Path
) -> None:
    store = neo4j_place.make()
    arlo, place = keep(store, a_young_person(known_as="Arlo"), a_location())
    said = keep(store, an_assertion(arlo, place))
    gone = keep(store, a_young_person())
    erase(store, gone.id)
    with pytest.raises(StoreRefused, match="kith migrate"):
        open_neo4j(neo4j_place.url, KINDS, credentials=neo4j_place.credentials, migrations=migrations)
    assert migrate_neo4j(neo4j_place.url, credentials=neo4j_place.credentials, migrations=migrations) == ["0002_louder"]
    assert migrate_neo4j(neo4j_place.url, credentials=neo4j_place.credentials, migrations=migrations) == []
    newer = open_neo4j(neo4j_place.url, KINDS, credentials=neo4j_place.credentials, migrations=migrations)
    try:
        assert newer.about().schema == 2
        with newer.view(a_scope()) as view:
            assert view.get(YoungPerson, arlo.id).known_as == "Arlo!"
            assert view.history(arlo.id)[0].body["known_as"] == "Arlo!"  # type: ignore[index]
            assert view.several([said.id]) == (said,)
        newer.check()
    finally:
        newer.close()
    run("DROP INDEX louder")


def test_a_migration_cut_short_is_taken_up_where_it_stopped(neo4j_place: StorePlace, migrations: Path) -> None:
    """As if the process had been killed after the first page: what was upgraded then is not upgraded again."""
    store = neo4j_place.make()
    first, _ = sorted(keep(store, a_young_person(known_as="A"), a_young_person(known_as="A")), key=lambda each: each.id)
    run(f"MATCH (h:Head {{name: 'schema'}}) SET h.reached = '[\"{first.id}\", 0, 0]'")
    migrate_neo4j(neo4j_place.url, credentials=neo4j_place.credentials, migrations=migrations)
    newer = open_neo4j(neo4j_place.url, KINDS, credentials=neo4j_place.credentials, migrations=migrations)
    try:
        with newer.view(a_scope()) as view:
            assert [each.known_as for each in view.find(YoungPerson)] == ["A", "A!"]
    finally:
        newer.close()
    run("DROP INDEX louder")
