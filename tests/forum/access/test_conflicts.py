"""Whoever is too close says so, and from then on it is not there for them; on both stores."""

import pytest

from forum.access.actors import Role
from forum.access.conflicts import declare_conflict, end_conflict
from forum.errors import NotPermitted, RefusedAccess, WrongState
from graph.records import ActorId, new_id
from graph.store.boundary import Store
from tests.builders import (
    NOW,
    a_conflict,
    a_grant,
    a_location,
    a_referral,
    a_scope,
    a_write_key,
    a_young_person,
    an_audit_entry,
    keep,
)
from tests.forum.access.test_restrictions import ME, an_actor, seen_by


def test_a_declared_conflict_denies_the_one_who_declared_it_and_nobody_else(store: Store) -> None:
    arlo, parade = a_young_person(), a_location()
    about, at_the_parade = a_referral(about=(arlo,)), a_referral(about=(parade,))
    records = [arlo, parade, about, at_the_parade]
    keep(store, *records, a_grant(arlo, actor=ME, purposes=("forum_preparation",)))
    assert seen_by(store, an_actor(Role.PRACTITIONER), [arlo, about]) == {arlo.id, about.id}
    conflict = keep(store, a_conflict(arlo, parade, actor=ME))
    for role in (Role.PRACTITIONER, Role.COORDINATOR):
        assert seen_by(store, an_actor(role), [*records, conflict]) == {conflict.id}
    assert seen_by(store, an_actor(actor=ActorId("other")), [*records, conflict]) == {each.id for each in [*records, conflict]}


def test_an_ended_conflict_denies_nothing(store: Store) -> None:
    arlo = a_young_person()
    keep(store, arlo, a_conflict(arlo, actor=ME, ended_at=NOW))
    assert seen_by(store, an_actor(), [arlo]) == {arlo.id}


@pytest.mark.parametrize("role", list(Role))
def test_anyone_sees_their_own_and_only_coordinator_and_chair_those_of_others(sqlite_store: Store, role: Role) -> None:
    mine, theirs = keep(sqlite_store, a_conflict(actor=ME, words="A cousin."), a_conflict(actor=ActorId("x"), words="Work."))
    expected = {mine.id, theirs.id} if role in (Role.COORDINATOR, Role.CHAIR) else {mine.id}
    assert seen_by(sqlite_store, an_actor(role), [mine, theirs]) == expected


def test_a_conflict_says_something_and_is_ended_by_its_own_person_once(sqlite_store: Store) -> None:
    me, other = an_actor(Role.PRACTITIONER), an_actor(Role.CHAIR, ActorId("chair-1"))
    with sqlite_store.write(a_scope(), key=a_write_key(), by=ME, now=NOW) as writer:
        with pytest.raises(RefusedAccess):
            declare_conflict(writer, about=[], words="", by=me, now=NOW)
        made = declare_conflict(writer, about=[new_id()], words="", by=me, now=NOW)
        with pytest.raises(NotPermitted):
            end_conflict(writer, made, by=other, now=NOW)
        ended = end_conflict(writer, made, by=me, now=NOW)
        with pytest.raises(WrongState):
            end_conflict(writer, ended, by=me, now=NOW)
        writer.append(an_audit_entry())
