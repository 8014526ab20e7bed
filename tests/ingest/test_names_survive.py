"""R19: names as people have them survive table, store, export and restore unchanged (NFC); what acts on other text is refused."""

import random
import unicodedata
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.referral_drafts import read_referral_draft
from forum.referrals import Referral
from graph.contexts import Location
from graph.people import YoungPerson
from graph.store.boundary import Store
from ingest.load import import_referrals, read_import
from ingest.row_referrals import as_given
from tests.builders import ACTOR, NOW
from tests.conftest import empty_place
from tests.ingest.loading import HOUSE, load, of_kind
from tests.ingest.rows import a_row, a_table

HARD = (
    "Zoe\u0308 N\u0303andu\u0301",  # marks that join, and one that NFC joins for good
    "x\u0302\u0323\u0331 stacked",
    "\u05d9\u05e2\u05dc \u05dc\u05d5\u05d9",  # right to left
    "\u0645\u0631\u064a\u0645 \u0627\u0644\u0632\u0647\u0631\u0627\u0621",
    "\u0928\u0940\u0932\u092e \u0936\u0930\u094d\u092e\u093e",
    "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
    "\U0001f9d1\u200d\U0001f3a8\U0001f3fd & \U0001f468\u200d\U0001f469\u200d\U0001f467",  # joined by zero-width joiners
    "\U00020bb7\u91ce\u5bb6",  # beyond the basic plane
    "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",  # a zero-width non-joiner that belongs to the spelling
    "O\u2019Neill-D\u2018Arcy, \"Jr\"; 'x' \\ \t".strip(),
    "=Anne",
    "+Anne",
    "@anne",
    "\u200fmark",
    "A" * 200,
    "\U0001f600" * 200,
    "e\u0301" * 200,
    "null",
    "true",
    "007",
    "1e5",
    "NaN",
    "<b>&amp;</b>",
    "a;b,c",
    "  spaces   inside  ",
)


def as_kept(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()


def kept_names(store: Store) -> dict[str, tuple[str | None, str]]:
    """By reference: what the young person is known as, and the label of the place they were harmed at."""
    people = {record.id: record for record in of_kind(store, YoungPerson)}
    return {
        record.reference: (people[record.subject_people[0]].known_as, record.narrative) for record in of_kind(store, Referral)
    }


def names(seed: int) -> list[str]:
    """Hard names, and as many again put together from their pieces."""
    chance = random.Random(seed)
    pieces = [name for name in HARD if len(name) < 40]
    made = ("".join(chance.choice(pieces) for _ in range(chance.randint(1, 5))) for _ in HARD)
    return [*HARD, *made]


def test_names_survive_from_a_table_to_another_store(store: Store, kind_to_restore: str, tmp_path: Path) -> None:
    given_names = names(19)
    rows = [
        a_row(referral=f"S-{n}", young_person=f"{n}", known_as=name, narrative=f"About {name}\nand more.", place_1=name)
        for n, name in enumerate(given_names)
    ]
    read = read_import(a_table(*rows))
    assert read.read.rejected == ()
    import_referrals(store, read, scope=HOUSE, by=ACTOR, now=NOW, pause=lambda seconds: None)
    expected = {f"S-{n}": (as_kept(name), as_kept(f"About {name}\nand more.")) for n, name in enumerate(given_names)}
    assert kept_names(store) == expected
    assert {place.label for place in of_kind(store, Location)} == {as_kept(name) for name in given_names}
    lines = [list(chunk) for chunk in store.export()]
    folder = tmp_path / "other"
    folder.mkdir()
    place = empty_place(kind_to_restore, folder)
    with place.opened:
        other = place.make()
        other.restore(iter(lines))
        assert kept_names(other) == expected


def test_names_survive_from_a_case_file(store: Store) -> None:
    people = [{"id": f"P{n}", "known_as": name} for n, name in enumerate(names(20))]
    ids = load(store, yaml.safe_dump({"format": "kith-case/1", "people": people}, allow_unicode=True)).ids
    kept = {record.id: record.known_as for record in of_kind(store, YoungPerson)}
    assert {name: kept[record_id] for name, record_id in ids.items()} == {
        person["id"]: as_kept(person["known_as"]) for person in people
    }


SAFE = st.characters(
    exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@settings(max_examples=300, deadline=None)
@given(st.text(SAFE, min_size=1, max_size=120))
def test_any_text_without_controls_is_kept_exactly(text: str) -> None:
    found = read_import(a_table(a_row(known_as=text, narrative=text, young_person="17")))
    assert found.read.rejected == ()
    (referral,) = found.read.referrals
    assert referral.person is not None
    assert referral.person.get("known_as", "") == as_kept(text)
    assert referral.draft().header["narrative"] == as_kept(text)


@settings(max_examples=200, deadline=None)
@given(
    st.text(SAFE, max_size=20),
    st.characters(categories=("Cc",)) | st.sampled_from("\u202a\u202e\u2066\u2069\u2028"),
    st.text(SAFE, max_size=20),
)
def test_any_control_or_direction_character_inside_a_name_is_refused(before: str, control: str, after: str) -> None:
    found = read_import(a_table(a_row(known_as=f"a{before}{control}{after}z")))
    assert [(row.column, row.code) for row in found.read.rejected] == [("known_as", "control-character")]


CELLS = st.sampled_from(["", "2026-11-03", "1/9/2026", "cce;missing", "police", "school", "attends", "harmed_at", "Mina"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*a_row(), "narrative", "place_1_date"]), st.text(max_size=30) | CELLS))
def test_a_row_that_passes_becomes_a_referral_and_a_row_that_does_not_says_why(cells: dict[str, str]) -> None:
    """What the cells are checked by is at least as strict as what a referral is read by."""
    found = read_import(a_table(a_row(), a_row(**{"referral": "S-2", **cells})))
    for referral in found.read.referrals:
        whole = as_given(referral.header, referral.ties, named=referral.person is not None)
        assert read_referral_draft(whole) == (referral.draft(), ())
    assert found.read.rejected or len(found.read.referrals) in (1, 2)
