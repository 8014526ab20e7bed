"""What an actor may see just now, worked out from grants alone, on both stores."""

from datetime import datetime, timedelta

import pytest

from forum.access.actors import Actor, Purpose, Role
from forum.access.grants import Reason
from forum.access.policy import house_scope
from forum.access.standing import grants_of, scope_for, sight_for
from forum.kinds import CASE_KINDS
from graph.errors import RecordNotFound
from graph.people import YoungPerson
from graph.records import ActorId, Handling, RecordId
from graph.store.boundary import Store
from tests.builders import (
    FORUM,
    NOW,
    a_grant,
    a_location,
    a_peer_group,
    a_referral,
    a_young_person,
    an_assertion,
    an_awareness,
    an_incident,
    keep,
)

ME = ActorId("me")


def an_actor(role: Role = Role.PRACTITIONER, *, purpose: Purpose = Purpose.SAFETY_PLANNING) -> Actor:
    return Actor(id=ME, role=role, forum=FORUM, purpose=purpose, signed_in_at=NOW)


def granted(store: Store, actor: Actor | None = None) -> frozenset[RecordId]:
    """What the actor's grants cover; the grants themselves, which each may read, apart."""
    return covered_at(store, actor or an_actor())


def covered_at(store: Store, actor: Actor, *, now: datetime = NOW) -> frozenset[RecordId]:
    covered = scope_for(store, actor, now=now, case=CASE_KINDS).granted
    with store.view(house_scope(FORUM)) as view:
        return covered - {grant.id for grant in grants_of(view, actor.id)}


def test_a_grant_on_a_referral_covers_it_and_what_it_and_its_statements_cite(store: Store) -> None:
    arlo, friend, parade, group = a_young_person(), a_young_person(), a_location(), a_peer_group()
    referral = a_referral(about=(arlo,), concerns_contexts=(group.id,))
    statement = an_assertion(friend, parade, stated_in=referral)
    keep(store, arlo, friend, parade, group, referral, statement, a_grant(referral, actor=ME))
    assert granted(store) >= {referral.id, arlo.id, friend.id, parade.id, group.id}
    with store.view(scope_for(store, an_actor(), now=NOW, case=CASE_KINDS)) as view:
        assert view.get(type(statement), statement.id).source == friend.id


def test_tellings_and_incidents_of_a_granted_referral_are_covered_with_it(store: Store) -> None:
    arlo, friend = a_young_person(), a_young_person()
    referral = a_referral(about=(arlo,))
    telling = an_awareness(referral=referral.id, person=arlo.id)
    incident = an_incident(people=((friend, ()),), stated_in=referral.id)
    keep(store, arlo, friend, referral, telling, incident, a_grant(referral, actor=ME))
    assert granted(store) >= {telling.id, incident.id, friend.id}


def test_only_statements_that_may_be_seen_count(store: Store) -> None:
    arlo, hidden, parade = a_young_person(), a_young_person(), a_location()
    referral = a_referral(about=(arlo,))
    statement = an_assertion(hidden, parade, stated_in=referral, handling=Handling.FRONT_DOOR)
    keep(store, arlo, hidden, parade, referral, statement, a_grant(referral, actor=ME))
    assert hidden.id not in granted(store)


def test_a_panel_members_marks_decide_what_a_grant_reaches(store: Store) -> None:
    arlo, friend, parade = a_young_person(), a_young_person(), a_location()
    referral = a_referral(about=(arlo,))
    statement = an_assertion(friend, parade, stated_in=referral, handling=Handling.ALLOCATED_WORKERS)
    keep(store, arlo, friend, parade, referral, statement, a_grant(referral, actor=ME))
    assert friend.id in granted(store, an_actor(Role.PRACTITIONER))
    assert friend.id not in granted(store, an_actor(Role.PANEL_MEMBER))


def test_a_grant_on_a_young_person_covers_the_referrals_whose_subject_they_are(store: Store) -> None:
    arlo, other = a_young_person(), a_young_person()
    about_arlo, about_other = a_referral(about=(arlo,)), a_referral(about=(other,), names=((arlo, ()),))
    keep(store, arlo, other, about_arlo, about_other, a_grant(arlo, actor=ME))
    assert granted(store) == {arlo.id, about_arlo.id}


def test_being_linked_to_what_one_may_see_shows_nothing_more(store: Store) -> None:
    arlo, bela, parade = a_young_person(), a_young_person(), a_location()
    mine, theirs = a_referral(about=(arlo,)), a_referral(about=(bela,))
    keep(store, arlo, bela, parade, mine, theirs, a_grant(mine, actor=ME))
    before = granted(store)
    keep(store, an_assertion(arlo, bela, stated_in=theirs), an_assertion(bela, parade, stated_in=theirs))
    assert granted(store) == before


def test_a_private_address_is_seen_only_through_a_grant(store: Store) -> None:
    arlo = a_young_person()
    cited, other = (a_location(label=name, place_kind="private_address") for name in ("1 Alder Row", "2 Alder Row"))
    referral = a_referral(about=(arlo,))
    statement = an_assertion(arlo, cited, stated_in=referral)
    keep(store, arlo, cited, other, referral, statement, a_grant(referral, actor=ME))
    scope = scope_for(store, an_actor(), now=NOW, case=CASE_KINDS)
    with store.view(scope) as view:
        assert view.get(type(cited), cited.id).label == "1 Alder Row"
        with pytest.raises(RecordNotFound):
            view.get(type(other), other.id)


def test_a_grant_that_ended_a_second_ago_covers_nothing(store: Store) -> None:
    arlo = a_young_person()
    grant = a_grant(arlo, actor=ME, holds_until=NOW + timedelta(hours=1))
    keep(store, arlo, grant)
    actor = an_actor()
    assert covered_at(store, actor, now=NOW + timedelta(minutes=59)) == {arlo.id}
    assert not covered_at(store, actor, now=NOW + timedelta(hours=1, seconds=1))


def test_a_purpose_that_no_grant_names_covers_nothing(store: Store) -> None:
    arlo = a_young_person()
    keep(store, arlo, a_grant(arlo, actor=ME))
    assert not granted(store, an_actor(purpose=Purpose.AUDIT_REVIEW))


def test_somebody_elses_grant_covers_nothing_for_me(store: Store) -> None:
    arlo = a_young_person()
    keep(store, arlo, a_grant(arlo, actor=ActorId("somebody else")))
    assert not granted(store)


def test_a_guest_reads_nothing_whatever_was_granted(store: Store) -> None:
    parade = a_location()
    keep(store, parade, a_grant(parade, actor=ME))
    scope = scope_for(store, an_actor(Role.GUEST), now=NOW, case=CASE_KINDS)
    with store.view(scope) as view, pytest.raises(RecordNotFound):
        view.get(type(parade), parade.id)


def test_a_coordinator_sees_the_whole_forum_without_a_grant(store: Store) -> None:
    arlo = a_young_person(handling=Handling.FRONT_DOOR)
    keep(store, arlo)
    with store.view(scope_for(store, an_actor(Role.COORDINATOR), now=NOW, case=CASE_KINDS)) as view:
        assert view.get(YoungPerson, arlo.id).id == arlo.id


def test_what_a_young_person_told_one_worker_is_for_those_who_wrote_it_or_work_with_the_case(store: Store) -> None:
    arlo, parade = a_young_person(), a_location()
    referral = a_referral(about=(arlo,))
    told = an_assertion(arlo, parade, stated_in=referral, handling=Handling.YOUNG_PERSON_AND_WORKER)
    keep(store, arlo, parade, referral, told)

    def sees(role: Role) -> bool:
        with store.view(scope_for(store, an_actor(role), now=NOW, case=CASE_KINDS)) as view:
            return bool(view.kinds_of([told.id]))

    assert [sees(role) for role in (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER)] == [False, False, False]
    keep(store, a_grant(referral, actor=ME))
    assert [sees(role) for role in (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER)] == [True, True, True]
    assert not sees(Role.PANEL_MEMBER)


def test_a_sight_tells_of_each_record_which_grants_cover_it_and_no_other(store: Store) -> None:
    arlo, bela, friend, parade = a_young_person(), a_young_person(), a_young_person(), a_location()
    one, two = a_referral(about=(arlo,)), a_referral(about=(bela,))
    said = an_assertion(friend, parade, stated_in=one)
    event = an_incident(people=((friend, ()),), stated_in=two.id)
    first, second, third = a_grant(one, actor=ME), a_grant(two, actor=ME), a_grant(arlo, actor=ME)
    keep(store, arlo, bela, friend, parade, one, two, said, event, first, second, third, a_grant(bela, actor=ActorId("other")))
    sight = sight_for(store, an_actor(), now=NOW, case=CASE_KINDS)
    found = sight.under([arlo.id, bela.id, friend.id])
    assert found == {
        arlo.id: frozenset({first.id, third.id}),
        bela.id: frozenset({second.id}),
        friend.id: frozenset({first.id, second.id, third.id}),
    }


def test_an_item_covers_whom_its_marks_admit_beside_what_another_grant_covers(store: Store) -> None:
    arlo, bela = a_young_person(handling=Handling.ALLOCATED_WORKERS), a_young_person(handling=Handling.PANEL_ITEM)
    case = a_referral(about=(arlo, bela), handling=Handling.PANEL_ITEM)
    own, item = a_grant(arlo, actor=ME), a_grant(case, actor=ME, source=Reason.PANEL_ITEM)
    keep(store, arlo, bela, case, own, item)
    sight = sight_for(store, an_actor(), now=NOW, case=CASE_KINDS)
    assert sight.under([arlo.id, bela.id]) == {arlo.id: frozenset({own.id}), bela.id: frozenset({own.id, item.id})}
    without = sight_for(store, an_actor(Role.COORDINATOR), now=NOW, case=CASE_KINDS)
    assert without.under([arlo.id]) == {arlo.id: frozenset()}


def test_the_audit_is_told_which_grants_a_sight_rests_on(store: Store) -> None:
    arlo = a_young_person()
    grant = a_grant(arlo, actor=ME)
    keep(store, arlo, grant, a_grant(arlo, actor=ME, purposes=("incident",)))
    assert sight_for(store, an_actor(), now=NOW, case=CASE_KINDS).grants == (grant.id,)
