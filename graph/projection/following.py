"""A picture of the whole store that follows its journal, from which each reader's network is cut."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import RLock

from graph.analysis import Network
from graph.assertions import Assertion
from graph.projection.carrying import Before, carry_over
from graph.projection.reading import KeptRecord, KeptTie, Reader
from graph.projection.sight import Kept, network_within
from graph.records import Record, RecordId
from graph.store.boundary import Change, Scope, Store

PAGE = 5_000
NETWORKS_KEPT = 128
CARRIED_AT_MOST = 500
TIES_KEPT = 3_000_000


class Projection:
    """What the store holds, without names and narratives, as of one revision; any number of threads may use it.

    After any history it equals one made afresh. `within` gives what one scope sees, by promise 1 of the store, and keeps its
    answer until the next revision that this scope sees anything of; what it gives cannot be changed.
    """

    def __init__(self, kinds: Sequence[type[Record]]) -> None:
        self._reader = Reader(kinds)
        self._kept = Kept()
        self._networks: OrderedDict[Scope, Network] = OrderedDict()
        self._ties: dict[Scope, int] = {}  # how many each held when it was made: counting them takes longer than asking
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
            answers: OrderedDict[Scope, Network] = OrderedDict()
            while changes := store.changes(after=self._revision, limit=PAGE):
                # Out of reach until they are taken over every change: what fails on the way leaves none behind.
                answers, self._networks = answers or self._networks, OrderedDict()
                for change in changes:
                    before.setdefault(change.record, self._kept.found(change.record))
                    self._follow(change)
                self._revision = max(change.revision for change in changes)
            if before:
                self._carry_over(answers, before)

    def within(self, scope: Scope) -> Network:
        """The network of what this scope sees, nodes and edges in order of id."""
        with self._lock:
            if scope not in self._networks:
                self._networks[scope] = network_within(self._kept, scope, self._reader.kinds)
                self._ties[scope] = self._networks[scope].number_of_edges()
                self._forget_oldest()
            self._networks.move_to_end(scope)
            return self._networks[scope]

    def _carry_over(self, answers: Mapping[Scope, Network], before: Before) -> None:
        """Takes the answers that are kept over a few changes; after many they are made afresh when they are asked for."""
        if len(before) > CARRIED_AT_MOST:
            return
        for scope, network in answers.items():
            carried = carry_over(network, self._kept, scope, self._reader.kinds, before)
            if carried is not None:
                self._networks[scope] = carried

    def _follow(self, change: Change) -> None:
        if change.body is None:
            self._kept.drop(change.record)
        elif change.kind == Assertion.KIND:
            self._kept.keep_tie(self._reader.tie(change.record, change.body))
        else:
            self._kept.keep_record(self._reader.record(change.record, change.kind, change.body))

    def _forget_oldest(self) -> None:
        """Keeps the newest answers, few enough to fit in memory beside what is kept itself; the last one always."""
        self._ties = {scope: self._ties[scope] for scope in self._networks}
        ties = sum(self._ties.values())
        while len(self._networks) > 1 and (len(self._networks) > NETWORKS_KEPT or ties > TIES_KEPT):
            oldest, _ = self._networks.popitem(last=False)
            ties -= self._ties.pop(oldest)
