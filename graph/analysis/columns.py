"""Ties as integer columns: where analysis of a whole forum starts, since an object for each tie costs ten times as much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Row = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class TieColumns:
    """Undirected weighted ties between `names`, each once, the lower position first, in order of both positions.

    The ties that position i has with later ones are `targets[starts[i]:starts[i + 1]]`, with the weights beside them.
    """

    names: tuple[str, ...]
    starts: NDArray[np.int64]
    targets: NDArray[np.int32]
    weights: NDArray[np.float64]

    def sources(self) -> NDArray[np.int32]:
        """The lower position of each tie."""
        return np.repeat(np.arange(len(self.names), dtype=np.int32), np.diff(self.starts))

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Each tie once, the lower position first, in order."""
        return zip(self.sources().tolist(), self.targets.tolist(), self.weights.tolist(), strict=True)


def read_columns(rows: Iterable[Row], names: Sequence[str] | None = None) -> TieColumns:
    """Columns of rows of two names and a weight, a pair given once; the order of rows changes nothing.

    Without `names` they are those met, sorted.
    """
    given = rows if isinstance(rows, list) else list(rows)
    sources, targets = [row[0] for row in given], [row[1] for row in given]
    ordered = tuple(sorted(set(sources).union(targets))) if names is None else tuple(names)
    at = dict(zip(ordered, range(len(ordered)), strict=True)).__getitem__
    first = np.fromiter(map(at, sources), np.int64, len(given))
    second = np.fromiter(map(at, targets), np.int64, len(given))
    weights = np.fromiter([row[2] for row in given], np.float64, len(given))
    return _sorted(ordered, np.minimum(first, second), np.maximum(first, second), weights)


def _sorted(
    names: tuple[str, ...], lower: NDArray[np.int64], higher: NDArray[np.int64], weights: NDArray[np.float64]
) -> TieColumns:
    order = np.argsort(lower * len(names) + higher)
    starts = np.zeros(len(names) + 1, np.int64)
    np.cumsum(np.bincount(lower, minlength=len(names)), out=starts[1:])
    return TieColumns(names, starts, higher[order].astype(np.int32), weights[order])
