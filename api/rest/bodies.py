"""What a body may be: one JSON object in UTF-8, at most 1 MB and 32 deep, each name once. The forum's drafts check the rest."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request

from api.dependencies import BodyDep
from api.errors import NotJson, UnreadableBody

DEEPEST = 32


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads the body of a route. `model` describes it in OpenAPI and checks nothing: drafts tell every mistake at once."""

    model: type[BaseModel]

    async def __call__(self, request: Request, body: BodyDep) -> dict[str, Any]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ("application/json", "application/merge-patch+json"):
            raise NotJson
        return read_json(body)


def json_body(model: type[BaseModel]) -> Any:
    """Declares the body of a route: `given: Annotated[dict[str, Any], json_body(ReferralIn)]`."""
    return Depends(BodyReader(model))


def read_json(body: bytes) -> dict[str, Any]:
    """The one JSON object of a body. Raises UnreadableBody with what is wrong, never with what was sent."""
    try:
        given = json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise UnreadableBody("Send the body in UTF-8.") from None
    except RecursionError:
        raise UnreadableBody("The body is nested more than 32 deep.") from None
    except ValueError:
        raise UnreadableBody from None
    if not isinstance(given, dict):
        raise UnreadableBody("Send one JSON object.")
    _check(given)
    return given


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableBody("A name stands twice in one object. Send each name once.")
    return found


def _refuse_constant(_text: str) -> Any:
    raise UnreadableBody("NaN and Infinity are not JSON.")


def _check(given: Any) -> None:
    layer, depth = [given], 0
    while layer:
        depth += 1
        if depth > DEEPEST:
            raise UnreadableBody("The body is nested more than 32 deep.")
        inner: list[Any] = []
        for value in layer:
            inner += _parts(value)
        layer = [value for value in inner if isinstance(value, dict | list)]


def _parts(value: Any) -> list[Any]:
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)
    for part in parts:
        if isinstance(part, str) and not part.isascii() and any("\ud800" <= sign <= "\udfff" for sign in part):
            raise UnreadableBody("Half a character stands in the body. Send whole Unicode characters.")
        if isinstance(part, float) and part in (float("inf"), float("-inf")):
            raise UnreadableBody("A number is too large.")
    return parts
