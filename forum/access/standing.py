"""What may this actor see just now? Reads grants through the one house scope, and hands values to the policy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from forum.access.actors import Actor, Role
from forum.access.grants import Grant
from forum.access.policy import READS_BY_GRANT, active_grants, house_scope, marks_of, scope_of
from graph.assertions import Assertion
from graph.contexts import Location
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import ActorId, R, Record, RecordId, citations_of
from graph.store.boundary import Scope, Store, View

PAGE = 500
PRIVATE_ADDRESS = "private_address"


@dataclass(frozen=True, slots=True)
class CaseKinds:
    """The kinds of case record that a grant reaches through. Given in, since access knows no practice file (forum.kinds)."""

    referral: type[Record]
    awareness: type[Record]


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor may see at a moment, and the grants it rests on (in order of id; none for somebody who reads all)."""

    scope: Scope
    grants: tuple[RecordId, ...] = ()


def scope_for(store: Store, actor: Actor, *, now: datetime, case: CaseKinds) -> Scope:
    """What this actor may see at this moment of the real clock, for their purpose; worked out afresh at each call."""
    return sight_for(store, actor, now=now, case=case).scope


def sight_for(store: Store, actor: Actor, *, now: datetime, case: CaseKinds) -> Sight:
    """The same with the grants it rests on, for the audit. A grant that has ended covers nothing from this call on."""
    if actor.role not in READS_BY_GRANT:
        return Sight(scope_of(actor.role, forum=actor.forum))
    with store.view(house_scope(actor.forum)) as view:
        grants = active_grants(grants_of(view, actor.id), purpose=actor.purpose, now=now)
        named = {covered for grant in grants for covered in grant.covers}
        granted = covered_by(view, named, role=actor.role, case=case)
        private = {place.id for place in _all(view, Location, place_kind=PRIVATE_ADDRESS)}
    scope = scope_of(actor.role, forum=actor.forum, granted=granted, private_addresses=private)
    return Sight(scope, tuple(sorted(grant.id for grant in grants)))


def grants_of(view: View, actor: ActorId) -> tuple[Grant, ...]:
    """Every grant this actor was ever given, in order of id, ended ones included."""
    return tuple(_all(view, Grant, actor=actor))


def covered_by(view: View, named: Collection[RecordId], *, role: Role, case: CaseKinds) -> frozenset[RecordId]:
    """What grants on these records cover for a role (docs/access.md).

    A referral covers itself, what it cites, the tellings and incidents of it, and what the statements made in it cite: only
    statements the role is admitted to count. A young person covers themselves and the referrals whose subject they are.
    """
    people = [found for found, kind in view.kinds_of(named).items() if kind == YoungPerson.KIND]
    referrals = {record.id: record for record in view.several(named) if isinstance(record, case.referral)}
    for record in view.citing(case.referral, sorted(people), field="subject_people") if people else ():
        referrals[record.id] = record
    reached: list[Record] = [record for record in referrals.values() if record.handling in marks_of(role)]
    reached += _hanging_on(view, sorted(record.id for record in reached), role=role, case=case)
    cited = {citation.cited for record in reached for citation in citations_of(record)}
    return frozenset(named) | frozenset(record.id for record in reached) | cited


def _hanging_on(view: View, referrals: Collection[RecordId], *, role: Role, case: CaseKinds) -> list[Record]:
    if not referrals:
        return []
    found: list[Record] = [
        *view.citing(Assertion, referrals, field="stated_in"),
        *view.citing(Incident, referrals, field="stated_in"),
        *view.citing(case.awareness, referrals, field="referral"),
    ]
    return [record for record in found if record.handling in marks_of(role)]


def _all(view: View, kind: type[R], **equal: str) -> Iterable[R]:
    after: RecordId | None = None
    while page := view.find(kind, after=after, limit=PAGE, **equal):
        yield from page
        after = page[-1].id
