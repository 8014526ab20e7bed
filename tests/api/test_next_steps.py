"""Every operation says what may follow it, by links that lead somewhere."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from api.main import describe_service
from api.rest.next_steps import NAMED, parameters_of

DESCRIBED = describe_service()
OPERATIONS = {
    said["operationId"]: (method, path, said) for path, methods in DESCRIBED["paths"].items() for method, said in methods.items()
}
# Nothing to do with what they answer, or nothing that takes an id of it.
LEADS_NOWHERE = {"read_health", "read_code_list", "read_map_picture", "read_map_list"} | {
    name for name in OPERATIONS if name.startswith("export_map")
}
# Asked without an id of anything: whoever begins, begins here.
BEGINS = {name for name, (_, path, _) in OPERATIONS.items() if not parameters_of(path)}


class Link(NamedTuple):
    source: str
    target: str
    parameters: dict[str, str]


def links() -> Iterator[Link]:
    for name, (_, _, said) in OPERATIONS.items():
        for answer in said["responses"].values():
            for link in answer.get("links", {}).values():
                yield Link(name, link["operationId"], link["parameters"])


def parameters_in(said: dict[str, Any], place: str) -> set[str]:
    return {each["name"] for each in said.get("parameters", []) if each["in"] == place}


@pytest.mark.parametrize("link", links(), ids=lambda link: f"{link.source}-{link.target}")
def test_a_link_gives_the_operation_that_it_names_what_its_path_needs(link: Link) -> None:
    _, path, target = OPERATIONS[link.target]
    assert set(parameters_of(path)) <= link.parameters.keys()
    assert link.parameters.keys() <= parameters_in(target, "path") | parameters_in(target, "header")
    for value in link.parameters.values():
        source = OPERATIONS[link.source][2]
        place, _, rest = value.partition("#")
        if place.startswith("$request.path."):
            assert place.removeprefix("$request.path.") in parameters_in(source, "path")
        else:
            assert place == "$response.header.ETag" or (place == "$response.body" and rest.startswith("/"))


def test_only_an_answer_of_success_leads_on() -> None:
    for name, (_, _, said) in OPERATIONS.items():
        leads = {status for status, answer in said["responses"].items() if "links" in answer}
        assert leads <= {"200", "201"}, name


def test_every_operation_leads_on_but_those_that_end_something() -> None:
    assert OPERATIONS.keys() - {link.source for link in links()} == LEADS_NOWHERE


def test_every_operation_on_one_thing_is_led_to() -> None:
    """Without a link to it, only an id made up would be tried: a refusal, and nothing learned."""
    assert OPERATIONS.keys() - {link.target for link in links()} == BEGINS


def test_a_change_is_led_to_with_the_tag_that_it_needs() -> None:
    """From reading a thing, the tag goes with its id; after an end, the same thing is read again."""
    for name, (method, path, _) in OPERATIONS.items():
        if method in ("patch", "delete"):
            tagged = {link.source for link in links() if link.target == name and "if-match" in link.parameters}
            reading = {other for other, (its, same, _) in OPERATIONS.items() if its == "get" and same == path}
            assert reading <= tagged, name
            assert reading <= {link.target for link in links() if link.source == name}, name


def test_what_is_named_by_hand_is_an_operation() -> None:
    named = {name for places in NAMED.values() for names in places.values() for name in names}
    assert NAMED.keys() | named <= OPERATIONS.keys()
