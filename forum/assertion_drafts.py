"""Who says so, and how do they know? A statement about two things as given in, and on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forum.errors import Mistake
from forum.given import Given, time_band_on_the_wire
from forum.references import Reference, read_reference
from graph.assertions import (
    KIND_BY_CODE,
    Assertion,
    AssertionKind,
    HowKnown,
    HowSure,
    Origin,
    Standing,
    StandingSince,
    standing_on,
    whose_voice,
)
from graph.periods import disposal_day, moment_text, review_day
from graph.records import ActorId, ForumId, Handling, RecordId, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDraft:
    standing: Standing
    since: date
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceDraft:
    """Where a statement comes from (practice, section 9.1)."""

    origin: Origin
    source_role: str
    agency: str | None
    known: HowKnown
    date_known: date | None
    date_recorded: date | None
    how_sure: HowSure
    first_hand: bool | None
    corroborated_by: tuple[str, ...]
    handling: Handling
    review_by: date | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDraft:
    """One statement as given in. `source` and `target` may be something new; the other references are ids."""

    at: str
    ref: str | None
    source: Reference
    says: AssertionKind
    target: Reference
    provenance: ProvenanceDraft
    status: Standing
    history: tuple[StandingDraft, ...]
    protective: bool | None
    within: str | None
    time_band: str | None
    occurrences: int | None
    wording: str | None


def read_link(given: Given) -> LinkDraft | None:
    """Reads one statement; None when it holds mistakes, which are added to `given`. Without a source it is refused."""
    before = len(given.mistakes)
    ref = given.text("id") or given.text("ref")
    given.require("from", "Say who or what this is about: the id it starts from.")
    given.require("to", "Say what it ties to: the id it ends at.")
    given.require("rel", "Say what ties them: a code of the list REL.")
    rel = given.code("rel", "REL")
    source, target = read_reference(given, "from"), read_reference(given, "to")
    provenance = _read_provenance(given)
    status = Standing(given.code("status", "STATEMENT_STATUS") or "current")
    history = _read_history(given)
    rest: dict[str, Any] = {
        "protective": given.flag("protective"),
        "within": given.text("within"),
        "time_band": given.time_band("time_band"),
        "occurrences": given.whole("occurrences", least=1, most=10_000),
        "wording": given.text("wording"),
    }
    given.finish()
    if history and history[-1].standing is not status and given.has("status"):
        given.wrong("status", "not-the-last", "Write the status that the last entry of status_history gives.")
    if len(given.mistakes) > before or rel is None or provenance is None or source is None or target is None:
        return None
    return LinkDraft(
        at=given.at, ref=ref, source=source, target=target, says=KIND_BY_CODE[rel], provenance=provenance, history=history,
        status=history[-1].standing if history else status, **rest,
    )  # fmt: skip


def _read_provenance(given: Given) -> ProvenanceDraft | None:
    if not given.require("provenance", "Say where this comes from: a statement without a source is not recorded."):
        return None
    source = given.part("provenance")
    if source is None:
        return None
    before = len(given.mistakes)
    for name, why in (
        ("kind", "Say what sort of statement it is: a code of the list PROV_KIND."),
        ("source_role", "Say who says so, by their role."),
        ("reliability", "Say how they know: a code of the list RELIABILITY."),
    ):
        source.require(name, why)
    for name, why in (
        ("agency", "Say which agency: a code of the list AGENCY, or null."),
        ("date_known", "Say which day it was true or seen, or null."),
    ):
        if not source.has(name):
            source.wrong(name, "missing", why)
    codes = (source.code("kind", "PROV_KIND"), source.code("reliability", "RELIABILITY"))
    role = source.text("source_role")
    rest: dict[str, Any] = {
        "agency": source.code("agency", "AGENCY"),
        "date_known": source.past_day("date_known"),
        "date_recorded": source.past_day("date_recorded"),
        "how_sure": HowSure(source.code("how_sure", "HOW_SURE") or "sure"),
        "first_hand": source.flag("first_hand"),
        "corroborated_by": source.texts("corroborated_by"),
        "handling": Handling(source.code("handling", "HANDLING") or "panel_item"),
        "review_by": source.day("review_by"),
        "note": source.text("note", long=True),
    }
    source.finish()
    if len(given.mistakes) > before or codes[0] is None or codes[1] is None or role is None:
        return None
    return ProvenanceDraft(origin=Origin(codes[0]), source_role=role, known=HowKnown(codes[1]), **rest)


def _read_history(given: Given) -> tuple[StandingDraft, ...]:
    found: list[StandingDraft] = []
    for step in given.parts("status_history"):
        step.require("status", "Say where it stood: a code of the list STATEMENT_STATUS.")
        step.require("from", "Say from which day.")
        standing, since, by = step.code("status", "STATEMENT_STATUS"), step.day("from"), step.text("by")
        step.finish()
        if standing is None or since is None:
            continue
        if found and since < found[-1].since:
            step.wrong("from", "out-of-order", "Write the steps in the order of their days.")
        found.append(StandingDraft(standing=Standing(standing), since=since, by=by))
    return tuple(found)


def link_given(value: Any, *, at: str = "", until: date | None = None) -> tuple[LinkDraft | None, tuple[Mistake, ...]]:
    """Reads a statement on its own: the draft, or every mistake; see Given for `until`."""
    mistakes: list[Mistake] = []
    draft = read_link(Given(value, at, mistakes, until=until))
    return draft, tuple(mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The ids that a draft's references stand for."""

    source: RecordId
    target: RecordId
    within: RecordId | None
    history_by: tuple[RecordId | None, ...]
    corroborated_by: tuple[RecordId, ...]


def as_assertion(
    draft: LinkDraft,
    ends: Ended,
    *,
    forum: ForumId,
    stated_in: RecordId | None,
    received: date,
    recorded_by: ActorId,
    now: datetime,
) -> Assertion:
    """The record of a new statement, not stored yet. Its review date is one year after `received` unless given."""
    source = draft.provenance
    recorded = source.date_recorded or received
    review_on = source.review_by or review_day(received)
    given = draft.history or (StandingDraft(standing=draft.status, since=recorded, by=None),)
    by = ends.history_by if draft.history else (None,)
    return Assertion(
        id=new_id(), forum=forum, review_on=review_on, dispose_on=disposal_day(review_on), handling=source.handling,
        says=draft.says, source=ends.source, target=ends.target, stated_in=stated_in, within=ends.within,
        known=source.known, origin=source.origin, said_by=whose_voice(source.origin, source.agency),
        source_role=source.source_role, agency=source.agency, date_known=source.date_known, date_recorded=recorded,
        how_sure=source.how_sure, first_hand=source.first_hand, corroborated_by=ends.corroborated_by, note=source.note,
        wording=draft.wording, protective=draft.protective, time_band=draft.time_band, occurrences=draft.occurrences,
        standings=tuple(
            StandingSince(standing=step.standing, since=step.since, by=who) for step, who in zip(given, by, strict=True)
        ),
        recorded_by=recorded_by, recorded_at=now,
    )  # fmt: skip


def wrong_ends(says: AssertionKind, source_kind: str, target_kind: str) -> tuple[str, ...]:
    """Which ends (from, to) may not stand where they are, for this kind of statement."""
    ends = says.ends
    return tuple(
        name for name, kind, fits in (("from", source_kind, ends.source), ("to", target_kind, ends.target)) if kind not in fits
    )


def link_on_the_wire(assertion: Assertion, *, on: date) -> dict[str, Any]:
    """A statement as REST answers it: as it went in, plus id, status (that day's) and recorded_at; what is unset is absent."""
    standing = standing_on(assertion.standings, assertion.review_on, on)
    provenance: dict[str, Any] = {
        "kind": assertion.origin, "source_role": assertion.source_role, "agency": assertion.agency,
        "reliability": assertion.known, "date_known": _day(assertion.date_known),
        "date_recorded": _day(assertion.date_recorded), "how_sure": assertion.how_sure, "first_hand": assertion.first_hand,
        "corroborated_by": list(assertion.corroborated_by), "handling": assertion.handling,
        "review_by": _day(assertion.review_on), "note": assertion.note,
    }  # fmt: skip
    link: dict[str, Any] = {
        "id": assertion.id, "from": assertion.source, "rel": assertion.says.code, "to": assertion.target,
        "status": standing.value if standing else None, "recorded_at": moment_text(assertion.recorded_at),
        "within": assertion.within, "protective": assertion.protective, "wording": assertion.wording,
        "time_band": time_band_on_the_wire(assertion.time_band), "occurrences": assertion.occurrences,
        "provenance": {name: value for name, value in provenance.items() if value is not None or name in _NULLABLE},
    }  # fmt: skip
    link["status_history"] = history_on_the_wire(assertion, on=on)
    return {name: value for name, value in link.items() if value is not None}


_NULLABLE = frozenset({"agency", "date_known"})


def history_on_the_wire(assertion: Assertion, *, on: date) -> list[Mapping[str, Any]]:
    """The dated steps reached by that day, in order; an expiry that follows from the review date is a step of its own."""
    steps: list[Mapping[str, Any]] = []
    for step in assertion.standings:
        if step.since <= on:
            found = {"status": step.standing.value, "from": _day(step.since), "by": step.by, "reason": step.reason or None}
            steps.append({name: value for name, value in found.items() if value is not None})
    if standing_on(assertion.standings, assertion.review_on, on) is Standing.EXPIRED and steps[-1]["status"] != "expired":
        steps.append({"status": "expired", "from": _day(date.fromordinal(assertion.review_on.toordinal() + 1))})
    return steps


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
