"""Invented records for tests: `a_…()` makes one with everything it must have; name what your test is about, leave the rest.

`keep(store, …)` writes records in one audited block and gives them back as they now stand.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from forum.access.accounts import Account, account_in
from forum.access.actors import Role
from forum.access.conflicts import Conflict
from forum.access.grants import Grant, Reason
from forum.access.restrictions import Restriction
from forum.access.sheets import ContextSheet
from forum.kinds import FORUM_KINDS
from forum.maps import MapSheet
from forum.participation import Awareness
from forum.referrals import ContextConcern, NamedPerson, Referral
from graph.assertions import Assertion, AssertionKind, HowKnown, Origin, Standing, StandingSince, Voice
from graph.contexts import Context, Home, Location, Neighbourhood, OnlineSpace, PeerGroup, School
from graph.incidents import HarmRole, Incident, Participant
from graph.kinds import GRAPH_KINDS
from graph.people import AdultOfConcern, ParentCarer, UnnamedPeople, YoungPerson
from graph.records import ActorId, ForumId, Handling, Record, RecordId, new_id
from graph.store.boundary import AuditEntry, NewStore, Scope, Store, WriteKey

ALL_KINDS: tuple[type[Record], ...] = (*GRAPH_KINDS, *FORUM_KINDS)
FORUM = ForumId("calderwick")
ANOTHER_FORUM = ForumId("elsewhere")
ACTOR = ActorId("coordinator-1")
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NEW_STORE = NewStore(forum=FORUM, evaluation=True, made_at=NOW, lives_until=datetime(2026, 12, 21, 9, 30, tzinfo=UTC))

_numbers = count(1)


def _frame(given: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(), "forum": FORUM, "review_on": date(2027, 11, 21), "dispose_on": date(2033, 11, 21), **given}


def a_young_person(**given: Any) -> YoungPerson:
    return YoungPerson(**_frame({"known_as": "Arlo", "initials": "A.", "age": 15, **given}))


def a_parent_carer(**given: Any) -> ParentCarer:
    return ParentCarer(**_frame({"known_as": "Arlo's mother", **given}))


def some_unnamed_people(**given: Any) -> UnnamedPeople:
    return UnnamedPeople(**_frame({"size_band": "4-6", **given}))


def an_adult_of_concern(**given: Any) -> AdultOfConcern:
    return AdultOfConcern(**_frame(given))


def a_location(**given: Any) -> Location:
    return Location(**_frame({"label": "Tollgate Parade", "counts_under": Context.NEIGHBOURHOOD, **given}))


def a_neighbourhood(**given: Any) -> Neighbourhood:
    return Neighbourhood(**_frame({"label": "Marsh Estate", "counts_under": Context.NEIGHBOURHOOD, **given}))


def a_school(**given: Any) -> School:
    return School(**_frame({"label": "Calder High", "counts_under": Context.SCHOOL, **given}))


def a_peer_group(**given: Any) -> PeerGroup:
    return PeerGroup(**_frame({"label": "Friends from the rank", "counts_under": Context.PEERS, "size_band": "3-5", **given}))


def an_online_space(**given: Any) -> OnlineSpace:
    return OnlineSpace(**_frame({"label": "A group chat", "counts_under": Context.ONLINE, **given}))


def a_home(**given: Any) -> Home:
    return Home(**_frame({"label": "A household", **given}))


def a_referral(
    *, about: tuple[Record, ...] = (), names: tuple[tuple[Record, tuple[HarmRole, ...]], ...] = (), **given: Any
) -> Referral:
    """A referral about these people and contexts, naming these people in these roles."""
    people = tuple(each.id for each in about if isinstance(each, YoungPerson))
    values = {
        "reference": f"REF-{next(_numbers)}",
        "referral_kind": "young_person" if people else "context",
        "received": date(2026, 11, 2),
        "referrer_role": "social_worker",
        "referrer_agency": "childrens_social_care",
        "subject_people": people,
        "subject_contexts": tuple(each.id for each in about if not isinstance(each, YoungPerson)),
        "named_people": tuple(NamedPerson(person=person.id, roles=roles) for person, roles in names),
        "recorded_by": ACTOR,
        "recorded_at": NOW,
    }
    return Referral(**_frame({**values, **given}))


def a_context_concern(**given: Any) -> ContextConcern:
    return ContextConcern(**{"context": "neighbourhood_locations", **given})


def an_assertion(
    source: Record | None = None,
    target: Record | None = None,
    *,
    says: AssertionKind = AssertionKind.HARMED_AT,
    stated_in: Record | None = None,
    since: date = date(2026, 11, 2),
    **given: Any,
) -> Assertion:
    """A statement that ties two records, current since a day."""
    values = {
        "says": says,
        "source": source.id if source else new_id(),
        "target": target.id if target else new_id(),
        "stated_in": stated_in.id if stated_in else None,
        "known": HowKnown.TOLD_BY_YOUNG_PERSON_OR_FAMILY,
        "origin": Origin.REPORTED_BY_YOUNG_PERSON,
        "said_by": Voice.YOUNG_PERSON,
        "source_role": "social_worker",
        "date_recorded": since,
        "standings": (StandingSince(standing=Standing.CURRENT, since=since),),
        "recorded_by": ACTOR,
        "recorded_at": NOW,
    }
    return Assertion(**_frame({**values, **given}))


def an_incident(*, people: tuple[tuple[Record, tuple[HarmRole, ...]], ...] = (), **given: Any) -> Incident:
    """One event in which these people took part in these roles."""
    took_part = tuple(Participant(person=person.id, roles=roles) for person, roles in people)
    values = {"what": "missing_together", "participants": took_part, "recorded_on": date(2026, 11, 3)}
    return Incident(**_frame({**values, **given}))


def an_awareness(**given: Any) -> Awareness:
    values = {"who": "young_person", "told": "told", "told_on": date(2026, 11, 4), "recorded_on": date(2026, 11, 4)}
    return Awareness(**_frame({**values, **given}))


def a_map_sheet(around: Record | None = None, **given: Any) -> MapSheet:
    values = {
        "map_kind": "peer",
        "around": around.id if around else None,
        "has_centre": around is not None,
        "steps": 2,
        "mode": "coordination",
        "purpose": "safety_planning",
        "owner": "Coordinator",
        "drawn_by": "Coordinator",
        "drawn_by_actor": ACTOR,
        "drawn_on": TODAY,
        "drawn_at": NOW,
        "expires_on": date(2026, 12, 21),
        "label_seed": "seed",
    }
    return MapSheet(**_frame({**values, **given}))


def a_grant(*covers: Record, actor: ActorId = ACTOR, **given: Any) -> Grant:
    values = {
        "actor": actor,
        "source": Reason.ALLOCATED,
        "covers": tuple(each.id for each in covers),
        "purposes": ("safety_planning",),
        "holds_from": NOW,
        "holds_until": datetime(2026, 12, 21, 9, 30, tzinfo=UTC),
        "given_by": ACTOR,
    }
    return Grant(**_frame({**values, **given}))


def a_restriction(*about: Record, named: tuple[ActorId, ...] = (ACTOR,), **given: Any) -> Restriction:
    values = {
        "about": tuple(each.id for each in about),
        "named": named,
        "reason": "Asked for by the family.",
        "made_by": ActorId("chair-1"),
        "made_at": NOW,
    }
    return Restriction(**_frame({**values, **given}))


def a_conflict(*about: Record, actor: ActorId = ACTOR, **given: Any) -> Conflict:
    return Conflict(**_frame({"actor": actor, "about": tuple(each.id for each in about), "declared_at": NOW, **given}))


def a_context_sheet(of: Record | None = None, **given: Any) -> ContextSheet:
    values = {
        "context": of.id if of else new_id(),
        "context_type": "location",
        "label": "Tollgate Parade",
        "counts_under": Context.NEIGHBOURHOOD,
        "handling": Handling.CONTEXT_ONLY,
        "worked_out_by": ACTOR,
    }
    return ContextSheet(**_frame({**values, **given}))


def an_audit_entry(**given: Any) -> AuditEntry:
    return AuditEntry(**{"at": NOW, "actor": ACTOR, "action": "recorded", "purpose": "safety_planning", **given})


def a_write_key(key: str = "", digest: str = "") -> WriteKey:
    return WriteKey(key or f"key-{new_id()}", digest or "the-same-body")


def a_scope(**given: Any) -> Scope:
    """Everything in the forum, under every mark; name what your test narrows."""
    kinds = frozenset(kind.KIND for kind in ALL_KINDS)
    return Scope(**{"forum": FORUM, "open_kinds": kinds, "handling": frozenset(Handling), **given})


def an_account(actor: str, *roles: Role, **given: Any) -> Account:
    values = {"id": RecordId(actor), "roles": tuple(sorted(roles)), "made_by": ACTOR, "made_at": NOW}
    return Account(**_frame({**values, **given}))


def keep_account(store: Store, actor: ActorId, role: Role) -> None:
    """Lets somebody sign in in this role, besides those they have: what a token or a session needs behind it."""
    with store.view(a_scope()) as view:
        there = account_in(view, actor)
    if there is None:
        keep(store, an_account(actor, role))
    elif role not in there.roles:
        keep(store, replace(there, roles=tuple(sorted({*there.roles, role}))))


def keep(store: Store, *records: Record, scope: Scope | None = None) -> Any:
    """Writes records in one audited block. One record comes back as itself, several as a tuple, as they now stand."""
    with store.write(scope or a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        written = tuple(writer.put(record) for record in records)
        writer.append(an_audit_entry(resources=tuple(record.id for record in records)))
    return written[0] if len(written) == 1 else written


def erase(store: Store, *record_ids: RecordId, scope: Scope | None = None) -> None:
    with store.write(scope or a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        for record_id in record_ids:
            writer.erase(record_id)
        writer.append(an_audit_entry(action="erased"))
