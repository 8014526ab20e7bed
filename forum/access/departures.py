"""Where does this version decide otherwise than a cell of the role table, and why?"""

from dataclasses import dataclass

from forum.access.actors import Role
from forum.access.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where this version decides otherwise than a cell: for whom, what, whether it is permitted, and why."""

    roles: frozenset[Role]
    permissions: frozenset[Permission]
    permitted: bool
    why: str


_CHAIRS = frozenset({Role.CHAIR, Role.COORDINATOR})
_EVERYONE = frozenset(Role)
_LEAD = frozenset({Role.INFORMATION_GOVERNANCE})
_OF_CASES = frozenset(
    {
        Permission.READ_REFERRAL,
        Permission.READ_YOUNG_PERSON,
        Permission.READ_CONTEXT,
        Permission.READ_TOLD,
        Permission.READ_MAP,
    }
)

DEPARTURES: tuple[Departure, ...] = (
    Departure(
        roles=_CHAIRS,
        permissions=frozenset({Permission.MAKE_REFERRAL, Permission.READ_CODE_LISTS}),
        permitted=True,
        why="Chair and coordinator write all that the forum holds, and whoever writes needs the words.",
    ),
    Departure(
        roles=frozenset({Role.ADMINISTRATOR}),
        permissions=frozenset({Permission.READ_CODE_LISTS}),
        permitted=True,
        why="Whoever installs the lists may read them.",
    ),
    Departure(
        roles=_EVERYONE,
        permissions=frozenset({Permission.READ_GRANTS, Permission.READ_OWN_AUDIT}),
        permitted=True,
        why="Everybody may see their own.",
    ),
    Departure(
        roles=_LEAD,
        permissions=frozenset({Permission.END_GRANT}),
        permitted=True,
        why="The cell says it in words: revoke any.",
    ),
    Departure(
        roles=_CHAIRS | _LEAD,
        permissions=frozenset({Permission.MAKE_RESTRICTION, Permission.READ_RESTRICTIONS, Permission.END_RESTRICTION}),
        permitted=True,
        why="Until two people can approve, one makes a restriction with a fresh sign-in and only somebody else ends it.",
    ),
    Departure(
        roles=_LEAD,
        permissions=_OF_CASES,
        permitted=False,
        why="There are no information-governance files yet.",
    ),
    Departure(
        roles=frozenset({Role.PANEL_MEMBER, Role.GUEST}),
        permissions=frozenset({Permission.MAKE_REFERRAL, Permission.MAKE_YOUNG_PERSON}),
        permitted=False,
        why="The referrer's column is not yet held beside another.",
    ),
    Departure(
        roles=frozenset({Role.GUEST}),
        permissions=frozenset(
            {
                Permission.READ_REFERRAL,
                Permission.READ_YOUNG_PERSON,
                Permission.READ_TOLD,
                Permission.READ_MAP,
                Permission.READ_AGENDA,
            }
        ),
        permitted=False,
        why="A guest reads context-only sheets and nothing else; nobody is named in yet.",
    ),
    Departure(
        roles=frozenset({Role.REFERRER}),
        permissions=frozenset({Permission.MAKE_YOUNG_PERSON, Permission.MAKE_STATEMENT, Permission.MAKE_INCIDENT}),
        permitted=False,
        why="A referrer adds these inside their own new referral alone.",
    ),
    Departure(
        roles=_EVERYONE - _CHAIRS,
        permissions=frozenset({Permission.CHANGE_REFERRAL}),
        permitted=False,
        why="There is no screening yet, before which a referral could still be changed by whoever wrote it.",
    ),
    Departure(
        roles=frozenset({Role.PRACTITIONER}),
        permissions=frozenset({Permission.MAKE_CONTEXT}),
        permitted=True,
        why="Proposals have no list yet, and a referral needs its place.",
    ),
    Departure(
        roles=frozenset({Role.ANALYST}),
        permissions=frozenset({Permission.READ_HOTSPOTS}),
        permitted=True,
        why="The cell says it in words: hotspots, from the latest release alone.",
    ),
    Departure(
        roles=frozenset({Role.ANALYST}),
        permissions=frozenset({Permission.EXPORT_MAP}),
        permitted=False,
        why="What an analyst exports is a release, never a map.",
    ),
    Departure(
        roles=_CHAIRS,
        permissions=frozenset({Permission.READ_AUDIT_OF_CASES}),
        permitted=True,
        why="A chair or coordinator may own cases like anybody who works with them.",
    ),
    Departure(
        roles=frozenset({Role.PANEL_MEMBER, Role.GUEST, Role.ANALYST}),
        permissions=frozenset({Permission.READ_AUDIT_OF_CASES}),
        permitted=False,
        why="They own no case.",
    ),
    Departure(
        roles=_EVERYONE,
        permissions=frozenset({Permission.KEEP_OWN_SESSIONS}),
        permitted=True,
        why="Everybody sees where they are signed in, signs in afresh, and signs out.",
    ),
    Departure(
        roles=_EVERYONE,
        permissions=frozenset({Permission.LOOK_AS_SOMEBODY_ELSE}),
        permitted=True,
        why="On evaluation stores alone: whoever looks through invented eyes must be able to look through others again.",
    ),
)
