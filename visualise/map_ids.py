"""Keys, ids and codes of one map: made from the sheet's own seed, so that they join no two maps and show no gap."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping

from graph.records import RecordId

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"


def key_of(seed: str, text: str) -> str:
    """A keyed hash of a record's id, in hex: the only name under which layout knows a thing."""
    return hmac.new(seed.encode(), text.encode(), hashlib.sha256).hexdigest()


def numbered(letter: str, keys: Iterable[str]) -> dict[str, str]:
    """An id such as t07 for each key, in the order of the keys, all equally wide."""
    ordered = sorted(set(keys))
    width = len(str(len(ordered)))
    return {key: f"{letter}{place:0{width}d}" for place, key in enumerate(ordered, start=1)}


def pseudonym_codes(seed: str, ids: Iterable[RecordId]) -> dict[RecordId, str]:
    """A random-looking two-character code, such as K7, for each of these records, fixed for this map.

    Each code hangs on the seed and on that one id. Only where two of those given meet is a letter put after both, so
    whom a reader cannot see never shows in a code. Beyond 192 people codes repeat, and the letters keep them apart.
    """
    shown = {record_id: _code(key_of(seed, f"pseudonym:{record_id}")) for record_id in sorted(set(ids))}
    return _told_apart(shown, lambda record_id: key_of(seed, f"order:{record_id}"))


def initials_apart(seed: str, initials: Mapping[RecordId, str]) -> dict[RecordId, str]:
    """The initials given for each record; equal ones get a letter, "AQ a" and "AQ b", over these records alone."""
    return _told_apart(dict(sorted(initials.items())), lambda record_id: key_of(seed, f"order:{record_id}"))


def _code(key: str) -> str:
    number = int(key[:12], 16)
    return LETTERS[number % len(LETTERS)] + DIGITS[number // len(LETTERS) % len(DIGITS)]


def _told_apart(shown: Mapping[RecordId, str], order: Callable[[RecordId], str]) -> dict[RecordId, str]:
    equal: dict[str, list[RecordId]] = {}
    for record_id, text in shown.items():
        equal.setdefault(text, []).append(record_id)
    found = dict(shown)
    for text, ids in equal.items():
        if len(ids) > 1:
            for place, record_id in enumerate(sorted(ids, key=order)):
                found[record_id] = f"{text} {letters_of(place)}"
    return found


def letters_of(place: int) -> str:
    """a, b … z, aa, ab …"""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(97 + rest) + text
    return text
