"""Each link that the description declares is there in real answers, and the call it leads to finds its thing."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import httpx

from forum.access.actors import Role
from tests.attacks.described import Maker, Operation, operations, path_parameters
from tests.attacks.fuzz_borough import Borough, Call, Somebody, served

OPERATIONS = {found.name: found for found in operations()}
ROLES = (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER)
BOROUGHS, ROUNDS, TRIES = 12, 2, 8
# From then on something is not there for somebody: last of all. Before them the audit, once somebody has read under a grant.
HIDES = ("create_conflict", "create_restriction")
Answers = dict[str, list[tuple[Somebody, Call, httpx.Response]]]


def links_of(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for answer in OPERATIONS[name].said["responses"].values():
        for link in answer.get("links", {}).values():
            yield link["operationId"], link["parameters"]


def value_of(expression: str, call: Call, answer: httpx.Response) -> str | None:
    """What an expression stands for in one call and its answer; None where it is not there."""
    place, _, pointer = expression.partition("#")
    if place == "$response.header.ETag":
        return str(answer.headers["ETag"]) if "ETag" in answer.headers else None
    if place.startswith("$request.path."):
        name = place.removeprefix("$request.path.")
        return call.path.split("/")[call.operation.path.split("/").index(f"{{{name}}}")]
    found: Any = answer.json()
    for step in pointer.strip("/").split("/"):
        if isinstance(found, list):
            found = found[int(step)] if int(step) < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


DECLARED = {(name, target): parameters for name in OPERATIONS for target, parameters in links_of(name)}


class Walk:
    """Goes from answer to answer by the links, with bodies that are nearly always right."""

    def __init__(self, borough: Borough, chance: Random) -> None:
        self.borough, self.chance = borough, chance
        self.who = [somebody for somebody in borough.everybody if somebody.role in ROLES]
        self.answers: Answers = {}

    def ask(self, who: Somebody, operation: Operation, path: str, tag: str | None = None) -> httpx.Response:
        """The answer; kept when it is a success."""
        headers = {"idempotency-key": f"{self.chance.getrandbits(64):x}", "content-type": "application/json"}
        content = None
        if operation.body is not None:
            maker = Maker(self.chance, self.borough.ids | self.borough.actors, today=self.borough.today)
            body = maker.patch(operation) if operation.method == "PATCH" else maker.body(operation.body)
            content = json.dumps(body).encode()
        query = (("by", "me"),) if operation.name == "list_audit" else ()
        call = Call(operation, path, query, headers | ({"if-match": tag} if tag else {}), content)
        answer = self.borough.send(who, call)
        if answer.is_success:
            self.answers.setdefault(operation.name, []).append((who, call, answer))
        return answer

    def begin(self, wanted: set[str]) -> None:
        """What takes no id and is still wanted, by everybody."""
        names = [name for name in OPERATIONS if name not in (*HIDES, "list_audit")] + ["list_referrals", "list_audit", *HIDES]
        for operation in (OPERATIONS[name] for name in names):
            if operation.name in wanted and not path_parameters(operation.path):
                for who in self.who:
                    self.ask(who, operation, operation.path)

    def follow(self, source: str, target: str, parameters: Mapping[str, str]) -> bool:
        """Whether a link leads from one of the latest answers to a thing that is there."""
        operation, found = OPERATIONS[target], False
        for asked, call, answer in self.answers.get(source, [])[-TRIES:]:
            who = asked if self.chance.random() < 0.7 else self.chance.choice(self.who)
            given = {name: value_of(expression, call, answer) for name, expression in parameters.items()}
            if None in given.values():
                continue
            path = operation.path
            for name in path_parameters(path):
                path = path.replace(f"{{{name}}}", str(given[name]))
            found = self.ask(who, operation, path, given.get("if-match")).status_code not in (403, 404) or found
            if found and target in self.answers:
                break
        return found


def needed_for(missing: set[tuple[str, str]]) -> set[str]:
    """The operations that missing links begin at, and all from which these are reached."""
    found: set[str] = set()
    more = {source for source, _ in missing}
    while more - found:
        found |= more
        more = {source for source, target in DECLARED if target in found}
    return found


def test_each_declared_link_is_in_a_real_answer_and_leads_to_its_thing(tmp_path: Path) -> None:
    """On two days by turns: on the later one there are statements past their review, which alone can be renewed."""
    led: set[tuple[str, str]] = set()
    for number in range(BOROUGHS):
        place = tmp_path / f"{number}"
        place.mkdir()
        with served(place, much_later=number % 2 == 1) as borough:
            walk = Walk(borough, Random(number))
            for _ in range(ROUNDS):
                missing = DECLARED.keys() - led
                needed = needed_for(missing)
                walk.begin(needed | ({"list_referrals"} if "list_audit" in needed else set()))
                for (source, target), parameters in DECLARED.items():
                    if ((source, target) in missing or target in needed) and walk.follow(source, target, parameters):
                        led.add((source, target))
        if led == DECLARED.keys():
            break
    assert DECLARED.keys() - led == set()
