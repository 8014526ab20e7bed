"""Promise: every field of every record says what class of thing it shows, so that nothing reaches an answer unclassed."""

import dataclasses
from typing import Any

import pytest

from forum.kinds import FORUM_KINDS
from graph.kinds import GRAPH_KINDS
from graph.records import FRAME_FIELDS, FieldFact, Record, entry_type
from tests.architecture.tree import dataclasses_of, product_modules

KINDS = GRAPH_KINDS + FORUM_KINDS


def with_entries(cls: type[Any]) -> list[type[Any]]:
    """A kind of record, and the entries of its lists, and theirs."""
    inner = [found for declared in dataclasses.fields(cls) if (found := entry_type(cls, declared.name))]
    return [cls, *(each for found in inner for each in with_entries(found))]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
def test_every_field_declares_its_class(kind: type[Record]) -> None:
    bare = [
        f"{cls.__name__}.{declared.name}"
        for cls in with_entries(kind)
        for declared in dataclasses.fields(cls)
        if not isinstance(declared.metadata.get("kith"), FieldFact)
    ]
    assert not bare, f"declare with shown_as(...) or cites(...): {bare}"


def test_every_kind_of_record_is_in_one_of_the_two_lists_and_named_after_its_class() -> None:
    """A kind that is in neither list could not be stored; one in both would be stored twice."""
    made = {cls for cls in dataclasses_of(product_modules()) if issubclass(cls, Record) and cls.KIND}
    assert made == set(KINDS)
    assert len(KINDS) == len(set(KINDS))
    assert all(kind.__name__ == kind.KIND for kind in KINDS)


def test_the_frame_of_a_record_is_the_same_for_all() -> None:
    assert {declared.name for declared in dataclasses.fields(Record)} == FRAME_FIELDS
