"""One agency's columns are found by its mapping file, and a mapping that does not fit says where."""

from pathlib import Path

import pytest

from ingest.columns import OURS, REQUIRED, Mapped, find_columns, read_mapping
from ingest.errors import UnknownColumn, UnreadableFile


def mistakes(text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(UnknownColumn) as caught:
        read_mapping(text.encode())
    return [(mistake.path, mistake.line, mistake.code) for mistake in caught.value.mistakes]


def test_our_own_columns_are_found_without_a_mapping_capitals_aside() -> None:
    found = find_columns(["Referral ", *[name.upper() for name in REQUIRED[1:]], "worker", ""], Mapped())
    assert set(found.where) == set(REQUIRED)
    assert found.unread == ("worker", "column 8")


def test_a_mapping_says_which_is_which_and_what_holds_for_every_row() -> None:
    mapped = read_mapping(
        b"columns: {referral: Case ref, received: Date in, place_1: Where}\n"
        b"words: {kind: {Child: individual}, efh_types: {CE: cce}}\n"
        b"fixed: {referrer_agency: police, referrer_role: police officer, place_1_rel: harmed_at}\n"
    )
    found = find_columns(["Case ref", "DATE IN", "kind", "efh_types", "Where"], mapped)
    assert found.where == {"referral": 0, "received": 1, "kind": 2, "efh_types": 3, "place_1": 4}
    assert found.name_of("received") == "DATE IN"
    assert found.fixed["referrer_agency"] == "police"
    assert found.words["kind"] == {"child": "individual"}
    assert found.unread == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colums: {}", ("colums", 1, "unknown-field")),
        ("columns: {colour: Hue}", ("columns.colour", 1, "unknown-column")),
        ("columns:\n  kind: 7", ("columns.kind", 2, "not-text")),
        ("columns:\n  kind:", ("columns.kind", 2, "missing")),
        ("columns: [kind]", ("columns", 1, "not-an-object")),
        ("fixed: {kind: child}", ("fixed.kind", 1, "unknown-code")),
        ("fixed: {efh_types: cce;gossip}", ("fixed.efh_types", 1, "unknown-code")),
        ("words: {received: {x: y}}", ("words.received", 1, "unknown-column")),
        ("words:\n  kind:\n    Child: infant", ("words.kind.Child", 3, "unknown-code")),
        ("columns: {kind: Kind}\nfixed: {kind: individual}", ("fixed.kind", 2, "twice")),
        ("columns: {kind: A, kind: B}", ("columns.kind", 1, "twice")),
    ],
)
def test_a_wrong_mapping_says_where(text: str, expected: tuple[str, int, str]) -> None:
    assert expected in mistakes(text)


def test_a_mapping_that_is_no_yaml_or_not_there_says_so(tmp_path: Path) -> None:
    assert mistakes("columns: {") == [("", 1, "not-yaml")] or mistakes("columns: {")[0][2] == "not-yaml"
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_mapping(tmp_path / "none.yaml")


def test_a_column_that_the_file_lacks_is_named_with_its_place_in_the_mapping() -> None:
    mapped = read_mapping(b"columns:\n  referral: Case ref\n  received: Date in\n")
    with pytest.raises(UnknownColumn) as caught:
        find_columns(["Case ref", "Date"], mapped)
    assert [(mistake.path, mistake.line) for mistake in caught.value.mistakes] == [("columns.received", 3)]


def test_a_missing_header_is_said_without_showing_the_first_row() -> None:
    with pytest.raises(UnreadableFile, match="no header") as caught:
        find_columns(["S-1", "2026-11-02", "Mina Okafor"], Mapped())
    assert "Mina" not in str(caught.value)


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(UnreadableFile, match="missing: received, referrer_role, efh_types"):
        find_columns(["referral", "kind", "referrer_agency"], Mapped())


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="twice in the header: kind"):
        find_columns([*REQUIRED, "Kind"], Mapped())


def test_ours_are_the_columns_of_the_contract() -> None:
    assert len(OURS) == 6 + 6 + 1 + 15


def test_the_example_in_the_guide_for_agencies_is_a_mapping() -> None:
    guide = (Path(__file__).parent.parent.parent / "docs" / "import.md").read_text(encoding="utf-8")
    mapped = read_mapping(guide.split("```yaml\n")[1].split("```")[0].encode())
    assert mapped.columns["referral"] == "Case ref"
    assert mapped.words["place_1_rel"]["scared"] == "feels_unsafe_at"
    assert all(f"`{name}`" in guide for name in OURS if not name.startswith(("place_2", "place_3")))
