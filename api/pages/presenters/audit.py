"""The audit in words: who was shown what, when, in which role, for what, and why they could see it. Nobody is named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.paging import Pages, Slice
from api.pages.presenters.wording import and_list, code_words, day_words, how_many, moment_words, starts
from forum.access.grants import Grant, Reason
from forum.audit_history import Ground, why_shown
from graph.records import RecordId
from graph.store.boundary import AuditEntry

RECORDS_SHOWN = 5
WHY: dict[Reason, str] = {
    Reason.WROTE_IT: "wrote it",
    Reason.ALLOCATED: "allocated to the case",
    Reason.PANEL_ITEM: "on the panel for the item",
    Reason.INVITED: "invited for the item",
    Reason.NAMED_AT_TOKEN: "named when access was set up",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One time that somebody was shown something, changed it or was refused. `refused` is why, or ""."""

    when: str
    who: str
    purpose: str
    what: str
    refused: str
    why: str
    records: tuple[Link, ...]
    more: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of history. `with_who`: others did it; `with_records`: which records it was; `with_why`: under which grants."""

    title: str
    sentence: str
    caption: str
    lines: tuple[AuditLine, ...]
    pages: Pages
    with_who: bool
    with_records: bool
    with_why: bool


def present_own_history(shown: Slice[AuditEntry], labels: Labels) -> AuditPage:
    """What somebody opened themselves, with the records among them that they may still read."""
    return AuditPage(
        title="What I opened",
        sentence=f"{starts(how_many(shown.total, 'entry', 'entries'))}. What you may read no more is not named here.",
        caption="What you were shown, changed or were refused, the latest first",
        lines=tuple(_line(entry, labels, entry.resources) for entry in shown.items),
        pages=_pages(shown, "/audit/mine"),
        with_who=False,
        with_records=True,
        with_why=False,
    )


def present_case_history(shown: Slice[AuditEntry], cases: Sequence[RecordId], labels: Labels) -> AuditPage:
    """Who else opened the cases that somebody owns."""
    owned = f"You own {how_many(len(cases), 'case', 'cases')}: allocated to you, or written by you and allocated to nobody."
    return AuditPage(
        title="Who opened my cases",
        sentence=f"{owned} They were opened or changed by others {_times(shown.total)}.",
        caption="Who opened your cases, the latest first",
        lines=tuple(
            _line(entry, labels, [record for record in entry.resources if record in set(cases)]) for entry in shown.items
        ),
        pages=_pages(shown, "/audit/cases"),
        with_who=True,
        with_records=True,
        with_why=False,
    )


def present_history_of_person(shown: Slice[AuditEntry], grants: Mapping[RecordId, Grant], person: RecordId) -> AuditPage:
    """Who was shown one young person. The page does not say who they are."""
    return AuditPage(
        title="Who saw this young person",
        sentence=f"The young person of the record {person} was shown, or something about them changed, {_times(shown.total)}.",
        caption="Who was shown this young person, the latest first",
        lines=tuple(replace(_line(entry, None, ()), why=_why(entry, grants, person)) for entry in shown.items),
        pages=_pages(shown, f"/audit/people/{person}"),
        with_who=True,
        with_records=False,
        with_why=True,
    )


def _times(number: int) -> str:
    return "not once" if number == 0 else how_many(number, "time", "times")


def _pages(shown: Slice[AuditEntry], path: str) -> Pages:
    where = f"{shown.first} to {shown.last} of {shown.total}." if shown.total > len(shown.items) else ""
    return shown.pages(path, {}, where)


def _line(entry: AuditEntry, labels: Labels | None, records: Sequence[RecordId]) -> AuditLine:
    links = [] if labels is None else [labels.link(record) for record in records if labels.is_here(record)]
    there = [link for link in links if link.href is not None]
    left = len(there) - RECORDS_SHOWN
    return AuditLine(
        when=moment_words(entry.at),
        who=_who(entry),
        purpose=code_words("SHARING_PURPOSE", entry.purpose),
        what=starts(entry.action.replace("_", " ")),
        refused="" if entry.decision == "allowed" else entry.reason.replace("-", " ") or "refused",
        why="",
        records=tuple(there[:RECORDS_SHOWN]),
        more=f"and {how_many(left, 'other', 'others')}" if left > 0 else "",
    )


def _who(entry: AuditEntry) -> str:
    """By role and agency, with a number that tells two apart; what was done at the terminal has none."""
    if not re.fullmatch(r"[0-9a-f]{32}", entry.actor):
        return "Whoever runs this service, at its terminal"
    role = starts(entry.role.replace("_", " "))
    agency = f" ({code_words('AGENCY', entry.agency)})" if entry.agency else ""
    return f"{role}{agency}, number {entry.actor[:8]}"


def _why(entry: AuditEntry, grants: Mapping[RecordId, Grant], person: RecordId) -> str:
    """Under which grants, each with a number by which it is found again; or the role, or what they had written themselves."""
    why = why_shown(entry, person)
    if why.ground is Ground.ROLE:
        return "The role alone"
    if why.ground is Ground.OWN_WORDS:
        return "What they wrote themselves"
    words = and_list([_grant_words(grants[grant]) for grant in why.grants if grant in grants])
    if why.ground is Ground.NOT_KEPT:
        return f"Which grant was not kept then. Those that held: {words}" if words else "Not kept then"
    return starts(words)


def _grant_words(grant: Grant) -> str:
    ends = day_words((grant.ended_at or grant.holds_until).date())
    return f"{WHY[grant.source]}, until {ends} (grant {grant.id[:8]})"
