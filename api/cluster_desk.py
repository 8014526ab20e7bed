"""Clusters are worked out in a process of their own, never in the way of other requests, and kept by revision and scope."""

from collections import OrderedDict
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from threading import Lock

from api.errors import FindingUnavailable
from api.processors import GIVEN, use
from forum.linked_referrals import find_contexts_that_link
from graph.analysis import Network
from graph.analysis.clusters import ClusterFinding, ClusterInput, Of, cluster_input, find_clusters_in
from graph.store.boundary import Scope

KEPT = 16
# A finding that takes longer than this is given up; the caller may ask again.
PATIENCE_SECONDS = 120

Asked = tuple[int, Scope, Of, date]


@dataclass(slots=True)
class ClusterDesk:
    """Gives each finding once for a revision, scope, question and day; the first who asks waits, others wait with them."""

    _found: "OrderedDict[Asked, Future[ClusterFinding]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _pool: ProcessPoolExecutor | None = None

    def clusters(self, network: Network, *, revision: int, scope: Scope, of: Of, on: date) -> ClusterFinding:
        """The finding, the same for the same question.

        FindingUnavailable when the process cannot start, was ended, or takes too long: the next who asks begins again.
        """
        try:
            return self._asked((revision, scope, of, on), network).result(timeout=PATIENCE_SECONDS)
        except (BrokenExecutor, OSError, TimeoutError) as error:
            raise FindingUnavailable from error

    def _asked(self, asked: Asked, network: Network) -> Future[ClusterFinding]:
        """What is being worked out for this question, begun now when nobody asked before, or when what was begun failed."""
        _, _, of, on = asked
        with self._lock:
            future = self._found.get(asked)
            if future is None or (future.done() and future.exception() is not None):
                linking = {found.context: found.referrals for found in find_contexts_that_link(network, on=on)}
                future = self._begin(cluster_input(network, of=of, on=on, linking=linking))
                self._found[asked] = future
            self._found.move_to_end(asked)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        return future

    def _begin(self, given: ClusterInput) -> Future[ClusterFinding]:
        """A pool whose process ended or could not start is of no more use: the next who asks gets a new one.

        Its process works wherever the service was allowed to when it began, and not on the one processor that it keeps to.
        """
        if self._pool is None or getattr(self._pool, "_broken", False):
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=use, initargs=(GIVEN,))
        try:
            return self._pool.submit(find_clusters_in, given)
        except OSError:
            self._pool = None
            raise

    def close(self) -> None:
        """Ends the process; what is still being worked out is given up."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
