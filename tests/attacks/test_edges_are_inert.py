"""Edges are data, never authority: adding a link, place, group, event or import opens nothing that was there already.

The one exception: what is added to a referral by somebody who could see both ends is open to whoever holds a grant for it.
"""

from pathlib import Path

from tests.attacks.edges import try_worlds
from tests.telling import Tell

WORLDS = 100


def test_nothing_added_lets_anyone_see_what_they_could_not(tmp_path: Path, tell: Tell) -> None:
    tried = try_worlds(tmp_path, range(WORLDS))
    tell(tried.sentence())
    assert tried.worlds == WORLDS
    assert tried.allowed > 0 and tried.posted > 0
    assert tried.untried() == [] and tried.places
