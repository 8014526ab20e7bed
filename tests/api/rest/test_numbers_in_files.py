"""A contexts map on a screen counts exactly; the same map as a file leaves the screen, and says bands or nothing."""

from datetime import date

from forum.referrals import Referral
from tests.api.running import API, Service
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion, keep

PURPOSE = {"purpose": "Agree who is asked", "owner": "coordinator", "review_by": "2026-12-13"}


def a_place_with(service: Service, label: str, people: int) -> None:
    """A place at which so many were harmed, each told of in a referral of their own."""
    place = keep(service.store, a_location(label=label))
    for _ in range(people):
        person = keep(service.store, a_young_person())
        referral: Referral = keep(service.store, a_referral(about=(person,), received=date(2026, 11, 2)))
        keep(service.store, an_assertion(person, place, stated_in=referral))


def test_a_file_says_bands_and_no_small_number_where_the_screen_counts(sqlite_service: Service) -> None:
    a_place_with(sqlite_service, "Arcade", 7)
    a_place_with(sqlite_service, "Street", 3)
    caller = sqlite_service.caller()
    path = caller.post("/maps", {"kind": "contexts", **PURPOSE}).headers["location"].removeprefix(API)
    assert sorted(thing["count"] for thing in caller.get(path).json()["things"]) == ["3", "7"]
    screen, file = caller.get(path + "/picture.svg").text, caller.get(path + "/picture.html").text
    assert ">7<" in screen and ">3<" in screen
    assert "5 to 9" in file and ">7<" not in file and ">3<" not in file and "Small counts" in file


def test_a_map_for_outside_names_no_group_that_is_too_small_to_leave_the_forum(sqlite_service: Service) -> None:
    group = keep(sqlite_service.store, a_peer_group(label="friends from the band"))
    caller = sqlite_service.caller()
    named = []
    for mode in ("coordination", "context_only"):
        asked = {"kind": "contexts", "around": group.id, "steps": 1, "mode": mode, **PURPOSE}
        path = caller.post("/maps", asked).headers["location"].removeprefix(API)
        named.append("friends from the band" in caller.get(path).text)
    assert named == [True, False]
