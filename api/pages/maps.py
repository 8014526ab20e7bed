"""One kept map: its picture, and the same in words."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import ActorDep, DisclosureDep, HouseDep, ScopeDep, TodayDep, ViewDep, allowed_to, draws_maps, shows_people
from api.map_documents import map_document
from api.pages.drawing import draw
from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.maps import present_map
from api.pages.routing import page_router
from forum.access.policy import Permission
from forum.maps import MapSheet, names_its_centre
from graph.records import RecordId

router = page_router()

StyleAsked = Annotated[Literal["colour", "mono"], Query(description="mono for black and white paper.")]
FRONT = Link("referrals that share a context", "/")


@router.get("/maps/{sheet_id}", dependencies=[allowed_to(Permission.READ_MAP), shows_people(), draws_maps()])
def show_map(
    request: Request,
    sheet_id: str,
    actor: ActorDep,
    house: HouseDep,
    scope: ScopeDep,
    view: ViewDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    style: StyleAsked = "colour",
) -> Response:
    """Summary, picture and list of a map, all from one document."""
    document = map_document(house, scope, view, disclosure, RecordId(sheet_id), today=today)
    sheet = view.get(MapSheet, RecordId(sheet_id))
    back = _centre(sheet, Labels(view, disclosure))
    shown = present_map(document, style=style, path=f"/maps/{sheet.id}")
    return draw(request, "map.html", actor=actor, map=shown, back=back)


def _centre(sheet: MapSheet, labels: Labels) -> Link:
    """The way back: to what the map is drawn around where the map names it and it has a page, else to the front page."""
    if sheet.around is None or not names_its_centre(sheet, labels.record(sheet.around)):
        return FRONT
    around = labels.link(sheet.around)
    return around if around.href else FRONT
