"""Promise: nothing is part of itself, as far as whoever says so can see; what is hidden is not felt through it."""

from typing import Any

from forum.access.actors import Role
from graph.records import Handling, RecordId, new_id
from tests.api.running import Caller, Service
from tests.builders import a_location, a_neighbourhood, keep


def made(caller: Caller, label: str, **fields: Any) -> str:
    return "/locations/" + str(caller.post("/locations", {"label": label, **fields}).json()["id"])


def id_of(path: str) -> str:
    return path.rpartition("/")[2]


def patched(caller: Caller, path: str, change: dict[str, Any]) -> Any:
    return caller.patch(path, change, tag=caller.get(path).headers["ETag"])


def refused_at(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_nothing_is_part_of_itself(service: Service) -> None:
    caller = service.caller()
    shop = made(caller, "Shop")
    before = caller.get(shop).content
    assert refused_at(patched(caller, shop, {"part_of": id_of(shop)})) == [("/part_of", "part-of-itself")]
    assert caller.get(shop).content == before


def test_nothing_is_part_of_itself_by_way_of_others(service: Service) -> None:
    caller = service.caller()
    town = made(caller, "Town")
    parade = made(caller, "Parade", part_of=id_of(town))
    shop = made(caller, "Shop", part_of=id_of(parade))
    for inner in (parade, shop):
        assert refused_at(patched(caller, town, {"part_of": id_of(inner)})) == [("/part_of", "part-of-itself")]
    assert patched(caller, shop, {"part_of": id_of(town)}).json()["part_of"] == id_of(town)


def test_it_is_told_with_every_other_mistake(service: Service) -> None:
    caller = service.caller()
    shop, nowhere = made(caller, "Shop"), new_id()
    wrong = {"part_of": id_of(shop), "safe_for": [nowhere]}
    both = [("/safe_for/0", "unknown-reference"), ("/part_of", "part-of-itself")]
    assert refused_at(patched(caller, shop, wrong)) == both
    assert refused_at(patched(caller, shop, {**wrong, "label": ""})) == [("/label", "missing"), *both]


def test_a_loop_from_before_hinders_no_other_change(service: Service) -> None:
    shop_id = RecordId(new_id())
    keep(service.store, a_location(id=shop_id, label="Shop", part_of=shop_id))
    shop, caller = f"/locations/{shop_id}", service.caller()
    assert patched(caller, shop, {"everyday_name": "the shop"}).status_code == 200
    assert patched(caller, made(caller, "Till"), {"part_of": shop_id}).status_code == 200
    assert patched(caller, shop, {"part_of": None}).status_code == 200


def test_a_loop_through_what_is_hidden_is_taken_like_a_trail_that_ends(sqlite_service: Service) -> None:
    """By way of a private address that they may not see, their own place would be part of itself: nothing tells them."""
    answers = []
    for joined in (True, False):
        own = keep(sqlite_service.store, a_location(label="Shop"))
        hidden = keep(
            sqlite_service.store, a_location(label="14 Mill Lane", place_kind="private_address", handling=Handling.RESTRICTED,
                                             part_of=own.id if joined else None),
        )  # fmt: skip
        area = keep(sqlite_service.store, a_neighbourhood(label="Estate", part_of=hidden.id))
        caller = sqlite_service.caller(Role.PRACTITIONER, reads=[own.id, area.id])
        assert caller.get(f"/contexts/{hidden.id}").status_code == 404
        assert refused_at(patched(caller, f"/locations/{own.id}", {"part_of": hidden.id})) == [("/part_of", "unknown-reference")]
        taken = patched(caller, f"/locations/{own.id}", {"part_of": area.id})
        answers.append((taken.status_code, taken.text.replace(own.id, "OWN").replace(area.id, "AREA")))
    assert answers[0] == answers[1] and answers[0][0] == 200
