"""Promise: packages point one way, each library has one door, and the rooms that are shut stay shut.

The contracts stand in pyproject.toml. A guard that cannot fail is decoration: here each contract is broken once, in a copy of
the tree, by an import that somebody might well write, and must say so.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

CONTRACTS: list[str] = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
]


@dataclass(frozen=True)
class Plant:
    """One import that may not be: in which file, which line, and which contract must notice."""

    contract: str
    file: str
    line: str


PLANTS = (
    Plant("Packages point one way", "graph/people.py", "from forum.code_lists import CODE_LISTS"),
    Plant("Packages point one way", "forum/maps.py", "from visualise.document import MapDocument"),
    Plant("Packages point one way", "ingest/report.py", "from visualise.document import MapDocument"),
    Plant("Packages point one way", "visualise/style.py", "from api.settings import Settings"),
    Plant("Inside graph", "graph/records.py", "from graph.people import YoungPerson"),
    Plant("Inside graph", "graph/people.py", "from graph.contexts import Location"),
    Plant("Inside graph", "graph/store/boundary.py", "from graph.analysis import Network"),
    Plant("Inside graph", "graph/new_room.py", "from graph.people import YoungPerson"),
    Plant("Inside forum", "forum/access/policy.py", "from forum.referrals import record_referral"),
    Plant("Inside forum", "forum/participation.py", "from forum.linked_referrals import find_linked_referrals"),
    Plant("Inside forum", "forum/new_room.py", "from forum.errors import ForumError"),
    Plant("Inside api", "api/rest/health.py", "from api.pages.routing import PageRoute"),
    Plant("Inside api", "api/errors.py", "from api.dependencies import ActorDep"),
    Plant("Inside api", "api/new_room.py", "from api.settings import Settings"),
    Plant("Door: SQLite", "graph/store/codec.py", "import apsw"),
    Plant("Door: neo4j", "api/settings.py", "from neo4j import GraphDatabase"),
    Plant("Door: networkx", "forum/linked_referrals.py", "import networkx"),
    Plant("Door: arrays", "forum/told.py", "import numpy"),
    Plant("Door: YAML", "ingest/case_file.py", "import yaml"),
    Plant("Door: web framework", "forum/errors.py", "from starlette.exceptions import HTTPException"),
    Plant("Door: web framework", "visualise/errors.py", "import uvicorn"),
    Plant("Door: shapes on the wire", "graph/records.py", "from pydantic import BaseModel"),
    Plant("Door: templates", "api/rest/health.py", "from jinja2 import Environment"),
    Plant("Door: pyvis", "visualise/exchange.py", "from pyvis.network import Network"),
    Plant("Door: PNG", "api/rest/maps.py", "import resvg_py"),
    Plant("Door: progress bar", "forum/referrals.py", "from tqdm import tqdm"),
    Plant("Backends are private to the store", "api/main.py", "from graph.store.sqlite_store.store import SqliteStore"),
    Plant("Backends are private to the store", "graph/projection/__init__.py", "import graph.store.neo4j_statements"),
    Plant("Pictures are composed, not looked up", "visualise/summary.py", "from graph.store.boundary import View"),
    Plant("Pictures are composed, not looked up", "visualise/style.py", "from graph.projection import Projection"),
    Plant("Only the command line composes", "api/pages/contexts.py", "from api.main import create_app"),
)


def copy_of_the_house(folder: Path) -> Path:
    """The Python files of the five packages and the contracts, nothing else."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("static", "templates", "__pycache__", "fonts", "vendored", "*.json", "*.yaml")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def place_of(plant: Plant, house: Path) -> Path:
    """The file to plant in; a module that became a folder is planted in the folder's own file."""
    folder = house / plant.file.removesuffix(".py")
    return folder / "__init__.py" if folder.is_dir() else house / plant.file


def what_lint_says(folder: Path) -> str:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def broken_contracts(said: str) -> set[str]:
    """The names of the contracts that a run of lint-imports found broken."""
    return set(re.findall(r"^(.+?) BROKEN", said, re.MULTILINE))


def test_the_house_keeps_every_contract() -> None:
    said = what_lint_says(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken" in said, said


def test_every_contract_is_broken_by_at_least_one_plant() -> None:
    assert {plant.contract for plant in PLANTS} == set(CONTRACTS)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.contract}: {plant.file}")
def test_a_planted_import_breaks_its_contract(plant: Plant, tmp_path: Path) -> None:
    """The import is made for typing alone, which counts too."""
    house = copy_of_the_house(tmp_path)
    planted = place_of(plant, house)
    assert planted.exists() or planted.stem == "new_room"
    before = planted.read_text(encoding="utf-8") if planted.exists() else ""
    planted.write_text(f"{before}\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {plant.line}\n", encoding="utf-8")
    said = what_lint_says(house)
    assert plant.contract in broken_contracts(said), said


def test_the_audits_own_verifier_imports_nothing_of_ours() -> None:
    """Whoever checks the chain must not have to trust the code that wrote it."""
    lines = (ROOT / "tools" / "verify_audit.py").read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names) | {"neo4j"}
