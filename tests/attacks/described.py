"""The description of REST, read as operations to call; and values made after it, such as somebody might really send."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from forum.code_lists import CODE_LISTS
from graph.assertions import CONTEXTS, KIND_BY_CODE
from tests.api.running import API, description

_CODE = re.compile(r"codes? of (?:the list )?([A-Z][A-Z_0-9]+)")
_EITHER = re.compile(r"([a-z_]+) or ([a-z_]+)\.")
_PARAMETER = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True)
class Operation:
    """One operation: `prefix` is the path up to its first id, and what knows ids is kept under it."""

    name: str
    method: str
    path: str
    said: Mapping[str, Any] = field(hash=False, compare=False)

    @property
    def prefix(self) -> str:
        return self.path[: self.path.index("}") + 1] if "{" in self.path else self.path

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        return [found for found in self.said.get("parameters", []) if found["in"] == "query"]

    def needs(self, header: str) -> bool:
        return any(found["name"] == header for found in self.said.get("parameters", []) if found["in"] == "header")

    @property
    def body(self) -> Mapping[str, Any] | None:
        content = self.said.get("requestBody", {}).get("content", {})
        found: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return found

    @property
    def leads_to(self) -> list[str]:
        """What may follow it when it succeeds, by its links."""
        answers = [answer for status, answer in self.said["responses"].items() if status.startswith("2")]
        return [link["operationId"] for answer in answers for link in answer.get("links", {}).values()]


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the description, in its order."""
    paths = description()["paths"]
    return tuple(
        Operation(said["operationId"], method.upper(), path.removeprefix(API), said)
        for path, methods in paths.items()
        for method, said in methods.items()
    )


@cache
def validator(name: str, status: str, kind: str) -> Draft202012Validator | None:
    """What an answer of an operation must be; None where no schema is given."""
    (operation,) = [found for found in operations() if found.name == name]
    schema = operation.said["responses"][status].get("content", {}).get(kind, {}).get("schema")
    return Draft202012Validator({**schema, "components": description()["components"]}) if schema else None


def faults_of_body(operation: Operation, body: Any) -> list[str]:
    """Where a body is not as described. null stands for absent: what must be there is refused by the service itself."""
    if operation.body is None:
        return []
    schema = Draft202012Validator({**operation.body, "components": description()["components"]})
    return [f"{error.json_path}: {error.validator}" for error in schema.iter_errors(body) if error.instance is not None]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, in place of a reference to it."""
    while "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def list_named_in(schema: Mapping[str, Any]) -> str | None:
    """The code list that a field's description names, where there is one."""
    found = _CODE.search(schema.get("description", ""))
    return found.group(1) if found and found.group(1) in CODE_LISTS else None


PEOPLE = frozenset({"YoungPerson"})
# Not kinds of record: who can be named in an agenda item or a restriction, and who can be given a grant.
COLLEAGUES, GRANTEES = "colleague", "grantee"
_ACTORS = ("accepted", "named")
# What a field holds where the description leaves it to words: ids of these kinds, days, short codes.
_IDS: Mapping[str, frozenset[str]] = {
    "person": PEOPLE, "people": PEOPLE, "participants": PEOPLE, "around": PEOPLE | {"Referral"}, "setting": CONTEXTS,
    "part_of": frozenset({"Neighbourhood"}), "safe_for": CONTEXTS, "referral": frozenset({"Referral"}), "contexts": CONTEXTS,
    "about": PEOPLE | CONTEXTS | {"Referral"}, "covers": PEOPLE | {"Referral", "Location"}, "to": frozenset({GRANTEES}),
    "group": frozenset({"PeerGroup"}), "concerns_contexts": CONTEXTS, "where": CONTEXTS, "context": CONTEXTS,
}  # fmt: skip
_LISTS: Mapping[str, str] = {
    "channel": "CHANNEL", "lawful_basis": "LAWFUL_BASIS", "sharing_purpose": "SHARING_PURPOSE", "roles": "ROLE",
    "agency": "AGENCY", "mode": "MODE", "how_sure": "HOW_SURE", "purposes": "SHARING_PURPOSE",
}  # fmt: skip
_DAYS = ("received", "date", "date_known", "date_recorded", "date_of_birth", "since")
_LATER = ("review_by", "due", "until")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "sex": ("female", "male"), "ethnicity": ("white_british",), "care_status": ("looked_after",), "named": ("fully",),
    "space_kind": ("messaging",), "present": ("fri_night",), "size_band": ("4-6",), "kind": ("missing_together",),
    "status": ("current", "told_content"), "source": ("allocated", "allocated", "invited"), "name": ("Y1", "Y2", "words"),
}  # fmt: skip
_LEFT_OUT = ("type", "status_history", "status", "within", "corroborated_by", "ref", "id", "urn", "from")
_WRITTEN = ("Said in so many words", "Zoë Ñandú", "مريم", "Two\nlines", "  outer spaces ", 'O’Neill & "sons"', "😀 and e\u0301")


class Maker:
    """Makes bodies after their schemas. `ids` gives ids of records by kind; `today` is the day they are made on."""

    def __init__(self, chance: Random, ids: Mapping[str, list[str]], *, today: date) -> None:
        self.chance = chance
        self.ids = ids
        self.today = today

    def body(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = self.value(schema, "")
        return made

    def patch(self, operation: Operation) -> dict[str, Any]:
        """One or two fields of what the same path makes, or nothing in their place."""
        (made,) = [found for found in operations() if found.method == "POST" and found.path == operation.path.rpartition("/{")[0]]
        whole = self.body(made.body or {})
        chosen = self.chance.sample(sorted(whole), min(len(whole), 2))
        return {name: whole[name] if self.chance.random() < 0.9 else None for name in chosen}

    def value(self, schema: Mapping[str, Any], name: str) -> Any:
        schema = resolved(schema)
        special = None if "enum" in schema else self._special(schema, name)
        if special is not None:
            return special
        if "const" in schema:
            return schema["const"]
        if "anyOf" in schema:
            kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
            return self.value(kinds[0], name)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        makers: dict[str, Callable[[], Any]] = {
            "object": lambda: self._object(schema),
            "array": lambda: [self.value(schema.get("items", {}), name) for _ in range(self.chance.randint(1, 2))],
            "integer": lambda: self.chance.randint(schema.get("minimum", 1), schema.get("maximum", 17)),
            "boolean": lambda: self.chance.random() < 0.5,
        }
        return makers.get(schema.get("type", ""), self._text)()

    def _special(self, schema: Mapping[str, Any], name: str) -> Any:
        if either := _EITHER.fullmatch(schema.get("description", "")):
            return self.chance.choice(either.groups())
        if (codes := list_named_in(schema) or _LISTS.get(name)) is not None:
            code = self.chance.choice(CODE_LISTS[codes].codes).code
            return [code] if "array" in _types(schema) else code
        if name in _ACTORS and "array" in _types(schema):
            return self.chance.sample(self.ids[COLLEAGUES], 2)
        if name in ("parts", "conditions", "home_family", "group_friendship", "time_band"):
            return self._odd_shapes(name)
        if name in _IDS and schema.get("type") not in ("array", "object"):
            kinds = [kind for kind in sorted(_IDS[name]) if self.ids.get(kind)]
            return self.chance.choice(self.ids[self.chance.choice(kinds)])
        if name in (*_DAYS, *_LATER, "meeting_on"):
            days = 3 if name == "meeting_on" else self.chance.randint(30, 300) * (1 if name in _LATER else -1)
            return (self.today + timedelta(days=days)).isoformat()
        return self.chance.choice(_WORDS[name]) if "string" in _types(schema) and name in _WORDS else None

    def _odd_shapes(self, name: str) -> Any:
        made: dict[str, Any] = {
            "parts": {"peers": {"narrative": self._text(), "worries": self._text()}},
            "conditions": {"lighting": "broken", "sightlines": self._text().replace("\n", " ")},
            "home_family": {"protective": [self._text().replace("\n", " ")]},
            "group_friendship": {"group": self.chance.choice(self.ids["PeerGroup"]), "protective": True},
            "time_band": self.chance.choice(["night", ["15:30", "16:15"]]),
        }
        return made[name]

    def _text(self) -> str:
        return self.chance.choice(_WRITTEN) if self.chance.random() < 0.3 else f"words number {self.chance.randrange(10**6)}"

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        properties, needed = schema.get("properties", {}), schema.get("required", [])
        made: dict[str, Any] = {}
        for name, inner in properties.items():
            if name in needed or (name not in _LEFT_OUT and self.chance.random() < 0.45):
                made[name] = self.value(inner, name)
        if {"from", "rel", "to"} <= made.keys():
            made |= self._ends()
        if {"around", "steps"} <= properties.keys() and self.chance.random() < 0.4:
            made |= {"kind": "contexts", "mode": "context_only", "around": None}
        for name in set(made) & {"label", "everyday_name", "role", "known_as", "wording", "owner", "purpose", "source_role"}:
            made[name] = str(made[name]).replace("\n", " ")
        return made

    def _ends(self) -> dict[str, str]:
        """A statement whose ends fit."""
        fitting = []
        for kind in KIND_BY_CODE.values():
            sources = [found for found in sorted(kind.ends.source) if self.ids.get(found)]
            targets = [found for found in sorted(kind.ends.target) if self.ids.get(found)]
            if sources and targets:
                fitting.append((kind, sources, targets))
        kind, sources, targets = self.chance.choice(fitting)
        source, target = (self.ids[self.chance.choice(found)] for found in (sources, targets))
        ends = {"from": self.chance.choice(source), "rel": kind.code, "to": self.chance.choice(target)}
        return ends if ends["from"] != ends["to"] else self._ends()


def _types(schema: Mapping[str, Any]) -> set[str]:
    """The types that a value may have."""
    return {kind.get("type", "") for kind in (schema, *schema.get("anyOf", ()))}


def path_parameters(path: str) -> list[str]:
    """The names in braces."""
    return _PARAMETER.findall(path)
