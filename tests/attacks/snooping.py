"""What the tests of snooping share: somebody who asks, what is sent to a route, and what a refusal has to be."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import httpx

from forum.access.actors import Role
from graph.records import ActorId, Record, RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Answer, Asker
from tests.attacks.crawling import NAMED_BY
from tests.attacks.role_table import may
from tests.attacks.routes import Route, routes_of

STEP = {"reason": "Because."}
# A parameter that names no record, and why it may be known to everyone.
PUBLIC = {"name": "the code lists are published with the product"}


class Refusals:
    """The names of what one actor was refused since last asked, in the order of the audit."""

    def __init__(self, service: Service, actor: ActorId) -> None:
        self._store, self._actor, self._after = service.store, actor, 0

    def since(self) -> list[str]:
        found: list[str] = []
        while page := self._store.audit(by=self._actor, after=self._after, limit=500):
            found += [entry.action for entry in page if entry.decision == "refused"]
            self._after = page[-1].seq
        return found


def bodies_for(route: Route) -> list[dict[str, Any]]:
    """Things to send: what they say matters nothing where nothing is found."""
    if route.method == "GET":
        return [{}]
    if route.is_page:
        return [{"form": STEP}]
    given = [STEP, {**STEP, "review_by": "2027-01-01"}] if route.method == "POST" else [STEP]
    return [{"json": body, "If-Match": '"0"'} for body in given]


def as_it_left(answer: httpx.Response) -> Answer:
    """The answer to the byte; but for the reference of a mistake in the body, which is new each time and says nothing."""
    left = Answer.of(answer)
    if left.status in (400, 422):
        return replace(left, body=re.sub(rb'"instance":"[^"]+"', b'"instance":""', left.body))
    return left


def denied_to(service: Service, role: Role) -> list[Route]:
    return [route for route in routes_of(service.app) if route.permission and not may(role, route.permission)]


def record_routes(service: Service, role: Role) -> list[Route]:
    """The routes that name a record and that this role may use."""
    return [
        route
        for route in routes_of(service.app)
        if route.permission and may(role, route.permission) and route.parameters and not PUBLIC.keys() & set(route.parameters)
    ]


def compare(asker: Asker, refused: Refusals, route: Route, hidden: Sequence[RecordId]) -> set[Answer]:
    """The answers of one route for what is not theirs and for what does not exist: one for each body, recorded each time."""
    ids = [*hidden, new_id()]
    refused.since()
    found: set[Answer] = set()
    for body in bodies_for(route):
        answers = {as_it_left(asker.ask(route.method, route.at(one), **body)) for one in ids}
        assert len(answers) == 1, f"{asker.role}: {route} tells what is not theirs from nothing: {answers}"
        status = next(iter(answers)).status
        assert status == 404 or (route.method != "GET" and 400 <= status < 500), f"{asker.role}: {route} answers {status}"
        recorded = refused.since()
        assert status != 404 or recorded == [route.name] * len(ids), f"{route} does not record each refusal"
        found |= answers
    return found


def compare_all(service: Service, asker: Asker, hidden: Sequence[Record]) -> set[Answer]:
    """Every route of this role that names a record: with what it is about, and with one that it is not about."""
    refused, answers = Refusals(service, asker.actor), set()
    for route in record_routes(service, asker.role):
        kinds = NAMED_BY.get(route.parameters[0], ())
        others = [record.id for record in hidden if record.KIND not in kinds]
        answers |= compare(asker, refused, route, [*(one.id for one in hidden if one.KIND in kinds), *others[:1]])
    return answers


def whole(answers: set[Answer]) -> None:
    """All the 404s of REST are one answer. A page may say in its menu where it stands: each is compared with itself."""
    documents = [answer for answer in answers if answer.status == 404 and answer.body.startswith(b"{")]
    assert len(documents) == 1


def reads(service: Service, asker: Asker, ids: Sequence[RecordId]) -> Iterator[RecordId]:
    """Those of these ids that some route answers with: who is refused everything proves nothing."""
    routes = [route for route in record_routes(service, asker.role) if route.method == "GET" and not route.is_page]
    yield from (one for one in ids if any(asker.ask("GET", route.at(one)).status_code == 200 for route in routes))
