"""With CI=true no test may be skipped: a test that was not run must not look like one that passed.

A pytest plugin, loaded by `-p tests.no_skips`. On a developer's machine skips stay skips, and `-ra` names them.
"""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
SENTENCE = "With CI=true no test may be skipped, and this one was: {}"


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return fail_when_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return fail_when_skipped(report)


def fail_when_skipped(report: Report) -> Report:
    """The report itself; failed with a sentence when it was skipped, or expected to fail, in CI."""
    if in_ci() and report.skipped:
        why = getattr(report, "wasxfail", None) or (report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if hasattr(report, "wasxfail"):
            del report.wasxfail
        report.outcome = "failed"
        report.longrepr = SENTENCE.format(why)
    return report
