"""The audit's chain: one text for one entry, no entry changed, moved or left out unnoticed, and people who can be forgotten."""

import dataclasses
import hashlib
import json
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from graph.errors import CannotStoreExactly
from graph.records import RecordId
from graph.store.chain import FIRST, Link, canonical, find_break, link, link_all, read_link, tag
from tests.builders import an_audit_entry

ARLO, BEA = RecordId("a" * 32), RecordId("b" * 32)


def three() -> tuple[Link, ...]:
    salts = count(1)
    entries = [
        an_audit_entry(action="viewed", about=(BEA, ARLO), resources=(ARLO, RecordId("c" * 32))),
        an_audit_entry(action="recorded"),
        an_audit_entry(action="viewed", about=(ARLO,)),
    ]
    return link_all(entries, seq=0, previous=FIRST, salt=lambda: f"{next(salts):032x}")


def test_the_canonical_text_is_that_of_rfc_8785() -> None:
    value = {"b": [1, True, None, "€\u20ac"], "a": 'quote " back \\ line \n unit \u001f slash / é', "A": {}}
    assert canonical(value) == '{"A":{},"a":"quote \\" back \\\\ line \\n unit \\u001f slash / é","b":[1,true,null,"€€"]}'


def test_an_entry_hashes_with_the_one_before_it_as_anyone_can_check_without_our_code() -> None:
    previous = "0" * 64
    for found in three():
        assert found.previous == previous
        previous = hashlib.sha256((previous + found.entry).encode()).hexdigest()
        assert found.hash == previous
        assert json.loads(found.entry)["seq"] == found.seq


def test_nobody_is_named_in_the_chain_and_each_entry_names_them_differently() -> None:
    links = three()
    text = "".join(found.entry for found in links)
    assert ARLO not in text
    assert BEA not in text
    first, last = json.loads(links[0].entry), json.loads(links[2].entry)
    assert not set(first["about"]) & set(last["about"])
    assert first["about"] == sorted(tag(salt, person) for person, salt in links[0].about)
    assert [person for person, _ in links[0].about] == [ARLO, BEA]


def test_an_entry_reads_back_as_it_was_until_somebody_in_it_is_erased() -> None:
    found = three()[0]
    entry = read_link(found)
    assert (entry.about, entry.resources) == ((ARLO, BEA), (ARLO, "c" * 32))
    assert (entry.seq, entry.previous, entry.hash) == (1, FIRST, found.hash)
    forgotten = read_link(dataclasses.replace(found, about=tuple(each for each in found.about if each[0] != ARLO)))
    assert (forgotten.about, forgotten.resources) == ((BEA,), ("c" * 32,))
    assert find_break([dataclasses.replace(each, about=()) for each in three()]) is None


UNDER = ((ARLO, (RecordId("g1"), RecordId("g2"))), (BEA, ()))


def under_grants() -> Link:
    salts = count(1)
    entry = an_audit_entry(action="viewed", about=(BEA, ARLO), grants=(RecordId("g1"), RecordId("g2")), under=UNDER)
    return link(entry, seq=1, previous=FIRST, salt=lambda: f"{next(salts):032x}")


def test_which_grants_cover_whom_names_nobody_and_reads_back_until_they_are_erased() -> None:
    found = under_grants()
    assert ARLO not in found.entry and BEA not in found.entry
    assert read_link(found).under == UNDER
    for erased, left in ((ARLO, UNDER[1:]), (BEA, UNDER[:1])):
        assert read_link(dataclasses.replace(found, about=tuple(each for each in found.about if each[0] != erased))).under == left
    assert find_break([dataclasses.replace(found, about=())]) is None


def test_an_entry_written_before_this_was_kept_reads_back_without_it_and_its_chain_holds() -> None:
    found = under_grants()
    values = json.loads(found.entry)
    del values["under"]
    text = canonical(values)
    old = dataclasses.replace(found, entry=text, hash=hashlib.sha256((FIRST + text).encode()).hexdigest())
    assert (read_link(old).under, read_link(old).about, read_link(old).grants) == ((), (ARLO, BEA), ("g1", "g2"))
    next_one = link(an_audit_entry(about=(ARLO,), under=((ARLO, ()),)), seq=2, previous=old.hash, salt=lambda: "s")
    assert find_break([old, next_one]) is None and read_link(next_one).under == ((ARLO, ()),)


@pytest.mark.parametrize("under", [((RecordId("d" * 32), ()),), ((ARLO, (RecordId("g9"),)),)])
def test_nobody_and_no_grant_stands_under_an_entry_that_it_does_not_hold(under: Any) -> None:
    with pytest.raises(CannotStoreExactly):
        link(an_audit_entry(about=(ARLO,), under=under), seq=1, previous=FIRST, salt=lambda: "s")


def test_a_chain_that_holds_has_no_break() -> None:
    links = three()
    assert find_break([]) is None
    assert find_break(links) is None
    assert find_break(links[1:], seq=1, previous=links[0].hash) is None


def changed(found: Link) -> Link:
    """An entry with another text and a hash that fits it."""
    text = found.entry.replace("recorded", "recoded")
    return dataclasses.replace(found, entry=text, hash=hashlib.sha256((found.previous + text).encode()).hexdigest())


def test_an_entry_changed_left_out_moved_or_renumbered_is_noticed() -> None:
    first, second, third = three()
    assert find_break([first, changed(second), third]) == 3
    assert find_break([first, dataclasses.replace(second, entry=second.entry.replace("recorded", "x")), third]) == 2
    assert find_break([first, third]) == 2
    assert find_break([second, third]) == 1
    assert find_break([second, first, third]) == 1
    assert find_break([dataclasses.replace(first, seq=2), second, third]) == 1


def test_a_moment_outside_utc_and_a_broken_text_are_refused() -> None:
    for wrong in (an_audit_entry(at=datetime(2026, 11, 21, 9, 30)), an_audit_entry(reason="half \ud83d")):  # noqa: DTZ001
        with pytest.raises(CannotStoreExactly):
            link(wrong, seq=1, previous=FIRST, salt=lambda: "0" * 32)
