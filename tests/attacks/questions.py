"""What may stand in a query, read from the service and its description: each parameter of each route, with values that differ."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.api.running import description
from tests.attacks.routes import Route

# What the description gives no list of. A parameter that stands neither there nor here is asked with what it never means.
VALUES: dict[str, tuple[str, ...]] = {
    "agency": ("police", "school_college_ap"),
    "code": ("bm9uZQ",),
    "cursor": ("bm9uZQ",),
    "kind": ("individual", "location", "peer_group"),
    "limit": ("1", "0"),
    "min": ("1",),
    "page": ("2", "999"),
    "shares": ("nothing", "something"),
    "style": ("mono",),
    "type": ("location", "peer_group", "elsewhere"),
}
# Those that ask for a part of the same list, each asked with a page of one besides.
NARROWING = ("by", "cases", "kind", "min", "state", "type")


def questions_of(route: Route, people: Sequence[str]) -> Iterator[str]:
    """The queries a route is asked with, beyond none: each parameter with each value. `people`: who is asked about."""
    for name in route.queries:
        for value in people if name == "person" else values_of(route, name):
            yield f"?{name}={value}"
            if name in NARROWING and "limit" in route.queries:
                yield f"?{name}={value}&limit=1"
            if name == "kind" and "min" in route.queries:
                yield f"?{name}={value}&min=1"


def values_of(route: Route, name: str) -> tuple[str, ...]:
    """The codes that the description names for it, else those that are written down here."""
    described = description()["paths"].get(route.template, {}).get(route.method.lower(), {}).get("parameters", [])
    for parameter in described:
        if (parameter["in"], parameter["name"]) == ("query", name):
            found = tuple(_codes_in(parameter["schema"]))
            return found or VALUES.get(name, ("nothing",))
    return VALUES.get(name, ("nothing",))


def _codes_in(schema: Any) -> Iterator[str]:
    for each in (schema, *schema.get("anyOf", [])):
        yield from each.get("enum", [])
        yield from [each["const"]] if "const" in each else []
