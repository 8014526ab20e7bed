"""An evaluation store: marked on every answer, with an end, and a day that can be moved for facts alone."""

from datetime import date, timedelta

from tests.api.running import Service
from tests.builders import NEW_STORE, NOW
from tests.conftest import StorePlace


def test_past_its_thirty_days_nothing_is_answered(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller(hours=720)
    assert NEW_STORE.lives_until == NOW + timedelta(days=30)
    sqlite_service.clock.now = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert coordinator.get("/code-lists").status_code == 200
    sqlite_service.clock.now = NOW + timedelta(days=30)
    refused = coordinator.get("/code-lists")
    assert refused.status_code == 503 and "--renew" in refused.json()["detail"]


def test_the_day_for_facts_moves_and_the_clock_of_access_does_not(sqlite_place: StorePlace) -> None:
    service = Service(sqlite_place, on=date(2026, 10, 1))
    with service.client:
        coordinator = service.caller(hours=1)
        body = {
            "kind": "individual",
            "received": "2026-10-01",
            "referrer": {"role": "teacher", "agency": "school_college_ap"},
            "subject": {"people": [{"known_as": "Arlo"}], "contexts": []},
            "efh_types": ["cce"],
        }
        made = coordinator.post("/referrals", body)
        assert made.status_code == 201
        answer = coordinator.get(f"/referrals/{made.json()['id']}")
        assert answer.json()["recorded_at"].startswith("2026-10-01T09:30")
        assert all(entry.at == NOW for entry in service.store.audit() if entry.actor == coordinator.actor)
        service.clock.now = NOW + timedelta(hours=1)
        assert coordinator.get("/code-lists").status_code == 401


def test_the_description_is_served_on_an_evaluation_store(sqlite_service: Service) -> None:
    answer = sqlite_service.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"] == "3.1.0"
