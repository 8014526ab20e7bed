"""What every kind of record has in common: ids without meaning, declared fields, citations read from where they stand."""

import dataclasses

import pytest

from forum.referrals import Guardian, NamedPerson, Referral
from graph.assertions import Assertion
from graph.people import YoungPerson
from graph.records import FRAME_FIELDS, citations_of, citing_fields, fact_of, findable_fields, followed_fields, new_id
from tests.builders import ALL_KINDS, a_location, a_referral, a_young_person, an_assertion


def test_an_id_is_128_bits_in_hex_and_no_two_are_alike() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in ids)


def test_a_record_cannot_be_changed_in_place() -> None:
    arlo = a_young_person()
    with pytest.raises(dataclasses.FrozenInstanceError):
        arlo.note = "changed"  # type: ignore[misc]


def test_a_record_is_not_made_without_the_fields_it_needs() -> None:
    with pytest.raises(TypeError, match="review_on"):
        YoungPerson(id=new_id())  # type: ignore[call-arg]


def test_every_kind_declares_its_fields_and_has_a_name_of_its_own() -> None:
    assert len({kind.KIND for kind in ALL_KINDS}) == len(ALL_KINDS)
    for kind in ALL_KINDS:
        assert kind.__name__ == kind.KIND
        assert {declared.name for declared in dataclasses.fields(kind)} >= FRAME_FIELDS
        for declared in dataclasses.fields(kind):
            assert fact_of(declared).field_class


def test_citations_are_read_from_fields_and_from_the_entries_of_lists_once_each() -> None:
    arlo, bea, parade = a_young_person(), a_young_person(), a_location()
    referral = a_referral(
        about=(arlo, parade),
        named_people=(NamedPerson(person=arlo.id), NamedPerson(person=bea.id), NamedPerson(person=arlo.id)),
        guardians=(Guardian(who="shopkeeper", context=parade.id), Guardian(who="teacher")),
    )
    assert {(each.field, each.cited) for each in citations_of(referral)} == {
        ("subject_people", arlo.id),
        ("subject_contexts", parade.id),
        ("named_people.person", arlo.id),
        ("named_people.person", bea.id),
        ("guardians.context", parade.id),
    }
    assert list(citations_of(referral)) == sorted(citations_of(referral), key=lambda each: (each.field, each.cited))


def test_an_assertion_cites_its_ends_and_what_it_was_stated_in() -> None:
    arlo, parade, referral = a_young_person(), a_location(), a_referral()
    said = an_assertion(arlo, parade, stated_in=referral)
    assert {each.field: each.cited for each in citations_of(said)} == {
        "source": arlo.id,
        "target": parade.id,
        "stated_in": referral.id,
    }
    assert "stated_in" not in {each.field for each in citations_of(an_assertion(arlo, parade))}
    assert set(citing_fields(Assertion)) >= {"source", "target", "stated_in", "within", "corroborated_by", "standings.by"}


def test_outside_assertions_nothing_hidden_can_take_a_whole_record_with_it() -> None:
    """A record must still stand when what it cites is out of scope: only an assertion may require one record."""
    for kind in ALL_KINDS:
        for declared in dataclasses.fields(kind):
            if fact_of(declared).cites and kind is not Assertion:
                assert declared.default in (None, ()) or str(declared.type).startswith("tuple"), f"{kind.KIND}.{declared.name}"


def test_what_is_found_by_and_followed_is_declared() -> None:
    assert findable_fields(Referral) == ("agency_reference",)
    assert "received" in followed_fields(Referral)
    assert not {"reason", "narrative"} & set(followed_fields(Referral))
    assert not {"known_as", "given_name", "family_name", "note"} & set(followed_fields(YoungPerson))
