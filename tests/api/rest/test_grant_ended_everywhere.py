"""A grant given, used and ended: with the next request everything is as it was before, on every route and both stores.

The routes are read from the service. One that a grant could open stands in a table here with how it is asked, or with the
reason why no grant opens it: a route that is in neither fails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import httpx
import pytest

from forum.access.actors import Role
from forum.access.policy import READS_BY_GRANT, READS_SHEETS, is_allowed
from graph.assertions import AssertionKind
from graph.records import ActorId, Handling, Record, RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Answer, Asker, sign_in
from tests.attacks.routes import API, Route, routes_of
from tests.attacks.writing import PROVENANCE, REFERRAL, SHEET
from tests.builders import (
    NOW,
    a_location,
    a_map_sheet,
    a_neighbourhood,
    a_peer_group,
    a_referral,
    a_school,
    a_young_person,
    an_assertion,
    an_awareness,
    an_incident,
    an_online_space,
    keep,
)

HOLDERS = (Role.PRACTITIONER, Role.PANEL_MEMBER)
UNTIL = "2026-12-12"
REASON = {"reason": "They say so."}
OPEN_PLACES = ("parade", "school", "area", "space")

# Routes that somebody with grants may use and that no grant opens, with the reason.
NOT_BY_GRANT = {
    "list_code_lists": "published with the product",
    "read_code_list": "published with the product",
    "list_conflicts": "one's own words",
    "read_conflict": "one's own words",
    "create_conflict": "one's own words",
    "delete_conflict": "one's own words",
    "list_grants": "one's own, ended ones included; what one covered is left out when it may not be read",
    "read_grant": "one's own, ended ones included; what one covered is left out when it may not be read",
    "list_audit": "what one did oneself; the records in it are named while they may be read",
    "show_what_i_opened": "what one did oneself; the records in it are named while they may be read",
    "create_young_person": "names nothing that is there",
    "look_as": "of the session",
    "sign_out": "of the session",
    "show_my_sessions": "of the session",
    "end_one_of_my_sessions": "of the session",
    "sign_out_everywhere": "of the session",
    "show_sign_in_again": "of the session",
}
QUERIES = {"list_told": "?state=overdue", "list_hotspots": "?min=1", "read_clusters": "?of=people", "list_audit": "?by=me"}


@dataclass
class Case:
    """A case of which a grant on its referrals, maps and item shows everything, and no role by itself anything."""

    things: dict[str, Record]
    item: RecordId

    def id(self, name: str) -> RecordId:
        return self.item if name == "item" else self.things[name].id

    @property
    def ids(self) -> frozenset[RecordId]:
        return frozenset({self.item, *(record.id for record in self.things.values())})

    @property
    def covers(self) -> list[RecordId]:
        return [self.id(name) for name in ("case", "other", "sheet", "item", *OPEN_PLACES)]


def a_case() -> dict[str, Record]:
    """Two circles of friends and what is said of two of them. All is marked for members accepted for an item, so that each
    holder may be shown it."""
    item: dict[str, Any] = {"handling": Handling.PANEL_ITEM}
    arlo, bela = a_young_person(known_as="Arlo", **item), a_young_person(known_as="Bela", **item)
    flat, group = a_location(label="1 Alder Row", place_kind="private_address", **item), a_peer_group(**item)
    parade, school, area, space = (make(**item) for make in (a_location, a_school, a_neighbourhood, an_online_space))
    case = a_referral(about=(arlo,), names=((bela, ()),), concerns_contexts=(group.id, parade.id), **item)
    other = a_referral(about=(bela,), names=((arlo, ()),), **item)
    lapsed = {"review_on": date(2026, 11, 1), "dispose_on": date(2033, 1, 1)}
    circles = [(arlo, bela, a_young_person(**item)), tuple(a_young_person(**item) for _ in range(3))]
    friends = [(one, two) for circle in circles for one, two in combinations(circle, 2)]
    return {
        **{f"friend {number}": person for number, person in enumerate((circles[0][2], *circles[1]))},
        "arlo": arlo, "bela": bela, "flat": flat, "group": group, "parade": parade, "school": school, "area": area,
        "space": space, "case": case, "other": other,
        "said": an_assertion(arlo, parade, stated_in=case, **item),
        "said there": an_assertion(bela, parade, stated_in=other, **item),
        **{
            f"friends {number}": an_assertion(one, two, stated_in=case, says=AssertionKind.FRIEND_SAID_BY_YP, **item)
            for number, (one, two) in enumerate(friends)
        },
        "lives": an_assertion(arlo, flat, stated_in=case, says=AssertionKind.SPENDS_TIME_AT, **item),
        "lapsed": an_assertion(bela, flat, stated_in=other, says=AssertionKind.SPENDS_TIME_AT, **lapsed, **item),
        "event": an_incident(people=((arlo, ()), (bela, ())), stated_in=case.id, **item),
        "late": an_awareness(referral=case.id, person=arlo.id, told="not_yet", told_on=None, due=date(2026, 11, 9), **item),
        "sheet": a_map_sheet(arlo, **item),
    }  # fmt: skip


# What stands in the path of a route: by the parameter, or by the route where several kinds stand under one name.
IN_PATH = {
    "referral_id": "case", "assertion_id": "said", "incident_id": "event", "map_id": "sheet", "sheet_id": "sheet",
    "person_id": "arlo", "item_id": "item", "context_id": "flat",
    "read_peer_group": "group", "read_school": "school", "read_neighbourhood": "area", "read_online_space": "space",
    "change_peer_group": "group", "change_school": "school", "change_neighbourhood": "area", "change_online_space": "space",
    "list_linked_by_context": "parade",
    "withdraw_assertion": "friends 0", "renew_assertion": "lapsed",
}  # fmt: skip


def name_in(route: Route) -> str:
    """The name of what stands in the path of this route. KeyError where a new parameter is not in the table yet."""
    return IN_PATH.get(route.name) or IN_PATH[route.parameters[0]]


def bodies(case: Case) -> Mapping[str, dict[str, Any]]:
    """What is sent to each route that changes something under a grant; each names something that only a grant shows."""
    arlo, bela, flat, referral = (case.id(name) for name in ("arlo", "bela", "flat", "case"))
    event = {"kind": "missing_together", "participants": [{"person": bela, "roles": []}], "referral": referral}
    nouns = ("peer_group", "school", "neighbourhood", "location", "online_space")
    return {
        "create_assertion": {"from": arlo, "rel": "unclear", "to": bela, "provenance": PROVENANCE, "referral": referral},
        "create_incident": event,
        "create_referral": {**REFERRAL, "subject": {"people": [arlo], "contexts": []}},
        "create_map": {**SHEET, "kind": "peer", "around": arlo},
        **{f"create_{noun}": {"label": "A new one", "part_of": flat} for noun in nouns},
        "dispute_assertion": REASON,
        "correct_assertion": REASON,
        "reopen_assertion": REASON,
        "withdraw_assertion": REASON,
        "renew_assertion": {**REASON, "review_by": "2027-06-01"},
        "change_young_person": {"note": "Asked again."},
        **{f"change_{noun}": {"everyday_name": "the corner"} for noun in nouns},
    }


@dataclass
class Forum:
    """The service with the case in it, its chair, and whoever is given a grant."""

    service: Service
    case: Case
    chair: Asker

    def someone(self, role: Role) -> Asker:
        return someone(self.service, role)

    def give(self, to: Asker, **besides: Any) -> str:
        """The path of a grant given over REST."""
        body = {"to": to.actor, "covers": self.case.covers, "until": UNTIL, **besides}
        given = self.chair.ask("POST", f"{API}/grants", json=body)
        assert given.status_code == 201, given.text
        return str(given.headers["location"])

    def end(self, grant: str) -> None:
        tag = self.chair.ask("GET", grant).headers["etag"]
        assert self.chair.ask("DELETE", grant, **{"If-Match": tag}).status_code == 200


def someone(service: Service, role: Role) -> Asker:
    return sign_in(service.app, service.store.shelf, role=role, actor=ActorId(new_id()), secret=new_id(), now=NOW)


@pytest.fixture
def forum(service: Service) -> Forum:
    return open_forum(service)


@pytest.fixture
def embedded_forum(sqlite_service: Service) -> Forum:
    return open_forum(sqlite_service)


def open_forum(service: Service) -> Forum:
    things = a_case()
    keep(service.store, *things.values())
    chair = someone(service, Role.CHAIR)
    about = {"about": [things["case"].id], "accepted": [someone(service, Role.PANEL_MEMBER).actor], "meeting_on": "2026-11-26"}
    item = chair.ask("POST", f"{API}/agenda-items", json=about).json()["id"]
    return Forum(service, Case(things, RecordId(item)), chair)


def routes_for(service: Service, role: Role) -> list[Route]:
    return [route for route in routes_of(service.app) if route.permission and is_allowed(role, route.permission)]


def reads(service: Service, role: Role) -> list[Route]:
    """What only reads, the search included."""
    return [route for route in routes_for(service, role) if route.method == "GET" or route.name == "search_young_people"]


def read(asker: Asker, route: Route, on: str) -> httpx.Response:
    """Asks a route that reads, of this record where it names one."""
    given = {"json": {"name": "Arlo"}} if route.method == "POST" else {}
    return asker.ask(route.method, f"{route.at(on)}{QUERIES.get(route.name, '')}", **given)


def read_all(forum: Forum, asker: Asker) -> dict[Route, httpx.Response]:
    return {
        route: read(asker, route, "AGENCY" if route.name == "read_code_list" else _on(forum, route))
        for route in reads(forum.service, asker.role)
    }


def _on(forum: Forum, route: Route) -> str:
    if not route.parameters or route.name in NOT_BY_GRANT:
        return new_id() if route.parameters else ""
    return forum.case.id(name_in(route))


def ids_in(case: Case, answer: httpx.Response) -> set[str]:
    return case.ids & set(re.findall(r"\b[0-9a-f]{32}\b", answer.text))


def open_to(forum: Forum, role: Role) -> set[str]:
    """What of the case a role sees without any grant."""
    return {forum.case.id(name) for name in OPEN_PLACES} if role is Role.PRACTITIONER else set()


def is_open(role: Role, route: Route) -> bool:
    """Whether a grant adds nothing here for this role: open places alone stand here, or names, which they are never shown."""
    if role is Role.PANEL_MEMBER:
        return route.name == "search_young_people"
    nouns = ("school", "neighbourhood", "online_space")
    return route.name in {*(f"read_{noun}" for noun in nouns), *(f"list_{noun}s" for noun in nouns)}


def shows_more(case: Case, answer: httpx.Response, before: httpx.Response) -> bool:
    """Whether an answer tells of something that it did not tell of before: of a record by its id, or in words of a page."""
    if answer.status_code != 200:
        return answer.status_code == 409 and before.status_code == 404  # a form of file that the map's mode does not make
    on_page = answer.headers["content-type"].startswith("text/html") and answer.text != before.text
    return before.status_code == 404 or on_page or ids_in(case, answer) > ids_in(case, before)


def test_a_grant_opens_every_route_that_reads_and_its_end_closes_them_all(forum: Forum) -> None:
    given_used_and_ended(forum, Role.PRACTITIONER)


def test_so_it_does_for_a_panel_member_to_whom_no_place_is_open(embedded_forum: Forum) -> None:
    given_used_and_ended(embedded_forum, Role.PANEL_MEMBER)


def given_used_and_ended(forum: Forum, role: Role) -> None:
    """Reads everything before a grant, under it and after its end."""
    asker = forum.someone(role)
    before = read_all(forum, asker)
    grant = forum.give(asker)
    assert forum.chair.ask("GET", f"{API}/referrals/{forum.case.id('case')}").status_code == 200
    during = read_all(forum, asker)
    forum.end(grant)
    after = read_all(forum, asker)
    by_grant = {route for route in during if route.name not in NOT_BY_GRANT and not is_open(role, route)}
    closed = [str(route) for route in by_grant if not shows_more(forum.case, during[route], before[route])]
    assert not closed, f"a grant does not open these for a {role}: {closed}"
    for route, answer in after.items():
        assert ids_in(forum.case, answer) <= open_to(forum, role), f"{route} names the case after the grant has ended"
        if route.name not in NOT_BY_GRANT:
            assert Answer.of(answer) == Answer.of(before[route]), f"{route} is not as it was before the grant"
        if route in by_grant and before[route].status_code == 404:
            assert Answer.of(answer) == Answer.of(read(asker, route, new_id())), f"{route} tells what was from what never was"


def writes(service: Service, role: Role) -> list[Route]:
    return [route for route in routes_for(service, role) if route not in reads(service, role) and route.name not in NOT_BY_GRANT]


def write(asker: Asker, route: Route, on: str, body: Any) -> httpx.Response:
    tag = {"If-Match": asker.ask("GET", route.at(on)).headers.get("etag", '"0"')} if route.method in ("PATCH", "PUT") else {}
    return asker.ask(route.method, route.at(on), json=body, **tag)


# What shows whoever wrote it more than themselves: whom a referral of one's own names may be read for ninety days.
GIVES_SIGHT = ("create_referral",)


def test_a_grant_opens_every_route_that_writes_and_its_end_closes_them_all(forum: Forum) -> None:
    """Each by somebody of its own, so that what one has written does not help another."""
    said = bodies(forum.case)
    for route in sorted(writes(forum.service, Role.PRACTITIONER), key=turn):
        asker = forum.someone(Role.PRACTITIONER)
        on = forum.case.id(name_in(route)) if route.parameters else ""
        before = write(asker, route, on, said[route.name])
        grant = forum.give(asker)
        assert asker.ask("GET", f"{API}/young-people/{forum.case.id('arlo')}").status_code == 200
        writer = asker
        if route.name in GIVES_SIGHT:
            writer = forum.someone(Role.PRACTITIONER)
            forum.give(writer)
        during = write(writer, route, on, said[route.name])
        forum.end(grant)
        after = write(asker, route, on, said[route.name])
        assert during.status_code in (200, 201), f"{route}: {during.text}"
        refused = 403 if on in open_to(forum, Role.PRACTITIONER) else 404 if on else 422
        assert before.status_code == after.status_code == refused, f"{route}: {after.status_code}"
        assert without_reference(after) == without_reference(before)


# The steps of one statement's life, each from where the one before it left it.
IN_ORDER = ("dispute_assertion", "correct_assertion", "reopen_assertion")


def turn(route: Route) -> tuple[bool, int]:
    return route.name in IN_ORDER, IN_ORDER.index(route.name) if route.name in IN_ORDER else 0


def without_reference(answer: httpx.Response) -> str:
    """The body, but for the reference of a mistake, which is new each time and says nothing."""
    return re.sub(r'"instance":"[^"]+"', "", answer.text)


def test_an_invitation_opens_a_sheet_and_its_end_closes_it_on_every_route_of_a_guest(embedded_forum: Forum) -> None:
    forum = embedded_forum
    guest = forum.someone(Role.GUEST)
    before = read_all(forum, guest)
    invitation = forum.give(guest, source="invited", covers=[forum.case.id("parade")])
    during = read_all(forum, guest)
    forum.end(invitation)
    after = read_all(forum, guest)
    names_it = {route.name for route, answer in during.items() if forum.case.id("parade") in answer.text}
    assert names_it == {"list_contexts"}
    sheet = f"{API}/contexts/{forum.case.id('parade')}"
    assert guest.ask("GET", sheet).status_code == 404
    for route, answer in after.items():
        assert not ids_in(forum.case, answer), str(route)
        if route.name not in NOT_BY_GRANT:
            assert Answer.of(answer) == Answer.of(before[route]), str(route)


def test_no_role_that_needs_a_grant_has_a_route_that_is_not_tried_here(embedded_forum: Forum) -> None:
    """A new route stands in a table above, or this fails: its parameter, what is sent to it, or why no grant opens it."""
    forum = embedded_forum
    said = bodies(forum.case)
    tried = {route for role in HOLDERS for route in reads(forum.service, role)}
    for role in READS_BY_GRANT | READS_SHEETS:
        for route in routes_for(forum.service, role):
            assert route in tried or route.name in said or route.name in NOT_BY_GRANT, str(route)
            assert route.name in NOT_BY_GRANT or not route.parameters or forum.case.id(name_in(route))
    known = {route.name for route in routes_of(forum.service.app)}
    assert known >= {*NOT_BY_GRANT, *said, *QUERIES}
