"""The front page: referrals that share a context, with why."""

from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import ActorDep, DisclosureDep, NetworkDep, TodayDep, ViewDep, allowed_to, shows_people
from api.pages.drawing import draw
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import find_for_front_page, present_front_page
from api.pages.routing import PageNumber, page_router
from forum.access.policy import Permission

router = page_router()


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
    found = present_front_page(find_for_front_page(network, today), Labels(view, disclosure), page=page)
    return draw(request, "linked_referrals.html", actor=actor, page=found)
