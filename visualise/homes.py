"""What would tell on a map where somebody lives? It is left out before anything is placed, counted or put into words."""

from collections.abc import Sequence

from graph.analysis import Network
from graph.assertions import Assertion, AssertionKind
from graph.contexts import PRIVATE_ADDRESS, Home
from graph.records import Record
from visualise.peer_ties import TieToDraw

# Where somebody lives, told by a line instead of a place: at a care home or a hotel the line is what makes it their address.
LIVES_AT = AssertionKind.LIVES_AT.code


def is_home(network: Network, record: str) -> bool:
    """Whether this is a household, or a place of whichever type that is a private address."""
    if record not in network:
        return False
    node = network.nodes[record]
    return bool(node["kind"] == Home.KIND or node["facts"].get("place_kind") == PRIVATE_ADDRESS)


def leaves_out_homes(record: Record) -> bool:
    """Whether a walk for a shared map passes this by: what only a home leads to changes nothing that is drawn."""
    if isinstance(record, Assertion):
        return record.says is AssertionKind.LIVES_AT
    return record.KIND == Home.KIND or getattr(record, "place_kind", None) == PRIVATE_ADDRESS


def tells_of_home(network: Network, kind: str, ends: Sequence[str]) -> bool:
    """Whether a statement of this kind between these leads to a home, or says where somebody lives."""
    return kind == LIVES_AT or any(is_home(network, end) for end in ends)


def without_homes(network: Network, ties: Sequence[TieToDraw]) -> list[TieToDraw]:
    """Those that tell of no home, in the same order."""
    return [tie for tie in ties if not tells_of_home(network, tie.kind, tie.ends)]
