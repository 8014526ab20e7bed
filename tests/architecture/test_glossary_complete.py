"""Promise: one term, one name. Every public class of `graph/` and `forum/` stands in the glossary."""

import ast
import re

from tests.architecture.tree import ROOT, product_files, relative, tree_of

GLOSSARY = ROOT / "docs" / "glossary.md"


def names_in_code(text: str) -> set[str]:
    """Every name that the glossary sets in code type."""
    return {name for quoted in re.findall(r"`([^`]+)`", text) for name in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", quoted)}


def public_classes() -> list[tuple[str, str]]:
    """(file, class) for each public class at the top of a module of facts or decisions."""
    return [
        (relative(path), node.name)
        for path in product_files()
        if relative(path).startswith(("graph/", "forum/"))
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def test_every_public_class_of_facts_and_decisions_has_an_entry() -> None:
    known = names_in_code(GLOSSARY.read_text(encoding="utf-8"))
    missing = [f"{name} ({file})" for file, name in public_classes() if name not in known]
    assert not missing, "No entry in docs/glossary.md:\n" + "\n".join(missing)


def test_the_glossary_speaks_of_no_class_that_is_gone() -> None:
    """An entry whose class was renamed misleads: the column of names holds only what exists, here or in the next layers."""
    table = GLOSSARY.read_text(encoding="utf-8").split("## Classes", 1)[1]
    named = re.findall(r"^\| `([A-Z][A-Za-z]+)`", table, re.MULTILINE)
    existing = {name for _, name in public_classes()}
    assert named
    assert not [name for name in named if name not in existing]
