"""Promises R1, R5 and R8 on the production store: connections cut at every message, a server that goes silent, killed writers.

The server is real. A scripted proxy stands before it and cuts; what the server then holds is asked past the proxy.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from graph.errors import AlreadyDone, NotKept, StoreBusy, StoreUnavailable
from graph.people import YoungPerson
from graph.store import open_store
from graph.store.boundary import Store, WriteKey
from tests.builders import ACTOR, ALL_KINDS, NOW, a_scope, a_write_key, a_young_person, an_audit_entry, keep
from tests.conftest import StorePlace
from tests.graph.store.bolt_proxy import BoltProxy
from tests.graph.store.write_storm import survive, write_one
from tests.neo4j_server import running_server


@pytest.fixture
def proxy() -> Iterator[BoltProxy]:
    server = running_server()
    proxy = BoltProxy(server.host, server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def direct(neo4j_place: StorePlace) -> Store:
    """The store as it is, past the proxy."""
    return neo4j_place.make()


@pytest.fixture
def through(proxy: BoltProxy, direct: Store, neo4j_place: StorePlace) -> Iterator[Store]:
    """The same store, reached through the proxy."""
    store = open_store(proxy.url, ALL_KINDS, credentials=neo4j_place.credentials)
    with store.view(a_scope()) as view:
        assert view.find(YoungPerson) == ()
    yield store
    proxy.let_through()
    store.close()


def times_there(store: Store, key: str) -> int:
    with store.view(a_scope()) as view:
        return sum(person.known_as == key for person in view.find(YoungPerson, limit=1000))


def tell_or_say_so(store: Store, key: str) -> str | None:
    """The id that was acknowledged; None where the store honestly said that it does not know."""
    try:
        return write_one(store, key)
    except StoreUnavailable:
        return None


@pytest.mark.parametrize("at", ["asked", "sent", "answered"])
def test_a_write_cut_at_any_message_happens_once_or_is_said_to_be_unknown(
    at: str, proxy: BoltProxy, direct: Store, through: Store
) -> None:
    write_one(through, "counted")
    proxy.log.clear()
    write_one(through, "one more")
    messages = Counter(proxy.log)
    assert messages["COMMIT"] == 1
    assert messages["RUN"] >= 6
    for message, count in sorted(messages.items()):
        for turn in range(1, count + 1):
            key = f"{message} {turn}"
            cut = proxy.cut(message, at, turn=turn)
            acknowledged = tell_or_say_so(through, key)
            assert cut.done.is_set()
            there = times_there(direct, key)
            assert there == 1 if acknowledged else there in (0, 1)
            repeated = write_one(through, key)
            assert acknowledged in (None, repeated)
            assert times_there(direct, key) == 1
    direct.check()


def test_a_commit_that_the_server_made_and_nobody_heard_of_counts_as_done(
    proxy: BoltProxy, direct: Store, through: Store
) -> None:
    cut = proxy.cut("COMMIT", "answered")
    person = write_one(through, "key")
    assert cut.done.is_set()
    assert times_there(direct, "key") == 1
    with pytest.raises(AlreadyDone) as again, through.write(a_scope(), key=WriteKey("key", "digest"), by=ACTOR, now=NOW):
        pass
    assert again.value.answer == {"id": person}


def test_a_commit_that_the_server_never_got_is_said_to_be_unknown_and_can_be_repeated(
    proxy: BoltProxy, direct: Store, through: Store
) -> None:
    proxy.cut("COMMIT", "asked")
    with pytest.raises(StoreUnavailable):
        write_one(through, "key")
    assert times_there(direct, "key") == 0
    assert direct.revision() == 0
    write_one(through, "key")
    assert times_there(direct, "key") == 1
    assert direct.revision() == 1


def test_when_nobody_can_be_asked_about_a_commit_the_store_says_so_and_a_repeat_finds_it(
    proxy: BoltProxy, direct: Store, through: Store
) -> None:
    proxy.cut("COMMIT", "answered", stays_down=True)
    with pytest.raises(StoreUnavailable):
        write_one(through, "key")
    assert times_there(direct, "key") == 1
    proxy.let_through()
    write_one(through, "key")
    assert times_there(direct, "key") == 1
    assert direct.revision() == 1


def lose_the_connection(store: Store, proxy: BoltProxy, key: WriteKey) -> None:
    """A block that goes on although it was told, in its middle, that the store is gone."""
    with store.write(a_scope(), key=key, by=ACTOR, now=NOW) as writer:
        person = writer.put(a_young_person(known_as="lost"))
        writer.append(an_audit_entry())
        assert writer.get(YoungPerson, person.id) == person
        proxy.cut("RUN", "sent")
        with suppress(StoreUnavailable):
            writer.get(YoungPerson, person.id)


def test_a_connection_lost_in_the_middle_of_a_block_undoes_it(proxy: BoltProxy, direct: Store, through: Store) -> None:
    key = a_write_key()
    with pytest.raises(StoreUnavailable):
        lose_the_connection(through, proxy, key)
    assert times_there(direct, "lost") == 0
    with through.write(a_scope(), key=key, by=ACTOR, now=NOW) as writer:
        writer.put(a_young_person(known_as="lost"))
        writer.append(an_audit_entry())
    assert times_there(direct, "lost") == 1


@pytest.mark.parametrize("at", ["asked", "sent", "answered"])
def test_viewings_are_durable_or_the_store_says_that_it_does_not_know(
    at: str, proxy: BoltProxy, direct: Store, through: Store
) -> None:
    for message, turn in (("BEGIN", 1), ("RUN", 1), ("RUN", 2), ("COMMIT", 1)):
        cut = proxy.cut(message, at, turn=turn)
        with pytest.raises(StoreUnavailable):
            through.append([an_audit_entry(action="viewed")])
        assert cut.done.is_set()
        through.append([an_audit_entry(action="viewed")])
    direct.check()
    assert 4 <= len(direct.audit()) <= 8


def test_a_one_time_link_is_spent_once_even_when_the_answer_is_lost(proxy: BoltProxy, direct: Store, through: Store) -> None:
    direct.shelf.keep("link", "sign in", until=NOW + timedelta(minutes=10))
    proxy.cut("COMMIT", "answered")
    with pytest.raises(StoreUnavailable):
        through.shelf.take("link", now=NOW)
    with pytest.raises(NotKept):
        through.shelf.take("link", now=NOW)


def test_a_one_time_link_is_given_to_one_of_many_who_ask_at_once(direct: Store) -> None:
    for turn in range(10):
        direct.shelf.keep(f"link {turn}", "sign in", until=NOW + timedelta(minutes=10))

        def spend(_: int, key: str = f"link {turn}") -> int:
            try:
                return len(direct.shelf.take(key, now=NOW))
            except NotKept:
                return 0

        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(spend, range(8))) == [0] * 7 + [len("sign in")]


def test_counting_at_once_loses_nothing(direct: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        counts = sorted(pool.map(lambda _: direct.shelf.count("tries", until=NOW + timedelta(minutes=10)), range(40)))
    assert counts == list(range(1, 41))


def test_a_reader_repeats_by_itself_when_the_connection_is_lost(proxy: BoltProxy, direct: Store, through: Store) -> None:
    person = keep(direct, a_young_person())
    for at in ("asked", "sent", "answered"):
        cut = proxy.cut("RUN", at)
        with through.view(a_scope()) as view:
            assert view.get(YoungPerson, person.id) == person
        assert cut.done.is_set()


def test_a_writer_in_the_way_is_waited_for_and_then_the_store_is_busy(direct: Store, neo4j_place: StorePlace) -> None:
    """Five seconds, said by the server. Readers, the audit of viewings and the shelf wait for nobody."""
    other = neo4j_place.open()
    with other.write(a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        writer.put(a_young_person(known_as="unseen"))
        writer.append(an_audit_entry())
        with pytest.raises(StoreBusy):
            keep(direct, a_young_person())
        direct.append([an_audit_entry(action="viewed")])
        direct.shelf.keep("session", "kept", until=NOW + timedelta(hours=8))
        assert times_there(direct, "unseen") == 0
    assert times_there(direct, "unseen") == 1
    assert keep(direct, a_young_person()).version == 1


def test_nothing_acknowledged_is_lost_when_four_writers_are_killed(neo4j_place: StorePlace) -> None:
    neo4j_place.make().close()
    outcome = survive(neo4j_place.url, kills=8, seed=20261121, credentials=neo4j_place.credentials)
    assert outcome.kills == 8
    assert outcome.acknowledged
