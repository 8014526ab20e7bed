"""Stored values: everything comes back as it went in, or is refused; and what a reader cannot see survives their save."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.maps import Position
from forum.referrals import Guardian, NamedPerson, Referral
from forum.weighting import ContextWeighting, ParticipantWeights
from graph.assertions import Assertion, AssertionKind, HowKnown, HowSure, Origin, Standing, StandingSince, Voice
from graph.errors import CannotStoreExactly
from graph.incidents import HarmRole
from graph.people import YoungPerson
from graph.records import Record, RecordId, cited_by, new_id
from graph.store.codec import put_back, read_record, stored, visible
from tests.builders import ALL_KINDS, FORUM, a_map_sheet, a_referral, a_young_person, an_assertion

KINDS = {kind.KIND: kind for kind in ALL_KINDS}

texts = st.text(st.characters(codec="utf-8"), max_size=30)
days = st.dates()
moments = st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ids = st.sampled_from([RecordId(letter * 32) for letter in "abcdef"])

named = st.builds(NamedPerson, person=ids, roles=st.lists(st.sampled_from(HarmRole)).map(tuple))
guardians = st.builds(Guardian, who=texts, context=st.none() | ids, willing=st.none() | st.booleans())
referrals = st.builds(
    a_referral,
    reason=texts,
    received=days,
    recorded_at=moments,
    subject_people=st.lists(ids, unique=True).map(tuple),
    named_people=st.lists(named, max_size=5).map(tuple),
    guardians=st.lists(guardians, max_size=5).map(tuple),
    efh_types=st.lists(texts).map(tuple),
    out_of_area=st.none() | st.booleans(),
)
standings = st.builds(
    StandingSince, standing=st.sampled_from(Standing), since=days, by=st.none() | ids, reason=texts, changed_by=st.none() | texts
)
assertions = st.builds(
    an_assertion,
    says=st.sampled_from(AssertionKind),
    known=st.sampled_from(HowKnown),
    origin=st.sampled_from(Origin),
    said_by=st.sampled_from(Voice),
    how_sure=st.sampled_from(HowSure),
    first_hand=st.none() | st.booleans(),
    corroborated_by=st.lists(ids, unique=True).map(tuple),
    within=st.none() | ids,
    occurrences=st.none() | st.integers(-(2**63) + 1, 2**63 - 1),
    standings=st.lists(standings, max_size=4).map(tuple),
    recorded_at=moments,
)


def through_a_store(record: Record) -> Record:
    body = json.loads(json.dumps(stored(record), ensure_ascii=False, allow_nan=False))
    return read_record(KINDS, record.KIND, body)


@settings(max_examples=60, deadline=None)
@given(st.one_of(referrals, assertions))
def test_everything_comes_back_as_it_went_in(record: Record) -> None:
    assert through_a_store(record) == record


def test_every_kind_can_be_stored_with_nothing_but_what_it_needs() -> None:
    sheet = a_map_sheet(a_young_person(), positions=(Position(thing=new_id(), x=0.5, y=0.1234),))
    assert through_a_store(sheet) == sheet
    weighting = ContextWeighting(
        id=new_id(),
        forum=FORUM,
        review_on=date(2027, 1, 1),
        dispose_on=date(2033, 1, 1),
        order=("home_family",),
        participants=(ParticipantWeights(name="x", role="y", weights=(1, 2.5)),),
        recorded_on=date(2026, 1, 1),
    )
    assert through_a_store(weighting) == weighting


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("known_as", "half a pair \ud83d"),
        ("known_as", 5),
        ("age", True),
        ("age", 2**63),
        ("age", 15.0),
        ("date_of_birth", "2011-02-28"),
        ("date_of_birth", datetime(2011, 2, 28, tzinfo=UTC)),
        ("handling", "panel_item_of_another_list"),
    ],
)
def test_a_value_that_would_not_come_back_is_refused(field: str, value: Any) -> None:
    with pytest.raises(CannotStoreExactly):
        stored(a_young_person(**{field: value}))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 21, 9, 30),  # noqa: DTZ001
        datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(999, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_is_in_utc_or_refused(moment: datetime) -> None:
    with pytest.raises(CannotStoreExactly):
        stored(a_referral(recorded_at=moment))


def test_a_list_or_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(CannotStoreExactly):
        stored(a_referral(efh_types=["a list"]))
    with pytest.raises(CannotStoreExactly):
        stored(a_referral(named_people=(Guardian(who="not a named person"),)))
    for weight in (float("nan"), float("inf"), True):
        with pytest.raises(CannotStoreExactly):
            stored(a_map_sheet(positions=(Position(thing=new_id(), x=weight, y=0.5),)))


def test_an_unknown_kind_field_or_word_is_refused_and_a_missing_field_takes_its_default() -> None:
    arlo = a_young_person()
    body = stored(arlo)
    for kind, wrong in (("Stranger", body), ("YoungPerson", {**body, "score": 1}), ("YoungPerson", {**body, "handling": "x"})):
        with pytest.raises(CannotStoreExactly):
            read_record(KINDS, kind, wrong)
    del body["note"]
    assert read_record(KINDS, "YoungPerson", body) == arlo


def a_referral_seen_in_part() -> tuple[Referral, frozenset[RecordId]]:
    a, b, c = (RecordId(letter * 32) for letter in "abc")
    referral = a_referral(
        subject_people=(b, a, c),
        named_people=(NamedPerson(person=b), NamedPerson(person=a, roles=(HarmRole.HARMED,)), NamedPerson(person=c)),
        guardians=(Guardian(who="first", context=b), Guardian(who="second", context=a), Guardian(who="third")),
    )
    return referral, frozenset({a})


def test_what_is_hidden_is_left_out_or_reads_as_none() -> None:
    referral, seen = a_referral_seen_in_part()
    shown = visible(referral, seen)
    assert shown.subject_people == referral.subject_people[1:2]
    assert shown.named_people == referral.named_people[1:2]
    assert [each.who for each in shown.guardians] == ["first", "second", "third"]
    assert [each.context for each in shown.guardians] == [None, referral.guardians[1].context, None]
    assert visible(referral, cited_by(referral)) is referral


@settings(max_examples=150, deadline=None)
@given(st.one_of(referrals, assertions), st.frozensets(ids))
def test_saving_what_was_shown_changes_nothing_hidden(record: Record, seen: frozenset[RecordId]) -> None:
    if isinstance(record, Assertion):
        seen = seen | {record.source, record.target}
    shown = visible(record, seen)
    assert cited_by(shown) <= seen
    assert put_back(shown, record, seen) == record


@settings(max_examples=150, deadline=None)
@given(referrals, referrals, st.frozensets(ids))
def test_whatever_is_saved_keeps_every_hidden_entry_and_adds_none(
    old: Referral, given_in: Referral, seen: frozenset[RecordId]
) -> None:
    new = visible(given_in, seen)
    whole = put_back(new, old, seen)
    for name in ("subject_people", "named_people"):
        hidden = [item for item in getattr(old, name) if getattr(item, "person", item) not in seen]
        kept = [item for item in getattr(whole, name) if getattr(item, "person", item) not in seen]
        assert kept == hidden
        assert [item for item in getattr(whole, name) if getattr(item, "person", item) in seen] == list(getattr(new, name))
    assert [dataclasses.replace(each, context=None) for each in whole.guardians] == [
        dataclasses.replace(each, context=None) for each in new.guardians
    ]


def test_an_edit_of_a_visible_part_keeps_its_hidden_optional_citation() -> None:
    referral, seen = a_referral_seen_in_part()
    shown = visible(referral, seen)
    edited = dataclasses.replace(shown.guardians[0], willing=True)
    whole = put_back(dataclasses.replace(shown, guardians=(edited, *shown.guardians[1:])), referral, seen)
    assert whole.guardians == (dataclasses.replace(referral.guardians[0], willing=True), *referral.guardians[1:])


def test_a_young_person_without_their_hidden_home() -> None:
    arlo = a_young_person(setting=RecordId("a" * 32))
    shown = visible(arlo, frozenset())
    assert shown.setting is None
    assert put_back(dataclasses.replace(shown, note="x"), arlo, frozenset()).setting == arlo.setting
    other = RecordId("b" * 32)
    assert put_back(dataclasses.replace(shown, setting=other), arlo, frozenset({other})).setting == other
    assert isinstance(shown, YoungPerson)
