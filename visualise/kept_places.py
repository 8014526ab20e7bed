"""Places worked out once: every look at a map asks for the same layout again, until something on it changes.

It is kept under all that it is worked out from, the keys of one map and no record's id, and under nothing else: another
reader's map, another day's or another sheet's has a layout of its own.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from visualise.document import At, LayoutNote
from visualise.kept_work import KeptWork
from visualise.layout import Pair, Spot, place_things

LAYOUTS_KEPT = 64
_Asked = tuple[tuple[Spot, ...], tuple[Pair, ...], tuple[tuple[str, tuple[float, float]], ...], float]


def place_once(
    spots: Sequence[Spot], pairs: Sequence[Pair], *, hand: Mapping[str, tuple[float, float]], aspect: float
) -> tuple[Mapping[str, At], LayoutNote]:
    """What `place_things` gives, which is the same for the same spots and pairs in any order."""
    return _layouts((tuple(spots), tuple(pairs), tuple(sorted(hand.items())), aspect))


def _place(asked: _Asked) -> tuple[Mapping[str, At], LayoutNote]:
    spots, pairs, hand, aspect = asked
    places, note = place_things(spots, pairs, hand=dict(hand), aspect=aspect)
    return MappingProxyType(places), note


_layouts = KeptWork(_place, most=LAYOUTS_KEPT)
