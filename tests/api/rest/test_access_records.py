"""Grants, restrictions and conflicts over REST: given, seen, ended; a refusal says what to do and is recorded."""

from datetime import timedelta
from typing import Any

import pytest

from forum.access.actors import Role
from forum.referrals import Condition, Guardian
from graph.records import ActorId, Record, new_id
from tests.api.running import Caller, Service
from tests.builders import a_location, a_referral, a_restriction, a_school, a_young_person, an_assertion, keep, keep_account

UNTIL = "2026-12-24"


def ended(caller: Caller, path: str) -> Any:
    tag = caller.get(path).headers["ETag"]
    return caller.send("DELETE", path, headers={"If-Match": tag})


def refusals(service: Service, actor: ActorId) -> list[tuple[str, str]]:
    return [(entry.action, entry.reason) for entry in service.store.audit(by=actor) if entry.decision == "refused"]


def a_case(service: Service) -> tuple[Record, Record]:
    arlo = a_young_person()
    return keep(service.store, arlo, a_referral(about=(arlo,)))  # type: ignore[no-any-return]


def test_a_grant_given_used_and_ended_is_gone_with_the_next_request(service: Service) -> None:
    arlo, referral = a_case(service)
    chair, worker = service.caller(Role.CHAIR), service.caller(Role.PRACTITIONER)
    assert worker.get(f"/referrals/{referral.id}").status_code == 404
    made = chair.post("/grants", {"to": worker.actor, "covers": [referral.id], "until": UNTIL, "reason": "Allocated."})
    assert made.status_code == 201
    grant = f"/grants/{made.json()['id']}"
    for caller in (chair, worker, service.caller(Role.INFORMATION_GOVERNANCE)):
        assert [item["id"] for item in caller.get("/grants").json()["items"]] == [made.json()["id"]]
    for path in (f"/referrals/{referral.id}", f"/young-people/{arlo.id}", grant):
        assert worker.get(path).status_code == 200
    assert service.caller(Role.PRACTITIONER).get(grant).status_code == 404
    assert chair.send("DELETE", grant).status_code == 428
    assert ended(chair, grant).json()["id"] == made.json()["id"]
    for path in (f"/referrals/{referral.id}", f"/young-people/{arlo.id}"):
        assert worker.get(path).status_code == 404
    assert worker.get(grant).json()["ended_at"]
    assert ended(chair, grant).status_code == 409


@pytest.mark.parametrize("field", ["from", "until"])
@pytest.mark.parametrize("moment", ["9999-12-31", "9998-06-01T00:00:00+00:00", "3000-01-01", "1899-12-31", "0001-01-01"])
def test_a_moment_outside_the_years_that_anything_is_reckoned_in_is_refused_in_its_place(
    sqlite_service: Service, field: str, moment: str
) -> None:
    chair, worker = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.PRACTITIONER)
    referral = keep(sqlite_service.store, a_referral())
    body = {"to": worker.actor, "covers": [referral.id], "until": UNTIL, "reason": "Allocated.", field: moment}
    refused = chair.post("/grants", body)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(f"/{field}", "not-a-moment")]


def test_a_grant_covers_nothing_before_its_first_moment_or_for_another_purpose(sqlite_service: Service) -> None:
    service = sqlite_service
    _, referral = a_case(service)
    chair, worker = service.caller(Role.CHAIR), service.caller(Role.PRACTITIONER, hours=72)
    later = {"from": "2026-11-23", "until": UNTIL, "purposes": ["incident"]}
    assert chair.post("/grants", {"to": worker.actor, "covers": [referral.id], **later}).status_code == 201
    purpose = {"Kith-Purpose": "incident"}
    assert worker.get(f"/referrals/{referral.id}", **purpose).status_code == 404
    service.clock.now += timedelta(days=2)
    assert worker.get(f"/referrals/{referral.id}", **purpose).status_code == 200
    assert worker.get(f"/referrals/{referral.id}").status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer", "says"),
    [
        ({"to": "me"}, "/to", "Ask somebody else: nobody gives a grant to themselves."),
        ({"from": "2026-12-30"}, "/until", "Give an end that lies after the beginning."),
        ({"until": "2026-11-01"}, "/until", "Give an end that lies after the beginning."),
        ({"purposes": ["curiosity"]}, "/purposes", "Name one or more codes of the list SHARING_PURPOSE."),
        ({"covers": []}, "/covers", "Name at least one record that this grant covers."),
        ({"covers": ["a" * 32]}, "/covers/0", "There is no such record, or it is not yours to see."),
        ({"until": "soon"}, "/until", "Write a day such as 2026-11-21, or a moment such as 2026-11-21T09:30:00+00:00."),
        ({"to": "nobody"}, "/to", "Nobody by this id can sign in now. Take the id from the audit or a grant."),
        ({"to": "analyst"}, "/to", "Give it to somebody who works with cases: this role holds no record."),
    ],
)
def test_a_grant_that_cannot_be_is_refused_with_what_to_do_and_recorded(
    sqlite_service: Service, change: dict[str, Any], pointer: str, says: str
) -> None:
    _, referral = a_case(sqlite_service)
    chair, worker = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.PRACTITIONER)
    known = {"me": chair.actor, "analyst": sqlite_service.caller(Role.ANALYST).actor, "nobody": new_id()}
    body = {"to": worker.actor, "covers": [referral.id], "until": UNTIL, **change}
    answer = chair.post("/grants", {**body, "to": known.get(body["to"], body["to"])})
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["pointer"], answer.json()["detail"]) == (pointer, says)
    assert refusals(sqlite_service, chair.actor) == [("create_grant", "refused-access")]
    assert sqlite_service.caller(Role.INFORMATION_GOVERNANCE).get("/grants").json()["items"] == []


def test_a_restriction_takes_hold_with_the_next_request_and_only_somebody_else_ends_it(service: Service) -> None:
    arlo, referral = a_case(service)
    chair, coordinator, lead = (service.caller(each) for each in (Role.CHAIR, Role.COORDINATOR, Role.INFORMATION_GOVERNANCE))
    worker = service.caller(Role.PRACTITIONER, reads=[referral.id])
    made = lead.post("/restrictions", {"about": [arlo.id], "named": [chair.actor], "reason": "Asked for by the family."})
    assert made.status_code == 201
    path = f"/restrictions/{made.json()['id']}"
    assert chair.get(f"/young-people/{arlo.id}").status_code == 200
    for caller in (coordinator, worker):
        for hidden in (f"/young-people/{arlo.id}", f"/referrals/{referral.id}"):
            gone = caller.get(hidden)
            assert (gone.status_code, gone.content) == (404, caller.get(f"/referrals/{new_id()}").content)
    assert coordinator.get(path).status_code == 404
    assert coordinator.get("/restrictions").json()["total"]["value"] == 0
    assert coordinator.get("/grants").json()["items"] == [] and worker.get("/grants").json()["items"] == []
    assert chair.get(path).json()["about"] == [arlo.id]
    own = ended(lead, path)
    assert (own.status_code, own.json()["detail"][:25]) == (409, "Ask somebody else to end ")
    assert ("delete_restriction", "own-work") in refusals(service, lead.actor)
    assert ended(chair, path).status_code == 200
    assert worker.get(f"/referrals/{referral.id}").status_code == 200


def test_a_restriction_that_names_nobody_is_refused_and_one_on_nothing_is_answered_like_any_other(
    sqlite_service: Service,
) -> None:
    """By somebody who reads nothing of a case: the answer tells them nothing of what is there."""
    lead = sqlite_service.caller(Role.INFORMATION_GOVERNANCE)
    nobody = lead.post("/restrictions", {"about": [new_id()], "named": [], "reason": "Asked for."})
    assert nobody.json()["detail"] == "Name at least one person who may still see it: somebody has to."
    assert refusals(sqlite_service, lead.actor) == [("create_restriction", "refused-access")]
    arlo, _ = a_case(sqlite_service)
    for each in (new_id(), arlo.id):
        body = {"about": [each], "named": [lead.actor], "reason": "Asked for."}
        assert lead.post("/restrictions", body).status_code == 201


def refused(caller: Caller, path: str, body: dict[str, Any]) -> tuple[int, list[tuple[str, str]], str]:
    """How a body is refused: the status, where and what is wrong, and what to do."""
    answer = caller.post(path, body)
    mistakes = [(each["pointer"], each["code"]) for each in answer.json().get("errors", ())]
    return answer.status_code, mistakes, answer.json().get("detail", "")


def test_a_mistyped_id_is_refused_to_whoever_reads_all_and_one_that_is_hidden_alike(sqlite_service: Service) -> None:
    service = sqlite_service
    arlo, _ = a_case(service)
    hidden = keep(service.store, a_young_person())
    keep(service.store, a_restriction(hidden, named=(ActorId("x"),)))
    chair, worker = service.caller(Role.CHAIR), service.caller(Role.PRACTITIONER)
    said = (422, [("/about/1", "unknown-reference")], "There is no such record, or it is not yours to see.")
    for mistyped in (new_id(), hidden.id, arlo.id[:-1]):
        restriction = {"about": [arlo.id, mistyped], "named": [chair.actor], "reason": "Asked for."}
        assert refused(chair, "/restrictions", restriction) == said
        assert refused(chair, "/conflicts", {"about": [arlo.id, mistyped], "words": "My nephew."}) == said
        assert worker.post("/conflicts", {"about": [mistyped], "words": "My nephew."}).status_code == 201
    assert chair.get(f"/young-people/{arlo.id}").status_code == 200
    assert ("create_conflict", "refused-access") in refusals(service, chair.actor)


def test_a_mistyped_person_in_a_restriction_would_shut_out_whoever_was_meant_and_is_refused(sqlite_service: Service) -> None:
    arlo, _ = a_case(sqlite_service)
    worker = sqlite_service.caller(Role.PRACTITIONER, hours=1)
    worker.get("/code-lists")
    for role in (Role.CHAIR, Role.INFORMATION_GOVERNANCE):
        maker = sqlite_service.caller(role)
        body = {"about": [arlo.id], "reason": "Asked for."}
        says = "Nobody by this id has used the service. Take the id from the audit or a grant."
        mistyped = {**body, "named": [maker.actor, new_id()]}
        assert refused(maker, "/restrictions", mistyped) == (422, [("/named/1", "unknown-actor")], says)
    worker.post("/conflicts", {"about": [new_id()], "words": "Mine."})
    sqlite_service.clock.now += timedelta(hours=2)
    assert maker.post("/restrictions", {**body, "named": [worker.actor]}).status_code == 201


def test_whoever_declares_a_conflict_loses_sight_of_it_and_coordinator_and_chair_are_told(service: Service) -> None:
    arlo, referral = a_case(service)
    worker, chair = service.caller(Role.PRACTITIONER, reads=[referral.id]), service.caller(Role.CHAIR)
    made = worker.post("/conflicts", {"about": [arlo.id], "words": "My nephew."})
    assert made.status_code == 201
    path = f"/conflicts/{made.json()['id']}"
    for hidden in (f"/young-people/{arlo.id}", f"/referrals/{referral.id}"):
        assert worker.get(hidden).status_code == 404
    assert worker.get(path).json()["about"] == chair.get(path).json()["about"] == [arlo.id]
    assert service.caller(Role.PRACTITIONER).get(path).status_code == 404
    assert ended(chair, path).status_code == 403
    assert ended(worker, path).status_code == 200
    assert worker.get(f"/referrals/{referral.id}").status_code == 200


def test_the_audit_names_whom_a_restriction_is_about_as_somebody_who_can_be_erased(sqlite_service: Service) -> None:
    arlo, _ = a_case(sqlite_service)
    lead = sqlite_service.caller(Role.INFORMATION_GOVERNANCE)
    lead.post("/restrictions", {"about": [arlo.id], "named": [lead.actor], "reason": "Asked for."})
    (entry,) = [each for each in sqlite_service.store.audit(about=arlo.id) if each.action == "create_restriction"]
    assert entry.about == (arlo.id,) and arlo.id not in entry.resources


def test_whoever_holds_roles_that_are_kept_apart_is_refused_whatever_they_ask_and_that_is_recorded(
    sqlite_service: Service,
) -> None:
    """An account may have come by them before the rule; none is given both (tests/forum/access/test_accounts.py)."""
    worker = sqlite_service.caller(Role.PRACTITIONER)
    keep_account(sqlite_service.store, worker.actor, Role.ANALYST)
    assert worker.get("/code-lists").status_code == 403
    assert refusals(sqlite_service, worker.actor) == [("list_code_lists", "separate-duties")]


def test_an_invitation_holds_for_the_purposes_and_from_the_moment_that_it_names_and_keeps_its_reason(
    sqlite_service: Service,
) -> None:
    service = sqlite_service
    parade = keep(service.store, a_location())
    chair, guest = service.caller(Role.CHAIR), service.caller(Role.GUEST, hours=72)
    later = {"from": "2026-11-23", "until": UNTIL, "purposes": ["incident"], "reason": "Speaks for the traders."}
    made = chair.post("/grants", {"to": guest.actor, "source": "invited", "covers": [parade.id], **later})
    kept = chair.get(f"/grants/{made.json()['id']}").json()
    assert (kept["purposes"], kept["reason"]) == (["incident"], "Speaks for the traders.")
    purpose = {"Kith-Purpose": "incident"}
    assert guest.get(f"/contexts/{parade.id}", **purpose).status_code == 404
    service.clock.now += timedelta(days=2)
    assert guest.get(f"/contexts/{parade.id}", **purpose).status_code == 200
    assert guest.get(f"/contexts/{parade.id}").status_code == 404


def test_somebody_invited_reads_the_sheet_under_the_places_own_id_and_nobody_by_any_route(service: Service) -> None:
    arlo, referral = a_case(service)
    parade, other = keep(service.store, a_location(everyday_name="The Parade"), a_location())
    owner = Guardian(who="shop owner", context=parade.id, willing=True)
    keep(service.store, a_referral(about=(parade,), guardians=(owner,), conditions=(Condition(what="lighting", how="poor"),)))
    keep(service.store, an_assertion(arlo, parade, stated_in=referral))
    chair, guest = service.caller(Role.CHAIR), service.caller(Role.GUEST)
    assert guest.get("/contexts").json()["items"] == []
    body = {"to": guest.actor, "source": "invited", "covers": [parade.id], "until": UNTIL}
    assert chair.post("/grants", body).status_code == 201
    sheet = guest.get(f"/contexts/{parade.id}").json()
    assert sheet["guardians"] == [{"who": "shop owner", "willing": True}] and sheet["conditions"] == {"lighting": "poor"}
    assert (sheet["id"], sheet["type"], sheet["label"]) == (parade.id, "location", parade.label)
    assert "young_people" not in sheet
    assert guest.get("/contexts").json()["items"] == [sheet] == guest.get("/contexts?type=location").json()["items"]
    assert guest.get("/contexts?type=school").json()["items"] == []
    assert guest.get(f"/contexts/{other.id}").status_code == guest.get(f"/locations/{parade.id}").status_code == 404
    for path in (f"/young-people/{arlo.id}", f"/referrals/{referral.id}", "/shared-contexts", "/hotspots", "/maps/x"):
        assert guest.get(path).status_code == 403
    read = [each for each in service.store.audit(by=guest.actor) if each.action == "read_context"]
    (entry,) = [each for each in read if each.decision == "allowed"]
    assert entry.about == () and entry.grants
    private = keep(service.store, a_young_person())
    refused = chair.post("/grants", {**body, "covers": [private.id]})
    assert refused.json()["detail"] == "Invite to a place, school, area or online space."


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ({"label": "Outside Árlo's house"}, True),
        ({"everyday_name": "where KITTIWAKE goes"}, True),
        ({"everyday_name": "Y77's corner"}, True),
        ({"label": "Arlotown", "everyday_name": "The Parade"}, False),
    ],
)
def test_a_sheet_that_holds_a_name_is_not_given_before_somebody_has_looked(
    sqlite_service: Service, words: dict[str, str], holds: bool
) -> None:
    keep(sqlite_service.store, a_young_person(known_as="Arlo", family_name="Kittiwake", pseudonym="Y77"))
    parade = keep(sqlite_service.store, a_location(**words))
    chair, guest = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.GUEST)
    body = {"to": guest.actor, "source": "invited", "covers": [parade.id], "until": UNTIL}
    answer = chair.post("/grants", body)
    assert answer.status_code == (422 if holds else 201)
    if not holds:
        return
    (mistake,) = answer.json()["errors"]
    assert (mistake["pointer"], mistake["code"]) == ("/covers/0", "name-on-sheet")
    assert not any(word in answer.text.casefold() for word in ("arlo", "árlo", "kittiwake", "y77"))
    assert refusals(sqlite_service, chair.actor) == [("create_grant", "refused-access")]
    assert guest.get("/contexts").json()["items"] == []
    given = chair.post("/grants", {**body, "names_seen": True})
    assert given.status_code == 201
    (prompt,) = given.json()["prompts"]
    assert parade.id in prompt and "holds a name" in prompt
    assert [sheet["id"] for sheet in guest.get("/contexts").json()["items"]] == [parade.id]


def test_a_name_in_the_words_on_a_guardian_is_found_and_that_of_somebody_restricted_is_no_oracle(
    sqlite_service: Service,
) -> None:
    arlo, hidden = keep(sqlite_service.store, a_young_person(known_as="Arlo"), a_young_person(known_as="Somebodyelse"))
    parade, corner = keep(sqlite_service.store, a_location(), a_location(label="Somebodyelse corner"))
    aunt = Guardian(who="Arlo's aunt", context=parade.id, willing=True)
    keep(sqlite_service.store, a_referral(about=(parade,), guardians=(aunt,)), a_restriction(hidden, named=(ActorId("x"),)))
    chair, guest = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.GUEST)
    body = {"to": guest.actor, "source": "invited", "until": UNTIL}
    assert chair.post("/grants", {**body, "covers": [parade.id]}).json()["errors"][0]["code"] == "name-on-sheet"
    assert chair.post("/grants", {**body, "covers": [corner.id]}).status_code == 201
    assert arlo.known_as == "Arlo"


def changed(caller: Caller, path: str, body: dict[str, Any]) -> int:
    return int(caller.patch(path, body, tag=caller.get(path).headers["ETag"]).status_code)


def test_a_practitioner_changes_whom_and_what_a_grant_covers_and_nothing_that_is_open_to_all(service: Service) -> None:
    arlo, referral = a_case(service)
    parade, school = keep(service.store, a_location(), a_school())
    keep(service.store, an_assertion(arlo, parade, stated_in=referral))
    worker = service.caller(Role.PRACTITIONER, reads=[referral.id])
    assert changed(worker, f"/young-people/{arlo.id}", {"note": "Asked again in May."}) == 200
    assert service.caller().get(f"/young-people/{arlo.id}").json()["note"] == "Asked again in May."
    assert changed(worker, f"/locations/{parade.id}", {"everyday_name": "the corner"}) == 200
    assert changed(worker, f"/schools/{school.id}", {"everyday_name": "the corner"}) == 403
    assert refusals(service, worker.actor) == [("change_school", "not-permitted")]
    elsewhere = worker.patch(f"/young-people/{keep(service.store, a_young_person()).id}", {"note": "x"}, tag='"0"')
    assert elsewhere.status_code == 404


def test_what_an_item_shows_it_does_not_let_anybody_change(sqlite_service: Service) -> None:
    arlo, referral = a_case(sqlite_service)
    chair, worker = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.PRACTITIONER)
    item = {"meeting_on": "2026-11-26", "about": [referral.id], "accepted": [worker.actor]}
    assert chair.post("/agenda-items", item).status_code == 201
    assert changed(worker, f"/young-people/{arlo.id}", {"note": "x"}) == 403
    assert chair.get(f"/young-people/{arlo.id}").json().get("known_as") == "Arlo"


def test_a_practitioner_takes_away_maps_of_their_own_cases_alone(service: Service) -> None:
    arlo, referral = a_case(service)
    chair, owner, reader = service.caller(Role.CHAIR), service.caller(Role.PRACTITIONER), service.caller(Role.PRACTITIONER)
    chair.post("/grants", {"to": owner.actor, "covers": [arlo.id], "until": UNTIL})
    details = {"purpose": "Agree who stays alongside them", "owner": "Chair", "review_by": "2026-12-24"}
    around_arlo = chair.post("/maps", {"kind": "peer", "around": arlo.id, **details}).json()["id"]
    of_all = chair.post("/maps", {"kind": "contexts", **details}).json()["id"]
    for caller in (owner, reader):
        service.grant(caller.actor, around_arlo, of_all, referral.id)
    assert owner.get(f"/maps/{around_arlo}/picture.png").status_code == 200
    assert reader.get(f"/maps/{around_arlo}").status_code == 200
    assert reader.get(f"/maps/{around_arlo}/picture.png").status_code == 403
    assert owner.get(f"/maps/{of_all}/picture.png").status_code == 403
    assert owner.get(f"/maps/{new_id()}/picture.png").status_code == 404
    assert service.store.audit(about=arlo.id)[-1].action == "read_map"
    assert ("export_map_png", "not-permitted") in refusals(service, reader.actor)


def test_an_item_opens_its_records_minimised_is_changed_and_ended(service: Service) -> None:
    arlo, referral = a_case(service)
    chair, member, worker = (service.caller(each, hours=4) for each in (Role.CHAIR, Role.PANEL_MEMBER, Role.PRACTITIONER))
    made = chair.post("/agenda-items", {"meeting_on": "2026-11-26", "about": [referral.id], "accepted": [member.actor]})
    assert made.status_code == 201
    path = f"/agenda-items/{made.json()['id']}"
    item = member.get(path).json()
    assert (item["opens"], item["closes"]) == ("2026-11-19T00:00:00+00:00", "2026-12-04T00:00:00+00:00")
    assert "known_as" not in member.get(f"/young-people/{arlo.id}").json()
    assert member.get("/agenda-items").json()["total"]["value"] == 1
    assert worker.get(path).status_code == worker.get(f"/referrals/{referral.id}").status_code == 404
    changed = chair.patch(path, {"accepted": [worker.actor]}, tag=chair.get(path).headers["ETag"])
    assert changed.json()["accepted"] == [worker.actor]
    assert member.get(f"/referrals/{referral.id}").status_code == 404
    assert worker.get(f"/referrals/{referral.id}").status_code == 200
    assert worker.post("/young-people/search", {"name": "Arlo"}).json()["items"] == []
    grants = [(grant["to"], "ended_at" in grant) for grant in chair.get("/grants").json()["items"]]
    assert sorted(grants) == sorted([(member.actor, True), (worker.actor, False)])
    assert ended(chair, path).status_code == 200
    assert worker.get(f"/referrals/{referral.id}").status_code == 404
    assert ended(chair, path).status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"meeting_on": "2026-01-08"}, "/meeting_on"),
        ({"about": []}, "/about"),
        ({"about": ["a" * 32]}, "/about/0"),
        ({"accepted": []}, "/accepted"),
        ({"accepted": ["a" * 32]}, "/accepted/0"),
    ],
)
def test_an_item_that_cannot_be_is_refused_with_what_to_do_and_recorded(
    sqlite_service: Service, change: dict[str, Any], pointer: str
) -> None:
    _, referral = a_case(sqlite_service)
    chair, member = sqlite_service.caller(Role.CHAIR), sqlite_service.caller(Role.PANEL_MEMBER)
    body = {"meeting_on": "2026-11-26", "about": [referral.id], "accepted": [member.actor], **change}
    answer = chair.post("/agenda-items", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert refusals(sqlite_service, chair.actor) == [("create_agenda_item", "refused-access")]
