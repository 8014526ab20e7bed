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

ROLES = (Role.PRACTITIONER, Role.PANEL_MEMBER, Role.COORDINATOR, Role.REFERRER)
PAIRS = {Role.PRACTITIONER: 4, Role.PANEL_MEMBER: 3, Role.COORDINATOR: 2, Role.REFERRER: 1}


def test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes_on_every_route(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reached: set[Route] = set()
    routes: tuple[Route, ...] = ()
    asked = 0
    for role in ROLES:
        for seed in range(PAIRS[role]):
            world = try_pair(a_pair(seed, role), tmp_path, clusters=seed == 0)
            reached |= world.reached
            routes = world.routes
            asked += len(world.said)
    with capsys.disabled():
        print(
            f"\n  twin worlds: {sum(PAIRS.values())} pairs, {len(ROLES)} roles, {len(reached)} of {len(routes)} routes reached,"
        )
        print(f"  {asked} answers the same to the byte")
    assert not [str(route) for route in routes if route not in reached], "routes that nobody reaches prove nothing"
