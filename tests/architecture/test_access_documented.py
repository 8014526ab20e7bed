"""Promise: the table of who may do what, in docs/access.md, is the one that the policy decides by."""

import re

from forum.access.actors import Role
from forum.access.policy import ROLE_TABLE, Permission
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def table() -> list[list[str]]:
    """The cells of the table under "Which role may do what", heading first."""
    part = PAGE.split("## Which role may do what")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-| ")]


def test_the_table_is_the_one_the_policy_decides_by() -> None:
    heading, *rows = table()
    columns = [re.sub(r"[ -]", "_", words) for words in heading[1:]]
    assert sorted(columns) == sorted(role.value for role in Role)
    stated = {(row[0].strip("`"), column): cell == "yes" for row in rows for column, cell in zip(columns, row[1:], strict=True)}
    decided = {
        (permission.value, role.value): permission in permitted
        for role, permitted in ROLE_TABLE.items()
        for permission in Permission
    }
    assert stated == decided
