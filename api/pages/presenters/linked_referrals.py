"""The front page: groups of referrals that share a context, each pair with its sentence, and what was left out for size."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice
from typing import overload

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.paging import Pages, Slice, left_out, take_page
from api.pages.presenters.referral_lines import ReferralLine, referral_line
from api.pages.presenters.wording import and_list, how_many, starts
from forum.linked_referrals import LinkedReferrals, LinksAt, explain, find_links_at_contexts, groups_at_contexts
from forum.same_person_links import SamePersonLink, find_same_person_links
from graph.analysis import Network
from graph.analysis.index import indexed
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
class PairsAt(Sequence[LinkedReferrals]):
    """The pairs that meet at one context, in the order in which their referrals were received; made as they are asked for.

    `order` is all that are linked there, in that order: as many pairs as a popular place has are never held.
    """

    links: LinksAt
    order: tuple[RecordId, ...]

    def __len__(self) -> int:
        return self.links.count_pairs()

    def __iter__(self) -> Iterator[LinkedReferrals]:
        return self.links.pairs(self.order)

    @overload
    def __getitem__(self, at: int) -> LinkedReferrals: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[LinkedReferrals]: ...
    def __getitem__(self, at: int | slice) -> LinkedReferrals | Sequence[LinkedReferrals]:
        if isinstance(at, slice) and (at.start or 0) >= 0 and (at.stop or 0) >= 0:
            return tuple(islice(self, at.start, at.stop, at.step))
        return tuple(self)[at]


@dataclass(frozen=True, slots=True)
class Group:
    """Referrals connected by shared contexts, and the pairs at each context; all in the order in which they were received.

    The contexts stand in the order of how many referrals share them, most first.
    """

    referrals: tuple[RecordId, ...]
    pairs: Mapping[RecordId, PairsAt]

    def sharing(self, context: RecordId) -> int:
        """How many referrals share a context of this group."""
        return len(self.pairs[context].order)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the front page is made from: one reader's network on one day, looked at once. The largest group comes first."""

    everyone: int
    pairs: int
    contexts: int
    groups: tuple[Group, ...]
    alone: tuple[RecordId, ...]
    same_person: tuple[SamePersonLink, ...]


def find_for_front_page(network: Network, today: date) -> Findings:
    """The findings, kept with the network: it is one reader's and changes only with the records."""
    return indexed(network, ("front page", today), lambda: _find(network, today))


def _find(network: Network, today: date) -> Findings:
    there = [found for found in referrals_in(network) if is_received(network, found, today)]
    order = sorted(there, key=lambda referral: (network.nodes[referral]["facts"]["received"], referral))
    place = {referral: number for number, referral in enumerate(order)}
    places = find_links_at_contexts(network, on=today)
    groups = sorted(groups_at_contexts(places), key=lambda group: (-len(group), min(place[referral] for referral in group)))
    group_of = {referral: number for number, group in enumerate(groups) for referral in group}
    by_group: list[list[PairsAt]] = [[] for _ in groups]
    for links in places:
        linked = tuple(sorted(links.referrals, key=place.__getitem__))
        by_group[group_of[linked[0]]].append(PairsAt(links, linked))
    return Findings(
        everyone=len(there),
        pairs=_count_pairs(places, place),
        contexts=len(places),
        groups=tuple(_as_group(group, found, place) for group, found in zip(groups, by_group, strict=True)),
        alone=tuple(referral for referral in order if referral not in group_of),
        same_person=find_same_person_links(network, on=today),
    )


def _count_pairs(places: Iterable[LinksAt], place: Mapping[RecordId, int]) -> int:
    """How many pairs meet anywhere, each once: a bit for each referral, a row of bits for whom it meets."""
    met = dict.fromkeys(place, 0)
    for together in (one for links in places for one in links.sets):
        bits = sum(1 << place[referral] for referral in together)
        for referral in together:
            met[referral] |= bits
    return sum(max(bits.bit_count() - 1, 0) for bits in met.values()) // 2


def _as_group(referrals: Sequence[RecordId], found: Iterable[PairsAt], place: Mapping[RecordId, int]) -> Group:
    ordered = sorted(found, key=lambda pairs: (-len(pairs.order), pairs.links.context))
    return Group(tuple(sorted(referrals, key=place.__getitem__)), {pairs.links.context: pairs for pairs in ordered})


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


def present_front_page(found: Findings, labels: Labels, *, page: int) -> FrontPage:
    """The page, bounded whatever the borough's size; what is left out is said with its number."""
    shown = take_page(found.groups, page, GROUPS_A_PAGE)
    alone, same = found.alone[:ALONE_SHOWN], found.same_person[:SAME_PERSON_SHOWN]
    labels.load({*alone, *(end for link in same for end in (*link.referrals, link.person))})
    labels.load(end for group in shown.items for end in (*group.referrals[:REFERRALS_SHOWN], *group.pairs))
    return FrontPage(
        summary=_summary(found),
        groups=tuple(_group(group, labels) for group in shown.items),
        pages=_pages_of_groups(shown),
        alone_sentence=f"{starts(how_many(len(found.alone), 'referral shares', 'referrals share'))} no context today.",
        alone=tuple(referral_line(referral, labels) for referral in alone),
        alone_left_out=left_out(len(found.alone) - len(alone), "more referral", "more referrals", "in the list of referrals"),
        same_person=tuple(same_person_line(link, labels) for link in same),
        same_person_left_out=left_out(
            len(found.same_person) - len(same),
            "more link of this kind",
            "more links of this kind",
            "on the pages of the referrals",
        ),
    )


def _pages_of_groups(shown: Slice[Group]) -> Pages:
    sentence = (
        "" if shown.total <= GROUPS_A_PAGE else f"Groups {shown.first} to {shown.last} of {shown.total}, the largest first."
    )
    return shown.pages("/", {}, sentence)


def _summary(found: Findings) -> str:
    may_read = f"You may read {how_many(found.everyone, 'referral', 'referrals')}."
    if not found.pairs:
        return f"{may_read} No two of them share a context today."
    return (
        f"{may_read} {starts(how_many(found.pairs, 'pair shares', 'pairs share'))} a context: "
        f"{how_many(found.contexts, 'context', 'contexts')} in all, and "
        f"{how_many(len(found.groups), 'group of referrals', 'groups of referrals')}."
    )


def _group(group: Group, labels: Labels) -> GroupPart:
    is_small = len(group.referrals) <= SMALL_GROUP
    contexts = sorted(group.pairs, key=lambda context: (-group.sharing(context), labels.words(context), context))
    first, rest = contexts[:CONTEXTS_SHOWN], contexts[CONTEXTS_SHOWN:]
    shown = group.referrals if is_small else group.referrals[:REFERRALS_SHOWN]
    return GroupPart(
        title=_title(len(group.referrals), contexts, labels),
        note=_note(group, labels) if is_small else "",
        referrals=tuple(referral_line(found, labels) for found in shown),
        referrals_left_out=left_out(len(group.referrals) - len(shown), "more referral", "more referrals", "in this group"),
        contexts=tuple(_context(context, group, labels, is_small) for context in first),
        contexts_left_out=left_out(len(rest), "more context", "more contexts", "in this group; each has its own page"),
    )


def _title(referrals: int, contexts: Sequence[RecordId], labels: Labels) -> str:
    count = how_many(referrals, "referral", "referrals")
    if len(contexts) == 1:
        return f"{count} that share {labels.of(contexts[0])}"
    if len(contexts) <= 3:
        return f"{count} joined by {and_list(labels.of(context) for context in contexts)}"
    return f"{count} joined by {how_many(len(contexts), 'context', 'contexts')}"


def _note(group: Group, labels: Labels) -> str:
    """Which of a small group share nothing with each other: they meet only through another."""
    linked = {frozenset(pair.referrals) for pairs in group.pairs.values() for pair in pairs}
    apart = [pair for pair in combinations(group.referrals, 2) if frozenset(pair) not in linked]
    if not apart:
        return ""
    if len(apart) > 3:
        return "Not every two of these share a context: some meet only through another referral."
    named = "; ".join(f"{labels.of(first)} and {labels.of(second)}" for first, second in apart)
    return f"{named} share no context with each other: they meet only through another referral."


def _context(context: RecordId, group: Group, labels: Labels, is_small: bool) -> ContextPart:
    pairs = group.pairs[context]
    shown = pairs if is_small else pairs[:PAIRS_SHOWN]
    labels.load(end for pair in shown for end in pair.referrals)
    return ContextPart(
        context=labels.link(context),
        sentence=f"{how_many(group.sharing(context), 'referral shares', 'referrals share')} this context.",
        pairs=tuple(pair_line(pair, labels) for pair in shown),
        left_out=left_out(len(pairs) - len(shown), "more pair shares", "more pairs share", "this context; see its own page", ""),
    )
