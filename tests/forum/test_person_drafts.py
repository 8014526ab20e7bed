"""Who is this about? A person as given in."""

import pytest

from forum.person_drafts import person_given


@pytest.mark.parametrize("kind", [False, 0, "", [], {}, "adult"])
def test_a_kind_that_is_none_is_a_mistake(kind: object) -> None:
    draft, mistakes = person_given({"known_as": "Arlo", "kind": kind})
    assert draft is None and [(m.pointer, m.code) for m in mistakes] == [("/kind", "unknown-code")]


@pytest.mark.parametrize(("name", "code"), [("B" * 201, "too-long"), ("B\u0007", "control-character"), (7, "not-text")])
@pytest.mark.parametrize("field", ["known_as", "pseudonym", "given_name"])
def test_a_name_that_cannot_be_kept_is_not_missing_besides(field: str, name: object, code: str) -> None:
    draft, mistakes = person_given({field: name})
    assert draft is None and [(m.pointer, m.code) for m in mistakes] == [(f"/{field}", code)]


@pytest.mark.parametrize("name", ["", " ", None])
def test_a_blank_name_is_missing(name: object) -> None:
    draft, mistakes = person_given({"known_as": name})
    assert draft is None and [(m.pointer, m.code) for m in mistakes] == [("/known_as", "missing")]
