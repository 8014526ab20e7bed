"""Where does a statement stand now, and who said so? One step of its life at a time; nothing is overwritten."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from forum.errors import Incomplete, Mistake, WrongState
from graph.assertions import Assertion, Standing, StandingSince, standing_on
from graph.periods import disposal_day
from graph.records import ActorId


class Step(StrEnum):
    """A step of a statement's life, as it is called on the wire."""

    DISPUTE = "dispute"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RENEW = "renew"
    REOPEN = "reopen"


# From which standings a step may be taken, and where it leads (docs/surface, statements).
STEPS: dict[Step, tuple[frozenset[Standing], Standing]] = {
    Step.DISPUTE: (frozenset({Standing.CURRENT}), Standing.DISPUTED),
    Step.CORRECT: (frozenset({Standing.CURRENT, Standing.DISPUTED}), Standing.CORRECTED),
    Step.WITHDRAW: (frozenset({Standing.CURRENT, Standing.DISPUTED}), Standing.WITHDRAWN),
    Step.REOPEN: (frozenset({Standing.DISPUTED, Standing.CORRECTED, Standing.WITHDRAWN}), Standing.CURRENT),
    Step.RENEW: (frozenset({Standing.EXPIRED}), Standing.CURRENT),
}


def take_step(
    assertion: Assertion, step: Step, *, reason: str, by: ActorId, today: date, review_by: date | None = None
) -> Assertion:
    """The statement after one step, not stored yet. Raises WrongState when it may not be taken from where it stands.

    Renewing needs a later review date (today or after); without one given it is refused with what to write.
    """
    allowed, leads_to = STEPS[step]
    if standing_on(assertion.standings, assertion.review_on, today) not in allowed:
        raise WrongState("This step cannot be taken from where the statement stands now. Read it again to see its status.")
    review_on = assertion.review_on
    if step is Step.RENEW:
        if review_by is None or review_by < today:
            raise Incomplete([Mistake("/review_by", "not-later", "Write the next review date: today or a later day.")])
        review_on = review_by
    taken = StandingSince(standing=leads_to, since=today, reason=reason, changed_by=by)
    reached = tuple(known for known in assertion.standings if known.since <= today)
    to_come = assertion.standings[len(reached) :]
    return replace(assertion, standings=(*reached, taken, *to_come), review_on=review_on, dispose_on=disposal_day(review_on))
