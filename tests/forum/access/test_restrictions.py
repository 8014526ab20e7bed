"""A restriction leaves in those it names and nobody else; on both stores, whatever else lets them see."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from forum.access.actors import Actor, Role
from forum.access.restrictions import end_restriction, make_restriction
from forum.access.standing import scope_for
from forum.errors import OwnWork, RefusedAccess, WrongState
from forum.kinds import CASE_KINDS
from forum.maps import MapSheet
from forum.participation import Awareness
from forum.referrals import Referral
from graph.assertions import Assertion
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import ActorId, Record, RecordId, new_id
from graph.store.boundary import Store
from tests.builders import (
    FORUM,
    NOW,
    a_grant,
    a_location,
    a_map_sheet,
    a_referral,
    a_restriction,
    a_scope,
    a_write_key,
    a_young_person,
    an_assertion,
    an_audit_entry,
    an_awareness,
    an_incident,
    keep,
)

ME, CHAIR = ActorId("me"), ActorId("chair-1")


def an_actor(role: Role = Role.COORDINATOR, actor: ActorId = ME) -> Actor:
    return Actor(id=actor, role=role, forum=FORUM, signed_in_at=NOW)


def seen_by(store: Store, actor: Actor, records: Sequence[Record]) -> set[RecordId]:
    with store.view(scope_for(store, actor, now=NOW, case=CASE_KINDS)) as view:
        return set(view.kinds_of([record.id for record in records]))


def test_a_restricted_person_is_there_only_for_those_named_with_all_that_is_about_them(store: Store) -> None:
    arlo, bela, parade = a_young_person(), a_young_person(), a_location()
    about, other = a_referral(about=(arlo,)), a_referral(about=(bela,), names=((arlo, ()),))
    gone: list[Record] = [
        arlo,
        about,
        an_assertion(bela, parade, stated_in=about),
        an_assertion(arlo, parade, stated_in=other),
        an_awareness(referral=other.id, person=arlo.id),
        an_incident(people=((bela, ()),), stated_in=about.id),
        a_map_sheet(arlo),
    ]
    stays: list[Record] = [bela, parade, other, an_assertion(bela, parade, stated_in=other)]
    keep(store, arlo, *stays, *gone[1:], a_restriction(arlo, named=(CHAIR,)))
    assert {type(record) for record in gone} == {YoungPerson, Referral, Assertion, Awareness, Incident, MapSheet}
    assert seen_by(store, an_actor(), [*gone, *stays]) == {record.id for record in stays}
    assert seen_by(store, an_actor(actor=CHAIR), [*gone, *stays]) == {record.id for record in (*gone, *stays)}
    with store.view(scope_for(store, an_actor(), now=NOW, case=CASE_KINDS)) as view:
        assert view.get(Referral, other.id).named_people == ()


def test_a_restriction_wins_over_a_grant_and_nothing_is_reached_through_what_it_hides(store: Store) -> None:
    arlo, friend = a_young_person(), a_young_person()
    about = a_referral(about=(arlo,), names=((friend, ()),))
    keep(store, arlo, friend, about)
    grant = keep(store, a_grant(about, actor=ME, purposes=("forum_preparation",)))
    worker = an_actor(Role.PRACTITIONER)
    assert seen_by(store, worker, [arlo, friend, about]) == {arlo.id, friend.id, about.id}
    restriction = keep(store, a_restriction(arlo, named=(CHAIR,)))
    assert seen_by(store, worker, [arlo, friend, about]) == set()
    assert seen_by(store, worker, [grant]) == set()
    keep(store, replace(restriction, named=(CHAIR, ME)))
    assert seen_by(store, worker, [arlo, friend, about]) == {arlo.id, friend.id, about.id}


def test_a_grant_on_one_child_reaches_nobody_through_a_referral_that_another_childs_restriction_hides(store: Store) -> None:
    arlo, bela, friend = a_young_person(), a_young_person(), a_young_person()
    of_both = a_referral(about=(arlo, bela), names=((friend, ()),))
    keep(store, arlo, bela, friend, of_both, a_grant(bela, actor=ME, purposes=("forum_preparation",)))
    worker = an_actor(Role.PRACTITIONER)
    assert seen_by(store, worker, [arlo, bela, friend, of_both]) == {arlo.id, bela.id, friend.id, of_both.id}
    keep(store, a_restriction(arlo, named=(CHAIR,)))
    assert seen_by(store, worker, [arlo, bela, friend, of_both]) == {bela.id}


def test_being_named_gives_nothing_without_a_grant(store: Store) -> None:
    arlo = a_young_person()
    keep(store, arlo, a_restriction(arlo, named=(ME,)))
    assert seen_by(store, an_actor(Role.PRACTITIONER), [arlo]) == set()


def test_nobody_it_does_not_name_learns_that_there_is_a_restriction_but_the_governance_lead(store: Store) -> None:
    arlo = a_young_person()
    restriction = a_restriction(arlo, named=(ActorId("worker"),), made_by=CHAIR)
    keep(store, arlo, restriction)
    assert seen_by(store, an_actor(), [restriction]) == set()
    assert seen_by(store, an_actor(actor=CHAIR), [restriction, arlo]) == {restriction.id}
    assert seen_by(store, an_actor(Role.INFORMATION_GOVERNANCE), [restriction, arlo]) == {restriction.id}


def test_a_restriction_that_names_nobody_or_nothing_is_refused_with_what_to_do(sqlite_store: Store) -> None:
    with (
        pytest.raises(RefusedAccess) as refused,
        sqlite_store.write(a_scope(), key=a_write_key(), by=ME, now=NOW) as writer,
    ):
        make_restriction(writer, about=[], named=[], reason="", by=an_actor(), now=NOW)
    assert [mistake.pointer for mistake in refused.value.mistakes] == ["/about", "/named", "/reason"]


def test_only_somebody_else_ends_a_restriction_and_only_once(sqlite_store: Store) -> None:
    chair, other = an_actor(Role.CHAIR, CHAIR), an_actor(Role.COORDINATOR)
    with sqlite_store.write(a_scope(), key=a_write_key(), by=CHAIR, now=NOW) as writer:
        made = make_restriction(writer, about=[new_id()], named=[ME], reason="Asked for.", by=chair, now=NOW)
        with pytest.raises(OwnWork):
            end_restriction(writer, made, by=chair, now=NOW)
        ended = end_restriction(writer, made, by=other, now=NOW)
        assert (ended.ended_by, ended.ended_at) == (ME, NOW)
        with pytest.raises(WrongState):
            end_restriction(writer, ended, by=other, now=NOW)
        writer.append(an_audit_entry())


def test_what_a_restriction_names_need_not_be_there(sqlite_store: Store) -> None:
    with sqlite_store.write(a_scope(), key=a_write_key(), by=ME, now=NOW) as writer:
        assert make_restriction(writer, about=[new_id()], named=[ME], reason="Asked for.", by=an_actor(), now=NOW).about
        writer.append(an_audit_entry())
