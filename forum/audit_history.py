"""Who was shown a young person, who opened my cases, and what did I open? Read from the audit, the latest first.

A case is a referral. Its owner is whoever holds a grant of source *allocated* on it just now, or on a young person whom it is
about; where nobody does, whoever wrote it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forum.access.actors import Actor, Purpose
from forum.access.grants import Grant, Reason
from forum.access.policy import READS_BY_GRANT, READS_SHEETS, active_grants, house_scope
from forum.access.standing import grants_of
from forum.referrals import Referral
from graph.people import YoungPerson
from graph.records import ActorId, ForumId, RecordId
from graph.store.boundary import AuditEntry, Store, View

AT_ONCE = 1000


class Ground(StrEnum):
    """Why somebody could be shown a person: grants that cover this person, their role, their own words, or not kept then."""

    GRANT = "grant"
    ROLE = "role"
    OWN_WORDS = "own_words"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class WhyShown:
    """Why one person stood in one answer. `grants`: those that cover them; where that was not kept, all that held then."""

    ground: Ground
    grants: tuple[RecordId, ...] = ()


_NEEDS_GRANTS = frozenset(role.value for role in READS_BY_GRANT | READS_SHEETS)


def why_shown(entry: AuditEntry, person: RecordId) -> WhyShown:
    """Why whoever made this entry could be shown, or could change something about, one of those it is about.

    Own words: no grant covered them, so that they stand there by what the actor wrote, such as a declaration of a conflict.
    """
    covering = dict(entry.under).get(person)
    if covering:
        return WhyShown(Ground.GRANT, covering)
    if entry.role not in _NEEDS_GRANTS:
        return WhyShown(Ground.ROLE)
    return WhyShown(Ground.NOT_KEPT, entry.grants) if covering is None else WhyShown(Ground.OWN_WORDS)


def openings_by(store: Store, actor: ActorId) -> tuple[AuditEntry, ...]:
    """Everything this actor was shown, changed or was refused."""
    return _latest_first(lambda after: store.audit(by=actor, after=after, limit=AT_ONCE))


def openings_of_person(store: Store, person: RecordId) -> tuple[AuditEntry, ...]:
    """Every time this person was shown, or something about them changed. None for an id that is nobody's."""
    return _latest_first(lambda after: store.audit(about=person, after=after, limit=AT_ONCE))


def openings_of_cases(store: Store, cases: Sequence[RecordId], *, owner: ActorId) -> tuple[AuditEntry, ...]:
    """Every time somebody else was shown or changed one of these cases."""
    found = _latest_first(lambda after: store.audit(naming=cases, after=after, limit=AT_ONCE)) if cases else ()
    return tuple(entry for entry in found if entry.actor != owner and set(cases) & set(entry.resources))


def grants_in(store: Store, forum: ForumId, entries: Sequence[AuditEntry]) -> Mapping[RecordId, Grant]:
    """The grants that these entries rest on, by id, ended ones included."""
    named = sorted({grant for entry in entries for grant in entry.grants})
    with store.view(house_scope(forum)) as house:
        return {record.id: record for record in house.several(named) if isinstance(record, Grant)}


def grants_on_cases(
    store: Store, forum: ForumId, entries: Sequence[AuditEntry], cases: Sequence[RecordId]
) -> Mapping[int, tuple[RecordId, ...]]:
    """By the number of each entry, the grants in it that cover a case of these that it names, or somebody whom that is about.

    The others that held then are of other cases, which are nothing to the owner of these: neither which, nor how many.
    """
    with store.view(house_scope(forum)) as house:
        told = {case.id: {case.id, *case.subject_people} for case in house.several(cases) if isinstance(case, Referral)}
    grants = grants_in(store, forum, entries)
    found: dict[int, tuple[RecordId, ...]] = {}
    for entry in entries:
        asked = set().union(*(told.get(record, set()) for record in entry.resources))
        found[entry.seq] = tuple(each for each in entry.grants if each in grants and asked & set(grants[each].covers))
    return found


def person_called(store: Store, forum: ForumId, words: str) -> RecordId | None:
    """The one young person with this record id or this pseudonym, as it is written; None for no one and for several."""
    with store.view(house_scope(forum)) as house:
        if house.kinds_of([RecordId(words)]).get(RecordId(words)) == YoungPerson.KIND:
            return RecordId(words)
        found = [person.id for person in _everyone(house) if person.pseudonym == words]
    return found[0] if len(found) == 1 else None


def _everyone(house: View) -> Iterator[YoungPerson]:
    after: RecordId | None = None
    while page := house.find(YoungPerson, after=after, limit=AT_ONCE):
        yield from page
        after = page[-1].id


def cases_of(store: Store, actor: Actor, view: View, *, now: datetime) -> tuple[RecordId, ...]:
    """The cases this actor owns, in order of id. `view` is the actor's own: what they may not read now is not among them."""
    with store.view(house_scope(actor.forum)) as house:
        given = grants_of(house, actor.id)
        named = {covered for grant in given if grant.source in (Reason.ALLOCATED, Reason.WROTE_IT) for covered in grant.covers}
        allocated = {covered for grant in given if _allocates(grant, now) for covered in grant.covers}
        written = {covered for grant in given if grant.source is Reason.WROTE_IT for covered in grant.covers}
        cases = _cases_among(house, named)
        taken = _allocated_now(house, cases, now)
    mine = {case.id for case in cases if {case.id, *case.subject_people} & allocated}
    mine |= {case.id for case in cases if case.id in written and not {case.id, *case.subject_people} & taken}
    return tuple(sorted(view.kinds_of(sorted(mine)))) if mine else ()


def is_map_of_own_case(store: Store, actor: Actor, view: View, around: RecordId | None, *, now: datetime) -> bool:
    """Whether a map is drawn around a case that this actor owns, or around somebody whom one is about."""
    if around is None:
        return False
    cases = [record for record in view.several(cases_of(store, actor, view, now=now)) if isinstance(record, Referral)]
    return any(around in (case.id, *case.subject_people) for case in cases)


def _cases_among(house: View, named: set[RecordId]) -> tuple[Referral, ...]:
    """The referrals among these, and those whose subject is one of them."""
    if not named:
        return ()
    cases = {record.id: record for record in house.several(sorted(named)) if isinstance(record, Referral)}
    cases |= {record.id: record for record in house.citing(Referral, sorted(named), field="subject_people")}
    return tuple(cases.values())


def _allocated_now(house: View, cases: Sequence[Referral], now: datetime) -> set[RecordId]:
    """What of these cases, or of whom they are about, is allocated to anybody just now."""
    cited = sorted({cited for case in cases for cited in (case.id, *case.subject_people)})
    grants = house.citing(Grant, cited, field="covers") if cited else ()
    return {covered for grant in grants if _allocates(grant, now) for covered in grant.covers}


def _allocates(grant: Grant, now: datetime) -> bool:
    """Whether it allocates a case at this moment, for any purpose."""
    return grant.source is Reason.ALLOCATED and any(active_grants([grant], purpose=each, now=now) for each in Purpose)


def _latest_first(read: Callable[[int], Sequence[AuditEntry]]) -> tuple[AuditEntry, ...]:
    return tuple(reversed(list(_all(read))))


def _all(read: Callable[[int], Sequence[AuditEntry]]) -> Iterator[AuditEntry]:
    after = 0
    while page := read(after):
        yield from page
        after = page[-1].seq
