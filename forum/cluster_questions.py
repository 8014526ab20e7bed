"""Which young people, or which referrals, stand close together, by the ties and contexts the forum lets count?"""

from datetime import date

from forum.linked_referrals import find_contexts_that_link
from graph.analysis import Network
from graph.analysis.clusters import ClusterInput, Of, cluster_input


def ask_for_clusters(network: Network, *, of: Of, on: date) -> ClusterInput:
    """What to find clusters from, as plain data: `find_clusters_in` may answer it in a process of its own.

    Referrals are joined by the contexts that link them, and by nothing else.
    """
    linking = {one.context: one.referrals for one in find_contexts_that_link(network, on=on)} if of == "referrals" else None
    return cluster_input(network, of=of, on=on, linking=linking)
