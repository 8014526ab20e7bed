"""In which words does the forum record things? The lists of codes, versioned, with local wording."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import KithRoute, PageDep, allowed_to, shows_nobody
from api.paging import list_answer, page_of
from api.rest.answers import Total, json_answer
from forum.access.policy import Permission
from forum.code_lists import CODE_LISTS, CodeList
from graph.errors import RecordNotFound

router = APIRouter(route_class=KithRoute, tags=["code lists"])

_DECLARED = [allowed_to(Permission.READ_CODE_LISTS), shows_nobody()]


class CodeOut(BaseModel):
    """One code: what is stored, what people read, and whether it is still given to new records."""

    code: str
    label: str
    retired: bool
    part_of: str | None = Field(default=None, description="The wider code that it is a part of; left out where there is none.")


class CodeListOut(BaseModel):
    """One list of codes, in the order in which people choose from them."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "CHANNEL",
                "title": "How a referral came in",
                "version": 1,
                "local": False,
                "codes": [{"code": "phone", "label": "phone", "retired": False}],
            }
        }
    )
    name: str
    title: str
    version: int
    local: bool = Field(description="Whether the authority may add words of its own.")
    codes: list[CodeOut]


class CodeListsOut(BaseModel):
    """Every list, by name."""

    items: list[CodeListOut]
    next: str | None
    total: Total


@router.get("/code-lists", response_model=CodeListsOut, dependencies=_DECLARED)
def list_code_lists(asked: PageDep) -> Response:
    """Every list of codes, with its words."""
    page = page_of(sorted(CODE_LISTS), lambda name: name, asked)
    return list_answer(page, [_on_the_wire(CODE_LISTS[name]) for name in page.items])


@router.get("/code-lists/{name}", response_model=CodeListOut, dependencies=_DECLARED)
def read_code_list(name: str) -> Response:
    """One list of codes, by its name."""
    if name not in CODE_LISTS:
        raise RecordNotFound
    return json_answer(_on_the_wire(CODE_LISTS[name]))


def _on_the_wire(code_list: CodeList) -> dict[str, Any]:
    codes = []
    for code in code_list.codes:
        part = {} if code.part_of is None else {"part_of": code.part_of}
        codes.append({"code": code.code, "label": code.label, "retired": code.retired, **part})
    return {
        "name": code_list.name,
        "title": code_list.title,
        "version": code_list.version,
        "local": code_list.local,
        "codes": codes,
    }
