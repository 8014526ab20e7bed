"""A whole case goes in at once, everything in it has a place, and nothing of it is lost on the way to another store."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from forum.actions import Action
from forum.membership import Forum
from forum.participation import Awareness
from forum.referrals import Referral
from forum.rights import RightsRequest
from forum.same_person import SamePersonJudgement
from forum.weighting import ContextWeighting
from graph.assertions import Assertion, AssertionKind, HowKnown, Origin, Standing
from graph.contexts import TYPE_OF_KIND, Location
from graph.errors import GraphError
from graph.incidents import Incident
from graph.people import AdultOfConcern, ParentCarer, YoungPerson
from graph.store.boundary import NewStore, Store
from ingest.case_file import read_case
from ingest.case_load import load_case
from ingest.errors import NotAnEvaluationStore
from tests.boroughs import a_borough
from tests.builders import ACTOR, FORUM, NOW
from tests.conftest import StorePlace, empty_place
from tests.ingest.loading import FIXTURES, HOUSE, all_changes, all_records, leaves, load, of_kind

CALDERWICK = FIXTURES / "calderwick.yaml"
EVERY_FIELD = FIXTURES / "every-field.yaml"


def paths_of(value: Any, at: str = "") -> set[str]:
    """The field paths of a case, whatever the numbers of its items."""
    if isinstance(value, dict):
        inner = {path for name, item in value.items() for path in paths_of(item, f"{at}.{name}")}
        return inner | {f"{at}.{name}" for name in value}
    if isinstance(value, list):
        return {path for item in value for path in paths_of(item, f"{at}[]")}
    return set()


def test_calderwick_goes_in_whole(store: Store) -> None:
    loaded = load(store, CALDERWICK)
    case = yaml.safe_load(CALDERWICK.read_text())
    count = {kind: len(of_kind(store, kind)) for kind in (YoungPerson, AdultOfConcern, Referral, Incident, RightsRequest, Action)}
    assert count == {YoungPerson: 13, AdultOfConcern: 1, Referral: 8, Incident: 3, RightsRequest: 2, Action: 4}
    links = [link["id"] for referral in case["referrals"] for link in referral["links"]] + ["LNK-EXP-1"]
    assert len(of_kind(store, Assertion)) == len(links) + len(case["memberships"])
    assert set(links) <= set(loaded.ids)
    assert len(of_kind(store, Awareness)) == 4
    assert len(set(loaded.ids.values())) == len(loaded.ids)


def test_every_field_of_the_format_has_a_place(sqlite_store: Store) -> None:
    """Each value of a file in which every field holds something of its own is found again in some record."""
    case = yaml.load(EVERY_FIELD.read_text(), Loader=yaml.BaseLoader)  # everything as text, as it was typed
    loaded = load(sqlite_store, EVERY_FIELD)
    kept = {str(leaf) for change in all_changes(sqlite_store) for leaf in leaves(change.body)}
    kept |= {TYPE_OF_KIND.get(change.kind, change.kind) for change in all_changes(sqlite_store)}
    kept |= {text.strip() for text in kept} | {weight.removesuffix(".0") for weight in kept}
    for leaf in leaves({name: section for name, section in case.items() if name != "format"}):
        text = loaded.ids.get(leaf, leaf.strip())
        if text in ("true", "false", "null", "young_person", "parent_carer", "adult_of_concern", "15:37", "16:12"):
            continue
        assert text in kept, f"{leaf} is nowhere"
    assert {"15:37-16:12", "lighting", "sightlines", "health_setting", "civic_building"} <= kept


def test_the_case_with_every_field_has_the_fields_of_calderwick() -> None:
    full, calderwick = (paths_of(yaml.safe_load(path.read_text())) for path in (EVERY_FIELD, CALDERWICK))
    keys_of_codes = {path for path in calderwick if ".reach." in path}
    assert calderwick - keys_of_codes <= full


def test_whom_and_what_a_case_names_is_cited_by_its_records(sqlite_store: Store) -> None:
    ids = load(sqlite_store, EVERY_FIELD).ids
    records = {record.id: record for record in all_records(sqlite_store)}
    person, place = records[ids["A1"]], records[ids["C2"]]
    assert isinstance(person, YoungPerson)
    assert person.setting == ids["C1"]
    assert isinstance(place, Location)
    assert (place.part_of, place.safe_for) == (ids["C3"], (ids["G1"],))
    link = records[ids["R1-L1"]]
    assert isinstance(link, Assertion)
    assert (link.within, link.stated_in, link.protective) == (ids["G1"], ids["R1"], True)
    assert [step.by for step in link.standings] == [None, ids["A2"], ids["A3"]]
    (weighting,) = of_kind(sqlite_store, ContextWeighting)
    assert (weighting.referral, weighting.lead_record) == (ids["R1"], ids["C3"])
    assert weighting.participants[0].represents == ids["C1"]
    assert (weighting.participants[0].is_parent, weighting.participants[0].is_young_person) == (True, True)
    (request,) = of_kind(sqlite_store, RightsRequest)
    assert (request.by, request.target, request.cascade) == (ids["A2"], ids["R1-L1"], (ids["R2"],))
    (action,) = of_kind(sqlite_store, Action)
    assert action.target == ids["C2"]
    (judgement,) = of_kind(sqlite_store, SamePersonJudgement)
    assert (set(judgement.people), judgement.same) == ({ids["A1"], ids["A2"]}, False)
    (forum,) = of_kind(sqlite_store, Forum)
    assert (forum.fictional, forum.members[0].welfare_led) == (True, True)
    assert isinstance(records[ids["A3"]], ParentCarer)


def test_two_statements_may_rest_on_each_other(store: Store) -> None:
    ids = load(store, EVERY_FIELD).ids
    records = {record.id: record for record in of_kind(store, Assertion)}
    assert records[ids["R1-L1"]].corroborated_by == (ids["R2-L1"],)
    assert records[ids["R2-L1"]].corroborated_by == (ids["R1-L1"],)


def test_a_membership_is_said_by_the_referrer_on_the_day_it_was_received(sqlite_store: Store) -> None:
    """Architecture 4.1: where a case gives a membership no provenance."""
    ids = load(sqlite_store, CALDERWICK).ids
    members = [record for record in of_kind(sqlite_store, Assertion) if record.says is AssertionKind.MEMBER_OF]
    (said,) = [record for record in members if record.source == ids["YP01"]]
    assert (said.target, said.stated_in) == (ids["PG1"], ids["REF-01"])
    assert (said.source_role, said.agency) == ("social worker", "childrens_social_care")
    assert (said.known, said.origin) == (HowKnown.TOLD_BY_OTHER_PROFESSIONAL, Origin.REPORTED_BY_THIRD_PARTY)
    assert said.date_recorded == said.date_known == said.standings[0].since == date(2026, 9, 2)


def test_what_was_corrected_on_a_day_keeps_its_life(sqlite_store: Store) -> None:
    ids = load(sqlite_store, CALDERWICK).ids
    link = next(record for record in of_kind(sqlite_store, Assertion) if record.id == ids["REF-07-L1"])
    assert [(step.standing, step.since) for step in link.standings] == [
        (Standing.CURRENT, date(2026, 10, 20)),
        (Standing.DISPUTED, date(2026, 10, 28)),
        (Standing.CORRECTED, date(2026, 11, 2)),
    ]
    (request,) = [record for record in of_kind(sqlite_store, RightsRequest) if record.target == ids["REF-07-L1"]]
    assert request.cascade == (ids["REF-06"],)


@pytest.mark.parametrize("case", [CALDERWICK, EVERY_FIELD], ids=["calderwick", "every field"])
def test_a_case_survives_the_way_to_another_store(store: Store, kind_to_restore: str, tmp_path: Path, case: Path) -> None:
    load(store, case)
    before, lines = all_changes(store), [list(chunk) for chunk in store.export()]
    folder = tmp_path / "other"
    folder.mkdir()
    place = empty_place(kind_to_restore, folder)
    with place.opened:
        other = place.make()
        other.restore(iter(lines))
        assert all_changes(other) == before


def test_the_same_file_twice_is_the_same_load(store: Store) -> None:
    first, revision = load(store, CALDERWICK), store.revision()
    again = load(store, CALDERWICK)
    assert again.already
    assert dict(again.ids) == dict(first.ids)
    assert store.revision() == revision


def test_a_case_goes_into_a_store_that_holds_another(store: Store) -> None:
    load(store, CALDERWICK)
    before = {record.id for record in all_records(store)}
    load(store, a_borough(3))
    assert before < {record.id for record in all_records(store)}
    (forum,) = of_kind(store, Forum)
    assert forum.area == "Borough 3"
    assert forum.members  # the panel of the first file: the second says nothing about one


def test_a_load_is_one_write_that_says_whom_it_concerns(store: Store) -> None:
    ids = load(store, CALDERWICK).ids
    assert store.revision() == 1
    (entry,) = store.audit()
    assert entry.action == "load_case"
    assert set(entry.about) == {ids[f"YP{number:02}"] for number in range(1, 14)} | {ids["ADREF1"]}


def test_nothing_is_stored_when_the_store_gives_up_halfway(sqlite_place: StorePlace) -> None:
    """A full disk at the last statement: nothing of the case is there, and the same file goes in later."""
    store = sqlite_place.make()
    case = read_case(CALDERWICK)

    def give_up_at_the_end(done: int) -> None:
        told.append(done)
        if len(told) == case.size - 1:
            raise GraphError

    told: list[int] = []
    with pytest.raises(GraphError):
        load_case(store, case, scope=HOUSE, by=ACTOR, now=NOW, progress=give_up_at_the_end)
    assert all_records(store) == []
    assert len(load(store, CALDERWICK).ids) == len(case.ids.recorded())


def test_progress_counts_everything_once(sqlite_store: Store) -> None:
    case = read_case(CALDERWICK)
    told: list[int] = []
    load_case(sqlite_store, case, scope=HOUSE, by=ACTOR, now=NOW, progress=told.append)
    assert sum(told) == case.size


def test_a_live_store_takes_no_case(sqlite_place: StorePlace) -> None:
    live = NewStore(forum=FORUM, evaluation=False, made_at=NOW, lives_until=None)
    store = sqlite_place.open(making=live)
    with pytest.raises(NotAnEvaluationStore):
        load(store, CALDERWICK)
    assert store.revision() == 0


def test_a_borough_of_600_referrals_and_1500_people_goes_in_within_a_minute(store: Store) -> None:
    case = a_borough(1, people=1500, referrals=600)
    text = yaml.dump(case, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)
    began = datetime.now(UTC)
    loaded = load(store, text)
    assert (datetime.now(UTC) - began).total_seconds() < 60
    assert len(of_kind(store, Referral)) == 600
    assert len(of_kind(store, YoungPerson)) == 1500
    assert len(loaded.ids) > 3000


def test_the_packaged_case_is_the_one_the_tests_expect_answers_from() -> None:
    packaged = files("ingest").joinpath("calderwick.yaml")
    assert packaged.read_bytes() == CALDERWICK.read_bytes()


def test_two_equal_files_of_different_bytes_are_two_loads(sqlite_store: Store) -> None:
    load(sqlite_store, CALDERWICK)
    case = read_case(CALDERWICK)
    again = load_case(sqlite_store, replace(case, digest="another"), scope=HOUSE, by=ACTOR, now=NOW)
    assert not again.already
    assert len(of_kind(sqlite_store, Referral)) == 16
    assert json.dumps(sorted(again.ids)) == json.dumps(sorted(case.ids.recorded()))
