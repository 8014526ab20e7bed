"""How long does an evaluation store live, and by which moment is that judged?

By the latest moment that the store has seen (`api/onward_clock.py`), everywhere alike: a service, `kith serve`, `kith check`
and `kith tidy` say the same.
"""

from datetime import datetime, timedelta

from graph.store.boundary import StoreFacts

EVALUATION_LASTS = timedelta(days=30)


def is_past_its_life(facts: StoreFacts, latest: datetime) -> bool:
    """Whether an evaluation store's thirty days are over at the latest moment it has seen."""
    return facts.lives_until is not None and latest >= facts.lives_until


def last_given_life(facts: StoreFacts) -> datetime | None:
    """When an evaluation store was made or last renewed, which it has therefore seen; None for a store without an end.

    No store has more than thirty days left after it, however far ahead the clock was that gave them.
    """
    return facts.lives_until - EVALUATION_LASTS if facts.lives_until is not None else None
