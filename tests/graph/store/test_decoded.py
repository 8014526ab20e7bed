"""What bodies say is read once; what somebody sees of it is decided each time, and what was erased is kept nowhere."""

import json
from typing import Any

from forum.referrals import Referral
from graph.people import YoungPerson
from graph.store.boundary import Store
from graph.store.codec import stored
from graph.store.decoded import DecodedRecords
from tests.builders import a_location, a_referral, a_scope, a_young_person, erase, keep

KINDS = {YoungPerson.KIND: YoungPerson}


def kept_by(store: Store) -> int:
    """How many records the store keeps decoded."""
    kept: Any = store
    found: int = kept._decoded.reading().cache_info().currsize
    return found


def test_one_body_is_read_once_and_another_one_anew() -> None:
    decoded = DecodedRecords(KINDS)
    arlo = a_young_person()
    body = json.dumps(stored(arlo))
    assert decoded.reading()(YoungPerson.KIND, body) == arlo
    assert decoded.reading()(YoungPerson.KIND, body) is decoded.reading()(YoungPerson.KIND, str(body))
    other = a_young_person()
    assert decoded.reading()(YoungPerson.KIND, json.dumps(stored(other))) == other


def test_what_was_looked_up_before_an_erasure_and_read_after_it_is_not_kept() -> None:
    decoded = DecodedRecords(KINDS)
    before: Any = decoded.reading()
    decoded.forget()
    before(YoungPerson.KIND, json.dumps(stored(a_young_person())))
    after: Any = decoded.reading()
    assert (before.cache_info().currsize, after.cache_info().currsize) == (1, 0)


def test_whoever_sees_less_takes_nothing_from_whoever_sees_more(sqlite_store: Store) -> None:
    who, place = keep(sqlite_store, a_young_person(), a_location())
    referral = keep(sqlite_store, a_referral(about=(who, place)))
    less = a_scope(withheld=frozenset({place.id}))
    for scope, contexts in ((a_scope(), (place.id,)), (less, ()), (a_scope(), (place.id,)), (less, ())):
        with sqlite_store.view(scope) as view:
            assert view.get(Referral, referral.id).subject_contexts == contexts


def test_nothing_that_was_read_is_kept_beyond_an_erasure(sqlite_store: Store) -> None:
    who, other = keep(sqlite_store, a_young_person(), a_young_person())
    with sqlite_store.view(a_scope()) as view:
        assert view.several([who.id, other.id]) == (who, other) or view.several([who.id, other.id]) == (other, who)
    assert kept_by(sqlite_store) >= 2
    erase(sqlite_store, who.id)
    assert kept_by(sqlite_store) == 0
