"""Values that nobody should send: of every wrong type, too large, too deep, half a character, a control, something that acts."""

import re
from random import Random
from typing import Any

ODD_TEXTS = (
    "",
    " ",
    "\u00a0\u2003",
    "null",
    "undefined",
    "NaN",
    "0",
    "-1",
    "true",
    "A" * 201,
    "B" * 20_001,
    "C" * 60_000,
    "\u0000nothing before this",
    "tail after a bell\u0007",
    "half a character \ud800",
    "turned \u202e around",
    "line\u2028separator here",
    "outer unit separator\u001f",
    "outer next line\u0085",
    "e\u0301" * 101,
    "\ufb2c" * 199,
    "\U0001f469\u200d\U0001f467 family of emoji",
    "<script>alert('a fuzzed name')</script>",
    "{{ 7 * 7 }} of a template",
    "'; DROP TABLE record; --",
    "MATCH (n) DETACH DELETE n",
    '=HYPERLINK("http://x.example")',
    "../../../../etc/passwd",
    "%00%0a%0d percent signs",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "2026-13-01",
    "2026-11-21T00:00:00Z",
    "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0662\u0661",
    "2028-02-29",
)


def nested(depth: int, *, lists: bool) -> Any:
    """Something inside something, this deep."""
    value: Any = "innermost of all"
    for _ in range(depth):
        value = [value] if lists else {"deeper": value}
    return value


ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    -0.0,
    10**18,
    2**63,
    -(2**64),
    10**400,
    1e308,
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": ""},
    {"id": "someone"},
    {"unknown field of ours": "with a value"},
    {"$ref": "#"},
    {"type": "location", "label": ["not a label"]},
    {"type": ["peer_group"], "label": "a label too many"},
    {"known_as": {"first": "nested name here"}},
    {"kind": [], "known_as": "kind is a list"},
    {"kind": False, "known_as": "kind is false"},
    ["15:30", "16:15"],
    ["25:99", "nothing like a time"],
    nested(5, lists=True),
    nested(29, lists=False),
    nested(31, lists=True),
    nested(40, lists=False),
)

# Whole bodies that are no JSON object, or not one that may be read.
ODD_BODIES = (
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"{}",
    b'{"a": 1, "a": 2}',
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5_000 + b"}",
    b'{"a": "\xff\xfe"}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b'{"__proto__": {"role": "administrator"}}',
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b'{"a": 1} trailing words',
    b"label=Canal+bridge&type=location",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b'{"filler": "' + b"x" * 1_000_000 + b'"}',
)
ODD_KINDS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "", "json")
ODD_HEADERS = ("", " ", "*", '"', 'W/"0123456789abcdef0123456789abcdef"', '"0" , "1"', "\xe9\xff", "x" * 201, "x" * 4_000, "a\tb")
ODD_PARAMETERS = (
    "",
    "0",
    "-1",
    "201",
    "1e3",
    "99999999999999999999",
    "\u0663",
    "referrals'--",
    "\x00",
    "x" * 3_000,
    "null",
    "[]",
    "é",
)


ODD_DAYS = (
    "9999-12-31",
    "9998-12-31",
    "9993-01-01",
    "0001-01-01",
    "0999-06-06",
    "2026-02-30",
    "2026-13-01",
    "2028-02-29",
    "1899-12-31",
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def odd_value(chance: Random, before: Any = None) -> Any:
    """One of them: text as often as anything else, and in place of a day mostly another that no forum means."""
    if isinstance(before, str) and _DAY.fullmatch(before) and chance.random() < 0.7:
        return chance.choice(ODD_DAYS)
    return chance.choice(ODD_TEXTS) if chance.random() < 0.5 else chance.choice(ODD_VALUES)


def spoil(body: Any, chance: Random) -> Any:
    """The same plain value with one thing in it changed, taken out or added, somewhere."""
    if isinstance(body, dict) and body:
        name = chance.choice(sorted(body))
        if chance.random() < 0.6 and isinstance(body[name], dict | list) and body[name]:
            return {**body, name: spoil(body[name], chance)}
        how = chance.random()
        if how < 0.15:
            return {key: value for key, value in body.items() if key != name}
        if how < 0.3:
            return {**body, chance.choice(("colour of hair", "Id", "__class__", "a/b~c", name + "s")): odd_value(chance)}
        return {**body, name: odd_value(chance, body[name])}
    if isinstance(body, list) and body:
        place = chance.randrange(len(body))
        if chance.random() < 0.7:
            return [*body[:place], spoil(body[place], chance), *body[place + 1 :]]
        return [*body, odd_value(chance)]
    return odd_value(chance)
