"""A change that is sent again under its key is done once, and answered as what it changed stands now, for whoever asks now."""

from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import pytest

from api.rest.contexts import NOUNS
from forum.access.actors import Role
from graph.records import ActorId, RecordId, new_id
from tests.api.running import Caller, Service, description
from tests.builders import a_young_person, keep, keep_account

CHANGED = [path for path, methods in description()["paths"].items() if "patch" in methods]
ENDED = [path for path, methods in description()["paths"].items() if "delete" in methods]
REFERRAL = {
    "kind": "individual", "received": "2026-11-02", "referrer": {"role": "teacher", "agency": "school_college_ap"},
    "efh_types": ["other"], "narrative": "A neighbour rang.",
}  # fmt: skip


class Sent(NamedTuple):
    """A path, what is sent there, and what somebody sends afterwards."""

    path: str
    body: Any
    later: Any


def a_person(caller: Caller) -> RecordId:
    return RecordId(caller.post("/young-people", {"known_as": "Arlo Quill"}).json()["id"])


def somebody(service: Service) -> ActorId:
    actor = ActorId(new_id())
    keep_account(service.store, actor, Role.PRACTITIONER)
    return actor


def made(caller: Caller, path: str, body: Any) -> str:
    answer = caller.post(path, body)
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['id']}"


def an_item(service: Service, caller: Caller) -> str:
    about, accepted = [a_person(caller)], [somebody(service)]
    return made(caller, "/agenda-items", {"meeting_on": "2026-11-25", "about": about, "accepted": accepted})


def to_change(service: Service, caller: Caller, template: str) -> Sent:
    """Something that can be changed there, of which somebody is shown where the route shows people."""
    noun = template.removeprefix("/api/v1/").partition("/")[0]
    if noun == "agenda-items":
        return Sent(an_item(service, caller), {"meeting_on": "2026-11-26"}, {"meeting_on": "2026-11-27"})
    if noun == "referrals":
        body = {**REFERRAL, "subject": {"people": [a_person(caller)]}}
        return Sent(made(caller, "/referrals", body), {"narrative": "She rang again."}, {"narrative": "Nobody rang."})
    if noun == "young-people":
        return Sent(f"/young-people/{a_person(caller)}", {"note": "Asked again in May."}, {"note": "Asked in June."})
    assert noun in NOUNS
    return Sent(made(caller, f"/{noun}", {"label": "Tollgate"}), {"label": "Tollgate Parade"}, {"label": "The Parade"})


def to_end(service: Service, caller: Caller, template: str) -> str:
    noun = template.removeprefix("/api/v1/").partition("/")[0]
    if noun == "agenda-items":
        return an_item(service, caller)
    about = [a_person(caller)]
    if noun == "conflicts":
        return made(caller, "/conflicts", {"words": "She is my niece."})
    if noun == "grants":
        return made(caller, "/grants", {"to": somebody(service), "covers": about, "until": "2026-12-20", "reason": "Hers."})
    other = service.caller(Role.CHAIR)
    return made(other, "/restrictions", {"about": about, "named": [caller.actor, other.actor], "reason": "Asked for."})


def change(caller: Caller, sent: Sent, tag: str, *, key: str = "one") -> httpx.Response:
    return caller.patch(sent.path, sent.body, tag=tag, **{"Idempotency-Key": key})


@pytest.fixture(params=CHANGED, ids=lambda path: path.removeprefix("/api/v1/").partition("/")[0])
def template(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_repeated_change_gives_the_record_its_tag_and_a_row_in_the_audit(service: Service, template: str) -> None:
    coordinator = service.caller()
    sent = to_change(service, coordinator, template)
    tag = coordinator.get(sent.path).headers["ETag"]
    first = change(coordinator, sent, tag)
    revision, last = service.store.revision(), service.store.audit(limit=1000)[-1]
    again = change(coordinator, sent, tag)
    assert first.status_code == 200 and first.headers["ETag"] != tag
    assert (again.status_code, again.content, again.headers["ETag"]) == (200, first.content, first.headers["ETag"])
    assert service.store.revision() == revision
    (row,) = service.store.audit(after=last.seq)
    told = ("action", "decision", "about", "resources", "field_classes", "grants", "under", "response_digest")
    assert row.action.startswith("change_") and row.resources + row.about
    assert [getattr(row, each) for each in told] == [getattr(last, each) for each in told]


def test_a_repeated_change_gives_what_stands_there_now_and_undoes_nothing(service: Service, template: str) -> None:
    coordinator, other = service.caller(), service.caller(Role.CHAIR)
    sent = to_change(service, coordinator, template)
    tag = coordinator.get(sent.path).headers["ETag"]
    tag_of_first = change(coordinator, sent, tag).headers["ETag"]
    later = other.patch(sent.path, sent.later, tag=other.get(sent.path).headers["ETag"])
    assert later.status_code == 200 and later.headers["ETag"] != tag_of_first
    again, now = change(coordinator, sent, tag), coordinator.get(sent.path)
    assert (again.status_code, again.content, again.headers["ETag"]) == (200, now.content, now.headers["ETag"])


def test_another_change_under_the_same_key_is_refused(sqlite_service: Service, template: str) -> None:
    coordinator = sqlite_service.caller()
    sent = to_change(sqlite_service, coordinator, template)
    tag = coordinator.get(sent.path).headers["ETag"]
    tag = change(coordinator, sent, tag).headers["ETag"]
    refused = change(coordinator, sent._replace(body=sent.later), tag)
    assert (refused.status_code, refused.json()["code"]) == (422, "key-reused")
    assert coordinator.get(sent.path).headers["ETag"] == tag


def test_whoever_may_not_see_it_any_more_gets_the_one_404_for_a_repeat(service: Service) -> None:
    arlo, worker = keep(service.store, a_young_person(known_as="Arlo")), service.caller(Role.PRACTITIONER)
    service.grant(worker.actor, arlo.id, lasts=timedelta(hours=1))
    sent = Sent(f"/young-people/{arlo.id}", {"note": "Asked again in May."}, None)
    tag = worker.get(sent.path).headers["ETag"]
    assert change(worker, sent, tag).status_code == change(worker, sent, tag).status_code == 200
    service.clock.now += timedelta(hours=1)
    nothing = worker.get(f"/young-people/{new_id()}")
    last = service.store.audit(limit=1000)[-1].seq
    again = change(worker, sent, tag)
    assert (again.status_code, again.content) == (404, nothing.content) and "etag" not in again.headers
    (row,) = service.store.audit(after=last)
    assert (row.action, row.decision, row.reason, row.about) == ("change_young_person", "refused", "record-not-found", ())


@pytest.mark.parametrize("template", ENDED, ids=lambda path: path.removeprefix("/api/v1/").partition("/")[0])
def test_a_repeated_end_gives_the_answer_of_the_first(service: Service, template: str) -> None:
    coordinator = service.caller()
    path = to_end(service, coordinator, template)
    headers = {"If-Match": coordinator.get(path).headers["ETag"], "Idempotency-Key": "one"}

    def end() -> httpx.Response:
        return coordinator.send("DELETE", path, headers=headers)

    first = end()
    revision = service.store.revision()
    service.clock.now += timedelta(minutes=1)
    again = end()
    assert first.status_code == 200 and first.json()["ended_at"]
    assert (again.status_code, again.content) == (200, first.content) and service.store.revision() == revision
