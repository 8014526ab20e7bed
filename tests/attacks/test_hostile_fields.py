"""A text stands in every field of the interface's own description, alone and in all at once, and comes out of every answer.

The small run; `make prove` takes all five hundred texts through every field.
"""

from pathlib import Path

from forum.access.actors import Role
from tests.api.running import description
from tests.attacks.hostile_borough import OTHERS, a_borough
from tests.attacks.hostile_fields import WORDS, Field, changes_described, fields
from tests.attacks.hostile_takes import CHANGES, NOT_CHANGED, WITHOUT_WORDS
from tests.attacks.hostile_texts import may_be_kept, texts
from tests.attacks.hostile_tries import FORMS, WITHOUT_FIELDS, Inert, try_fields, try_text
from tests.telling import Tell

ALL = texts()
EVERY = 60  # which of the texts stand in all fields at once
# And these: signs that words lose when they are read as a code, a text shorter than words of Kith's own, and the two that are
# as long as a text may be, one by what is kept and one by what is drawn.
BESIDE = ("__proto__", "}", "e\u0301" * 200, "😀" * 200)
ALONE = 34  # into how many fields a text goes alone: each field is given at least one that may be kept and one that may not


def test_every_field_of_a_request_takes_words_or_is_said_to_take_none() -> None:
    known = fields()
    assert [one for one in known if not one.takes_words and one.takes is None] == []
    said = [(name, pointer) for name, pointers in WORDS.items() for pointer in pointers] + [*WITHOUT_WORDS]
    assert [one for one in said if Field(*one) not in known] == []
    assert len(said) == len({*said})


def test_every_change_is_tried_in_every_field_of_what_it_changes() -> None:
    assert changes_described() == {*CHANGES}
    for change, how in CHANGES.items():
        tried = {one.pointer for one in fields() if one.operation == change and one.takes_words}
        refused = tuple(f"/{name}" for name in NOT_CHANGED.get(change, ()))
        assert tried == {pointer for pointer in WORDS.get(how, ()) if f"/{pointer.split('/')[1]}" not in refused}


def test_every_form_of_a_page_is_tried(tmp_path: Path) -> None:
    with a_borough(tmp_path / "any") as borough:
        forms = {route.name for route in borough.routes if route.is_page and route.method == "POST"}
    assert forms == {*FORMS, *WITHOUT_FIELDS}


def test_a_text_in_every_field_comes_out_of_every_answer_unharmed(tmp_path: Path, tell: Tell) -> None:
    found, known = Inert(), fields()
    assert {*BESIDE} <= {*ALL}
    for number, text in enumerate(dict.fromkeys((*ALL[::EVERY], *BESIDE))):
        found.add(try_text(text, tmp_path / f"all-{number}"))
    for may in (True, False):
        some = [text for text in ALL if may_be_kept(text) is may]
        rounds = -(-len(known) // ALONE)
        for number in range(rounds):
            text, chosen = some[(number * 7) % len(some)], known[number * ALONE : (number + 1) * ALONE]
            found.alone += try_fields(text, tmp_path / f"alone-{may}-{number}", chosen)
    tell(f"hostile text: {found.sentence()}; {len(known)} fields in {len(description()['paths'])} paths")
    assert len(found.through) > 60 and found.fields > 80
    assert {"guest: read_context create_location", "guest: show_context create_location"} <= {*found.through}
    assert any(name.startswith(f"{OTHERS[0].value}: ") for name in found.through) and Role.GUEST in OTHERS
