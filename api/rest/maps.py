"""Maps: kept with their purpose, read as a document, a picture or a list, and taken away in the forms that their mode allows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import (
    ActorDep,
    DisclosureDep,
    HouseDep,
    KithRoute,
    NowDep,
    RealNowDep,
    ScopeDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    at_once,
    draws_maps,
    fresh_sign_in,
    shows_people,
)
from api.map_documents import map_document, without_pages
from api.rest.answers import Created, WriteAnswerDep
from api.rest.bodies import json_body
from forum.access.policy import READS_BY_GRANT, Permission
from forum.audit_history import is_map_of_own_case
from forum.errors import FormForbidden, IncompleteMap, NotPermitted
from forum.maps import draw_sheet, kept_sheet, sheet_given
from graph.records import RecordId
from visualise.document import MapDocument
from visualise.exchange import write_geojson, write_gexf, write_graphml, write_json_graph
from visualise.forms import forms_of, why_not
from visualise.listing import list_as_html, list_as_json
from visualise.png import draw_png
from visualise.standalone import write_standalone
from visualise.svg import draw_svg

router = APIRouter(route_class=KithRoute, tags=["maps"])

Style = Annotated[Literal["colour", "mono"], Query(description="mono is for paper.")]


class MapIn(BaseModel):
    """What to draw. Without purpose, owner and review date there is no map."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "peer",
                "around": "5f0c…",
                "steps": 2,
                "mode": "coordination",
                "purpose": "Agree who stays alongside them",
                "owner": "social worker",
                "review_by": "2027-02-13",
            }
        },
    )
    kind: Literal["peer", "contexts"]
    around: str | None = Field(
        default=None, description="A young person, group, context or referral, no private address; none for all contexts."
    )
    steps: int | None = Field(default=None, ge=1, le=3)
    mode: str | None = Field(default=None, description="coordination or context_only.")
    purpose: str
    owner: str
    review_by: str


class MapOut(BaseModel):
    """The map document, kith-map/1; its schema is published with the product."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"schema": "kith-map/1", "kind": "peer"}})
    kind: str
    things: list[dict[str, Any]]
    links: list[dict[str, Any]]
    summary: str


@router.post("/maps", status_code=201, response_model=Created, dependencies=[allowed_to(Permission.MAKE_MAP), shows_people()])
def create_map(
    given: Annotated[dict[str, Any], json_body(MapIn)],
    house: HouseDep,
    writer: WriterDep,
    answer: WriteAnswerDep,
    now: NowDep,
    today: TodayDep,
) -> Response:
    """Keeps a map, with its purpose, owner and review date."""
    draft, mistakes = sheet_given(given)
    if draft is None:
        raise IncompleteMap(mistakes)
    by = answer.actor.name or answer.actor.role.value.replace("_", " ")
    sheet = draw_sheet(writer, draft, drawn_by=by, actor=answer.actor.id, now=now, today=today, seed=house.chance(16).hex())
    around = [sheet.around] if sheet.around else []
    return answer.created(sheet.id, at=f"/maps/{sheet.id}", about=around)


def read_document(
    map_id: str, house: HouseDep, scope: ScopeDep, view: ViewDep, disclosure: DisclosureDep, today: TodayDep
) -> MapDocument:
    """The document of this map for this reader."""
    return map_document(house, scope, view, disclosure, RecordId(map_id), today=today)


DocumentDep = Annotated[MapDocument, Depends(at_once(read_document))]


def document_to_take_away(
    map_id: str, house: HouseDep, scope: ScopeDep, view: ViewDep, disclosure: DisclosureDep, today: TodayDep
) -> MapDocument:
    """The document of this map as a file may hold it: its numbers in bands, and no page of this service."""
    return without_pages(map_document(house, scope, view, disclosure, RecordId(map_id), today=today, leaves=True))


TakenDep = Annotated[MapDocument, Depends(at_once(document_to_take_away))]


def demand_own_case(map_id: str, house: HouseDep, actor: ActorDep, view: ViewDep, now: RealNowDep) -> None:
    """NotPermitted where somebody who needs grants would take away a map that they may read and that is of no case of theirs."""
    sheet = kept_sheet(view, RecordId(map_id))
    if actor.role in READS_BY_GRANT and not is_map_of_own_case(house.store, actor, view, sheet.around, now=now):
        raise NotPermitted


OwnCaseDep = Annotated[None, Depends(at_once(demand_own_case))]
_READS = [allowed_to(Permission.READ_MAP), shows_people(), draws_maps()]
# A map past its date, or in a form that its mode or this machine does not make.
_NOT_NOW: dict[int | str, dict[str, Any]] = {409: {}}


@router.get("/maps/{map_id}", response_model=MapOut, responses=_NOT_NOW, dependencies=_READS)
def read_map(document: DocumentDep) -> Response:
    """The map document for this reader: things, links, legend, summary, and what it is for."""
    return Response(document.to_json(), media_type="application/json")


@router.get("/maps/{map_id}/picture.svg", response_class=Response, responses=_NOT_NOW, dependencies=_READS)
def read_map_picture(document: DocumentDep, style: Style = "colour") -> Response:
    """The map as a picture, with its legend and footer inside."""
    return Response(draw_svg(document, style).encode("utf-8"), media_type="image/svg+xml")


@router.get("/maps/{map_id}/list", response_class=Response, responses=_NOT_NOW, dependencies=_READS)
def read_map_list(request: Request, document: DocumentDep) -> Response:
    """The same map as tables: an HTML fragment, or JSON when that is asked for."""
    if "application/json" in request.headers.get("accept", ""):
        return Response(list_as_json(document), media_type="application/json")
    return Response(list_as_html(document).encode("utf-8"), media_type="text/html")


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of file: its path below the map, its name in the mode's list, its media type, and what makes it."""

    path: str
    form: str
    media_type: str
    make: Callable[[MapDocument, str], bytes]
    name: str


def _text(write: Callable[[MapDocument], str | bytes]) -> Callable[[MapDocument, str], bytes]:
    def make(document: MapDocument, _style: str) -> bytes:
        written = write(document)
        return written if isinstance(written, bytes) else written.encode("utf-8")

    return make


_FORMS = (
    _Form("picture.png", "png", "image/png", draw_png, "export_map_png"),
    _Form("picture.html", "html", "text/html", _text(write_standalone), "export_map_html"),
    _Form("network.graphml", "graphml", "application/graphml+xml", _text(write_graphml), "export_map_graphml"),
    _Form("network.gexf", "gexf", "application/gexf+xml", _text(write_gexf), "export_map_gexf"),
    _Form("network.json", "json", "application/json", _text(write_json_graph), "export_map_json"),
    _Form("network.geojson", "geojson", "application/geo+json", _text(write_geojson), "export_map_geojson"),
)


def _exporter(form: _Form) -> Callable[..., Response]:
    def export(taken: TakenDep, _own: OwnCaseDep, style: Style = "colour") -> Response:
        if form.form not in forms_of(taken.frame.mode):
            raise FormForbidden(why_not(taken.frame.mode, form.form))
        headers = {
            "Content-Disposition": f'attachment; filename="map-{taken.digest[:12]}.{form.path.rpartition(".")[2]}"',
            "Content-Security-Policy": "sandbox",
        }
        return Response(form.make(taken, style), headers=headers, media_type=form.media_type)

    return export


for _form in _FORMS:
    router.add_api_route(
        f"/maps/{{map_id}}/{_form.path}",
        _exporter(_form),
        methods=["GET"],
        name=_form.name,
        description=f"The same map as a file, {_form.form}. 409 with the reason when the map's mode makes none of this kind.",
        response_class=Response,
        responses=_NOT_NOW,
        dependencies=[allowed_to(Permission.EXPORT_MAP), shows_people(), fresh_sign_in(), draws_maps()],
    )
