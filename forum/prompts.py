"""What does the referral leave unsaid? Each prompt is a question to the referrer, never a refusal (practice, 7.2)."""

from collections.abc import Iterable

from forum.participation import Awareness
from forum.referrals import Referral
from graph.assertions import Assertion
from graph.contexts import Context, ContextRecord
from graph.records import RecordId
from graph.store.boundary import View

_SPOKEN = {
    Context.YOUNG_PERSON: "the young person themselves",
    Context.HOME: "home and family",
    Context.PEERS: "friends and peers",
    Context.SCHOOL: "school and education",
    Context.NEIGHBOURHOOD: "the neighbourhood and places",
    Context.ONLINE: "online spaces",
}


def find_unaddressed_contexts(
    referral: Referral, statements: Iterable[Assertion], contexts: Iterable[ContextRecord]
) -> tuple[Context, ...]:
    """Which of the six contexts the referral says nothing about, in the order of the list.

    A context is addressed by words in its part, by being what the referral is about or concerns, or by a statement that
    ends at a record which counts under it; `contexts` are the records cited. Source: checklist one, F15.
    """
    under = {context.id: context.counts_under for context in contexts}
    addressed = {Context(part.context) for part in referral.parts if part.narrative or part.strengths or part.worries}
    if referral.subject_people or referral.named_people:
        addressed.add(Context.YOUNG_PERSON)
    if referral.home_protective:
        addressed.add(Context.HOME)
    cited: set[RecordId] = {*referral.subject_contexts, *referral.concerns_contexts}
    for statement in statements:
        cited |= {statement.source, statement.target}
        if statement.source not in under and statement.target not in under:
            addressed.add(Context.PEERS)
    addressed |= {under[found] for found in cited if found in under}
    return tuple(context for context in Context if context not in addressed)


def prompts_for(view: View, referral: Referral) -> tuple[str, ...]:
    """What to ask the referrer next, in plain sentences: contexts nothing is said about first, then what else is open."""
    statements = view.citing(Assertion, [referral.id], field="stated_in")
    cited = {*referral.subject_contexts, *referral.concerns_contexts}
    cited |= {end for statement in statements for end in (statement.source, statement.target)}
    contexts = [found for found in view.several(sorted(cited)) if isinstance(found, ContextRecord)]
    open_contexts = find_unaddressed_contexts(referral, statements, contexts)
    found = [f"Nothing is said about {_SPOKEN[context]}." for context in open_contexts]
    for text, prompt in (
        (referral.reason, "Say what you are worried about and what the impact is."),
        (referral.strengths, "Say what is working well."),
        (referral.change_hoped_for, "Say what change is hoped for."),
        (referral.lawful_basis, "Say on which lawful basis this is shared."),
        (referral.sharing_purpose, "Say for which purpose this is shared."),
    ):
        if not text:
            found.append(prompt)
    somebody_to_tell = bool(referral.named_people or referral.subject_people)
    if somebody_to_tell and not view.citing(Awareness, [referral.id], field="referral"):
        found.append("Say whether the young person and their parents or carers know of this referral.")
    return tuple(found)
