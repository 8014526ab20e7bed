"""Every body that would tie a record to something of one's own, read from the description of REST; and what it must answer.

A field of a request that holds an id is known by its name: a new one fails the build until it stands in FITS, or in NO_RECORD
with what it holds instead. Where a body may hold something new in place of an id, what that may cite is tried too; and each
change (PATCH) with every id that the making of the same thing takes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from forum.access.actors import Role
from forum.access.policy import is_allowed
from tests.attacks.described import operations, resolved
from tests.attacks.hostile_fields import IDS, Field, Things, body_of, fields, put
from tests.attacks.routes import routes_by_name

# By the last name in a pointer: a kind of record that would do there. Naming it must answer like naming nothing.
FITS: dict[str, str] = {
    **dict.fromkeys(("about", "from", "around", "person", "people", "participants", "by"), "YoungPerson"),
    **dict.fromkeys(
        ("to", "where", "within", "part_of", "safe_for", "setting", "concerns_contexts", "context", "contexts", "group"),
        "PeerGroup",
    ),
    **dict.fromkeys(("referral", "covers"), "Referral"),
    "corroborated_by": "Assertion",
}
# By the end of operation and pointer: fields with the name of an id that hold none of a record.
NO_RECORD = {
    r"(create|change)_(peer_group|school|neighbourhood|location|online_space)/context": "a code of CONTEXT",
    r"create_grant/from": "a moment",
    r"status_history/-/from": "a day",
    r"create_grant/to": "somebody who signs in",
    r"/accepted/-": "somebody who signs in",
    r"create_restriction/named/-": "somebody who signs in",
    r"(create|change)_young_person/named": "how far they are named",
}
# What may be described where an id may stand, and which ids are in it.
PERSON = ({"known_as": "Bela"}, ("/setting",))
PLACE = ({"type": "location", "label": "A corner"}, ("/part_of", "/safe_for/-"))
NEW: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    **dict.fromkeys(("people", "person", "participants", "from"), PERSON),
    **dict.fromkeys(("contexts", "concerns_contexts", "context", "where", "to"), PLACE),
    "group_friendship": ({}, ("/group",)),
}
# What a body needs besides, for an id in that part of it to be looked at.
BESIDES: dict[str, tuple[tuple[str, str], ...]] = {
    "/told/-": (("/told/-/who", "young_person"), ("/told/-/status", "told_content"), ("/told/-/date", "2026-11-20")),
    "/events/-": (("/events/-/kind", "missing_together"),),
    "/links/-/status_history": (
        ("/links/-/status_history/-/status", "current"),
        ("/links/-/status_history/-/from", "2026-11-20"),
    ),
    "/status_history": (("/status_history/-/status", "current"), ("/status_history/-/from", "2026-11-20")),
}
# Parts of a referral that no change may name: refused before anything in them is read.
UNCHANGED = ("links", "events", "told")
# Who may name what they cannot see, and learns nothing: it is kept as it was given.
KEPT_AS_GIVEN = {"create_conflict": "whoever reads by grant or no record", "create_restriction": "information governance"}


@dataclass(frozen=True)
class Tie:
    """One request that would tie a record: to which operation, and where in the body its id stands."""

    place: Field
    method: str
    path: str
    body: Mapping[str, Any]
    at: str

    def reached(self, answer: httpx.Response) -> bool:
        """Whether the answer is about the id: it says that there is none, or took it as it was given, or names no change."""
        if answer.status_code == 201:
            return self.place.operation in KEPT_AS_GIVEN
        code = (
            "not-changed-here" if self.method == "PATCH" and self.at[1:].partition("/")[0] in UNCHANGED else "unknown-reference"
        )
        at = self.at if code == "unknown-reference" else f"/{self.at[1:].partition('/')[0]}"
        said = answer.json().get("errors", []) if answer.status_code == 422 else []
        return any(each["pointer"] == at and each["code"] == code for each in said)


@cache
def places() -> tuple[Field, ...]:
    """Every place in every request where the id of a record may stand."""
    made = [one for one in fields() if holds_an_id(one)]
    for one in open_objects():
        if one.pointer:
            made += [Field(one.operation, f"{one.pointer}{inner}") for inner in NEW[one.name][1]]
    changed = [
        Field(f"change_{noun}", one.pointer)
        for noun in (one.operation.removeprefix("change_") for one in open_objects() if not one.pointer)
        for one in made
        if one.operation == f"create_{noun}"
    ]
    return tuple(dict.fromkeys((*made, *changed)))


def holds_an_id(one: Field) -> bool:
    """Whether it holds the id of a record, by its name and with the exceptions that are said above."""
    whole = f"{one.operation}{one.pointer}"
    return one.name in IDS and not one.takes_words and not any(re.search(f"{end}$", whole) for end in NO_RECORD)


@cache
def open_objects() -> tuple[Field, ...]:
    """Where a request takes an object whose fields the description does not name."""
    found: dict[Field, None] = {}
    for operation in operations():
        for pointer in _objects_in(operation.body, "") if operation.body else ():
            found[Field(operation.name, pointer)] = None
    return tuple(found)


def _objects_in(schema: Mapping[str, Any], at: str) -> Iterator[str]:
    schema = resolved(schema)
    for one in (each for name in ("anyOf", "oneOf", "allOf") for each in schema.get(name, [])):
        yield from _objects_in(one, at)
    for name, inner in schema.get("properties", {}).items():
        yield from _objects_in(inner, f"{at}/{name}")
    if schema.get("type") == "array":
        yield from _objects_in(schema.get("items", {}), f"{at}/-")
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        yield from _objects_in(more, f"{at}/*")
    elif more is True:
        yield at


def places_of(app: FastAPI, role: Role) -> list[Field]:
    """Those of requests that a role may make."""
    routes = routes_by_name(app).values()
    may = {route.name for route in routes if route.permission and is_allowed(role, route.permission)}
    return [one for one in places() if one.operation in may]


def tie(app: FastAPI, one: Field, things: Things, record_id: str) -> Tie | None:
    """The request that would tie this record there; None where there is nothing of one's own to change."""
    route = routes_by_name(app)[one.operation]
    making = one.operation.replace("change_", "create_")
    if route.parameters and making not in things.made:
        return None
    body = body_of(making, things)
    for part, values in BESIDES.items():
        if one.pointer.startswith(part):
            for pointer, value in values:
                put(body, pointer, value)
    new = next((each for each in open_objects() if each.pointer and _is_in(one, each, making)), None)
    if new is not None:
        put(body, new.pointer, dict(NEW[new.name][0]))
    at = put(body, one.pointer, record_id)
    if route.method == "PATCH":
        first = at[1:].partition("/")[0]
        body = {first: body[first]}
    return Tie(one, route.method, route.at(things.made.get(making, "")), body, at)


def _is_in(one: Field, new: Field, making: str) -> bool:
    """Whether a place is inside something new that stands where an id may."""
    return new.operation == making and any(one.pointer == f"{new.pointer}{inner}" for inner in NEW[new.name][1])


def without_new_ids(answer: httpx.Response) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    """Status, body and headers to the byte, but for what is new each time: a problem's reference and the id of what was made."""
    text = re.sub(r'"(instance|id)":"[^"]+"', "", answer.text)
    headers = sorted((name, value) for name, value in answer.headers.multi_items() if name != "location")
    return answer.status_code, text, tuple(headers)
