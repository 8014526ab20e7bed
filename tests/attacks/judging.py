"""What no answer may be: a fault, undescribed, a problem that repeats what was sent, or a yes to nonsense."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from forum.code_lists import CODE_LISTS, is_code
from tests.attacks.described import Operation, faults_of_body, list_named_in, resolved, validator

PROBLEM_FIELDS = {"type", "title", "status", "code", "detail", "instance", "errors"}
EQUAL = {"type", "title", "status", "code", "detail"}
SHORTEST = 9  # shorter texts may stand in our own sentences by chance
# The day that a sentence of ours gives as an example, which a day drawn by chance may be.
EXAMPLE = "2026-11-21"
# Fields that do not come back under their own name, or not to everybody: what they became is checked elsewhere.
ELSEWHERE = frozenset({"id", "ref", "status", "status_history", "within", "corroborated_by", "referral", "type"})


class Wrong(AssertionError):
    """What no answer may be: of which sort, and what."""

    def __init__(self, sort: str, what: str) -> None:
        super().__init__(f"{sort}: {what}")


def _must(true: Any, what: Any, sort: str = "answered otherwise") -> None:
    if not true:
        raise Wrong(sort, str(what))


def check_frame(operation: Operation, response: httpx.Response, sent: Any) -> None:
    """No fault, and nothing but what the description says this operation answers."""
    status, kind = str(response.status_code), response.headers.get("content-type", "").partition(";")[0]
    _must(response.status_code < 500, f"{operation.name} answers {status}", "server error")
    _must(status in operation.said["responses"], f"{operation.name} says nothing of {status}")
    media = operation.said["responses"][status].get("content", {})
    _must(not media or kind in media, f"{operation.name} says nothing of {kind} with {status}")
    schema = validator(operation.name, status, kind)
    if schema is not None:
        faults = [error.message[:200] for error in schema.iter_errors(response.json())]
        _must(not faults, f"{operation.name} than described: {faults}")
    if response.status_code >= 400:
        check_problem(operation, response, sent)


def check_problem(operation: Operation, response: httpx.Response, sent: Any) -> None:
    """A problem document of the one shape, which repeats no value that was sent."""
    said = response.json()
    _must(response.headers["content-type"] == "application/problem+json", f"{operation.name}: a problem of another kind")
    _must(
        said["status"] == response.status_code and said["type"] == f"/problems/{said['code']}",
        f"{operation.name}: a problem that names another",
    )
    secret = response.status_code in (401, 403, 404)
    _must(said.keys() <= PROBLEM_FIELDS and (not secret or said.keys() == EQUAL), f"{operation.name}: fields {sorted(said)}")
    for mistake in said.get("errors", []):
        whole = mistake.keys() == {"pointer", "code", "detail"} and mistake["pointer"][:1] in ("", "/")
        _must(whole, f"{operation.name}: a mistake without its pointer, code or detail")
    ours = " ".join([said["title"], said["code"], said["detail"], *(found["detail"] for found in said.get("errors", []))])
    repeated = [value[:60] for value in texts_in(sent) if len(value) >= SHORTEST and value in ours and value != EXAMPLE]
    _must(not repeated, f"{operation.name}: a problem repeats what was sent: {repeated}")


def texts_in(value: Any) -> Iterator[str]:
    """Every text in plain data that is a value and no published code."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str) and not any(is_code(name, value) for name in CODE_LISTS):
        yield value


def check_accepted(
    operation: Operation, sent: Any, query: Iterable[tuple[str, str]] = (), headers: Mapping[str, str] | None = None
) -> None:
    """What was accepted is what the description asks for: its fields, types and codes, its parameters, its headers."""
    sort = "accepted but invalid"
    faults = faults_of_body(operation, sent)
    _must(not faults, f"{operation.name}: {faults}", sort)
    if operation.body is not None:
        wrong = list(_wrong_codes(operation.body, sent, ""))
        _must(not wrong, f"{operation.name}: codes of no list at {wrong}", sort)
    known = {found["name"]: found["schema"] for found in operation.parameters}
    odd = [name for name, value in query if name not in known or not _fits(known[name], value)]
    _must(not odd, f"{operation.name}: parameters {odd}", sort)
    given = headers or {}
    purpose = given.get("kith-purpose")
    _must(purpose is None or is_code("SHARING_PURPOSE", purpose.strip()), f"{operation.name}: a purpose of no list", sort)
    if operation.said["responses"].keys() & {"201"}:
        _must(given.get("idempotency-key", "").strip(), f"{operation.name} without a key", sort)


def _fits(schema: Mapping[str, Any], value: str) -> bool:
    """Whether the text of a query parameter is a value that its schema allows."""
    kinds = {kind.get("type") for kind in (schema, *schema.get("anyOf", ()))}
    if "integer" in kinds:
        return re.fullmatch(r"[0-9]+", value) is not None and Draft202012Validator(schema).is_valid(int(value))
    return bool(Draft202012Validator(schema).is_valid(value))


def _wrong_codes(schema: Mapping[str, Any], sent: Any, at: str) -> Iterator[str]:
    name = list_named_in(schema)
    if name is not None and sent is not None:
        yield from (at for code in (sent if isinstance(sent, list) else [sent]) if not is_code(name, code))
    inner = resolved(schema)
    for kind in inner.get("anyOf", ()):
        yield from _wrong_codes(kind, sent, at) if "$ref" in kind or "items" in kind else ()
    if isinstance(sent, dict):
        for field, part in inner.get("properties", {}).items():
            if field in sent:
                yield from _wrong_codes(part, sent[field], f"{at}/{field}")
    if isinstance(sent, list) and "items" in inner:
        for number, item in enumerate(sent):
            yield from _wrong_codes(inner["items"], item, f"{at}/{number}")


def as_kept(text: str) -> str:
    """A text as it is kept: NFC, without outer spaces, its lines ended in one way."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _is_a_suggestion(item: Any) -> bool:
    """Whether this is a system's suggestion: kept, but in no referral."""
    return (
        isinstance(item, dict) and isinstance(item.get("provenance"), dict) and item["provenance"].get("kind") == "system_match"
    )


def lost(sent: Any, read: Any, at: str = "") -> list[str]:
    """Where what is read is not what was sent. An object that described something new reads as the id it was given."""
    if sent in (None, "", [], {}) or (isinstance(sent, str) and not as_kept(sent)):
        return []
    if isinstance(sent, dict):
        if isinstance(read, str) and read:
            return []
        if not isinstance(read, dict):
            return [f"{at}: gone"]
        return [fault for name in sent if name not in ELSEWHERE for fault in lost(sent[name], read.get(name), f"{at}/{name}")]
    if isinstance(sent, list):
        found = read if isinstance(read, list) else []
        sent = [item for item in sent if item not in ("", None) and not _is_a_suggestion(item)]
        if all(isinstance(item, str) for item in (*sent, *found)) and set(found) - {as_kept(item) for item in sent}:
            return [f"{at}: more than was sent"]
        return [f"{at}/{number}: gone" for number, item in enumerate(sent) if not any(not lost(item, one) for one in found)]
    if isinstance(sent, str) and isinstance(read, dict):
        return lost(sent, read.get("person"), at)
    if isinstance(sent, str) and isinstance(read, str):
        return [] if as_kept(sent) == read else [f"{at}: otherwise"]
    return (
        [] if type(sent) is type(read) and sent == read else [f"{at}: {json.dumps(sent)[:30]} reads as {json.dumps(read)[:30]}"]
    )
