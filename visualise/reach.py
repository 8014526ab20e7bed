"""What a peer map reaches from what it is around. Attending the same school leads to nobody."""

from collections.abc import Iterable, Sequence

from graph.assertions import AssertionKind
from visualise.peer_ties import TieToDraw

ATTENDS = AssertionKind.ATTENDS.code


def reached_from(start: Iterable[str], ties: Sequence[TieToDraw], steps: int) -> set[str]:
    """Everything within so many links of the start; guardians of what is reached are there without a step.

    A school stands beside those on the map who attend it, and the walk ends there: who else attends it, or was harmed in it,
    is on this map only when something other than attendance leads there.
    """
    near: dict[str, set[str]] = {}
    schools: dict[str, set[str]] = {}
    for tie in ties:
        if tie.kind == ATTENDS:
            schools.setdefault(tie.source, set()).add(tie.target)
        elif not tie.guardian_role:
            near.setdefault(tie.source, set()).add(tie.target)
            near.setdefault(tie.target, set()).add(tie.source)
    reached, beside = set(start), set[str]()
    edge = set(reached)
    for _ in range(steps):
        beside |= {school for one in edge for school in schools.get(one, ())}
        edge = {other for one in edge for other in near.get(one, ())} - reached
        reached |= edge
    reached |= beside
    return reached | {tie.source for tie in ties if tie.guardian_role and tie.target in reached}
