"""The REST interface: one file for each noun, its routes and their schemas together. Each has one `router`, listed here."""

from fastapi import APIRouter

from api.rest.code_lists import router as code_lists
from api.rest.health import router as health

PREFIX = "/api/v1"

# One router for each noun, in the order of their names; a new noun is added here and nowhere else.
ROUTERS: tuple[APIRouter, ...] = (code_lists, health)
