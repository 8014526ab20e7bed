"""Does the referral address all contexts, and does it invite a narrative?"""

from datetime import date, datetime
from typing import ClassVar

from graph.incidents import HarmRole
from graph.records import ActorId, FieldClass, Record, RecordId, cites, entry, record, shown_as


@entry
class ContextConcern:
    """What a referral says about one of the six contexts."""

    context: str = shown_as(FieldClass.OPEN)
    narrative: str = shown_as(FieldClass.NARRATIVE, default="")
    strengths: str = shown_as(FieldClass.NARRATIVE, default="")
    worries: str = shown_as(FieldClass.NARRATIVE, default="")
    what_would_help: str = shown_as(FieldClass.NARRATIVE, default="")
    whose_words: str = shown_as(FieldClass.NARRATIVE, default="")


@entry
class NamedPerson:
    """A young person the referral names, and their roles in this referral only."""

    person: RecordId = cites(shows=FieldClass.HARM_ROLE)
    roles: tuple[HarmRole, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)


@entry
class UnnamedInReferral:
    """Young people the referral speaks of without naming them, and their roles in it. `people` is an UnnamedPeople record."""

    people: RecordId = cites(shows=FieldClass.HARM_ROLE)
    roles: tuple[HarmRole, ...] = shown_as(FieldClass.HARM_ROLE, default=(), followed=True)


@entry
class Guardian:
    """An adult with caring intent who is at a place: who by role, where, whether willing, when present."""

    who: str = shown_as(FieldClass.CONTEXT)
    context: RecordId | None = cites(default=None, shows=FieldClass.CONTEXT)
    willing: bool | None = shown_as(FieldClass.CONTEXT, default=None)
    present: tuple[str, ...] = shown_as(FieldClass.CONTEXT, default=())
    mode: str | None = shown_as(FieldClass.CONTEXT, default=None)


@entry
class Condition:
    """A condition of the context a referral is about: lighting, poor."""

    what: str = shown_as(FieldClass.CONTEXT)
    how: str = shown_as(FieldClass.CONTEXT)


@entry
class Occurrences:
    """How often and when it happened: a number of times, a time band (a word, or two times as 15:30-16:15), term time."""

    count: int | None = shown_as(FieldClass.OPEN, default=None)
    time_band: str | None = shown_as(FieldClass.OPEN, default=None)
    term_time: bool | None = shown_as(FieldClass.OPEN, default=None)


@entry
class GroupFriendship:
    """Whether the friendship of a group protects."""

    group: RecordId = cites()
    protective: bool = shown_as(FieldClass.OPEN, followed=True)


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
