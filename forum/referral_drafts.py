"""What did the referrer write? A whole referral as given in, read strictly: the shape that REST and case files share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.assertion_drafts import LinkDraft, read_link
from forum.errors import Mistake
from forum.given import Given
from forum.references import Reference, read_reference, read_references
from graph.contexts import Context
from graph.incidents import HarmRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDraft:
    """Somebody named, or not, and their roles."""

    person: Reference
    roles: tuple[HarmRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnamedDraft:
    at: str
    ref: str | None
    size_band: str | None
    roles: tuple[HarmRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    at: str
    ref: str | None
    what: str
    participants: tuple[Reference, ...]
    happened_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingDraft:
    at: str
    person: Reference
    who: str
    told: str
    told_on: date | None
    due: date | None
    supervisor_signed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianDraft:
    who: str
    context: Reference | None
    willing: bool | None
    present: tuple[str, ...]
    mode: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    context: Context
    texts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralDraft:
    """A referral as given in. `header` holds the plain fields of forum.referrals.Referral; everything else is referenced."""

    reference: str | None
    received: date
    header: dict[str, Any]
    subject_people: tuple[Reference, ...]
    subject_contexts: tuple[Reference, ...]
    parts: tuple[PartDraft, ...]
    named_people: tuple[RoleDraft, ...]
    unnamed: tuple[UnnamedDraft, ...]
    concerns_contexts: tuple[Reference, ...]
    guardians: tuple[GuardianDraft, ...]
    conditions: tuple[tuple[str, str], ...]
    occurrences: tuple[int | None, str | None, bool | None] | None
    group_friendships: tuple[tuple[Reference, bool], ...]
    events: tuple[EventDraft, ...]
    links: tuple[LinkDraft, ...]
    told: tuple[TellingDraft, ...]

    def references(self) -> Iterator[Reference]:
        """Every reference of the draft, in the order of the body."""
        yield from self.subject_people + self.subject_contexts
        for role in self.named_people:
            yield role.person
        yield from self.concerns_contexts
        for guardian in self.guardians:
            if guardian.context:
                yield guardian.context
        for group, _ in self.group_friendships:
            yield group
        for event in self.events:
            yield from event.participants
        for link in self.links:
            yield link.source
            yield link.target
        for telling in self.told:
            yield telling.person


def read_referral_draft(
    value: Any, *, at: str = "", until: date | None = None
) -> tuple[ReferralDraft | None, tuple[Mistake, ...]]:
    """Reads a whole referral: the draft, or every mistake with its JSON pointer (below `at`); see Given for `until`."""
    mistakes: list[Mistake] = []
    given = Given(value, at, mistakes, until=until)
    received, header = _read_header(given)
    people, contexts = _read_subject(given)
    draft = ReferralDraft(
        reference=given.text("id"),
        received=received or date.min,
        header=header,
        subject_people=people,
        subject_contexts=contexts,
        parts=_read_parts(given),
        named_people=_read_named(given),
        unnamed=_read_unnamed(given),
        concerns_contexts=read_references(given, "concerns_contexts"),
        guardians=_read_guardians(given),
        conditions=_read_conditions(given),
        occurrences=_read_occurrences(given),
        group_friendships=_read_friendships(given),
        events=_read_events(given),
        links=tuple(link for part in given.parts("links") if (link := read_link(part)) is not None),
        told=_read_told(given),
    )
    given.finish()
    return (None if mistakes else draft), tuple(mistakes)


def _read_header(given: Given) -> tuple[date | None, dict[str, Any]]:
    given.require("kind", "Say what the referral is about: a code of the list REF_KIND.")
    given.require("received", "Say which day it was received.")
    given.require("efh_types", "Say which kinds of harm it is about: one or more codes of the list EFH_TYPE.")
    header: dict[str, Any] = {name: given.text(name, long=True) or "" for name in _LONG_TEXTS}
    header["referral_kind"] = given.code("kind", "REF_KIND")
    header["received"] = given.past_day("received")
    header["channel"] = given.code("channel", "CHANNEL")
    header["efh_types"] = given.codes("efh_types", "EFH_TYPE")
    header["policy_gap"] = given.text("policy_gap", long=True)
    header["out_of_area"] = given.flag("out_of_area")
    header["lawful_basis"] = given.code("lawful_basis", "LAWFUL_BASIS")
    header["sharing_purpose"] = given.code("sharing_purpose", "SHARING_PURPOSE")
    if given.require("referrer", "Say who refers: their role and agency.") and (referrer := given.part("referrer")):
        referrer.require("role", "Say their role.")
        referrer.require("agency", "Say their agency: a code of the list AGENCY.")
        header["referrer_role"], header["referrer_agency"] = referrer.text("role"), referrer.code("agency", "AGENCY")
        header["referrer_authority"], header["referrer_via"] = referrer.text("authority"), referrer.text("via")
        referrer.finish()
    home = given.part("home_family")
    header["home_protective"] = home.texts("protective") if home else ()
    if home:
        home.finish()
    return header["received"], header


_LONG_TEXTS = ("reason", "strengths", "change_hoped_for", "narrative")


def _read_subject(given: Given) -> tuple[tuple[Reference, ...], tuple[Reference, ...]]:
    subject = given.part("subject") if given.require("subject", "Say who or what it is about.") else None
    if subject is None:
        return (), ()
    people, contexts = read_references(subject, "people"), read_references(subject, "contexts")
    subject.finish()
    if not people and not contexts and not any(m.pointer.startswith(subject.at + "/") for m in given.mistakes):
        given.wrong("subject", "missing", "Say who or what it is about: at least one young person or one context.")
    return people, contexts


def _read_parts(given: Given) -> tuple[PartDraft, ...]:
    parts = given.part("parts")
    found: list[PartDraft] = []
    for context in Context:
        part = parts.part(context.value) if parts else None
        if part is not None:
            texts = {name: part.text(name, long=True) or "" for name in _PART_TEXTS}
            part.finish()
            found.append(PartDraft(context=context, texts=texts))
    if parts:
        parts.finish()
    return tuple(found)


_PART_TEXTS = ("narrative", "strengths", "worries", "what_would_help", "whose_words")


def _read_roles(part: Given) -> tuple[HarmRole, ...]:
    """Roles in the order of the code list, harmed first."""
    found = {HarmRole(code) for code in part.codes("roles", "ROLE")}
    return tuple(role for role in HarmRole if role in found)


def _read_named(given: Given) -> tuple[RoleDraft, ...]:
    found: list[RoleDraft] = []
    for part in given.parts("named_people"):
        part.require("person", "Say which young person.")
        person, roles = read_reference(part, "person"), _read_roles(part)
        part.finish()
        if person:
            found.append(RoleDraft(person=person, roles=roles))
    return tuple(found)


def _read_unnamed(given: Given) -> tuple[UnnamedDraft, ...]:
    found: list[UnnamedDraft] = []
    for part in given.parts("unnamed"):
        ref = part.text("id") or part.text("ref")
        draft = UnnamedDraft(at=part.at, ref=ref, size_band=part.text("size_band", limit=40), roles=_read_roles(part))
        part.finish()
        found.append(draft)
    return tuple(found)


def _read_guardians(given: Given) -> tuple[GuardianDraft, ...]:
    found: list[GuardianDraft] = []
    for part in given.parts("guardians"):
        part.require("who", "Say who could help, by their role.")
        found.append(
            GuardianDraft(
                who=part.text("who") or "",
                context=read_reference(part, "context"),
                willing=part.flag("willing"),
                present=part.words("present"),
                mode=part.code("mode", "MODE"),
            )
        )
        part.finish()
    return tuple(found)


def _read_conditions(given: Given) -> tuple[tuple[str, str], ...]:
    part = given.part("conditions")
    if part is None:
        return ()
    return tuple((part.check_text(part.place(name), name), part.text(name) or "") for name in sorted(map(str, part.value)))


def _read_occurrences(given: Given) -> tuple[int | None, str | None, bool | None] | None:
    part = given.part("occurrences")
    if part is None:
        return None
    found = (part.whole("count", least=1, most=10_000), part.time_band("time_band"), part.flag("term_time"))
    part.finish()
    return found


def _read_friendships(given: Given) -> tuple[tuple[Reference, bool], ...]:
    part = given.part("group_friendship")
    if part is None:
        return ()
    part.require("group", "Say which peer group.")
    group, protective = read_reference(part, "group"), part.flag("protective")
    part.finish()
    return ((group, bool(protective)),) if group else ()


def _read_events(given: Given) -> tuple[EventDraft, ...]:
    found: list[EventDraft] = []
    for part in given.parts("events"):
        part.require("kind", "Say what happened, as a short code such as missing_together.")
        found.append(
            EventDraft(
                at=part.at,
                ref=part.text("id") or part.text("ref"),
                what=part.word("kind") or "",
                participants=read_references(part, "participants"),
                happened_on=part.past_day("date"),
            )
        )
        part.finish()
    return tuple(found)


def _read_told(given: Given) -> tuple[TellingDraft, ...]:
    found: list[TellingDraft] = []
    for part in given.parts("told"):
        part.require("person", "Say which young person this is about.")
        part.require("who", "Say who was or is to be told: young_person or parent_carer.")
        part.require("status", "Say whether they were told: a code of the list TOLD.")
        person, who = read_reference(part, "person"), part.take("who")
        if who is not None and who not in ("young_person", "parent_carer"):
            part.wrong("who", "unknown-code", "Write young_person or parent_carer.")
        told = part.code("status", "TOLD")
        told_on, due, signed = part.past_day("date"), part.day("due"), part.flag("supervisor_signed")
        part.finish()
        if person and told and isinstance(who, str):
            found.append(
                TellingDraft(at=part.at, person=person, who=who, told=told, told_on=told_on, due=due, supervisor_signed=signed)
            )
    return tuple(found)
