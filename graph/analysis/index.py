"""What is looked up again and again in one network, worked out once."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from graph.analysis import Network

T = TypeVar("T")


def indexed(network: Network, name: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, kept with the network under `name`; a network that may still change keeps nothing."""
    if not getattr(network, "frozen", False):
        return make()
    kept = network.graph.setdefault("indexes", {})
    if name not in kept:
        kept[name] = make()
    return cast(T, kept[name])
