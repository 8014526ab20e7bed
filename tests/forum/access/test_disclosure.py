"""What one answer shows, and whom it showed: one act."""

from dataclasses import fields

import pytest

from forum.access.actors import Actor, Role
from forum.access.disclosure import Disclosure, label_of
from forum.errors import NotPermitted
from forum.referrals import Referral
from forum.same_person import SamePersonJudgement
from graph.incidents import HarmRole
from graph.people import YoungPerson
from graph.records import ActorId, RecordId, new_id
from tests.builders import (
    FORUM,
    NOW,
    TODAY,
    a_home,
    a_location,
    a_parent_carer,
    a_referral,
    a_young_person,
    an_adult_of_concern,
    some_unnamed_people,
)


def disclosure(role: Role = Role.COORDINATOR) -> Disclosure:
    return Disclosure(Actor(id=ActorId("me"), role=role, forum=FORUM, signed_in_at=NOW))


def kinds(**known: str) -> dict[RecordId, str]:
    return {RecordId(record): kind for record, kind in known.items()}


def test_whoever_is_shown_is_remembered() -> None:
    arlo, parade = a_young_person(), a_location()
    showing = disclosure()
    showing.show(arlo)
    showing.label(parade)
    assert showing.shown == {arlo.id}
    assert showing.resources == {parade.id}


def test_labelling_a_person_is_showing_them() -> None:
    arlo = a_young_person()
    showing = disclosure()
    showing.label(arlo)
    assert showing.shown == {arlo.id}


def test_people_a_shown_record_cites_are_shown_with_it() -> None:
    arlo, parade = a_young_person(), a_location()
    referral = a_referral(about=(arlo, parade), names=((arlo, (HarmRole.HARMED,)),))
    showing = disclosure()
    showing.show(referral)
    showing.settle(lambda asked: {each: YoungPerson.KIND if each == arlo.id else "Location" for each in asked})
    assert showing.shown == {arlo.id}
    assert showing.resources == {referral.id, parade.id}


def test_an_id_that_stands_in_an_answer_counts_as_shown_when_it_is_a_person() -> None:
    showing = disclosure()
    showing.mention([RecordId("y"), RecordId("l")])
    assert showing.has_shown
    showing.settle(lambda asked: kinds(y="YoungPerson", l="Location"))
    assert showing.shown == {"y"}


def test_what_was_recorded_is_not_recorded_again() -> None:
    showing = disclosure()
    showing.show(a_young_person())
    showing.forget()
    assert not showing.has_shown and not showing.shown


def test_a_panel_member_is_shown_no_name_no_birth_date_and_no_address() -> None:
    arlo = a_young_person(known_as="Arlo", family_name="Quill", postcode="CW1 1AA", ethnicity="not_recorded", pseudonym="K7")
    shown = disclosure(Role.PANEL_MEMBER).show(arlo)
    assert not {"known_as", "family_name", "age", "postcode", "ethnicity", "note"} & shown.fields.keys()
    assert shown.fields["pseudonym"] == "K7"
    assert (shown.record.known_as, shown.record.postcode, shown.record.pseudonym) == (None, None, "K7")


def test_fields_not_granted_are_absent_from_the_entries_of_lists_too() -> None:
    arlo = a_young_person()
    referral = a_referral(names=((arlo, (HarmRole.HARMED,)),), narrative="He said so.")
    shown = disclosure(Role.PANEL_MEMBER).show(referral)
    assert "narrative" not in shown.fields and shown.record.narrative == ""
    assert shown.fields["named_people"] == ({"person": arlo.id, "roles": (HarmRole.HARMED,)},)


def test_a_coordinator_is_shown_every_field_as_it_is() -> None:
    referral = a_referral(narrative="He said so.")
    shown = disclosure().show(referral)
    assert shown.record == referral
    assert set(shown.fields) | {"id", "forum", "review_on", "dispose_on", "version", "handling"} == {
        each.name for each in fields(Referral)
    }


def test_a_text_that_is_not_granted_is_empty_where_a_record_must_have_one() -> None:
    shown = disclosure(Role.PANEL_MEMBER).show(a_home(label="4 Alder Row"))
    assert shown.record.label == "" and "label" not in shown.fields


def test_a_record_that_is_nothing_without_what_is_not_granted_is_not_there() -> None:
    judgement = SamePersonJudgement(
        id=new_id(), forum=FORUM, review_on=TODAY, dispose_on=TODAY, people=(), same=True, judged_by=ActorId("chair")
    )
    with pytest.raises(NotPermitted) as refused:
        disclosure(Role.PANEL_MEMBER).show(judgement)
    assert refused.value.about_record


def test_a_label_is_a_pseudonym_or_initials_and_never_a_name() -> None:
    assert label_of(a_young_person(pseudonym="K7", initials="AQ", known_as="Arlo")) == "K7"
    assert label_of(a_young_person(pseudonym="K7", initials="AQ", known_as="Arlo"), mode="with_young_person") == "AQ"
    assert label_of(a_young_person(pseudonym=None, initials=None, known_as="Arlo")) == "a young person"
    assert label_of(a_parent_carer(known_as="Arlo's mother")) == "a parent or carer"
    assert label_of(some_unnamed_people(size_band="4-6")) == "unnamed young people (4-6)"
    assert label_of(an_adult_of_concern()) == "held by police"
    assert label_of(a_location(label="Tollgate Parade")) == "Tollgate Parade"
