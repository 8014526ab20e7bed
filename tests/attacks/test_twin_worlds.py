"""Hidden means absent: two worlds that agree on all an actor may see give that actor the same bytes, on every route.

Statuses, headers, bodies, order, cursors, totals, pictures and errors are compared as they left. Clock and chance are the same
in both worlds, so whatever differs came from what is hidden.
"""

from pathlib import Path

from forum.access.actors import Role
from tests.attacks.crawling import NAMED_BY, Asked, Depth, places_in, try_pair
from tests.attacks.twin_worlds import BY_GRANT, ROLES, WHOLE, a_pair
from tests.builders import ALL_KINDS
from tests.conftest import StorePlace, empty_place
from tests.telling import Tell

# Kinds that no route makes, lists or reads, and no answer is made of; accounts are for the house alone.
IN_NO_ANSWER = {"Account", "Action", "ContextWeighting", "Forum", "RightsRequest", "SamePersonJudgement"}
# Those whose sight depends most on what there is, twice.
PAIRS = {role: 2 if role in BY_GRANT else 1 for role in ROLES}


def test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes(tmp_path: Path, tell: Tell) -> None:
    """To every role, on every route: one that nobody gets an answer from proves nothing."""
    asked = Asked()
    for role in ROLES:
        for seed in range(PAIRS[role]):
            depth = Depth(slow=seed == 0 and role in (Role.PRACTITIONER, Role.COORDINATOR))
            asked.add(try_pair(a_pair(seed, role), places_in(tmp_path / f"{role}-{seed}"), depth))
    tell(f"twin worlds: {asked.sentence()}")
    assert set(asked.roles) == set(Role)
    assert asked.unreached() == []
    assert asked.unasked() == []


def test_each_store_gives_the_same_bytes(store_kind: str, tmp_path: Path, tell: Tell) -> None:
    """A server holds the two worlds one after the other."""
    asked = Asked()
    for role in (Role.PRACTITIONER, Role.CHAIR):
        folder = tmp_path / role
        folder.mkdir()
        asked.add(try_pair(a_pair(7, role), lambda number, folder=folder: an_empty_place(store_kind, folder, number), Depth(0.2)))
    tell(f"twin worlds on {store_kind}: {asked.sentence()}")
    assert asked.answers > 75


def test_every_kind_that_answers_tell_of_is_in_sight_of_some_role_and_hidden_from_some() -> None:
    """What stands in no world, or is hidden from nobody, no route can be caught giving away."""
    seen: set[str] = set()
    hidden: set[str] = set()
    kinds = [kind.KIND for kind in ALL_KINDS]
    for role in ROLES:
        for pair in (a_pair(seed, role) for seed in range(3)):
            reads = [*pair.access, *(pair.visible if role in (*BY_GRANT, *WHOLE) else ())]
            seen |= {record.KIND for record in reads}
            hidden |= {record.KIND for number in (0, 1) for record in pair.only_in(number)}
    told_of = set(kinds) - IN_NO_ANSWER
    assert told_of <= seen, f"in sight of nobody: {sorted(told_of - seen)}"
    assert told_of <= hidden, f"hidden from nobody: {sorted(told_of - hidden)}"
    assert {kind for several in NAMED_BY.values() for kind in several} <= told_of


def an_empty_place(store_kind: str, folder: Path, number: int) -> StorePlace:
    own = folder / str(number)
    own.mkdir()
    return empty_place(store_kind, own)
