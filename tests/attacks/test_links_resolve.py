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
ROUNDS, TRIES = 5, 8
# From then on something is not there for somebody: last of all.
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


class Walk:
    """Goes from answer to answer by the links, with bodies that are nearly always right."""

    def __init__(self, borough: Borough) -> None:
        self.borough, self.chance = borough, Random(3)
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
        for operation in sorted(operations(), key=lambda found: found.name in HIDES):
            if operation.name in wanted and not path_parameters(operation.path):
                for who in self.who:
                    self.ask(who, operation, operation.path)

    def follow(self, source: str, target: str, parameters: Mapping[str, str]) -> bool:
        """Whether a link leads from one of the latest answers to a thing that is there."""
        operation = OPERATIONS[target]
        for asked, call, answer in self.answers.get(source, [])[-TRIES:]:
            who = asked if self.chance.random() < 0.7 else self.chance.choice(self.who)
            given = {name: value_of(expression, call, answer) for name, expression in parameters.items()}
            if None in given.values():
                continue
            path = operation.path
            for name in path_parameters(path):
                path = path.replace(f"{{{name}}}", str(given[name]))
            if self.ask(who, operation, path, given.get("if-match")).status_code not in (403, 404):
                return True
        return False


def _noun(name: str) -> str:
    return name.partition("_")[2]


def test_each_declared_link_is_in_a_real_answer_and_leads_to_its_thing(tmp_path: Path) -> None:
    """On two days: on the later one there are statements past their review, which alone can be renewed."""
    declared = {(name, target): parameters for name in OPERATIONS for target, parameters in links_of(name)}
    led: set[tuple[str, str]] = set()
    for much_later in (False, True):
        place = tmp_path / f"{much_later}"
        place.mkdir()
        with served(place, much_later=much_later) as borough:
            walk = Walk(borough)
            for _ in range(ROUNDS):
                missing = declared.keys() - led
                silent = OPERATIONS.keys() - walk.answers.keys()
                wanted = {source for source, _ in missing} | silent
                walk.begin(wanted | {f"create_{_noun(name)}" for name in wanted})
                for (source, target), parameters in declared.items():
                    if ((source, target) in missing or target in silent) and walk.follow(source, target, parameters):
                        led.add((source, target))
                if led == declared.keys():
                    break
    assert declared.keys() - led == set()
