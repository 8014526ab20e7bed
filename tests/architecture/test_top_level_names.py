"""Promise: the five plain names we import by are ours alone, and nothing is published by accident."""

import importlib.metadata
import importlib.util
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT


@pytest.mark.parametrize("name", PACKAGES)
def test_the_name_belongs_to_our_distribution_alone(name: str) -> None:
    owners = set(importlib.metadata.packages_distributions().get(name, ["kith"]))
    assert owners == {"kith"}, f"{name} also comes from {owners - {'kith'}}"


@pytest.mark.parametrize("name", PACKAGES)
def test_importing_the_name_gives_our_folder(name: str) -> None:
    found = importlib.util.find_spec(name)
    assert found is not None and found.origin is not None
    assert Path(found.origin).resolve() == ROOT / name / "__init__.py"


def test_no_installed_distribution_other_than_ours_brings_a_folder_of_that_name() -> None:
    taken = [
        f"{found.metadata['Name']}: {file}"
        for found in importlib.metadata.distributions()
        if found.metadata["Name"] != "kith"
        for file in found.files or ()
        if file.parts and file.parts[0] in PACKAGES
    ]
    assert not taken


def test_the_tests_are_a_package_all_the_way_down() -> None:
    """Otherwise `tests/graph` would stand in for `graph`."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py") if "__pycache__" not in path.parts}
    assert not [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()]


def test_the_distribution_can_never_be_uploaded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "Private :: Do Not Upload" in project["classifiers"]
    assert project["license"] == "MIT"
