"""YAML as far as a form needs it: nothing in a file can run, grow without bound or pass unseen."""

import pytest

from ingest.errors import UnreadableFile, UnreadableYaml
from ingest.plain_yaml import DEPTH_LIMIT, SIZE_LIMIT, PlainYaml, path_of, read_plain_yaml


def read(text: str) -> PlainYaml:
    return read_plain_yaml(text.encode(), what="case file")


def codes(found: PlainYaml) -> list[tuple[str, int | None, str]]:
    return [(mistake.path, mistake.line, mistake.code) for mistake in found.mistakes]


def test_values_are_text_numbers_yes_no_and_nothing() -> None:
    found = read('a: x\nb: 12\nc: 2.5\nd: true\ne: null\nf:\ng: "12"\nh: 2026-11-21\ni: [1, two]\nj: 4-6\nk: 010\n')
    assert found.value == {
        "a": "x", "b": 12, "c": 2.5, "d": True, "e": None, "f": None, "g": "12", "h": "2026-11-21",
        "i": [1, "two"], "j": "4-6", "k": "010",
    }  # fmt: skip
    assert found.mistakes == ()


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "NO", "15:30", "1_000", ".inf", ".nan", "0x1f", "1e3"])
def test_words_that_some_readers_take_for_something_else_stay_text(word: str) -> None:
    assert read(f"a: {word}").value == {"a": word}


def test_every_value_knows_its_line() -> None:
    found = read("referrals:\n  - id: R1\n    links:\n      - {from: A,\n         to: B}\n")
    assert found.line_of("/referrals/0/links/0/to") == 5
    assert found.line_of("/referrals/0/links/0/rel") == 4  # not there: the line of the link
    assert found.line_of("/nowhere") == 1


def test_a_key_that_stands_twice_is_a_mistake() -> None:
    found = read("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert codes(found) == [("b.c", 4, "twice"), ("a", 5, "twice")]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system x", "!!binary aGk=", "!mine 1", "!!set {a}"]
)
def test_a_tag_makes_nothing(tag: str) -> None:
    found = read(f"a: {tag}")
    assert codes(found) == [("a", 1, "tag")]


def test_a_repeat_of_what_stands_before_it_is_read() -> None:
    assert read("a: &x {b: 1}\nc: *x\n").value == {"a": {"b": 1}, "c": {"b": 1}}


def test_repeats_that_grow_without_bound_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(UnreadableFile, match="holds too much"):
        read("\n".join(lines))


def test_a_repeat_of_itself_or_of_nothing_is_a_mistake() -> None:
    assert codes(read("a: &a [*a]")) == [("a[0]", 1, "unknown-anchor")]
    assert codes(read("a: *b")) == [("a", 1, "unknown-anchor")]


def test_nesting_has_an_end() -> None:
    assert read("[" * DEPTH_LIMIT + "x" + "]" * DEPTH_LIMIT).mistakes == ()
    with pytest.raises(UnreadableFile, match="nested too deeply"):
        read("[" * (DEPTH_LIMIT + 1) + "x" + "]" * (DEPTH_LIMIT + 1))
    with pytest.raises(UnreadableFile):
        read("[" * 100_000)


def test_a_file_has_a_size() -> None:
    with pytest.raises(UnreadableFile, match="20 MB"):
        read_plain_yaml(b"a: " + b"x" * SIZE_LIMIT, what="case file")


def test_a_second_document_is_a_mistake() -> None:
    assert codes(read("a: 1\n---\nb: 2\n")) == [("", 2, "second-document")]


def test_a_key_that_is_no_name_is_a_mistake() -> None:
    assert codes(read("? [a, b]\n: c\n")) == [("", 1, "not-a-name")]


@pytest.mark.parametrize("text", ["a: [1,", "a: 1\n b: 2", 'a: "x', "a: b: c", "\t- x", "a: %b"])
def test_what_is_no_yaml_says_its_line(text: str) -> None:
    with pytest.raises(UnreadableYaml) as caught:
        read(text)
    (mistake,) = caught.value.mistakes
    assert mistake.line is not None
    assert "YAML" in str(mistake)


@pytest.mark.parametrize("text", ["", "   \n", "# only a remark\n"])
def test_an_empty_file_says_so(text: str) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read(text)


def test_another_encoding_says_the_line() -> None:
    with pytest.raises(UnreadableFile, match=r"not in UTF-8 \(line 2\)"):
        read_plain_yaml("a: 1\nb: caf\u00e9\n".encode("latin-1"), what="case file")
    assert read_plain_yaml(b"\xef\xbb\xbfa: 1", what="case file").value == {"a": 1}


def test_a_place_reads_as_people_write_it() -> None:
    assert path_of("/referrals/2/links/0/to") == "referrals[2].links[0].to"
    assert path_of("/a~1b") == "a.b"
    assert path_of("/x\u202e") == "x?"
