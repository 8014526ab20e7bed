"""Who said what ties two things? A statement recorded, in a referral or outside all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forum.assertion_drafts import Ended, LinkDraft, as_assertion, wrong_ends
from forum.errors import IncompleteReferral
from forum.references import Reference, References
from graph.assertions import Assertion
from graph.contexts import PeerGroup
from graph.records import ActorId, RecordId
from graph.store.boundary import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """A statement that rests on another not recorded yet: to be put in once everything is (a case's statements cite freely)."""

    assertion: RecordId
    on: str
    at: str


def record_assertion(
    writer: Writer,
    draft: LinkDraft,
    *,
    stated_in: RecordId | None,
    received: date,
    recorded_by: ActorId,
    now: datetime,
    today: date,
    known: Mapping[str, tuple[RecordId, str]] | None = None,
    later: list[Corroboration] | None = None,
) -> Assertion:
    """Records one more statement about two things, with what is new at its ends. Raises IncompleteReferral."""
    references = References(writer, today=today, known=known)
    references.make_new((draft.source, draft.target))
    made = make_assertion(
        references, draft, stated_in=stated_in, received=received, recorded_by=recorded_by, now=now, later=later
    )
    if references.mistakes or made is None:
        raise IncompleteReferral(references.mistakes)
    references.put_new()
    return writer.put(made)


def make_assertion(
    references: References,
    draft: LinkDraft,
    *,
    stated_in: RecordId | None,
    received: date,
    recorded_by: ActorId,
    now: datetime,
    later: list[Corroboration] | None,
) -> Assertion | None:
    """The record of one statement, not put yet; None, and mistakes in `references`, when its ends do not stand."""
    source, target = references.resolve(draft.source), references.resolve(draft.target)
    within = references.of_kind(Reference(f"{draft.at}/within", draft.within), _GROUPS, "a peer group") if draft.within else None
    by = tuple(
        references.person(Reference(f"{draft.at}/status_history/{n}/by", step.by)) if step.by else None
        for n, step in enumerate(draft.history)
    )
    rests_on = _corroborations(references, draft, collect=later is not None)
    if source is None or target is None:
        return None
    for end in wrong_ends(draft.says, source[1], target[1]):
        references.wrong(f"{draft.at}/{end}", "wrong-end", "This cannot stand here for this kind of statement (list REL).")
    if source[0] == target[0]:
        references.wrong(f"{draft.at}/to", "same-end", "A statement ties two different things.")
    ends = Ended(source=source[0], target=target[0], within=within, history_by=by, corroborated_by=rests_on[0])
    made = as_assertion(
        draft, ends, forum=references.writer.scope.forum, stated_in=stated_in, received=received, recorded_by=recorded_by, now=now
    )
    if later is not None:
        later.extend(Corroboration(assertion=made.id, on=on, at=at) for on, at in rests_on[1])
    if draft.ref is not None:
        references.given[draft.ref] = made.id
    return made


def _corroborations(
    references: References, draft: LinkDraft, *, collect: bool
) -> tuple[tuple[RecordId, ...], list[tuple[str, str]]]:
    """The statements it rests on that are recorded, and those to be put in later."""
    places = [(ref, f"{draft.at}/provenance/corroborated_by/{n}") for n, ref in enumerate(draft.provenance.corroborated_by)]
    if collect:
        return (), places
    found = (references.of_kind(Reference(at, ref), _STATEMENTS, "a statement") for ref, at in places)
    return tuple(item for item in found if item), []


_GROUPS = frozenset({PeerGroup.KIND})
_STATEMENTS = frozenset({Assertion.KIND})
