"""The part of docs/assurance.md that a load run writes, between its own marks; the rest of the page is not touched."""

from collections.abc import Sequence
from pathlib import Path

BEGIN, END = "<!-- load:begin -->", "<!-- load:end -->"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "assurance.md"
NEW_PAGE = f"# Assurance: what was proved, and when\n\n## Under load\n\n{BEGIN}\n{END}\n"


def write_part(page: Path, lines: Sequence[str]) -> None:
    """Puts these lines between the marks; the page is begun, or the marks are added at its end, where they are not there."""
    text = page.read_text("utf-8") if page.is_file() else NEW_PAGE
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n## Under load\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text("\n".join([f"{before}{BEGIN}", *lines, f"{END}{after}"]), "utf-8")
