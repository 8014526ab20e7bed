"""The REST interface: one file for each noun, its routes and their schemas together. Each has one `router`, listed here."""

from fastapi import APIRouter

from api.rest.agenda_items import router as agenda_items
from api.rest.assertions import router as assertions
from api.rest.audit import router as audit
from api.rest.code_lists import router as code_lists
from api.rest.conflicts import router as conflicts
from api.rest.contexts import router as contexts
from api.rest.findings import router as findings
from api.rest.grants import router as grants
from api.rest.health import router as health
from api.rest.incidents import router as incidents
from api.rest.maps import router as maps
from api.rest.people import router as people
from api.rest.referrals import router as referrals
from api.rest.restrictions import router as restrictions

PREFIX = "/api/v1"

# One router for each noun, in the order of their names; a new noun is added here and nowhere else.
ROUTERS: tuple[APIRouter, ...] = (
    agenda_items,
    assertions,
    audit,
    code_lists,
    conflicts,
    contexts,
    findings,
    grants,
    health,
    incidents,
    maps,
    people,
    referrals,
    restrictions,
)
