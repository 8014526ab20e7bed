"""The demo shows a map in its first minutes: drawn once, however often it starts, with purpose, owner and review date."""

from datetime import UTC, datetime
from pathlib import Path

from api.cli.first_maps import FIRST_MAPS, draw_first_maps
from forum.access.policy import house_scope
from forum.maps import MapSheet
from graph.records import ActorId
from tests.api.pages.conftest import TODAY, start, stop


def test_the_first_maps_are_drawn_once_and_open_on_the_cases_own_day(tmp_path: Path) -> None:
    service = start(tmp_path)
    store = service.house.store
    for _ in range(2):
        draw_first_maps(store, service.ids, by=ActorId("command-line"), today=TODAY, now=datetime.now(UTC))
    with store.view(house_scope(service.house.facts.forum)) as view:
        sheets = view.find(MapSheet)
    assert len(sheets) == len(FIRST_MAPS)
    assert all(sheet.purpose and sheet.owner and sheet.drawn_on == TODAY < sheet.review_on for sheet in sheets)
    client = service.signed_in()
    assert {client.get(f"/maps/{sheet.id}").status_code for sheet in sheets} == {200}
    stop(service)


def test_a_map_of_something_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    service = start(tmp_path, case=None)
    draw_first_maps(service.house.store, {}, by=ActorId("command-line"), today=TODAY, now=datetime.now(UTC))
    with service.house.store.view(house_scope(service.house.facts.forum)) as view:
        assert [sheet.around for sheet in view.find(MapSheet)] == [None]
    stop(service)
