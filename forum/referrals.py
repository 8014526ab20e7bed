"""Does the referral address all contexts, and does it invite a narrative?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from forum.errors import IncompleteReferral
from forum.participation import Awareness
from forum.references import Reference, References
from forum.referral_drafts import EventDraft, ReferralDraft, TellingDraft, UnnamedDraft
from forum.referral_parts import (
    Condition,
    ContextConcern,
    GroupFriendship,
    Guardian,
    NamedPerson,
    Occurrences,
    UnnamedInReferral,
)
from forum.statements import Corroboration, make_assertion
from graph.assertions import YOUNG_PEOPLE, Assertion
from graph.contexts import PeerGroup
from graph.incidents import Incident, Participant
from graph.people import UnnamedPeople, YoungPerson
from graph.periods import disposal_day, review_day
from graph.records import ActorId, FieldClass, Record, RecordId, cites, new_id, record, shown_as
from graph.store.boundary import Writer

__all__ = [
    "Condition",
    "ContextConcern",
    "GroupFriendship",
    "Guardian",
    "NamedPerson",
    "Occurrences",
    "RecordedReferral",
    "Referral",
    "UnnamedInReferral",
    "record_referral",
    "restate_referral",
]


@record
class Referral(Record):
    """A report of worry about young people or contexts, structured by the six contexts.

    `received` is a day; `recorded_at` a moment in UTC. `reference` is the referrer's or forum's own. What is said of two
    things is never a field here: it is an assertion stated in this referral.
    """

    KIND: ClassVar[str] = "Referral"
    reference: str = shown_as(FieldClass.OPEN)
    agency_reference: str | None = shown_as(FieldClass.OPEN, default=None, findable=True)
    referral_kind: str = shown_as(FieldClass.OPEN, followed=True)
    received: date = shown_as(FieldClass.OPEN, followed=True)
    channel: str | None = shown_as(FieldClass.OPEN, default=None)
    referrer_role: str = shown_as(FieldClass.OPEN, followed=True)
    referrer_agency: str = shown_as(FieldClass.OPEN, followed=True)
    referrer_authority: str | None = shown_as(FieldClass.OPEN, default=None)
    referrer_via: str | None = shown_as(FieldClass.OPEN, default=None)
    subject_people: tuple[RecordId, ...] = cites(default=())
    subject_contexts: tuple[RecordId, ...] = cites(default=())
    efh_types: tuple[str, ...] = shown_as(FieldClass.OPEN, default=())
    reason: str = shown_as(FieldClass.NARRATIVE, default="")
    strengths: str = shown_as(FieldClass.NARRATIVE, default="")
    change_hoped_for: str = shown_as(FieldClass.NARRATIVE, default="")
    narrative: str = shown_as(FieldClass.NARRATIVE, default="")
    parts: tuple[ContextConcern, ...] = shown_as(FieldClass.NARRATIVE, default=())
    named_people: tuple[NamedPerson, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)
    unnamed: tuple[UnnamedInReferral, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)
    concerns_contexts: tuple[RecordId, ...] = cites(default=())
    guardians: tuple[Guardian, ...] = shown_as(FieldClass.CONTEXT, default=(), followed=True)
    conditions: tuple[Condition, ...] = shown_as(FieldClass.CONTEXT, default=())
    occurrences: tuple[Occurrences, ...] = shown_as(FieldClass.OPEN, default=())
    group_friendships: tuple[GroupFriendship, ...] = shown_as(FieldClass.OPEN, default=(), followed=True)
    home_protective: tuple[str, ...] = shown_as(FieldClass.NARRATIVE, default=())
    policy_gap: str | None = shown_as(FieldClass.CONTEXT, default=None)
    out_of_area: bool | None = shown_as(FieldClass.OPEN, default=None)
    lawful_basis: str | None = shown_as(FieldClass.OPEN, default=None)
    sharing_purpose: str | None = shown_as(FieldClass.OPEN, default=None)
    recorded_by: ActorId = shown_as(FieldClass.OPEN)
    recorded_at: datetime = shown_as(FieldClass.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReferral:
    """A referral as it was recorded: the record, what each id or ref of the draft stands for, everyone it names."""

    referral: Referral
    given: Mapping[str, RecordId]
    everyone: tuple[RecordId, ...]


def record_referral(
    writer: Writer,
    draft: ReferralDraft,
    *,
    recorded_by: ActorId,
    now: datetime,
    today: date,
    known: Mapping[str, tuple[RecordId, str]] | None = None,
    agency_reference: str | None = None,
    later: list[Corroboration] | None = None,
) -> RecordedReferral:
    """Records a whole referral with everyone and everything it brings, in the writer's one transaction.

    Nothing is ever answered as "already known"; an empty part prompts and never refuses. Raises IncompleteReferral with
    every mistake. `later`, where given, collects corroborations that name statements not recorded yet.
    """
    references = References(writer, today=today, known=known)
    references.make_new(draft.references())
    for unnamed in draft.unnamed:
        references.introduce(unnamed.ref, _unnamed_people(writer, unnamed, draft.received), unnamed.at)
    references.ask_for(draft.references())
    recorder = _Recorder(writer, references, draft, recorded_by=recorded_by, now=now)
    referral = recorder.referral(agency_reference)
    statements = recorder.statements(referral.id, later)
    incidents = recorder.incidents(referral.id)
    tellings = recorder.tellings(referral.id)
    if references.mistakes:
        raise IncompleteReferral(references.mistakes)
    references.put_new()
    for made in (referral, *statements, *incidents, *tellings):
        writer.put(made)
    everyone = {found[0] for ref in draft.references() if (found := references.resolve(ref)) and found[1] == YoungPerson.KIND}
    return RecordedReferral(referral=referral, given=dict(references.given), everyone=tuple(sorted(everyone)))


def restate_referral(writer: Writer, referral: Referral, draft: ReferralDraft, *, today: date) -> Referral:
    """The referral with a draft's fields in place of its own, not stored yet; new people and contexts of it are put.

    What was stated in it, who was told and what happened stand elsewhere and stay. Raises IncompleteReferral.
    """
    references = References(writer, today=today)
    references.make_new(draft.references())
    references.ask_for(draft.references())
    made = _Recorder(writer, references, draft, recorded_by=referral.recorded_by, now=referral.recorded_at).referral(None)
    if references.mistakes:
        raise IncompleteReferral(references.mistakes)
    references.put_new()
    return replace(
        made, id=referral.id, version=referral.version, handling=referral.handling, reference=referral.reference,
        agency_reference=referral.agency_reference, unnamed=referral.unnamed, review_on=referral.review_on,
        dispose_on=referral.dispose_on,
    )  # fmt: skip


GROUPS = frozenset({PeerGroup.KIND})


class _Recorder:
    """Turns one draft into records; mistakes gather in `references`, nothing is put here."""

    def __init__(
        self,
        writer: Writer,
        references: References,
        draft: ReferralDraft,
        *,
        recorded_by: ActorId,
        now: datetime,
    ) -> None:
        self.references = references
        self.draft = draft
        self.recorded_by = recorded_by
        self.now = now
        review_on = review_day(draft.received)
        self.frame: dict[str, Any] = {
            "forum": writer.scope.forum,
            "review_on": review_on,
            "dispose_on": disposal_day(review_on),
        }

    def referral(self, agency_reference: str | None) -> Referral:
        draft, refs = self.draft, self.references
        record_id = new_id()
        if draft.reference is not None:
            refs.given[draft.reference] = record_id
        return Referral(
            id=record_id, **self.frame, **draft.header,
            reference=draft.reference or f"R-{record_id[:8].upper()}",
            agency_reference=agency_reference,
            subject_people=_found(refs.young_person(ref) for ref in draft.subject_people),
            subject_contexts=_found(refs.context(ref) for ref in draft.subject_contexts),
            parts=tuple(ContextConcern(context=part.context.value, **part.texts) for part in draft.parts),
            named_people=tuple(
                NamedPerson(person=person, roles=named.roles)
                for named in draft.named_people
                if (person := refs.young_person(named.person))
            ),
            unnamed=tuple(
                UnnamedInReferral(people=self._made(unnamed.at), roles=unnamed.roles) for unnamed in draft.unnamed
            ),
            concerns_contexts=_found(refs.context(ref) for ref in draft.concerns_contexts),
            guardians=tuple(
                Guardian(
                    who=given.who, context=refs.context(given.context) if given.context else None, willing=given.willing,
                    present=given.present, mode=given.mode,
                )
                for given in draft.guardians
            ),
            conditions=tuple(Condition(what=what, how=how) for what, how in draft.conditions),
            occurrences=_occurrences(draft),
            group_friendships=tuple(
                GroupFriendship(group=group, protective=protective)
                for ref, protective in draft.group_friendships
                if (group := refs.of_kind(ref, GROUPS, "a peer group"))
            ),
            recorded_by=self.recorded_by,
            recorded_at=self.now,
        )  # fmt: skip

    def _made(self, at: str) -> RecordId:
        found = self.references.resolve(Reference(at, None))
        assert found is not None  # introduced before the recorder is made
        return found[0]

    def statements(self, referral: RecordId, later: list[Corroboration] | None) -> list[Assertion]:
        made = (
            make_assertion(
                self.references, link, stated_in=referral, received=self.draft.received,
                recorded_by=self.recorded_by, now=self.now, later=later,
            )
            for link in self.draft.links
        )  # fmt: skip
        return [item for item in made if item is not None]

    def incidents(self, referral: RecordId) -> list[Incident]:
        return [self._incident(event, referral) for event in self.draft.events]

    def _incident(self, event: EventDraft, referral: RecordId) -> Incident:
        people = _found(self.references.of_kind(ref, YOUNG_PEOPLE, "young people") for ref in event.participants)
        made = Incident(
            id=new_id(), **self.frame, what=event.what, participants=tuple(Participant(person=person) for person in people),
            happened_on=event.happened_on, recorded_on=self.draft.received, stated_in=referral,
            source_role=self.draft.header["referrer_role"], agency=self.draft.header["referrer_agency"],
        )  # fmt: skip
        if event.ref is not None:
            self.references.given[event.ref] = made.id
        return made

    def tellings(self, referral: RecordId) -> list[Awareness]:
        made = (self._telling(telling, referral) for telling in self.draft.told)
        return [item for item in made if item is not None]

    def _telling(self, telling: TellingDraft, referral: RecordId) -> Awareness | None:
        person = self.references.young_person(telling.person)
        if person is None:
            return None
        return Awareness(
            id=new_id(), **self.frame, referral=referral, person=person, who=telling.who, told=telling.told,
            told_on=telling.told_on, due=telling.due, recorded_on=telling.told_on or self.draft.received,
            supervisor_signed=telling.supervisor_signed,
        )  # fmt: skip


def _found(ids: Any) -> tuple[RecordId, ...]:
    """The ids that were found, each once, in the order given."""
    return tuple(dict.fromkeys(item for item in ids if item))


def _occurrences(draft: ReferralDraft) -> tuple[Occurrences, ...]:
    if draft.occurrences is None:
        return ()
    count, time_band, term_time = draft.occurrences
    return (Occurrences(count=count, time_band=time_band, term_time=term_time),)


def _unnamed_people(writer: Writer, draft: UnnamedDraft, received: date) -> UnnamedPeople:
    review_on = review_day(received)
    return UnnamedPeople(
        id=new_id(), forum=writer.scope.forum, review_on=review_on, dispose_on=disposal_day(review_on), size_band=draft.size_band
    )
