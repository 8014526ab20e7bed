"""How days, numbers, lists and codes read in a sentence somebody could say aloud."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from forum.code_lists import words_of
from graph.assertions import HowKnown, HowSure

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

HOW_KNOWN: dict[HowKnown, str] = {
    HowKnown.FIRST_HAND: "seen or heard first-hand",
    HowKnown.TOLD_BY_YOUNG_PERSON_OR_FAMILY: "told by the young person or family",
    HowKnown.TOLD_BY_OTHER_PROFESSIONAL: "told by another professional",
    HowKnown.SECOND_HAND_OR_RUMOUR: "second-hand or rumour",
    HowKnown.INFERRED: "professional judgement",
}
HOW_SURE: dict[HowSure, str] = {HowSure.SURE: "sure", HowSure.FAIRLY: "fairly sure", HowSure.NOT: "not sure"}


def day_words(day: date | None) -> str:
    """A day as people write it, "21 November 2026"; "no date" when there is none."""
    return "no date" if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime) -> str:
    """A moment of the real clock in coordinated universal time, to the minute: "21 November 2026, 09:30 UTC"."""
    there = moment.astimezone(UTC)
    return f"{day_words(there.date())}, {there:%H:%M} UTC"


def and_list(words: Iterable[str]) -> str:
    """Words as they are said one after another: a, b and c. Empty for none."""
    given = list(words)
    if len(given) < 2:
        return "".join(given)
    return f"{', '.join(given[:-1])} and {given[-1]}"


def how_many(number: int, one: str, many: str) -> str:
    """A number and its noun: one referral, 3 referrals, no referrals."""
    if number == 1:
        return f"one {one}"
    return f"{'no' if number == 0 else number} {many}"


def starts(sentence: str) -> str:
    """The same words with a capital at the start, as a sentence begins."""
    return sentence[:1].upper() + sentence[1:]


def code_words(list_name: str, code: str | None, otherwise: str = "not said") -> str:
    """The label of a code, in local wording; the code itself, readable, where the list does not know it."""
    if not code:
        return otherwise
    try:
        return words_of(list_name, code)
    except KeyError:
        return code.replace("_", " ")


def code_sentence(list_name: str, codes: Iterable[str]) -> str:
    """The labels of several codes, in the order in which they were recorded."""
    return and_list(code_words(list_name, code) for code in codes)


def said_by(role: str, agency: str | None) -> str:
    """Who says so, by role and agency: social worker (children's social care). A role that names its agency says it once."""
    words = code_words("AGENCY", agency, "")
    return f"{role} ({words})" if words and words.casefold() not in role.casefold() else role


def time_band_words(band: str | None) -> str:
    """When of the day: a word of the list, or two times as they were given; empty when nobody said."""
    if not band:
        return ""
    if band[0].isdigit():
        first, _, last = band.replace("–", "-").partition("-")
        return f"between {first.strip()} and {last.strip()}" if last else f"at {first}"
    return code_words("TIME_BAND", band)
