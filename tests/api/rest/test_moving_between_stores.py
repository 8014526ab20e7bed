"""A forum moves from one kind of store to the other and back, and every GET answers as before."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.rest.served import API, Caller, Served, calderwick_text, serve_case
from tests.conftest import STORE_KINDS, StorePlace, empty_place

LISTS = (
    "/referrals",
    "/contexts",
    "/peer-groups",
    "/schools",
    "/locations",
    "/neighbourhoods",
    "/online-spaces",
    "/incidents",
    "/shared-contexts",
    "/same-person-links",
    "/told?state=overdue",
    "/told?state=not_recorded",
    "/told?state=not_told",
    "/hotspots?min=1",
    "/code-lists",
)


def every_answer(caller: Caller) -> dict[str, Any]:
    """Every GET of REST by its path: lists in pages of two, single records, findings, histories, and one that is not there."""
    answers: dict[str, Any] = {}
    for path in LISTS:
        joint = "&" if "?" in path else "?"
        answers[path] = caller.all_items(f"{path}{joint}limit=2")
    singles = ["/linked-referrals", "/clusters?of=people", "/clusters?of=referrals", "/health"]
    for name, record_id in caller.served.ids.items():
        for noun in ("referrals", "young-people", "contexts", "assertions", "incidents", "peer-groups", "locations"):
            singles.append(f"/{noun}/{record_id}")
        if name.startswith("REF-") and len(name) == 6:
            singles.append(f"/referrals/{record_id}/linked-referrals")
        if name.startswith(("LOC", "PG", "ONL", "SCH")):
            singles.append(f"/contexts/{record_id}/linked-referrals")
    for path in singles:
        answer = caller.client.get(API + path)
        body = answer.json()
        body.pop("store", None)
        answers[path] = (answer.status_code, body, answer.headers.get("etag") if path != "/health" else None)
    return answers


# From either kind to the other, and from a file to a file; the one server cannot be two.
_KINDS = [str(kind.values[0]) for kind in STORE_KINDS]
MOVES = [(one, other) for one in _KINDS for other in _KINDS if (one, other) != ("neo4j", "neo4j")]


@pytest.mark.parametrize(("store_kind", "kind_to_restore"), MOVES, indirect=True)
def test_every_get_answers_alike_after_a_move_to_the_other_kind_of_store(
    store_place: StorePlace, kind_to_restore: str, tmp_path: Path
) -> None:
    served = serve_case(store_place, calderwick_text())
    with served.on() as caller:
        before = every_answer(caller)
    assert sum(answer[0] == 200 for answer in before.values() if isinstance(answer, tuple)) > 80
    store = store_place.open()
    lines = [list(chunk) for chunk in store.export()]
    store_place.opened.close()
    folder = tmp_path / "moved"
    folder.mkdir(mode=0o700)
    place = empty_place(kind_to_restore, folder)
    with place.opened:
        place.make().restore(iter(lines))
        place.opened.close()
        with Served(place, served.ids).on() as caller:
            assert every_answer(caller) == before
