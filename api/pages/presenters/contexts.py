"""One context as a page: guardians and strengths first, what is known and from whom, conditions, its referrals and its map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Fact, Labels, Link, fact
from api.pages.presenters.linked_referrals import PairLine, pair_line
from api.pages.presenters.map_lines import MapLine, map_lines
from api.pages.presenters.paging import left_out
from api.pages.presenters.referral_lines import ReferralLine, referral_line
from api.pages.presenters.statements import (
    STANDS_FOR_STRENGTH,
    STANDS_FOR_WORRY,
    StatementLine,
    ends_of,
    is_disputed,
    is_said_of,
    meaning_of,
    past_review,
    present_statement,
    shown_today,
    strengths_first,
)
from api.pages.presenters.strengths import condition_lines, friendship_words, guardian_words
from api.pages.presenters.wording import and_list, code_words, how_many, starts
from forum.linked_referrals import LinkedReferrals
from forum.maps import MapSheet
from forum.referrals import Referral
from graph.assertions import Assertion
from graph.contexts import TYPE_OF_KIND, ContextRecord
from graph.records import RecordId

REFERRALS_SHOWN = 50
PAIRS_SHOWN = 30
STATEMENTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SaidIn:
    """A sentence, and the referral it stands in."""

    text: str
    said_in: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFacts:
    """What the page is made from, as this reader may be shown it, on a day.

    `about` are referrals whose subject it is, `guarded` those that name guardians there, `befriended` those that say of a
    group what its friendship does, `why` says for each referral that counts for it how; all in the order in which they were
    received.
    """

    context: ContextRecord
    today: date
    parts: Sequence[ContextRecord]
    statements: Sequence[Assertion]
    about: Sequence[Referral]
    guarded: Sequence[Referral]
    befriended: Sequence[Referral]
    why: Mapping[RecordId, str]
    linked: Sequence[LinkedReferrals]
    sheets: Sequence[MapSheet]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPage:
    """Everything the page of a context says."""

    label: str
    kind: str
    summary: str
    facts: tuple[Fact, ...]
    friendships: tuple[SaidIn, ...]
    guardians: tuple[SaidIn, ...]
    safe_for: str
    strengths: tuple[StatementLine, ...]
    statements: tuple[StatementLine, ...]
    statements_note: str
    both_ways: str
    conditions: tuple[SaidIn, ...]
    referrals_sentence: str
    referrals: tuple[ReferralLine, ...]
    referrals_left_out: str
    linked: tuple[PairLine, ...]
    linked_left_out: str
    maps: tuple[MapLine, ...]


def kind_words(context: ContextRecord) -> str:
    """What kind of thing it is: the kind of place or space where one is given, else the kind of context."""
    if context.place_kind:
        return starts(code_words("PLACE_KIND", context.place_kind))
    if context.space_kind:
        return f"Online space: {code_words('SPACE_KIND', context.space_kind)}"
    return starts(code_words("CTX_TYPE", TYPE_OF_KIND[context.KIND]))


def present_context(given: ContextFacts, labels: Labels) -> ContextPage:
    """The page. Statements that are corrected, withdrawn or past their review date are not on it."""
    context, today = given.context, given.today
    standing = strengths_first(shown_today(given.statements, today))
    _load(given, standing, labels)
    strengths = [found for found in standing if meaning_of(found) == STANDS_FOR_STRENGTH]
    others = [found for found in standing if meaning_of(found) != STANDS_FOR_STRENGTH]
    counted = list(given.why)
    linked = given.linked[:PAIRS_SHOWN]
    return ContextPage(
        label=labels.of(context.id),
        kind=kind_words(context),
        summary=_summary(given, standing),
        facts=_facts(given, labels),
        friendships=_friendships(given, labels),
        guardians=_guardians(given, labels),
        safe_for=_safe_for(context, labels),
        strengths=tuple(present_statement(found, labels, today) for found in strengths[:STATEMENTS_SHOWN]),
        statements=tuple(present_statement(found, labels, today) for found in others[:STATEMENTS_SHOWN]),
        statements_note=_note(given, len(standing) - len(strengths[:STATEMENTS_SHOWN]) - len(others[:STATEMENTS_SHOWN])),
        both_ways=_both_ways(given, standing, labels),
        conditions=tuple(SaidIn(line, labels.link(found.id)) for found in given.about for line in condition_lines(found)),
        referrals_sentence=f"{starts(how_many(len(counted), 'referral counts', 'referrals count'))} for this context today.",
        referrals=tuple(referral_line(found, labels, given.why[found]) for found in counted[:REFERRALS_SHOWN]),
        referrals_left_out=left_out(
            len(counted) - REFERRALS_SHOWN, "more referral", "more referrals", "in the list of referrals"
        ),
        linked=tuple(pair_line(found, labels) for found in linked),
        linked_left_out=left_out(
            len(given.linked) - len(linked),
            "more pair shares",
            "more pairs share",
            "this context: every two of its referrals",
            "",
        ),
        maps=map_lines(given.sheets, labels),
    )


def _load(given: ContextFacts, standing: Sequence[Assertion], labels: Labels) -> None:
    wanted: set[RecordId | None] = {given.context.id, given.context.part_of, *given.context.safe_for, *ends_of(standing)}
    wanted |= {found.id for found in (*given.parts, *given.about, *given.guarded, *given.befriended)}
    wanted |= set(list(given.why)[:REFERRALS_SHOWN])
    wanted |= {referral for found in given.linked[:PAIRS_SHOWN] for referral in found.referrals}
    labels.load(wanted)


def _summary(given: ContextFacts, standing: Sequence[Assertion]) -> str:
    """What is said of this very context, and of a group apart from that what is said of it at other places."""
    here = [found for found in standing if is_said_of(found, given.context.id)]
    safe, worried = _safe_and_worried(here)
    said = (
        f"{starts(how_many(len(safe), 'statement speaks', 'statements speak'))} of safety here"
        f"{_of_which(safe, given.today)}, and {how_many(len(worried), 'statement', 'statements')} of harm or feeling unsafe"
        f"{_of_which(worried, given.today)}."
    )
    safe, worried = _safe_and_worried([found for found in standing if _is_elsewhere(found, given.context.id)])
    if safe or worried:
        said += (
            f" Of other places, {how_many(len(safe), 'statement says', 'statements say')} that they feel safe there"
            f"{_of_which(safe, given.today)}, and {how_many(len(worried), 'statement', 'statements')} that they were harmed or "
            f"feel unsafe there{_of_which(worried, given.today)}."
        )
    return f"{said} {starts(how_many(len(given.why), 'referral counts', 'referrals count'))} for it."


def _is_elsewhere(statement: Assertion, context: RecordId) -> bool:
    """Said of another place, by or of those who are this context: a group."""
    return statement.source == context and is_said_of(statement, statement.target)


def _safe_and_worried(statements: Sequence[Assertion]) -> tuple[list[Assertion], list[Assertion]]:
    safe = [found for found in statements if meaning_of(found) == STANDS_FOR_STRENGTH]
    return safe, [found for found in statements if meaning_of(found) == STANDS_FOR_WORRY]


def _of_which(statements: Sequence[Assertion], today: date) -> str:
    """How many of those just counted are disputed; empty when none is."""
    disputed = sum(1 for found in statements if is_disputed(found, today))
    if not disputed:
        return ""
    return " (disputed)" if disputed == len(statements) else f" (of which {how_many(disputed, 'is', 'are')} disputed)"


def _facts(given: ContextFacts, labels: Labels) -> tuple[Fact, ...]:
    context = given.context
    rows = [fact("Counts under", starts(code_words("CONTEXT", context.counts_under.value)))]
    if context.everyday_name and context.everyday_name != context.label:
        rows.append(fact("Everyday name", context.everyday_name))
    if context.part_of is not None and labels.is_here(context.part_of):
        rows.append(fact("Part of", labels.link(context.part_of)))
    if given.parts:
        rows.append(fact("Holds", *(labels.link(part.id) for part in given.parts)))
    if context.size_band:
        rows.append(fact("How many young people", context.size_band))
    return tuple(rows)


def _guardians(given: ContextFacts, labels: Labels) -> tuple[SaidIn, ...]:
    return tuple(
        SaidIn(guardian_words(guardian, labels), labels.link(referral.id))
        for referral in given.guarded
        for guardian in referral.guardians
        if guardian.context == given.context.id
    )


def _friendships(given: ContextFacts, labels: Labels) -> tuple[SaidIn, ...]:
    return tuple(
        SaidIn(friendship_words(friendship, labels), labels.link(referral.id))
        for referral in given.befriended
        for friendship in referral.group_friendships
        if friendship.group == given.context.id and friendship.protective
    )


def _safe_for(context: ContextRecord, labels: Labels) -> str:
    groups = [labels.of(group) for group in context.safe_for if labels.is_here(group)]
    return f"Said to be a safe place for {and_list(groups)}." if groups else ""


def _note(given: ContextFacts, too_many: int) -> str:
    long = left_out(too_many, "more statement stands", "more statements stand", "in the referrals of this context", "")
    return " ".join(part for part in (long, past_review(given.statements, given.today)) if part)


def _both_ways(given: ContextFacts, standing: Sequence[Assertion], labels: Labels) -> str:
    """Two true statements at different times are both kept (practice, section 9.3); the page says so where it happens.

    Of a disputed statement nobody can say that it is true.
    """
    ends: dict[str, set[tuple[RecordId, RecordId]]] = {STANDS_FOR_STRENGTH: set(), STANDS_FOR_WORRY: set()}
    for found in standing:
        if is_said_of(found, found.target) and not is_disputed(found, given.today):
            ends.get(meaning_of(found), set()).add((found.source, found.target))
    both = ends[STANDS_FOR_STRENGTH] & ends[STANDS_FOR_WORRY]
    if any(place == given.context.id for _, place in both):
        said = "Some feel safe here at one time, and were harmed or feel unsafe here at another."
    elif both:
        places = and_list(sorted({labels.of(place) for _, place in both}))
        said = f"They feel safe at {places} at one time, and were harmed or feel unsafe there at another."
    else:
        return ""
    return f"{said} Both are true; neither cancels the other."
