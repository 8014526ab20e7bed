"""Ties as integer columns: where analysis of a whole forum starts, since an object for each tie costs ten times as much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Row = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class TieColumns:
    """Undirected weighted ties between `names`, each in both directions, in order of source and then target.

    Positions are those in `names`. The ties from position i are `targets[starts[i]:starts[i + 1]]` with the weights beside
    them. The same tie given twice stands there twice.
    """

    names: tuple[str, ...]
    starts: NDArray[np.int64]
    targets: NDArray[np.int32]
    weights: NDArray[np.float64]

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Each tie once, the lower position first, in order."""
        sources = np.repeat(np.arange(len(self.names), dtype=np.int32), np.diff(self.starts))
        once = sources < self.targets
        yield from zip(sources[once].tolist(), self.targets[once].tolist(), self.weights[once].tolist(), strict=True)


def read_columns(rows: Iterable[Row], names: Sequence[str] | None = None) -> TieColumns:
    """Columns of rows of two names and a weight. Without `names`, they are those met, sorted: row order changes nothing."""
    sources, targets, weights = tuple(zip(*rows, strict=True)) or ((), (), ())
    ordered = tuple(sorted({*sources, *targets})) if names is None else tuple(names)
    at = dict(zip(ordered, range(len(ordered)), strict=True)).__getitem__
    ties = len(weights)
    first = np.fromiter(map(at, sources), np.int32, ties)
    second = np.fromiter(map(at, targets), np.int32, ties)
    return _both_ways(ordered, first, second, np.array(weights, np.float64))


def _both_ways(
    names: tuple[str, ...], first: NDArray[np.int32], second: NDArray[np.int32], weights: NDArray[np.float64]
) -> TieColumns:
    sources, targets = np.concatenate((first, second)), np.concatenate((second, first))
    order = np.argsort(sources.astype(np.int64) * len(names) + targets, kind="stable")
    starts = np.zeros(len(names) + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=len(names)), out=starts[1:])
    return TieColumns(names, starts, targets[order], np.concatenate((weights, weights))[order])
