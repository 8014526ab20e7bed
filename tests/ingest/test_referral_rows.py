"""Rows become referrals, and every wrong row is said at once: line, column, what is wrong, how to mend it."""

from datetime import date
from typing import Any

import pytest

from graph.assertions import HowKnown, Origin
from graph.records import Handling
from ingest.load import Import, read_import
from ingest.row_referrals import RowReferral, place_draft
from tests.ingest.loading import FIXTURES
from tests.ingest.rows import a_row, a_table

FILE = FIXTURES / "referrals-from-one-agency.csv"


def right(*rows: dict[str, str], mapping: bytes | None = None) -> tuple[RowReferral, ...]:
    found = read_import(a_table(*rows), mapping)
    assert found.read.rejected == ()
    return found.read.referrals


def wrong(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.code) for row in read_import(a_table(*rows)).read.rejected]


def links(referral: RowReferral) -> list[tuple[Any, str, str]]:
    return [(link.source.id, link.says.code, link.target.id) for link in referral.draft().links]


def test_an_agencys_file_is_read() -> None:
    found = read_import(FILE)
    assert found.read.rejected == ()
    assert (found.rows, found.unread_columns) == (5, ("worker",))
    assert [(one.reference, one.rows, one.line) for one in found.read.referrals] == [
        ("S-1", 1, 2), ("S-2", 1, 4), ("S-3", 1, 5), ("S-4", 2, 6),
    ]  # fmt: skip
    first, _, third, fourth = found.read.referrals
    assert first.draft().header["narrative"] == 'He said "no", twice\nand went home.'
    assert first.draft().header["efh_types"] == ("cce", "missing")
    assert [name.place_kind for name in first.places] == ["park_open_space", None, "group_chat"]
    assert [name.kind for name in first.places] == ["Location", "School", "OnlineSpace"]
    assert [link.provenance.date_known for link in first.draft().links] == [date(2026, 10, 30), None, date(2026, 10, 31)]
    assert (third.person, len(third.draft().unnamed)) == (None, 1)
    assert links(fourth) == [("who", "spends_time_at", "place 0"), ("who", "harmed_at", "place 1")]
    assert fourth.agency_number == first.agency_number


def test_provenance_that_the_table_does_not_give_is_the_referrers() -> None:
    (referral,) = right(a_row())
    source = referral.draft().links[0].provenance
    assert (source.origin, source.known) == (Origin.REPORTED_BY_THIRD_PARTY, HowKnown.TOLD_BY_OTHER_PROFESSIONAL)
    assert (source.source_role, source.agency) == ("social worker", "childrens_social_care")
    assert (source.handling, source.date_known, source.date_recorded) == (Handling.PANEL_ITEM, None, date(2026, 11, 2))
    (told,) = right(a_row(place_1_reliability="first_hand", place_1_date="1/9/2026"))
    assert told.draft().links[0].provenance.known is HowKnown.FIRST_HAND
    assert told.draft().links[0].provenance.date_known == date(2026, 9, 1)


def test_without_a_young_person_the_first_place_is_the_subject_and_nobody_is_named() -> None:
    (referral,) = right(a_row(young_person="", place_2="Bus stand", place_2_kind="transport_hub", place_2_rel="feels_unsafe_at"))
    assert [ref.id for ref in referral.draft().subject_contexts] == ["place 0"]
    assert referral.draft().subject_people == ()
    assert [(one.ref, one.size_band, one.roles) for one in referral.draft().unnamed] == [("unnamed", None, ())]
    assert links(referral) == [("unnamed", "harmed_at", "place 0"), ("unnamed", "feels_unsafe_at", "place 1")]


def test_a_place_alone_may_be_referred_with_nothing_said_of_it() -> None:
    (referral,) = right(a_row(young_person="", place_1_rel=""))
    assert (links(referral), referral.draft().unnamed) == ([], ())


def test_a_place_without_a_tie_is_kept_and_said() -> None:
    found = read_import(a_table(a_row(place_1_rel="")))
    assert found.is_right
    assert [(row.line, row.column, row.code) for row in found.read.notices] == [(2, "place_1_rel", "untied")]
    assert links(found.read.referrals[0]) == []


def test_several_rows_are_one_referral_one_a_place() -> None:
    blank = dict.fromkeys(("received", "kind", "referrer_role", "efh_types", "referrer_agency"), "")
    (referral,) = right(
        a_row(), a_row(referral="S-1", place_1="Canal path", place_1_rel="feels_unsafe_at", **blank), a_row(efh_types="cce")
    )
    assert links(referral) == [("who", "harmed_at", "place 0"), ("who", "feels_unsafe_at", "place 1")]
    assert referral.rows == 3


def test_rows_of_one_referral_need_not_stand_together() -> None:
    found = right(a_row(), a_row(referral="S-2", young_person="18"), a_row(place_1="Canal path"))
    assert [(one.reference, one.rows) for one in found] == [("S-1", 2), ("S-2", 1)]


def test_a_number_belongs_to_its_agency_and_a_name_to_nobody() -> None:
    rows = (
        a_row(given_name="Mina"),
        a_row(referral="S-2", given_name="Mina"),
        a_row(referral="S-3", referrer_agency="police", given_name="Mina"),
        a_row(referral="S-4", young_person="", given_name="Mina"),
        a_row(referral="S-1", referrer_agency="police", young_person="99"),
    )
    found = right(*rows)
    numbers = [one.agency_number for one in found]
    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[3] is None
    assert len({one.agency_reference for one in found}) == 5


def test_what_later_rows_add_about_a_number_is_known_of_the_one_young_person() -> None:
    found = read_import(a_table(a_row(), a_row(referral="S-2", given_name="Mina"), a_row(referral="S-3", given_name="Nina")))
    assert [one.person["given_name"] for one in found.read.referrals if one.person] == ["Mina", "Mina", "Mina"]
    assert [(row.line, row.code) for row in found.read.notices] == [(4, "differs")]


def test_a_young_person_may_be_known_by_a_number_or_by_a_name_alone() -> None:
    number, name = right(a_row(), a_row(referral="S-2", young_person="", known_as="Minnie"))
    assert (number.person is not None, number.agency_number) == (True, "childrens_social_care 17")
    assert (name.person is not None, name.agency_number) == (True, None)


@pytest.mark.parametrize("text", ["=1+1", "+44 7700", "-", "@home", "|x", "%", "\uff1d2", "'=x", "\u202fx"])
def test_text_that_a_spreadsheet_takes_for_a_formula_is_text(text: str) -> None:
    (referral,) = right(a_row(known_as=text, place_1=text, narrative=text, referral=text, young_person=text))
    assert referral.person is not None
    kept = text.strip()
    assert referral.person["known_as"] == kept
    assert referral.draft().header["narrative"] == kept
    assert referral.places[0].label == kept
    assert referral.reference == kept


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("referral", "", "missing"),
        ("received", "", "missing"),
        ("received", "2026-02-30", "not-a-day"),
        ("received", "21/13/2026", "not-a-day"),
        ("received", "21/11/26", "not-a-day"),
        ("received", "11-21-2026", "not-a-day"),
        ("received", "=TODAY()", "not-a-day"),
        ("received", "0026-11-02", "not-a-day"),
        ("date_of_birth", "soon", "not-a-day"),
        ("date_of_birth", "2026-11-03", "after-received"),
        ("kind", "child", "unknown-code"),
        ("kind", "=individual", "unknown-code"),
        ("referrer_role", "", "missing"),
        ("referrer_agency", "mi5", "unknown-code"),
        ("efh_types", "", "missing"),
        ("efh_types", ";", "missing"),
        ("efh_types", "cce;gossip;slander", "unknown-code"),
        ("known_as", "a\u202eb", "control-character"),
        ("known_as", "a\x07b", "control-character"),
        ("known_as", "\t=1+1", "control-character"),
        ("known_as", "\r=1+1", "control-character"),
        ("known_as", "two\nlines", "control-character"),
        ("known_as", "x" * 201, "too-long"),
        ("narrative", "a\x00b", "control-character"),
        ("place_1", "", "missing"),
        ("place_1_kind", "pub", "unknown-code"),
        ("place_1_rel", "near_it", "unknown-code"),
        ("place_1_rel", "friend_said_by_yp", "wrong-end"),
        ("place_1_rel", "member_of", "wrong-end"),
        ("place_1_reliability", "gossip", "unknown-code"),
        ("place_1_date", "last week", "not-a-day"),
    ],
)
def test_a_wrong_cell_is_said_with_its_line_and_column(column: str, cell: str, code: str) -> None:
    assert wrong(a_row(referral="S-0"), a_row(**{column: cell})) == [(3, column, code)]


def test_every_wrong_row_is_said_at_once_and_no_cell_is_repeated() -> None:
    found = read_import(
        a_table(
            a_row(kind="Zebra", received="Zebra"),
            a_row(referral="S-2", efh_types="Zebra"),
            a_row(referral="S-3"),
            a_row(referral="S-4", place_1_kind="Zebra", narrative="fine"),
        )
    )
    assert [(row.row, row.column) for row in found.read.rejected] == [
        (1, "received"), (1, "kind"), (2, "efh_types"), (4, "place_1_kind"),
    ]  # fmt: skip
    assert "Zebra" not in " ".join(map(str, found.read.rejected))
    assert not found.is_right
    assert found.report().sentence() == "3 of 4 rows need mending. Nothing was stored."


def test_a_wrong_cell_in_the_first_row_is_not_called_missing_too() -> None:
    blank = dict.fromkeys(("received", "kind", "referrer_role", "efh_types"), "")
    assert wrong(a_row(kind="child"), a_row(place_1="Canal path", **blank)) == [(2, "kind", "unknown-code")]


def test_rows_of_one_referral_may_not_differ() -> None:
    found = read_import(a_table(a_row(), a_row(young_person="18", received="2026-11-03")))
    assert [(row.line, row.column, row.code) for row in found.read.rejected] == [
        (3, "received", "differs"), (3, "young_person", "differs"),
    ]  # fmt: skip
    assert "Line 2" in found.read.rejected[0].detail


def test_a_referral_about_nobody_and_nowhere_is_wrong() -> None:
    bare = dict.fromkeys(("young_person", "place_1", "place_1_kind", "place_1_rel"), "")
    assert wrong(a_row(**bare)) == [(2, "young_person", "missing")]


def test_their_words_stand_for_our_codes() -> None:
    mapping = (
        b"columns: {kind: Type, place_1_rel: What happened there}\n"
        b"words: {kind: {Child: individual}, efh_types: {CE: cce, Gone: missing}, place_1_rel: {Hurt: harmed_at}}\n"
        b"fixed: {referrer_agency: police, place_2_rel: spends_time_at}\n"
    )
    row = a_row(efh_types="ce;GONE;weapon") | {"Type": " child ", "What happened there": "hurt"}
    for name in ("kind", "place_1_rel", "referrer_agency"):
        del row[name]
    (referral,) = right(row, mapping=mapping)
    assert referral.draft().header["efh_types"] == ("cce", "missing", "weapon")
    assert referral.draft().header["referrer_agency"] == "police"
    assert links(referral) == [("who", "harmed_at", "place 0")]


def test_a_wrong_word_is_said_under_the_agencys_own_column_name() -> None:
    row = {**a_row(), "Type": "pupil"}
    del row["kind"]
    found: Import = read_import(a_table(row), b"columns: {kind: Type}")
    assert [(wrong.column, wrong.code) for wrong in found.read.rejected] == [("Type", "unknown-code")]
    assert "mapping file" in found.read.rejected[0].detail


def test_a_private_address_is_marked_restricted_when_recorded() -> None:
    (referral,) = right(a_row(place_1_kind="private_address", place_1_rel="harmed_at"))
    assert place_draft(referral.places[0]).fields["place_kind"] == "private_address"
