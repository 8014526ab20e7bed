"""The front page: groups of referrals that share a context, each pair with its sentence, and what was left out for size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.paging import Pages, Slice, left_out, take_page
from api.pages.presenters.referral_lines import ReferralLine, referral_line
from api.pages.presenters.wording import and_list, how_many, starts
from forum.linked_referrals import LinkedReferrals, explain, groups_of
from forum.same_person_links import SamePersonLink
from graph.analysis import Network
from graph.analysis.shared_contexts import is_received, referrals_in
from graph.records import RecordId

GROUPS_A_PAGE = 10
SMALL_GROUP = 6  # up to here a group is shown whole; a larger one by context first, with some of its pairs
PAIRS_SHOWN = 5
REFERRALS_SHOWN = 10
CONTEXTS_SHOWN = 6
ALONE_SHOWN = 20
SAME_PERSON_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two referrals and why they stand together, a sentence for each context."""

    first: Link
    second: Link
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContextPart:
    """One context of a group: how many referrals share it, and their pairs."""

    context: Link
    sentence: str
    pairs: tuple[PairLine, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class GroupPart:
    """One group of referrals connected by shared contexts."""

    title: str
    note: str
    referrals: tuple[ReferralLine, ...]
    referrals_left_out: str
    contexts: tuple[ContextPart, ...]
    contexts_left_out: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Everything the front page says, in the order in which it says it."""

    summary: str
    groups: tuple[GroupPart, ...]
    pages: Pages
    alone_sentence: str
    alone: tuple[ReferralLine, ...]
    alone_left_out: str
    same_person: tuple[PairLine, ...]
    same_person_left_out: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page is made from: the network this reader sees, the day, its links, and the same-person links."""

    network: Network
    today: date
    linked: tuple[LinkedReferrals, ...]
    same_person: tuple[SamePersonLink, ...]

    def by_day(self, referral: RecordId) -> tuple[date, RecordId]:
        """The order of referrals on pages: the day they were received, then the id."""
        received: date = self.network.nodes[referral]["facts"]["received"]
        return received, referral


def pair_line(linked: LinkedReferrals, labels: Labels) -> PairLine:
    """One pair at one context, with the sentence that says why."""
    first, second = (labels.link(referral) for referral in linked.referrals)
    return PairLine(*_in_order(first, second), (explain(linked, labels.of(linked.context)),))


def same_person_line(link: SamePersonLink, labels: Labels) -> PairLine:
    """Two referrals that name one young person, said as that and nothing more."""
    first, second = (labels.link(referral) for referral in link.referrals)
    return PairLine(*_in_order(first, second), (f"Both referrals name {labels.of(link.person)}.",))


def _in_order(first: Link, second: Link) -> tuple[Link, Link]:
    return (first, second) if first.text <= second.text else (second, first)


def present_front_page(facts: Facts, labels: Labels, *, page: int) -> FrontPage:
    """The page, bounded whatever the borough's size; what is left out is said with its number."""
    everyone = [found for found in referrals_in(facts.network) if is_received(facts.network, found, facts.today)]
    groups = sorted(groups_of(facts.linked), key=lambda group: (-len(group), min(map(facts.by_day, group))))
    in_groups = {referral for group in groups for referral in group}
    alone = sorted((found for found in everyone if found not in in_groups), key=facts.by_day)
    shown = take_page(groups, page, GROUPS_A_PAGE)
    same = facts.same_person[:SAME_PERSON_SHOWN]
    _load(facts, labels, shown.items, alone[:ALONE_SHOWN], same)
    return FrontPage(
        summary=_summary(facts, len(everyone), len(groups)),
        groups=tuple(_group(group, facts, labels) for group in shown.items),
        pages=_pages_of_groups(shown, len(groups)),
        alone_sentence=f"{starts(how_many(len(alone), 'referral shares', 'referrals share'))} no context with another today.",
        alone=tuple(referral_line(found, labels) for found in alone[:ALONE_SHOWN]),
        alone_left_out=left_out(len(alone) - ALONE_SHOWN, "more referral", "more referrals", "in the list of referrals"),
        same_person=tuple(same_person_line(link, labels) for link in same),
        same_person_left_out=left_out(
            len(facts.same_person) - SAME_PERSON_SHOWN, "more link of this kind", "more links of this kind", "on the referrals"
        ),
    )


def _pages_of_groups(shown: Slice[tuple[RecordId, ...]], groups: int) -> Pages:
    sentence = "" if groups <= GROUPS_A_PAGE else f"Groups {shown.first} to {shown.last} of {groups}, the largest first."
    return shown.pages("/", {}, sentence)


def _load(
    facts: Facts, labels: Labels, groups: Sequence[Sequence[RecordId]], alone: Iterable[RecordId], same: Iterable[SamePersonLink]
) -> None:
    wanted: set[RecordId] = set(alone)
    on_page = {referral for group in groups for referral in group}
    wanted |= on_page
    wanted |= {linked.context for linked in facts.linked if linked.referrals[0] in on_page}
    for link in same:
        wanted |= {*link.referrals, link.person}
    labels.load(wanted)


def _summary(facts: Facts, referrals: int, groups: int) -> str:
    pairs = len({linked.referrals for linked in facts.linked})
    contexts = len({linked.context for linked in facts.linked})
    if not pairs:
        return f"You may read {how_many(referrals, 'referral', 'referrals')}. No two of them share a context today."
    return (
        f"You may read {how_many(referrals, 'referral', 'referrals')}. "
        f"{starts(how_many(pairs, 'pair shares', 'pairs share'))} a context, at {how_many(contexts, 'context', 'contexts')}, "
        f"in {how_many(groups, 'group', 'groups')}."
    )


def _group(group: Sequence[RecordId], facts: Facts, labels: Labels) -> GroupPart:
    members = sorted(group, key=facts.by_day)
    inside = set(members)
    by_context: dict[RecordId, list[LinkedReferrals]] = {}
    for linked in facts.linked:
        if linked.referrals[0] in inside:
            by_context.setdefault(linked.context, []).append(linked)
    order = sorted(by_context, key=lambda context: (-_sharing(by_context[context]), labels.of(context), context))
    is_small = len(members) <= SMALL_GROUP
    first, rest = order[:CONTEXTS_SHOWN], order[CONTEXTS_SHOWN:]
    shown = members if is_small else members[:REFERRALS_SHOWN]
    return GroupPart(
        title=_title(len(members), [labels.of(context) for context in order]),
        note=_note(members, by_context, labels) if is_small else "",
        referrals=tuple(referral_line(found, labels) for found in shown),
        referrals_left_out=left_out(len(members) - len(shown), "more referral", "more referrals", "in this group"),
        contexts=tuple(_context(context, by_context[context], facts, labels, is_small) for context in first),
        contexts_left_out=left_out(len(rest), "more context", "more contexts", "in this group; each has its own page"),
    )


def _sharing(linked: Sequence[LinkedReferrals]) -> int:
    return len({referral for pair in linked for referral in pair.referrals})


def _title(referrals: int, contexts: Sequence[str]) -> str:
    count = how_many(referrals, "referral", "referrals")
    if len(contexts) == 1:
        return f"{count} that share {contexts[0]}"
    if len(contexts) <= 3:
        return f"{count} joined by {and_list(contexts)}"
    return f"{count} joined by {how_many(len(contexts), 'context', 'contexts')}"


def _note(members: Sequence[RecordId], by_context: dict[RecordId, list[LinkedReferrals]], labels: Labels) -> str:
    """Which of a small group share nothing with each other: they meet only through another."""
    linked = {frozenset(pair.referrals) for pairs in by_context.values() for pair in pairs}
    apart = [(a, b) for n, a in enumerate(members) for b in members[n + 1 :] if frozenset((a, b)) not in linked]
    if not apart:
        return ""
    named = [f"{labels.link(a).text} and {labels.link(b).text}" for a, b in apart]
    if len(named) > 3:
        return "Not every two of these share a context: some meet only through another referral."
    return f"{'; '.join(named)} share no context with each other: they meet only through another referral."


def _context(context: RecordId, linked: Sequence[LinkedReferrals], facts: Facts, labels: Labels, is_small: bool) -> ContextPart:
    in_order = sorted(linked, key=lambda pair: tuple(sorted(map(facts.by_day, pair.referrals))))
    shown = in_order if is_small else in_order[:PAIRS_SHOWN]
    sharing = _sharing(linked)
    return ContextPart(
        context=labels.link(context),
        sentence=f"{how_many(sharing, 'referral shares', 'referrals share')} this context.",
        pairs=tuple(pair_line(pair, labels) for pair in shown),
        left_out=left_out(len(linked) - len(shown), "more pair shares", "more pairs share", "this context; see its own page", ""),
    )
