"""Promise: a finding that cannot be worked out just now is said to be so, and the next who asks gets it."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.cluster_desk import ClusterDesk
from api.processors import GIVEN, keep_to_one
from tests.api.running import Service
from tests.builders import TODAY, a_referral, a_scope, keep
from tests.worlds import network_of


@pytest.fixture
def no_process_can_start() -> Iterator[None]:
    """As on a machine that has no processes left to give."""
    multiprocessing.set_executable("/nowhere/python")
    yield
    multiprocessing.set_executable(sys.executable)


def test_without_a_process_the_answer_is_to_come_back_and_then_it_is_there(
    sqlite_service: Service, no_process_can_start: None
) -> None:
    keep(sqlite_service.store, a_referral(), a_referral())
    coordinator = sqlite_service.caller()
    for _ in range(2):
        refused = coordinator.get("/clusters")
        assert (refused.status_code, refused.json()["code"]) == (503, "finding-unavailable")
        assert int(refused.headers["Retry-After"]) > 0
    assert coordinator.get("/referrals").status_code == 200
    multiprocessing.set_executable(sys.executable)
    assert coordinator.get("/clusters").status_code == 200


def test_a_process_that_was_ended_is_begun_again(sqlite_service: Service) -> None:
    keep(sqlite_service.store, a_referral(), a_referral())
    coordinator = sqlite_service.caller()
    assert coordinator.get("/clusters").status_code == 200
    pool = sqlite_service.house.clusters._pool
    assert pool is not None
    for process in list(pool._processes.values()):
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    statuses = [coordinator.get("/clusters?of=people").status_code for _ in range(3)]
    assert set(statuses) <= {200, 503} and statuses[-1] == 200


def test_clusters_are_worked_out_beside_the_one_processor_that_a_service_keeps_to() -> None:
    desk = ClusterDesk()

    def ask() -> tuple[set[int], set[int]]:
        """Where this thread works, and where the process does that it begins."""
        keep_to_one(0)
        desk.clusters(network_of([a_referral()]), revision=1, scope=a_scope(), of="referrals", on=TODAY)
        assert desk._pool is not None
        [process] = desk._pool._processes
        return os.sched_getaffinity(0), os.sched_getaffinity(process)

    with ThreadPoolExecutor(1) as thread:
        here, beside = thread.submit(ask).result()
    desk.close()
    assert len(here) == 1
    assert beside == GIVEN == os.sched_getaffinity(0)
