"""Peer maps of Calderwick: who is on them, what each link says, and what never is."""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources

import jsonschema
import pytest

from forum.maps import Position
from graph.assertions import Assertion
from graph.records import RecordId
from tests.visualise.sheets import a_sheet, label_in, peer_map_in
from tests.worlds import AS_OF, Calderwick, calderwick, network_of
from visualise.document import Link, MapDocument
from visualise.errors import TooManySymbols
from visualise.map_ids import initials_apart, pseudonym_codes
from visualise.peer_map import compose_peer_map

SCHEMA = json.loads(resources.files("visualise").joinpath("map_schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def borough() -> Calderwick:
    return calderwick()


def links_of(document: MapDocument, kind: str) -> list[Link]:
    return [link for link in document.links if link.kind == kind]


def ends_of(document: MapDocument, link: Link) -> tuple[str, str]:
    labels = {thing.id: thing.label for thing in document.things}
    return labels[link.source], labels[link.target]


@pytest.mark.parametrize("name", ["YP01", "YP03", "YP07", "YP12", "PG3", "LOC2", "LOC5"])
def test_every_map_of_calderwick_passes_the_schema(borough: Calderwick, name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(peer_map_in(borough, name).to_json()))


def test_a_friend_who_protects_is_a_strength_told_by_the_young_person(borough: Calderwick) -> None:
    document = peer_map_in(borough, "YP01")
    [friend] = links_of(document, "friend_said_by_yp")
    assert (friend.meaning, friend.how_known) == ("strength", "T")
    assert friend.said_by == next(thing.label for thing in document.things if thing.subject)


def test_belonging_to_friends_who_protect_each_other_is_a_strength(borough: Calderwick) -> None:
    together = links_of(peer_map_in(borough, "PG3"), "member_of")
    assert [link.meaning for link in together] == ["strength"] * 4
    at_the_bandstand = links_of(peer_map_in(borough, "YP01"), "member_of")
    assert {link.meaning for link in at_the_bandstand} == {"neither"}


def test_an_adult_of_concern_is_only_held_by_police(borough: Calderwick) -> None:
    document = peer_map_in(borough, "YP01")
    [adult] = [thing for thing in document.things if thing.kind == "adult_of_concern"]
    [control] = links_of(document, "controlled_by")
    assert (adult.label, adult.href) == ("held by police", None)
    assert (control.affected, control.words) == ("from", "controlled by (reported)")


def test_the_guardian_of_a_place_stands_there_by_role(borough: Calderwick) -> None:
    document = peer_map_in(borough, "LOC2")
    [guardian] = [thing for thing in document.things if thing.guardian]
    assert (guardian.kind, guardian.label) == ("adult", "takeaway owner")
    assert links_of(document, "guardian_at")[0].meaning == "strength"


def test_harm_and_safety_at_one_place_are_both_shown(borough: Calderwick) -> None:
    document = peer_map_in(borough, "LOC4")
    assert {link.meaning for link in document.links if link.kind in ("harmed_at", "feels_safe_at")} == {"strength", "worry"}


def test_one_event_joins_each_two_who_took_part_once(borough: Calderwick) -> None:
    document = peer_map_in(borough, "PG3")
    missing = links_of(document, "missing_together")
    assert len(missing) == 6
    assert {link.words for link in missing} == {"went missing together"}


def test_people_not_named_have_a_band_and_young_people_never_a_number(borough: Calderwick) -> None:
    document = peer_map_in(borough, "LOC3")
    assert [thing.count for thing in document.things if thing.kind == "unnamed_young_people"] == ["4 to 6"]
    assert all(thing.count is None for thing in document.things if thing.kind == "young_person")
    assert all(link.count is None for link in document.links)


def test_may_have_harmed_is_never_the_only_role_a_young_person_has(borough: Calderwick) -> None:
    document = peer_map_in(borough, "YP07")
    [link] = links_of(document, "may_have_harmed")
    assert (link.how_known, link.how_sure, link.agencies, link.affected) == ("J", "not", 1, "to")
    assert all(part.role != "may_have_harmed" for part in link.roles)


def test_a_corrected_statement_and_whom_it_alone_named_leave_the_map(borough: Calderwick) -> None:
    before = peer_map_in(borough, "YP07", today=date(2026, 10, 30))
    after = peer_map_in(borough, "YP07")
    assert [link.disputed for link in links_of(before, "unclear")] == [True]
    assert links_of(after, "unclear") == []
    assert len(before.things) > len(after.things)


def test_an_expired_statement_is_on_no_map(borough: Calderwick) -> None:
    assert links_of(peer_map_in(borough, "YP05"), "unclear") == []


def test_what_is_older_than_a_year_is_left_out_and_counted(borough: Calderwick) -> None:
    document = peer_map_in(borough, "YP01", today=date(2027, 9, 2))
    assert document.withheld.by_age == 0
    gone = peer_map_in(borough, "YP02", today=date(2027, 9, 18))
    assert all(link.older for link in gone.links if link.known_on)


def test_the_same_facts_in_any_order_give_the_same_bytes(borough: Calderwick) -> None:
    expected = peer_map_in(borough, "PG3").to_json()
    chance = random.Random(3)
    for _ in range(50):
        records = list(borough.records)
        chance.shuffle(records)
        shuffled = Calderwick(tuple(records), borough.ids)
        assert peer_map_in(shuffled, "PG3").to_json() == expected


def test_what_a_reader_may_not_see_leaves_no_trace(borough: Calderwick) -> None:
    seen = {"REF-04", "REF-05"}
    scope = borough.reader_of(*seen)
    hidden = {borough.ids[name] for name in borough.ids if name.startswith("REF-06")}
    fewer = [one for one in borough.records if one.id not in hidden and getattr(one, "stated_in", None) not in hidden]
    given = dict(label=label_in(borough), told={}, today=AS_OF, reference="REF-04")
    whole = compose_peer_map(borough.network(scope), a_sheet(borough.ids["PG3"]), **given)  # type: ignore[arg-type]
    twin = compose_peer_map(network_of(fewer, scope), a_sheet(borough.ids["PG3"]), **given)  # type: ignore[arg-type]
    assert whole.to_json() == twin.to_json()


def test_what_comes_later_takes_a_free_spot_and_moves_nothing(borough: Calderwick) -> None:
    early = [one for one in borough.records if getattr(one, "stated_in", None) != borough.ids["REF-08"]]
    late = [
        replace(one, recorded_at=datetime(2031, 1, 1, tzinfo=UTC))
        for one in borough.records
        if isinstance(one, Assertion) and one not in early
    ]
    given = dict(label=label_in(borough), told={}, today=AS_OF, reference="x")
    sheet = a_sheet(borough.ids["LOC2"])
    before = compose_peer_map(network_of(early), sheet, **given)  # type: ignore[arg-type]
    after = compose_peer_map(network_of([*early, *late]), sheet, **given)  # type: ignore[arg-type]
    places = {thing.label: thing.at for thing in after.things}
    assert len(after.things) == len(before.things) + 1
    assert all(places[thing.label] == thing.at for thing in before.things)


def test_a_position_put_by_hand_is_kept_and_moves_no_other(borough: Calderwick) -> None:
    plain = {thing.label: thing.at for thing in peer_map_in(borough, "PG3").things}
    place = Position(thing=borough.ids["LOC4"], x=0.25, y=0.75)
    moved = {thing.label: thing.at for thing in peer_map_in(borough, "PG3", positions=(place,)).things}
    label = borough.label_of(borough.ids["LOC4"])
    assert moved[label] is not None
    assert (moved[label].x, moved[label].y, moved[label].by) == (0.25, 0.75, "hand")
    assert {name: at for name, at in moved.items() if name != label} == {name: at for name, at in plain.items() if name != label}


@pytest.mark.parametrize("what", ["things", "links"])
def test_too_many_are_refused_with_how_many_of_what(borough: Calderwick, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    many = len(getattr(peer_map_in(borough, "PG3"), what))
    monkeypatch.setattr(f"visualise.peer_map.{what.upper()}_LIMIT", 5)
    with pytest.raises(TooManySymbols, match=f"would show {many} {what}; a picture can carry 5"):
        peer_map_in(borough, "PG3")


def test_a_code_hangs_on_the_map_and_the_person_alone() -> None:
    ids = [RecordId(f"{number:032x}") for number in range(40)]
    some, every = pseudonym_codes("one map", ids[:5]), pseudonym_codes("one map", ids)
    assert len(set(every.values())) == 40
    assert all(every[one].split()[0] == some[one].split()[0] for one in some)
    assert pseudonym_codes("another map", ids) != every


def test_equal_initials_get_a_letter_over_those_shown() -> None:
    one, two, three = (RecordId(letter * 32) for letter in "abc")
    assert sorted(initials_apart("seed", {one: "CM", two: "CM", three: "AQ"}).values()) == ["AQ", "CM a", "CM b"]
    assert initials_apart("seed", {one: "CM"}) == {one: "CM"}
