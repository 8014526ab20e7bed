"""The promises that are measured. To add one: a function that gives an Outcome, and a line here."""

from tests.promises.answers_shown import measure_shown
from tests.promises.clocks import measure_clocks
from tests.promises.editors import measure_editors
from tests.promises.generated_calls import measure_calls
from tests.promises.outcomes import Promise
from tests.promises.repeats import measure_repeats

PROMISES: tuple[Promise, ...] = (
    Promise(code="R5", says="a POST is done exactly once", measure=measure_repeats),
    Promise(code="R6", says="no change is lost", measure=measure_editors),
    Promise(
        code="R12",
        says="no call of any kind finds a fault",
        measure=measure_calls,
        stores=("sqlite",),
        small_elsewhere="tests/attacks/test_fuzz.py",
    ),
    Promise(code="R16", says="nothing lives longer for a clock that is moved", measure=measure_clocks),
    Promise(
        code="R18",
        says="nobody is shown without a row in the audit that names them",
        measure=measure_shown,
        stores=("sqlite",),
        small_elsewhere="tests/api/test_who_was_shown.py",
    ),
)
