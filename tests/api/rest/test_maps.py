"""Maps over REST: never without a purpose, what they show and never show, and the forms their mode allows."""

import json
from datetime import date
from importlib import resources
from typing import Any

import jsonschema
import pytest

from forum.access.actors import Role
from tests.api.rest.served import API, Caller, Served, expected

PURPOSE = {"purpose": "Agree who stays alongside them", "owner": "social worker", "review_by": "2027-02-13"}


def drawn(caller: Caller, around: str | None, **more: Any) -> str:
    body = {"kind": "peer", "steps": 2, "mode": "coordination", **PURPOSE, **more}
    if around:
        body["around"] = caller.served.ids[around]
    answer = caller.post("/maps", body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"]).removeprefix(API)


def document(caller: Caller, path: str) -> dict[str, Any]:
    answer = caller.client.get(API + path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    schema = json.loads(resources.files("visualise").joinpath("map_schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def words_between(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    labels = {thing["id"]: thing["label"] for thing in found["things"]}
    return {(labels[link["from"]], link["kind"], labels[link["to"]]) for link in found["links"]}


@pytest.mark.parametrize("name", ["purpose", "owner", "review_by"])
def test_without_a_purpose_an_owner_and_a_review_date_there_is_no_map(calderwick: Served, name: str) -> None:
    with calderwick.on() as caller:
        body = {"kind": "peer", "around": calderwick.ids["YP01"], "mode": "coordination", **PURPOSE}
        del body[name]
        answer = caller.post("/maps", body)
        assert answer.status_code == 422
        assert [mistake["pointer"] for mistake in answer.json()["errors"]] == [f"/{name}"]


def test_a_peer_map_says_the_same_on_both_stores_and_names_nobody(calderwick: Served) -> None:
    with calderwick.on() as caller:
        path = drawn(caller, "YP01")
        found = document(caller, path)
        assert found["frame"]["purpose"] == PURPOSE["purpose"]
        assert "This map shows only what you may see." in found["frame"]["statements"]
        kinds = sorted(link["kind"] for link in found["links"] if link["kind"] != "guardian_of")
        assert {"harmed_at", "friend_said_by_yp", "controlled_by", "member_of"} <= set(kinds)
        whole = json.dumps(found)
        for name in ("Arlo", "Eli S", "AQ", 'Y1"', "Gus"):
            assert name not in whole
        picture = caller.client.get(API + path + "/picture.svg")
        assert picture.status_code == 200
        assert picture.headers["content-type"].startswith("image/svg+xml")
        listed = caller.client.get(API + path + "/list", headers={"Accept": "application/json"})
        for thing in found["things"]:
            assert thing["label"] in listed.text
            assert thing["id"]


def test_an_adult_of_concern_is_held_by_police_and_no_more(calderwick: Served) -> None:
    with calderwick.on() as caller:
        found = document(caller, drawn(caller, "YP01"))
    adults = [thing for thing in found["things"] if thing["kind"] == "adult_of_concern"]
    assert [adult["label"] for adult in adults] == [expected()["adult_of_concern"]["shown_as"]]


@pytest.mark.parametrize(
    "day", [date(2026, 10, 20), date(2026, 10, 30), date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 21)]
)
def test_a_rumour_is_on_no_map_before_or_after_it_was_corrected(calderwick: Served, day: date) -> None:
    with calderwick.on(day) as caller:
        found = document(caller, drawn(caller, "YP07"))
        kinds = {link["kind"] for link in found["links"]}
        assert "unclear" not in kinds
        (doubt,) = [link for link in found["links"] if link["kind"] == "may_have_harmed"]
        assert (doubt["how_known"], doubt["how_sure"], doubt["agencies"]) == ("J", "not", 1)


def test_an_expired_statement_is_on_no_map(calderwick: Served) -> None:
    with calderwick.on() as caller:
        found = document(caller, drawn(caller, "YP05"))
        assert "unclear" not in {link["kind"] for link in found["links"]}


def test_two_true_statements_about_one_place_are_both_drawn(calderwick: Served) -> None:
    with calderwick.on() as caller:
        found = document(caller, drawn(caller, "PG3"))
    at_the_skatepark = {kind for _, kind, to in words_between(found) if to == "Pennywhistle skatepark"}
    assert at_the_skatepark == {"feels_safe_at", "harmed_at"}


def test_unnamed_people_stand_with_their_band(calderwick: Served) -> None:
    with calderwick.on() as caller:
        found = document(caller, drawn(caller, "REF-03"))
    (unnamed,) = [thing for thing in found["things"] if thing["kind"] == "unnamed_young_people"]
    assert unnamed["count"] == "4 to 6"


def test_a_contexts_map_shows_contexts_and_no_people(calderwick: Served) -> None:
    with calderwick.on() as caller:
        path = drawn(caller, None, kind="contexts")
        found = document(caller, path)
        assert found["kind"] == "contexts"
        assert "Tollgate Parade frontage" in {thing["label"] for thing in found["things"]}
        assert "young_person" not in {thing["kind"] for thing in found["things"]}


def test_a_context_only_map_leaves_in_every_form_with_labels_unchanged(calderwick: Served) -> None:
    with calderwick.on() as caller:
        path = drawn(caller, None, kind="contexts", mode="context_only")
        labels = {thing["label"] for thing in document(caller, path)["things"]}
        assert "Tollgate Parade frontage" in labels
        for form, media_type in (
            ("picture.html", "text/html"),
            ("network.graphml", "application/graphml+xml"),
            ("network.gexf", "application/gexf+xml"),
            ("network.json", "application/json"),
            ("network.geojson", "application/geo+json"),
        ):
            answer = caller.client.get(f"{API}{path}/{form}")
            assert answer.status_code == 200, (form, answer.text)
            assert answer.headers["content-type"].startswith(media_type)
            assert "attachment" in answer.headers["content-disposition"]
            assert "Evaluation - do not enter real people" in answer.text
            assert not any(record_id in answer.text for record_id in calderwick.ids.values())
            assert all(label in answer.text for label in labels), form
        picture = caller.client.get(f"{API}{path}/picture.png?style=mono")
        assert picture.content.startswith(b"\x89PNG")


def test_a_form_that_the_mode_forbids_is_refused_with_the_reason(calderwick: Served) -> None:
    with calderwick.on() as caller:
        path = drawn(caller, "YP01")
        assert caller.client.get(f"{API}{path}/picture.png").status_code == 200
        answer = caller.client.get(f"{API}{path}/network.graphml")
        assert answer.status_code == 409
        assert "graphml" in answer.json()["detail"]


def test_a_map_past_its_date_does_not_open(calderwick: Served) -> None:
    with calderwick.on() as caller:
        path = drawn(caller, "YP01", review_by="2026-11-30")
        assert caller.status(path) == 200
    with calderwick.on(date(2026, 12, 1)) as caller:
        assert caller.status(path) == 409


def places(found: dict[str, Any]) -> dict[str, Any]:
    return {thing["label"]: thing["at"] for thing in found["things"]}


def test_what_is_added_after_a_map_was_drawn_moves_nothing_on_it(calderwick: Served) -> None:
    served = calderwick
    with served.on() as caller:
        path = drawn(caller, "REF-01")
        before = places(document(caller, path))
        assert len({(at["x"], at["y"]) for at in before.values() if at}) >= 6
        source = {
            "kind": "observed",
            "source_role": "youth worker",
            "agency": None,
            "reliability": "first_hand",
            "date_known": None,
        }
        link = {"from": served.ids["YP01"], "rel": "feels_safe_at", "to": {"type": "location", "label": "Library"}}
        assert caller.post("/assertions", {**link, "provenance": source}).status_code == 201
        after = places(document(caller, path))
        assert set(after) - set(before) == {"Library"}
        assert {label: after[label] for label in before} == before


def test_a_practitioner_draws_what_they_may_see_and_no_more(calderwick: Served) -> None:
    with calderwick.on(role=Role.PRACTITIONER, read=("REF-08",)) as caller:
        path = drawn(caller, "YP09")
        found = document(caller, path)
        assert [thing["kind"] for thing in found["things"] if thing["kind"] == "young_person"] == ["young_person"]
        assert caller.post("/maps", {"kind": "peer", "around": calderwick.ids["YP01"], **PURPOSE}).status_code == 422
    with calderwick.on(role=Role.PRACTITIONER, read=("REF-01",)) as caller:
        assert caller.status(path) == 404
