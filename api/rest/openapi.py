"""The description of the REST interface: what each route takes and answers, its permission, and every error, typed."""

from collections.abc import Iterator, Mapping
from inspect import unwrap
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.arrival import MOST_BODY_BYTES
from api.conditional import LONGEST_KEY
from api.dependencies.asking import current_key, demanded_tag
from api.dependencies.declarations import AllowedTo, FreshSignIn, Shows, WithoutSignIn
from api.dependencies.routes import TAGGED
from api.errors import PROBLEM_JSON
from api.paging import MOST
from api.rest.bodies import DEEPEST, BodyReader
from api.rest.next_steps import add_links
from api.settings import Settings
from forum.given import NAME_LIMIT, TEXT_LIMIT
from visualise.document import THINGS_LIMIT

DESCRIPTION = (
    "Contexts and peer networks for forums that respond to harm outside the home. Everything is shown inside what the one who "
    "asks may see; what they may not see is absent."
)

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). It holds no name and no value of the request.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "code": "not-found",
        "detail": "There is no such thing, or it is not yours to see.",
    },
}

EMPTY_LIST: dict[str, Any] = {"items": [], "next": None, "total": {"value": 0, "relation": "exact"}}

_SAYS = {
    "400": "The request cannot be read, or has no key.",
    "401": "Not signed in.",
    "403": "The role may not do this.",
    "404": "There is no such thing, or it is not this reader's to see.",
    "408": "The body did not arrive within ten seconds; nothing was done.",
    "409": "Not possible from where it stands.",
    "410": "Erased.",
    "412": "Changed since it was read.",
    "413": "The body is larger than 1 MB.",
    "415": "The body is not JSON.",
    "421": "Asked under another host's name.",
    "422": "Every mistake at once, with pointers.",
    "428": "Sent without the tag of what was read.",
    "429": "More than one person or program may ask for in this time (docs/rest.md); Retry-After says when to go on.",
    "500": "A fault, with a reference.",
    "503": "The store, or its audit, does not answer; Retry-After says when to try again.",
}


# Published with the description; what happens beyond each stands in docs/rest.md.
LIMITS: dict[str, int] = {
    "requests_a_minute": Settings.model_fields["requests_a_minute"].default,
    "referrals_an_hour": Settings.model_fields["referrals_an_hour"].default,
    "body_bytes": MOST_BODY_BYTES,
    "json_depth": DEEPEST,
    "name_characters": NAME_LIMIT,
    "text_characters": TEXT_LIMIT,
    "key_characters": LONGEST_KEY,
    "page_items": MOST,
    "map_things": THINGS_LIMIT,
}


def describe(app: FastAPI, *, version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 description of every route under /api/, the same each time."""
    routes = [route for route in iter_route_contexts(app.routes) if str(route.path).startswith("/api/")]
    described = get_openapi(title="Kith", version=version, openapi_version="3.1.0", description=DESCRIPTION, routes=routes)
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    described["x-limits"] = LIMITS
    for route in routes:
        original = route.original_route
        if isinstance(original, APIRoute):
            for method in sorted(original.methods or ()):
                _complete(described["paths"][route.path_format][method.lower()], original, schemas)
    add_links(described["paths"])
    for schema in schemas.values():
        if {"items", "next", "total"} <= schema.get("properties", {}).keys():
            schema.setdefault("example", EMPTY_LIST)
    described["components"]["schemas"] = dict(sorted(schemas.items()))
    return described


def _complete(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> None:
    operation["operationId"] = route.name
    operation["summary"] = (route.description or route.name).split("\n")[0]
    calls = list(_calls(route.dependant))
    statuses = {"421", "422", "500", "503"} | {str(status) for status in route.responses}
    for call in calls:
        statuses |= _declares(operation, call, schemas)
    if "{" in route.path:
        statuses |= {"404", "410"}
    for status in sorted(statuses):
        operation["responses"][status] = _problem(status)
    _say_tags(operation, route)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _say_tags(operation: dict[str, Any], route: APIRoute) -> None:
    """Whatever is read or changed has a tag; who has these bytes already is told so."""
    if not (route.methods or set()) & TAGGED:
        return
    tag = {"ETag": {"description": "A digest of what this reader is shown.", "schema": {"type": "string"}}}
    operation["responses"]["200"]["headers"] = tag
    if "GET" in (route.methods or set()):
        operation["responses"]["304"] = {"description": "The reader has this already; recorded as a viewing.", "headers": tag}
        if_none_match = {"name": "if-none-match", "in": "header", "required": False, "schema": {"type": "string"}}
        operation.setdefault("parameters", []).append(if_none_match | {"description": "The ETag of what the reader has."})


def _declares(operation: dict[str, Any], call: Any, schemas: dict[str, Any]) -> set[str]:
    if isinstance(call, AllowedTo):
        operation["security"] = [{"token": []}]
        operation["x-permission"] = call.permission.value
        return {"401", "403", "404", "429"}
    if isinstance(call, WithoutSignIn):
        operation["security"] = []
        operation["x-permission"] = f"none: {call.why}"
    if isinstance(call, Shows):
        operation["x-shows"] = "people" if call.people else "nobody"
    if isinstance(call, BodyReader):
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(call, schemas)}},
        }
        return {"400", "408", "413", "415"}
    if call is current_key:
        _require_header(operation, "idempotency-key", when="POST" if "201" in operation["responses"] else "")
        return {"400", "409"}
    if call is demanded_tag:
        _require_header(operation, "if-match", when="always")
        return {"412", "428"}
    if isinstance(call, FreshSignIn):
        operation["x-fresh-sign-in"] = True
    return set()


def _require_header(operation: Mapping[str, Any], name: str, *, when: str) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header" and parameter["name"] == name:
            parameter["required"] = bool(when)
            parameter["schema"] = {"type": "string"}


def _schema(reader: BodyReader, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = reader.model.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    for name, inner in schema.pop("$defs", {}).items():
        schemas[name] = inner
    schemas[reader.model.__name__] = schema
    return {"$ref": f"#/components/schemas/{reader.model.__name__}"}


def _problem(status: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": _SAYS[status],
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in ("429", "503"):
        said["headers"] = {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer"}}}
    return said


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call and unwrap(inner.call)
        yield from _calls(inner)
