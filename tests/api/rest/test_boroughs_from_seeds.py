"""Boroughs nobody wrote by hand, over REST on both stores, against what plain loops over the case expect, on several days."""

from datetime import timedelta

import pytest
import yaml

from tests import boroughs
from tests.api.rest.served import Served, serve_case
from tests.api.rest.test_calderwick import groups_of, pairs_of
from tests.conftest import StorePlace

DAYS = [boroughs.AS_OF + timedelta(days=offset) for offset in (-40, -12, 0)]


def answers_as_expected(served: Served, case: boroughs.Case) -> None:
    for day in DAYS:
        with served.on(day) as caller:
            linked = caller.get("/linked-referrals")
            assert pairs_of(linked) == boroughs.expected_pairs(case, day)
            assert len(linked["pairs"]) == len(pairs_of(linked))
            assert groups_of(linked) == boroughs.expected_groups(case, day)
            counts = boroughs.expected_counts(case, day)
            for least in (1, 3, 6):
                found = {item["context"] for item in caller.all_items(f"/hotspots?min={least}&limit=3")}
                assert found == {context for context, referrals in counts.items() if len(referrals) >= least}
            everyone = {(*sorted(item["referrals"]), item["person"]) for item in caller.all_items("/same-person-links?limit=7")}
            assert everyone == boroughs.expected_same_person(case, day)
            overdue = caller.all_items("/told?state=overdue")
            assert {
                (item["referral"], item["person"], item["who"], item["days_overdue"]) for item in overdue
            } == boroughs.expected_overdue(case, day)


@pytest.mark.parametrize("seed", range(8))
def test_an_invented_borough_answers_as_its_case_says(sqlite_place: StorePlace, seed: int) -> None:
    case = boroughs.a_borough(seed)
    answers_as_expected(serve_case(sqlite_place, yaml.safe_dump(case, sort_keys=False)), case)


def test_a_larger_borough_answers_alike_on_each_store(store_place: StorePlace) -> None:
    case = boroughs.a_borough(77, people=40, referrals=40)
    answers_as_expected(serve_case(store_place, yaml.safe_dump(case, sort_keys=False)), case)
