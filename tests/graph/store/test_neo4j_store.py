"""What is true of the Neo4j store alone: moments without a zone, citations as relationships, few and guarded round trips."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forum.referrals import NamedPerson
from graph.assertions import Assertion
from graph.errors import AlreadyDone, CannotStoreExactly, StoreRefused
from graph.people import YoungPerson
from graph.store import open_store
from graph.store.boundary import Change, Store
from graph.store.codec import stored
from graph.store.neo4j_store.store import last_whole_revision
from tests.builders import (
    ACTOR,
    ALL_KINDS,
    NOW,
    a_grant,
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
from tests.graph.store.bolt_proxy import BoltProxy
from tests.neo4j_server import admin_driver, running_server

LONDON = ZoneInfo("Europe/London")
# An hour that is skipped and an hour that comes twice, by the clocks of London, and the moments around them.
AROUND_THE_CHANGES = [
    start + timedelta(minutes=30 * step)
    for start in (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 10, 24, 23, 30, tzinfo=UTC))
    for step in range(8)
]


@pytest.fixture
def store(neo4j_place: StorePlace) -> Store:
    return neo4j_place.make()


def asked(text: Any, **parameters: Any) -> list[Any]:
    """What the database holds, asked past the store."""
    with admin_driver().session() as session:
        return session.run(text, parameters).values()


# Moments


def test_moments_around_both_clock_changes_come_back_as_they_were(store: Store) -> None:
    place = keep(store, a_location())
    for moment in AROUND_THE_CHANGES:
        arlo = keep(store, a_young_person())
        said = keep(store, an_assertion(arlo, place, recorded_at=moment))
        with store.view(a_scope()) as view:
            assert view.get(Assertion, said.id).recorded_at == moment
            assert view.history(said.id)[0].body == stored(said)
        ((held, sort),) = asked("MATCH (r:Record {id: $id}) RETURN toString(r.recorded_at), valueType(r.recorded_at)", id=said.id)
        assert held == moment.strftime("%Y-%m-%dT%H:%M:%S") or held == moment.strftime("%Y-%m-%dT%H:%M")
        assert sort == "LOCAL DATETIME NOT NULL"


def every_door_for_a_moment(store: Store, moment: datetime) -> dict[str, Callable[[], Any]]:
    """Each way in which a caller hands the store a moment."""

    def write() -> None:
        with store.write(a_scope(), key=a_write_key(), by=ACTOR, now=moment) as writer:
            writer.put(a_young_person())
            writer.append(an_audit_entry())

    return {
        "write": write,
        "record": lambda: keep(store, a_grant(holds_from=moment)),
        "append": lambda: store.append([an_audit_entry(at=moment)]),
        "renew": lambda: store.renew(moment),
        "keep": lambda: store.shelf.keep("key", "value", until=moment),
        "kept": lambda: store.shelf.kept_by("owner", now=moment),
        "take": lambda: store.shelf.count("tries", until=moment),
    }


@pytest.mark.parametrize("door", ["write", "record", "append", "renew", "keep", "kept", "take"])
def test_a_summer_time_in_london_is_refused_at_every_door(store: Store, door: str) -> None:
    for moment in AROUND_THE_CHANGES:
        local = moment.astimezone(LONDON)
        enter = every_door_for_a_moment(store, local)[door]
        if local.utcoffset():
            with pytest.raises(CannotStoreExactly):
                enter()
        else:
            enter()


def test_no_moment_in_the_database_has_a_zone(store: Store) -> None:
    """Whatever is handed to the driver with a zone is stored with one; so nothing ever was."""
    london_winter = datetime(2026, 12, 1, 9, 0, tzinfo=LONDON)
    arlo, place = keep(store, a_young_person(), a_location())
    keep(store, an_assertion(arlo, place, recorded_at=london_winter), a_grant(arlo, holds_from=london_winter))
    for enter in every_door_for_a_moment(store, london_winter).values():
        enter()
    erase(store, arlo.id)
    sorts = Counter(sort for (sort,) in asked("MATCH (n) UNWIND keys(n) AS name RETURN valueType(n[name])"))
    assert not [sort for sort in sorts if "ZONED" in sort or "DURATION" in sort]
    assert sorts["LOCAL DATETIME NOT NULL"] > 10


# What stands in the database


def test_a_statement_reads_as_one_and_its_ends_are_relationships_without_properties(store: Store) -> None:
    arlo, place = keep(store, a_young_person(), a_location())
    referral = keep(store, a_referral(named_people=(NamedPerson(person=arlo.id),)))
    said = keep(store, an_assertion(arlo, place, stated_in=referral))
    ((labels, properties),) = asked("MATCH (r:Record {id: $id}) RETURN labels(r), properties(r)", id=said.id)
    assert set(labels) == {"Record", "Assertion"}
    assert (properties["says"], properties["known"]) == ("harmed_at", "told_by_young_person_or_family")
    assert asked(
        "MATCH (r:Record {id: $id})-[how]->(to) RETURN type(how), to.id, size(keys(how)) ORDER BY type(how)", id=said.id
    ) == [
        ["SOURCE", arlo.id, 0],
        ["STATED_IN", referral.id, 0],
        ["TARGET", place.id, 0],
    ]
    types = asked("MATCH (:Record {id: $id})-[how]->(:Record {id: $to}) RETURN type(how)", id=referral.id, to=arlo.id)
    assert ["NAMED_PEOPLE_PERSON"] in types


def test_what_is_erased_stands_nowhere_in_the_database(store: Store) -> None:
    arlo, place = keep(store, a_young_person(known_as="Quillon"), a_location())
    keep(store, an_assertion(arlo, place, words="Quillon said so"))
    with store.view(a_scope()) as view:
        keep(store, view.get(YoungPerson, arlo.id))
    search = "MATCH (n) UNWIND keys(n) AS name WITH n[name] AS value WHERE toStringOrNull(value) CONTAINS $word RETURN count(*)"
    assert asked(search, word="Quillon") == [[5]]
    erase(store, arlo.id)
    assert asked(search, word="Quillon") == [[0]]


def test_the_check_finds_a_citation_that_somebody_removed(store: Store) -> None:
    arlo, place = keep(store, a_young_person(), a_location())
    said = keep(store, an_assertion(arlo, place))
    store.check()
    asked("MATCH (:Record {id: $id})-[how:TARGET]->() DELETE how", id=said.id)
    with pytest.raises(StoreRefused, match="citations"):
        store.check()


def test_the_check_finds_a_gap_in_the_journal_and_an_entry_that_was_altered_or_cut_off(store: Store) -> None:
    keep(store, a_young_person())
    keep(store, a_young_person())
    asked("MATCH (a:AuditEntry {seq: 2}) SET a.entry = replace(a.entry, 'safety_planning', 'curiosity')")
    with pytest.raises(StoreRefused, match="entry 2"):
        store.check()
    asked("MATCH (a:AuditEntry {seq: 2}) DELETE a")
    with pytest.raises(StoreRefused, match="end of the audit"):
        store.check()
    asked("MATCH (c:Change {revision: 1}) DELETE c")
    with pytest.raises(StoreRefused, match="gap"):
        store.check()


# Round trips


@pytest.fixture
def proxy() -> Iterator[BoltProxy]:
    server = running_server()
    proxy = BoltProxy(server.host, server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def watched(store: Store, proxy: BoltProxy, neo4j_place: StorePlace) -> Iterator[Store]:
    """The same store behind a proxy that notes every message."""
    watched = open_store(proxy.url, ALL_KINDS, credentials=neo4j_place.credentials)
    yield watched
    watched.close()


def test_a_referral_with_ten_statements_takes_no_more_round_trips_than_one_with_one(watched: Store, proxy: BoltProxy) -> None:
    def messages(statements: int) -> int:
        people = [a_young_person() for _ in range(statements)]
        place, referral = a_location(), a_referral()
        proxy.log.clear()
        keep(watched, *people, place, referral, *(an_assertion(person, place, stated_in=referral) for person in people))
        return proxy.log.count("RUN")

    assert messages(10) == messages(1) <= 10


def test_every_statement_runs_inside_a_transaction(watched: Store, proxy: BoltProxy) -> None:
    arlo, place = keep(watched, a_young_person(), a_location())
    keep(watched, an_assertion(arlo, place))
    with watched.view(a_scope()) as view:
        view.get(YoungPerson, arlo.id)
        view.find(YoungPerson)
        view.citing(Assertion, [place.id])
        view.history(arlo.id)
        view.kinds_of([arlo.id])
        view.several([arlo.id])
    watched.append([an_audit_entry()])
    watched.audit(about=arlo.id)
    watched.changes(after=0, limit=10)
    list(watched.export())
    watched.shelf.keep("key", "value", until=NOW)
    watched.shelf.drop("key")
    watched.renew(datetime(2027, 1, 1, tzinfo=UTC))
    watched.check()
    erase(watched, arlo.id)
    is_open = False
    for message in proxy.log:
        assert is_open or message not in ("RUN", "PULL", "COMMIT")
        if message in ("BEGIN", "COMMIT", "ROLLBACK", "RESET"):
            is_open = message == "BEGIN"
    assert proxy.log.count("RUN") > 30


# Many at once


def test_a_follower_misses_nothing_while_four_writers_write(store: Store, neo4j_place: StorePlace) -> None:
    """A reader without locks may meet a commit half way; what it was given must still be every change, whole and in order."""
    followed: list[Change] = []
    over = threading.Event()

    def follow() -> None:
        while True:
            was_over = over.is_set()
            found = list(store.changes(after=followed[-1].revision if followed else 0, limit=3))
            followed.extend(found)
            if was_over and not found:
                return

    def write(other: Store) -> None:
        for _ in range(12):
            arlo, place = a_young_person(), a_location()
            keep(other, arlo, place, an_assertion(arlo, place))

    follower = threading.Thread(target=follow)
    follower.start()
    writers = [threading.Thread(target=write, args=(neo4j_place.open(),)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    over.set()
    follower.join()
    assert [(each.revision, each.position) for each in followed] == [
        (revision, position) for revision in range(1, 49) for position in (1, 2, 3)
    ]
    assert followed == list(store.changes(after=0, limit=1000))


def change_row(revision: int, position: int, *, version: int = 1, stands: int | None = 1, is_last: bool = False) -> list[Any]:
    """A row as the statement gives it: the change, the version at which its record stands, whether it is its revision's last."""
    return [revision, position, "record", "School", version, None, ACTOR, None, stands, is_last]


@pytest.mark.parametrize(
    "half",
    [
        [change_row(2, 1)],  # its last change is not there yet
        [change_row(2, 2, is_last=True)],  # its first change is not there yet
        [change_row(2, 1), change_row(2, 2, stands=None, is_last=True)],  # a new record is not there yet
        [change_row(2, 1, version=4, stands=3, is_last=True)],  # a record is still the old one
        [change_row(3, 1, is_last=True)],  # a whole revision is not there yet, and the next one is
    ],
)
def test_a_revision_met_half_way_is_left_for_the_next_call(half: list[list[Any]]) -> None:
    whole = [change_row(1, 1, stands=2), change_row(1, 2, is_last=True)]
    assert last_whole_revision(0, whole) == 1
    assert last_whole_revision(0, [*whole, *half]) == 1
    assert last_whole_revision(1, half) == 1


def test_fifty_equal_writes_at_once_happen_once(store: Store) -> None:
    key, answers = a_write_key(), list[str]()

    def write() -> None:
        try:
            with store.write(a_scope(), key=key, by=ACTOR, now=NOW) as writer:
                person = writer.put(a_young_person())
                writer.append(an_audit_entry())
                writer.answer({"id": person.id})
            answers.append(person.id)
        except AlreadyDone as done:
            answers.append(done.answer["id"])

    threads = [threading.Thread(target=write) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert store.revision() == 1


def test_a_large_block_is_read_in_its_own_middle_and_keeps_its_order(store: Store) -> None:
    """More records than go to the server at once, with a read and a change of one of them in between."""
    school = a_school()
    people = [a_young_person(known_as=f"Person {number}") for number in range(2100)]
    with store.write(a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        writer.put(school)
        for person in people:
            writer.put(person)
        assert writer.get(YoungPerson, people[-1].id).known_as == "Person 2099"
        changed = writer.put(a_school(id=school.id, version=1, label="Moved", review_on=date(2028, 1, 1)))
        writer.put(an_assertion(people[0], changed))
        writer.append(an_audit_entry())
    changes = store.changes(after=0, limit=1)
    assert len(changes) == 2102
    assert [each.record for each in changes][:2100] == [person.id for person in people]
    assert [each.position for each in changes] == [*range(2, 2104)]
