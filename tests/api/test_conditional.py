"""Keys, tags and patches, without a service."""

from typing import Any

import pytest

from api.conditional import compare_tag, demand_tag, json_bytes, json_bytes_of_lists, merge_patch, tag_of, write_key
from api.errors import MissingKey, MissingTag, StaleTag
from graph.records import ActorId


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_standard_says(target: Any, patch: Any, expected: Any) -> None:
    """The examples of RFC 7396, appendix A."""
    assert merge_patch(target, patch) == expected


def test_a_patch_leaves_what_it_patches_as_it_was() -> None:
    target = {"a": {"b": 1}}
    merge_patch(target, {"a": {"b": 2}})
    assert target == {"a": {"b": 1}}


def test_a_key_is_bound_to_actor_method_and_path() -> None:
    def key(**other: str) -> str:
        given = {"actor": ActorId("me"), "method": "POST", "path": "/referrals", "header": "one", **other}
        return write_key(**given, body=b"{}", otherwise="random").key  # type: ignore[arg-type]

    assert len({key(), key(actor="you"), key(method="PATCH"), key(path="/incidents"), key(header="two")}) == 5
    assert key() == key()


def test_the_digest_is_of_the_body() -> None:
    def digest(body: bytes) -> str:
        return write_key(actor=ActorId("me"), method="POST", path="/", header="one", body=body, otherwise="").digest

    assert digest(b"{}") == digest(b"{}") != digest(b"{} ")


def test_a_change_may_come_without_a_key_and_a_post_may_not() -> None:
    patch = write_key(actor=ActorId("me"), method="PATCH", path="/", header=None, body=b"", otherwise="random")
    assert patch.key
    with pytest.raises(MissingKey):
        write_key(actor=ActorId("me"), method="POST", path="/", header=None, body=b"", otherwise="random")


def test_a_tag_is_strong_and_of_the_bytes() -> None:
    body = json_bytes({"b": 1, "a": "é"})
    assert body == '{"b":1,"a":"é"}'.encode()
    assert tag_of(body).startswith('"') and tag_of(body) != tag_of(body + b" ")
    compare_tag(tag_of(body), body)
    compare_tag(f'"other", {tag_of(body)}', body)
    for wrong in ('"other"', f"W/{tag_of(body)}", tag_of(body).strip('"')):
        with pytest.raises(StaleTag):
            compare_tag(wrong, body)


@pytest.mark.parametrize("header", [None, "", " ", "*"])
def test_a_change_without_a_tag_is_refused(header: str | None) -> None:
    with pytest.raises(MissingTag):
        demand_tag(header)


@pytest.mark.parametrize("lists", [{}, {"pairs": []}, {"pairs": [{"é": 1}, ["b"]], "groups": [["x", "y"], []]}])
def test_lists_written_one_item_at_a_time_are_the_bytes_of_the_whole(lists: dict[str, list[Any]]) -> None:
    assert json_bytes_of_lists({name: iter(items) for name, items in lists.items()}) == json_bytes(lists)
