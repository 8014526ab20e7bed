"""Where things stand: the same whatever the order, steady when something is added, and no name sent anywhere."""

import random
import sys
from pathlib import Path

from tests.visualise.generated_maps import generated_document
from visualise.layout import Pair, Spot, place_things
from visualise.outside_layout import describe, place_with_sfdp


def a_network(size: int, seed: int = 1) -> tuple[list[Spot], list[Pair]]:
    chance = random.Random(seed)
    spots = [Spot(f"{number:03x}", chance.choice(("young_person", "location")), "0", True) for number in range(size)]
    pairs = [Pair((spots[chance.randrange(number)].key, spots[number].key), "0", True) for number in range(1, size)]
    return spots, pairs


def test_fifty_orders_give_one_layout() -> None:
    spots, pairs = a_network(20)
    first = place_things(spots, pairs, hand={}, aspect=1.3)
    for seed in range(50):
        chance = random.Random(seed)
        chance.shuffle(spots)
        chance.shuffle(pairs)
        assert place_things(spots, pairs, hand={}, aspect=1.3) == first


def test_a_later_thing_moves_nothing_and_touches_nothing() -> None:
    spots, pairs = a_network(20)
    before, _ = place_things(spots, pairs, hand={}, aspect=1.3)
    later = [*spots, Spot("fff", "young_person", "1", False)]
    after, _ = place_things(later, [*pairs, Pair((spots[3].key, "fff"), "1", False)], hand={}, aspect=1.3)
    assert {key: at for key, at in after.items() if key != "fff"} == before
    assert min(abs(at.x - after["fff"].x) + abs(at.y - after["fff"].y) for at in before.values()) > 0.02


def test_a_second_later_thing_does_not_move_the_first() -> None:
    spots, pairs = a_network(12)
    one = Spot("fff", "location", "1", False)
    tie = Pair((spots[3].key, "fff"), "1", False)
    first, _ = place_things([*spots, one], [*pairs, tie], hand={}, aspect=1.3)
    two = Spot("000a", "location", "2", False)
    both, _ = place_things([*spots, two, one], [*pairs, tie, Pair(("000a", "fff"), "2", False)], hand={}, aspect=1.3)
    assert both["fff"] == first["fff"]


def test_the_basis_says_what_was_laid_out_together_and_only_that() -> None:
    spots, pairs = a_network(12)
    _, note = place_things(spots, pairs, hand={}, aspect=1.3)
    _, same = place_things([*spots, Spot("fff", "location", "1", False)], pairs, hand={}, aspect=1.3)
    _, fewer = place_things(spots[:-1], pairs[:-1], hand={}, aspect=1.3)
    assert (note.engine, note.seed) == ("spring", 7)
    assert note.basis == same.basis != fewer.basis


def test_positions_are_shares_of_the_area_with_four_decimals() -> None:
    for thing in generated_document(3, 40).things:
        assert thing.at is not None
        assert 0 <= thing.at.x <= 1
        assert round(thing.at.y, 4) == thing.at.y


def test_what_is_sent_to_sfdp_are_numbers_and_box_sizes() -> None:
    keys, ties = ["secret-one", "secret-two"], [("secret-one", "secret-two")]
    text = describe(keys, ties, [(40.0, 30.0), (40.0, 30.0)])
    assert "secret" not in text
    assert "n0 -- n1" in text


def test_places_come_back_from_sfdp_and_a_failing_one_is_done_without(tmp_path: Path) -> None:
    program = tmp_path / "sfdp"
    program.write_text(
        f"#!{sys.executable}\nprint('graph 1 2 2')\nprint('node n1 1.5 0.5 1 1')\nprint('node n0 0.5 1 1 1')\nprint('stop')\n"
    )
    program.chmod(0o755)
    ties = [("a", "b")]
    assert place_with_sfdp(str(program), ["a", "b"], ties, [(1, 1), (1, 1)]) == {"a": (0.5, -1.0), "b": (1.5, -0.5)}
    program.write_text(f"#!{sys.executable}\nraise SystemExit(1)\n")
    assert place_with_sfdp(str(program), ["a", "b"], ties, [(1, 1), (1, 1)]) is None
