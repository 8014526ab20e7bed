"""What a repeat, a lost update and a wrong body come to."""

import json

import pytest

from tests.api.running import Service

PLACE = {"label": "Tollgate Parade", "place_kind": "shopping_area"}


def test_a_repeat_with_its_key_gives_the_same_answer(service: Service) -> None:
    coordinator = service.caller()
    first = coordinator.post("/locations", PLACE, key="one")
    again = coordinator.post("/locations", PLACE, key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.text, first.headers["Location"]) == (again.text, again.headers["Location"])


def test_a_key_used_for_another_body_is_refused(service: Service) -> None:
    coordinator = service.caller()
    coordinator.post("/locations", PLACE, key="one")
    refused = coordinator.post("/locations", {"label": "Elsewhere"}, key="one")
    assert (refused.status_code, refused.json()["code"]) == (422, "key-reused")


def test_a_key_is_bound_to_who_sends_it_and_to_the_route(sqlite_service: Service) -> None:
    one, other = sqlite_service.caller(), sqlite_service.caller()
    ids = {
        one.post("/locations", PLACE, key="one").json()["id"],
        other.post("/locations", PLACE, key="one").json()["id"],
        one.post("/schools", {"label": "Tollgate School"}, key="one").json()["id"],
    }
    assert len(ids) == 3


@pytest.mark.parametrize("key", [None, "", "k" * 201, "with\x7fdelete"])
def test_a_post_without_a_proper_key_is_refused(sqlite_service: Service, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    refused = sqlite_service.caller().send("POST", "/locations", json=PLACE, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "missing-key")


def test_a_change_needs_the_tag_of_what_was_read(service: Service) -> None:
    coordinator = service.caller()
    place = "/locations/" + coordinator.post("/locations", PLACE).json()["id"]
    tag = coordinator.get(place).headers["ETag"]
    assert coordinator.send("PATCH", place, json={"everyday_name": "the Parade"}).status_code == 428
    assert coordinator.patch(place, {"everyday_name": "the Parade"}, tag="*").status_code == 428
    assert coordinator.patch(place, {"everyday_name": "the Parade"}, tag='"stale"').status_code == 412
    assert coordinator.patch(place, {"everyday_name": "the Parade"}, tag=f"W/{tag}").status_code == 412
    changed = coordinator.patch(place, {"everyday_name": "the Parade"}, tag=tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] == coordinator.get(place).headers["ETag"] != tag
    assert coordinator.patch(place, {"everyday_name": "again"}, tag=tag).status_code == 412


def test_a_tag_says_nothing_of_a_version(sqlite_service: Service) -> None:
    coordinator = sqlite_service.caller()
    place = "/locations/" + coordinator.post("/locations", PLACE).json()["id"]
    tag = coordinator.get(place).headers["ETag"]
    changed = coordinator.patch(place, {"everyday_name": "the Parade"}, tag=tag).headers["ETag"]
    back = coordinator.patch(place, {"everyday_name": None}, tag=changed).headers["ETag"]
    assert back == tag


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"", "application/json", 400),
        (b'{"label": "a", "label": "b"}', "application/json", 400),
        (b'{"label": NaN}', "application/json", 400),
        (b'{"label": 1e999}', "application/json", 400),
        (b'{"label": "\xff"}', "application/json", 400),
        (b'{"label": "\\ud800"}', "application/json", 400),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "application/json", 400),
        (b'{"a":' * 100_000, "application/json", 400),
        (b'{"label": "a"}', "text/plain", 415),
        (b'{"label": "a"}', "application/x-www-form-urlencoded", 415),
        (json.dumps({"label": "a" * 1_000_000}).encode(), "application/json", 413),
        (b'{"label": "a", "unheard_of": 1}', "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_and_not_repeated(
    sqlite_service: Service, body: bytes, kind: str, status: int
) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": "one"}
    refused = sqlite_service.caller().send("POST", "/locations", content=body, headers=headers)
    assert refused.status_code == status
    assert "unheard_of" not in refused.json()["detail"]


def test_a_body_thirty_two_deep_is_read(sqlite_service: Service) -> None:
    body = b'{"a":' * 31 + b"{}" + b"}" * 31
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}
    assert sqlite_service.caller().send("POST", "/locations", content=body, headers=headers).status_code == 422


def test_every_mistake_comes_at_once_with_its_pointer(sqlite_service: Service) -> None:
    refused = sqlite_service.caller().post("/referrals", {"kind": "individual", "efh_types": ["unheard_of"]})
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert refused.status_code == 422
    assert len(pointers) > 2 and all(pointer.startswith("/") for pointer in pointers)
    assert "unheard_of" not in refused.text


def test_whoever_a_correction_took_out_of_a_referral_is_not_named_in_it_again_unsaid(service: Service) -> None:
    """It would be kept and never shown: whoever names them is told so, and what to do instead."""
    coordinator = service.caller()
    about, rumoured = (coordinator.post("/young-people", {"known_as": name}).json()["id"] for name in ("Arlo Quill", "Bex Tarn"))
    provenance = {
        "kind": "reported_by_third_party", "source_role": "neighbour", "agency": None, "reliability": "second_hand_or_rumour",
        "date_known": None, "date_recorded": "2026-11-02", "how_sure": "not",
    }  # fmt: skip
    link = {"from": about, "rel": "unclear", "to": rumoured, "provenance": provenance}
    referral = {
        "kind": "individual", "received": "2026-11-02", "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "efh_types": ["other"], "narrative": "A neighbour rang.", "subject": {"people": [about]}, "links": [link],
    }  # fmt: skip
    made = coordinator.post("/referrals", referral)
    assert made.status_code == 201, made.text
    place = "/referrals/" + made.json()["id"]
    (said,) = coordinator.get(place).json()["links"]
    assert coordinator.post(f"/assertions/{said['id']}/correct", {"reason": "It was somebody else."}).status_code == 200
    before = coordinator.get(place)
    named = {"named_people": [{"person": rumoured, "roles": ["harmed"]}]}
    refused = coordinator.patch(place, named, tag=before.headers["ETag"])
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [("/named_people/0/person", "corrected")]
    assert coordinator.get(place).content == before.content
    assert coordinator.post(f"/assertions/{said['id']}/reopen", {"reason": "It was them after all."}).status_code == 200
    assert (
        coordinator.patch(place, named, tag=coordinator.get(place).headers["ETag"]).json()["named_people"]
        == named["named_people"]
    )
