"""Promise: words the field has given up stand nowhere in the product, and nothing in the tree knows a machine or calls out."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, is_copied, relative

GIVEN_UP = re.compile(
    r"\b(perpetrators?|nominals?|associates?|influencers?|gangs?|gang-\w+|risk scores?|risk ratings?|victims?|offenders?"
    r"|ringleaders?)\b",
    re.IGNORECASE,
)
PRODUCT = ("api/", "forum/", "graph/", "ingest/", "visualise/")
# file: the word, and why it may stand there.
MAY_SAY: dict[str, tuple[str, str]] = {
    "ingest/calderwick.yaml": (
        "gang",
        "an invented anonymous caller is quoted, so that the rules about hearsay have something to bite on",
    ),
}

ADDRESS = re.compile(r"(?:https?|wss?|ftp)://[^\s\"'<>)`\\{}]*")
OUR_OWN = re.compile(r"(?:https?|wss?)://(127(\.0\.0\.1)?|localhost|\[::1\]|testserver|HOST|kith|neo4j|app)\b|https?://\[?$")
# Names that look like addresses and are never fetched: namespaces of file formats.
NAMESPACES = (
    "http://www.w3.org/",
    "https://json-schema.org/draft/",
    "http://graphml.graphdrawing.org/",
    "http://gexf.net/",
    "http://www.gexf.net/",
    "http://maven.apache.org/POM/",
)
MACHINE = re.compile(r"(?<![\w.~$)/*-])/(work|root|farm|home|opt|tmp|Users)(/|\b)(?!\w)")
SHARED = re.compile(r"\.\./shared\b")
# file: why a path of a machine may stand there.
MAY_NAME_A_PATH = {
    "Dockerfile": "the paths inside the image",
    "docker-compose.yml": "the paths inside the containers",
    "docs/running.md": "says which paths inside the containers hold what",
    "tests/architecture/test_containers.py": "checks those paths",
    "tests/architecture/test_wording_and_addresses.py": "this list",
}


def text_files() -> list[Path]:
    """Every file under version control that we wrote ourselves and that is text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    written = {
        ".py",
        ".md",
        ".html",
        ".json",
        ".toml",
        ".yml",
        ".yaml",
        ".sql",
        ".cypher",
        ".js",
        ".css",
        ".scss",
        ".in",
        ".txt",
        ".svg",
        "",
    }
    return [path for path in paths if path.suffix in written and path.is_file() and not is_copied(path)]


FILES = [(relative(path), path.read_text(encoding="utf-8")) for path in text_files()]
TEXTS = {name: text for name, text in FILES if not name.startswith(("requirements/", "tests/fixtures/compose/", "package-lock"))}


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in names
        for number, line in enumerate(TEXTS[name].splitlines(), 1)
        if pattern.search(line)
    ]


def test_words_the_field_has_given_up_stand_nowhere_in_the_product() -> None:
    found = []
    for line in lines_with(GIVEN_UP, [name for name in TEXTS if name.startswith(PRODUCT)]):
        name, _, said = line.split(":", 2)
        words = {word.lower() for word in GIVEN_UP.findall(said)}
        if name not in MAY_SAY or words != {MAY_SAY[name][0]}:
            found.append(line)
    assert not found, "\n".join(found)


def test_the_product_names_no_outside_address() -> None:
    found = []
    for name, text in TEXTS.items():
        if name.startswith(("docs/", "README", "CONTRIBUTING", "tests/architecture/test_wording")):
            continue
        for address in ADDRESS.findall(text):
            if not OUR_OWN.match(address) and not address.startswith(NAMESPACES) and "example" not in address:
                found.append(f"{name}: {address}")
    assert not found, "\n".join(found)


def test_no_file_knows_a_machine_or_reads_beside_the_project() -> None:
    elsewhere = [name for name in TEXTS if name not in MAY_NAME_A_PATH]
    found = lines_with(MACHINE, elsewhere) + lines_with(
        SHARED, [name for name in elsewhere if name != "tests/architecture/test_wording"]
    )
    assert not found, "\n".join(found)


def test_every_exemption_is_still_needed_and_gives_its_reason() -> None:
    assert all(name in TEXTS for name in (*MAY_NAME_A_PATH, *MAY_SAY))
    assert all(GIVEN_UP.search(TEXTS[name]) for name in MAY_SAY)


@pytest.mark.parametrize("name", sorted(name for name in TEXTS if name.endswith(".html")))
def test_a_page_fetches_nothing_from_elsewhere_and_carries_no_inline_script(name: str) -> None:
    text = TEXTS[name]
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    assert not re.findall(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler"
    if name.startswith("api/"):
        assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)[^>]*>", text), "an inline script"
        assert not re.findall(r"\|\s*safe\b(?!.*{#\s*safe:)", text) or "{# safe:" in text, "says nothing of why it is safe"


def test_the_copied_schema_of_compose_stands_with_its_licence() -> None:
    folder = ROOT / "tests" / "fixtures" / "compose"
    assert json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))["title"] == "Compose Specification"
    assert "Apache License" in (folder / "LICENSE.compose-spec.txt").read_text(encoding="utf-8")
