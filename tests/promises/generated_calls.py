"""R12: calls made after the published description find no server error, no nonsense accepted, nothing used after its end."""

from pathlib import Path

from tests.attacks.fuzzing import CALLS, fuzz
from tests.promises.outcomes import Outcome, Size

MANY = 20_000


def measure_calls(_kind: str, folder: Path, size: Size) -> Outcome:
    """On the embedded store: what is tried is the interface, not the store."""
    large = size == "large"
    tried = fuzz(folder, MANY if large else CALLS, until_reached=not large)
    statuses = [(status, number) for found in tried.answers.values() for status, number in found.items()]
    return Outcome(
        held=f"{tried.calls:,} calls to {len(tried.answers)} operations, {len(tried.reached())} gave something, "
        f"{len(tried.followed)} links followed",
        load=tried.calls,
        faults=tried.ended + tried.taken_back,
        bad_inputs=sum(number for status, number in statuses if 400 <= status < 500),
        wrong=(*tried.faults, *(f"not tried: {what}" for what in tried.lacks())),
    )
