"""Which referrals share a context: harmed, or feeling unsafe, at the same one, or about the same referred peer group?"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from heapq import merge
from itertools import combinations
from math import comb

from forum.concern import groups_concerned, groups_referred, is_referred, who_concern
from graph.analysis import Network, Tie
from graph.analysis.index import indexed
from graph.analysis.shared_contexts import find_shared_contexts, holdings_at, is_received
from graph.assertions import AssertionKind
from graph.records import RecordId

# Nothing else may ever link: not attending, living, spending time, passing through or belonging (practice, 10.1).
LINKING_KINDS = frozenset({AssertionKind.HARMED_AT, AssertionKind.FEELS_UNSAFE_AT})


class Manner(StrEnum):
    """How two referrals meet at a context."""

    HARM = "harm"
    UNSAFE = "unsafe"
    HARM_OR_UNSAFE = "harm_or_unsafe"
    CONCERN = "concern"


SENTENCES = {
    Manner.HARM: "Both referrals report harm at {0}.",
    Manner.UNSAFE: "Both referrals report feeling unsafe at {0}.",
    Manner.HARM_OR_UNSAFE: "Both referrals report harm or feeling unsafe at {0}.",
    Manner.CONCERN: "Both referrals concern the peer group {0}.",
}


@dataclass(frozen=True, slots=True)
class LinkedReferrals:
    """Two referrals that meet at one context, the lower id first.

    `because` holds the ids of the statements of both, in order, then None when both concern the context as a referred
    peer group: a concern rests on no statement.
    """

    referrals: tuple[RecordId, RecordId]
    context: RecordId
    because: tuple[RecordId | None, ...]
    manner: Manner


@dataclass(frozen=True, slots=True)
class ContextThatLinks:
    """A context and the referrals that are linked there, in order of id."""

    context: RecordId
    referrals: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class LinksAt:
    """One context on one day: what each referral holds there, and which of them concern it as a referred peer group.

    Two are linked here when both hold something, or when both concern it.
    """

    context: RecordId
    held: Mapping[RecordId, tuple[Tie, ...]]
    concerned: frozenset[RecordId]

    @property
    def sets(self) -> tuple[frozenset[RecordId], ...]:
        """The sets, of two or more, whose members are linked here each with each."""
        return tuple(one for one in (frozenset(self.held), self.concerned) if len(one) > 1)

    @property
    def referrals(self) -> tuple[RecordId, ...]:
        """Those that are linked here, in order of id."""
        return tuple(sorted(frozenset().union(*self.sets)))

    def count_pairs(self) -> int:
        """How many pairs are linked here."""
        both = self.held.keys() & self.concerned
        return comb(len(self.held), 2) + comb(len(self.concerned), 2) - comb(len(both), 2)

    def pairs(self, order: Sequence[RecordId]) -> Iterator[LinkedReferrals]:
        """The pairs linked here among these referrals: each with those after it."""
        for one, other in combinations(order, 2):
            linked = _link(self, min(one, other), max(one, other))
            if linked is not None:
                yield linked


def find_linked_referrals(
    network: Network, *, on: date, about: RecordId | None = None, at: RecordId | None = None
) -> tuple[LinkedReferrals, ...]:
    """Every pair that is linked on a day, once for each context, sorted by the referrals' ids and then the context's.

    Current and undisputed statements only (practice, 10.1). With `about`, only the pairs that referral is in; with `at`, only
    those of that context: they are found without looking at the rest. A referral that is not there links nothing.
    """
    if about is None:
        return tuple(pairs_at(find_links_at_contexts(network, on=on) if at is None else find_links_at(network, at, on=on)))
    there = about in network and is_received(network, about, on)
    places = [_links_at(network, context, on) for context in _contexts_of(network, about, on)] if there else []
    linked = [pair for links in places for pair in _pairs_with(links, about) if at in (None, pair.context)]
    return tuple(sorted(linked, key=_in_order))


def pairs_at(places: Iterable[LinksAt]) -> Iterator[LinkedReferrals]:
    """Every pair that is linked at these contexts, in the order of `find_linked_referrals`, each made when it is asked for.

    There may be thousands at one busy place: nobody has to hold them all.
    """
    return merge(*(links.pairs(links.referrals) for links in places), key=_in_order)


def find_links_at(network: Network, context: RecordId, *, on: date) -> tuple[LinksAt, ...]:
    """This context alone, where it links at least two referrals on a day; else nothing."""
    links = _links_at(network, context, on)
    return (links,) if links.sets else ()


def find_links_at_contexts(network: Network, *, on: date) -> tuple[LinksAt, ...]:
    """The contexts that link at least two referrals on a day, with what each holds there, in order of the contexts' ids."""
    return indexed(network, ("links", on), lambda: tuple(links for links in _at_contexts(network, on) if links.sets))


def find_contexts_that_link(network: Network, *, on: date) -> tuple[ContextThatLinks, ...]:
    """The contexts that link at least two referrals on a day, with those referrals, in order of the contexts' ids."""
    return tuple(ContextThatLinks(links.context, links.referrals) for links in find_links_at_contexts(network, on=on))


def explain(linked: LinkedReferrals, label_of_context: str) -> str:
    """Why two referrals are linked, in one plain sentence that a panel could read aloud."""
    sentence = SENTENCES[linked.manner].format(label_of_context)
    if linked.manner is not Manner.CONCERN and None in linked.because:
        return sentence.removesuffix(".") + ", and both concern it."
    return sentence


def groups_of(linked: Iterable[LinkedReferrals]) -> tuple[tuple[RecordId, ...], ...]:
    """The sets that links connect, two or more referrals each, in order of id. Two of one set may meet only through a third."""
    return _connected(pair.referrals for pair in linked)


def groups_at_contexts(places: Iterable[LinksAt]) -> tuple[tuple[RecordId, ...], ...]:
    """The same for every pair at these contexts."""
    return _connected(one for links in places for one in links.sets)


def _connected(linked: Iterable[Collection[RecordId]]) -> tuple[tuple[RecordId, ...], ...]:
    group: dict[RecordId, set[RecordId]] = {}
    for together in linked:
        large = max((group.setdefault(referral, {referral}) for referral in together), key=len)
        for referral in together:
            if group[referral] is not large:
                joined = group[referral]
                large |= joined
                group.update(dict.fromkeys(joined, large))
    each_once = {id(members): members for members in group.values()}  # sorting a group once for each member took most of the time
    return tuple(sorted(tuple(sorted(members)) for members in each_once.values()))


def _at_contexts(network: Network, on: date) -> list[LinksAt]:
    shared = {one.context for one in find_shared_contexts(network, kinds=LINKING_KINDS, on=on)}
    return [_links_at(network, context, on) for context in sorted(shared | groups_referred(network, on))]


def _contexts_of(network: Network, referral: RecordId, on: date) -> list[RecordId]:
    stated: Sequence[Tie] = network.nodes[referral]["stated"]
    held = {tie.target for tie in stated if tie.says in LINKING_KINDS and tie.is_current(on)}
    return sorted(held | groups_concerned(network, referral))


def _links_at(network: Network, context: RecordId, on: date) -> LinksAt:
    held = {one.referral: one.ties for one in holdings_at(network, context, kinds=LINKING_KINDS, on=on)}
    concerned = who_concern(network, context, on) if is_referred(network, context, on) else ()
    return LinksAt(context, held, frozenset(concerned))


def _in_order(pair: LinkedReferrals) -> tuple[tuple[RecordId, RecordId], RecordId]:
    return pair.referrals, pair.context


def _pairs_with(links: LinksAt, about: RecordId) -> Iterator[LinkedReferrals]:
    for other in links.referrals:
        linked = _link(links, min(about, other), max(about, other)) if other != about else None
        if linked is not None:
            yield linked


def _link(links: LinksAt, first: RecordId, second: RecordId) -> LinkedReferrals | None:
    concern = first in links.concerned and second in links.concerned
    if first in links.held and second in links.held:
        ties = links.held[first] + links.held[second]
        because: list[RecordId | None] = list(sorted(tie.id for tie in ties))
        manner = _manner(links.held[first], links.held[second])
        return LinkedReferrals((first, second), links.context, tuple(because + [None] * concern), manner)
    if concern:
        return LinkedReferrals((first, second), links.context, (None,), Manner.CONCERN)
    return None


def _manner(first: Sequence[Tie], second: Sequence[Tie]) -> Manner:
    both = {tie.says for tie in first} & {tie.says for tie in second}
    if AssertionKind.HARMED_AT in both:
        return Manner.HARM
    if AssertionKind.FEELS_UNSAFE_AT in both:
        return Manner.UNSAFE
    return Manner.HARM_OR_UNSAFE
