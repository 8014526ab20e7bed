"""An agency's table goes in once, whatever is cut short and however often the command is repeated."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forum.referrals import Referral
from graph.assertions import Assertion
from graph.contexts import Location
from graph.errors import GraphError
from graph.people import UnnamedPeople, YoungPerson
from graph.records import Handling
from graph.store.boundary import Store
from ingest.load import FEWEST_ROWS, ROWS_AT_ONCE, Import, RowsRejected, import_referrals, read_import, try_import
from ingest.report import LoadReport
from tests.builders import ACTOR, NOW
from tests.conftest import StorePlace
from tests.ingest.loading import FIXTURES, HOUSE, all_changes, load, of_kind
from tests.ingest.rows import a_row, a_table

FILE = FIXTURES / "referrals-from-one-agency.csv"
ROWS, KILLS = 5_000, 10


def bring_in(store: Store, given: bytes | Path | Import, **options: Any) -> LoadReport:
    read = given if isinstance(given, Import) else read_import(given)
    options.setdefault("pause", lambda seconds: None)
    return import_referrals(store, read, scope=HOUSE, by=ACTOR, now=NOW, **options)


def test_an_agencys_file_goes_in(store: Store) -> None:
    report = bring_in(store, FILE)
    assert (report.rows, report.referrals, report.already_there) == (5, 4, 0)
    assert (report.people, report.places, report.statements) == (2, 6, 8)
    assert set(report.ids) == {"S-1", "S-2", "S-3", "S-4"}
    referrals = {record.id: record for record in of_kind(store, Referral)}
    assert {name: referrals[record_id].reference for name, record_id in report.ids.items()} == {name: name for name in report.ids}
    first, fourth = referrals[report.ids["S-1"]], referrals[report.ids["S-4"]]
    assert first.subject_people == fourth.subject_people
    assert Counter(place.label for place in of_kind(store, Location)) == {"Harbour steps": 2, "Bus stand": 1, "Canal path": 1}
    assert "5 rows read: 4 referrals recorded." in report.sentence()


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    first = bring_in(store, FILE)
    revision = store.revision()
    again = bring_in(store, FILE)
    assert store.revision() == revision
    assert (again.ids, again.referrals) == (first.ids, 4)


def test_the_same_reference_in_another_file_is_the_same_referral(store: Store) -> None:
    first = bring_in(store, FILE)
    other = a_table(a_row(referral="S-1", place_1="Somewhere else"), a_row(referral="S-9", young_person="18"))
    again = bring_in(store, other)
    assert (again.referrals, again.already_there, again.people, again.places) == (1, 1, 0, 0)
    assert again.ids["S-1"] == first.ids["S-1"]
    assert "1 were already there" in again.sentence()
    assert len(of_kind(store, YoungPerson)) == 2


def test_two_agencies_equal_numbers_and_references_are_two(store: Store) -> None:
    report = bring_in(store, a_table(a_row(), a_row(referrer_agency="police")))
    assert (report.referrals, report.people, report.places) == (2, 2, 1)
    assert set(report.ids) == {"childrens_social_care S-1", "police S-1"}


def test_a_place_known_to_the_store_is_found_by_name_and_kind(store: Store) -> None:
    ids = load(store, FIXTURES / "calderwick.yaml").ids
    report = bring_in(
        store,
        a_table(
            a_row(place_1="Pennywhistle skatepark", place_1_kind="park_open_space"),
            a_row(referral="S-2", place_1="Pennywhistle skatepark", place_1_kind="transport_hub"),
            a_row(referral="S-3", place_1="Quillmere Academy", place_1_kind="school", place_1_rel="attends"),
        ),
    )
    assert report.places == 1
    targets = {record.target for record in of_kind(store, Assertion) if record.stated_in in report.ids.values()}
    assert {ids["LOC4"], ids["SCH1"]} < targets


def test_unnamed_people_have_no_band(store: Store) -> None:
    bring_in(store, a_table(a_row(young_person="")))
    (people,) = of_kind(store, UnnamedPeople)
    assert people.size_band is None


def test_a_private_address_is_restricted_from_the_start(sqlite_store: Store) -> None:
    bring_in(sqlite_store, a_table(a_row(place_1_kind="private_address")))
    (place,) = of_kind(sqlite_store, Location)
    assert place.handling is Handling.RESTRICTED


def test_one_wrong_row_keeps_the_whole_file_out(sqlite_store: Store) -> None:
    given = read_import(a_table(a_row(), a_row(referral="S-2", kind="child")))
    with pytest.raises(RowsRejected) as caught:
        bring_in(sqlite_store, given)
    assert [(row.line, row.column) for row in caught.value.report.rejected] == [(3, "kind")]
    assert sqlite_store.revision() == 0
    assert caught.value.report.referrals == 0


def test_a_dry_run_says_what_would_be_recorded_and_writes_nothing(store: Store) -> None:
    bring_in(store, a_table(a_row(referral="S-1")))
    revision = store.revision()
    report = try_import(store, read_import(FILE), scope=HOUSE)
    assert (report.dry_run, report.referrals, report.already_there, report.ids) == (True, 3, 1, {})
    assert "dry run" in report.sentence()
    wrong = try_import(store, read_import(a_table(a_row(kind="child"))), scope=HOUSE)
    assert (wrong.referrals, [row.column for row in wrong.rejected]) == (0, ["kind"])
    assert store.revision() == revision


def test_chunks_are_small_rest_between_and_are_told_of(sqlite_store: Store) -> None:
    rows = [a_row(referral=f"S-{number}", young_person=f"{number}") for number in range(ROWS_AT_ONCE * 2 + 50)]
    rests: list[float] = []
    told: list[int] = []
    bring_in(sqlite_store, a_table(*rows), pause=rests.append, progress=told.append)
    assert sum(told) == len(rows)
    assert all(FEWEST_ROWS <= count <= ROWS_AT_ONCE for count in told[:-1])
    assert sqlite_store.revision() == len(told) == len(rests) >= 3
    assert all(0 < rest <= 0.1 for rest in rests)


def test_each_chunk_says_whom_it_concerns(sqlite_store: Store) -> None:
    report = bring_in(sqlite_store, FILE)
    (entry,) = sqlite_store.audit()
    assert entry.action == "import_referrals"
    assert set(entry.about) == {record.id for record in of_kind(sqlite_store, YoungPerson)}
    assert set(entry.resources) == set(report.ids.values())


def test_what_fails_halfway_is_finished_by_the_same_command(store: Store) -> None:
    rows = [a_row(referral=f"S-{number}", young_person=f"{number % 90}") for number in range(300)]
    given = read_import(a_table(*rows))

    def fail_after_the_first(seconds: float) -> None:
        raise GraphError

    with pytest.raises(GraphError):
        bring_in(store, given, pause=fail_after_the_first)
    there = len(of_kind(store, Referral))
    assert 0 < there < 300
    report = bring_in(store, given)
    assert (report.referrals, report.already_there) == (300, 0)
    assert (report.people, report.places, report.statements) == (90, 1, 300)
    assert len(report.ids) == len(of_kind(store, Referral)) == 300
    assert len(of_kind(store, YoungPerson)) == 90


def large_file(folder: Path) -> Path:
    rows = [
        a_row(referral=f"S-{n}", young_person=f"{n % 3_000}", known_as=f"Name {n % 3_000}", place_1=f"Place {n % 40}")
        for n in range(ROWS)
    ]
    path = folder / "large.csv"
    path.write_bytes(a_table(*rows))
    return path


def killed_at_random(url: str, file: Path, chance: random.Random) -> Iterator[bool]:
    """Starts the import again and again, kills each after a while, and yields whether one was done before."""
    while True:
        command = [sys.executable, "-m", "tests.ingest.importing_child", url, str(file)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent.parent)
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        time.sleep(chance.uniform(0.02, 0.4))
        child.kill()
        child.wait()
        yield child.stdout.readline() == "done\n"
        child.stdout.close()


def assert_every_row_is_whole(store: Store) -> int:
    """Each referral that is there has its young person, its place and its one statement."""
    changes = all_changes(store)
    kinds = {change.record: change.kind for change in changes}
    referrals = {change.record: change.body for change in changes if change.kind == Referral.KIND and change.body}
    said = [change.body for change in changes if change.kind == Assertion.KIND and change.body]
    assert Counter(body["stated_in"] for body in said) == dict.fromkeys(referrals, 1)
    assert all(kinds[body["source"]] == YoungPerson.KIND and kinds[body["target"]] == Location.KIND for body in said)
    assert all(kinds[body["subject_people"][0]] == YoungPerson.KIND for body in referrals.values())
    assert len({body["agency_reference"] for body in referrals.values()}) == len(referrals)
    return len(referrals)


def test_an_import_killed_again_and_again_leaves_no_half_row_and_doubles_none(sqlite_place: StorePlace, tmp_path: Path) -> None:
    """R7: kill -9 at random moments of a file of 5,000 rows, resumed by the same command."""
    file = large_file(tmp_path)
    sqlite_place.make().close()
    kills, before = 0, 0
    for done in killed_at_random(sqlite_place.url, file, random.Random(7)):
        store = sqlite_place.open()
        there = assert_every_row_is_whole(store)
        store.close()
        assert there >= before
        before, kills = there, kills + 1
        if done or kills == KILLS:
            break
    store = sqlite_place.open()
    report = bring_in(store, file)
    assert assert_every_row_is_whole(store) == len(report.ids) == report.referrals == ROWS
    assert (report.people, report.places, report.statements) == (3_000, 40, ROWS)
    assert len(of_kind(store, YoungPerson)) == 3_000
    assert len(of_kind(store, Location)) == 40
    revision = store.revision()
    bring_in(store, file)
    assert store.revision() == revision
    assert kills > 0
    store.close()
