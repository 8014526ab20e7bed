"""The front page: referrals that share a context, with why."""

from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import ActorDep, DisclosureDep, NetworkDep, TodayDep, ViewDep, allowed_to, shows_people
from api.pages.drawing import draw
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import find_for_front_page, present_front_page
from api.pages.presenters.map_lines import map_lines, open_sheets
from api.pages.routing import PageNumber, page_router
from forum.access.policy import Permission
from forum.maps import MapSheet

router = page_router()

MAPS_LOOKED_AT = 200
MAPS_SHOWN = 10


@router.get("/", dependencies=[allowed_to(Permission.READ_FINDINGS), shows_people()])
def show_linked_referrals(
    request: Request,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    page: PageNumber = 1,
) -> Response:
    """Groups, contexts and pairs, each pair with its sentence; referrals that share nothing; same-person links apart."""
    labels = Labels(view, disclosure)
    found = present_front_page(find_for_front_page(network, today), labels, page=page)
    sheets = open_sheets(view.find(MapSheet, limit=MAPS_LOOKED_AT), today)[:MAPS_SHOWN]
    labels.load(sheet.around for sheet in sheets)
    return draw(request, "linked_referrals.html", actor=actor, page=found, maps=map_lines(sheets, labels))
