"""A text stands in every field of the interface's own description, alone and in all at once, and comes out of every answer.

The small run; `make prove` takes all five hundred texts through every field.
"""

from pathlib import Path

import pytest

from tests.api.running import description
from tests.attacks.hostile_borough import FORMS, WITHOUT_FIELDS, Inert, a_borough, try_fields, try_text
from tests.attacks.hostile_fields import NO_WORDS, WORDS, Field, fields
from tests.attacks.hostile_texts import may_be_kept, texts

ALL = texts()
EVERY, ALONE = 60, 14  # which of the texts, and into how many fields each goes alone


def test_every_field_of_a_request_takes_words_or_is_said_to_take_none() -> None:
    known = fields()
    assert [one for one in known if not one.takes_words and one.name not in NO_WORDS] == []
    assert [
        (name, pointer) for name, pointers in WORDS.items() for pointer in pointers if Field(name, pointer) not in known
    ] == []


def test_every_form_of_a_page_is_tried(tmp_path: Path) -> None:
    with a_borough(tmp_path / "any") as borough:
        forms = {route.name for route in borough.routes if route.is_page and route.method == "POST"}
    assert forms == {*FORMS, *WITHOUT_FIELDS}


def test_a_text_in_every_field_comes_out_of_every_answer_unharmed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, known = Inert(), fields()
    for number, text in enumerate(ALL[::EVERY]):
        found.add(try_text(text, tmp_path / f"all-{number}"))
    refused = [text for text in ALL if not may_be_kept(text)]
    for number, text in enumerate([*ALL[1::EVERY], *refused[::12]]):
        chosen = [known[(number * ALONE + step) % len(known)] for step in range(ALONE)]
        found.alone += try_fields(text, tmp_path / f"alone-{number}", chosen)
    with capsys.disabled():
        print(f"\n  hostile text: {found.sentence()}; {len(known)} fields in {len(description()['paths'])} paths")
    assert len(found.through) > 40 and found.fields > 50
