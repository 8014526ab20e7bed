"""The only place where networks are built: `Projection` follows the journal, `peer_network` walks a view step by step,
`stated_network` reads what one record states.

They give the `Network` that `graph.analysis` describes: no names and no narrative, nodes and edges in order of id.
"""

from graph.projection.following import Projection
from graph.projection.surroundings import peer_network, stated_network

__all__ = ["Projection", "peer_network", "stated_network"]
