"""Copies the pinned page assets into the pages and writes what their bytes must be. Run by a developer: `make vendor`.

Needs Node. It installs exactly what package-lock.json names, makes one style sheet with Sass, copies the script and the
licences, and writes a manifest of SHA-256 digests that a test compares. Nothing here runs in the service or in the tests.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "api" / "pages" / "static" / "vendor"
AXE = ROOT / "tests" / "journeys" / "axe"
MODULES = ROOT / "node_modules"
GOVUK = MODULES / "govuk-frontend" / "dist" / "govuk"


def version_of(package: str) -> str:
    """The version that was installed."""
    found: str = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"]
    return found


def make_style_sheet(target: Path) -> None:
    """One compressed style sheet of the components the pages use; asks for no file at run time."""
    sass = [str(MODULES / ".bin" / "sass"), "--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps"]
    subprocess.run([*sass, "--load-path=.", "tools/frontend/govuk.scss", str(target)], cwd=ROOT, check=True)
    if "url(" in target.read_text(encoding="utf-8"):
        raise SystemExit("The style sheet asks for a file (a font, a crest or an icon). Leave that component out.")


def copy_pages_assets() -> list[Path]:
    """GOV.UK Frontend without its font, crown, logotype, crest and icons."""
    shutil.rmtree(PAGES, ignore_errors=True)
    PAGES.mkdir(parents=True)
    style, script = PAGES / "govuk-frontend.min.css", PAGES / "govuk-frontend.min.js"
    make_style_sheet(style)
    shutil.copyfile(GOVUK / "govuk-frontend.min.js", script)
    licence = PAGES / "LICENSE-govuk-frontend.txt"
    shutil.copyfile(ROOT / "tools" / "frontend" / "LICENSE-govuk-frontend.txt", licence)
    return [licence, style, script]


def copy_axe() -> list[Path]:
    """The accessibility checker, for the tests alone."""
    shutil.rmtree(AXE, ignore_errors=True)
    AXE.mkdir(parents=True)
    names = {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE-axe-core.txt", "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt"}
    for source, target in names.items():
        shutil.copyfile(MODULES / "axe-core" / source, AXE / target)
    return [AXE / target for target in names.values()]


def write_manifest(folder: Path, packages: dict[str, str], files: list[Path]) -> None:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}
    text = json.dumps({"packages": packages, "sha256": digests}, indent=2, sort_keys=True)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    if shutil.which("npm") is None:
        raise SystemExit("npm is not here. Install Node 20 or later, then run `make vendor` again.")
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=ROOT, check=True, stdout=sys.stderr)
    write_manifest(PAGES, {name: version_of(name) for name in ("govuk-frontend", "sass")}, copy_pages_assets())
    write_manifest(AXE, {"axe-core": version_of("axe-core")}, copy_axe())
    print("Copied. Look at the difference, then commit it.")


if __name__ == "__main__":
    main()
