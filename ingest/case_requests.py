"""The rights requests and the weightings of a case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.given import Given
from forum.rights import RightsRequest
from forum.weighting import ContextWeighting
from graph.assertions import CONTEXTS
from ingest.case_ids import PERSON, REFERRAL, TARGETS, CaseIds, named, named_each

MOST = 10  # each participant weighs each context from 0 to 10 (practice, section 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """What somebody asked about their own record; `by`, `target` and `cascade` are ids of the file."""

    id: str | None
    request_kind: str
    by: str | None
    target: str | None
    received: date
    decided: date | None
    outcome: str | None
    cascade: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceDraft:
    """What one participant said each context weighs; `represents` is the context they speak for, an id of the file."""

    represents: str | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightingDraft:
    """A discussion of what must change first; `referral` and `lead_record` are ids of the file."""

    id: str | None
    referral: str | None
    lead_record: str | None
    participants: tuple[VoiceDraft, ...]
    fields: dict[str, Any]


def read_requests(case: Given, ids: CaseIds) -> tuple[RequestDraft, ...]:
    """The requests. Call once everything they may be about is introduced."""
    found: list[RequestDraft] = []
    for given in case.parts("requests"):
        given.require("kind", "Say what was asked: a code of the list REQUEST_KIND.")
        given.require("received", "Say which day it was received.")
        given_id, kind = given.text("id"), given.code("kind", "REQUEST_KIND")
        received, decided = given.day("received"), given.day("decided")
        draft = RequestDraft(
            id=given_id, request_kind=kind or "", received=received or date.min, decided=decided,
            outcome=given.code("outcome", "REQUEST_OUTCOME"), by=named(given, "by", ids, PERSON),
            target=named(given, "target", ids, TARGETS), cascade=named_each(given, "cascade", ids, REFERRAL),
        )  # fmt: skip
        given.finish()
        if received and decided and decided < received:
            given.wrong("decided", "before-received", "Write a day on or after the day it was received.")
        ids.introduce(given_id, RightsRequest.KIND, given.place("id"))
        found.append(draft)
    return tuple(found)


def read_weightings(case: Given, ids: CaseIds) -> tuple[WeightingDraft, ...]:
    """The weightings. Call once the referrals and contexts are introduced."""
    found: list[WeightingDraft] = []
    for given in case.parts("weightings"):
        given.require("order", "Say in which order the contexts were weighed: codes of the list CONTEXT.")
        given_id, order = given.text("id"), given.codes("order", "CONTEXT")
        fields: dict[str, Any] = {
            "about": given.text("about", long=True) or "",
            "order": order,
            "lead_context": given.code("lead_context", "CONTEXT"),
        }
        draft = WeightingDraft(
            id=given_id, referral=named(given, "referral", ids, REFERRAL),
            lead_record=named(given, "lead_record", ids, CONTEXTS),
            participants=tuple(_read_voice(part, ids, len(order)) for part in given.parts("participants")), fields=fields,
        )  # fmt: skip
        given.finish()
        ids.introduce(given_id, ContextWeighting.KIND, given.place("id"))
        found.append(draft)
    return tuple(found)


def _read_voice(given: Given, ids: CaseIds, contexts: int) -> VoiceDraft:
    given.require("role", "Write the participant's role.")
    role = given.text("role") or ""
    fields: dict[str, Any] = {
        "name": given.text("id") or role,
        "role": role,
        "agency": given.code("agency", "AGENCY"),
        "is_parent": bool(given.flag("is_parent")),
        "is_young_person": bool(given.flag("is_young_person")),
        "weights": _read_weights(given, contexts),
    }
    draft = VoiceDraft(represents=named(given, "represents", ids, CONTEXTS), fields=fields)
    given.finish()
    return draft


def _read_weights(given: Given, contexts: int) -> tuple[float, ...]:
    raw = given.items("raw")
    if contexts and len(raw) != contexts:
        given.wrong("raw", "wrong-length", f"Write {contexts} numbers, one for each context of the order.")
    found: list[float] = []
    for number, item in enumerate(raw):
        if isinstance(item, int | float) and not isinstance(item, bool) and 0 <= item <= MOST:
            found.append(float(item))
        else:
            given.wrong_at(f"{given.place('raw')}/{number}", "not-a-weight", f"Write a number from 0 to {MOST}.")
    return tuple(found)
