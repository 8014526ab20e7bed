"""Which tests run one after the other on one worker: those that share what takes long to set up. The rest go to whoever is free.

A pytest plugin, loaded by `-p tests.together` beside xdist. It goes by the names of tests, which the process that gives out the
work knows; xdist's own marks for groups are not seen by it with the installed pytest.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_SERVER = "neo4j"
# What their module sets up takes half a minute.
ONE_SETTING_UP = ("tests/api/test_who_was_shown.py", "tests/attacks/test_hostile_text.py")


def belongs_with(nodeid: str) -> str:
    """The name of the group that a test runs with; its own name where it runs alone."""
    module = nodeid.partition("::")[0]
    if ONE_SERVER in nodeid:
        return ONE_SERVER
    return module if module in ONE_SETTING_UP else nodeid


class Together(LoadScopeScheduling):
    """Gives out groups, the largest first, and single tests in their order."""

    def _split_scope(self, nodeid: str) -> str:
        return belongs_with(nodeid)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Asked by xdist once, when it runs on several workers."""
    return Together(config, log)
