"""Which referrals share a context: harmed, or feeling unsafe, at the same one, or about the same referred peer group?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from forum.concern import groups_concerned, groups_referred, is_referred, who_concern
from graph.analysis import Network, Tie
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
class _Meeting:
    """What each referral holds at one context, and which of them concern it as a referred peer group."""

    context: RecordId
    held: dict[RecordId, tuple[Tie, ...]]
    concerned: frozenset[RecordId]

    @property
    def referrals(self) -> tuple[RecordId, ...]:
        """Those that are linked here: two or more by statements, or two or more by concern."""
        held = self.held.keys() if len(self.held) > 1 else set()
        concerned = self.concerned if len(self.concerned) > 1 else set()
        return tuple(sorted({*held, *concerned}))


def find_linked_referrals(network: Network, *, on: date, about: RecordId | None = None) -> tuple[LinkedReferrals, ...]:
    """Every pair that is linked on a day, once for each context, sorted by the referrals' ids and then the context's.

    Current and undisputed statements only (practice, 10.1). With `about`, only the pairs that referral is in: they are
    found from what it holds, without looking at the rest. A referral that is not there links nothing.
    """
    if about is None:
        meetings: Iterable[_Meeting] = _all_meetings(network, on)
    elif about in network and is_received(network, about, on):
        meetings = [_meeting(network, context, on) for context in _contexts_of(network, about, on)]
    else:
        meetings = []
    linked = [pair for meeting in meetings for pair in _pairs(meeting, about)]
    return tuple(sorted(linked, key=lambda pair: (pair.referrals, pair.context)))


def find_contexts_that_link(network: Network, *, on: date) -> tuple[ContextThatLinks, ...]:
    """The contexts that link at least two referrals on a day, with those referrals, in order of the contexts' ids."""
    meetings = _all_meetings(network, on)
    found = [ContextThatLinks(meeting.context, meeting.referrals) for meeting in meetings if meeting.referrals]
    return tuple(sorted(found, key=lambda one: one.context))


def explain(linked: LinkedReferrals, label_of_context: str) -> str:
    """Why two referrals are linked, in one plain sentence that a panel could read aloud."""
    sentence = SENTENCES[linked.manner].format(label_of_context)
    if linked.manner is not Manner.CONCERN and None in linked.because:
        return sentence.removesuffix(".") + ", and both concern it."
    return sentence


def groups_of(linked: Iterable[LinkedReferrals]) -> tuple[tuple[RecordId, ...], ...]:
    """The sets that links connect, two or more referrals each, in order of id. Two of one set may meet only through a third."""
    group: dict[RecordId, set[RecordId]] = {}
    for pair in linked:
        first, second = (group.setdefault(referral, {referral}) for referral in pair.referrals)
        if first is not second:
            small, large = sorted((first, second), key=len)
            large |= small
            for referral in small:
                group[referral] = large
    return tuple(sorted({tuple(sorted(members)) for members in group.values()}))


def _all_meetings(network: Network, on: date) -> list[_Meeting]:
    shared = {one.context for one in find_shared_contexts(network, kinds=LINKING_KINDS, on=on)}
    return [_meeting(network, context, on) for context in sorted(shared | groups_referred(network, on))]


def _contexts_of(network: Network, referral: RecordId, on: date) -> list[RecordId]:
    stated: Sequence[Tie] = network.nodes[referral]["stated"]
    held = {tie.target for tie in stated if tie.says in LINKING_KINDS and tie.is_current(on)}
    return sorted(held | groups_concerned(network, referral))


def _meeting(network: Network, context: RecordId, on: date) -> _Meeting:
    held = {one.referral: one.ties for one in holdings_at(network, context, kinds=LINKING_KINDS, on=on)}
    concerned = who_concern(network, context, on) if is_referred(network, context, on) else ()
    return _Meeting(context, held, frozenset(concerned))


def _pairs(meeting: _Meeting, about: RecordId | None) -> Iterator[LinkedReferrals]:
    if about is None:
        pairs: Iterable[tuple[RecordId, RecordId]] = combinations(meeting.referrals, 2)
    else:
        pairs = ((min(about, other), max(about, other)) for other in meeting.referrals if other != about)
    for first, second in pairs:
        linked = _link(meeting, first, second)
        if linked is not None:
            yield linked


def _link(meeting: _Meeting, first: RecordId, second: RecordId) -> LinkedReferrals | None:
    concern = first in meeting.concerned and second in meeting.concerned
    if first in meeting.held and second in meeting.held:
        ties = meeting.held[first] + meeting.held[second]
        because: list[RecordId | None] = list(sorted(tie.id for tie in ties))
        manner = _manner(meeting.held[first], meeting.held[second])
        return LinkedReferrals((first, second), meeting.context, tuple(because + [None] * concern), manner)
    if concern:
        return LinkedReferrals((first, second), meeting.context, (None,), Manner.CONCERN)
    return None


def _manner(first: Sequence[Tie], second: Sequence[Tie]) -> Manner:
    both = {tie.says for tie in first} & {tie.says for tie in second}
    if AssertionKind.HARMED_AT in both:
        return Manner.HARM
    if AssertionKind.FEELS_UNSAFE_AT in both:
        return Manner.UNSAFE
    return Manner.HARM_OR_UNSAFE
