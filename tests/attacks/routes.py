"""Every route of the service, read from the service itself: REST and pages, with its permission and its operation's name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from api.dependencies import KithRoute
from api.dependencies.declarations import AllowedTo
from forum.access.policy import Permission

API = "/api/v1"


@dataclass(frozen=True)
class Route:
    """One method of one path. `permission` is None where nobody needs to sign in; `queries`: what may stand in its query."""

    method: str
    template: str
    name: str
    permission: Permission | None
    queries: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        return not self.template.startswith(API)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.template))

    def at(self, value: str) -> str:
        """The path with this value for every parameter."""
        return re.sub(r"\{[^}]+\}", value, self.template)

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def routes_of(app: FastAPI) -> tuple[Route, ...]:
    """All of them, in the order in which they are declared."""
    return tuple(_routes(app))


@lru_cache(maxsize=2)
def routes_by_name(app: FastAPI) -> Mapping[str, Route]:
    """All of them by the names of their operations, read once for a service that is asked much."""
    return {route.name: route for route in routes_of(app)}


def _routes(app: FastAPI) -> Iterator[Route]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        permissions = [each.call.permission for each in route.dependant.dependencies if isinstance(each.call, AllowedTo)]
        queries = tuple(sorted(route.known_parameters)) if isinstance(route, KithRoute) else ()
        for method in sorted(route.methods or ()):
            yield Route(method, str(context.path_format), route.name, permissions[0] if permissions else None, queries)
