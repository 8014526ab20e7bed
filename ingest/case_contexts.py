"""The contexts of a case, in an order in which each can be recorded, and who belongs to which peer group."""

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from forum.context_drafts import ContextDraft, read_context
from forum.given import Given
from graph.assertions import CONTEXTS
from graph.contexts import CONTEXT_TYPES
from ingest.case_ids import PEER_GROUP, PERSON, REFERRAL, CaseIds, named


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContext:
    """A context under the case's own id."""

    id: str | None
    kind: str
    draft: ContextDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipDraft:
    """Who belongs to which peer group, and which referral says so."""

    person: str
    group: str
    referral: str


def read_contexts(case: Given, ids: CaseIds) -> tuple[CaseContext, ...]:
    """The contexts of the file, in its order; their ids are introduced. `part_of` and `safe_for` are checked by `in_order`."""
    found: list[CaseContext] = []
    for given in case.parts("contexts"):
        given_id = given.text("id")
        if given.has("ref"):
            given.wrong("ref", "unknown-field", "Write this as id.")
        given.require("type", "Write its type: a code of the list CTX_TYPE.")
        draft = read_context(given)
        kind = CONTEXT_TYPES[draft.type].KIND
        ids.introduce(given_id, kind, given.place("id"))
        found.append(CaseContext(id=given_id, kind=kind, draft=draft))
    return tuple(found)


def in_order(contexts: Sequence[CaseContext], case: Given, ids: CaseIds) -> tuple[CaseContext, ...]:
    """The same contexts, each after those it names. A ring of contexts that name each other is a mistake."""
    by_id = {context.id: number for number, context in enumerate(contexts) if context.id}
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for number, context in enumerate(contexts):
        at = context.draft.at
        before = [(f"{at}/part_of", context.draft.part_of)] if context.draft.part_of else []
        before += [(f"{at}/safe_for/{n}", ref) for n, ref in enumerate(context.draft.safe_for)]
        for pointer, ref in before:
            ids.check(ref, pointer, CONTEXTS)
        sorter.add(number, *(by_id[ref] for _, ref in before if ref in by_id))
    try:
        return tuple(contexts[number] for number in sorter.static_order())
    except CycleError as error:
        case.wrong_at(
            contexts[min(error.args[1])].draft.at,
            "ring",
            "This context names another that leads back to it (part_of, safe_for). Break the ring.",
        )
        return tuple(contexts)


def read_memberships(case: Given, ids: CaseIds) -> tuple[MembershipDraft, ...]:
    """The memberships. Call once everything they name is introduced."""
    found: list[MembershipDraft] = []
    for given in case.parts("memberships"):
        given.require("person", "Say who belongs to the group.")
        given.require("group", "Say which peer group.")
        given.require("referral", "Say which referral says so.")
        person = named(given, "person", ids, PERSON)
        group = named(given, "group", ids, PEER_GROUP)
        referral = named(given, "referral", ids, REFERRAL)
        given.finish()
        if person and group and referral:
            found.append(MembershipDraft(person=person, group=group, referral=referral))
    return tuple(found)
