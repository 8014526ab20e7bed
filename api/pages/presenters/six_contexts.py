"""What a referral says about each of the six contexts, and a question where it says nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.statements import STANDS_FOR_STRENGTH, STANDS_FOR_WORRY, is_disputed, is_said_of, meaning_of
from api.pages.presenters.wording import and_list, code_words, how_many, starts
from forum.prompts import find_unaddressed_contexts
from forum.referral_parts import ContextConcern
from forum.referrals import Referral
from graph.assertions import Assertion
from graph.contexts import Context, ContextRecord
from graph.records import RecordId

SPOKEN_OF = "spoken of"
REPORTED = {
    STANDS_FOR_STRENGTH: "safety is reported there",
    STANDS_FOR_WORRY: "harm or feeling unsafe is reported there",
}
IN_STATEMENTS = "What is said stands in the statements below."
NOTHING_HERE = "Nothing is recorded here."
PROMPTS: dict[Context, str] = {
    Context.YOUNG_PERSON: "Nothing is said about the young person themselves. What do they say, and what do they need?",
    Context.HOME: "Nothing is said about home and family. Who at home keeps them safe, and what would help the family?",
    Context.PEERS: "Nothing is said about friends and peers. Who do they spend time with, and who looks out for them?",
    Context.SCHOOL: "Nothing is said about school and education. Where do they learn, and where there do they feel safe?",
    Context.NEIGHBOURHOOD: "Nothing is said about the neighbourhood and its places. Where do they go, and how do they get there?",
    Context.ONLINE: "Nothing is said about online spaces. Where are they online, and what is that like for them?",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in words, under a name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Meets:
    """A context record that the referral speaks of, and how."""

    context: Link
    why: str


@dataclass(frozen=True, slots=True)
class ContextOfReferral:
    """One of the six contexts as this referral has it. `prompt` is a question where nothing is said; `otherwise` stands where
    there are neither words nor records nor a question."""

    name: str
    said: tuple[Said, ...]
    records: tuple[Meets, ...]
    prompt: str
    otherwise: str


def present_six(
    referral: Referral,
    statements: Sequence[Assertion],
    labels: Labels,
    *,
    people: Sequence[RecordId],
    with_prompts: bool,
    today: date,
) -> tuple[ContextOfReferral, ...]:
    """The six, in the order of the code list. `people` are those whom the referral names today."""
    meets = _meets(referral, statements, labels, today)
    records = [record for found in meets if isinstance(record := labels.record(found), ContextRecord)]
    open_contexts = find_unaddressed_contexts(referral, statements, records) if with_prompts else ()
    parts = {part.context: part for part in referral.parts}
    between_people = any(found.source not in meets and found.target not in meets for found in statements)
    return tuple(
        ContextOfReferral(
            name=starts(code_words("CONTEXT", context.value)),
            said=_said(context, referral, parts.get(context.value), labels, people),
            records=tuple(
                Meets(labels.link(record.id), meets[record.id]) for record in records if record.counts_under is context
            ),
            prompt=PROMPTS[context] if context in open_contexts else "",
            otherwise=IN_STATEMENTS if context is Context.PEERS and between_people else NOTHING_HERE,
        )
        for context in Context
    )


def _meets(referral: Referral, statements: Sequence[Assertion], labels: Labels, today: date) -> dict[RecordId, str]:
    """Every context the referral speaks of, in order of label, with how."""
    ways: dict[RecordId, list[str]] = {}
    for context in referral.subject_contexts:
        ways.setdefault(context, []).append("this referral is about it")
    for context in referral.concerns_contexts:
        ways.setdefault(context, []).append(_also_named(context, labels))
    for end in dict.fromkeys(end for found in statements for end in (found.source, found.target)):
        if isinstance(labels.record(end), ContextRecord):
            ways.setdefault(end, []).extend(_reported([found for found in statements if is_said_of(found, end)], today))
    return {found: and_list(ways[found] or [SPOKEN_OF]) for found in labels.sorted_by_label(ways)}


def _also_named(context: RecordId, labels: Labels) -> str:
    """For what a referral names without being about it. No group of friends is called a concern for that: it would label them
    (practice, section 7.6)."""
    return f"this referral also speaks of {'this group' if labels.are_many(context) else 'it'}"


def _reported(there: Sequence[Assertion], today: date) -> Iterator[str]:
    """What these statements, all of one place, report of it: each thing once, and what of it is disputed (practice, 9.3)."""
    for meaning, words in REPORTED.items():
        found = [statement for statement in there if meaning_of(statement) == meaning]
        disputed = sum(1 for statement in found if is_disputed(statement, today))
        if disputed and disputed < len(found):
            of_all = f"of {len(found)} statements"
            yield f"{words} ({how_many(disputed, f'{of_all} is', f'{of_all} are')} disputed)"
        elif found:
            yield f"{words} (disputed)" if disputed else words


def _said(
    context: Context, referral: Referral, part: ContextConcern | None, labels: Labels, people: Sequence[RecordId]
) -> tuple[Said, ...]:
    found: list[tuple[str, str]] = []
    if context is Context.YOUNG_PERSON and people:
        found.append(("", _whom(referral, labels, people)))
    if context is Context.HOME and referral.home_protective:
        found.append(("Protective", and_list(referral.home_protective)))
    if part is not None:
        found += [
            ("Strengths", part.strengths),
            ("", part.narrative),
            ("Worries", part.worries),
            ("What would help", part.what_would_help),
            ("Whose words", part.whose_words),
        ]
    return tuple(Said(name, text) for name, text in found if text)


def _whom(referral: Referral, labels: Labels, people: Sequence[RecordId]) -> str:
    """Whom the referral is about; else whom it names."""
    subjects = [labels.of(person) for person in referral.subject_people if person in people]
    if subjects:
        return f"This referral is about {and_list(subjects)}."
    return f"This referral names {and_list(sorted(labels.of(person) for person in people))}."
