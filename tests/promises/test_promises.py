"""Each promise that is a number, measured small: nothing may be lost. Large, and printed: python -m tests.promises --large."""

from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.promises.outcomes import Promise, line_of
from tests.promises.register import PROMISES
from tests.telling import Tell


@pytest.mark.parametrize("promise", [each for each in PROMISES if not each.small_elsewhere], ids=lambda each: each.code)
def test_a_promise_is_kept(promise: Promise, store_kind: str, tmp_path: Path, tell: Tell) -> None:
    if store_kind not in promise.stores:
        return
    outcome = promise.measure(store_kind, tmp_path, "small")
    tell(line_of(promise, store_kind, outcome))
    assert outcome.load > 20 and outcome.wrong == ()


def test_every_promise_has_a_number_of_its_own() -> None:
    assert len({promise.code for promise in PROMISES}) == len(PROMISES)
    assert all((ROOT / promise.small_elsewhere).exists() for promise in PROMISES)
