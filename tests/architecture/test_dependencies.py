"""Promise: few libraries, each with a reason, each checked against a hash, all under permissive licences."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.architecture.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public License 2\.0|HPND|Unlicense|0BSD|Zlib)\b"
    r"|Permission is hereby granted, free of charge",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|GNU|EUPL|SSPL|CC-BY-SA)\b", re.I)
# Named by hand where a distribution's own words do not say it in a form that can be read.
KNOWN_LICENCES = {"apsw": "any OSI-approved licence, so MIT"}


def closure(requirements: list[str]) -> set[str]:
    """The distributions that these requirements bring on this platform, their own included, by normal name."""
    found: set[str] = set()
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        requirement = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        for text in importlib.metadata.requires(requirement.name) or ():
            inner = Requirement(text)
            wanted = any(inner.marker is None or inner.marker.evaluate({"extra": extra}) for extra in requirement.extras or {""})
            if wanted:
                inner.marker = None
                waiting.append(inner)
    return found


def licence_of(name: str) -> str:
    """What a distribution says of its licence: in its metadata, else in the first lines of its licence file."""
    if name in KNOWN_LICENCES:
        return KNOWN_LICENCES[name]
    facts = importlib.metadata.metadata(name)
    stated = [
        facts.get("License-Expression"),
        *(line for line in facts.get_all("Classifier") or () if line.startswith("License")),
    ]
    words = " ".join(filter(None, stated)) or (facts.get("License") or "")[:80]
    if not words:
        files = importlib.metadata.files(name) or ()
        words = "".join(str(file.locate().read_text(encoding="utf-8"))[:200] for file in files if file.name.startswith("LICEN"))
    return words


RUN_TIME = closure([*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)])


def test_the_base_install_keeps_to_its_budget() -> None:
    assert len(PROJECT["dependencies"]) <= 12
    assert len(closure(PROJECT["dependencies"])) <= 35


def test_every_direct_dependency_stands_with_its_reason() -> None:
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.S | re.M)
    assert listed is not None
    assert all(re.search(r'",\s+# \w', line) for line in listed[1].splitlines()), "each line ends with # and why"


@pytest.mark.parametrize("name", sorted(RUN_TIME))
def test_the_licence_of_a_run_time_library_is_permissive(name: str) -> None:
    licence = licence_of(name)
    assert PERMISSIVE.search(licence) or name in KNOWN_LICENCES, f"{name}: {licence or 'says nothing'}"
    assert not COPYLEFT.search(licence), f"{name}: {licence}"


@pytest.mark.parametrize("name", sorted(RUN_TIME))
def test_every_run_time_library_is_pinned_in_the_lock_at_the_installed_version(name: str) -> None:
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").lower()
    assert re.search(rf"^{re.escape(name)}(\[[^]]*\])?=={re.escape(importlib.metadata.version(name).lower())}( |$)", lock, re.M)


def test_locks_copies_and_the_distributions_files_are_as_they_should_be() -> None:
    ran = subprocess.run([sys.executable, "tools/check_manifests.py"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
