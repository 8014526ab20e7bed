"""Who may see what: deny by default, one table, no store and no clock."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import forum.access.policy as policy
from forum.access.actors import Purpose, Role
from forum.access.policy import (
    ACCESS_KINDS,
    ACCOUNT_KINDS,
    OPEN_PLACES,
    SHEET_KINDS,
    WHOLE_FORUM,
    Permission,
    active_grants,
    denied_things,
    fields_of,
    house_scope,
    is_allowed,
    marks_of,
    may_change,
    scope_of,
)
from graph.contexts import PeerGroup
from graph.records import ActorId, FieldClass, Handling, RecordId
from tests.builders import ALL_KINDS, FORUM, NOW, a_conflict, a_grant, a_referral, a_restriction, a_young_person

NOBODYS = {Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR}
A = RecordId("a" * 32)
B = RecordId("b" * 32)


def test_every_kind_of_record_is_decided_on_by_name() -> None:
    assert {kind.KIND for kind in ALL_KINDS} == WHOLE_FORUM | ACCESS_KINDS | SHEET_KINDS | ACCOUNT_KINDS
    assert not WHOLE_FORUM & ACCESS_KINDS


EVERYONES = {
    Permission.READ_CODE_LISTS,
    Permission.READ_OWN_AUDIT,
    Permission.KEEP_OWN_SESSIONS,
    Permission.LOOK_AS_SOMEBODY_ELSE,
    Permission.READ_GRANTS,
    Permission.DECLARE_CONFLICT,
    Permission.READ_CONFLICTS,
    Permission.END_CONFLICT,
}


def test_everyone_may_look_words_up_and_see_to_their_own_and_a_guest_little_else() -> None:
    assert all(is_allowed(role, each) for role in Role for each in EVERYONES)
    assert {each for each in Permission if is_allowed(Role.ADMINISTRATOR, each)} == EVERYONES
    assert {each for each in Permission if is_allowed(Role.GUEST, each)} == EVERYONES | {Permission.READ_CONTEXT}


def test_a_guest_has_no_open_kind_one_mark_and_what_a_sheet_holds() -> None:
    scope = scope_of(Role.GUEST, forum=FORUM, granted={A})
    assert (scope.open_kinds, scope.granted, scope.handling) == (frozenset(), {A}, {Handling.CONTEXT_ONLY})
    assert fields_of(Role.GUEST) == {FieldClass.OPEN, FieldClass.CONTEXT}


def test_who_was_shown_a_young_person_is_for_information_governance_alone() -> None:
    assert [role for role in Role if is_allowed(role, Permission.READ_AUDIT_OF_PERSON)] == [Role.INFORMATION_GOVERNANCE]


def test_an_analyst_may_ask_for_hotspots_and_reads_no_record() -> None:
    allowed = {each for each in Permission if is_allowed(Role.ANALYST, each)}
    assert allowed == EVERYONES | {Permission.READ_HOTSPOTS}
    scope = scope_of(Role.ANALYST, forum=FORUM, granted={A})
    assert not scope.open_kinds and not scope.granted and not scope.handling


def test_a_referrer_makes_referrals_and_reads_them_and_no_more() -> None:
    allowed = {each for each in Permission if is_allowed(Role.REFERRER, each)}
    own = {Permission.MAKE_REFERRAL, Permission.READ_REFERRAL, Permission.READ_AUDIT_OF_CASES}
    assert allowed == EVERYONES | own


def test_coordinator_and_chair_may_do_everything_else_under_all_marks() -> None:
    for role in (Role.COORDINATOR, Role.CHAIR):
        assert {each for each in Permission if not is_allowed(role, each)} == {
            Permission.READ_AUDIT_OF_PERSON,
            Permission.END_SESSIONS_OF_OTHERS,
        }
        assert scope_of(role, forum=FORUM).open_kinds == WHOLE_FORUM | ACCESS_KINDS
        assert marks_of(role) == set(Handling) - {Handling.YOUNG_PERSON_AND_WORKER}


def test_what_was_told_to_one_worker_is_admitted_where_it_was_written_or_allocated() -> None:
    told = Handling.YOUNG_PERSON_AND_WORKER
    assert scope_of(Role.CHAIR, forum=FORUM, held={A}).admitted == {(A, told)}
    assert scope_of(Role.ANALYST, forum=FORUM, held={A}).admitted == frozenset()
    assert told in scope_of(Role.PRACTITIONER, forum=FORUM).handling


def test_a_practitioner_makes_reads_and_changes_and_governs_nothing() -> None:
    refused = {each for each in Permission if not is_allowed(Role.PRACTITIONER, each)}
    assert refused == {
        Permission.CHANGE_REFERRAL,
        Permission.READ_AUDIT_OF_PERSON,
        Permission.END_SESSIONS_OF_OTHERS,
        Permission.GIVE_GRANT,
        Permission.END_GRANT,
        Permission.MAKE_RESTRICTION,
        Permission.READ_RESTRICTIONS,
        Permission.END_RESTRICTION,
        Permission.MAKE_AGENDA_ITEM,
        Permission.CHANGE_AGENDA_ITEM,
    }


def test_whoever_needs_grants_changes_what_a_grant_covers_in_full_and_others_by_their_role() -> None:
    held = {"covered": True, "through_item": False}
    assert [role for role in Role if may_change(role, **held)] == [
        Role.REFERRER, Role.PRACTITIONER, Role.PANEL_MEMBER, Role.COORDINATOR, Role.CHAIR,
    ]  # fmt: skip
    for less in ({**held, "covered": False}, {**held, "through_item": True}):
        assert {role for role in Role if may_change(role, **less)} == {Role.COORDINATOR, Role.CHAIR}


def test_places_are_open_to_a_practitioner_but_peer_groups_need_a_grant() -> None:
    scope = scope_of(Role.PRACTITIONER, forum=FORUM)
    assert scope.open_kinds == OPEN_PLACES
    assert PeerGroup.KIND not in scope.open_kinds
    assert scope.handling == set(Handling) - {Handling.FRONT_DOOR}


def test_a_private_address_is_withheld_until_a_grant_covers_it() -> None:
    assert scope_of(Role.PRACTITIONER, forum=FORUM, private_addresses={A, B}).withheld == {A, B}
    assert scope_of(Role.PRACTITIONER, forum=FORUM, granted={A}, private_addresses={A, B}).withheld == {B}


def test_a_panel_member_has_no_open_kind_two_marks_and_the_minimised_view() -> None:
    scope = scope_of(Role.PANEL_MEMBER, forum=FORUM, granted={A})
    assert scope.open_kinds == set()
    assert scope.granted == {A}
    assert scope.handling == {Handling.PANEL_ITEM, Handling.CONTEXT_ONLY}
    hidden = {FieldClass.IDENTITY, FieldClass.CONTACT, FieldClass.SPECIAL, FieldClass.NARRATIVE}
    assert fields_of(Role.PANEL_MEMBER) == set(FieldClass) - hidden
    assert not any(is_allowed(Role.PANEL_MEMBER, each) for each in Permission if each.value.startswith(("make", "change")))


def test_roles_without_content_are_shown_no_field_at_all() -> None:
    assert all(fields_of(role) == set() for role in NOBODYS | {Role.ANALYST})


def test_a_grant_holds_from_its_first_moment_and_not_at_its_last() -> None:
    grant = a_grant(a_referral())
    purpose = Purpose.SAFETY_PLANNING
    assert active_grants([grant], purpose=purpose, now=grant.holds_from) == (grant,)
    assert active_grants([grant], purpose=purpose, now=grant.holds_from - timedelta(microseconds=1)) == ()
    assert active_grants([grant], purpose=purpose, now=grant.holds_until - timedelta(microseconds=1)) == (grant,)
    assert active_grants([grant], purpose=purpose, now=grant.holds_until) == ()


def test_a_grant_that_was_ended_holds_no_more_from_that_moment() -> None:
    grant = a_grant(a_referral(), ended_at=NOW + timedelta(hours=1))
    purpose = Purpose.SAFETY_PLANNING
    assert active_grants([grant], purpose=purpose, now=NOW + timedelta(minutes=59)) == (grant,)
    assert active_grants([grant], purpose=purpose, now=NOW + timedelta(hours=1)) == ()


def test_a_grant_holds_for_the_purposes_it_names_alone() -> None:
    grant = a_grant(a_referral())
    assert active_grants([grant], purpose=Purpose.AUDIT_REVIEW, now=NOW) == ()


def test_the_house_sees_every_record_of_access_and_others_what_they_oversee_and_their_own() -> None:
    assert house_scope(FORUM).open_kinds >= ACCESS_KINDS
    seen = {role: scope_of(role, forum=FORUM).open_kinds & ACCESS_KINDS for role in Role}
    assert seen.pop(Role.COORDINATOR) == seen.pop(Role.CHAIR) == ACCESS_KINDS
    assert seen.pop(Role.INFORMATION_GOVERNANCE) == {"Grant", "Restriction"}
    assert all(not kinds for kinds in seen.values())
    assert all(scope_of(role, forum=FORUM, own={A}).granted == {A} for role in Role)


@pytest.mark.parametrize("role", list(Role))
def test_what_is_denied_is_withheld_from_every_role_whatever_covers_it(role: Role) -> None:
    scope = scope_of(role, forum=FORUM, granted={A, B}, own={A}, denied={A})
    assert scope.withheld == {A}


def test_a_restriction_denies_whom_it_does_not_name_and_a_conflict_the_one_who_declared_it() -> None:
    arlo, bela, chair, worker = a_young_person(), a_young_person(), ActorId("chair"), ActorId("worker")
    restricted, close = a_restriction(arlo, named=(chair,)), a_conflict(bela, actor=chair)
    assert denied_things(chair, [restricted], [close]) == {bela.id}
    assert denied_things(worker, [restricted], [close]) == {arlo.id}
    ended = {"ended_at": NOW}
    assert not denied_things(worker, [replace(restricted, **ended)], [])
    assert not denied_things(chair, [], [replace(close, **ended)])


def test_the_policy_is_pure_and_fits_on_a_few_screens() -> None:
    text = Path(policy.__file__).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    imported = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.startswith("graph.store") and name != "graph.store.boundary"}
    assert {"datetime"} >= {name for name in imported if name in ("datetime", "time", "os")}
    assert "now()" not in text and "today()" not in text
