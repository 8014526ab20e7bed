"""Who may see what, and who may do what?

Pure: values and the clock in, a `Scope` or a yes or no out. What is not said in these tables is refused. `Scope` is made here
and nowhere else; the store obeys it inside every view, so lists, single records, maps, counts and exports decide alike.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from forum.access.actors import Actor, Purpose, Role
from forum.access.conflicts import Conflict
from forum.access.grants import Grant, Reason
from forum.access.permissions import Permission
from forum.access.restrictions import Restriction
from forum.access.role_table import ROLE_TABLE
from forum.access.sheets import ContextSheet
from graph.contexts import Location, Neighbourhood, OnlineSpace, School
from graph.kinds import GRAPH_KINDS
from graph.records import ActorId, FieldClass, ForumId, Handling, RecordId
from graph.store.boundary import Scope

__all__ = [
    "ACCESS_KINDS", "ACCOUNT_KINDS", "MINIMISED", "OPEN_PLACES", "READS_BY_GRANT", "READS_SHEETS", "ROLE_TABLE", "SHEET_KINDS",
    "WHOLE_FORUM", "Permission", "active_grants", "denied_things", "fields_of", "fields_through_item", "house_scope",
    "is_allowed", "marks_of", "may_be_one_person", "may_change", "may_govern", "may_hold_grants", "scope_for_map", "scope_of",
]  # fmt: skip


# Places open to every role that handles cases; a private address among them is withheld unless a grant covers it.
OPEN_PLACES = frozenset({School.KIND, Location.KIND, Neighbourhood.KIND, OnlineSpace.KIND})

# Every kind of record that has content, named one by one: a new kind is seen by nobody until it is written down here.
WHOLE_FORUM = frozenset(kind.KIND for kind in GRAPH_KINDS) | {
    "Action",
    "AgendaItem",
    "Awareness",
    "ContextWeighting",
    "Forum",
    "MapSheet",
    "Referral",
    "RightsRequest",
    "SamePersonJudgement",
}

# Records that say who may see. Nobody has them by WHOLE_FORUM; whoever oversees access has some kinds, and each their own.
ACCESS_KINDS = frozenset({Grant.KIND, Restriction.KIND, Conflict.KIND})
_OVERSEES: dict[Role, frozenset[str]] = {
    Role.COORDINATOR: ACCESS_KINDS,
    Role.CHAIR: ACCESS_KINDS,
    Role.INFORMATION_GOVERNANCE: frozenset({Grant.KIND, Restriction.KIND}),
}
# What somebody from outside reads in place of a context: through a grant alone, whoever they are.
SHEET_KINDS = frozenset({ContextSheet.KIND})
# Who may sign in: for the house alone, in nobody's scope.
ACCOUNT_KINDS = frozenset({"Account"})
_ACCESS_MARK = frozenset({Handling.PANEL_ITEM})

READS_ALL = frozenset({Role.COORDINATOR, Role.CHAIR})
READS_BY_GRANT = frozenset({Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER})
READS_SHEETS = frozenset({Role.GUEST})

_ALL_MARKS = frozenset(Handling)
_MARKS: dict[Role, frozenset[Handling]] = {
    Role.COORDINATOR: _ALL_MARKS - {Handling.YOUNG_PERSON_AND_WORKER},
    Role.CHAIR: _ALL_MARKS - {Handling.YOUNG_PERSON_AND_WORKER},
    Role.PRACTITIONER: _ALL_MARKS - {Handling.FRONT_DOOR},
    Role.REFERRER: _ALL_MARKS - {Handling.FRONT_DOOR},
    Role.PANEL_MEMBER: frozenset({Handling.PANEL_ITEM, Handling.CONTEXT_ONLY}),
    Role.GUEST: frozenset({Handling.CONTEXT_ONLY}),
}

_OPEN_KINDS: dict[Role, frozenset[str]] = {
    Role.COORDINATOR: WHOLE_FORUM,
    Role.CHAIR: WHOLE_FORUM,
    Role.PRACTITIONER: OPEN_PLACES,
    # A referrer may say "here", of a place that is open to all who handle cases; no route lists places to them.
    Role.REFERRER: OPEN_PLACES,
}

_ALL_CLASSES = frozenset(FieldClass)
# The minimised view: pseudonym or initials, no address, no special fields, and no free text before somebody has looked
# through it for the names of others.
MINIMISED = _ALL_CLASSES - {FieldClass.IDENTITY, FieldClass.CONTACT, FieldClass.SPECIAL, FieldClass.NARRATIVE}
_FIELDS: dict[Role, frozenset[FieldClass]] = {
    Role.COORDINATOR: _ALL_CLASSES,
    Role.CHAIR: _ALL_CLASSES,
    Role.PRACTITIONER: _ALL_CLASSES,
    Role.REFERRER: _ALL_CLASSES,
    Role.PANEL_MEMBER: MINIMISED,
    Role.GUEST: frozenset({FieldClass.OPEN, FieldClass.CONTEXT}),
}


def is_allowed(role: Role, permission: Permission) -> bool:
    """Whether a role may do this kind of thing at all, before any record is looked at."""
    return permission in ROLE_TABLE[role]


def marks_of(role: Role) -> frozenset[Handling]:
    """The handling marks a role is admitted to wherever it may see at all; none for a role that reads nothing."""
    return _MARKS.get(role, frozenset())


def fields_of(role: Role) -> frozenset[FieldClass]:
    """The field classes a role may be shown of a record it may read."""
    return _FIELDS.get(role, frozenset())


def may_change(role: Role, *, covered: bool, through_item: bool) -> bool:
    """Whether a role that may change things of this kind may change this very record, which it may read.

    Who needs grants needs one on the record: a place that is open to all is not theirs to change, nor what an item shows.
    """
    return role in READS_ALL or (role in READS_BY_GRANT and covered and not through_item)


def may_hold_grants(roles: Collection[Role]) -> bool:
    """Whether somebody in these roles may be given a record: analyst, administrator and governance lead hold none."""
    return not set(roles) & {Role.ANALYST, Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE}


# Who may not be one person (docs/access.md, separation of duties): each of these with any of those.
_CASE_ROLES = frozenset(Role) - {Role.ANALYST, Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE}
SEPARATE: dict[Role, frozenset[Role]] = {
    Role.ANALYST: _CASE_ROLES,
    Role.ADMINISTRATOR: _CASE_ROLES,
    Role.INFORMATION_GOVERNANCE: frozenset({Role.CHAIR}),
}


def may_be_one_person(roles: Collection[Role]) -> bool:
    """Whether one person may hold all of these roles: none of them is kept apart from another."""
    held = frozenset(roles)
    return not any(role in held and held & apart for role, apart in SEPARATE.items())


def fields_through_item(role: Role) -> frozenset[FieldClass]:
    """The field classes a role may be shown of a record that it may read through an agenda item alone."""
    return fields_of(role) & MINIMISED


def active_grants(
    grants: Iterable[Grant], *, purpose: Purpose, now: datetime, taken_as_now: datetime | None = None
) -> tuple[Grant, ...]:
    """Those that hold at this moment and name this purpose. A grant does not hold any more at the moment it ends.

    The window of an agenda item goes by `taken_as_now`, the moment of the day taken as today; every other grant by `now`.
    """
    return tuple(grant for grant in grants if purpose.value in grant.purposes and _holds(grant, now, taken_as_now or now))


def _holds(grant: Grant, now: datetime, taken_as_now: datetime) -> bool:
    if grant.source is Reason.PANEL_ITEM:
        return grant.ended_at is None and grant.holds_from <= taken_as_now < grant.holds_until
    ends = grant.holds_until if grant.ended_at is None else min(grant.holds_until, grant.ended_at)
    return grant.holds_from <= now < ends


def denied_things(actor: ActorId, restrictions: Iterable[Restriction], conflicts: Iterable[Conflict]) -> frozenset[RecordId]:
    """What is denied to this actor: named by a restriction that does not name them, or by a conflict of their own."""
    restricted = {one for each in restrictions if each.ended_at is None and actor not in each.named for one in each.about}
    too_close = {one for each in conflicts if each.ended_at is None and each.actor == actor for one in each.about}
    return frozenset(restricted | too_close)


def may_govern(actor: Actor, restriction: Restriction) -> bool:
    """Whether a restriction is there for this actor: they are named, they made it, or they are the governance lead."""
    return actor.role is Role.INFORMATION_GOVERNANCE or actor.id == restriction.made_by or actor.id in restriction.named


def scope_of(
    role: Role,
    *,
    forum: ForumId,
    granted: Collection[RecordId] = (),
    private_addresses: Collection[RecordId] = (),
    denied: Collection[RecordId] = (),
    own: Collection[RecordId] = (),
    held: Collection[RecordId] = (),
) -> Scope:
    """What this role sees, given what its active grants cover, which places are private addresses, and what is denied.

    `own` are the grants and conflicts of the one who asks, `held` what they wrote or were allocated: there, what a young
    person told one worker is theirs to count, whatever their role admits elsewhere. A denial wins over everything.
    """
    covered = frozenset(granted) if role in READS_BY_GRANT | READS_SHEETS else frozenset()
    withheld = frozenset(denied)
    if role in READS_BY_GRANT:
        withheld |= frozenset(private_addresses) - covered
    overseen = _OVERSEES.get(role, frozenset())
    return Scope(
        forum=forum,
        open_kinds=_OPEN_KINDS.get(role, frozenset()) | overseen,
        granted=covered | frozenset(own),
        withheld=withheld,
        admitted=frozenset((one, Handling.YOUNG_PERSON_AND_WORKER) for one in held) if role in READS_ALL else frozenset(),
        handling=marks_of(role) | (_ACCESS_MARK if own or overseen else frozenset()),
    )


def house_scope(forum: ForumId) -> Scope:
    """What the house itself sees to do its work: records of access and every kind. Never handed to a route."""
    return Scope(forum=forum, open_kinds=WHOLE_FORUM | ACCESS_KINDS | SHEET_KINDS | ACCOUNT_KINDS, handling=_ALL_MARKS)


# What the front door has not screened, and what a young person told one worker, stand on no map made for others.
_NOT_ON_MAPS = frozenset({Handling.FRONT_DOOR, Handling.YOUNG_PERSON_AND_WORKER})


def scope_for_map(scope: Scope) -> Scope:
    """What of a reader's sight may stand on a map: never statements marked front_door or young_person_and_worker."""
    admitted = frozenset((referral, mark) for referral, mark in scope.admitted if mark not in _NOT_ON_MAPS)
    return replace(scope, handling=scope.handling - _NOT_ON_MAPS, admitted=admitted)
