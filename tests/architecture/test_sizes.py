"""Promise: it fits on a screen, and a module is a noun of the field, never a leftover."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, is_copied, product_files, relative, tree_of

LONGEST_FUNCTION = 40
LONGEST_MODULE = 300
LEFTOVERS = {"utils", "util", "common", "misc", "service", "services", "manager", "base", "helpers", "helper", "stuff"}
# Folders of developers' code that keep to the function size too; tests are free in the size of a module.
ALSO_READ = ("tests", "tools", "bench")


def other_files() -> list[Path]:
    found = (path for folder in ALSO_READ for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts and not is_copied(path))


def functions_in(path: Path) -> list[tuple[str, int]]:
    """Each function of a file with its length in lines, decorators left out."""
    return [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{relative(path)} {name}: {lines} lines"
        for path in [*product_files(), *other_files()]
        for name, lines in functions_in(path)
        if lines > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    files = [*product_files(), *(path for path in other_files() if not relative(path).startswith("tests/"))]
    long = [f"{relative(path)}: {count} lines" for path in files if (count := lines_in(path)) > LONGEST_MODULE]
    assert not long, "\n".join(long)


def test_the_shared_fixtures_stay_short_and_open_with_their_strategy() -> None:
    conftest = ROOT / "tests" / "conftest.py"
    assert lines_in(conftest) < 200
    assert ast.get_docstring(tree_of(conftest))


def lines_in(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_no_file_is_called_a_leftover() -> None:
    files = [*product_files(), *other_files()]
    assert not [relative(path) for path in files if {path.stem, path.parent.name} & LEFTOVERS]


def test_every_module_says_what_it_is_for() -> None:
    """In `forum/` the opening words are the question that the file answers."""
    silent = [relative(path) for path in product_files() if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert not silent
