"""Promise: what we copied is what we reviewed, it comes with its licence, and nothing in it suggests GOV.UK or calls out."""

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "api" / "pages" / "static"
FOLDERS = [STATIC / "vendor", ROOT / "tests" / "journeys" / "axe"]


def manifest(folder: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "axe"])
def test_every_copied_file_has_the_bytes_of_the_manifest_and_nothing_else_is_there(folder: Path) -> None:
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "manifest.json"
    }
    assert found == manifest(folder)["sha256"]
    assert any("LICENSE" in name for name in found)


def test_the_macros_and_the_style_sheet_are_the_pair_that_their_makers_name() -> None:
    assert version("govuk-frontend-jinja") == "4.1.0"
    assert manifest(FOLDERS[0])["packages"]["govuk-frontend"] == "6.3.0"


def test_no_font_crown_or_crest_is_named_and_no_file_is_asked_for() -> None:
    for path in (STATIC / "vendor" / "govuk-frontend.min.css", STATIC / "kith.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|@font-face|GDS Transport|crown|crest|logotype", text, re.IGNORECASE), path.name


def test_our_script_asks_for_nothing_but_the_copied_one() -> None:
    text = (STATIC / "kith.js").read_text(encoding="utf-8")
    assert re.findall(r"from '([^']+)'", text) == ["./vendor/govuk-frontend.min.js"]
    assert not re.search(r"innerHTML|eval|fetch|localStorage|document\.cookie", text)


def test_the_lock_says_what_was_fetched_and_never_where_from() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: held for name, held in json.loads(text)["packages"].items() if name}
    assert '"resolved"' not in text
    assert ".tgz" not in text
    assert all(held["integrity"].startswith("sha512-") for held in packages.values())
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_colour_of_the_council_can_be_read_on() -> None:
    style = (STATIC / "kith.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"(--kith-[a-z-]+): (#[0-9a-f]{6});", style))
    light, dark = _luminance(colours["--kith-on-colour"]), _luminance(colours["--kith-colour"])
    assert (max(light, dark) + 0.05) / (min(light, dark) + 0.05) >= 4.5
    assert 1.05 / (_luminance(colours["--kith-quiet"]) + 0.05) >= 6.5
