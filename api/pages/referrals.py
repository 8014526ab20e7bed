"""The list of referrals, and one referral."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import ActorDep, DisclosureDep, NetworkDep, TodayDep, ViewDep, allowed_to, shows_nobody, shows_people
from api.pages.drawing import draw
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import find_for_front_page
from api.pages.presenters.lists import present_referral_list
from api.pages.presenters.map_lines import open_sheets
from api.pages.presenters.paging import take_page
from api.pages.presenters.referrals import ReferralFacts, present_referral
from api.pages.routing import PageNumber, page_router
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.linked_referrals import find_linked_referrals
from forum.maps import MapSheet
from forum.participation import Awareness
from forum.referrals import Referral
from forum.same_person_links import find_same_person_links, names_people
from forum.source_checks import needs_source_check
from graph.analysis import Network
from graph.analysis.shared_contexts import is_received, referrals_in
from graph.assertions import Assertion
from graph.errors import RecordNotFound
from graph.incidents import Incident
from graph.records import FieldClass, RecordId
from graph.store.boundary import View

router = page_router()

A_PAGE = 50
Asked = Annotated[str, Query(max_length=60, pattern="^[a-z_]*$")]


@router.get("/referrals", dependencies=[allowed_to(Permission.READ_REFERRAL), shows_nobody()])
def list_referrals(
    request: Request,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    kind: Asked = "",
    agency: Asked = "",
    shares: Asked = "",
    page: PageNumber = 1,
) -> Response:
    """Referrals, the latest received first, narrowed by plain forms."""
    asked = {"kind": kind, "agency": agency, "shares": shares}
    found = _asked_for(network, asked, today)
    shown = take_page(found, page, A_PAGE)
    listed = present_referral_list(shown, asked, Labels(view, disclosure))
    return draw(request, "referrals.html", actor=actor, page=listed)


def _asked_for(network: Network, asked: Mapping[str, str], today: date) -> list[RecordId]:
    found = [referral for referral in referrals_in(network) if is_received(network, referral, today)]
    for name, field in (("kind", "referral_kind"), ("agency", "referrer_agency")):
        if asked[name]:
            found = [referral for referral in found if network.nodes[referral]["facts"][field] == asked[name]]
    if asked["shares"]:
        alone = set(find_for_front_page(network, today).alone)
        found = [referral for referral in found if (referral in alone) == (asked["shares"] == "nothing")]
    return sorted(found, key=lambda referral: (-network.nodes[referral]["facts"]["received"].toordinal(), referral))


@router.get("/referrals/{referral_id}", dependencies=[allowed_to(Permission.READ_REFERRAL), shows_people()])
def show_referral(
    request: Request,
    referral_id: str,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
) -> Response:
    """One referral: strengths first, the six contexts, who was told, its statements, and what it shares a context with."""
    referral = view.get(Referral, RecordId(referral_id))
    if referral.received > today or referral.id not in network:
        raise RecordNotFound
    facts = _facts_of(view, network, disclosure, referral, today)
    labels = Labels(view, disclosure)
    return draw(request, "referral.html", actor=actor, page=present_referral(facts, labels))


def _facts_of(view: View, network: Network, disclosure: Disclosure, referral: Referral, today: date) -> ReferralFacts:
    named = names_people(network, referral.id, today)
    statements = view.citing(Assertion, [referral.id], field="stated_in")
    told = view.citing(Awareness, [referral.id], field="referral")
    incidents = view.citing(Incident, [referral.id], field="stated_in")
    around = sorted({referral.id, *named, *referral.subject_contexts})
    same_person = [link for link in find_same_person_links(network, on=today) if referral.id in link.referrals]
    return ReferralFacts(
        referral=disclosure.show(referral, with_cited=False).record,
        today=today,
        named=named,
        statements=[disclosure.show(found, with_cited=False).record for found in statements],
        told=[disclosure.show(found, with_cited=False).record for found in told],
        incidents=[disclosure.show(found, with_cited=False).record for found in incidents],
        linked=sorted(
            find_linked_referrals(network, on=today, about=referral.id), key=lambda found: _days(network, found.referrals)
        ),
        same_person=same_person,
        sheets=open_sheets(view.citing(MapSheet, around, field="around"), today),
        needs_source_check=needs_source_check(view, referral.id, on=today),
        with_words=FieldClass.NARRATIVE in disclosure.classes,
    )


def _days(network: Network, referrals: tuple[RecordId, RecordId]) -> tuple[date, date]:
    """The days on which two referrals were received, the earlier first: the order of pairs on a page."""
    first, second = sorted(network.nodes[referral]["facts"]["received"] for referral in referrals)
    return first, second
