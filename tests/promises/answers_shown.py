"""R18: every answer with somebody in it has its row in the audit, which names each of them and nobody else."""

from pathlib import Path

from tests.api.pages.conftest import stop
from tests.api.shown import crawl, open_borough
from tests.promises.outcomes import Outcome, Size

# The first 2,800 or so find out which addresses answer; what is asked by all roles comes after them.
MANY, FEW = 10_000, 4_000


def measure_shown(_kind: str, folder: Path, size: Size) -> Outcome:
    """On the embedded store; `tests/api/test_who_was_shown.py` tries fewer answers on both."""
    borough = open_borough(folder)
    try:
        tally = crawl(borough, MANY if size == "large" else FEW)
    finally:
        stop(borough.service)
    return Outcome(
        held=f"{tally.tried:,} answers compared with the audit both ways, {tally.with_people:,} of them show somebody",
        load=tally.tried,
        faults=0,
        bad_inputs=tally.refused,
        wrong=(*tally.missing, *tally.extras),
    )
