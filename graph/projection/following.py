"""A picture of the whole store that follows its journal, from which each reader's network is cut."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock

from graph.analysis import Network
from graph.assertions import Assertion
from graph.projection.carrying import Before, carry_over
from graph.projection.reading import KeptRecord, KeptTie, Reader
from graph.projection.sight import Kept, as_it_matters, network_within
from graph.records import Record, RecordId
from graph.store.boundary import Change, Scope, Store

PAGE = 5_000
NETWORKS_KEPT = 96
CARRIED_AT_MOST = 500
TIES_KEPT = 3_000_000


@dataclass(slots=True)
class _Answer:
    """What one scope saw as of a revision. `ties`: how many when it was made, since counting them takes longer than asking."""

    network: Network
    revision: int
    ties: int


class Projection:
    """What the store holds, without names and narratives, as of one revision; any number of threads may use it.

    After any history it equals one made afresh. `within` gives what one scope sees, by promise 1 of the store, and keeps its
    answer until the next revision that this scope sees anything of; what it gives cannot be changed.
    """

    def __init__(self, kinds: Sequence[type[Record]]) -> None:
        self._reader = Reader(kinds)
        self._kept = Kept()
        self._networks: OrderedDict[Scope, _Answer] = OrderedDict()
        self._steps: deque[tuple[int, Before]] = deque()  # what was before each of the last steps, and the revision it led to
        self._lock = RLock()
        self._revision = 0

    @property
    def revision(self) -> int:
        """The last revision that was followed; 0 before the first."""
        return self._revision

    def catch_up(self, store: Store) -> None:
        """Follows the journal to its end. When it fails on the way, the next call goes on from the last whole page."""
        with self._lock:
            before: dict[RecordId, KeptRecord | KeptTie | None] = {}
            try:
                while changes := store.changes(after=self._revision, limit=PAGE):
                    for change in changes:
                        before.setdefault(change.record, self._kept.found(change.record))
                        self._follow(change)
                    self._revision = max(change.revision for change in changes)
            except BaseException:
                self._networks.clear()  # nobody knows how far what they would be taken over has come
                raise
            if before:
                self._remember(before)

    def within(self, scope: Scope) -> Network:
        """The network of what this scope sees, nodes and edges in order of id."""
        with self._lock:
            scope = as_it_matters(self._kept, scope)
            answer = self._networks.get(scope)
            network = self._brought_up_to_date(scope, answer) if answer else None
            if answer and network is not None:
                answer.network, answer.revision = network, self._revision
            else:
                network = network_within(self._kept, scope, self._reader.kinds)
                self._networks[scope] = _Answer(network, self._revision, network.number_of_edges())
            self._networks.move_to_end(scope)
            self._forget_oldest()
            return network

    def _brought_up_to_date(self, scope: Scope, answer: _Answer) -> "Network | None":
        """The network taken over what has changed since it was last asked for; None where it has to be made afresh.

        Only now: most networks are asked for by somebody who sees something else by the next time, and never again.
        """
        before: dict[RecordId, KeptRecord | KeptTie | None] = {}
        for revision, step in self._steps:
            if revision > answer.revision:
                before = {**step, **before}
        return carry_over(answer.network, self._kept, scope, self._reader.kinds, before) if before else answer.network

    def _remember(self, before: Before) -> None:
        """Keeps what was before the last few hundred changes; a network of a time before those is not kept either."""
        self._steps.append((self._revision, before))
        changed = sum(len(step) for _, step in self._steps)
        while changed > CARRIED_AT_MOST:
            revision, step = self._steps.popleft()
            changed -= len(step)
            for scope in [one for one, answer in self._networks.items() if answer.revision < revision]:
                del self._networks[scope]

    def _follow(self, change: Change) -> None:
        if change.body is None:
            self._kept.drop(change.record)
        elif change.kind == Assertion.KIND:
            self._kept.keep_tie(self._reader.tie(change.record, change.body))
        else:
            self._kept.keep_record(self._reader.record(change.record, change.kind, change.body))

    def _forget_oldest(self) -> None:
        """Keeps the newest answers, few enough to fit in memory beside what is kept itself; the last one always."""
        ties = sum(answer.ties for answer in self._networks.values())
        while len(self._networks) > 1 and (len(self._networks) > NETWORKS_KEPT or ties > TIES_KEPT):
            _, oldest = self._networks.popitem(last=False)
            ties -= oldest.ties
