"""Checks what arrives from elsewhere, and what leaves: locks, copied page assets, and the files that an installed Kith carries.

Prints every fault at once; status 1 when there is one. Imports nothing of ours.
"""

import fnmatch
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "ingest", "visualise", "forum", "graph")
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,._-]+\])?==\S+( ; .+)? \\$", re.IGNORECASE)
ADDRESS = re.compile(r"\s*(-i|-f|--index\S*|--extra-index\S*|--find-links|--trusted\S*)\b")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def faults_of_locks() -> Iterator[str]:
    """Every requirement is pinned and hashed, and a lock says what was fetched but never from where."""
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        lines = lock.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if "://" in line or ADDRESS.match(line):
                yield f"{lock.relative_to(ROOT)}:{number}: an address in a lock"
        wanted = [line for line in lines if line and not line.lstrip().startswith("#")]
        for line, following in zip(wanted, [*wanted[1:], ""], strict=True):
            if not (PINNED.match(line) or HASH.match(line)):
                yield f"{lock.relative_to(ROOT)}: neither a pinned requirement nor a hash: {line.strip()}"
            if PINNED.match(line) and not HASH.match(following):
                yield f"{lock.relative_to(ROOT)}: no hash: {line.strip()}"
    node = ROOT / "package-lock.json"
    if node.exists() and "://" in "".join(re.findall(r'"resolved": "[^"]*"', node.read_text(encoding="utf-8"))):
        yield "package-lock.json: an address in a lock"


def faults_of_copies() -> Iterator[str]:
    """Every file copied from elsewhere has the bytes that its folder's manifest names, and none is there unnamed."""
    for path in sorted(ROOT.glob("*/**/manifest.json")):
        if {".venv", "node_modules"} & set(path.parts):
            continue
        manifest = json.loads(path.read_text(encoding="utf-8"))
        folder, named = path.parent, manifest.get("sha256", {})
        for name, digest in named.items():
            copied = folder / name
            if not copied.is_file():
                yield f"{copied.relative_to(ROOT)}: named in the manifest and not there"
            elif hashlib.sha256(copied.read_bytes()).hexdigest() != digest:
                yield f"{copied.relative_to(ROOT)}: not the bytes that the manifest names"
        for copied in sorted(folder.iterdir()):
            if copied.is_file() and copied.name not in named and copied != path:
                yield f"{copied.relative_to(ROOT)}: there and not named in the manifest"


def faults_of_the_distribution() -> Iterator[str]:
    """Every data file in the five packages is one that the distribution carries along."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = settings["package-data"]["*"]
    tracked = subprocess.run(["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True)
    for name in filter(None, tracked.stdout.split("\0")):
        file = Path(name)
        if file.suffix != ".py" and not any(fnmatch.fnmatch(file.name, pattern) for pattern in patterns):
            yield f"{name}: not carried along; add its ending to package-data in pyproject.toml"


def main() -> int:
    faults = [*faults_of_locks(), *faults_of_copies(), *faults_of_the_distribution()]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "locks, copies and the distribution's files are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
