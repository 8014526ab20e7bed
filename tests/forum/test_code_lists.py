"""Code lists: what may be recorded, and what it is called."""

import json
import re
from importlib.resources import files

import pytest

from forum.code_lists import CODE_LISTS, Code, is_code, read_code_lists, with_local_wording, words_of
from graph.assertions import AssertionKind, HowKnown, HowSure, Origin, Standing
from graph.contexts import CONTEXT_TYPES, Context
from graph.incidents import HarmRole
from graph.records import Handling


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("CONTEXT", [each.value for each in Context]),
        ("CTX_TYPE", list(CONTEXT_TYPES)),
        ("ROLE", [each.value for each in HarmRole]),
        ("HANDLING", [each.value for each in Handling]),
        ("RELIABILITY", [each.value for each in HowKnown]),
        ("PROV_KIND", [each.value for each in Origin]),
        ("HOW_SURE", [each.value for each in HowSure]),
        ("STATEMENT_STATUS", [each.value for each in Standing]),
        ("REL", [kind.code for kind in AssertionKind]),
    ],
)
def test_a_list_that_the_records_know_holds_the_same_codes_as_they_do(name: str, codes: list[str]) -> None:
    assert sorted(code.code for code in CODE_LISTS[name].codes) == sorted(codes)


@pytest.mark.parametrize("name", sorted(CODE_LISTS))
def test_every_list_says_what_it_is_and_no_code_stands_twice_or_without_words(name: str) -> None:
    code_list = CODE_LISTS[name]
    codes = [code.code for code in code_list.codes]
    assert code_list.name == name and code_list.title and code_list.version >= 1
    assert codes and len(codes) == len(set(codes))
    assert all(code.label.strip() == code.label != "" for code in code_list.codes)
    assert all(code.part_of is None or code.part_of in codes for code in code_list.codes)


def test_harmed_stands_first_among_the_roles() -> None:
    assert CODE_LISTS["ROLE"].codes[0] == Code("harmed", "harmed")


def test_associate_is_no_tie_and_gang_is_no_word_of_any_list() -> None:
    assert not is_code("REL", "associate")
    written = " ".join(f"{code.code} {code.label}" for each in CODE_LISTS.values() for code in each.codes).lower()
    words = set(re.findall(r"[a-z]+", written))
    assert not words & {"gang", "associate", "perpetrator", "nominal", "offender", "victim", "score", "ringleader", "influencer"}


def test_a_code_of_a_fixed_list_is_known_and_a_made_up_one_is_not() -> None:
    assert is_code("REL", "harmed_at")
    assert not is_code("REL", "hangs_about_at")
    assert words_of("AGENCY", "childrens_social_care") == "children's social care"
    with pytest.raises(KeyError):
        words_of("AGENCY", "ministry_of_works")


def test_a_local_list_takes_the_authoritys_own_words_and_nothing_that_is_not_in_the_shape_of_a_code() -> None:
    assert is_code("GUARDIAN_PRESENT", "market_days")
    assert words_of("GUARDIAN_PRESENT", "market_days") == "market days"
    assert words_of("GUARDIAN_PRESENT", "fri_evening") == "Friday evenings"
    for shapeless in ("", "Market days", "x" * 61, "<b>", "9am"):
        assert not is_code("GUARDIAN_PRESENT", shapeless)


@pytest.mark.parametrize("said", ["Poor by the shops_east side", "__none__", "_", "Dark"])
def test_words_where_a_local_list_takes_them_stay_as_they_were_said(said: str) -> None:
    assert words_of("CONDITION_FOUND", said) == said


def test_local_wording_renames_a_code_and_leaves_the_rest_as_it_was() -> None:
    lists = with_local_wording({"AGENCY": {"youth_service": "Calderwick youth team"}})
    assert words_of("AGENCY", "youth_service", lists) == "Calderwick youth team"
    assert words_of("AGENCY", "police", lists) == "police"
    assert words_of("AGENCY", "youth_service") == "youth service/detached"
    assert len(lists["AGENCY"].codes) == len(CODE_LISTS["AGENCY"].codes)


def test_local_wording_adds_codes_to_local_lists_only() -> None:
    lists = with_local_wording({"SPACE_KIND": {"forum_board": "message board"}})
    assert words_of("SPACE_KIND", "forum_board", lists) == "message board"
    with pytest.raises(ValueError, match="no code hangs_about_at"):
        with_local_wording({"REL": {"hangs_about_at": "hangs about at"}})
    with pytest.raises(ValueError, match="there is no code list MOODS"):
        with_local_wording({"MOODS": {"blue": "blue"}})
    with pytest.raises(ValueError, match="shape of a code"):
        with_local_wording({"SPACE_KIND": {"Forum board": "message board"}})


def test_a_retired_code_stays_readable_and_is_no_longer_recorded() -> None:
    given = json.loads(files("forum").joinpath("code_lists.json").read_text(encoding="utf-8"))
    given["lists"]["CHANNEL"]["retired"] = ["email"]
    channel = read_code_lists(json.dumps(given))["CHANNEL"]
    retired = {code.code for code in channel.codes if code.retired}
    assert retired == {"email"} and channel.labels()["email"] == "email"


def test_a_file_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="kith-code-lists/1"):
        read_code_lists('{"format": "other", "lists": {}}')
