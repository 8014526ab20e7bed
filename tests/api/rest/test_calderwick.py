"""What the invented borough must answer over REST, on both stores: links, groups, counts, guards, and what is never shown."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from forum.access.actors import Role
from tests.api.rest.served import Caller, Served, expected

EXPECTED = expected()
BEFORE_THE_CORRECTION = date(2026, 11, 1)


def pairs_of(answer: Any) -> set[tuple[str, str, str]]:
    return {(*sorted(pair["referrals"]), pair["context"]) for pair in answer["pairs"]}


def groups_of(answer: Any) -> set[frozenset[str]]:
    return {frozenset(group) for group in answer["groups"]}


def test_the_five_pairs_and_the_groups_they_form(calderwick: Served) -> None:
    wanted = {(*sorted(found["pair"]), found["context"]) for found in EXPECTED["link_pairs"]}
    with calderwick.on() as caller:
        answer = caller.get("/linked-referrals")
    assert pairs_of(answer) == wanted
    assert groups_of(answer) == {frozenset(group) for group in EXPECTED["groups"] if len(group) > 1}
    guard = EXPECTED["second_guard_test"]["wrong_pair"]
    assert not any(set(guard) == {one, other} for one, other, _ in pairs_of(answer))
    assert frozenset(EXPECTED["guard_test"]["wrong_group"]) not in groups_of(answer)


def test_each_pair_says_why_in_a_sentence_a_panel_could_read_aloud(calderwick: Served) -> None:
    with calderwick.on() as caller:
        pairs = caller.get("/linked-referrals")["pairs"]
        assert pairs
        labels = {pair["context"]: caller.get(f"/contexts/{calderwick.ids[pair['context']]}")["label"] for pair in pairs}
    for pair in pairs:
        assert pair["because"]
        for because in pair["because"]:
            assert because["sentence"].startswith("Both referrals report harm")
            assert because["sentence"].endswith(".")
            assert labels[pair["context"]] in because["sentence"]


def test_one_referral_and_one_context_give_the_pairs_they_are_in(calderwick: Served) -> None:
    with calderwick.on() as caller:
        assert pairs_of(caller.get(f"/referrals/{calderwick.ids['REF-02']}/linked-referrals")) == {
            ("REF-02", "REF-03", "LOC3"),
            ("REF-02", "REF-06", "LOC5"),
        }
        at_the_parade = pairs_of(caller.get(f"/contexts/{calderwick.ids['LOC2']}/linked-referrals"))
        assert at_the_parade == {(*pair, "LOC2") for pair in combinations(("REF-01", "REF-05", "REF-08"), 2)}
        assert caller.get(f"/contexts/{calderwick.ids['SCH1']}/linked-referrals")["pairs"] == []


def test_contexts_that_link_come_with_their_referrals_and_band(calderwick: Served) -> None:
    with calderwick.on() as caller:
        items = caller.get("/shared-contexts")["items"]
    assert [(item["context"], item["band"], sorted(item["referrals"])) for item in items] == [
        ("LOC2", "3–5 referrals", ["REF-01", "REF-05", "REF-08"]),
        ("LOC3", "fewer than 3 referrals", ["REF-02", "REF-03"]),
        ("LOC5", "fewer than 3 referrals", ["REF-02", "REF-06"]),
    ]


def counted_at_least(caller: Caller, least: int) -> set[str]:
    return {item["context"] for item in caller.all_items(f"/hotspots?min={least}")}


def test_working_hotspots_count_what_the_rule_counts_and_name_nobody(calderwick: Served) -> None:
    counts = EXPECTED["referral_counts_by_context"]
    with calderwick.on() as caller:
        for least in (1, 3, 6, 10):
            assert counted_at_least(caller, least) == {name for name, count in counts.items() if count >= least}
        working = EXPECTED["hotspots"]["working"]
        items = caller.get("/hotspots?min=3&kind=location")["items"]
        assert [{"context": item["context"], "band": item["band"]} for item in items] == working["answer"]
        everyone = {calderwick.ids[f"YP{n:02}"] for n in range(1, 14)}
        text = caller.client.get("/api/v1/hotspots?min=1").text
        assert not any(person in text for person in everyone)


def test_somebody_who_may_read_two_of_three_gets_no_hotspot(calderwick: Served) -> None:
    narrow = EXPECTED["hotspots"]["working_narrow"]
    with calderwick.on(role=Role.PRACTITIONER, read=tuple(narrow["caller_may_read"])) as caller:
        assert caller.get("/hotspots?min=3&kind=location")["items"] == narrow["answer"]
        assert pairs_of(caller.get("/linked-referrals")) == {("REF-01", "REF-05", "LOC2")}


def test_an_analyst_gets_an_empty_list_and_nothing_else(calderwick: Served) -> None:
    with calderwick.on(role=Role.ANALYST) as caller:
        assert caller.get("/hotspots?min=3&kind=location")["items"] == []
        assert {caller.status(path) for path in ("/referrals", "/linked-referrals", "/contexts", "/told")} == {403}


def same_people(caller: Caller) -> set[tuple[str, str, str]]:
    return {(*sorted(item["referrals"]), item["person"]) for item in caller.get("/same-person-links")["items"]}


def test_same_person_links_are_another_kind_and_end_with_the_correction(calderwick: Served) -> None:
    for found in EXPECTED["same_person_links"]:
        link = (*sorted(found["pair"]), found["person"])
        begins, until = found["from"], found["until"]
        with calderwick.on(begins - timedelta(days=1)) as caller:
            assert link not in same_people(caller)
        with calderwick.on(begins) as caller:
            items = [item for item in caller.get("/same-person-links")["items"] if item["person"] == found["person"]]
            assert [item["from"] for item in items] == [begins.isoformat()]
        if until:
            with calderwick.on(until - timedelta(days=1)) as caller:
                assert link in same_people(caller)
            with calderwick.on(until) as caller:
                assert link not in same_people(caller)


@pytest.mark.parametrize("day", [date(2026, 10, 20), date(2026, 10, 28), date(2026, 11, 2), date(2026, 11, 21)])
def test_a_rumour_stands_in_its_own_record_until_it_is_corrected(calderwick: Served, day: date) -> None:
    served = calderwick
    standing = "current" if day < date(2026, 10, 28) else "disputed"
    with served.on(day) as caller:
        links = caller.get(f"/referrals/{served.ids['REF-07']}")["links"]
        statement = caller.get(f"/assertions/{served.ids['REF-07-L1']}")
        if day < date(2026, 11, 2):
            assert [(link["id"], link["status"]) for link in links] == [("REF-07-L1", standing)]
            assert statement["status"] == standing
        else:
            assert links == []
            assert set(statement) == {"id", "status", "status_history"}
            assert statement["status"] == "corrected"
            assert "flags" in caller.get(f"/referrals/{served.ids['REF-06']}")


def test_after_the_correction_the_other_referral_is_to_be_checked_again(calderwick: Served) -> None:
    referral = f"/referrals/{calderwick.ids['REF-06']}"
    with calderwick.on(BEFORE_THE_CORRECTION) as caller:
        assert "flags" not in caller.get(referral)
    with calderwick.on() as caller:
        answer = caller.get(referral)
        assert answer["flags"] == ["re-check source"]
        assert "REF-06-L4" in {link["id"] for link in answer["links"]}
        assert [named["person"] for named in caller.get(f"/referrals/{calderwick.ids['REF-07']}")["named_people"]] == ["YP07"]


def test_who_is_still_to_be_told(calderwick: Served) -> None:
    told = EXPECTED["told"]
    with calderwick.on() as caller:
        overdue = caller.get("/told?state=overdue")["items"]
        assert [{name: item[name] for name in ("referral", "person", "who", "days_overdue")} for item in overdue] == [
            {name: row[name] for name in ("referral", "person", "who", "days_overdue")} for row in told["overdue"]
        ]
        nothing = {item["referral"] for item in caller.all_items("/told?state=not_recorded")}
        assert nothing == set(told["nothing_recorded"])
        not_told = caller.get("/told?state=not_told")["items"]
        assert [(item["referral"], item["person"], item["status"], item["supervisor_signed"]) for item in not_told] == [
            (row["referral"], row["person"], row["status"], True) for row in told["not_told_with_sign_off"]
        ]


def test_same_names_stay_two_young_people(calderwick: Served) -> None:
    with calderwick.on() as caller:
        found = caller.client.post("/api/v1/young-people/search", json={"name": "cai m"}).json()
        assert sorted(calderwick.named(item["id"]) for item in found["items"]) == EXPECTED["same_name"]["people"]


def test_contradictory_safety_is_kept_and_shown_both_ways(calderwick: Served) -> None:
    with calderwick.on() as caller:
        links = caller.get(f"/referrals/{calderwick.ids['REF-04']}")["links"]
    both = {link["id"]: link for link in links if link["rel"] != "member_of"}
    assert set(both) == set(EXPECTED["contradictory_safety"]["both_statements_shown"])
    assert {found["rel"] for found in both.values()} == {"feels_safe_at", "harmed_at"}
    assert {found["status"] for found in both.values()} == {"current"}
    assert {found["time_band"] for found in both.values()} == {"day", "night"}


def test_unnamed_people_have_a_band_and_no_name(calderwick: Served) -> None:
    with calderwick.on() as caller:
        for row in EXPECTED["unnamed_people"]:
            referral = caller.get(f"/referrals/{calderwick.ids[row['id'][:6]]}")
            assert [(found["id"], found["size_band"]) for found in referral["unnamed"]] == [(row["id"], row["size_band"])]


def test_nobody_recorded_only_as_harmed_stands_where_somebody_may_have_harmed(calderwick: Served) -> None:
    roles: dict[str, set[str]] = {}
    with calderwick.on() as caller:
        for referral in caller.all_items("/referrals"):
            for named in caller.get(f"/referrals/{calderwick.ids[referral['id']]}")["named_people"]:
                roles.setdefault(named["person"], set()).update(named["roles"])
    may_have = {person for person, found in roles.items() if "may_have_harmed" in found}
    assert sorted(may_have) == EXPECTED["roles_report"]["may_have_harmed_named"]
    harmed_only = {person for person, found in roles.items() if found == {"harmed"}}
    assert set(EXPECTED["roles_report"]["harmed_only"]) <= harmed_only
    assert not harmed_only & may_have


def test_an_expired_link_is_in_no_map_and_says_so_of_itself(calderwick: Served) -> None:
    served = calderwick
    with served.on() as caller:
        assert caller.get(f"/assertions/{served.ids['LNK-EXP-1']}")["status"] == "expired"
