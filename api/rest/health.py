"""Is the service there, and does its store answer?"""

from importlib.metadata import version

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import HouseDep, KithRoute, RealNowDep, shows_nobody, without_sign_in
from api.rest.answers import json_answer

router = APIRouter(route_class=KithRoute, tags=["service"])


class Health(BaseModel):
    """That the service is there, on which kind of store, in which version."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "ok", "store": "sqlite", "version": "0.1.0"}})
    status: str = Field(description="ok")
    store: str = Field(description="sqlite or neo4j")
    version: str = Field(description="The version of Kith.")


@router.get(
    "/health",
    response_model=Health,
    dependencies=[without_sign_in("says only that the service is there"), shows_nobody()],
)
def read_health(house: HouseDep, _now: RealNowDep) -> Response:
    """Says that the service is there and that its store answers; 503 when it does not, or is past its life."""
    facts = house.store.about()
    return json_answer({"status": "ok", "store": facts.kind, "version": version("kith")})
