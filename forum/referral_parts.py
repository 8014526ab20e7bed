"""What stands inside a referral: the entries of its lists, each with the class of what it shows and whom it cites."""

from graph.incidents import HarmRole
from graph.records import FieldClass, RecordId, cites, entry, shown_as


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
