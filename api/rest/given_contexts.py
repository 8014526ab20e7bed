"""A context in a body: what it says, what it names, and whether it would be a part of itself; every mistake at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from forum.access.disclosure import Disclosure
from forum.context_drafts import ContextDraft, context_given
from forum.errors import Incomplete, Mistake
from forum.given import clean_text
from forum.reference_checks import IN_CONTEXT, find_wrong_references
from forum.references import Reference, References
from graph.contexts import ContextRecord
from graph.records import RecordId
from graph.store.boundary import View, Writer

_PART_OF_ITSELF = (
    "Nothing is part of itself, by way of others neither. Name something wider, or change what that is part of first."
)


def draft_of(writer: Writer, given: dict[str, Any], noun: str, today: date, *, besides: Sequence[Mistake] = ()) -> ContextDraft:
    """The context as given in. Raises Incomplete with every mistake, those found `besides` too, when it cannot be read."""
    draft, mistakes = context_given(given, fixed_type=noun)
    if draft is None:
        wrong = find_wrong_references(writer, given, IN_CONTEXT, besides=mistakes, today=today)
        raise Incomplete((*mistakes, *wrong, *besides))
    if draft.ref is not None:
        said = Mistake("/ref", "unknown-field", "Leave this out here.")
        raise Incomplete((said, *find_wrong_references(writer, given, IN_CONTEXT, besides=[said], today=today), *besides))
    return draft


def cited_by(
    writer: Writer, draft: ContextDraft, today: date, *, besides: Sequence[Mistake] = ()
) -> tuple[RecordId | None, list[RecordId]]:
    """What it is part of and whom it is safe for. Raises Incomplete with every mistake, those found `besides` too."""
    references = References(writer, today=today)
    part_of = references.context(Reference("/part_of", draft.part_of)) if draft.part_of else None
    safe_for = [references.context(Reference(f"/safe_for/{n}", ref)) for n, ref in enumerate(draft.safe_for)]
    if references.mistakes or besides:
        raise Incomplete((*references.mistakes, *besides))
    return part_of, [found for found in safe_for if found]


def find_part_of_itself(view: View, unseen: Disclosure, context: RecordId, given: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """A mistake when what a change says this context is part of is it, or is part of it by what this reader is shown.

    What is hidden is not looked through: a refusal there would tell that it is there, and whose part it is. The change is
    taken then, as it is when the trail ends, and no answer differs. Nothing is reckoned along `part_of`, so that what has
    come about out of sight does no harm; whoever sees all of it can undo it.
    """
    wider, passed = given.get("part_of"), set[str]()
    while isinstance(wider, str) and (wider := clean_text(wider)) and wider not in passed:
        if wider == context:
            return (Mistake("/part_of", "part-of-itself", _PART_OF_ITSELF),)
        passed.add(wider)
        found = [record for record in view.several([RecordId(wider)]) if isinstance(record, ContextRecord)]
        wider = unseen.show(found[0]).record.part_of if found else None
    return ()
