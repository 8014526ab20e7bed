"""The six placement rules of a picture, over 200 generated documents of 10 to 60 things, measured in the drawn SVG."""

import dataclasses

import pytest

from tests.visualise.generated_maps import a_document, a_link, generated_document
from tests.visualise.picture_measure import Measured, angle, distance, measure, overlap, sampled
from visualise.document import At, MapDocument, Thing
from visualise.svg import draw_svg

SIZES = (
    [10 + number % 6 for number in range(170)] + [16 + number for number in range(20)] + [36, 38, 40, 42, 44, 46, 48, 50, 55, 60]
)
CHUNKS = 10


def broken_rules(document: MapDocument, seen: Measured) -> list[str]:
    """Every rule that a picture of this document breaks, in words with map ids."""
    ends = {link.id: {link.source, link.target} for link in document.links}
    return [
        *_tags_hidden(seen),
        *_lines_behind(seen, ends),
        *_marks_on_foreign_lines(seen),
        *_parallels_together(seen, ends),
        *_names_cut(document, seen),
        *_lines_leave_together(seen, ends),
    ]


def _tags_hidden(seen: Measured) -> list[str]:
    boxes = [(owner, box) for owner, found in seen.marks.items() for box in found]
    fixed = [*seen.symbols.items(), *seen.names.items()]
    broken = [f"1: a mark of {owner} touches {thing}" for owner, box in boxes for thing, other in fixed if overlap(box, other)]
    for place, (owner, box) in enumerate(boxes):
        broken += [
            f"1: marks of {owner} and {other} touch"
            for other, there in boxes[place + 1 :]
            if other != owner and overlap(box, there)
        ]
    return broken


def _lines_behind(seen: Measured, ends: dict[str, set[str]]) -> list[str]:
    broken = []
    for ids, points in seen.curves.items():
        broken += [
            f"2: {ids} behind {one}" for one, box in seen.symbols.items() if one not in ends[ids[0]] and distance(box, points) < 6
        ]
        broken += [f"2: {ids} through the name of {one}" for one, box in seen.names.items() if distance(box, points) < 6]
    return broken


def _marks_on_foreign_lines(seen: Measured) -> list[str]:
    return [
        f"3: a mark of {owner} within ten units of {ids}"
        for ids, points in seen.curves.items()
        for owner, boxes in seen.marks.items()
        if owner not in ids
        for box in boxes
        if distance(box, points) < 10
    ]


def _parallels_together(seen: Measured, ends: dict[str, set[str]]) -> list[str]:
    broken, items = [], list(seen.curves.items())
    for place, (ids, points) in enumerate(items):
        for other, there in items[place + 1 :]:
            middle = points[len(points) // 2]
            if ends[ids[0]] == ends[other[0]] and distance((*middle, *middle), there) < 19:
                broken.append(f"4: {ids} and {other} lie together")
    return broken


def _names_cut(document: MapDocument, seen: Measured) -> list[str]:
    return [f"5: the name of {thing.id} is missing" for thing in document.things if thing.id not in seen.names]


def _lines_leave_together(seen: Measured, ends: dict[str, set[str]]) -> list[str]:
    broken, items = [], list(seen.leaves.items())
    for place, (ids, one) in enumerate(items):
        for other, two in items[place + 1 :]:
            if not ends[ids[0]] & ends[other[0]]:
                continue
            for here, there in ((one[:2], two[:2]), (one[:2], two[2:]), (one[2:], two[:2]), (one[2:], two[2:])):
                if here[0] == there[0]:
                    apart = abs((angle(*here) - angle(*there) + 180) % 360 - 180)
                    if apart < 8:
                        broken.append(f"6: {ids} and {other} leave one symbol {apart:.1f} degrees apart")
    return broken


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_generated_pictures_keep_every_placement_rule(chunk: int) -> None:
    for number in range(chunk, len(SIZES), CHUNKS):
        document = generated_document(number, SIZES[number])
        seen = measure(draw_svg(document))
        assert broken_rules(document, seen) == [], f"document {number} of {SIZES[number]} things"
        assert seen.link_ids == sorted(link.id for link in document.links), "links out = links in"
        assert set(seen.symbols) == {thing.id for thing in document.things}


def _row_of_three() -> tuple[Thing, ...]:
    return (
        Thing("t1", "young_person", "K7", True, At(0.1, 0.5, "hand"), told="told"),
        Thing("t2", "young_person", "M2", False, At(0.9, 0.5, "hand"), told="told"),
        Thing("t3", "location", "Tollgate Parade frontage", False, At(0.5, 0.5, "hand")),
    )


def test_a_line_bends_round_a_symbol_that_stands_in_its_way() -> None:
    document = a_document(_row_of_three(), (a_link("l1", "t1", "t2"),))
    seen = measure(draw_svg(document))
    assert distance(seen.symbols["t3"], seen.curves[("l1",)]) >= 6
    assert broken_rules(document, seen) == []


def test_two_statements_about_one_pair_are_two_lines_with_a_tag_each() -> None:
    links = (a_link("l1", "t1", "t2"), a_link("l2", "t2", "t1", meaning="worry", kind="fears_avoids", words="fears or avoids"))
    document = a_document(_row_of_three()[:2], links)
    seen = measure(draw_svg(document))
    assert set(seen.curves) == {("l1",), ("l2",)}
    assert set(seen.marks) == {"l1", "l2"}
    assert broken_rules(document, seen) == []


def test_equal_statements_share_one_line_and_are_both_counted() -> None:
    links = (a_link("l1", "t1", "t2"), a_link("l2", "t1", "t2", said_by="M2"))
    seen = measure(draw_svg(a_document(_row_of_three()[:2], links)))
    assert set(seen.curves) == {("l1", "l2")}
    assert seen.link_ids == ["l1", "l2"]


def test_five_links_between_two_are_drawn_apart() -> None:
    links = tuple(a_link(f"l{number}", "t1", "t2", kind=f"tie_{'abcde'[number - 1]}") for number in range(1, 6))
    document = a_document(_row_of_three()[:2], links)
    seen = measure(draw_svg(document))
    assert len(seen.curves) == 5
    assert broken_rules(document, seen) == []


def test_things_put_on_one_spot_by_hand_are_both_seen() -> None:
    things = tuple(dataclasses.replace(thing, at=At(0.5, 0.5, "hand")) for thing in _row_of_three())
    seen = measure(draw_svg(a_document(things, (a_link("l1", "t1", "t2"),))))
    boxes = list(seen.symbols.values())
    assert not any(overlap(one, other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


def test_the_measure_sees_a_line_behind_a_symbol_and_a_tag_under_a_name() -> None:
    document = a_document(_row_of_three(), (a_link("l1", "t1", "t2"),))
    seen = measure(draw_svg(document))
    level = (seen.symbols["t3"][1] + seen.symbols["t3"][3]) / 2
    seen.curves[("l1",)] = sampled([(100.0, level), (700.0, level)])
    seen.marks["l1"].append(seen.names["t3"])
    assert {rule[0] for rule in broken_rules(document, seen)} >= {"1", "2"}
