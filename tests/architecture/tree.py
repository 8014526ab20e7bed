"""What the architecture tests read: the files of the tree, and every class of the five packages."""

import ast
import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("api", "forum", "graph", "ingest", "visualise")
COPIED = ("static", "vendored", "vendor", "axe", "node_modules")


def is_copied(path: Path) -> bool:
    """Whether a file came from elsewhere as it is, with a manifest of its bytes."""
    return any(part in COPIED for part in path.relative_to(ROOT).parts)


@cache
def product_files() -> tuple[Path, ...]:
    """Every Python file of the five packages, in order of path, without what was copied from elsewhere."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if "__pycache__" not in path.parts and not is_copied(path)))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def product_modules() -> tuple[ModuleType, ...]:
    """Every module of the five packages, imported, in order of name."""
    names: list[str] = []
    for package in PACKAGES:
        names.append(package)
        held = importlib.import_module(package)
        names.extend(found.name for found in pkgutil.walk_packages(held.__path__, f"{package}."))
    return tuple(importlib.import_module(name) for name in sorted(names) if "migrations" not in name)


def classes_of(modules: tuple[ModuleType, ...]) -> Iterator[type[Any]]:
    """Every class that these modules define (not those they import), once, in order of module and name."""
    for module in modules:
        for _, held in sorted(vars(module).items()):
            if isinstance(held, type) and held.__module__ == module.__name__:
                yield held


def dataclasses_of(modules: tuple[ModuleType, ...]) -> Iterator[type[Any]]:
    return (held for held in classes_of(modules) if dataclasses.is_dataclass(held))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
