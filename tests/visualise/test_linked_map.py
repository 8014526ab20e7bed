"""The contexts map of Calderwick: what is joined, what is counted, and that nobody is on it."""

import json
from importlib import resources
from typing import Any

import jsonschema

from forum.concern import groups_referred
from forum.hotspots import count_by_context
from tests.visualise.sheets import a_sheet, label_in, referrals_in
from tests.worlds import AS_OF, Calderwick, calderwick, expected
from visualise.document import MapDocument
from visualise.linked_map import compose_linked_map

SCHEMA = json.loads(resources.files("visualise").joinpath("map_schema.json").read_text("utf-8"))
BANDS = {"REF-03-U1": "4-6", "REF-05-U1": "6-8", "REF-06-U1": "1"}


def contexts_map(
    borough: Calderwick, mode: str = "coordination", around: str | None = None, steps: int = 1, **given: Any
) -> MapDocument:
    network = borough.network()
    centre = borough.ids[around] if around else None
    return compose_linked_map(
        network,
        a_sheet(centre, mode=mode, map_kind="contexts", steps=steps),
        label=label_in(borough),
        referrals_by_context=count_by_context(network, on=AS_OF),
        referred_groups=groups_referred(network, AS_OF),
        today=AS_OF,
        reference="PANEL-11",
        referrals=referrals_in(borough),
        reference_of=borough.name_of,
        bands={borough.ids[name]: band for name, band in BANDS.items()},
        **given,
    )


def joined(document: MapDocument) -> dict[frozenset[str], str | None]:
    labels = {thing.id: thing.label for thing in document.things}
    return {
        frozenset({labels[link.source], labels[link.target]}): link.count for link in document.links if link.kind != "guardian_at"
    }


def test_contexts_are_joined_by_young_people_harmed_or_unsafe_at_both() -> None:
    document = contexts_map(calderwick())
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(document.to_json()))
    found = joined(document)
    assert found[frozenset({"east toilets", "Route Z9, afternoon"})] is None
    assert found[frozenset({"four friends who go missing together", "Pennywhistle skatepark"})] == "4"
    assert frozenset({"Tollgate Parade frontage", "selling group chat"}) in found


def test_attending_a_school_draws_no_line_and_no_school() -> None:
    labels = {thing.label for thing in contexts_map(calderwick()).things}
    assert "Quillmere Academy" not in labels
    assert "Saltbox Alternative Provision" not in labels


def test_nobody_is_on_a_contexts_map_but_guardians_by_role() -> None:
    document = contexts_map(calderwick())
    assert {thing.kind for thing in document.things} <= {"peer_group", "school", "location", "neighbourhood", "online", "adult"}
    assert [thing.label for thing in document.things if thing.kind == "adult"] == ["takeaway owner"]


def test_a_line_names_the_referrals_it_rests_on_for_those_who_may_open_them() -> None:
    said = {link.said_by for link in contexts_map(calderwick()).links}
    assert "REF-02, REF-03" in said or any("REF-02" in one for one in said)


def test_contexts_that_share_nobody_stand_under_the_map() -> None:
    document = contexts_map(calderwick())
    alone = [thing.label for thing in document.things if thing.at is None]
    assert alone == ["friends who meet at the bandstand"]


def test_outside_the_forum_only_contexts_with_five_young_people_and_three_referrals_are_shown() -> None:
    borough, answer = calderwick(), expected()["hotspots"]["context_only"]
    document = contexts_map(borough, "context_only")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(document.to_json()))
    shown = [thing for thing in document.things if thing.kind != "adult"]
    assert [thing.label for thing in shown] == [borough.label_of(borough.ids[name]) for name in answer["shown"]]
    assert {thing.count for thing in shown} == {"fewer than 10"}
    assert document.frame.labels == "none"
    assert document.withheld.small_counts
    assert "REF-" not in document.to_json().decode().replace('"reference":"PANEL-11"', "")


def test_at_most_sixty_contexts_are_shown_and_the_cut_is_said(monkeypatch: Any) -> None:
    monkeypatch.setattr("visualise.linked_map.CONTEXTS_LIMIT", 3)
    document = contexts_map(calderwick())
    assert len([thing for thing in document.things if thing.kind != "adult"]) == 3
    assert document.withheld.by_level == 5


def test_a_contexts_map_around_one_place_shows_what_shares_young_people_with_it() -> None:
    def shown(steps: int) -> set[str]:
        document = contexts_map(calderwick(), around="LOC3", steps=steps)
        return {thing.label for thing in document.things if thing.kind != "adult"}

    assert shown(1) == {"Route Z9, afternoon", "east toilets"}
    assert shown(2) == shown(1) | {"four friends who go missing together", "Pennywhistle skatepark", "year 9 chat"}
    assert contexts_map(calderwick(), around="LOC3").withheld.by_level == 0
