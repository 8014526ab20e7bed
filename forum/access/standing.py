"""What may this actor see just now? Reads grants and denials through the one house scope; hands values to the policy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from forum.access.accounts import Account, account_in, roles_held
from forum.access.actors import Actor, Role
from forum.access.conflicts import Conflict
from forum.access.coverage import CaseKinds, Covered, covered_by
from forum.access.grants import Grant, Reason
from forum.access.policy import (
    READS_ALL,
    READS_BY_GRANT,
    READS_SHEETS,
    active_grants,
    denied_things,
    house_scope,
    marks_of,
    may_change,
    may_govern,
    scope_for_map,
    scope_of,
)
from forum.access.restrictions import Restriction
from forum.access.sheets import ContextSheet
from graph.assertions import Assertion
from graph.contexts import PRIVATE_ADDRESS, Location
from graph.incidents import Incident
from graph.records import ActorId, ForumId, R, Record, RecordId, cited_by
from graph.store.boundary import Scope, Store, View

PAGE = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor may see at a moment, and the grants it rests on (in order of id; none for somebody who reads all).

    `through_items`: what of it they see through agenda items alone, in the minimised view. `covered`: for each record that a
    grant covers, which of the grants do. `access`: the actor's own grants and conflicts.
    """

    scope: Scope
    grants: tuple[RecordId, ...] = ()
    through_items: frozenset[RecordId] = frozenset()
    covered: Covered = field(default_factory=dict)
    access: frozenset[RecordId] = frozenset()

    @property
    def of_facts(self) -> Scope:
        """The scope without the actor's own grants and conflicts, which no network is asked for: who sees the same, share it."""
        return replace(self.scope, granted=self.scope.granted - self.access)

    def under(self, shown: Collection[RecordId]) -> Mapping[RecordId, frozenset[RecordId]]:
        """Of each of these the grants that cover it: none where the role alone shows it, or the actor's own words just now."""
        return {each: self.covered.get(each, frozenset()) for each in shown}

    def may_change(self, role: Role, record_id: RecordId) -> bool:
        """Whether somebody in this role may change this record of those in scope (policy.may_change)."""
        return may_change(role, covered=record_id in self.covered, through_item=record_id in self.through_items)


def scope_for(store: Store, actor: Actor, *, now: datetime, case: CaseKinds, taken_as_now: datetime | None = None) -> Scope:
    """What this actor may see at this moment of the real clock, for their purpose; worked out afresh at each call.

    The windows of agenda items go by `taken_as_now` where it is given: the moment of the day taken as today.
    """
    return sight_for(store, actor, now=now, case=case, taken_as_now=taken_as_now).scope


def sight_for(store: Store, actor: Actor, *, now: datetime, case: CaseKinds, taken_as_now: datetime | None = None) -> Sight:
    """The same with the grants it rests on, for the audit. A grant that has ended covers nothing from this call on."""
    with store.view(house_scope(actor.forum)) as view:
        sight = _sight_in(view, actor, now=now, case=case, taken_as_now=taken_as_now)
        reads_cases = actor.role in READS_ALL | READS_BY_GRANT
        matters = [each for kind in case.only_whole for each in _all(view, kind)] if reads_cases else []
    parts = _shown_in_part(store, sight.scope, matters)
    return replace(sight, scope=replace(sight.scope, withheld=sight.scope.withheld | parts)) if parts else sight


def _sight_in(view: View, actor: Actor, *, now: datetime, case: CaseKinds, taken_as_now: datetime | None) -> Sight:
    conflicts = _conflicts_of(view, actor.id)
    denied = _denied(view, actor, conflicts, case=case)
    own = grants_of(view, actor.id)
    access = frozenset(grant.id for grant in own) | {conflict.id for conflict in conflicts}
    grants = active_grants(own, purpose=actor.purpose, now=now, taken_as_now=taken_as_now)
    if actor.role not in READS_BY_GRANT | READS_SHEETS:
        held = {one for grant in grants if grant.source in (Reason.WROTE_IT, Reason.ALLOCATED) for one in grant.covers}
        return Sight(scope_of(actor.role, forum=actor.forum, denied=denied, own=access, held=held), access=access)
    if actor.role in READS_SHEETS:
        sheets = _sheets_among(view, {one for grant in grants for one in grant.covers}, denied)
        scope = scope_of(actor.role, forum=actor.forum, granted=sheets, denied=denied, own=access)
        return Sight(scope, tuple(sorted(grant.id for grant in grants)), access=access)
    at_hand = _reached(view, grants, role=actor.role, case=case, denied=denied)
    private = {place.id for place in _all(view, Location, place_kind=PRIVATE_ADDRESS)}
    scope = scope_of(
        actor.role,
        forum=actor.forum,
        granted=at_hand.covered.keys(),
        private_addresses=private,
        denied=denied | at_hand.beyond_items,
        own=access,
    )
    return Sight(scope, tuple(sorted(grant.id for grant in grants)), at_hand.through_items, at_hand.covered, access)


def _shown_in_part(store: Store, scope: Scope, matters: Collection[Record]) -> frozenset[RecordId]:
    """Those of these that this scope would show without something that they name: for this reader they are not there at all."""
    named = {each.id: cited_by(each) for each in matters}
    if not named:
        return frozenset()
    with store.view(scope) as view:
        return frozenset(each.id for each in view.several(sorted(named)) if cited_by(each) != named[each.id])


@dataclass(frozen=True, slots=True)
class _Reached:
    """What grants cover, what of it agenda items alone add, and the statements in the latter that no item shows."""

    covered: Covered
    through_items: frozenset[RecordId]
    beyond_items: frozenset[RecordId]


def _reached(view: View, grants: Iterable[Grant], *, role: Role, case: CaseKinds, denied: Collection[RecordId]) -> _Reached:
    fully = _named_by((grant for grant in grants if grant.source is not Reason.PANEL_ITEM), denied)
    covered = covered_by(view, fully, role=role, case=case, denied=denied)
    by_item = _named_by((grant for grant in grants if grant.source is Reason.PANEL_ITEM), denied)
    if not by_item:
        return _Reached(covered, frozenset(), frozenset())
    marks = marks_of(Role.PANEL_MEMBER)
    cited = covered_by(view, by_item, role=Role.PANEL_MEMBER, case=case, denied=denied)
    shown = [record for record in view.several(sorted(cited)) if record.handling in marks]
    referrals = [record.id for record in shown if record.id not in covered and isinstance(record, case.referral)]
    told = view.citing(Assertion, referrals, field="stated_in") if referrals else ()
    beyond = frozenset(statement.id for statement in told if statement.handling not in marks)
    either = {**covered, **{record.id: covered.get(record.id, frozenset()) | cited[record.id] for record in shown}}
    return _Reached(either, frozenset(record.id for record in shown if record.id not in covered), beyond)


def _named_by(grants: Iterable[Grant], denied: Collection[RecordId]) -> dict[RecordId, frozenset[RecordId]]:
    """What these grants name, each with those that name it. What is denied is not among it."""
    found: dict[RecordId, frozenset[RecordId]] = {}
    for grant in grants:
        for one in grant.covers:
            if one not in denied:
                found[one] = found.get(one, frozenset()) | {grant.id}
    return found


def account_of(store: Store, actor: ActorId, *, forum: ForumId) -> Account | None:
    """The account as it stands at this moment; None where there is none."""
    with store.view(house_scope(forum)) as view:
        return account_in(view, actor)


def roles_of(store: Store, actor: ActorId, *, forum: ForumId) -> frozenset[Role]:
    """Every role in which somebody may sign in just now; none for nobody known."""
    with store.view(house_scope(forum)) as view:
        return roles_held(view, actor)


def chairs_scope(store: Store, *, forum: ForumId, now: datetime, case: CaseKinds) -> Scope:
    """What a chair whom no restriction names may put before others: for what leaves the forum without them."""
    chair = Actor(id=ActorId("the chair's sight"), role=Role.CHAIR, forum=forum, signed_in_at=now)
    return scope_for_map(scope_for(store, chair, now=now, case=case))


def _denied(view: View, actor: Actor, conflicts: Collection[Conflict], *, case: CaseKinds) -> frozenset[RecordId]:
    """What restrictions and this actor's own conflicts keep from them, and every record of access that would tell of it."""
    restrictions = tuple(_all(view, Restriction))
    named = denied_things(actor.id, restrictions, conflicts)
    unnamed = {each.id for each in restrictions if not may_govern(actor, each)}
    if not named:
        return frozenset(unnamed)
    hidden = hidden_with(view, named, case=case)
    tells = {grant.id for grant in view.citing(Grant, sorted(hidden), field="covers") if hidden.issuperset(grant.covers)}
    tells |= {each.id for each in _all(view, Conflict) if each.actor != actor.id and each.about and hidden.issuperset(each.about)}
    return hidden | unnamed | tells


def hidden_with(view: View, named: Collection[RecordId], *, case: CaseKinds) -> frozenset[RecordId]:
    """What a denial of these hides: they, the referrals whose subject they are, and what hangs on either.

    A statement needs no naming: it goes with either of its ends, or with what it was stated in.
    """
    asked = sorted(named)
    referrals = set(view.citing(case.referral, asked, field="subject_people"))
    referrals |= set(view.citing(case.referral, asked, field="subject_contexts"))
    hidden = set(named) | {record.id for record in referrals}
    told = sorted(hidden)
    hanging = [each.id for kind in case.about_one for each in view.citing(kind, told)]
    hanging += [each.id for each in view.citing(Incident, told, field="stated_in")]
    return frozenset(hidden) | frozenset(hanging)


def _sheets_among(view: View, named: Collection[RecordId], denied: Collection[RecordId]) -> frozenset[RecordId]:
    """The context-only sheets among these, of contexts that are not denied: all that somebody from outside reads."""
    found = [record for record in view.several(named) if isinstance(record, ContextSheet)] if named else []
    return frozenset(sheet.id for sheet in found if sheet.context not in denied)


def _conflicts_of(view: View, actor: ActorId) -> tuple[Conflict, ...]:
    return tuple(_all(view, Conflict, actor=actor))


def grants_of(view: View, actor: ActorId) -> tuple[Grant, ...]:
    """Every grant this actor was ever given, in order of id, ended ones included."""
    return tuple(_all(view, Grant, actor=actor))


def _all(view: View, kind: type[R], **equal: str) -> Iterable[R]:
    after: RecordId | None = None
    while page := view.find(kind, after=after, limit=PAGE, **equal):
        yield from page
        after = page[-1].id
