"""Promise: who has these bytes already is told so without them, and that is a viewing like any other: nothing is shown
unrecorded, and nothing is told that the full answer would not tell.
"""

import secrets
from datetime import timedelta

import pytest

from api.headers import SECURITY_HEADERS
from api.sign_in.web_sessions import COOKIE, NewSession, open_session
from forum.access.actors import Role
from graph.records import ActorId, RecordId, new_id
from tests.api.running import Caller, Service
from tests.api.test_acknowledged_writes import a_referral
from tests.builders import keep_account


def kept_borough(service: Service) -> dict[str, RecordId]:
    """A young person harmed at a place, said in a referral, and a place that nobody speaks of."""
    worker = service.caller()
    made = worker.post("/referrals", a_referral(1)).json()["id"]
    elsewhere = worker.post("/locations", {"label": "Elsewhere"}).json()["id"]
    link = worker.get(f"/referrals/{made}").json()["links"][0]
    ids = {"person": link["from"], "place": link["to"], "elsewhere": elsewhere, "referral": made}
    return {name: RecordId(value) for name, value in ids.items()}


def a_map(caller: Caller, around: RecordId, service: Service) -> str:
    asked = {
        "kind": "peer", "around": around, "steps": 1, "mode": "coordination", "purpose": "Agree who stays alongside them",
        "owner": "social worker", "review_by": (service.clock().date() + timedelta(days=28)).isoformat(),
    }  # fmt: skip
    made = caller.post("/maps", asked)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def last_entries(service: Service, actor: ActorId) -> list[tuple[object, ...]]:
    """What each thing this actor was shown says of it, the moment and the request apart."""
    return [
        (entry.action, entry.decision, entry.about, entry.resources, entry.response_digest, entry.grants, entry.label_mode)
        for entry in service.store.audit(by=actor, limit=1000)
    ]


def test_a_tag_that_holds_is_answered_without_a_body_and_recorded_with_whom_it_would_have_shown(service: Service) -> None:
    kept = kept_borough(service)
    caller = service.caller()
    made = a_map(caller, kept["person"], service)
    paths = [
        f"/young-people/{kept['person']}", f"/referrals/{kept['referral']}", f"/maps/{made}", f"/maps/{made}/picture.svg",
        f"/maps/{made}/list", f"/maps/{made}/picture.html", "/referrals", f"/contexts/{kept['place']}",
    ]  # fmt: skip
    about_people = 0
    for path in paths:
        full = caller.get(path)
        assert full.status_code == 200, (path, full.text)
        recorded = last_entries(service, caller.actor)
        for header in (full.headers["ETag"], f'"other", W/{full.headers["ETag"]}', "*"):
            again = caller.get(path, **{"If-None-Match": header})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", full.headers["ETag"]), path
            assert again.headers["Cache-Control"] == SECURITY_HEADERS["Cache-Control"]
            now_recorded = last_entries(service, caller.actor)
            assert now_recorded == [*recorded, recorded[-1]], path
            recorded = now_recorded
        about_people += bool(service.store.audit(by=caller.actor, limit=1000)[-1].about)
        assert caller.get(path, **{"If-None-Match": '"other"'}).content == full.content
    assert about_people >= 6


def test_a_change_moves_the_tag_of_those_who_may_see_it_and_of_nobody_else(service: Service) -> None:
    kept = kept_borough(service)
    coordinator = service.caller()
    practitioner = service.caller(Role.PRACTITIONER, reads=[kept["referral"]])
    path, hidden = f"/referrals/{kept['referral']}", f"/locations/{kept['elsewhere']}"
    tag = practitioner.get(path).headers["ETag"]
    changed = coordinator.patch(hidden, {"everyday_name": "over there"}, tag=coordinator.get(hidden).headers["ETag"])
    assert changed.status_code == 200
    assert practitioner.get(path, **{"If-None-Match": tag}).status_code == 304
    changed = coordinator.patch(path, {"reason": "They are worried."}, tag=coordinator.get(path).headers["ETag"])
    assert changed.status_code == 200
    now = practitioner.get(path, **{"If-None-Match": tag})
    assert now.status_code == 200 and now.headers["ETag"] != tag


def test_a_tag_opens_nothing_that_is_shut(sqlite_service: Service) -> None:
    kept = kept_borough(sqlite_service)
    practitioner = sqlite_service.caller(Role.PRACTITIONER)
    sqlite_service.grant(practitioner.actor, kept["referral"], lasts=timedelta(hours=1))
    path = f"/referrals/{kept['referral']}"
    tag = {"If-None-Match": practitioner.get(path).headers["ETag"]}
    assert practitioner.get(path, **tag).status_code == 304
    sqlite_service.clock.now += timedelta(hours=1, seconds=1)
    over, absent = practitioner.get(path, **tag), practitioner.get(f"/referrals/{new_id()}", **tag)
    assert (over.status_code, over.content) == (404, absent.content)
    assert sqlite_service.caller(Role.GUEST).get(path, **tag).status_code == 403
    assert sqlite_service.client.get(f"/api/v1{path}", headers=tag).status_code == 401


def test_without_audit_there_is_no_304_either(sqlite_service: Service) -> None:
    kept = kept_borough(sqlite_service)
    caller = sqlite_service.caller()
    path = f"/young-people/{kept['person']}"
    tag = caller.get(path).headers["ETag"]
    sqlite_service.house.gathering.close()
    refused = caller.get(path, **{"If-None-Match": tag})
    assert (refused.status_code, "ETag" in refused.headers) == (503, False)


@pytest.mark.parametrize("path", ["/contexts", "/referrals/{referral}", "/contexts/{place}"])
def test_a_page_has_its_tag_too(sqlite_service: Service, path: str) -> None:
    kept = kept_borough(sqlite_service)
    secret, actor = secrets.token_hex(16), ActorId(new_id())
    held = NewSession(actor=actor, role=Role.COORDINATOR, name="")
    keep_account(sqlite_service.store, actor, Role.COORDINATOR)
    open_session(sqlite_service.store.shelf, secret, held, now=sqlite_service.clock())
    headers = {"Cookie": f"{COOKIE}={secret}"}
    full = sqlite_service.client.get(path.format(**kept), headers=headers)
    recorded = last_entries(sqlite_service, actor)
    again = sqlite_service.client.get(path.format(**kept), headers={**headers, "If-None-Match": full.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert last_entries(sqlite_service, actor) == [*recorded, recorded[-1]]


def test_what_is_changed_is_never_answered_with_304(sqlite_service: Service) -> None:
    caller = sqlite_service.caller()
    place = "/locations/" + caller.post("/locations", {"label": "Canal bridge"}).json()["id"]
    tag = caller.get(place).headers["ETag"]
    changed = caller.patch(place, {"everyday_name": "the bridge"}, tag=tag, **{"If-None-Match": "*"})
    assert changed.status_code == 200 and changed.json()["everyday_name"] == "the bridge"
