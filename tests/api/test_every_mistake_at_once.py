"""Promise: whatever is wrong with a body is told in one answer: what cannot be read, and what it names that is not there."""

import copy
from typing import Any

import pytest

from forum.access.actors import Role
from graph.records import RecordId, new_id
from tests.api.running import Caller, Service

SOURCE = {
    "kind": "reported_by_young_person", "source_role": "social worker", "agency": None,
    "reliability": "told_by_young_person_or_family", "date_known": None,
}  # fmt: skip
# What stands in for a record that is not there, and for a place and a young person that are.
NOWHERE, PLACE, PERSON = "0" * 32, "PLACE", "PERSON"
BO = {"known_as": "Bo", "ref": "bo"}
PARADE = {"type": "location", "label": "Parade", "ref": "parade"}


def a_referral(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "individual", "received": "2026-11-02", "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [BO]}, "efh_types": ["cce"], **copy.deepcopy(fields),
    }  # fmt: skip


def a_link(**fields: Any) -> dict[str, Any]:
    return {"from": "bo", "rel": "harmed_at", "to": "parade", "provenance": SOURCE, **copy.deepcopy(fields)}


# Each names one thing wrongly, in each place where a referral can; with the answer it gets.
NAMED_WRONGLY: tuple[tuple[dict[str, Any], list[tuple[str, str]]], ...] = (
    ({"subject": {"people": [BO, NOWHERE]}}, [("/subject/people/1", "unknown-reference")]),
    ({"subject": {"people": [BO], "contexts": ["bo"]}}, [("/subject/contexts/0", "wrong-kind")]),
    ({"named_people": [{"person": PLACE}]}, [("/named_people/0/person", "wrong-kind")]),
    ({"concerns_contexts": [{"known_as": "Cy"}]}, [("/concerns_contexts/0", "wrong-kind")]),
    ({"guardians": [{"who": "warden", "context": PERSON}]}, [("/guardians/0/context", "wrong-kind")]),
    ({"group_friendship": {"group": PLACE}}, [("/group_friendship/group", "wrong-kind")]),
    ({"events": [{"kind": "missing_together", "participants": [PLACE]}]}, [("/events/0/participants/0", "wrong-kind")]),
    (
        {"told": [{"person": NOWHERE, "who": "young_person", "status": "not_yet"}]},
        [("/told/0/person", "unknown-reference")],
    ),
    ({"subject": {"people": [{**BO, "setting": NOWHERE}]}}, [("/subject/people/0/setting", "unknown-reference")]),
    ({"subject": {"people": [{**BO, "setting": PERSON}]}}, [("/subject/people/0/setting", "wrong-kind")]),
    ({"concerns_contexts": [{**PARADE, "part_of": "bo"}]}, [("/concerns_contexts/0/part_of", "unknown-reference")]),
    (
        {"concerns_contexts": [{**PARADE, "part_of": "town"}, {"type": "neighbourhood", "label": "Town", "ref": "town"}]},
        [("/concerns_contexts/0/part_of", "unknown-reference")],
    ),
    ({"concerns_contexts": [{**PARADE, "safe_for": ["", NOWHERE]}]}, [
        ("/concerns_contexts/0/safe_for/0", "unknown-reference"), ("/concerns_contexts/0/safe_for/1", "unknown-reference"),
    ]),
    ({"subject": {"people": [BO, BO]}}, [("/subject/people/1", "ref-used-twice")]),
    ({"unnamed": [{"ref": "bo"}]}, [("/unnamed/0", "ref-used-twice")]),
    ({"links": [a_link()]}, [("/links/0/to", "unknown-reference")]),
    ({"links": [a_link(to=PLACE, ref="l1"), a_link(**{"from": "l1"}, to=PLACE)]}, [("/links/1/from", "unknown-reference")]),
    ({"links": [a_link(to=PERSON)]}, [("/links/0/to", "wrong-end")]),
    ({"links": [a_link(rel="friend_said_by_yp", to="bo")]}, [("/links/0/to", "same-end")]),
    ({"links": [a_link(to=PLACE, within=PLACE)]}, [("/links/0/within", "wrong-kind")]),
    (
        {"links": [a_link(to=PLACE, provenance={**SOURCE, "corroborated_by": [PERSON, NOWHERE]})]},
        [
            ("/links/0/provenance/corroborated_by/0", "wrong-kind"),
            ("/links/0/provenance/corroborated_by/1", "unknown-reference"),
        ],
    ),
    (
        {"links": [a_link(to=PLACE, status_history=[{"status": "current", "from": "2026-11-02", "by": PLACE}])]},
        [("/links/0/status_history/0/by", "wrong-kind")],
    ),
)  # fmt: skip

# Each cannot be read, and names everything rightly: nothing else may be found wrong with it.
UNREADABLE: tuple[tuple[dict[str, Any], list[tuple[str, str]]], ...] = (
    (
        {"subject": {"people": [{**BO, "age": 99}]}, "told": [{"person": "bo", "who": "young_person", "status": "not_yet"}]},
        [("/subject/people/0/age", "not-a-whole-number")],
    ),
    (
        {"links": [a_link(rel="nope", to=PARADE)], "concerns_contexts": ["parade"]},
        [("/links/0/rel", "unknown-code")],
    ),
    (
        {"told": [{"person": {"known_as": "Cy", "ref": "cy"}, "who": "nobody", "status": "not_yet"}],
         "named_people": [{"person": "cy"}]},
        [("/told/0/who", "unknown-code")],
    ),
    (
        {"subject": {"people": [{**BO, "ref": "b" * 201}]}, "named_people": [{"person": "b" * 201}]},
        [("/subject/people/0/ref", "too-long")],
    ),
    (
        {"consern_contexts": [PARADE], "links": [a_link()]},
        [("/consern_contexts", "unknown-field")],
    ),
    (
        {"concerns_contexts": [{**PARADE, "type": "peer_grup", "ref": "group"}], "group_friendship": {"group": "group"}},
        [("/concerns_contexts/0/type", "unknown-code")],
    ),
    (
        {"subject": {"people": [BO, {**BO, "kind": "carer", "ref": "dad"}]}, "links": [a_link(to="dad", rel="sibling_family")]},
        [("/subject/people/1/kind", "unknown-code")],
    ),
    (
        {"unamed": [{"id": "u1"}], "links": [a_link(**{"from": "u1"}, to=PLACE)]},
        [("/unamed", "unknown-field")],
    ),
    (
        {"unnamed": [{"ref": "u1", "roles": ["nope"]}], "links": [a_link(**{"from": "u1"}, to=PLACE)]},
        [("/unnamed/0/roles/0", "unknown-code")],
    ),
    (
        {"links": [a_link(to=PLACE, within=["g"], provenance={**SOURCE, "kind": "nope"})]},
        [("/links/0/provenance/kind", "unknown-code"), ("/links/0/within", "not-text")],
    ),
    ({"subject": {"people": [{"known_as": "B" * 201}]}}, [("/subject/people/0/known_as", "too-long")]),
    ({"subject": {"people": [{"known_as": "B\u0007"}]}}, [("/subject/people/0/known_as", "control-character")]),
    ({"subject": {"people": [{}]}, "concerns_contexts": [{}]}, [
        ("/subject/people/0/known_as", "missing"), ("/concerns_contexts/0/known_as", "missing"),
    ]),
)  # fmt: skip


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) else value


def stand_ins(caller: Caller) -> dict[str, str]:
    place = caller.post("/locations", {"label": "Tollgate Parade"}).json()["id"]
    return {PLACE: place, PERSON: caller.post("/young-people", {"known_as": "Arlo"}).json()["id"]}


def told(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_what_is_named_wrongly_is_told_alone_and_beside_what_cannot_be_read(service: Service) -> None:
    caller = service.caller()
    ids = stand_ins(caller)
    before = service.store.revision()
    for fields, expected in NAMED_WRONGLY:
        body = filled(a_referral(**fields), ids)
        assert told(caller.post("/referrals", body)) == expected, fields
        both = told(caller.post("/referrals", {**body, "efh_types": ["nope"]}))
        assert both == [("/efh_types/0", "unknown-code"), *expected], fields
    assert service.store.revision() == before


def test_what_cannot_be_read_makes_nothing_else_a_mistake(service: Service) -> None:
    caller = service.caller()
    ids = stand_ins(caller)
    for fields, expected in UNREADABLE:
        assert sorted(told(caller.post("/referrals", filled(a_referral(**fields), ids)))) == sorted(expected), fields


def test_a_statement_an_event_a_place_and_a_person_tell_all_at_once_too(service: Service) -> None:
    caller = service.caller()
    ids = stand_ins(caller)
    unknown = "unknown-reference"
    tries: tuple[tuple[str, dict[str, Any], list[tuple[str, str]]], ...] = (
        ("/assertions", {"from": PERSON, "rel": "nope", "to": NOWHERE, "referral": NOWHERE, "provenance": SOURCE},
         [("/rel", "unknown-code"), ("/to", unknown), ("/referral", unknown)]),
        ("/assertions", {"from": PERSON, "rel": "harmed_at", "to": NOWHERE, "referral": NOWHERE, "provenance": SOURCE},
         [("/to", unknown), ("/referral", unknown)]),
        ("/incidents", {"kind": "A B", "participants": [{"person": PLACE}], "where": NOWHERE, "referral": PERSON},
         [("/kind", "not-a-code"), ("/where", unknown), ("/referral", "wrong-kind"), ("/participants/0/person", "wrong-kind")]),
        ("/locations", {"label": "", "part_of": NOWHERE, "safe_for": [PERSON]},
         [("/label", "missing"), ("/part_of", unknown), ("/safe_for/0", "wrong-kind")]),
        ("/young-people", {"known_as": "Bo", "age": 99, "setting": NOWHERE},
         [("/age", "not-a-whole-number"), ("/setting", unknown)]),
        ("/young-people", {"known_as": "Bo", "ref": "x", "setting": NOWHERE},
         [("/ref", "unknown-field"), ("/setting", unknown)]),
        ("/locations", {"label": "Bo", "ref": "x", "part_of": NOWHERE}, [("/ref", "unknown-field"), ("/part_of", unknown)]),
    )  # fmt: skip
    for path, body, expected in tries:
        assert told(caller.post(path, filled(body, ids))) == expected, path


def test_a_change_tells_all_at_once_too(service: Service) -> None:
    caller = service.caller()
    made = "/referrals/" + caller.post("/referrals", a_referral()).json()["id"]
    tag = caller.get(made).headers["ETag"]
    wrong = {"links": [], "efh_types": ["nope"], "concerns_contexts": [NOWHERE]}
    assert told(caller.patch(made, wrong, tag=tag)) == [
        ("/links", "not-changed-here"), ("/efh_types/0", "unknown-code"), ("/concerns_contexts/0", "unknown-reference"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{}, {"efh_types": ["nope"]}])
def test_a_refusal_is_the_same_whether_a_record_is_hidden_or_not_there(service: Service, wrong: dict[str, Any]) -> None:
    hidden = RecordId(service.caller().post("/young-people", {"known_as": "Arlo"}).json()["id"])
    outsider = service.caller(Role.REFERRER)
    assert service.caller().get(f"/young-people/{hidden}").status_code == 200
    answers = []
    for one in (hidden, new_id()):
        body = a_referral(subject={"people": [one]}, links=[a_link(**{"from": one}, rel="nope")], **wrong)
        answer = outsider.post("/referrals", body).json()
        answers.append({name: value for name, value in answer.items() if name not in ("instance", "request")})
    assert answers[0] == answers[1]


def test_the_key_of_a_refused_body_may_be_used_for_the_mended_one(service: Service) -> None:
    caller = service.caller()
    assert caller.post("/referrals", a_referral(subject={"people": [NOWHERE]}, efh_types=["nope"]), key="one").status_code == 422
    assert caller.post("/referrals", a_referral(), key="one").status_code == 201
