"""The role table as people read it: the parts of docs/access.md that are made from the data, never written by hand."""

from forum.access.actors import Role
from forum.access.departures import DEPARTURES
from forum.access.permissions import Permission
from forum.access.role_cells import COLUMNS, TABLE
from forum.access.role_table import ROLE_TABLE


def publish_table() -> str:
    """The table and where this version departs from it, as docs/access.md holds them."""
    lines = ["| Resource | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    lines += [f"| {resource} | " + " | ".join(cells) + " |" for resource, cells in TABLE.items()]
    lines += ["", "Where this version departs from a cell:", ""]
    for departure in DEPARTURES:
        roles = (
            "everybody"
            if departure.roles == frozenset(Role)
            else ", ".join(_words(each) for each in Role if each in departure.roles)
        )
        named = ", ".join(f"`{each.value}`" for each in Permission if each in departure.permissions)
        lines.append(f"- {roles}: {named} {'permitted' if departure.permitted else 'refused'}. {departure.why}")
    return "\n".join(lines)


def publish_permissions() -> str:
    """Every permission as it is decided, role by role, as docs/access.md holds it."""
    lines = ["| | " + " | ".join(_words(role) for role in Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for permission in Permission:
        cells = ("yes" if permission in ROLE_TABLE[role] else "" for role in Role)
        lines.append(f"| `{permission.value}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _words(role: Role) -> str:
    return role.value.replace("_", " ")
