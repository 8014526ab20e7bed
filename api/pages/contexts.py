"""The list of contexts, and one context."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    NetworkDep,
    ScopeDep,
    TodayDep,
    ViewDep,
    allowed_to,
    shows_nobody,
    shows_people,
)
from api.map_documents import map_document
from api.pages.drawing import draw
from api.pages.presenters.contexts import ContextFacts, present_context
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import find_for_front_page
from api.pages.presenters.lists import present_context_list
from api.pages.presenters.map_lines import open_sheets
from api.pages.presenters.maps import present_map
from api.pages.presenters.paging import take_page
from api.pages.presenters.sheets import present_sheet
from api.pages.routing import PageNumber, page_router
from forum.access.disclosure import Disclosure
from forum.access.policy import READS_SHEETS, Permission
from forum.access.sheets import get_sheet, sheets_seen
from forum.hotspots import count_by_context
from forum.maps import MapSheet
from forum.referrals import Referral
from graph.analysis import Network
from graph.assertions import Assertion
from graph.contexts import CONTEXT_KINDS, TYPE_OF_KIND, ContextRecord
from graph.errors import RecordNotFound
from graph.records import RecordId
from graph.store.boundary import View

router = page_router()

A_PAGE = 50


@router.get("/contexts", dependencies=[allowed_to(Permission.READ_CONTEXT), shows_nobody()])
def list_contexts(
    request: Request,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    of_type: Annotated[str, Query(alias="type", max_length=60, pattern="^[a-z_]*$")] = "",
    page: PageNumber = 1,
) -> Response:
    """Contexts, those that most referrals count for first, narrowed by a plain form."""
    if actor.role in READS_SHEETS:
        sheets = {sheet.context: disclosure.show(sheet).record for sheet in sheets_seen(view)}
        return draw(request, "context_sheets.html", actor=actor, page=[present_sheet(each) for each in sheets.values()])
    counted = count_by_context(network, on=today)
    kinds = {kind for kind, name in TYPE_OF_KIND.items() if of_type in ("", name)}
    found = [record_id for record_id, kind in network.nodes(data="kind") if kind in kinds]
    labels = Labels(view, disclosure)
    labels.load(found)
    in_order = sorted(found, key=lambda context: (-len(counted.get(context, ())), labels.words(context), context))
    listed = present_context_list(take_page(in_order, page, A_PAGE), counted, {"type": of_type}, labels)
    return draw(request, "contexts.html", actor=actor, page=listed)


@router.get("/contexts/{context_id}", dependencies=[allowed_to(Permission.READ_CONTEXT), shows_people()])
def show_context(
    request: Request,
    context_id: str,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    house: HouseDep,
    scope: ScopeDep,
    today: TodayDep,
) -> Response:
    """One context: guardians and strengths first, what is known and from whom, conditions, its referrals and its map."""
    if actor.role in READS_SHEETS:
        sheet = disclosure.show(get_sheet(view, context_id)).record
        return draw(request, "context_sheet.html", actor=actor, page=present_sheet(sheet))
    context = find_context(view, RecordId(context_id))
    facts = _facts_of(view, network, disclosure, context, today)
    page = present_context(facts, Labels(view, disclosure))
    drawn = next((sheet for sheet in facts.sheets if sheet.map_kind == "contexts"), None)
    shown = None
    if drawn is not None:
        document = map_document(house, scope, view, disclosure, drawn.id, today=today)
        shown = present_map(document, style="colour", path=f"/maps/{drawn.id}")
    return draw(request, "context.html", actor=actor, page=page, map=shown)


def find_context(view: View, context_id: RecordId) -> ContextRecord:
    """A context of any kind. RecordNotFound when there is none for this reader; RecordErased when it was erased."""
    for found in view.several([context_id]):
        if isinstance(found, ContextRecord):
            return found
        raise RecordNotFound
    for kind in CONTEXT_KINDS[:-1]:
        try:
            return view.get(kind, context_id)
        except RecordNotFound:
            continue
    return view.get(CONTEXT_KINDS[-1], context_id)


def _facts_of(view: View, network: Network, disclosure: Disclosure, context: ContextRecord, today: date) -> ContextFacts:
    statements = {found.id: found for end in ("source", "target") for found in view.citing(Assertion, [context.id], field=end)}
    counted = count_by_context(network, on=today).get(context.id, ())
    groups = find_for_front_page(network, today).groups
    return ContextFacts(
        context=disclosure.show(context, with_cited=False).record,
        today=today,
        parts=[part for kind in CONTEXT_KINDS for part in view.citing(kind, [context.id], field="part_of")],
        statements=[disclosure.show(found, with_cited=False).record for found in statements.values()],
        about=_referrals(view, context.id, "subject_contexts", today),
        guarded=_referrals(view, context.id, "guardians.context", today),
        befriended=_referrals(view, context.id, "group_friendships.group", today),
        why={referral: _why(network, referral, context.id) for referral in _by_day(network, counted)},
        linked=next((group.pairs[context.id] for group in groups if context.id in group.pairs), ()),
        sheets=open_sheets(view.citing(MapSheet, [context.id], field="around"), today),
    )


def _referrals(view: View, context: RecordId, field: str, today: date) -> list[Referral]:
    """The referrals that name the context in one field, in the order in which they were received."""
    found = [referral for referral in view.citing(Referral, [context], field=field) if referral.received <= today]
    return sorted(found, key=lambda referral: (referral.received, referral.id))


def _by_day(network: Network, referrals: Sequence[RecordId]) -> list[RecordId]:
    return sorted(referrals, key=lambda referral: (network.nodes[referral]["facts"]["received"], referral))


def _why(network: Network, referral: RecordId, context: RecordId) -> str:
    """Why a referral counts for a context (practice, section 10.5), in words."""
    cited = network.nodes[referral]["cited"]
    if context in cited.get("subject_contexts", ()):
        return "This referral is about it."
    if context in cited.get("concerns_contexts", ()):
        return "This referral also speaks of this group."
    return "Harm, or feeling unsafe, is reported here."
