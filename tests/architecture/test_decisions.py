"""Promise: every decision says what it was about, what lost, and what enforces it; and the documents lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "What lost", "Enforced by"]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def test_no_number_is_used_twice_and_none_is_left_out() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_five_parts_in_order_and_none_is_empty(path: Path) -> None:
    parts = re.split(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert parts[1::2] == SECTIONS
    assert all(text.strip() for text in parts[2::2])


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_what_enforces_a_decision_is_there(path: Path) -> None:
    enforced = path.read_text(encoding="utf-8").split("## Enforced by")[1]
    quoted = [words.partition("::")[0] for words in re.findall(r"`([^`]+)`", enforced)]
    named = [word for word in quoted if re.fullmatch(r"[\w./-]+/[\w./-]*|\w+\.toml", word)]
    assert named
    assert not [word for word in named if not (ROOT / word).exists()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_inside_the_documents_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    inside = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert not [target for target in inside if not (path.parent / target).exists()]


def test_the_index_names_every_decision() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index)] == [path.name for path in DECISIONS]
