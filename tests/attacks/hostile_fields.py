"""Which fields of the interface take words that somebody chose, read from its description; and what is sent to fill each.

A field of a request is either in WORDS, where every text is kept or refused, or in WITHOUT_WORDS with what it takes instead, by
its operation and its place. A field in neither has not been tried, and the build fails until it is put here.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.api.running import description
from tests.attacks.hostile_takes import CHANGES, NOUNS, Takes, takes_instead
from tests.attacks.hostile_texts import as_kept

PROVENANCE = {"kind": "observed", "agency": "police", "reliability": "first_hand", "date_known": "2026-11-20"}
HEADER = {"kind": "individual", "received": "2026-11-20", "efh_types": ["cce"]}
_PART = ("narrative", "strengths", "worries", "what_would_help", "whose_words")
_LINK = ("/provenance/source_role", "/provenance/note", "/wording")
_PERSON = (
    "/known_as", "/pseudonym", "/initials", "/given_name", "/family_name", "/placing_authority", "/host_authority", "/postcode",
    "/note",
)  # fmt: skip
_CONTEXT = ("/label", "/everyday_name", "/size_band")
WORDS: dict[str, tuple[str, ...]] = {
    "create_young_person": _PERSON,
    **{f"create_{noun}": (*_CONTEXT, "/urn") if noun == "school" else _CONTEXT for noun in NOUNS},
    "create_referral": (
        "/id", "/referrer/role", "/referrer/authority", "/referrer/via", "/reason", "/strengths", "/change_hoped_for",
        "/narrative", *(f"/parts/*/{name}" for name in _PART), "/unnamed/-/size_band", "/home_family/*/-", "/guardians/-/who",
        "/conditions/*", "/policy_gap", *(f"/links/-{one}" for one in _LINK),
    ),
    "create_assertion": _LINK,
    **{f"{step}_assertion": ("/reason",) for step in ("dispute", "correct", "withdraw", "renew", "reopen")},
    "create_incident": ("/source_role", "/note"),
    "create_map": ("/purpose", "/owner"),
    "create_conflict": ("/words",),
    "create_grant": ("/reason",),
    "create_restriction": ("/reason",),
}  # fmt: skip
# What holds 40 characters; every other field of words holds 200 or 20,000.
SHORT = ("size_band", "urn")
# The names of fields that hold an id of a record or of somebody. A new one of a record is tied to what is hidden (tying.py).
IDS = (
    "about", "accepted", "covers", "from", "to", "around", "person", "where", "referral", "within", "part_of", "safe_for",
    "setting", "participants", "concerns_contexts", "corroborated_by", "context", "people", "contexts", "named", "by",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of one request: the operation, and where it stands in the body."""

    operation: str
    pointer: str

    @property
    def name(self) -> str:
        """The last name in its pointer: places in lists and names that the sender chooses are passed over."""
        return [part for part in self.pointer.split("/") if part not in ("-", "*")][-1]

    @property
    def reads_as(self) -> str:
        """Its name in what is read afterwards."""
        return "reference" if self.name == "id" else self.name

    @property
    def made_by(self) -> str:
        """The operation that makes what this one changes; itself where it changes nothing."""
        return CHANGES.get(self.operation, self.operation)

    @property
    def takes(self) -> Takes | None:
        """What it takes instead of words."""
        return takes_instead(self.operation, self.pointer)

    @property
    def takes_words(self) -> bool:
        return self.pointer in WORDS.get(self.made_by, ()) and self.takes is None

    @property
    def limit(self) -> int:
        return 40 if self.name in SHORT else 200


def fields() -> list[Field]:
    """Every field of text in every JSON body that the interface describes; in a change, every one of what it changes."""
    found: dict[Field, None] = {}
    for methods in description()["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            for pointer in _texts_in(content["schema"], "") if content else ():
                found[Field(operation["operationId"], pointer)] = None
    made = list(found)
    return [*made, *(Field(change, one.pointer) for change, how in CHANGES.items() for one in made if one.operation == how)]


def changes_described() -> set[str]:
    """The operations whose body is a merge patch, as the interface describes them."""
    operations = [operation for methods in description()["paths"].values() for operation in methods.values()]
    return {str(one["operationId"]) for one in operations if '/Patch"' in json.dumps(one.get("requestBody", {}))}


def _texts_in(schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _texts_in(description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], at)
    for one in (each for name in ("anyOf", "oneOf", "allOf") for each in schema.get(name, [])):
        yield from _texts_in(one, at)
    for name, inner in schema.get("properties", {}).items():
        yield from _texts_in(inner, f"{at}/{name}")
    if isinstance(more := schema.get("additionalProperties"), dict):
        yield from _texts_in(more, f"{at}/*")
    if schema.get("type") == "array":
        yield from _texts_in(schema.get("items", {}), f"{at}/-")
    if schema.get("type") == "string" and "enum" not in schema:
        yield at


@dataclass
class Things:
    """What is there to write about: ids of records, and of whoever writes."""

    actor: str
    colleague: str
    made: dict[str, str] = field(default_factory=dict)


def body_of(operation: str, things: Things) -> dict[str, Any]:
    """A body that is accepted, without any words of choice but those it cannot do without."""
    made = things.made
    person, place = made.get("create_young_person", ""), made.get("create_location", "")
    bodies: dict[str, dict[str, Any]] = {
        "create_young_person": {"known_as": "Arlo"},
        **{f"create_{noun}": {"label": "A place"} for noun in NOUNS},
        "create_referral": {
            **HEADER,
            "referrer": {"role": "teacher", "agency": "police"},
            "subject": {"people": [person], "contexts": [place]},
            "guardians": [{"who": "shop keeper"}],
            "unnamed": [{"size_band": "3-5"}],
            "named_people": [{"person": person, "roles": ["harmed"]}],
            "told": [{"person": person, "who": "parent_carer", "status": "not_yet", "due": "2026-12-20"}],
            "events": [{"kind": "missing_together", "participants": [person], "date": "2026-11-20"}],
            "links": [{"from": person, "rel": "harmed_at", "to": place, "provenance": {**PROVENANCE, "source_role": "teacher"}}],
        },
        "create_assertion": {
            "from": person, "rel": "spends_time_at", "to": made.get("create_peer_group", place),
            "provenance": {**PROVENANCE, "source_role": "teacher"},
        },
        **{f"{step}_assertion": {"reason": "They say so."} for step in ("dispute", "correct", "withdraw", "renew", "reopen")},
        "create_incident": {"kind": "missing_together", "participants": [{"person": person, "roles": []}]},
        "create_map": {
            "kind": "peer", "around": person, "steps": 2, "mode": "coordination", "purpose": "Agree", "owner": "worker",
            "review_by": "2026-12-20",
        },
        "create_conflict": {"words": "A cousin."},
        "create_grant": {"to": things.colleague, "covers": [person], "until": "2026-12-12", "reason": "Works with them."},
        "create_restriction": {"about": [person], "named": [things.actor], "reason": "Asked for."},
        "create_agenda_item": {"about": [person], "accepted": [things.colleague], "meeting_on": "2026-11-26"},
        "search_young_people": {"name": "Arlo"},
    }  # fmt: skip
    bodies |= {change: {} for change in CHANGES}
    bodies["create_assertion"] |= {"rel": "member_of"} if "create_peer_group" in made else {}
    bodies["renew_assertion"] |= {"review_by": "2027-06-01"}
    return deepcopy(bodies[operation])


# The names that stand where the description says that the sender chooses one.
_CHOSEN = {"parts": "peers", "home_family": "protective", "conditions": "lighting"}


def put(body: dict[str, Any], pointer: str, text: Any) -> str:
    """Writes a value at a pointer into a body, with whatever it takes to get there. Gives the pointer where it stands."""
    parts = pointer.strip("/").split("/")
    here: Any = body
    at = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        inner: list[Any] | dict[str, Any] = [] if parts[number + 1 :][:1] == ["-"] else {}
        if part == "-":
            if not here or (last and not isinstance(here[0], dict)):
                here[:1] = [text if last else inner]
            elif last:
                here[0] = text
            at, here = f"{at}/0", here[0]
            continue
        name = _CHOSEN[parts[number - 1]] if part == "*" else part
        if last:
            here[name] = text
        elif not isinstance(here.get(name), list if parts[number + 1] == "-" else dict):
            here[name] = inner
        at, here = f"{at}/{name}", here[name]
    return at


def filled(operation: str, things: Things, text: str) -> dict[str, Any]:
    """An accepted body with this text in every field of words that holds as much."""
    body = body_of(operation, things)
    for pointer in WORDS.get(CHANGES.get(operation, operation), ()):
        one = Field(operation, pointer)
        if one.takes_words and len(as_kept(text)) <= one.limit:
            put(body, pointer, text)
    return body


def ready_for(one: Field, things: Things) -> dict[str, Any]:
    """An accepted body in which this field can be wrong by itself: with whatever has to stand beside it."""
    body = body_of(one.operation, things)
    if "/status_history/" in one.pointer and one.operation not in CHANGES:
        step = {"status": "current", "from": "2026-11-20"}
        (body["links"][0] if one.operation == "create_referral" else body)["status_history"] = [step]
    for beside in ("named_people", "guardians") if one.operation == "change_referral" else ():
        body[beside] = body_of("create_referral", things)[beside]
    return body
