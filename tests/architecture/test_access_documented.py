"""Promise: the tables of who may do what, in docs/access.md, are made from the data that the policy decides by."""

import pytest

from forum.access.actors import Role
from forum.access.departures import DEPARTURES
from forum.access.permissions import Permission
from forum.access.role_cells import COLUMNS, TABLE
from forum.access.role_table import ROLE_TABLE, ROWS, has_right
from tests.architecture.tree import ROOT
from tools.access_page import PARTS, made_page, part_of

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", list(PARTS))
def test_the_published_part_is_the_one_that_the_data_gives(heading: str) -> None:
    begins, ends = part_of(PAGE, heading)
    assert PAGE[begins:ends] == PARTS[heading](), "run: python -m tools.access_page"
    assert made_page(PAGE) == PAGE


def test_every_permission_has_its_row_and_every_row_its_cells() -> None:
    assert set(ROWS) == set(Permission)
    assert all(row in TABLE for _, rows in ROWS.values() for row in rows)
    assert all(len(cells) == len(COLUMNS) for cells in TABLE.values())
    assert sorted(role for roles in COLUMNS.values() for role in roles) == sorted(Role)


def test_whatever_is_decided_otherwise_than_a_cell_is_a_departure_that_changes_something() -> None:
    for departure in DEPARTURES:
        changed = {
            (role, permission)
            for role in departure.roles
            for permission in departure.permissions
            if of_the_cells(role, permission) != departure.permitted
        }
        assert {permission for _, permission in changed} == departure.permissions, departure.why
        assert all((permission in ROLE_TABLE[role]) == departure.permitted for role, permission in changed), departure.why
    departed = {(role, each) for departure in DEPARTURES for role in departure.roles for each in departure.permissions}
    for role in Role:
        for permission in Permission:
            if (role, permission) not in departed:
                assert (permission in ROLE_TABLE[role]) == of_the_cells(role, permission)


def of_the_cells(role: Role, permission: Permission) -> bool:
    right, rows = ROWS[permission]
    column = next(number for number, roles in enumerate(COLUMNS.values()) if role in roles)
    return any(has_right(TABLE[row][column], right) for row in rows)


@pytest.mark.parametrize(
    ("cell", "rights"),
    [
        ("C R U o", "CRU"),
        ("R U p; merge 2", "RU"),
        ("C U 2, versioned", ""),
        ("R, screen A", "RA"),
        ("X f s 2", ""),
        ("R; approve release, family or higher k: 2", "R"),
        ("status + outcome o", ""),
        ("", ""),
    ],
)
def test_a_cell_holds_what_it_says_and_nothing_that_needs_a_second_person(cell: str, rights: str) -> None:
    assert "".join(right for right in "CRUAX" if has_right(cell, right)) == rights
