"""Who is this about? A person as given in."""

import pytest

from forum.person_drafts import person_given


@pytest.mark.parametrize("kind", [False, 0, "", [], {}, "adult"])
def test_a_kind_that_is_none_is_a_mistake(kind: object) -> None:
    draft, mistakes = person_given({"known_as": "Arlo", "kind": kind})
    assert draft is None and [(m.pointer, m.code) for m in mistakes] == [("/kind", "unknown-code")]
