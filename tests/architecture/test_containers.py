"""Promise: what is said of the containers is in their files. No engine runs here: docs/running.md says what was not tried.

The compose file is held against the Compose specification's own schema; both files against the rules we set ourselves.
"""

import json
import re
import shlex
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.architecture.tree import PACKAGES, ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "tests" / "fixtures" / "compose" / "compose-spec.json").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("kith", "kith-sqlite")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """(instruction, its words) for each line of the Dockerfile, continued lines joined, comments left out."""
    lines = "\n".join(line for line in DOCKERFILE.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [
        (word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())
    ]


def test_the_compose_file_follows_the_compose_specification() -> None:
    errors = [f"{'/'.join(map(str, each.path))}: {each.message}" for each in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)]
    assert not errors, "\n".join(errors)


def test_the_specifications_schema_would_notice_a_slip() -> None:
    slipped = {**COMPOSE, "services": {**SERVICES, "kith": {**SERVICES["kith"], "read_onyl": True}}}
    assert list(Draft202012Validator(SCHEMA).iter_errors(slipped))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_port_is_published_on_loopback_alone(name: str) -> None:
    assert SERVICES[name]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_says_when_it_is_well_and_comes_back_after_a_fall(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_kith_listens_where_its_port_is_published_so_that_the_sign_in_link_leads_there(name: str) -> None:
    port = SERVICES[name]["environment"]["KITH_PORT"]
    assert SERVICES[name]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_kith_waits_until_neo4j_answers() -> None:
    assert SERVICES["kith"]["depends_on"]["neo4j"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", OURS)
def test_kith_runs_as_nobody_on_a_root_that_it_cannot_write(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == "65534:65534"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["environment"]["KITH_IN_CONTAINER"] == "yes"


def test_the_service_alone_on_sqlite_stands_under_a_profile_and_needs_nothing_else() -> None:
    alone = SERVICES["kith-sqlite"]
    assert alone["profiles"] == ["sqlite"]
    assert alone["environment"]["KITH_STORE"].startswith("sqlite:///")
    assert "depends_on" not in alone
    assert "profiles" not in SERVICES["kith"]


def test_what_is_kept_is_kept_in_named_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_no_secret_stands_in_the_file_only_where_it_is_read_from() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name.upper() or name.endswith("_FILE"), name
            assert not re.search(r"neo4j/\S", str(value))
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_compose_file_asks_for_the_neo4j_that_the_tests_run_on() -> None:
    from tests.neo4j_server import VERSION

    assert SERVICES["neo4j"]["image"] == f"neo4j:{VERSION}-community"


def test_the_environment_of_the_service_names_settings_that_exist() -> None:
    from api.settings import Settings

    known = {f"KITH_{name.upper()}" for name in Settings.model_fields}
    for name in OURS:
        for variable in SERVICES[name]["environment"]:
            assert variable in known or variable.removesuffix("_FILE") in known, variable


def test_the_image_is_built_in_two_steps_and_runs_as_nobody() -> None:
    done = instructions()
    bases = [words for name, words in done if name == "FROM"]
    assert len(bases) == 2
    assert all(re.match(r"python:3\.11-slim-bookworm\b", base) for base in bases), "a base image with its version"
    last_stage = done[[name for name, _ in done].index("FROM", 1) :]
    assert ("USER", "65534:65534") in last_stage
    assert not [words for name, words in last_stage if name == "RUN" and ("pip" in words or "apt" in words)]


def test_every_library_in_the_image_is_checked_against_its_hash() -> None:
    installs = [step.strip() for name, words in instructions() if name == "RUN" for step in words.split("&&") if "pip" in step]
    assert installs
    for step in installs:
        words = shlex.split(step)
        assert "--require-hashes" in words or "--no-index" in words, step
        assert not {"--index-url", "--extra-index-url", "--trusted-host"} & set(words)


def test_the_image_holds_the_five_packages_and_nothing_is_added_from_elsewhere() -> None:
    done = instructions()
    assert not [words for name, words in done if name == "ADD"]
    copied = {words.split()[0] for name, words in done if name == "COPY" and not words.startswith("--from")}
    assert set(PACKAGES) <= copied
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    wanted = {word for name, words in done if name == "COPY" and not words.startswith("--from") for word in words.split()[:-1]}
    assert wanted == let_in


def test_the_image_starts_the_command_itself_and_not_a_shell() -> None:
    done = dict(instructions())
    assert json.loads(done["ENTRYPOINT"]) == ["kith"]
    assert json.loads(done["CMD"])[0] == "serve"
