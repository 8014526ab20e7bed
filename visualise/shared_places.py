"""Which contexts young people share: current, undisputed harm or feeling unsafe, and membership of a referred group."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from forum.linked_referrals import LINKING_KINDS
from graph.analysis import Network, Tie
from graph.assertions import CONTEXTS, AssertionKind
from graph.contexts import PeerGroup
from graph.records import RecordId
from visualise.homes import is_home
from visualise.peer_ties import LETTER

KINDS_THAT_JOIN = LINKING_KINDS | {AssertionKind.MEMBER_OF}
IN_BOTH, MEMBERS_IN_BOTH, MEMBERS_OF_BOTH = "young_people_in_both", "members_in_both", "members_of_both"


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """A context: the young people harmed or feeling unsafe there (or members, for a referred group), and its referrals."""

    context: RecordId
    people: frozenset[RecordId]
    referrals: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class SharedBetween:
    """Two contexts and the young people they share, with the statements that say so."""

    ends: tuple[RecordId, RecordId]
    people: frozenset[RecordId]
    ties: tuple[Tie, ...]

    @property
    def how_known(self) -> str:
        """The best of how any of it is known: hearsay only when all of it is."""
        return min((LETTER[tie.known] for tie in self.ties), key="STPJH".index)

    @property
    def how_sure(self) -> str:
        return min((tie.how_sure.value for tie in self.ties), key=("sure", "fairly", "not").index)

    @property
    def known_on(self) -> date | None:
        """The latest day of any of it."""
        return max((tie.date_known for tie in self.ties if tie.date_known), default=None)

    @property
    def agencies(self) -> int:
        return len({tie.agency or tie.source_role for tie in self.ties})

    @property
    def rests_on(self) -> str:
        """What the line is called: whoever is there as a member was not harmed there by that, and belonging is no worry."""
        belongs = {tie.says is AssertionKind.MEMBER_OF for tie in self.ties}
        if belongs == {True}:
            return MEMBERS_OF_BOTH
        return MEMBERS_IN_BOTH if True in belongs else IN_BOTH

    @property
    def referrals(self) -> tuple[RecordId, ...]:
        """What the statements were made in, whether or not it counts for either context; sorted by id."""
        return tuple(sorted({tie.stated_in for tie in self.ties if tie.stated_in}))


def find_shared_places(
    network: Network,
    referrals: Mapping[RecordId, Collection[RecordId]],
    *,
    today: date,
    referred: Collection[RecordId],
    too_old: Collection[RecordId] = (),
) -> tuple[list[SharedPlace], list[SharedBetween], Mapping[RecordId, Collection[RecordId]]]:
    """Every context with someone harmed or unsafe there or with a referral that counts for it, and every two that share someone.

    `referrals` are those that count for each context (practice, 10.5); `referred` the peer groups that are referred: only
    their members count. Attending, living and spending time somewhere draw nothing, and a home is none of them. Sorted by id.
    What rests on a statement of `too_old` draws and counts nothing; third, for each context, those that so left something out.
    """
    present, aged = _present(network, today, frozenset(referred), frozenset(too_old))
    contexts = sorted({context for context, held in present.items() if held} | {one for one, given in referrals.items() if given})
    places = [
        SharedPlace(context, frozenset(present.get(context, {})), tuple(sorted(referrals.get(context, ()))))
        for context in contexts
        if _may_stand(network, context)
    ]
    shared = []
    for one, other in combinations(places, 2):
        people = one.people & other.people
        if people:
            held = {tie.id: tie for person in people for place in (one, other) for tie in present[place.context][person]}
            shared.append(SharedBetween((one.context, other.context), people, tuple(held[key] for key in sorted(held))))
    return places, shared, {context: aged[context] for context in sorted(aged) if _may_stand(network, context)}


def _may_stand(network: Network, context: RecordId) -> bool:
    return context in network and network.nodes[context]["kind"] in CONTEXTS and not is_home(network, context)


def _present(
    network: Network, today: date, referred: frozenset[RecordId], too_old: frozenset[RecordId]
) -> tuple[dict[RecordId, dict[RecordId, tuple[Tie, ...]]], dict[RecordId, set[RecordId]]]:
    """For each context, the young people there and by which statements, and which statements were too old to say so."""
    found: dict[RecordId, dict[RecordId, tuple[Tie, ...]]] = {}
    aged: dict[RecordId, set[RecordId]] = {}
    for context, person, rests_on in _told(network, today, referred):
        old = too_old.intersection(tie.id for tie in rests_on)
        if old:
            aged.setdefault(context, set()).update(old)
        else:
            held = found.setdefault(context, {})
            held[person] = (*held.get(person, ()), rests_on[0])
    return found, aged


def _told(network: Network, today: date, referred: frozenset[RecordId]) -> Iterator[tuple[RecordId, RecordId, tuple[Tie, ...]]]:
    """Each context, a young person there, and what that rests on, the statement about the context first.

    A group that was harmed stands for its members: that rests on what was said of the group, and on the membership.
    """
    ties: list[Tie] = [tie for _, _, tie in network.edges(data="tie") if tie.is_current(today)]
    members: dict[RecordId, list[Tie]] = {}
    for tie in ties:
        if tie.says is AssertionKind.MEMBER_OF and _is_young(network, tie.source):
            members.setdefault(tie.target, []).append(tie)
    for group in sorted(set(members) & referred):
        yield from ((group, tie.source, (tie,)) for tie in members[group])
    for tie in ties:
        if tie.says in LINKING_KINDS and _is_young(network, tie.source):
            yield tie.target, tie.source, (tie,)
        elif tie.says in LINKING_KINDS and network.nodes[tie.source]["kind"] == PeerGroup.KIND:
            yield from ((tie.target, member.source, (tie, member)) for member in members.get(tie.source, ()))


def _is_young(network: Network, person: RecordId) -> bool:
    return network.nodes[person]["kind"] in ("YoungPerson", "UnnamedPeople")
