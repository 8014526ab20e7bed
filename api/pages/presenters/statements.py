"""How one statement reads on a page: what is said, how it is known, how sure, who said it, when, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.wording import HOW_KNOWN, HOW_SURE, day_words, how_many, said_by, starts, time_band_words
from graph.assertions import WHO, Assertion, AssertionKind, Origin, Standing, standing_on
from graph.contexts import Location
from graph.people import AdultOfConcern
from graph.records import RecordId
from visualise.style import symbols

STANDS_FOR_STRENGTH = "strength"
STANDS_FOR_WORRY = "worry"
PLACE = {STANDS_FOR_STRENGTH: 0, STANDS_FOR_WORRY: 2}
FOR_MANY = {
    "was": "were",
    "is": "are",
    "has": "have",
    "says": "say",
    "feels": "feel",
    "spends": "spend",
    "attends": "attend",
    "lives": "live",
    "travels": "travel",
    "works": "work",
    "volunteers": "volunteer",
    "fears": "fear",
    "avoids": "avoid",
    "knows": "know",
    "trusts": "trust",
    "shares": "share",
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement as a row. `disputed` is shown as a boxed word; `more` is what else was said of it."""

    sentence: str
    more: str
    how_known: str
    how_sure: str
    said_by: str
    when: str
    said_in: Link
    disputed: bool
    standing: str


def standing_of(statement: Assertion, today: date) -> Standing | None:
    """Where a statement stands today; None when it is not there yet, or is only a system's suggestion."""
    if statement.origin is Origin.SYSTEM_MATCH:
        return None
    return standing_on(statement.standings, statement.review_on, today)


def shown_today(statements: Iterable[Assertion], today: date) -> list[Assertion]:
    """The statements that may stand on a page today: current and disputed ones (practice, section 9.3)."""
    return [found for found in statements if standing_of(found, today) in (Standing.CURRENT, Standing.DISPUTED)]


def is_disputed(statement: Assertion, today: date) -> bool:
    """Whether somebody says that it is not so: said wherever the statement is told or counted (practice, section 9.3)."""
    return standing_of(statement, today) is Standing.DISPUTED


def meaning_of(statement: Assertion) -> str:
    """What it means in the one symbol table: strength, worry, both or neither; a tie said to protect is a strength."""
    if statement.protective is True:
        return STANDS_FOR_STRENGTH
    meaning: str = symbols()["tie"][statement.says.code]["meaning"]
    return meaning


def is_said_of(statement: Assertion, place: RecordId) -> bool:
    """Whether it says what it is like for somebody there. Whose group stands at the other end is not where it happened, and
    a tie between people is nowhere."""
    ends = statement.says.ends
    return statement.target == place and ends.source == WHO and Location.KIND in ends.target


def strengths_first(statements: Iterable[Assertion]) -> list[Assertion]:
    """Strengths, then what is neither, then worries; inside each the earliest known first, then by id."""

    def place(found: Assertion) -> tuple[int, date, str]:
        known = found.date_known or found.date_recorded
        return PLACE.get(meaning_of(found), 1), known, found.id

    return sorted(statements, key=place)


def sentence_of(statement: Assertion, labels: Labels) -> str:
    """The statement in plain words, with a capital and no full stop: "Y1 was harmed at Tollgate Parade frontage"."""
    ends = (_in_a_sentence(statement.source, labels), _in_a_sentence(statement.target, labels))
    if statement.says is AssertionKind.UNCLEAR and statement.wording:
        return f"{starts(ends[0])} and {ends[1]}: the words used are “{statement.wording}”, and nobody has said what they mean"
    reads = statement.says.ends.reads
    if labels.are_many(statement.source):
        reads = _for_many(reads)
    return f"{starts(ends[0])} {reads.format(*ends)}"


def _in_a_sentence(record_id: RecordId, labels: Labels) -> str:
    """What a record is called inside a sentence: an adult of concern is "an adult (details held by police)"."""
    record = labels.record(record_id)
    if isinstance(record, AdultOfConcern):
        return f"an adult (details {labels.of(record_id)})"
    return labels.of(record_id)


def _for_many(reads: str) -> str:
    """The verbs of a sentence in the plural."""
    return " ".join(FOR_MANY.get(word, word) for word in reads.split(" "))


def _more(statement: Assertion, labels: Labels) -> str:
    """What else was said: when of the day, how often, in which group, whether it protects, and any note."""
    parts = [time_band_words(statement.time_band)]
    if statement.occurrences:
        parts.append("once" if statement.occurrences == 1 else f"{statement.occurrences} times")
    if statement.within is not None and labels.is_here(statement.within):
        parts.append(f"within {labels.of(statement.within)}")
    if statement.protective:
        parts.append("this tie protects")
    parts.append(statement.note or "")
    found = [part for part in parts if part]
    return f"({'; '.join(found)})" if found else ""


def _when(statement: Assertion) -> str:
    """The day it was true or seen, and the day it was written down where that was another."""
    known = day_words(statement.date_known) if statement.date_known else "day not known"
    if statement.date_known == statement.date_recorded:
        return known
    return f"{known}; written down on {day_words(statement.date_recorded)}"


def present_statement(statement: Assertion, labels: Labels, today: date) -> StatementLine:
    """One statement as this reader sees it today."""
    standing = standing_of(statement, today)
    said_in = Link("outside any referral")
    if statement.stated_in is not None:
        said_in = labels.link(statement.stated_in)
    return StatementLine(
        sentence=sentence_of(statement, labels),
        more=_more(statement, labels),
        how_known=HOW_KNOWN[statement.known],
        how_sure=HOW_SURE[statement.how_sure],
        said_by=said_by(statement.source_role, statement.agency),
        when=_when(statement),
        said_in=said_in,
        disputed=is_disputed(statement, today),
        standing="" if standing is None else standing.value,
    )


def past_review(statements: Iterable[Assertion], today: date) -> str:
    """A sentence on what is left out for its age; empty when nothing is."""
    count = sum(1 for found in statements if standing_of(found, today) is Standing.EXPIRED)
    if count == 0:
        return ""
    return f"{how_many(count, 'statement is', 'statements are').capitalize()} past the review date, so not shown and not counted."


def ends_of(statements: Iterable[Assertion]) -> set[RecordId]:
    """Every record that these statements speak of, and what they were said in."""
    found: set[RecordId | None] = set()
    for statement in statements:
        found |= {statement.source, statement.target, statement.within, statement.stated_in}
    return {record_id for record_id in found if record_id is not None}
