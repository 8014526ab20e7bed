"""The description of REST is a deliverable: committed, compared, complete, and the same each time."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from api.main import describe_service
from api.rest import ROUTERS

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
DESCRIBED = describe_service()


def operations() -> list[dict[str, Any]]:
    return [operation for path in DESCRIBED["paths"].values() for operation in path.values()]


def schema_of(content: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is said as JSON, or an empty one."""
    named = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DESCRIBED["components"]["schemas"].get(named, {})
    return found


def test_the_committed_description_is_that_of_the_code() -> None:
    """After a change: kith openapi > docs/openapi.json"""
    assert json.loads(COMMITTED.read_text("utf-8")) == DESCRIBED, "run: kith openapi > docs/openapi.json"


def test_it_is_the_same_each_time() -> None:
    assert json.dumps(describe_service()) == json.dumps(DESCRIBED)
    assert DESCRIBED["openapi"] == "3.1.0"


def test_each_operation_is_named_after_its_function() -> None:
    names = [operation["operationId"] for operation in operations()]
    functions = {route.name for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert set(names) == functions and len(names) == len(set(names))


def test_each_operation_says_what_it_does_who_may_and_whom_it_shows() -> None:
    for operation in operations():
        assert operation["summary"].endswith("."), operation["operationId"]
        assert operation["x-permission"] and operation["x-shows"] in ("people", "nobody")


def test_the_limits_are_published_with_it_and_on_the_page_of_rest() -> None:
    page = (COMMITTED.parent / "rest.md").read_text("utf-8")
    assert len(DESCRIBED["x-limits"]) == 9
    for name, limit in DESCRIBED["x-limits"].items():
        said = "1 MB" if name == "body_bytes" else f"{limit:,}"
        assert f" {said} " in page, name


def test_every_error_is_typed() -> None:
    for operation in operations():
        assert {"422", "500", "503"} <= operation["responses"].keys()
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                assert answer["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_what_is_sent_and_what_is_answered_has_an_example() -> None:
    without = []
    for operation in operations():
        sent = operation.get("requestBody", {}).get("content", {})
        answers = [answer.get("content", {}) for status, answer in operation["responses"].items() if status.startswith("2")]
        for content in (sent, *answers):
            if "$ref" in content.get("application/json", {}).get("schema", {}) and "example" not in schema_of(content):
                without.append(operation["operationId"])
    assert not without


def test_every_write_says_which_headers_it_needs() -> None:
    for path in DESCRIBED["paths"].values():
        for method, operation in path.items():
            needed = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header" and each.get("required")}
            searches = method == "post" and "201" not in operation["responses"] and "412" not in operation["responses"]
            if method == "post" and not searches:
                assert "idempotency-key" in needed, operation["operationId"]
            if method in ("put", "patch", "delete"):
                assert "if-match" in needed, operation["operationId"]


def test_what_is_made_leads_on_to_reading_it() -> None:
    for operation in operations():
        if "201" in operation["responses"]:
            assert operation["responses"]["201"]["links"], operation["operationId"]


def test_every_schema_is_one() -> None:
    for schema in DESCRIBED["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_only_to_renew_a_statement_takes_the_next_review_date() -> None:
    """Every other step refuses the field, so its description does not offer it."""
    schemas = DESCRIBED["components"]["schemas"]
    assert schemas["StepIn"]["properties"].keys() == {"reason"}
    assert set(schemas["RenewIn"]["required"]) == {"reason", "review_by"}
    for operation in operations():
        step, _, noun = operation["operationId"].partition("_")
        if noun == "assertion" and step in ("dispute", "correct", "withdraw", "reopen", "renew"):
            sent = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert sent == ("RenewIn" if step == "renew" else "StepIn")
