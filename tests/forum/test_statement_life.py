"""A statement's life: one step at a time, dated, and never overwritten."""

from datetime import date

import pytest

from forum.errors import Incomplete, WrongState
from forum.statement_life import STEPS, Step, take_step
from graph.assertions import Standing, standing_on
from graph.records import ActorId
from tests.builders import an_assertion

WORKER = ActorId("worker")
DAY = date(2026, 11, 21)


def stood(assertion, day: date = DAY) -> Standing | None:
    return standing_on(assertion.standings, assertion.review_on, day)


def test_a_disputed_statement_is_disputed_from_that_day_and_current_before() -> None:
    disputed = take_step(an_assertion(), Step.DISPUTE, reason="She says it is not so.", by=WORKER, today=DAY)
    assert stood(disputed) is Standing.DISPUTED
    assert stood(disputed, date(2026, 11, 20)) is not Standing.DISPUTED
    assert disputed.standings[-1].changed_by == WORKER


def test_a_corrected_statement_can_be_reopened_and_keeps_every_step() -> None:
    corrected = take_step(an_assertion(), Step.CORRECT, reason="It was somebody else.", by=WORKER, today=DAY)
    reopened = take_step(corrected, Step.REOPEN, reason="It was not.", by=WORKER, today=DAY)
    assert stood(reopened) is Standing.CURRENT
    assert [step.standing for step in reopened.standings][-2:] == [Standing.CORRECTED, Standing.CURRENT]


def test_an_expired_statement_comes_back_only_with_a_later_review_date() -> None:
    expired = an_assertion(review_on=date(2026, 11, 1))
    assert stood(expired) is Standing.EXPIRED
    with pytest.raises(Incomplete):
        take_step(expired, Step.RENEW, reason="Asked again.", by=WORKER, today=DAY)
    with pytest.raises(Incomplete):
        take_step(expired, Step.RENEW, reason="Asked again.", by=WORKER, today=DAY, review_by=date(2026, 11, 20))
    renewed = take_step(expired, Step.RENEW, reason="Asked again.", by=WORKER, today=DAY, review_by=date(2027, 1, 1))
    assert stood(renewed) is Standing.CURRENT


def test_every_step_not_in_the_table_is_refused() -> None:
    ways = {
        Standing.CURRENT: an_assertion(),
        Standing.EXPIRED: an_assertion(review_on=date(2026, 11, 1)),
        Standing.DISPUTED: take_step(an_assertion(), Step.DISPUTE, reason="r", by=WORKER, today=DAY),
        Standing.CORRECTED: take_step(an_assertion(), Step.CORRECT, reason="r", by=WORKER, today=DAY),
        Standing.WITHDRAWN: take_step(an_assertion(), Step.WITHDRAW, reason="r", by=WORKER, today=DAY),
    }
    for standing, assertion in ways.items():
        assert stood(assertion) is standing
        for step, (allowed, leads_to) in STEPS.items():
            if standing in allowed:
                taken = take_step(assertion, step, reason="r", by=WORKER, today=DAY, review_by=date(2027, 11, 21))
                assert stood(taken) is leads_to
            else:
                with pytest.raises(WrongState):
                    take_step(assertion, step, reason="r", by=WORKER, today=DAY, review_by=date(2027, 11, 21))


def test_a_step_taken_on_an_earlier_day_keeps_the_steps_still_to_come() -> None:
    corrected = take_step(an_assertion(), Step.CORRECT, reason="later", by=WORKER, today=DAY)
    earlier = take_step(corrected, Step.DISPUTE, reason="earlier", by=WORKER, today=date(2026, 11, 10))
    assert stood(earlier, date(2026, 11, 10)) is Standing.DISPUTED
    assert stood(earlier, DAY) is Standing.CORRECTED
