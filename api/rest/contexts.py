"""Contexts: peer groups, schools, neighbourhoods, locations and online spaces, each noun its own, and all of them by id."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.conditional import merge_patch
from api.dependencies import (
    ActorDep,
    DisclosureDep,
    KithRoute,
    NetworkDep,
    PageDep,
    TodayDep,
    ViewDep,
    WriterDep,
    allowed_to,
    repeated_as,
    shows_nobody,
)
from api.errors import Rejected
from api.paging import PageAsked, list_answer, page_of
from api.rest.answers import ChangeDep, Created, Patch, Total, WriteAnswerDep, json_answer
from api.rest.bodies import json_body
from api.rest.given_contexts import cited_by, draft_of, find_part_of_itself
from api.rest.referral_answers import without_blanks
from forum.access.disclosure import Disclosure
from forum.access.policy import READS_SHEETS, Permission
from forum.access.sheets import ContextSheet, get_sheet, sheets_seen
from forum.context_drafts import as_record, change_context
from forum.errors import Mistake
from graph.analysis import Network
from graph.contexts import CONTEXT_TYPES, TYPE_OF_KIND, ContextRecord, School
from graph.records import RecordId
from graph.store.boundary import View

router = APIRouter(route_class=KithRoute, tags=["contexts"])

# The path of each noun, and its type on the wire.
NOUNS = {
    "peer-groups": "peer_group",
    "schools": "school",
    "neighbourhoods": "neighbourhood",
    "locations": "location",
    "online-spaces": "online",
}


_PATHS = {noun: path for path, noun in NOUNS.items()}


class ContextIn(BaseModel):
    """A context as given in: its label is needed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"label": "Canal bridge"}})
    label: str
    type: str | None = Field(default=None, description="A code of CTX_TYPE; the path says it already.")
    everyday_name: str | None = None
    context: str | None = Field(default=None, description="Which of the six it counts under: a code of CONTEXT.")
    place_kind: str | None = Field(default=None, description="A code of PLACE_KIND.")
    space_kind: str | None = None
    size_band: str | None = None
    part_of: str | None = None
    safe_for: list[str] = []
    urn: str | None = Field(default=None, description="Schools only: the national number.")


class SheetGuardianOut(BaseModel):
    """An adult with caring intent who is there, by role."""

    model_config = ConfigDict(json_schema_extra={"example": {"who": "shop owner", "willing": True, "present": ["fri_evening"]}})
    who: str
    willing: bool | None = None
    present: list[str] = []


class ContextOut(ContextIn):
    """A context. `guardians`, `conditions` and `young_people` stand in a context-only sheet alone."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"id": "5f0c…", "type": "location", "label": "Bridge"}}
    )
    id: str
    review_by: str
    guardians: list[SheetGuardianOut] | None = None
    conditions: dict[str, str] | None = None
    young_people: str | None = Field(default=None, description="fewer than 10, or 10 or more; absent where too few.")


class ContextList(BaseModel):
    items: list[ContextOut]
    next: str | None
    total: Total


def context_answer(disclosure: Disclosure, context: ContextRecord) -> dict[str, Any]:
    """A context on the wire."""
    shown = disclosure.show(context).record
    return {"id": shown.id, "type": TYPE_OF_KIND[shown.KIND]} | without_blanks(
        {
            "label": shown.label,
            "everyday_name": shown.everyday_name,
            "context": shown.counts_under.value,
            "place_kind": shown.place_kind,
            "space_kind": shown.space_kind,
            "size_band": shown.size_band,
            "part_of": shown.part_of,
            "safe_for": list(shown.safe_for),
            "urn": shown.urn if isinstance(shown, School) else None,
            "review_by": shown.review_on.isoformat(),
        }
    )


def sheet_answer(disclosure: Disclosure, sheet: ContextSheet) -> dict[str, Any]:
    """A context-only sheet on the wire, under the id of its context. Nobody is in it."""
    shown = disclosure.show(sheet).record
    guardians = [without_blanks({"who": g.who, "willing": g.willing, "present": list(g.present)}) for g in shown.guardians]
    return {"id": shown.context, "type": shown.context_type} | without_blanks(
        {
            "label": shown.label,
            "everyday_name": shown.everyday_name,
            "context": shown.counts_under.value,
            "place_kind": shown.place_kind,
            "guardians": guardians,
            "conditions": {each.what: each.how for each in shown.conditions},
            "young_people": shown.young_people,
            "review_by": shown.review_on.isoformat(),
        }
    )


def list_sheets(types: Collection[str], asked: PageAsked, view: View, disclosure: Disclosure) -> Response:
    """The contexts that this reader has a sheet of, in order of the context's id; of each the latest."""
    latest = {sheet.context: sheet for sheet in sheets_seen(view) if sheet.context_type in types}
    page = page_of(sorted(latest), str, asked)
    return list_answer(page, [sheet_answer(disclosure, latest[context]) for context in page.items])


def list_answer_of(kinds: frozenset[str], asked: PageAsked, view: View, network: Network, disclosure: Disclosure) -> Response:
    """The contexts of these kinds that the reader may see, in order of id."""
    page = page_of([found for found, node in network.nodes(data=True) if node["kind"] in kinds], str, asked)
    found = [record for record in view.several(page.items) if isinstance(record, ContextRecord)]
    return list_answer(page, [context_answer(disclosure, record) for record in found])


@router.get("/contexts", response_model=ContextList, dependencies=[allowed_to(Permission.READ_CONTEXT), shows_nobody()])
def list_contexts(
    asked: PageDep,
    actor: ActorDep,
    view: ViewDep,
    network: NetworkDep,
    disclosure: DisclosureDep,
    context_type: Annotated[str | None, Query(alias="type", description="A code of CTX_TYPE.")] = None,
) -> Response:
    """Every context this reader may see, of every type or of one."""
    if context_type is not None and context_type not in CONTEXT_TYPES:
        raise Rejected([Mistake("/type", "unknown-code", "Write a code of the list CTX_TYPE.")])
    if actor.role in READS_SHEETS:
        return list_sheets([context_type] if context_type else list(CONTEXT_TYPES), asked, view, disclosure)
    types = CONTEXT_TYPES if context_type is None else {context_type: CONTEXT_TYPES[context_type]}
    return list_answer_of(frozenset(kind.KIND for kind in types.values()), asked, view, network, disclosure)


@router.get(
    "/contexts/{context_id}",
    response_model=ContextOut,
    dependencies=[allowed_to(Permission.READ_CONTEXT), shows_nobody()],
)
def read_context(context_id: str, actor: ActorDep, view: ViewDep, disclosure: DisclosureDep) -> Response:
    """One context of any type, by its id; to somebody invited from outside, their sheet of it."""
    if actor.role in READS_SHEETS:
        return json_answer(sheet_answer(disclosure, get_sheet(view, context_id)))
    return json_answer(context_answer(disclosure, get_context(view, context_id)))


def get_context(view: View, context_id: str) -> ContextRecord:
    """The context of any type; RecordNotFound when it is not this reader's to see, or no context."""
    record_id = RecordId(context_id)
    kind = TYPE_OF_KIND.get(view.kinds_of([record_id]).get(record_id, ""), "location")
    return view.get(CONTEXT_TYPES[kind], record_id)


def _lister(noun: str) -> Callable[..., Response]:
    def list_one_type(asked: PageDep, view: ViewDep, network: NetworkDep, disclosure: DisclosureDep) -> Response:
        return list_answer_of(frozenset({CONTEXT_TYPES[noun].KIND}), asked, view, network, disclosure)

    return list_one_type


def _reader(noun: str) -> Callable[..., Response]:
    def read_one_type(context_id: str, view: ViewDep, disclosure: DisclosureDep) -> Response:
        return json_answer(context_answer(disclosure, view.get(CONTEXT_TYPES[noun], RecordId(context_id))))

    return read_one_type


def _maker(noun: str) -> Callable[..., Response]:
    def create_one_type(
        given: Annotated[dict[str, Any], json_body(ContextIn)], writer: WriterDep, answer: WriteAnswerDep, today: TodayDep
    ) -> Response:
        draft = draft_of(writer, given, noun, today)
        part_of, safe_for = cited_by(writer, draft, today)
        made = writer.put(as_record(writer, draft, today=today, part_of=part_of, safe_for=safe_for))
        return answer.created(made.id, at=f"/{_PATHS[noun]}/{made.id}")

    return create_one_type


def _changer(noun: str) -> Callable[..., Response]:
    def change_one_type(
        context_id: str,
        given: Annotated[dict[str, Any], json_body(Patch)],
        change: ChangeDep,
        writer: WriterDep,
        answer: WriteAnswerDep,
        disclosure: DisclosureDep,
        today: TodayDep,
    ) -> Response:
        context: ContextRecord = writer.get(CONTEXT_TYPES[noun], RecordId(context_id))
        answer.must_be_theirs_to_change(context.id)
        current = context_answer(change.unseen, context)
        change.compare(current)
        body = {name: value for name, value in current.items() if name not in ("id", "review_by")}
        loop = find_part_of_itself(writer, change.unseen, context.id, given)
        draft = draft_of(writer, merge_patch(body, given), noun, today, besides=loop)
        part_of, safe_for = cited_by(writer, draft, today, besides=loop)
        changed = writer.put(change_context(context, draft, part_of=part_of, safe_for=safe_for))
        answer.changed(resources=[changed.id])
        return json_answer(context_answer(disclosure, changed))

    return change_one_type


@dataclass(frozen=True, slots=True)
class _Route:
    """One of the four routes of a noun: its operation is `does` and the noun, such as list_peer_groups."""

    does: str
    method: str
    make: Callable[[str], Callable[..., Response]]
    permission: Permission
    model: type[BaseModel]
    says: str


_ROUTES = (
    _Route("list", "GET", _lister, Permission.READ_CONTEXT, ContextList, "The {} this reader may see, in order of id."),
    _Route("create", "POST", _maker, Permission.MAKE_CONTEXT, Created, "Records one of the {}."),
    _Route("read", "GET", _reader, Permission.READ_CONTEXT, ContextOut, "One of the {}."),
    _Route("change", "PATCH", _changer, Permission.CHANGE_CONTEXT, ContextOut, "Changes one of the {} by a JSON Merge Patch."),
)


def _add_noun(path: str, noun: str) -> None:
    """The four routes of one noun."""
    many = path.replace("-", "_")
    for route in _ROUTES:
        of_all = route.does in ("list", "create")
        router.add_api_route(
            f"/{path}" if of_all else f"/{path}/{{context_id}}",
            route.make(noun),
            methods=[route.method],
            name=f"{route.does}_{many if route.does == 'list' else many.removesuffix('s')}",
            description=route.says.format(path.replace("-", " ")),
            status_code=201 if route.method == "POST" else 200,
            response_model=route.model,
            dependencies=[
                allowed_to(route.permission),
                shows_nobody(),
                *([repeated_as(_reader(noun))] if route.method == "PATCH" else []),
            ],
        )


for _path, _noun in NOUNS.items():
    _add_noun(_path, _noun)
