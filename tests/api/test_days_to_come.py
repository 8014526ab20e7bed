"""Promise: nothing is said to have happened on a day that has not come: a slip of the year would hide it until then."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.api.running import Caller, Service
from tests.builders import NOW, a_young_person, keep
from tests.conftest import StorePlace

TODAY = NOW.date()
TOMORROW = date.fromordinal(TODAY.toordinal() + 1)
BO = {"known_as": "Bo", "ref": "bo"}


def a_referral(received: date = TODAY, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "individual", "received": received.isoformat(), "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [BO]}, "efh_types": ["cce"], **fields,
    }  # fmt: skip


def a_link(day: date, **ends: Any) -> dict[str, Any]:
    source = {
        "kind": "reported_by_young_person", "source_role": "social worker", "agency": None,
        "reliability": "told_by_young_person_or_family", "date_known": day.isoformat(),
    }  # fmt: skip
    return {"from": "bo", "rel": "harmed_at", "to": {"type": "location", "label": "Parade"}, "provenance": source, **ends}


def recorded(day: date) -> dict[str, Any]:
    link = a_link(TODAY, **{"from": {"known_as": "Bo"}})
    return {**link, "provenance": {**link["provenance"], "date_recorded": day.isoformat()}}


def born(day: date) -> dict[str, Any]:
    return {"known_as": "Bo", "date_of_birth": day.isoformat()}


def told(day: date) -> dict[str, Any]:
    return {"person": "bo", "who": "young_person", "status": "told_content", "date": day.isoformat()}


def an_event(day: date, **fields: Any) -> dict[str, Any]:
    return {"kind": "missing_together", "date": day.isoformat(), **fields}


SENT: tuple[tuple[str, str, Callable[[date], dict[str, Any]]], ...] = (
    ("/referrals", "/received", a_referral),
    ("/referrals", "/subject/people/0/date_of_birth", lambda day: a_referral(subject={"people": [born(day)]})),
    ("/referrals", "/links/0/provenance/date_known", lambda day: a_referral(links=[a_link(day)])),
    ("/referrals", "/told/0/date", lambda day: a_referral(told=[told(day)])),
    ("/referrals", "/events/0/date", lambda day: a_referral(events=[an_event(day, participants=["bo"])])),
    ("/young-people", "/date_of_birth", born),
    ("/incidents", "/date", lambda day: an_event(day, participants=[{"person": {"known_as": "Bo"}}])),
    ("/incidents", "/participants/0/person/date_of_birth", lambda day: an_event(TODAY, participants=[{"person": born(day)}])),
    ("/assertions", "/provenance/date_known", lambda day: a_link(day, **{"from": {"known_as": "Bo"}})),
    ("/assertions", "/provenance/date_recorded", recorded),
    ("/assertions", "/from/date_of_birth", lambda day: a_link(TODAY, **{"from": born(day)})),
)


def refused_at(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize(("path", "place", "body"), SENT, ids=[f"{path} {place}" for path, place, _ in SENT])
def test_a_day_that_has_not_come_is_refused_and_today_is_not(
    sqlite_service: Service, path: str, place: str, body: Callable[[date], dict[str, Any]]
) -> None:
    caller = sqlite_service.caller()
    assert refused_at(caller.post(path, body(TOMORROW))) == [(place, "day-to-come")]
    made = caller.post(path, body(TODAY))
    assert made.status_code == 201, made.text
    assert caller.get(made.headers["Location"].removeprefix("/api/v1")).status_code == 200


def patched(caller: Caller, path: str, change: dict[str, Any]) -> Any:
    return caller.patch(path, change, tag=caller.get(path).headers["ETag"])


def test_a_change_to_a_day_that_has_not_come_is_refused(service: Service) -> None:
    caller = service.caller()
    for path, whole, field in (("/referrals", a_referral(), "received"), ("/young-people", born(TODAY), "date_of_birth")):
        made = f"{path}/{caller.post(path, whole).json()['id']}"
        before = caller.get(made).content
        assert refused_at(patched(caller, made, {field: TOMORROW.isoformat()})) == [(f"/{field}", "day-to-come")]
        assert caller.get(made).content == before
        assert patched(caller, made, {field: "2026-11-01"}).json()[field] == "2026-11-01"


@pytest.mark.parametrize(
    ("on", "latest"),
    [(date(2026, 6, 1), TODAY), (TODAY, TODAY), (date(2026, 12, 1), date(2026, 12, 1))],
)
def test_the_latest_day_is_the_later_of_today_and_the_day_of_the_clock(sqlite_place: StorePlace, on: date, latest: date) -> None:
    """A service shown an earlier day goes on taking in what comes today."""
    service = Service(sqlite_place, on=on)
    with service.client:
        caller = service.caller()
        assert caller.post("/referrals", a_referral(latest)).status_code == 201
        after = date.fromordinal(latest.toordinal() + 1)
        assert refused_at(caller.post("/referrals", a_referral(after))) == [("/received", "day-to-come")]


def test_the_hour_after_midnight_in_summer_is_of_the_new_day(sqlite_place: StorePlace) -> None:
    """Moments are in UTC; who records at a quarter past twelve in July writes the day on their own clock."""
    service = Service(sqlite_place, now=datetime(2026, 11, 21, 23, 15, tzinfo=UTC))
    with service.client:
        caller = service.caller()
        assert caller.post("/referrals", a_referral(TOMORROW)).status_code == 201
        after = date.fromordinal(TOMORROW.toordinal() + 1)
        assert refused_at(caller.post("/referrals", a_referral(after))) == [("/received", "day-to-come")]


def test_a_date_of_birth_that_a_file_brought_hinders_no_other_change(service: Service) -> None:
    """Files are taken as they are; who changes something else meets no mistake of theirs."""
    made = f"/young-people/{keep(service.store, a_young_person(date_of_birth=date(2027, 1, 1))).id}"
    caller = service.caller()
    changed = patched(caller, made, {"sex": "female"})
    assert (changed.status_code, changed.json()["date_of_birth"]) == (200, "2027-01-01")
    whole = {name: value for name, value in changed.json().items() if name not in ("id", "review_by")}
    assert patched(caller, made, {**whole, "note": "Sent back whole."}).status_code == 200
    assert refused_at(patched(caller, made, {"date_of_birth": "2027-01-02"})) == [("/date_of_birth", "day-to-come")]
