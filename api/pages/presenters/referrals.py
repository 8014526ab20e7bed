"""One referral as a page: strengths first, the referrer's words, the six contexts, who was told, and how each thing is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Fact, Labels, Link, fact
from api.pages.presenters.linked_referrals import PairLine, pair_line, same_person_line
from api.pages.presenters.map_lines import MapLine, map_lines
from api.pages.presenters.paging import left_out
from api.pages.presenters.referral_lines import describe
from api.pages.presenters.referral_people import PersonInReferral, present_people
from api.pages.presenters.six_contexts import ContextOfReferral, present_six
from api.pages.presenters.statements import (
    STANDS_FOR_STRENGTH,
    StatementLine,
    ends_of,
    is_disputed,
    meaning_of,
    past_review,
    present_statement,
    sentence_of,
    shown_today,
    strengths_first,
)
from api.pages.presenters.strengths import any_words, condition_lines, strength_lines
from api.pages.presenters.wording import and_list, code_sentence, code_words, day_words, how_many, starts, time_band_words
from forum.linked_referrals import LinkedReferrals
from forum.maps import MapSheet
from forum.participation import Awareness, latest_tellings
from forum.referrals import Referral
from forum.same_person_links import SamePersonLink
from graph.assertions import Assertion
from graph.incidents import Incident
from graph.records import RecordId

LINKED_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts:
    """What the page is made from: the referral and what is stated in it, as this reader may be shown them, on a day.

    `with_words` is False where the reader's role is not shown free text at all: then nothing is asked about it either.
    """

    referral: Referral
    today: date
    named: frozenset[RecordId]
    statements: Sequence[Assertion]
    told: Sequence[Awareness]
    incidents: Sequence[Incident]
    linked: Sequence[LinkedReferrals]
    same_person: Sequence[SamePersonLink]
    sheets: Sequence[MapSheet]
    needs_source_check: bool
    with_words: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the referrer under its name, or the question that stands in its place."""

    name: str
    text: str
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """Everything the page of a referral says."""

    reference: str
    summary: str
    flags: tuple[str, ...]
    facts: tuple[Fact, ...]
    with_words: bool
    strengths: tuple[str, ...]
    strengths_in_words: tuple[str, ...]
    words: tuple[Words, ...]
    contexts: tuple[ContextOfReferral, ...]
    people: tuple[PersonInReferral, ...]
    statements: tuple[StatementLine, ...]
    statements_note: str
    events: tuple[str, ...]
    conditions: tuple[str, ...]
    linked: tuple[PairLine, ...]
    linked_left_out: str
    same_person: tuple[PairLine, ...]
    maps: tuple[MapLine, ...]


def present_referral(given: ReferralFacts, labels: Labels) -> ReferralPage:
    """The page. Statements that are corrected, withdrawn or past their review date are not on it."""
    referral, today = given.referral, given.today
    standing = strengths_first(shown_today(given.statements, today))
    _load(given, standing, labels)
    people = sorted(given.named)
    linked = given.linked[:LINKED_SHOWN]
    return ReferralPage(
        reference=labels.of(referral.id),
        summary=f"{starts(describe(referral))}.",
        flags=_flags(given),
        facts=_facts(referral, labels, given.named),
        with_words=given.with_words,
        strengths=(*strength_lines(referral, labels), *_strengths_said(standing, labels, today)),
        strengths_in_words=any_words((referral.strengths, *(part.strengths for part in referral.parts))),
        words=_words(referral) if given.with_words else (),
        contexts=present_six(referral, standing, labels, people=people, with_prompts=given.with_words, today=today),
        people=present_people(referral, given.named, latest_tellings(given.told, on=today), labels, today),
        statements=tuple(present_statement(found, labels, today) for found in standing),
        statements_note=past_review(given.statements, today),
        events=tuple(_event(found, labels) for found in given.incidents if found.recorded_on <= today),
        conditions=condition_lines(referral),
        linked=tuple(pair_line(found, labels) for found in linked),
        linked_left_out=left_out(
            len(given.linked) - len(linked),
            "more pair shares",
            "more pairs share",
            "a context; see the pages of those contexts",
            "",
        ),
        same_person=tuple(same_person_line(found, labels) for found in given.same_person),
        maps=map_lines(given.sheets, labels),
    )


def _load(given: ReferralFacts, standing: Sequence[Assertion], labels: Labels) -> None:
    referral = given.referral
    wanted: set[RecordId | None] = {referral.id, *given.named, *ends_of(standing)}
    wanted |= {*referral.subject_contexts, *referral.concerns_contexts}
    wanted |= {found.people for found in referral.unnamed} | {found.context for found in referral.guardians}
    wanted |= {found.group for found in referral.group_friendships}
    wanted |= {person.person for found in given.incidents for person in found.participants}
    wanted |= {end for found in given.linked for end in (*found.referrals, found.context)}
    wanted |= {end for found in given.same_person for end in (*found.referrals, found.person)}
    labels.load(wanted)


def _strengths_said(standing: Sequence[Assertion], labels: Labels, today: date) -> tuple[str, ...]:
    """The statements that speak of safety or protection, as sentences; the table below says how each is known."""
    return tuple(
        f"{sentence_of(found, labels)}{' (disputed)' if is_disputed(found, today) else ''}"
        for found in standing
        if meaning_of(found) == STANDS_FOR_STRENGTH
    )


def _flags(given: ReferralFacts) -> tuple[str, ...]:
    if not given.needs_source_check:
        return ()
    return ("Re-check source: a statement about a young person in this referral was corrected elsewhere. Look again at it.",)


def _facts(referral: Referral, labels: Labels, named: frozenset[RecordId]) -> tuple[Fact, ...]:
    about: list[str | Link] = [labels.of(person) for person in referral.subject_people if person in named]
    about += [labels.link(context) for context in referral.subject_contexts if labels.is_here(context)]
    rows = [fact("About", *(about or ["nobody named"]))]
    also = [labels.link(context) for context in referral.concerns_contexts if labels.is_here(context)]
    if also:
        rows.append(fact("Also speaks of", *also))
    rows.append(fact("Kinds of harm", code_sentence("EFH_TYPE", referral.efh_types) or "not said"))
    if referral.channel:
        rows.append(fact("Reached us by", code_words("CHANNEL", referral.channel)))
    if referral.referrer_via:
        rows.append(fact("Passed on by", referral.referrer_via))
    if referral.out_of_area or referral.referrer_authority:
        rows.append(fact("From another authority", referral.referrer_authority or "yes"))
    if often := _how_often(referral):
        rows.append(fact("How often and when", often))
    rows.append(fact("Shared for", code_words("SHARING_PURPOSE", referral.sharing_purpose)))
    rows.append(fact("Who may see it", code_words("HANDLING", referral.handling.value)))
    rows.append(fact("Must be looked at again by", day_words(referral.review_on)))
    return tuple(rows)


def _how_often(referral: Referral) -> str:
    parts = []
    for found in referral.occurrences:
        parts.append(how_many(found.count, "time", "times") if found.count else "")
        parts.append(time_band_words(found.time_band))
        parts.append("in term time" if found.term_time else "")
    return ", ".join(part for part in parts if part)


def _words(referral: Referral) -> tuple[Words, ...]:
    return (
        Words("What the worry is", referral.reason, "Nothing is said yet. What are you worried about, and what does it lead to?"),
        Words("What happened", referral.narrative, "No narrative is given. What happened, as somebody would tell it?"),
        Words(
            "The change hoped for",
            referral.change_hoped_for,
            "Nothing is said yet. What would be better, and how would you see it?",
        ),
    )


def _event(incident: Incident, labels: Labels) -> str:
    """One event with those who took part in it, and its day."""
    who = [labels.of(found.person) for found in incident.participants if labels.is_here(found.person)]
    when = day_words(incident.happened_on) if incident.happened_on else "no date given"
    return f"{starts(code_words('EVENT_KIND', incident.what))}: {and_list(who) or 'nobody named'} ({when})"
