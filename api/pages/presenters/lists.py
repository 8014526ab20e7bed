"""The lists of referrals and of contexts, with their choices as plain forms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.presenters.contexts import kind_words
from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.paging import Pages, Slice
from api.pages.presenters.referral_lines import ReferralLine, referral_line
from api.pages.presenters.wording import how_many, starts
from forum.code_lists import CODE_LISTS
from graph.contexts import ContextRecord
from graph.records import RecordId

SHARES = {"context": "share a context with another", "nothing": "share no context with another"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of the form above a list, in the shape that the GOV.UK macro reads."""

    name: str
    label: str
    options: tuple[Mapping[str, str | bool], ...]


@dataclass(frozen=True, slots=True)
class ReferralList:
    """A page of the list of referrals."""

    choices: tuple[Choice, ...]
    sentence: str
    lines: tuple[ReferralLine, ...]
    pages: Pages


@dataclass(frozen=True, slots=True)
class ContextLine:
    """One context in the list: what it is and how many referrals count for it."""

    context: Link
    kind: str
    referrals: str


@dataclass(frozen=True, slots=True)
class ContextList:
    """A page of the list of contexts."""

    choices: tuple[Choice, ...]
    sentence: str
    lines: tuple[ContextLine, ...]
    pages: Pages


def _choice(name: str, label: str, words: Iterable[tuple[str, str]], chosen: str) -> Choice:
    options = [("", "All"), *words]
    return Choice(name, label, tuple({"value": code, "text": starts(text), "selected": code == chosen} for code, text in options))


def _codes(list_name: str) -> list[tuple[str, str]]:
    return [(code.code, code.label) for code in CODE_LISTS[list_name].codes]


def referral_choices(asked: Mapping[str, str]) -> tuple[Choice, ...]:
    """What the list of referrals can be narrowed to."""
    return (
        _choice("kind", "About", _codes("REF_KIND"), asked.get("kind", "")),
        _choice("agency", "From", _codes("AGENCY"), asked.get("agency", "")),
        _choice("shares", "Only those that", list(SHARES.items()), asked.get("shares", "")),
    )


def present_referral_list(shown: Slice[RecordId], asked: Mapping[str, str], labels: Labels) -> ReferralList:
    """One page of the list, the latest received first."""
    labels.load(shown.items)
    return ReferralList(
        choices=referral_choices(asked),
        sentence=_sentence(shown.total, "referral", "referrals", any(asked.values())),
        lines=tuple(referral_line(found, labels) for found in shown.items),
        pages=shown.pages("/referrals", asked, _where(shown, "the latest received first")),
    )


def present_context_list(
    shown: Slice[RecordId], counted: Mapping[RecordId, Sequence[RecordId]], asked: Mapping[str, str], labels: Labels
) -> ContextList:
    """One page of the list, most referrals first."""
    lines = []
    for found in shown.items:
        record = labels.record(found)
        if isinstance(record, ContextRecord):
            lines.append(ContextLine(labels.link(found), kind_words(record), str(len(counted.get(found, ())))))
    return ContextList(
        choices=(_choice("type", "Kind", _codes("CTX_TYPE"), asked.get("type", "")),),
        sentence=_sentence(shown.total, "context", "contexts", any(asked.values())),
        lines=tuple(lines),
        pages=shown.pages("/contexts", asked, _where(shown, "most referrals first")),
    )


def _sentence(total: int, one: str, many: str, narrowed: bool) -> str:
    if narrowed:
        return f"{starts(how_many(total, one, many))} that you may read and that you asked for."
    return f"You may read {how_many(total, one, many)}."


def _where(shown: Slice[RecordId], order: str) -> str:
    if shown.total <= len(shown.items):
        return f"In this order: {order}." if shown.total > 1 else ""
    return f"{shown.first} to {shown.last} of {shown.total}, {order}."
