"""How fine should clusters be? The finest resolution that agrees with itself over seeds nearly as well as any does.

The ladder of candidates is fixed; nothing is set by hand for a forum. A rung that puts most people into one cluster, makes
a cluster larger than any group people know, or leaves most people nearly alone repeats itself perfectly and says nothing:
it does not count.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graph.analysis.agreement import agreement, mean_agreement
from graph.analysis.local_moving import Pull, Rung, partition

LADDER: tuple[Rung, ...] = (
    *(Rung("modularity", resolution) for resolution in (1.0, 1.25, 1.5, 2.0, 3.0)),
    *(Rung("cpm", density) for density in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5)),
)

TRIAL_SEEDS = 6
NEARLY_BEST = 0.005
LARGEST_CLUSTER = 200
LARGEST_SHARE = 0.6
SMALLEST_CLUSTER = 3
LEAST_COVERED = 0.9
HOPELESS = 0.75  # two runs that agree by less than this end a rung's trial


@dataclass(frozen=True, slots=True)
class Trial:
    """How one rung did: its mean agreement over seeds, and how many clusters it makes."""

    rung: Rung
    agreement: float
    clusters: float


def choose_rung(pull: Pull, first_seed: int = 0) -> Trial | None:
    """The finest rung whose agreement is within 0.005 of the best one's; None when no rung counts at all."""
    trials = [trial for rung in LADDER if (trial := _try(pull, rung, first_seed)) is not None]
    if not trials:
        return None
    best = max(trial.agreement for trial in trials)
    return max((trial for trial in trials if trial.agreement >= best - NEARLY_BEST), key=lambda trial: trial.clusters)


def _try(pull: Pull, rung: Rung, first_seed: int) -> Trial | None:
    partitions: list[list[int]] = []
    for seed in range(TRIAL_SEEDS):
        partitions.append(partition(pull, rung, first_seed + seed))
        if not _says_something(partitions[-1]) or (seed and agreement(*partitions[-2:]) < HOPELESS):
            return None
    clusters = sum(len(set(labels)) for labels in partitions) / len(partitions)
    return Trial(rung, mean_agreement(partitions), clusters)


def _says_something(labels: Sequence[int]) -> bool:
    sizes = Counter(labels).values()
    covered = sum(size for size in sizes if size >= SMALLEST_CLUSTER)
    return max(sizes) <= min(LARGEST_CLUSTER, LARGEST_SHARE * len(labels)) and covered >= LEAST_COVERED * len(labels)
