"""Where is this about, before it is recorded? A context as given in, and how it becomes a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from forum.errors import Mistake
from forum.given import Given
from graph.contexts import CONTEXT_TYPES, PRIVATE_ADDRESS, Context, ContextRecord, School, usual_context
from graph.periods import disposal_day, review_day
from graph.records import Handling, RecordId, new_id
from graph.store.boundary import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextDraft:
    """A context as given in. `part_of` and `safe_for` are references; `ref` stands for it elsewhere in the same body."""

    at: str
    type: str
    ref: str | None
    fields: Mapping[str, Any]
    part_of: str | None
    safe_for: tuple[str, ...]


def read_context(given: Given, *, fixed_type: str | None = None) -> ContextDraft:
    """Reads one context; mistakes are added to `given`. Its type and label are needed."""
    context_type = given.code("type", "CTX_TYPE") or fixed_type
    if context_type is None and not given.has("type"):
        given.wrong("type", "missing", "Write its type: peer_group, school, neighbourhood, location or online.")
    if fixed_type is not None and context_type != fixed_type:
        given.wrong("type", "wrong-type", "This type has an address of its own; send it there.")
    context_type = context_type or "location"
    ref = given.text("ref")
    given.require("label", "Write its label: a neutral name people will recognise.")
    place_kind = given.code("place_kind", "PLACE_KIND")
    counts_under = given.code("context", "CONTEXT")
    fields: dict[str, Any] = {
        "label": given.text("label") or "",
        "everyday_name": given.text("everyday_name"),
        "place_kind": place_kind,
        "space_kind": given.word("space_kind"),
        "size_band": given.text("size_band", limit=40),
        "counts_under": Context(counts_under) if counts_under else usual_context(context_type, place_kind),
    }
    if context_type == "school" and fixed_type is not None:
        fields["urn"] = given.text("urn", limit=40)
    draft = ContextDraft(
        at=given.at, type=context_type, ref=ref, fields=fields, part_of=given.text("part_of"), safe_for=given.texts("safe_for")
    )
    given.finish()
    return draft


def context_given(value: Any, *, fixed_type: str | None = None, at: str = "") -> tuple[ContextDraft | None, tuple[Mistake, ...]]:
    """Reads a context on its own: the draft, or every mistake."""
    mistakes: list[Mistake] = []
    draft = read_context(Given(value, at, mistakes), fixed_type=fixed_type)
    return (None if mistakes else draft), tuple(mistakes)


def as_record(
    writer: Writer, draft: ContextDraft, *, today: date, part_of: RecordId | None, safe_for: Sequence[RecordId]
) -> ContextRecord:
    """The record of a new context, not stored yet; its id is new. A private address is marked restricted from the start."""
    review_on = review_day(today)
    return CONTEXT_TYPES[draft.type](
        id=new_id(),
        forum=writer.scope.forum,
        review_on=review_on,
        dispose_on=disposal_day(review_on),
        handling=handling_of(draft),
        part_of=part_of,
        safe_for=tuple(safe_for),
        **draft.fields,
    )


def handling_of(draft: ContextDraft) -> Handling:
    """Private addresses are not among the places open to everyone who handles cases (docs/access.md)."""
    return Handling.RESTRICTED if draft.fields["place_kind"] == PRIVATE_ADDRESS else Handling.PANEL_ITEM


def change_context(
    context: ContextRecord, draft: ContextDraft, *, part_of: RecordId | None, safe_for: Sequence[RecordId]
) -> ContextRecord:
    """The same context with the fields of a draft in place of its own."""
    fields = dict(draft.fields)
    if not isinstance(context, School):
        fields.pop("urn", None)
    return replace(context, part_of=part_of, safe_for=tuple(safe_for), handling=handling_of(draft), **fields)
