"""Who was shown a young person, who opened my cases, what did I open: asked over REST, on both stores."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.sign_in.tokens import keep_token
from forum.access.actors import EVERY_PURPOSE, Role
from forum.access.grants import Reason, give_grant
from forum.audit_history import openings_of_person
from graph.people import YoungPerson
from graph.records import ActorId, RecordId, new_id
from ingest.load import import_referrals, read_import
from tests.api.running import Caller, Service
from tests.builders import (
    ACTOR,
    ANOTHER_FORUM,
    NOW,
    a_location,
    a_referral,
    a_restriction,
    a_scope,
    a_write_key,
    a_young_person,
    an_audit_entry,
    keep,
)
from tests.ingest.loading import FIXTURES, HOUSE, load, of_kind

A_REFERRAL = {
    "kind": "individual",
    "received": "2026-11-20",
    "referrer": {"role": "teacher", "agency": "school_college_ap"},
    "subject": {"people": [{"known_as": "Arlo", "pseudonym": "Y7"}], "contexts": []},
    "efh_types": ["cce"],
}


def told(answer: Any) -> list[tuple[str, str, str]]:
    """Who did what, and what was decided: role, action, decision, the latest first."""
    return [(item["role"], item["action"], item["decision"]) for item in answer.json()["items"]]


def allocate(service: Service, to: ActorId, *covers: RecordId, lasts: timedelta = timedelta(hours=4)) -> None:
    by = ActorId("chair")
    with service.store.write(a_scope(), key=a_write_key(), by=by, now=service.clock()) as writer:
        give_grant(
            writer, to=to, covers=covers, because=Reason.ALLOCATED, until=service.clock() + lasts, given_by=by,
            now=service.clock(), purposes=EVERY_PURPOSE,
        )  # fmt: skip
        writer.append(an_audit_entry(action="allocate", actor="chair"))


def test_information_governance_learns_who_was_shown_a_person_when_for_what_and_under_which_grant(service: Service) -> None:
    arlo = keep(service.store, a_young_person(known_as="Arlo", pseudonym="Y7"))
    case = keep(service.store, a_referral(about=(arlo,)))
    worker = service.caller(Role.PRACTITIONER, reads=[case.id])
    for purpose in ("incident", "safety_planning"):
        assert worker.get(f"/young-people/{arlo.id}", **{"Kith-Purpose": purpose}).status_code == 200
    lead = service.caller(Role.INFORMATION_GOVERNANCE)
    answer = lead.get(f"/audit?person={arlo.id}")
    (latest, first, *_) = answer.json()["items"]
    assert (latest["purpose"], first["purpose"]) == ("safety_planning", "incident")
    assert latest["actor"] == worker.actor and latest["role"] == "practitioner" and latest["action"] == "read_young_person"
    assert len(latest["grants"]) == 1 and latest["at"] == service.clock().isoformat()
    assert latest["records"] == [] and "Arlo" not in answer.text and "Y7" not in answer.text


def whys(service: Service, person: RecordId) -> list[tuple[str, str, list[str]]]:
    """Why each answer could show this person, the first first: the action, the ground and the grants."""
    items = service.caller(Role.INFORMATION_GOVERNANCE).get(f"/audit?person={person}").json()["items"]
    return [(item["action"], item["ground"], item["grants"]) for item in reversed(items)]


def test_each_viewing_names_the_grants_that_cover_this_person_and_no_other_that_held(service: Service) -> None:
    arlo, bela = keep(service.store, a_young_person(), a_young_person())
    of_arlo, of_bela = keep(service.store, a_referral(about=(arlo,)), a_referral(about=(bela,)))
    both = keep(service.store, a_referral(about=(arlo, bela)))
    worker = service.caller(Role.PRACTITIONER)
    first, second, third = (service.grant(worker.actor, each.id) for each in (of_arlo, of_bela, both))
    assert worker.get("/referrals").json()["total"]["value"] == 3
    assert worker.get(f"/referrals/{of_bela.id}").status_code == 200
    service.caller().get(f"/young-people/{bela.id}")
    assert whys(service, arlo.id) == [("list_referrals", "grant", sorted([first, third]))]
    assert whys(service, bela.id) == [
        ("list_referrals", "grant", sorted([second, third])),
        ("read_referral", "grant", sorted([second, third])),
        ("read_young_person", "role", []),
    ]


def test_what_somebody_writes_about_a_person_names_the_grants_as_well_and_their_own_words_none(service: Service) -> None:
    arlo, bela = keep(service.store, a_young_person(), a_young_person())
    case, other = keep(service.store, a_referral(about=(arlo,)), a_referral(about=(bela,)))
    worker = service.caller(Role.PRACTITIONER)
    grant, _ = service.grant(worker.actor, case.id), service.grant(worker.actor, other.id)
    event = {"kind": "missing_together", "participants": [{"person": arlo.id, "roles": []}]}
    assert worker.post("/incidents", event).status_code == 201
    assert worker.post("/conflicts", {"about": [new_id(), arlo.id], "words": "My nephew."}).status_code == 201
    worker.get("/conflicts")
    found = whys(service, arlo.id)
    assert ("create_incident", "grant", [grant]) in found
    assert found[-1] == ("list_conflicts", "own_words", [])


def test_an_entry_from_before_this_was_kept_says_so_and_gives_every_grant_that_held(service: Service) -> None:
    arlo = keep(service.store, a_young_person())
    grant = service.grant(ActorId("somebody"), arlo.id)
    service.store.append(
        [an_audit_entry(action="read_old", role=role, about=(arlo.id,), grants=(grant,)) for role in ("practitioner", "chair")]
    )
    assert whys(service, arlo.id)[:2] == [("read_old", "not_kept", [grant]), ("read_old", "role", [])]


def test_reading_the_audit_of_a_person_stands_in_the_audit_of_that_person(service: Service) -> None:
    arlo = keep(service.store, a_young_person())
    lead = service.caller(Role.INFORMATION_GOVERNANCE)
    lead.get(f"/audit?person={arlo.id}")
    assert told(lead.get(f"/audit?person={arlo.id}"))[0] == ("information_governance", "list_audit", "allowed")
    assert lead.get("/audit?by=me").json()["total"]["value"] == 2


def test_reading_an_audit_that_is_empty_is_recorded_too(service: Service) -> None:
    analyst = service.caller(Role.ANALYST)
    assert analyst.get("/audit?by=me").json()["items"] == []
    assert told(analyst.get("/audit?by=me")) == [("analyst", "list_audit", "allowed")]


def test_every_young_person_stands_in_the_audit_from_the_moment_they_are_recorded(sqlite_service: Service) -> None:
    """However they came in. So whoever may ask for anybody's history learns no more of who is there by asking again."""
    store, coordinator = sqlite_service.store, sqlite_service.caller()
    table = read_import(FIXTURES / "referrals-from-one-agency.csv")
    ways: list[Callable[[], object]] = [
        lambda: coordinator.post("/young-people", {"known_as": "Bela"}),
        lambda: coordinator.post("/referrals", A_REFERRAL),
        lambda: load(store, FIXTURES / "calderwick.yaml"),
        lambda: import_referrals(store, table, scope=HOUSE, by=ACTOR, now=NOW, pause=lambda seconds: None),
    ]
    before = 0
    for record_somebody in ways:
        record_somebody()
        recorded = [person.id for person in of_kind(store, YoungPerson)]
        assert len(recorded) > before and all(openings_of_person(store, person) for person in recorded)
        before = len(recorded)


def test_asking_leaves_a_line_in_the_history_of_somebody_who_is_there_and_of_nobody_else(sqlite_service: Service) -> None:
    there, elsewhere = keep(sqlite_service.store, a_young_person()), a_young_person(forum=ANOTHER_FORUM)
    keep(sqlite_service.store, elsewhere, scope=a_scope(forum=ANOTHER_FORUM))
    place = keep(sqlite_service.store, a_location())
    lead = sqlite_service.caller(Role.INFORMATION_GOVERNANCE)

    def lines(asked: str) -> int:
        lead.get(f"/audit?person={asked}")
        found: int = lead.get(f"/audit?person={asked}").json()["total"]["value"]
        return found

    assert [lines(asked) for asked in (there.id, elsewhere.id, place.id, new_id())] == [1, 0, 0, 0]


def test_an_id_that_is_nobodys_answers_as_one_who_was_never_shown(sqlite_service: Service) -> None:
    never_shown = keep(sqlite_service.store, a_young_person())
    lead = sqlite_service.caller(Role.INFORMATION_GOVERNANCE)
    bodies = {lead.get(f"/audit?person={each}").text.replace(each, "ID") for each in (never_shown.id, new_id())}
    assert len(bodies) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INFORMATION_GOVERNANCE])
def test_nobody_else_asks_who_was_shown_a_person_and_the_refusal_is_recorded(sqlite_service: Service, role: Role) -> None:
    arlo = keep(sqlite_service.store, a_young_person())
    caller = sqlite_service.caller(role)
    refused = {caller.get(f"/audit?person={each}").content for each in (arlo.id, new_id())}
    assert len(refused) == 1
    assert told(caller.get("/audit?by=me")) == [(role.value, "list_audit", "refused")] * 2


def test_the_administrator_is_shown_no_content_even_of_what_they_opened(sqlite_service: Service) -> None:
    case = keep(sqlite_service.store, a_referral())
    caller = sqlite_service.caller(Role.ADMINISTRATOR, reads=[case.id])
    assert caller.get(f"/referrals/{case.id}").status_code == 403
    items = caller.get("/audit?by=me").json()["items"]
    assert [(item["decision"], item["records"], item["grants"]) for item in items] == [("refused", [], [])]
    assert caller.get("/audit?cases=mine").status_code == 403


def test_whoever_wrote_a_case_learns_who_opened_it(service: Service) -> None:
    referrer = service.caller(Role.REFERRER)
    case = referrer.post("/referrals", A_REFERRAL).json()["id"]
    referrer.get(f"/referrals/{case}")
    coordinator = service.caller()
    coordinator.get(f"/referrals/{case}")
    answer = referrer.get("/audit?cases=mine")
    assert told(answer) == [("coordinator", "read_referral", "allowed")]
    assert answer.json()["items"][0]["records"] == [case]
    assert told(service.caller(Role.REFERRER).get("/audit?cases=mine")) == []


def test_an_allocated_case_is_its_workers_and_no_more_its_writers(service: Service) -> None:
    referrer = service.caller(Role.REFERRER)
    case = referrer.post("/referrals", A_REFERRAL).json()["id"]
    worker = service.caller(Role.PRACTITIONER)
    person = service.caller().get(f"/referrals/{case}").json()["subject"]["people"][0]
    allocate(service, worker.actor, person)
    opened = [("coordinator", "read_referral", "allowed"), ("referrer", "create_referral", "allowed")]
    assert told(worker.get("/audit?cases=mine")) == opened
    assert told(referrer.get("/audit?cases=mine")) == []
    service.clock.now += timedelta(hours=4)
    assert_is_the_writers_again(service, referrer, case)


def assert_is_the_writers_again(service: Service, referrer: Caller, case: str) -> None:
    """When the allocation has ended; the token of the referrer has ended with it, so that another one is made."""
    answer = with_another_token(service, referrer).get("/audit?cases=mine")
    assert ("coordinator", "read_referral", "allowed") in told(answer)
    assert all(item["records"] == [case] for item in answer.json()["items"])


def with_another_token(service: Service, caller: Caller) -> Caller:
    token = new_id()
    keep_token(
        service.store.shelf, token, actor=caller.actor, role=Role.REFERRER, name="", agency=None, hours=1, now=service.clock()
    )
    return Caller(service.client, caller.actor, {"Authorization": f"Bearer {token}"})


def test_what_may_be_read_no_more_is_not_in_ones_own_history(service: Service) -> None:
    case = keep(service.store, a_referral())
    worker = service.caller(Role.PRACTITIONER, hours=24)
    service.grant(worker.actor, case.id, lasts=timedelta(hours=1))
    worker.get(f"/referrals/{case.id}")
    assert worker.get("/audit?by=me").json()["items"][0]["records"] == [case.id]
    service.clock.now += timedelta(hours=1)
    items = worker.get("/audit?by=me").json()["items"]
    assert items[-1]["action"] == "read_referral" and all(case.id not in item["records"] for item in items)


def test_one_question_at_a_time(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    for query in ("", "?by=me&cases=mine", "?person=x&by=me", "?by=others", "?cases=all", "?about=x"):
        assert coordinator.get(f"/audit{query}").status_code == 422


def test_the_audit_comes_in_pages_the_latest_first(sqlite_service: Service) -> None:
    arlo = keep(sqlite_service.store, a_young_person())
    coordinator = sqlite_service.caller()
    for _ in range(5):
        coordinator.get(f"/young-people/{arlo.id}")
    lead = sqlite_service.caller(Role.INFORMATION_GOVERNANCE)
    first = lead.get(f"/audit?person={arlo.id}&limit=3").json()
    rest = sqlite_service.client.get(first["next"], headers=lead.headers).json()
    assert [item["action"] for item in first["items"]] == ["read_young_person"] * 3
    assert [item["action"] for item in rest["items"]] == ["read_young_person"] * 2
    assert rest["next"] is None


def test_a_cursor_of_the_audit_says_nothing_of_what_others_did(sqlite_service: Service) -> None:
    """Else whoever keeps asking for a page of one line would learn how much everybody does between two questions."""
    worker, others = sqlite_service.caller(Role.PRACTITIONER), sqlite_service.caller()
    for _ in range(3):
        worker.get("/audit?by=me")

    def kept_in_the_cursor() -> str:
        onward = worker.get("/audit?by=me&limit=1").json()["next"]
        cursor = parse_qs(urlsplit(onward).query)["cursor"][0]
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[16:].decode()

    first = int(kept_in_the_cursor())
    for _ in range(9):
        others.get("/referrals")
    assert int(kept_in_the_cursor()) == first + 1


def test_the_owner_of_a_case_learns_of_the_grants_on_it_and_of_no_other_that_held(service: Service) -> None:
    arlo, bela = keep(service.store, a_young_person(), a_young_person())
    case, of_bela = keep(service.store, a_referral(about=(arlo,)), a_referral(about=(bela,)))
    owner, worker = service.caller(Role.PRACTITIONER), service.caller(Role.PRACTITIONER)
    allocate(service, owner.actor, case.id)
    on_it, on_him, _ = (service.grant(worker.actor, each) for each in (case.id, arlo.id, of_bela.id))
    assert worker.get("/referrals").json()["total"]["value"] == 2
    opened = owner.get("/audit?cases=mine").json()["items"][0]
    assert (opened["records"], opened["grants"]) == ([case.id], sorted([on_it, on_him]))


def test_a_grant_on_what_was_restricted_since_is_not_in_ones_own_history(service: Service) -> None:
    case, other = keep(service.store, a_referral(), a_referral())
    worker = service.caller(Role.PRACTITIONER)
    on_it, on_other = (service.grant(worker.actor, each.id) for each in (case, other))
    worker.get(f"/referrals/{case.id}")
    assert worker.get("/audit?by=me").json()["items"][0]["grants"] == sorted([on_it, on_other])
    keep(service.store, a_restriction(other, named=(ActorId("somebody"),)))
    assert worker.get(f"/grants/{on_other}").status_code == 404
    assert {tuple(item["grants"]) for item in worker.get("/audit?by=me").json()["items"] if item["grants"]} == {(on_it,)}
