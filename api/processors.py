"""Which processors a service works on: one, while what it begins beside itself may have the others (docs/decisions, 30).

The interpreter lets one thread reckon at a time. On several processors each thread that asks the database wakes another one
elsewhere and then waits for it: under load a request cost a third more so.
"""

import os
from collections.abc import Collection
from contextlib import suppress

_CAN_CHOOSE = hasattr(os, "sched_setaffinity")
# What this process was given when it began, whatever it chose of them since; empty where a system does not say.
GIVEN = frozenset(os.sched_getaffinity(0)) if _CAN_CHOOSE else frozenset()


def keep_to_one(number: int) -> None:
    """This thread, and all that it begins from now on, work on one of the processors given: which, goes by the number.

    Services on one machine that listen on ports side by side come to different ones. Nothing happens where a system has no
    such choice, or does not grant it.
    """
    if GIVEN:
        use([sorted(GIVEN)[number % len(GIVEN)]])


def use(processors: Collection[int]) -> None:
    """This thread, and all that it begins from now on, may work on these; where they are none or not granted, as before."""
    if processors and _CAN_CHOOSE:
        with suppress(OSError):
            os.sched_setaffinity(0, processors)
