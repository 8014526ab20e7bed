"""Findings: which referrals share a context, which name one young person, where harm gathers, who is still to be told."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    KithRoute,
    NetworkDep,
    PageDep,
    ScopeDep,
    TodayDep,
    ViewDep,
    allowed_to,
    shows_nobody,
    shows_people,
    takes_long,
)
from api.errors import Rejected
from api.paging import list_answer, page_of
from api.rest.answers import Total, json_answer, json_answer_of_lists
from api.rest.contexts import get_context
from api.rest.finding_answers import (
    contexts_by_id,
    pair_answers,
    same_person_answer,
    shared_context_answers,
    telling_answers,
)
from api.rest.referrals import get_referral
from forum.access.actors import Role
from forum.access.disclosure import Disclosure
from forum.access.policy import Permission
from forum.errors import Mistake
from forum.hotspots import LEASTS, find_hotspots
from forum.linked_referrals import (
    LinksAt,
    find_contexts_that_link,
    find_linked_referrals,
    find_links_at,
    find_links_at_contexts,
    groups_at_contexts,
    groups_of,
    pairs_at,
)
from forum.same_person_links import find_same_person_links
from forum.told import find_not_told, find_nothing_recorded, find_overdue_tellings
from graph.contexts import CONTEXT_TYPES
from graph.records import RecordId
from graph.store.boundary import View

router = APIRouter(route_class=KithRoute, tags=["findings"])


class Because(BaseModel):
    """What a link rests on: a statement, or null where both referrals concern the group; and why, in one sentence."""

    assertion: str | None
    sentence: str


class Pair(BaseModel):
    referrals: list[str]
    context: str
    because: list[Because]


class LinkedReferralsOut(BaseModel):
    """Every pair once for each context that links it; groups are the connected sets of two or more."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pairs": [
                    {
                        "referrals": ["5f0c…", "91ab…"],
                        "context": "c4…",
                        "because": [{"assertion": "7d…", "sentence": "Both referrals report harm at Canal bridge."}],
                    }
                ],
                "groups": [["5f0c…", "91ab…"]],
            }
        }
    )
    pairs: list[Pair]
    groups: list[list[str]]


class ItemList(BaseModel):
    """A list; each item as its noun describes it."""

    model_config = ConfigDict(extra="allow")
    items: list[dict[str, Any]]
    next: str | None
    total: Total


class ClustersOut(BaseModel):
    """A finding with how it was found and how far it holds still; never a group, and never a fact."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "method": "louvain",
                "parameters": {"of": "referrals"},
                "stability": 0.0,
                "software": {"networkx": "3.6.1"},
                "warnings": [],
                "items": [],
                "in_words": "There are no reliable clusters.",
            }
        }
    )
    method: str
    parameters: dict[str, Any]
    stability: float
    software: dict[str, str]
    warnings: list[str]
    items: list[dict[str, Any]]
    in_words: str = Field(description="The finding in one sentence.")


_CLUSTERS = [allowed_to(Permission.READ_FINDINGS), shows_people(), takes_long()]
_FINDINGS = [allowed_to(Permission.READ_FINDINGS), shows_nobody()]


def _linked_at(places: Sequence[LinksAt], view: View, disclosure: Disclosure) -> Response:
    contexts = contexts_by_id(view, disclosure, (links.context for links in places))
    disclosure.mention({referral for links in places for referral in links.referrals})
    return json_answer_of_lists({"pairs": pair_answers(pairs_at(places), contexts), "groups": groups_at_contexts(places)})


@router.get("/linked-referrals", response_model=LinkedReferralsOut, dependencies=_FINDINGS)
def list_linked_referrals(view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """The referrals that share a context, inside what this reader may read; each pair with why."""
    return _linked_at(find_links_at_contexts(network, on=today), view, disclosure)


@router.get("/referrals/{referral_id}/linked-referrals", response_model=LinkedReferralsOut, dependencies=_FINDINGS)
def list_linked_to_referral(
    referral_id: str, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep
) -> Response:
    """The pairs that one referral is in."""
    referral = get_referral(view, referral_id, today)
    linked = find_linked_referrals(network, on=today, about=referral.id)
    contexts = contexts_by_id(view, disclosure, (pair.context for pair in linked))
    disclosure.mention({other for pair in linked for other in pair.referrals})
    return json_answer_of_lists({"pairs": pair_answers(linked, contexts), "groups": groups_of(linked)})


@router.get("/contexts/{context_id}/linked-referrals", response_model=LinkedReferralsOut, dependencies=_FINDINGS)
def list_linked_by_context(
    context_id: str, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep
) -> Response:
    """The pairs that one context links."""
    context = get_context(view, context_id)
    return _linked_at(find_links_at(network, context.id, on=today), view, disclosure)


@router.get("/shared-contexts", response_model=ItemList, dependencies=_FINDINGS)
def list_shared_contexts(
    asked: PageDep, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep
) -> Response:
    """The contexts that link at least two referrals, most referrals first, then by label."""
    found = find_contexts_that_link(network, on=today)
    items = shared_context_answers(found, contexts_by_id(view, disclosure, (shared.context for shared in found)))
    page = page_of(items, lambda item: str(item["context"]), asked)
    disclosure.mention({RecordId(referral) for item in page.items for referral in item["referrals"]})
    return list_answer(page, page.items)


@router.get("/same-person-links", response_model=ItemList, dependencies=[allowed_to(Permission.READ_FINDINGS), shows_people()])
def list_same_person_links(asked: PageDep, network: NetworkDep, disclosure: DisclosureDep, today: TodayDep) -> Response:
    """The pairs of referrals that name one young person today. Another kind of link, never mixed in with shared contexts."""
    found = find_same_person_links(network, on=today)
    page = page_of(found, lambda link: "/".join((*link.referrals, link.person, link.since.isoformat())), asked)
    disclosure.mention({named for link in page.items for named in (*link.referrals, link.person)})
    return list_answer(page, [same_person_answer(link) for link in page.items])


TellingState = Literal["overdue", "not_recorded", "not_told"]
_TELLINGS = {"overdue": find_overdue_tellings, "not_recorded": find_nothing_recorded, "not_told": find_not_told}


@router.get("/told", response_model=ItemList, dependencies=[allowed_to(Permission.READ_TOLD), shows_people()])
def list_told(
    asked: PageDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    state: Annotated[
        TellingState, Query(description="Which tellings: past their day, nothing recorded, or not told.")
    ] = "overdue",
) -> Response:
    """Who is still to be told of a referral, who was not told, and where nothing is recorded."""
    found = _TELLINGS[state](network, on=today)
    page = page_of(found, lambda row: "/".join((row.referral, row.person, row.who or "")), asked)
    disclosure.mention({named for row in page.items for named in (row.referral, row.person)})
    return list_answer(page, telling_answers(page.items))


@router.get("/hotspots", response_model=ItemList, dependencies=[allowed_to(Permission.READ_HOTSPOTS), shows_nobody()])
def list_hotspots(
    asked: PageDep,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    least: Annotated[int, Query(alias="min", description="1, 3, 6 or 10: the edges of the bands.")] = 3,
    kind: Annotated[str | None, Query(description="A code of CTX_TYPE; every kind when left out.")] = None,
) -> Response:
    """Contexts by how many referrals count for them, in bands, inside what this reader may read; no person in it.

    Analysts are answered from the latest published release alone: an empty list while there is none.
    """
    mistakes = [Mistake("/min", "not-an-edge", "Write 1, 3, 6 or 10.")] if least not in LEASTS else []
    if kind is not None and kind not in CONTEXT_TYPES:
        mistakes.append(Mistake("/kind", "unknown-code", "Write a code of the list CTX_TYPE."))
    if mistakes:
        raise Rejected(mistakes)
    if actor.role is Role.ANALYST:
        return list_answer(page_of([], str, asked), [])
    found = find_hotspots(network, on=today, least=least, kind=kind)
    contexts = contexts_by_id(view, disclosure, (spot.context for spot in found))
    labelled = find_hotspots(
        network, on=today, least=least, kind=kind, label_of=lambda one: contexts[one].label if one in contexts else ""
    )
    items = [
        {"context": spot.context, "kind": spot.kind, "label": contexts[spot.context].label, "band": spot.band}
        for spot in labelled
        if spot.context in contexts
    ]
    page = page_of(items, lambda item: str(item["context"]), asked)
    return list_answer(page, page.items)


@router.get("/clusters", response_model=ClustersOut, dependencies=[*_CLUSTERS])
def read_clusters(
    house: HouseDep,
    scope: ScopeDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    today: TodayDep,
    of: Annotated[Literal["referrals", "people"], Query(description="What is clustered.")] = "referrals",
) -> Response:
    """What a computation noticed: things that stand close together, how stable that is, and why. It decides nothing."""
    finding = house.clusters.clusters(network, revision=house.projection.revision, scope=scope, of=of, on=today)
    disclosure.mention({member for cluster in finding.items for member in cluster.members})
    items = [{"members": list(found.members), "stability": found.stability, "because": found.because} for found in finding.items]
    words = f"{len(items)} found that hold still." if items else "There are no reliable clusters."
    return json_answer(
        {
            "method": finding.method,
            "parameters": dict(finding.parameters),
            "stability": finding.stability,
            "software": dict(finding.software),
            "warnings": list(finding.warnings),
            "items": items,
            "in_words": words,
        }
    )
