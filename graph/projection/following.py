"""A picture of the whole store that follows its journal, from which each reader's network is cut."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import RLock

from graph.analysis import Network
from graph.assertions import Assertion
from graph.projection.reading import Reader
from graph.projection.sight import Kept, network_within
from graph.records import Record
from graph.store.boundary import Change, Scope, Store

PAGE = 5_000
NETWORKS_KEPT = 32
TIES_KEPT = 3_000_000


class Projection:
    """What the store holds, without names and narratives, as of one revision; any number of threads may use it.

    After any history it equals one made afresh. `within` gives what one scope sees, by promise 1 of the store, and keeps
    its answer until the next revision; what it gives cannot be changed.
    """

    def __init__(self, kinds: Sequence[type[Record]]) -> None:
        self._reader = Reader(kinds)
        self._kept = Kept()
        self._networks: OrderedDict[Scope, Network] = OrderedDict()
        self._lock = RLock()
        self._revision = 0

    @property
    def revision(self) -> int:
        """The last revision that was followed; 0 before the first."""
        return self._revision

    def catch_up(self, store: Store) -> None:
        """Follows the journal to its end. When it fails on the way, the next call goes on from the last whole page."""
        with self._lock:
            while changes := store.changes(after=self._revision, limit=PAGE):
                self._networks.clear()
                for change in changes:
                    self._follow(change)
                self._revision = max(change.revision for change in changes)

    def within(self, scope: Scope) -> Network:
        """The network of what this scope sees, nodes and edges in order of id."""
        with self._lock:
            if scope not in self._networks:
                self._networks[scope] = network_within(self._kept, scope, self._reader.kinds)
            self._networks.move_to_end(scope)
            self._forget_oldest()
            return self._networks[scope]

    def _follow(self, change: Change) -> None:
        if change.body is None:
            self._kept.drop(change.record)
        elif change.kind == Assertion.KIND:
            self._kept.keep_tie(self._reader.tie(change.record, change.body))
        else:
            self._kept.keep_record(self._reader.record(change.record, change.kind, change.body))

    def _forget_oldest(self) -> None:
        """Keeps the newest answers, few enough to fit in memory beside what is kept itself; the last one always."""
        ties = sum(network.number_of_edges() for network in self._networks.values())
        while len(self._networks) > 1 and (len(self._networks) > NETWORKS_KEPT or ties > TIES_KEPT):
            _, oldest = self._networks.popitem(last=False)
            ties -= oldest.number_of_edges()
