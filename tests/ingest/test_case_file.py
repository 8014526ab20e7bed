"""Every mistake in a case file is said at once, each with its place and how to mend it, and nothing is echoed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.case_file import read_case
from ingest.errors import UnreadableCase, UnreadableFile
from tests.boroughs import a_borough
from tests.ingest.loading import FIXTURES

CALDERWICK = FIXTURES / "calderwick.yaml"
EVERY_FIELD = FIXTURES / "every-field.yaml"
Change = Callable[[dict[str, Any]], object]


def every_field() -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load(EVERY_FIELD.read_text())
    return case


def mistakes_in(case: dict[str, Any] | str) -> list[tuple[str, str]]:
    text = case if isinstance(case, str) else yaml.safe_dump(case, sort_keys=False, allow_unicode=False)
    with pytest.raises(UnreadableCase) as caught:
        read_case(text)
    assert all(mistake.detail.endswith((".", '"', "kith-case/1")) for mistake in caught.value.mistakes)
    return [(mistake.path, mistake.code) for mistake in caught.value.mistakes]


def setting(*steps: Any, to: Any) -> Change:
    """A change that puts a value somewhere in a case."""

    def change(case: dict[str, Any]) -> None:
        inner: Any = case
        for step in steps[:-1]:
            inner = inner[step]
        inner[steps[-1]] = to

    return change


LINK = ("referrals", 0, "links", 0)
VOICES = ("weightings", 0, "participants", 0)
AT, VOICE = "referrals[0].links[0]", "weightings[0].participants[0]"
WRONG: list[tuple[Change, str, str]] = [
    (setting("colour", to="red"), "colour", "unknown-field"),
    (setting("as_of", to="yesterday"), "as_of", "not-a-day"),
    (setting("as_of", to="2026-02-30"), "as_of", "not-a-day"),
    (setting("place", to={}), "place.name", "missing"),
    (setting("place", "town", to="x"), "place.town", "unknown-field"),
    (setting("people", to="nobody"), "people", "not-a-list"),
    (setting("people", 0, to="nobody"), "people[0]", "not-an-object"),
    (setting("people", 0, "shoe_size", to=4), "people[0].shoe_size", "unknown-field"),
    (setting("people", 0, "ref", to="x"), "people[0].ref", "unknown-field"),
    (setting("people", 0, "kind", to="robot"), "people[0].kind", "unknown-code"),
    (setting("people", 0, "age", to="14"), "people[0].age", "not-a-whole-number"),
    (setting("people", 0, "age", to=400), "people[0].age", "not-a-whole-number"),
    (setting("people", 0, "known_as", to=1234), "people[0].known_as", "not-text"),
    (setting("people", 0, "known_as", to="a\u202eb"), "people[0].known_as", "control-character"),
    (setting("people", 0, "known_as", to="a\x07b"), "people[0].known_as", "control-character"),
    (setting("people", 0, "known_as", to="a\nb"), "people[0].known_as", "control-character"),
    (setting("people", 0, "known_as", to="x" * 201), "people[0].known_as", "too-long"),
    (setting("people", 0, "setting", to="A2"), "people[0].setting", "wrong-kind"),
    (setting("people", 0, "setting", to="C99"), "people[0].setting", "unknown-reference"),
    (setting("people", 1, to={"id": "A2"}), "people[1].known_as", "missing"),
    (setting("people", 1, "id", to="A1"), "people[1].id", "id-used-twice"),
    (setting("contexts", 0, "id", to="A1"), "contexts[0].id", "id-used-twice"),
    (setting("adults_of_concern", 0, "address", to="x"), "adults_of_concern[0].address", "unknown-field"),
    (setting("adults_of_concern", 0, "kind", to="young_person"), "adults_of_concern[0].kind", "unknown-code"),
    (setting("same_name_pairs", 0, "people", to=["A1"]), "same_name_pairs[0].people", "missing"),
    (setting("same_name_pairs", 0, "people", to=["A1", "G1"]), "same_name_pairs[0].people[1]", "wrong-kind"),
    (setting("same_name_pairs", 0, "same_person", to="no"), "same_name_pairs[0].same_person", "not-yes-or-no"),
    (setting("contexts", 1, "type", to="prison"), "contexts[1].type", "unknown-code"),
    (setting("contexts", 1, "type", to=None), "contexts[1].type", "missing"),
    (setting("contexts", 1, "label", to=" "), "contexts[1].label", "missing"),
    (setting("contexts", 0, "part_of", to="C2"), "contexts[0]", "ring"),
    (setting("contexts", 0, "part_of", to="C7"), "contexts[0].part_of", "unknown-reference"),
    (setting("contexts", 0, "safe_for", to=["A1"]), "contexts[0].safe_for[0]", "wrong-kind"),
    (setting("contexts", 0, "context", to="street"), "contexts[0].context", "unknown-code"),
    (setting("memberships", 0, "group", to="C1"), "memberships[0].group", "wrong-kind"),
    (setting("memberships", 0, "referral", to=None), "memberships[0].referral", "missing"),
    (setting("memberships", 0, "since", to="x"), "memberships[0].since", "unknown-field"),
    (setting("referrals", 0, "kind", to="dossier"), "referrals[0].kind", "unknown-code"),
    (setting("referrals", 0, "received", to=None), "referrals[0].received", "missing"),
    (setting("referrals", 0, "referrer", to={"role": "x"}), "referrals[0].referrer.agency", "missing"),
    (setting("referrals", 0, "subject", to={"people": [], "contexts": []}), "referrals[0].subject", "missing"),
    (setting("referrals", 0, "subject", "people", to=["C1"]), "referrals[0].subject.people[0]", "wrong-kind"),
    (setting("referrals", 0, "efh_types", to=[]), "referrals[0].efh_types", "missing"),
    (setting("referrals", 0, "efh_types", to=["cce", "gossip"]), "referrals[0].efh_types[1]", "unknown-code"),
    (setting("referrals", 0, "narrative", to="x" * 20_001), "referrals[0].narrative", "too-long"),
    (setting("referrals", 0, "narrative", to="a\x00b"), "referrals[0].narrative", "control-character"),
    (setting("referrals", 0, "parts", to={"moon": {}}), "referrals[0].parts.moon", "unknown-field"),
    (setting("referrals", 0, "named_people", 0, "roles", to=["thug"]), "referrals[0].named_people[0].roles[0]", "unknown-code"),
    (setting("referrals", 0, "named_people", 0, "person", to="A9"), "referrals[0].named_people[0].person", "unknown-reference"),
    (setting("referrals", 0, "guardians", 0, "context", to="A1"), "referrals[0].guardians[0].context", "wrong-kind"),
    (setting("referrals", 0, "group_friendship", "group", to="C1"), "referrals[0].group_friendship.group", "wrong-kind"),
    (setting("referrals", 0, "events", 0, "participants", to=["A3"]), "referrals[0].events[0].participants[0]", "wrong-kind"),
    (setting("referrals", 0, "told", 0, "who", to="neighbour"), "referrals[0].told[0].who", "unknown-code"),
    (setting("referrals", 0, "told", 0, "person", to="G1"), "referrals[0].told[0].person", "wrong-kind"),
    (setting(*LINK, "to", to="A9"), AT + ".to", "unknown-reference"),
    (setting(*LINK, "to", to="A1"), AT + ".to", "same-end"),
    (setting(*LINK, "to", to="C2"), AT + ".to", "wrong-end"),
    (setting(*LINK, "from", to="R2"), AT + ".from", "wrong-kind"),
    (setting(*LINK, "rel", to="associate"), AT + ".rel", "unknown-code"),
    (setting(*LINK, "status", to="current"), AT + ".status", "not-the-last"),
    (setting(*LINK, "within", to="C1"), AT + ".within", "wrong-kind"),
    (setting(*LINK, "strength", to=3), AT + ".strength", "unknown-field"),
    (setting(*LINK, "provenance", to=None), AT + ".provenance", "missing"),
    (setting(*LINK, "provenance", "grade", to=3), AT + ".provenance.grade", "unknown-field"),
    (setting(*LINK, "provenance", "agency", to="mi5"), AT + ".provenance.agency", "unknown-code"),
    (setting(*LINK, "provenance", "corroborated_by", to=["A1"]), AT + ".provenance.corroborated_by[0]", "wrong-kind"),
    (setting(*LINK, "status_history", 1, "from", to="2025-01-01"), AT + ".status_history[1].from", "out-of-order"),
    (setting(*LINK, "status_history", 1, "by", to="C1"), AT + ".status_history[1].by", "wrong-kind"),
    (setting("other_links", 0, "to", to="Z"), "other_links[0].to", "unknown-reference"),
    (setting("other_links", 0, "id", to="A1"), "other_links[0].id", "id-used-twice"),
    (setting("requests", 0, "kind", to="complaint"), "requests[0].kind", "unknown-code"),
    (setting("requests", 0, "target", to="Z"), "requests[0].target", "unknown-reference"),
    (setting("requests", 0, "cascade", to=["A1"]), "requests[0].cascade[0]", "wrong-kind"),
    (setting("requests", 0, "decided", to="2020-01-01"), "requests[0].decided", "before-received"),
    (setting("weightings", 0, "order", to=["online", "attic"]), "weightings[0].order[1]", "unknown-code"),
    (setting(*VOICES, "raw", to=[1]), VOICE + ".raw", "wrong-length"),
    (setting(*VOICES, "raw", to=[1, 11]), VOICE + ".raw[1]", "not-a-weight"),
    (setting(*VOICES, "represents", to="A1"), VOICE + ".represents", "wrong-kind"),
    (setting("weightings", 0, "lead_record", to="A1"), "weightings[0].lead_record", "wrong-kind"),
    (setting("panel", "columns", to=["moon"]), "panel.columns[0]", "unknown-code"),
    (setting("panel", "members", 0, "reach", "moon", to="none"), "panel.members[0].reach.moon", "unknown-code"),
    (setting("panel", "members", 0, "reach", "online", to="all"), "panel.members[0].reach.online", "unknown-code"),
    (setting("actions", 0, "text", to=None), "actions[0].text", "missing"),
    (setting("actions", 0, "nature", to="dispersal"), "actions[0].nature", "unknown-code"),
    (setting("actions", 0, "target", to="Z"), "actions[0].target", "unknown-reference"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), WRONG, ids=[f"{path}: {code}" for _, path, code in WRONG])
def test_a_mistake_is_said_with_its_place(change: Change, path: str, code: str) -> None:
    case = every_field()
    change(case)
    assert (path, code) in mistakes_in(case)


def test_every_mistake_is_said_at_once_and_in_the_order_of_the_file() -> None:
    case = every_field()
    wanted = []
    for change, path, code in WRONG:
        trial = every_field()
        change(trial)
        if len(set(mistakes_in(trial))) == 1 and not any(path.startswith(other) or other.startswith(path) for other, _ in wanted):
            change(case)
            wanted.append((path, code))
    found = mistakes_in(case)
    assert len(wanted) > 25
    assert set(wanted) <= set(found)


def test_a_wrong_link_and_a_wrong_name_in_one_referral_are_both_said() -> None:
    case = every_field()
    case["referrals"][0]["links"][0]["to"] = "A9"
    case["referrals"][0]["efh_types"] = ["gossip"]
    assert set(mistakes_in(case)) == {
        ("referrals[0].links[0].to", "unknown-reference"),
        ("referrals[0].efh_types[0]", "unknown-code"),
    }


def test_a_mistake_has_its_line_and_no_value_of_the_file() -> None:
    text = CALDERWICK.read_text().replace("to: LOC2", "to: Arlo Quince", 1)
    with pytest.raises(UnreadableCase) as caught:
        read_case(text)
    (mistake,) = caught.value.mistakes
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "Arlo Quince" in row)
    assert (mistake.path, mistake.line) == ("referrals[0].links[0].to", line)
    assert str(mistake).startswith(f"referrals[0].links[0].to (line {line}): ")
    assert "Quince" not in str(mistake)


def test_a_control_character_written_raw_is_refused_with_its_place() -> None:
    text = CALDERWICK.read_text().replace("known_as: Arlo Q", "known_as: Ar\x01lo")
    assert mistakes_in(text) == [("people[0].known_as", "control-character")]


def test_days_may_be_text_or_yaml_days() -> None:
    as_days = CALDERWICK.read_text()
    as_text = yaml.safe_dump(yaml.load(as_days, Loader=yaml.SafeLoader), sort_keys=False)
    quoted = yaml.safe_dump(a_borough(2), sort_keys=False)
    assert read_case(as_days).panel == read_case(as_text).panel
    assert read_case(as_days).referrals == read_case(as_text).referrals
    assert len(read_case(quoted).referrals) == 10


@pytest.mark.parametrize("seed", range(12))
def test_invented_boroughs_are_read(seed: int) -> None:
    case = a_borough(seed)
    assert len(read_case(yaml.safe_dump(case, sort_keys=False)).referrals) == len(case["referrals"])


def test_names_are_kept_as_given_apart_from_their_form_and_outer_spaces() -> None:
    case = every_field()
    case["people"][0]["known_as"] = "  Zoe\u0308 \u200dO\u2019Hara  "
    (person, *_) = read_case(yaml.safe_dump(case, allow_unicode=True)).people
    assert person.draft.fields["known_as"] == "Zo\u00eb \u200dO\u2019Hara"


def test_a_new_person_may_be_described_in_place_and_referred_to() -> None:
    case = every_field()
    new = {"known_as": "Somebody new", "ref": "new1"}
    case["referrals"][1]["named_people"] = [{"person": new, "roles": ["harmed"]}]
    case["referrals"][1]["links"][0]["from"] = "new1"
    assert len(read_case(yaml.safe_dump(case)).referrals) == 2


def test_unnamed_people_of_a_later_referral_are_not_known_yet() -> None:
    case = every_field()
    case["referrals"].reverse()
    case["referrals"][0]["links"][0]["from"] = "R1-U1"
    assert ("referrals[0].links[0].from", "wrong-referral") in mistakes_in(case)


@pytest.mark.parametrize("start", ["format: kith-case/2\n", "people: []\n", "format: null\n"])
def test_another_format_is_refused_by_that_alone(start: str) -> None:
    assert mistakes_in(start + "x: 1\n") == [("format", "wrong-format")]


@pytest.mark.parametrize("text", ["- 1\n", "just text\n", "7\n"])
def test_what_is_no_case_at_all_is_refused(text: str) -> None:
    assert mistakes_in(text) == [("", "not-an-object")]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read_case(tmp_path / "none.yaml")


def test_the_smallest_case_is_a_case() -> None:
    case = read_case("format: kith-case/1\n")
    assert (case.size, case.panel.is_blank) == (0, True)
