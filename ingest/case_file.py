"""A whole case in one file (format kith-case/1): read strictly, every mistake at once, each with its place in the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from forum.assertion_drafts import LinkDraft, read_link
from forum.errors import Mistake
from forum.given import Given
from forum.referral_drafts import ReferralDraft, read_referral_draft
from graph.assertions import CONTEXTS, Assertion
from ingest.case_contexts import CaseContext, MembershipDraft, in_order, read_contexts, read_memberships
from ingest.case_ids import CaseIds
from ingest.case_panel import ActionDraft, PanelDraft, read_actions, read_panel
from ingest.case_people import AdultDraft, CasePerson, SameNameDraft, read_adults, read_people, read_same_names
from ingest.case_requests import RequestDraft, WeightingDraft, read_requests, read_weightings
from ingest.errors import FileMistake, UnreadableCase, UnreadableFile, UnreadableYaml
from ingest.plain_yaml import PlainYaml, path_of, read_plain_yaml

FORMAT = "kith-case/1"
WHAT = "case file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a case file says, ready to be recorded by `ingest.case_load.load_case`; contexts in an order that can be put."""

    panel: PanelDraft
    people: tuple[CasePerson, ...]
    adults: tuple[AdultDraft, ...]
    same_names: tuple[SameNameDraft, ...]
    contexts: tuple[CaseContext, ...]
    memberships: tuple[MembershipDraft, ...]
    referrals: tuple[ReferralDraft, ...]
    other_links: tuple[LinkDraft, ...]
    requests: tuple[RequestDraft, ...]
    weightings: tuple[WeightingDraft, ...]
    actions: tuple[ActionDraft, ...]
    ids: CaseIds = field(repr=False)
    source: PlainYaml = field(repr=False)
    digest: str

    @property
    def size(self) -> int:
        """How many things there are to record: what a progress bar counts."""
        first = len(self.people) + len(self.adults) + len(self.same_names) + len(self.contexts) + len(self.memberships)
        return first + len(self.referrals) + len(self.other_links) + len(self.requests) + len(self.weightings) + len(self.actions)


def read_case(given: str | bytes | Path) -> Case:
    """Reads a case file, given as its text, its bytes or its path.

    UnreadableFile when it is no such file at all; UnreadableCase with every mistake otherwise. Text is kept in NFC and without
    outer spaces; days may be written as YAML days or as text.
    """
    data = _bytes_of(given)
    try:
        source = read_plain_yaml(data, what=WHAT)
    except UnreadableYaml as error:
        raise UnreadableCase(error.mistakes) from error
    if not isinstance(source.value, dict):
        raise UnreadableCase((FileMistake("", 1, "not-an-object", f"A case file begins with the line: format: {FORMAT}"),))
    if source.value.get("format") != FORMAT:
        detail = f"Write format: {FORMAT} at the top. Other formats are not read."
        raise UnreadableCase((FileMistake("format", source.line_of("/format"), "wrong-format", detail),))
    mistakes: list[Mistake] = []
    case = _read_sections(source, mistakes, sha256(data).hexdigest())
    if mistakes or source.mistakes:
        raise UnreadableCase(_placed(mistakes, source))
    return case


def _bytes_of(given: str | bytes | Path) -> bytes:
    if isinstance(given, bytes):
        return given
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")
    try:
        return given.read_bytes()
    except OSError as error:
        raise UnreadableFile("The case file cannot be opened. Check its name, and that you may read it.") from error


def _read_sections(source: PlainYaml, mistakes: list[Mistake], digest: str) -> Case:
    """Reads every section; those that are named come before those that name them, wherever they stand in the file."""
    case, ids = Given(source.value, "", mistakes), CaseIds(mistakes)
    case.take("format")
    panel = read_panel(case)
    people, adults, contexts = read_people(case, ids), read_adults(case, ids), read_contexts(case, ids)
    raw_referrals, raw_links = case.items("referrals"), case.items("other_links")
    for number, raw in enumerate(raw_referrals):
        ids.introduce_referral(raw, f"/referrals/{number}", number)
    for number, raw in enumerate(raw_links):
        if isinstance(raw, dict):
            ids.introduce(raw.get("id"), Assertion.KIND, f"/other_links/{number}/id")
    for person in people:
        if person.draft.setting:
            ids.check(person.draft.setting, f"{person.draft.at}/setting", CONTEXTS)
    found = Case(
        panel=panel, people=people, adults=adults, same_names=read_same_names(case, ids),
        contexts=in_order(contexts, case, ids), memberships=read_memberships(case, ids),
        referrals=_read_referrals(raw_referrals, ids, mistakes), other_links=_read_links(raw_links, ids, mistakes),
        requests=read_requests(case, ids), weightings=read_weightings(case, ids), actions=read_actions(case, ids),
        ids=ids, source=source, digest=digest,
    )  # fmt: skip
    case.finish()
    return found


def _read_referrals(raw: Sequence[object], ids: CaseIds, mistakes: list[Mistake]) -> tuple[ReferralDraft, ...]:
    found: list[ReferralDraft] = []
    for number, item in enumerate(raw):
        draft, wrong = read_referral_draft(item, at=f"/referrals/{number}")
        mistakes.extend(wrong)
        ids.check_referral(item, f"/referrals/{number}", number)
        if draft is not None:
            found.append(draft)
    return tuple(found)


def _read_links(raw: Sequence[object], ids: CaseIds, mistakes: list[Mistake]) -> tuple[LinkDraft, ...]:
    found: list[LinkDraft] = []
    for number, item in enumerate(raw):
        draft = read_link(Given(item, f"/other_links/{number}", mistakes))
        ids.check_link(item, f"/other_links/{number}")
        if draft is not None:
            found.append(draft)
    return tuple(found)


def _placed(mistakes: Sequence[Mistake], source: PlainYaml) -> list[FileMistake]:
    """The mistakes with paths and lines, in the order of the file, each once."""
    placed = [FileMistake(path_of(m.pointer), source.line_of(m.pointer), m.code, m.detail) for m in mistakes]
    unique = dict.fromkeys([*source.mistakes, *placed])
    return sorted(unique, key=lambda mistake: mistake.line or 0)


def refused(mistakes: Sequence[Mistake], case: Case) -> UnreadableCase:
    """Mistakes found while recording, as mistakes of the file."""
    return UnreadableCase(_placed(mistakes, case.source))
