"""What somebody invited from outside is shown of a place: guardians and conditions, no person, no small count."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from forum.access.actors import Actor, Role
from forum.access.grants import Reason
from forum.access.sheets import ContextSheet, SheetCondition, SheetGuardian
from forum.access.standing import chairs_scope, scope_for
from forum.context_sheets import invite
from forum.errors import RefusedAccess
from forum.kinds import CASE_KINDS
from forum.referrals import Condition, Guardian
from graph.errors import RecordNotFound
from graph.projection import Projection
from graph.records import ActorId, Handling, Record, RecordId
from graph.store.boundary import Store
from tests.builders import (
    ALL_KINDS,
    FORUM,
    NOW,
    TODAY,
    a_conflict,
    a_location,
    a_peer_group,
    a_referral,
    a_restriction,
    a_scope,
    a_write_key,
    a_young_person,
    an_assertion,
    an_audit_entry,
    keep,
    some_unnamed_people,
)

GUEST = ActorId("shop owner")


def invited(store: Store, *contexts: Record) -> list[ContextSheet]:
    """The sheets that somebody invited to these contexts reads."""
    chairs = chairs_scope(store, forum=FORUM, now=NOW, case=CASE_KINDS)
    projection = Projection(ALL_KINDS)
    projection.catch_up(store)
    with (
        store.view(chairs) as sight,
        store.write(a_scope(), key=a_write_key(), by=ActorId("chair-1"), now=NOW) as writer,
    ):
        invite(
            writer,
            sight,
            projection.within(chairs),
            to=GUEST,
            contexts=[context.id for context in contexts],
            because=Reason.INVITED,
            until=NOW + timedelta(days=14),
            given_by=ActorId("chair-1"),
            now=NOW,
            today=TODAY,
        )
        writer.append(an_audit_entry())
    return read(store)


def read(store: Store, *, days: int = 0) -> list[ContextSheet]:
    guest = Actor(id=GUEST, role=Role.GUEST, forum=FORUM, signed_in_at=NOW)
    with store.view(scope_for(store, guest, now=NOW + timedelta(days=days), case=CASE_KINDS)) as view:
        return list(view.find(ContextSheet))


def harmed_at(place: Record, people: Sequence[Record], **given: Handling) -> list[Record]:
    """A referral for each of these people, with harm there."""
    found: list[Record] = []
    for person in people:
        referral = a_referral(about=(person,)) if person.KIND == "YoungPerson" else a_referral(about=(place,))
        found += [person, referral, an_assertion(person, place, stated_in=referral, **given)]
    return found


def test_a_sheet_holds_the_place_its_guardians_and_conditions_and_nobody(store: Store) -> None:
    parade, arlo = a_location(everyday_name="The Parade", place_kind="shopping_area"), a_young_person()
    owner = Guardian(who="shop owner", context=parade.id, willing=True, present=("fri_evening",))
    elsewhere = Guardian(who="caretaker", context=None)
    referral = a_referral(about=(parade,), guardians=(owner, elsewhere), conditions=(Condition(what="lighting", how="poor"),))
    keep(store, parade, *harmed_at(parade, [arlo]), referral)
    (sheet,) = invited(store, parade)
    assert (sheet.context, sheet.label, sheet.everyday_name) == (parade.id, parade.label, "The Parade")
    assert sheet.guardians == (SheetGuardian(who="shop owner", willing=True, present=("fri_evening",)),)
    assert sheet.conditions == (SheetCondition(what="lighting", how="poor"),)
    assert sheet.young_people == ""


@pytest.mark.parametrize(
    ("people", "says"),
    [
        (2, ""),
        (4, ""),
        (5, "fewer than 10"),
        (9, "fewer than 10"),
        (10, "10 or more"),
    ],
)
def test_a_count_is_said_from_five_young_people_on_in_two_words_alone(sqlite_store: Store, people: int, says: str) -> None:
    parade = a_location()
    keep(sqlite_store, parade, *harmed_at(parade, [a_young_person() for _ in range(people)]))
    assert invited(sqlite_store, parade)[0].young_people == says


def test_two_referrals_are_too_few_however_many_people_they_speak_of(sqlite_store: Store) -> None:
    parade, some = a_location(), [some_unnamed_people(size_band="6-8") for _ in range(3)]
    keep(sqlite_store, parade, *harmed_at(parade, some[:2]))
    assert invited(sqlite_store, parade)[0].young_people == ""
    keep(sqlite_store, *harmed_at(parade, some[2:]))
    assert {sheet.young_people for sheet in invited(sqlite_store, parade)} == {"", "10 or more"}


def test_a_sheet_counts_neither_what_the_front_door_holds_nor_anyone_restricted(sqlite_store: Store) -> None:
    parade, children = a_location(), [a_young_person() for _ in range(6)]
    keep(sqlite_store, parade, *harmed_at(parade, children[:4]))
    keep(sqlite_store, *harmed_at(parade, children[4:5], handling=Handling.FRONT_DOOR), *harmed_at(parade, children[5:]))
    keep(sqlite_store, a_restriction(children[5], named=(ActorId("chair-1"),)))
    assert invited(sqlite_store, parade)[0].young_people == ""


def test_a_guest_reads_their_sheets_and_nothing_else_until_the_window_closes(store: Store) -> None:
    parade, arlo = a_location(), a_young_person()
    case = harmed_at(parade, [arlo])
    keep(store, parade, *case)
    assert len(invited(store, parade)) == 1
    guest = Actor(id=GUEST, role=Role.GUEST, forum=FORUM, signed_in_at=NOW)
    with store.view(scope_for(store, guest, now=NOW, case=CASE_KINDS)) as view:
        assert view.kinds_of([parade.id, *[RecordId(each.id) for each in case]]) == {}
        with pytest.raises(RecordNotFound):
            view.get(type(parade), parade.id)
    assert read(store, days=14) == []


def test_a_sheet_of_a_place_that_a_guest_is_too_close_to_is_gone(sqlite_store: Store) -> None:
    parade = keep(sqlite_store, a_location())
    assert invited(sqlite_store, parade)
    keep(sqlite_store, a_conflict(parade, actor=GUEST))
    assert read(sqlite_store) == []


def test_nobody_is_invited_to_people_or_to_a_home(sqlite_store: Store) -> None:
    arlo, group, address = a_young_person(), a_peer_group(), a_location(place_kind="private_address")
    keep(sqlite_store, arlo, group, address)
    with pytest.raises(RefusedAccess) as refused:
        invited(sqlite_store, arlo, group, address)
    assert [mistake.pointer for mistake in refused.value.mistakes] == ["/covers/0", "/covers/1", "/covers/2"]
