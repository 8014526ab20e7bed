"""Dear work is done once for all who ask for the same, and never shared between those who ask for something else."""

import threading
from collections.abc import Callable
from dataclasses import replace

from visualise.kept_places import place_once
from visualise.kept_work import KeptWork
from visualise.layout import Pair, Spot, place_things

SPOTS = [Spot(f"k{number}", "young_person", "", True) for number in range(12)]
PAIRS = [Pair((f"k{number}", f"k{number + 1}"), "", True) for number in range(11)]


def test_whoever_asks_while_it_is_being_done_waits_for_it() -> None:
    begun, finish, done = threading.Event(), threading.Event(), []

    def work(key: str) -> str:
        done.append(key)
        begun.set()
        finish.wait(10)
        return key.upper()

    kept = KeptWork(work, most=4)
    answers: list[str] = []
    asking = [threading.Thread(target=lambda: answers.append(kept("a"))) for _ in range(5)]
    asking[0].start()
    begun.wait(10)
    for each in asking[1:]:
        each.start()
    finish.set()
    for each in asking:
        each.join()
    assert answers == ["A"] * 5
    assert done == ["a"]
    assert kept("b") == "B"


def test_what_fails_is_not_kept() -> None:
    tried: list[int] = []

    def work(key: int) -> int:
        tried.append(key)
        if len(tried) == 1:
            raise ValueError
        return key

    kept: Callable[[int], int] = KeptWork(work, most=4)
    try:
        kept(1)
    except ValueError:
        assert kept(1) == 1
    assert tried == [1, 1]


def test_only_so_many_are_kept_and_the_oldest_goes_first() -> None:
    done: list[int] = []

    def work(key: int) -> int:
        done.append(key)
        return key

    kept = KeptWork(work, most=2)
    for key in (1, 2, 1, 3, 1, 2):
        kept(key)
    assert done == [1, 2, 3, 2]


def test_a_layout_that_is_kept_is_the_one_that_would_be_worked_out() -> None:
    expected = place_things(SPOTS, PAIRS, hand={}, aspect=1.3)
    first = place_once(SPOTS, PAIRS, hand={}, aspect=1.3)
    assert (dict(first[0]), first[1]) == expected
    assert place_once(list(SPOTS), list(PAIRS), hand={}, aspect=1.3) is first


def test_another_map_has_a_layout_of_its_own() -> None:
    usual = place_once(SPOTS, PAIRS, hand={}, aspect=1.3)
    moved = place_once(SPOTS, PAIRS, hand={"k3": (0.1, 0.2)}, aspect=1.3)
    fewer = place_once(SPOTS, PAIRS[:-1], hand={}, aspect=1.3)
    came = [*SPOTS[:-1], replace(SPOTS[-1], settled=False, since="2026")]
    later = place_once(came, [*PAIRS[:-1], replace(PAIRS[-1], settled=False, since="2026")], hand={}, aspect=1.3)
    assert (moved[0]["k3"].x, moved[0]["k3"].y) == (0.1, 0.2)
    for other in (moved, fewer, later):
        assert dict(other[0]) != dict(usual[0])
        assert place_once(SPOTS, PAIRS, hand={}, aspect=1.3) is usual
