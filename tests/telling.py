"""What a proof tried, in numbers, for the end of the run: what a test prints on a worker of xdist is seen by nobody.

A test asks for `tell` and calls it with a sentence; the sentences stand together in the last part of pytest's report, in the
order of their names. A plugin, taken in by tests/conftest.py.
"""

from collections.abc import Callable

import pytest
from _pytest.terminal import TerminalReporter

Tell = Callable[[str], None]
KEY = "tried"
TITLE = "what was tried"


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Keeps a sentence for the end of the run."""
    return lambda sentence: request.node.user_properties.append((KEY, sentence.strip()))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Every sentence of a test that ran, whichever process ran it."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, [])]
    told = sorted(value for each in reports for name, value in getattr(each, "user_properties", []) if name == KEY)
    if told:
        terminalreporter.section(TITLE)
    for sentence in dict.fromkeys(told):
        terminalreporter.write_line(sentence)
