"""Somebody's statement that two things are tied: what it says, who says so and how they know, and its dated life."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import ClassVar

from graph.contexts import CONTEXT_KINDS, Home, Location, Neighbourhood, PeerGroup, School
from graph.people import AdultOfConcern, ParentCarer, UnnamedPeople, YoungPerson
from graph.records import ActorId, FieldClass, Record, RecordId, cites, entry, record, shown_as

YOUNG_PEOPLE = frozenset({YoungPerson.KIND, UnnamedPeople.KIND})
PEOPLE = YOUNG_PEOPLE | {ParentCarer.KIND, AdultOfConcern.KIND}
CONTEXTS = frozenset(kind.KIND for kind in CONTEXT_KINDS)
WHO = YOUNG_PEOPLE | {PeerGroup.KIND, ParentCarer.KIND}


@dataclass(frozen=True, slots=True)
class Ends:
    """Which kinds of record may stand at either end, and how the tie reads from each: `{0}` and `{1}` are the labels."""

    code: str
    source: frozenset[str]
    target: frozenset[str]
    reads: str
    reads_back: str


class AssertionKind(Enum):
    """What a statement says (code list REL). `code` is its name on the wire, in files and in the store."""

    FRIEND_SAID_BY_YP = Ends("friend_said_by_yp", PEOPLE, PEOPLE, "says {1} is a friend", "is called a friend by {0}")
    FRIEND_SEEN_BY_OTHERS = Ends(
        "friend_seen_by_others", PEOPLE, PEOPLE, "is seen as a friend of {1}", "is seen as a friend of {0}"
    )
    SIBLING_FAMILY = Ends("sibling_family", PEOPLE, PEOPLE, "is family of {1}", "is family of {0}")
    PARTNER = Ends("partner", PEOPLE, PEOPLE, "is a partner of {1}", "is a partner of {0}")
    TRUSTED_ADULT = Ends("trusted_adult", PEOPLE | {PeerGroup.KIND}, PEOPLE, "trusts {1}", "is trusted by {0}")
    SCHOOL_PEER = Ends("school_peer", PEOPLE, PEOPLE, "knows {1} from school", "knows {0} from school")
    HARMED_BY = Ends(
        "harmed_by",
        PEOPLE | {PeerGroup.KIND},
        PEOPLE | {PeerGroup.KIND},
        "was harmed by {1} (reported)",
        "is reported to have harmed {0}",
    )
    MAY_HAVE_HARMED = Ends(
        "may_have_harmed",
        PEOPLE | {PeerGroup.KIND},
        PEOPLE | {PeerGroup.KIND},
        "may have harmed {1}",
        "may have been harmed by {0}",
    )
    FEARS_AVOIDS = Ends(
        "fears_avoids", PEOPLE | {PeerGroup.KIND}, PEOPLE | {PeerGroup.KIND}, "fears or avoids {1}", "is feared or avoided by {0}"
    )
    CONTROLLED_BY = Ends(
        "controlled_by",
        PEOPLE | {PeerGroup.KIND},
        PEOPLE | {PeerGroup.KIND},
        "is controlled by {1} (reported)",
        "is reported to control {0}",
    )
    TRAVELLED_MISSING_WITH = Ends(
        "travelled_missing_with", PEOPLE, PEOPLE, "travelled or went missing with {1}", "travelled or went missing with {0}"
    )
    ONLINE_CONTACT = Ends("online_contact", PEOPLE, PEOPLE, "is in contact online with {1}", "is in contact online with {0}")
    UNCLEAR = Ends(
        "unclear",
        PEOPLE,
        PEOPLE,
        "is tied to {1} in a way nobody has made clear",
        "is tied to {0} in a way nobody has made clear",
    )
    HARMED_AT = Ends("harmed_at", WHO, CONTEXTS, "was harmed at {1}", "is where {0} was harmed")
    FEELS_UNSAFE_AT = Ends("feels_unsafe_at", WHO, CONTEXTS, "feels unsafe at {1}", "is where {0} feels unsafe")
    FEELS_SAFE_AT = Ends("feels_safe_at", WHO, CONTEXTS, "feels safe at {1}", "is where {0} feels safe")
    SPENDS_TIME_AT = Ends("spends_time_at", WHO, CONTEXTS, "spends time at {1}", "is where {0} spends time")
    ATTENDS = Ends("attends", WHO, frozenset({School.KIND, Location.KIND}), "attends {1}", "is attended by {0}")
    LIVES_AT = Ends("lives_at", WHO, frozenset({Home.KIND, Location.KIND, Neighbourhood.KIND}), "lives at {1}", "is home to {0}")
    TRAVELS_THROUGH = Ends("travels_through", WHO, CONTEXTS, "travels through {1}", "is on the way of {0}")
    WORKS_VOLUNTEERS_AT = Ends(
        "works_volunteers_at", WHO, CONTEXTS, "works or volunteers at {1}", "is where {0} works or volunteers"
    )
    MEMBER_OF = Ends("member_of", PEOPLE, frozenset({PeerGroup.KIND}), "is one of {1}", "has {0} among them")
    PART_OF = Ends("part_of", CONTEXTS, CONTEXTS, "is part of {1}", "holds {0}")
    NEAR = Ends("near", CONTEXTS, CONTEXTS, "is near {1}", "is near {0}")
    ROUTE_BETWEEN = Ends("route_between", CONTEXTS, CONTEXTS, "is on the way to {1}", "is on the way to {0}")
    MEMBERS_OVERLAP = Ends("members_overlap", CONTEXTS, CONTEXTS, "shares members with {1}", "shares members with {0}")
    DISPLACED_FROM = Ends("displaced_from", CONTEXTS, CONTEXTS, "took up what moved from {1}", "moved on to {0}")

    @property
    def code(self) -> str:
        return self.value.code

    @property
    def ends(self) -> Ends:
        return self.value


KIND_BY_CODE: dict[str, AssertionKind] = {kind.code: kind for kind in AssertionKind}


class HowKnown(StrEnum):
    """How the person who says so knows it: code list RELIABILITY."""

    FIRST_HAND = "first_hand"
    TOLD_BY_YOUNG_PERSON_OR_FAMILY = "told_by_young_person_or_family"
    TOLD_BY_OTHER_PROFESSIONAL = "told_by_other_professional"
    SECOND_HAND_OR_RUMOUR = "second_hand_or_rumour"
    INFERRED = "inferred"


class Origin(StrEnum):
    """What sort of statement it is: code list PROV_KIND. A system match is a suggestion: it links, counts and shows nothing."""

    OBSERVED = "observed"
    REPORTED_BY_YOUNG_PERSON = "reported_by_young_person"
    REPORTED_BY_PARENT = "reported_by_parent"
    REPORTED_BY_THIRD_PARTY = "reported_by_third_party"
    INFERRED_BY_PROFESSIONAL = "inferred_by_professional"
    SYSTEM_MATCH = "system_match"


class HowSure(StrEnum):
    SURE = "sure"
    FAIRLY = "fairly"
    NOT = "not"


class Voice(StrEnum):
    """Whose voice a statement carries."""

    YOUNG_PERSON = "young_person"
    FAMILY = "family"
    COMMUNITY = "community"
    PROFESSION = "profession"


class Standing(StrEnum):
    """Where a statement stands on a day: code list STATEMENT_STATUS. Expired is given, or derived from the review date."""

    CURRENT = "current"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@entry
class StandingSince:
    """One step of a statement's life: from a day on, by whom where somebody is named, and why."""

    standing: Standing = shown_as(FieldClass.OPEN, followed=True)
    since: date = shown_as(FieldClass.OPEN, followed=True)
    by: RecordId | None = cites(default=None, followed=False)
    reason: str = shown_as(FieldClass.NARRATIVE, default="")
    changed_by: ActorId | None = shown_as(FieldClass.OPEN, default=None)


@record
class Assertion(Record):
    """Somebody's statement that two things are tied. It is disputed, corrected or withdrawn; never overwritten by another.

    `standings` are its dated life, in order; several on one day: the last one holds. `review_on` is its review date: a day
    later it is expired. `date_known` is when it was true or seen, `date_recorded` when it was written down.
    """

    KIND: ClassVar[str] = "Assertion"
    says: AssertionKind = shown_as(FieldClass.OPEN, followed=True)
    source: RecordId = cites()
    target: RecordId = cites()
    stated_in: RecordId | None = cites(default=None)
    known: HowKnown = shown_as(FieldClass.OPEN, followed=True)
    origin: Origin = shown_as(FieldClass.OPEN, followed=True)
    said_by: Voice = shown_as(FieldClass.OPEN, followed=True)
    source_role: str = shown_as(FieldClass.OPEN, followed=True)
    agency: str | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    date_known: date | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    date_recorded: date = shown_as(FieldClass.OPEN, followed=True)
    how_sure: HowSure = shown_as(FieldClass.OPEN, default=HowSure.SURE, followed=True)
    first_hand: bool | None = shown_as(FieldClass.OPEN, default=None)
    corroborated_by: tuple[RecordId, ...] = cites(default=(), followed=True)
    note: str | None = shown_as(FieldClass.NARRATIVE, default=None)
    words: str = shown_as(FieldClass.NARRATIVE, default="")
    wording: str | None = shown_as(FieldClass.NARRATIVE, default=None)
    protective: bool | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    within: RecordId | None = cites(default=None)
    time_band: str | None = shown_as(FieldClass.OPEN, default=None, followed=True)
    occurrences: int | None = shown_as(FieldClass.OPEN, default=None)
    standings: tuple[StandingSince, ...] = shown_as(FieldClass.OPEN, followed=True)
    holds_from: date | None = shown_as(FieldClass.OPEN, default=None)
    holds_until: date | None = shown_as(FieldClass.OPEN, default=None)
    recorded_by: ActorId = shown_as(FieldClass.OPEN)
    recorded_at: datetime = shown_as(FieldClass.OPEN)


def standing_on(standings: tuple[StandingSince, ...], review_on: date, day: date) -> Standing | None:
    """Where a statement stands on a day; None when it was not there yet.

    Corrected, withdrawn and a given expiry hold whatever the review date; current and disputed lapse the day after it
    (cases, settled readings: due today is still current).
    """
    reached: Standing | None = None
    for step in standings:
        if step.since <= day:
            reached = step.standing
    if reached in (Standing.CURRENT, Standing.DISPUTED) and review_on < day:
        return Standing.EXPIRED
    return reached


def whose_voice(origin: Origin, agency: str | None) -> Voice:
    """Whose voice a statement carries, from where it comes (practice, section 9.1 and M5)."""
    if origin is Origin.REPORTED_BY_YOUNG_PERSON or agency == "young_person":
        return Voice.YOUNG_PERSON
    if origin is Origin.REPORTED_BY_PARENT or agency == "parent_carer":
        return Voice.FAMILY
    if agency in ("business_retail", "faith", "residents_group", "anonymous"):
        return Voice.COMMUNITY
    return Voice.PROFESSION
