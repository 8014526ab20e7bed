"""Which role may do what? Every permission is decided by a cell of the table, or by a departure from it that says why.

What a cell marks 2 is refused until two people can approve.
"""

import re

from forum.access.actors import Role
from forum.access.departures import DEPARTURES
from forum.access.permissions import Permission
from forum.access.role_cells import COLUMNS, TABLE

# Where each permission stands: the right that has to be in one of these rows.
ROWS: dict[Permission, tuple[str, tuple[str, ...]]] = {
    Permission.MAKE_REFERRAL: ("C", ("Referral before screening",)),
    Permission.READ_REFERRAL: ("R", ("Referral before screening", "Referral after screening")),
    Permission.CHANGE_REFERRAL: ("U", ("Referral before screening", "Referral after screening")),
    Permission.MAKE_YOUNG_PERSON: ("C", ("Young person: create",)),
    Permission.READ_YOUNG_PERSON: ("R", ("Young person: identity and contact",)),
    Permission.CHANGE_YOUNG_PERSON: ("U", ("Young person: identity and contact",)),
    Permission.MAKE_CONTEXT: ("C", ("Place, school, group record",)),
    Permission.READ_CONTEXT: ("R", ("Place, school, group record",)),
    Permission.CHANGE_CONTEXT: ("U", ("Place, school, group record",)),
    Permission.MAKE_STATEMENT: ("C", ("Statement with a context; incident",)),
    Permission.READ_STATEMENT: ("R", ("Statement with a context; incident",)),
    Permission.CHANGE_STATEMENT: ("U", ("Statement with a context; incident",)),
    Permission.MAKE_INCIDENT: ("C", ("Statement with a context; incident",)),
    Permission.READ_INCIDENT: ("R", ("Statement with a context; incident",)),
    Permission.READ_FINDINGS: ("R", ("Findings and linked referrals",)),
    Permission.READ_HOTSPOTS: ("R", ("Findings and linked referrals",)),
    Permission.READ_TOLD: ("R", ("Young person's and family's views; 'told' entries",)),
    Permission.MAKE_MAP: ("C", ("Map: make, renew",)),
    Permission.READ_MAP: ("R", ("Peer map (initials or pseudonyms)", "Map: make, renew")),
    Permission.EXPORT_MAP: ("X", ("Export of a pack, record or map (PDF, Word, PNG, stand-alone file)",)),
    Permission.READ_CODE_LISTS: ("R", ("Threshold documents, code and wording lists",)),
    Permission.GIVE_GRANT: ("C", ("Grants and invitations",)),
    Permission.READ_GRANTS: ("C", ("Grants and invitations",)),
    Permission.END_GRANT: ("U", ("Grants and invitations",)),
    Permission.MAKE_RESTRICTION: ("C", ("Restricted record",)),
    Permission.READ_RESTRICTIONS: ("C", ("Restricted record",)),
    Permission.END_RESTRICTION: ("C", ("Restricted record",)),
    Permission.DECLARE_CONFLICT: ("C", ("Own conflict of interest: declare, end",)),
    Permission.READ_CONFLICTS: ("R", ("Own conflict of interest: declare, end",)),
    Permission.END_CONFLICT: ("U", ("Own conflict of interest: declare, end",)),
    Permission.MAKE_AGENDA_ITEM: ("C", ("Agenda and packs",)),
    Permission.READ_AGENDA: ("R", ("Agenda and packs",)),
    Permission.CHANGE_AGENDA_ITEM: ("U", ("Agenda and packs",)),
    Permission.KEEP_OWN_SESSIONS: ("sessions", ("Users, roles, configuration",)),
    Permission.END_SESSIONS_OF_OTHERS: ("revoke", ("Grants and invitations",)),
    Permission.READ_OWN_AUDIT: ("own", ("Access history",)),
    Permission.LOOK_AS_SOMEBODY_ELSE: ("look", ("Users, roles, configuration",)),
    Permission.READ_AUDIT_OF_CASES: ("own", ("Access history",)),
    Permission.READ_AUDIT_OF_PERSON: ("R", ("Access history",)),
}


def has_right(cell: str, right: str) -> bool:
    """Whether a cell holds a right by itself: what it marks 2 needs a second person, and is not held."""
    parts = re.split(r"[;,]", cell)
    return any(right in _WORDS.findall(part) and "2" not in _WORDS.findall(part) for part in parts)


_WORDS = re.compile(r"[A-Za-z0-9-]+")


def _decide(role: Role, permission: Permission) -> bool:
    for departure in DEPARTURES:
        if role in departure.roles and permission in departure.permissions:
            return departure.permitted
    right, rows = ROWS[permission]
    column = next(number for number, roles in enumerate(COLUMNS.values()) if role in roles)
    return any(has_right(TABLE[row][column], right) for row in rows)


ROLE_TABLE: dict[Role, frozenset[Permission]] = {
    role: frozenset(permission for permission in Permission if _decide(role, permission)) for role in Role
}
