"""What every page route has in common: it is of the one kind of route, and stays out of the description of REST."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse

from api.dependencies import KithRoute

PageNumber = Annotated[int, Query(ge=1, le=10_000)]


def page_router() -> APIRouter:
    """A router for the pages of one noun."""
    return APIRouter(route_class=KithRoute, include_in_schema=False)


def go_to(address: str) -> RedirectResponse:
    """After a form: the browser fetches the next page with GET."""
    return RedirectResponse(address, 303)
