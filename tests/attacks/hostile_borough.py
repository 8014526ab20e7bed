"""A borough in which one text stands in every field of words, and every answer of the service that it comes out through.

Two boroughs written in the same order with the same ids differ in that text alone: whatever else differs in what comes out,
the text did.
"""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx

from api.logs import configure_logging
from api.settings import Settings
from api.sign_in.one_time_link import first_person
from forum.access.actors import Role
from forum.access.policy import is_allowed
from graph.records import ActorId
from tests.api.running import UNHURRIED
from tests.attacks.asking import Asker, sign_in
from tests.attacks.hostile_fields import Things, body_of, filled, put
from tests.attacks.hostile_takes import CHANGES, NOUNS
from tests.attacks.routes import Route, routes_of
from tests.attacks.serving import Inside, serve
from tests.builders import FORUM, NOW
from tests.conftest import empty_place

# In this order each finds what it is about.
MAKES = (
    "create_young_person", *(f"create_{noun}" for noun in NOUNS), "create_referral", "create_referral", "create_assertion",
    "dispute_assertion", "correct_assertion", "create_assertion", "create_incident", "create_map", "create_conflict",
    "create_grant", "create_agenda_item",
)  # fmt: skip
# Where what was made is read, by the name of its route.
READ_BY = {
    "create_young_person": "read_young_person", **{f"create_{noun}": f"read_{noun}" for noun in NOUNS},
    "create_referral": "read_referral", "create_assertion": "read_assertion", "create_incident": "read_incident",
    "create_map": "read_map", "create_conflict": "read_conflict", "create_grant": "read_grant",
    "create_restriction": "read_restriction",
}  # fmt: skip
KIND_OF_PARAMETER = {
    "referral_id": ("create_referral",), "person_id": ("create_young_person",), "assertion_id": ("create_assertion",),
    "incident_id": ("create_incident",), "map_id": ("create_map", "contexts map"), "sheet_id": ("create_map", "contexts map"),
    "grant_id": ("create_grant",), "restriction_id": ("create_restriction",), "conflict_id": ("create_conflict",),
    "item_id": ("create_agenda_item",), "context_id": tuple(f"create_{noun}" for noun in NOUNS),
}  # fmt: skip
# Lists that somebody invited may ask for and that hold nothing of theirs; and what is the same for everybody.
_NOTHING_THERE = ("list_code_lists", *(f"list_{noun}s" for noun in NOUNS))
CHANGED = "changed after it was made: "
# What somebody from outside is invited to: the second has guardians and conditions on its sheet.
INVITED_TO = ("create_location", f"{CHANGED}create_location")
# Whoever else reads, by their role: an information-governance lead who signed in this minute, and somebody invited.
OTHERS = (Role.INFORMATION_GOVERNANCE, Role.GUEST)


@dataclass
class Borough:
    """A served borough, its writer and others who read, and what was made."""

    asker: Asker
    others: dict[Role, Asker]
    things: Things
    routes: tuple[Route, ...]
    log: io.StringIO

    def route(self, operation: str) -> Route:
        return next(route for route in self.routes if route.name == operation)

    def send(self, operation: str, body: Any, *, on: str = "") -> httpx.Response:
        """One write, on what was made before it or on what is named; a change with the tag of what is read there now."""
        route = self.route(operation)
        if operation in CHANGES:
            path = route.at(on or self.things.made[CHANGES[operation]])
            tag = self.asker.ask("GET", path).headers["etag"]
            return self.asker.ask(route.method, path, json=body, **{"If-Match": tag})
        path = route.at(on or self.things.made.get("create_assertion", "")) if route.parameters else route.template
        return self.asker.ask(route.method, path, json=body)

    def write(self, text: str) -> None:
        """Everything, each with this text in every field that takes words: as it is made, and in more of it by a change."""
        for operation in MAKES:
            self.make(operation, text)
        around = {"kind": "contexts", "mode": "context_only", "around": self.things.made["create_location"], "steps": 1}
        self._keep("contexts map", self.send("create_map", {**filled("create_map", self.things, text), **around}))
        for operation in CHANGES:
            self.change(operation, text)
        covers = [self.things.made[place] for place in INVITED_TO]
        invited = {"to": self.others[Role.GUEST].actor, "covers": covers, "source": "invited", "names_seen": True}
        self._keep("invitation", self.send("create_grant", {**filled("create_grant", self.things, text), **invited}))
        # Last: a sheet is worked out with the sight of a chair, who is not named by it.
        self.make("create_restriction", text)

    def make(self, operation: str, text: str) -> None:
        """One thing with this text in every field of words."""
        self._keep(operation, self.send(operation, filled(operation, self.things, text)))

    def change(self, operation: str, text: str) -> None:
        """One thing without words, then changed so that this text stands in every field of words."""
        how = CHANGES[operation]
        self._keep(f"{CHANGED}{how}", self.send(how, body_of(how, self.things)))
        body = filled(operation, self.things, text)
        if operation == "change_referral":
            place = self.things.made[INVITED_TO[1]]
            put(body, "/guardians/-/context", place)
            body["guardians"][0].setdefault("who", "shop keeper")
            body["subject"] = {"contexts": [place]}
        self._keep(operation, self.send(operation, body, on=self.things.made[f"{CHANGED}{how}"]))

    def _keep(self, what: str, answer: httpx.Response) -> None:
        assert answer.status_code in (200, 201), f"{what}: {answer.status_code} {answer.text[:600]}"
        if answer.status_code == 201:
            self.things.made[what] = answer.json()["id"]

    def read(self, operation: str, *, what: str = "") -> Any:
        """What was made by this operation, as it is read; or what of its sort is named."""
        return self.asker.ask("GET", self.route(READ_BY[operation]).at(self.things.made[what or operation])).json()

    def answers(self, searched: str) -> Iterator[tuple[str, httpx.Response]]:
        """Every answer to a question: each route that reads, on each thing that was made and that it is about, and the search.

        Others are asked whatever their role may read at all.
        """
        for route in self._reading():
            for name, path in self._paths(route):
                yield f"{route.name} {name}", self.asker.ask("GET", path)
        search = self.route("search_young_people").template
        yield "search_young_people", self.asker.ask("POST", search, json={"name": searched})
        for role, other in self.others.items():
            for route in self._reading():
                if route.permission is not None and is_allowed(role, route.permission) and route.name not in _NOTHING_THERE:
                    for name, path in self._paths(route, of=role):
                        yield f"{role.value}: {route.name} {name}", other.ask("GET", path)
        lead = self.others[Role.INFORMATION_GOVERNANCE]
        yield "whose history", lead.ask("POST", "/audit/people", form={"person": searched[:100]})

    def _reading(self) -> list[Route]:
        slow = ("read_clusters", "export_map_png")
        return [route for route in self.routes if route.method == "GET" and route.name not in slow]

    def _paths(self, route: Route, *, of: Role = Role.COORDINATOR) -> Iterator[tuple[str, str]]:
        if not route.parameters:
            if route.name == "list_audit":
                person = f"person={self.things.made['create_young_person']}"
                queries = {Role.INFORMATION_GOVERNANCE: ("by=me", person), Role.GUEST: ("by=me",)}
                asked = queries.get(of, ("", "by=me", "cases=mine"))
                yield from ((query.partition("=")[0], f"{route.template}?{query}") for query in asked)
                return
            yield "", route.template
            return
        if route.parameters == ("name",):
            return
        if of is not Role.COORDINATOR and route.name in ("read_grant", "read_conflict"):
            # Grants that cover what is restricted, and conflicts, are not theirs to read.
            if route.name == "read_grant":
                yield "invitation", route.at(self.things.made["invitation"])
            return
        if of is Role.GUEST:
            if route.name in ("read_context", "show_context"):
                yield from ((place, route.at(self.things.made[place])) for place in INVITED_TO)
            return
        makings = KIND_OF_PARAMETER[route.parameters[0]]
        own = tuple(made for made, read in READ_BY.items() if read == route.name)
        for made in own if own and len(makings) > 2 else makings:
            yield made, route.at(self.things.made[made])
            if f"{CHANGED}{made}" in self.things.made:
                yield f"{CHANGED}{made}", route.at(self.things.made[f"{CHANGED}{made}"])

    def odd_lines(self) -> list[str]:
        """The lines of the log that say anything but that a request to a route was answered, when, how and how fast."""
        names = {route.name for route in self.routes}
        known = {"level": {"info"}, "says": {"request answered"}, "by": {"kith.requests"}, "method": {"GET", "POST", "PATCH"}}
        lines = self.log.getvalue().splitlines()
        return [line for line in lines if not _is_plain(json.loads(line), {**known, "action": names})]


def _is_plain(line: dict[str, Any], known: dict[str, set[str]]) -> bool:
    """Whether each text of a line is one of a few; but for its moment and the reference of the request, which have their form."""
    return all(
        value in known[name] if name in known else name == "at" or (name == "request" and set(value) <= set("0123456789abcdef"))
        for name, value in line.items()
        if isinstance(value, str)
    )


@contextmanager
def a_borough(folder: Path, kind: str = "sqlite") -> Iterator[Borough]:
    """An empty one on a store of this kind. Its ids come from a seed: the same in every borough."""
    folder.mkdir(parents=True)
    place = empty_place(kind, folder)
    chance, log = Random(5), io.StringIO()
    before = logging.getLogger().handlers[:]
    ids = SimpleNamespace(token_hex=lambda size: chance.randbytes(size).hex())
    with place.opened, patch("graph.records.secrets", ids):
        store = place.make()
        who = place.credentials
        named = {} if who is None else {"neo4j_user": who.user, "neo4j_password": who.password}
        app = serve(Settings(store=place.url, **named, **UNHURRIED), lambda: NOW, Random(7).randbytes)
        configure_logging(log)
        inside = Inside(app)
        colleague = ActorId("5" * 32)
        sign_in(inside, store.shelf, role=Role.PRACTITIONER, actor=colleague, secret="c" * 64, now=NOW)
        writer = first_person(FORUM)
        asker = sign_in(inside, store.shelf, role=Role.COORDINATOR, actor=writer, secret="a" * 64, now=NOW)
        others = {
            role: sign_in(inside, store.shelf, role=role, actor=ActorId(sign * 32), secret=sign * 64, now=NOW)
            for role, sign in zip(OTHERS, "67", strict=True)
        }
        with inside:
            yield Borough(asker, others, Things(writer, colleague), routes_of(app), log)
    logging.getLogger().handlers[:] = before
