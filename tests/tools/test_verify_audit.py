"""The verifier that knows nothing of Kith finds the first wrong entry, whatever was done to the audit."""

import ast
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.records import RecordId
from graph.store import chain
from graph.store.boundary import Store
from tests.builders import a_young_person, an_audit_entry, keep
from tests.conftest import StorePlace
from tools.verify_audit import Entry, Wrong, compare, follow, main

TOOL = Path(main.__code__.co_filename)


def audited(store: Store, entries: int = 6) -> None:
    arlo = keep(store, a_young_person())
    for number in range(entries - 1):
        grant = RecordId(f"grant {number}")
        store.append([an_audit_entry(action=f"read_{number}", about=(arlo.id,), grants=(grant,), under=((arlo.id, (grant,)),))])


def exported(store: Store, path: Path, change: Callable[[list[str]], list[str]] = lambda lines: lines) -> Path:
    """An export with its lines changed, and its closing line made to fit: only the chain can tell."""
    lines = [line for chunk in store.export() for line in chunk][:-1]
    lines = change(lines)
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    end = json.dumps({"end": {"lines": len(lines), "sha256": digest}}, separators=(",", ":"))
    path.write_text("".join(f"{line}\n" for line in [*lines, end]), encoding="utf-8")
    return path


def audit_lines(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.startswith('{"audit":')]


def flipped(lines: list[str]) -> list[str]:
    at = audit_lines(lines)[2]
    return [*lines[:at], lines[at].replace("read_1", "read_9"), *lines[at + 1 :]]


def deleted(lines: list[str]) -> list[str]:
    at = audit_lines(lines)[2]
    return [*lines[:at], *lines[at + 1 :]]


def swapped(lines: list[str]) -> list[str]:
    at = audit_lines(lines)[2]
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def doubled(lines: list[str]) -> list[str]:
    at = audit_lines(lines)[2]
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]]


def forged(lines: list[str]) -> list[str]:
    """One entry written anew, with a hash that fits it: the next one gives it away."""
    at = audit_lines(lines)[1]
    values = json.loads(lines[at])["audit"]
    values["entry"] = values["entry"].replace("read_0", "read_9")
    values["hash"] = hashlib.sha256((values["previous"] + values["entry"]).encode()).hexdigest()
    return [*lines[:at], json.dumps({"audit": values}), *lines[at + 1 :]]


def test_a_chain_that_holds_is_said_to_hold(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audited(store)
    assert main([str(exported(store, tmp_path / "e.jsonl"))]) == 0
    assert f"6 entries, each following from the one before. Last hash: {store.audit()[-1].hash}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "first_wrong"),
    [(flipped, "entry 3 is not what"), (deleted, "entry 3 is missing"), (swapped, "entry 3 is missing"),
     (doubled, "entry 4 is missing"), (forged, "entry 3 does not follow")],
)  # fmt: skip
def test_the_first_wrong_entry_of_an_export_is_found(
    sqlite_store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[list[str]], list[str]],
    first_wrong: str,
) -> None:
    audited(sqlite_store)
    assert main([str(exported(sqlite_store, tmp_path / "e.jsonl", change))]) == 1
    assert f"WRONG: {first_wrong}" in capsys.readouterr().out


def test_an_export_that_is_cut_short_is_noticed(sqlite_store: Store, tmp_path: Path) -> None:
    audited(sqlite_store)
    path = exported(sqlite_store, tmp_path / "e.jsonl")
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-2]), encoding="utf-8")
    assert main([str(path)]) == 1


def test_entries_taken_from_the_end_are_noticed_by_what_was_noted(
    sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audited(sqlite_store)
    noted = sqlite_store.audit()[-1]

    def truncated(lines: list[str]) -> list[str]:
        gone = audit_lines(lines)[-1]
        return [*lines[:gone], *lines[gone + 1 :]]

    whole = str(exported(sqlite_store, tmp_path / "e.jsonl"))
    assert main([whole, "--entries", str(noted.seq), "--hash", noted.hash]) == 0
    cut = str(exported(sqlite_store, tmp_path / "cut.jsonl", truncated))
    assert main([cut, "--entries", str(noted.seq), "--hash", noted.hash]) == 1
    assert "entry 6 is missing" in capsys.readouterr().out


def test_an_audit_written_anew_is_noticed_by_what_was_noted(sqlite_store: Store, tmp_path: Path) -> None:
    audited(sqlite_store)
    path = str(exported(sqlite_store, tmp_path / "e.jsonl"))
    assert main([path, "--entries", "3", "--hash", sqlite_store.audit()[2].hash]) == 0
    assert main([path, "--entries", "3", "--hash", "0" * 64]) == 1


def test_an_embedded_store_is_verified_where_it_stands(
    sqlite_place: StorePlace, sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    audited(sqlite_store)
    path = sqlite_place.url.removeprefix("sqlite:///")
    assert main([path]) == 0
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM audit WHERE seq = 6")
    connection.close()
    assert main([path]) == 1
    assert "entry 6 is missing" in capsys.readouterr().out


ENTRIES = [
    Entry(each.seq, each.entry, each.previous, each.hash)
    for each in chain.link_all(
        [an_audit_entry(action=f"read_{number}", about=(RecordId(f"{number:032x}"),)) for number in range(12)],
        seq=0, previous=chain.FIRST, salt=lambda: "a salt",
    )
]  # fmt: skip
PLACES = st.integers(0, len(ENTRIES) - 1)


def verify(entries: list[Entry]) -> None:
    """What the verifier does with a chain of which number and hash of the last entry were noted."""
    count, _, noted = follow(iter(entries), noted=len(ENTRIES))
    compare(len(ENTRIES), ENTRIES[-1].hash, count, noted)


def first_wrong(entries: list[Entry]) -> int:
    """The number that the verifier names, with what was noted of the whole chain."""
    with pytest.raises(Wrong) as wrong:
        verify(entries)
    found = re.search(r"entry (\d+)", str(wrong.value))
    assert found is not None, wrong.value
    return int(found.group(1))


def test_the_whole_chain_is_right() -> None:
    verify(ENTRIES)


def test_a_chain_goes_on_from_entries_that_did_not_yet_say_which_grant_covers_whom() -> None:
    person, grant = RecordId("a" * 32), RecordId("b" * 32)
    values = json.loads(ENTRIES[0].text)
    del values["under"]
    text = chain.canonical(values)
    old = Entry(1, text, chain.FIRST, hashlib.sha256((chain.FIRST + text).encode()).hexdigest())
    new = chain.link(
        an_audit_entry(about=(person,), grants=(grant,), under=((person, (grant,)),)), seq=2, previous=old.hash, salt=lambda: "s"
    )
    entries = [old, Entry(new.seq, new.entry, new.previous, new.hash)]
    assert follow(iter(entries)) == (2, new.hash, "")
    with pytest.raises(Wrong, match="entry 2 is not what"):
        follow(iter([old, entries[1]._replace(text=new.entry.replace('"under":[[0]]', '"under":[[]]'))]))


@given(at=PLACES, part=st.sampled_from(["text", "previous", "hash"]), place=st.integers(0), other=st.characters(codec="utf-8"))
def test_whichever_character_is_changed_its_entry_is_the_first_wrong_one(at: int, part: str, place: int, other: str) -> None:
    whole = getattr(ENTRIES[at], part)
    place %= len(whole)
    assume(whole[place] != other)
    changed = ENTRIES[at]._replace(**{part: whole[:place] + other + whole[place + 1 :]})
    assert first_wrong([*ENTRIES[:at], changed, *ENTRIES[at + 1 :]]) == at + 1


@given(at=PLACES, seq=st.integers(-1, 40))
def test_another_number_on_an_entry_is_found_there(at: int, seq: int) -> None:
    assume(seq != ENTRIES[at].seq)
    assert first_wrong([*ENTRIES[:at], ENTRIES[at]._replace(seq=seq), *ENTRIES[at + 1 :]]) == at + 1


@given(first=PLACES, more=st.integers(1, len(ENTRIES)))
def test_wherever_entries_are_taken_out_the_first_of_them_is_missed(first: int, more: int) -> None:
    assert first_wrong([*ENTRIES[:first], *ENTRIES[first + more :]]) == first + 1


@given(places=st.lists(PLACES, min_size=2, max_size=2, unique=True))
def test_whichever_two_are_swapped_the_earlier_place_is_the_first_wrong_one(places: list[int]) -> None:
    one, two = sorted(places)
    swapped_ones = list(ENTRIES)
    swapped_ones[one], swapped_ones[two] = ENTRIES[two], ENTRIES[one]
    assert first_wrong(swapped_ones) == one + 1


@given(which=PLACES, to=st.integers(0, len(ENTRIES)))
def test_wherever_an_entry_is_put_in_again_its_new_place_is_the_first_wrong_one(which: int, to: int) -> None:
    assert first_wrong([*ENTRIES[:to], ENTRIES[which], *ENTRIES[to:]]) == (to + 1 if to != which else which + 2)


@pytest.mark.parametrize("content", [b"", b"not json\n", b'{"something": {}}\n', b"[1]\n"])
def test_a_file_that_is_no_export_is_not_verified(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.jsonl"
    path.write_bytes(content)
    assert main([str(path)]) != 0
    assert main([str(tmp_path / "nothing-there")]) == 2


def test_the_verifier_imports_nothing_of_ours_and_nothing_to_install() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(TOOL.read_text("utf-8")))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert imported <= sys.stdlib_module_names
