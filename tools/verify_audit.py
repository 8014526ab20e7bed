"""Verifies the audit of a Kith store: every entry follows from the one before it, and none is missing.

    python3 tools/verify_audit.py forum.jsonl            a file that `kith export` wrote
    python3 tools/verify_audit.py forum.db               an embedded store, also while it serves
    python3 tools/verify_audit.py forum.jsonl --entries 412 --hash 81ee…    compared with what was noted on an earlier day

It imports nothing of Kith and needs Python alone, so that it can be read whole and trusted on its own. Prints how many entries
there are and the last hash: write both down somewhere Kith cannot reach. Status 0: the chain holds; 1: it does not, and the first
wrong entry is named; 2: the file cannot be read.

An entry's hash is SHA-256 over the hash before it (64 hexadecimal digits; of the first one, 64 zeros), then the entry's text.
Its number stands in the text as well. A person stands in an entry as sha256(salt + id); whoever was erased has no salt any more.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FIRST = "0" * 64


class Entry(NamedTuple):
    """One entry as it is kept: its number, its text, the hash before it and its own."""

    seq: int
    text: str
    previous: str
    hash: str


class Wrong(Exception):
    """The first thing that is wrong."""


class Unreadable(Exception):
    """Not a file in which an audit can be found."""


def main(arguments: list[str] | None = None) -> int:
    """Verifies one file; its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="an export (.jsonl) or an embedded store (.db)")
    parser.add_argument("--entries", type=int, help="how many entries there were when it was last looked at")
    parser.add_argument("--hash", help="the hash of the last of them")
    args = parser.parse_args(arguments)
    try:
        count, last, noted = follow(read(args.file), noted=args.entries)
        compare(args.entries, args.hash, count, noted)
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        return 1
    except (Unreadable, OSError, sqlite3.Error) as error:
        print(f"This file cannot be verified: {error}", file=sys.stderr)
        return 2
    print(f"{count} entries, each following from the one before. Last hash: {last}")
    return 0


def follow(entries: Iterator[Entry], *, noted: int | None = None) -> tuple[int, str, str]:
    """Follows the chain: how many entries, the last hash, and the hash of the entry with the noted number."""
    seq, last, at_noted = 0, FIRST, ""
    for entry in entries:
        check(entry, seq + 1, last)
        seq, last = entry.seq, entry.hash
        if seq == noted:
            at_noted = last
    return seq, last, at_noted


def check(entry: Entry, number: int, previous: str) -> None:
    """Raises Wrong unless this is the entry that must stand here."""
    if entry.seq != number:
        raise Wrong(f"entry {number} is missing; the next one there has the number {entry.seq}")
    if entry.previous != previous:
        raise Wrong(f"entry {number} does not follow from the one before it")
    if entry.hash != hashlib.sha256((previous + entry.text).encode("utf-8", "surrogatepass")).hexdigest():
        raise Wrong(f"entry {number} is not what it was when it was written")
    try:
        own = json.loads(entry.text).get("seq")
    except (ValueError, AttributeError, RecursionError):
        raise Wrong(f"entry {number} is no entry") from None
    if own != number:
        raise Wrong(f"entry {number} says it has another number")


def compare(entries: int | None, noted: str | None, count: int, found: str) -> None:
    """Raises Wrong when entries that were noted are gone, or are others now."""
    if entries is not None and count < entries:
        raise Wrong(f"there were {entries} entries, and there are {count}: entry {count + 1} is missing")
    if noted is not None and found != noted:
        raise Wrong("the last entry that was noted has another hash now: the audit was written anew")


def read(path: Path) -> Iterator[Entry]:
    """The entries of an export or of an embedded store, in their order."""
    with path.open("rb") as file:
        is_store = file.read(16) == b"SQLite format 3\x00"
    return from_store(path) if is_store else from_export(path)


def from_store(path: Path) -> Iterator[Entry]:
    """The entries of an embedded store; at the end, whether it ends where the store's own head says."""
    connection = sqlite3.connect(f"file:{path.resolve()}?mode=ro", uri=True)
    try:
        connection.execute("BEGIN")
        head = connection.execute("SELECT revision FROM head WHERE name = 'audit'").fetchone()
        count = 0
        for row in connection.execute("SELECT seq, entry, previous, hash FROM audit ORDER BY seq"):
            count = row[0]
            yield Entry(*row)
    finally:
        connection.close()
    if head is None or head[0] != count:
        raise Wrong(f"entry {count + 1} is missing: the store says that there are more")


def from_export(path: Path) -> Iterator[Entry]:
    """The entries of an export; at the end, whether the file is whole."""
    digest, lines, ended = hashlib.sha256(), 0, False
    with path.open("rb") as file:
        for raw in file:
            name, values = line_of(raw, lines)
            if name == "end":
                ended = values == {"lines": lines, "sha256": digest.hexdigest()}
                continue
            digest.update(raw)
            lines += 1
            if name == "audit":
                yield entry_of(values)
    if not ended:
        raise Wrong("the file is cut short or was altered after it was exported")


def line_of(raw: bytes, number: int) -> tuple[str, dict[str, object]]:
    """What a line is, and its values."""
    try:
        ((name, values),) = json.loads(raw).items()
    except (ValueError, AttributeError, RecursionError):
        raise Unreadable(f"line {number + 1} is no line of an export") from None
    if number == 0 and name != "kith":
        raise Unreadable("it does not begin as an export does")
    return name, values


def entry_of(values: dict[str, object]) -> Entry:
    """One entry of an export."""
    try:
        return Entry(int(str(values["seq"])), str(values["entry"]), str(values["previous"]), str(values["hash"]))
    except (KeyError, ValueError, TypeError):
        raise Wrong("an entry has lost a part of itself") from None


if __name__ == "__main__":
    sys.exit(main())
