"""What a reader sees of a record that cites what is out of scope, and how the hidden part survives a save.

The rule, for records and for the entries of their lists: an entry whose required citation is hidden is left out; an
optional citation that is hidden reads as None; hidden ids are left out of a list of ids. `put_back` undoes all of it,
each hidden thing at its place. `seen` always holds those of the cited ids that are in scope.
"""

import dataclasses
from collections.abc import Set
from typing import Any

from graph.records import R, RecordId, cache, citation_readers, cited_by, entry_type, fact_of, hints_of, is_optional


def visible(record: R, seen: Set[RecordId]) -> R:
    """The record without what cites anything outside `seen`. The same object when nothing is hidden."""
    if cited_by(record) <= seen:
        return record
    shown: R = _shown(record, seen)
    return shown


def put_back(new: R, old: R, seen: Set[RecordId]) -> R:
    """The new version of a record with what its writer could not see of the stored one, each at its place.

    A hidden optional citation comes back where the new version says None; a value given there wins.
    """
    if cited_by(old) <= seen:
        return new
    restored: R = _restored(new, old, seen)
    return restored


@cache
def _citing_plan(cls: type[Any]) -> tuple[tuple[str, str], ...]:
    """The fields of a record or entry that cite, and how: scalar, ids or entries."""
    plan = []
    for declared in dataclasses.fields(cls):
        inner = entry_type(cls, declared.name)
        if inner is not None:
            if citation_readers(inner):
                plan.append((declared.name, "entries"))
        elif fact_of(declared).cites:
            is_list = str(hints_of(cls)[declared.name]).startswith("tuple")
            plan.append((declared.name, "ids" if is_list else "scalar"))
    return tuple(plan)


def _stays(item: Any, seen: Set[RecordId]) -> bool:
    """Whether an entry may be shown at all: every required citation of it is seen."""
    for name, how in _citing_plan(type(item)):
        if how == "scalar" and not is_optional(type(item), name) and getattr(item, name) not in seen:
            return False
    return True


def _shown(holder: Any, seen: Set[RecordId]) -> Any:
    changed: dict[str, Any] = {}
    for name, how in _citing_plan(type(holder)):
        value = getattr(holder, name)
        if how == "entries":
            changed[name] = tuple(_shown(item, seen) for item in value if _stays(item, seen))
        elif how == "ids":
            changed[name] = tuple(cited for cited in value if cited in seen)
        elif value is not None and value not in seen and is_optional(type(holder), name):
            changed[name] = None
    return dataclasses.replace(holder, **changed)


def _restored(new: Any, old: Any, seen: Set[RecordId]) -> Any:
    changed: dict[str, Any] = {}
    for name, how in _citing_plan(type(new)):
        given, kept = getattr(new, name), getattr(old, name)
        if how == "entries":
            changed[name] = _entries_put_back(given, kept, seen)
        elif how == "ids":
            changed[name] = _at_their_place(given, tuple((cited, cited in seen) for cited in kept))
        elif given is None and kept is not None and kept not in seen:
            changed[name] = kept
    return dataclasses.replace(new, **changed)


def _entries_put_back(given: tuple[Any, ...], kept: tuple[Any, ...], seen: Set[RecordId]) -> tuple[Any, ...]:
    open_ones = [item for item in kept if _stays(item, seen)]
    matched = _matched(given, [_shown(item, seen) for item in open_ones])
    whole = tuple(item if at is None else _restored(item, open_ones[at], seen) for item, at in zip(given, matched, strict=True))
    return _at_their_place(whole, tuple((item, _stays(item, seen)) for item in kept))


def _matched(given: tuple[Any, ...], shown: list[Any]) -> list[int | None]:
    """For each given entry the stored one it continues: the same one where it still reads the same, else the one at its index."""
    free = set(range(len(shown)))
    matched: list[int | None] = [None] * len(given)
    for index, item in enumerate(given):
        alike = [at for at in sorted(free, key=lambda at: (at != index, at)) if shown[at] == item]
        if alike:
            matched[index] = alike[0]
            free.discard(alike[0])
    for index in range(len(given)):
        if matched[index] is None and index in free:
            matched[index] = index
            free.discard(index)
    return matched


def _at_their_place(given: tuple[Any, ...], kept: tuple[tuple[Any, bool], ...]) -> tuple[Any, ...]:
    """Puts each hidden item of the stored list back behind as many open ones as stood before it."""
    waiting: dict[int, list[Any]] = {}
    before = 0
    for item, is_seen in kept:
        if is_seen:
            before += 1
        else:
            waiting.setdefault(min(before, len(given)), []).append(item)
    result: list[Any] = []
    for index in range(len(given) + 1):
        result.extend(waiting.get(index, ()))
        result.extend(given[index : index + 1])
    return tuple(result)
