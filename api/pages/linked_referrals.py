"""The front page: referrals that share a context, with why."""

from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import ActorDep, DisclosureDep, NetworkDep, TodayDep, ViewDep, allowed_to, shows_people
from api.pages.drawing import draw
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import Facts, present_front_page
from api.pages.routing import PageNumber, page_router
from forum.access.policy import Permission
from forum.linked_referrals import find_linked_referrals
from forum.same_person_links import find_same_person_links

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
    linked, same_person = find_linked_referrals(network, on=today), find_same_person_links(network, on=today)
    facts = Facts(network, today, linked, same_person)
    found = present_front_page(facts, Labels(view, disclosure), page=page)
    return draw(request, "linked_referrals.html", actor=actor, page=found)
