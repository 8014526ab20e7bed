"""Writes the parts of docs/access.md that are made from the role table: python -m tools.access_page"""

from pathlib import Path

from forum.access.published import publish_permissions, publish_table

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
PARTS = {"## Which role may do what": publish_permissions, "## The role table": publish_table}


def part_of(page: str, heading: str) -> tuple[int, int]:
    """Where the made part under a heading begins and ends: from its first table to the next heading."""
    begins = page.index("\n| ", page.index(f"\n{heading}\n")) + 1
    return begins, page.index("\n\n## ", begins)


def made_page(page: str) -> str:
    """The page with every made part as the data has it now."""
    for heading, publish in PARTS.items():
        begins, ends = part_of(page, heading)
        page = page[:begins] + publish() + page[ends:]
    return page


if __name__ == "__main__":
    PAGE.write_text(made_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
