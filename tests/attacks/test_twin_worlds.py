"""Hidden means absent: two worlds that agree on all an actor may see give that actor the same bytes, on every route.

Statuses, headers, bodies, order, cursors, totals, pictures and errors are compared as they left. Clock and chance are the same
in both worlds, so whatever differs came from what is hidden.
"""

from pathlib import Path

import pytest

from forum.access.actors import Role
from tests.attacks.crawling import try_pair
from tests.attacks.routes import Route
from tests.attacks.twin_worlds import a_pair

PAIRS = {
    Role.PRACTITIONER: 3,
    Role.PANEL_MEMBER: 3,
    Role.COORDINATOR: 1,
    Role.REFERRER: 1,
    Role.INFORMATION_GOVERNANCE: 1,
}

# Routes that one actor with no more than a role cannot be answered by, each with the reason.
NOT_REACHED = {
    "delete_restriction": "whoever made a restriction does not end it, and a pair has one actor",
    "look_as": "for the first person of an evaluation store alone, who came in by the printed link",
}


def test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes_on_every_route(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reached: set[Route] = set()
    routes: tuple[Route, ...] = ()
    asked = 0
    for role, pairs in PAIRS.items():
        for seed in range(pairs):
            world = try_pair(a_pair(seed, role), tmp_path, clusters=seed == 0)
            reached |= world.reached
            routes = world.routes
            asked += len(world.said)
    with capsys.disabled():
        print(
            f"\n  twin worlds: {sum(PAIRS.values())} pairs, {len(PAIRS)} roles, {len(reached)} of {len(routes)} routes reached,"
        )
        print(f"  {asked} answers the same to the byte")
    assert not [str(route) for route in routes if route not in reached and route.name not in NOT_REACHED], (
        "routes that nobody reaches prove nothing"
    )
