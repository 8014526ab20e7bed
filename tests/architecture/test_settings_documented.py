"""Promise: every setting stands in docs/settings.md with its default, and none stands there that is gone."""

import re

from api.settings import Settings
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS: dict[str, list[str]] = {
    cells[0].strip().strip("`"): [cell.strip() for cell in cells[1:]]
    for line in PAGE.splitlines()
    if line.startswith("| `KITH_") and (cells := line.strip().strip("|").split(" | "))
}
FIELDS = Settings.model_fields


def variable(field: str) -> str:
    return f"KITH_{field.upper()}"


def test_the_page_lists_the_settings_and_nothing_else() -> None:
    assert set(ROWS) == {variable(name) for name in FIELDS}


def test_every_setting_has_a_sentence_in_the_class_and_on_the_page() -> None:
    for name, field in FIELDS.items():
        assert field.description, name
        assert len(ROWS[variable(name)][-1]) > 15, name


def test_the_defaults_on_the_page_are_those_of_the_class() -> None:
    for name, field in FIELDS.items():
        stated = ROWS[variable(name)][0].strip("`")
        default = field.get_default(call_default_factory=True) if field.default_factory is None else ...
        if default in (None, "", ...):
            assert not re.fullmatch(r"\d+|yes|no", stated), f"{name}: the page says {stated}"
        else:
            wanted = {True: "yes", False: "no"}.get(default, str(default)) if isinstance(default, bool) else str(default)
            assert stated == wanted, f"{name}: the class says {wanted}, the page {stated}"
