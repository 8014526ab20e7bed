"""What denies, tried by each role: a mark, a restriction, a conflict, a grant that does not hold, a sign-in that is not fresh.

What is hidden by any of them answers like what does not exist, on every route that the role may use, and is recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.web_sessions import COOKIE, form_token
from forum.access.actors import Role
from forum.access.grants import Reason
from forum.access.permissions import Permission
from forum.access.policy import is_allowed
from graph.records import ActorId, Handling, Record, RecordId, new_id
from tests.api.running import BASE, Service, description
from tests.attacks.asking import Answer, Asker, someone
from tests.attacks.crawling import NAMED_BY
from tests.attacks.edge_worlds import EVERY_PURPOSE, a_world
from tests.attacks.role_table import WHO_MAY, may
from tests.attacks.routes import Route, routes_of
from tests.attacks.sight import all_but, may_see
from tests.attacks.snooping import Refusals, as_it_left, compare, compare_all, reads, record_routes, whole
from tests.builders import (
    ANOTHER_FORUM,
    NOW,
    a_conflict,
    a_context_sheet,
    a_grant,
    a_location,
    a_map_sheet,
    a_referral,
    a_restriction,
    a_scope,
    a_young_person,
    an_assertion,
    an_incident,
    keep,
)
from tests.conftest import StorePlace

BY_GRANT = (Role.PRACTITIONER, Role.PANEL_MEMBER, Role.REFERRER)
WHOLE = (Role.COORDINATOR, Role.CHAIR)
SOMEBODY_ELSE = ActorId("somebody-else")


@pytest.fixture
def service(sqlite_place: StorePlace) -> Iterator[Service]:
    made = Service(sqlite_place)
    with made.client:
        yield made


def test_the_product_permits_each_role_what_the_table_of_the_forum_says() -> None:
    assert {permission.value for permission in Permission} == WHO_MAY.keys()
    other = [f"{role}: {each}" for each in Permission for role in Role if is_allowed(role, each) != may(role, each)]
    assert other == []


@dataclass(frozen=True)
class Case:
    """A young person, and what hangs on them: hidden together by whatever denies them."""

    young: Record
    place: Record
    records: tuple[Record, ...]

    @property
    def hidden(self) -> list[Record]:
        return [record for record in self.records if record.id != self.place.id]


def a_case(**marked: Any) -> Case:
    young, place = a_young_person(**marked), a_location()
    referral = a_referral(about=(young,), **marked)
    event = an_incident(people=((young, ()),), where=place.id, stated_in=referral.id, **marked)
    said = an_assertion(young, place, stated_in=referral, **marked)
    return Case(young, place, (young, place, referral, event, said, a_map_sheet(young)))


def deny(denial: str, asker: Asker, *about: Record) -> Record:
    """A restriction that names others, or a conflict that somebody declared about themselves."""
    return a_restriction(*about, named=(SOMEBODY_ELSE,)) if denial == "restriction" else a_conflict(*about, actor=asker.actor)


@pytest.mark.parametrize("denial", ["restriction", "conflict"])
@pytest.mark.parametrize("role", [*BY_GRANT, *WHOLE])
def test_what_a_restriction_or_a_conflict_denies_answers_like_what_does_not_exist(
    service: Service, role: Role, denial: str
) -> None:
    """To whoever read it a moment before, by a grant or because they read the whole forum."""
    case = a_case(handling=Handling.PANEL_ITEM)
    keep(service.store, *case.records)
    asker = someone(service, role)
    if role in BY_GRANT:
        keep(service.store, a_grant(*case.records, actor=asker.actor, purposes=EVERY_PURPOSE))
    there = {record.id for record in case.hidden}
    assert {*reads(service, asker, sorted(there))} == ({case.records[2].id} if role is Role.REFERRER else there)
    denied = deny(denial, asker, case.young)
    keep(service.store, denied)
    whole(compare_all(service, asker, [*case.hidden, *([denied] if denial == "restriction" else [])]))


@pytest.mark.parametrize("denial", ["restriction", "conflict"])
def test_a_denial_is_not_told_from_nothing_on_either_store(either_service: Service, denial: str) -> None:
    case = a_case()
    keep(either_service.store, *case.records)
    asker = someone(either_service, Role.CHAIR)
    keep(either_service.store, deny(denial, asker, case.young))
    refused, answers = Refusals(either_service, asker.actor), set()
    for route in record_routes(either_service, Role.CHAIR)[::4]:
        answers |= compare(asker, refused, route, [record.id for record in case.hidden[:2]])
    whole(answers)


@pytest.mark.parametrize("role", WHOLE)
def test_what_is_told_to_one_worker_restricted_or_of_another_forum_is_not_there_for_those_who_read_all_else(
    service: Service, role: Role
) -> None:
    world = a_world(4)
    alone = a_case(handling=Handling.YOUNG_PERSON_AND_WORKER)
    theirs = [a_young_person(forum=ANOTHER_FORUM), a_referral(forum=ANOTHER_FORUM)]
    records = [*world.records, *alone.records]
    keep(service.store, *records)
    keep(service.store, *theirs, scope=a_scope(forum=ANOTHER_FORUM))
    restricted = [world.young[0], world.contexts[0], world.of("PeerGroup")[0]]
    keep(service.store, a_restriction(*restricted, named=(SOMEBODY_ELSE,)))
    seen = all_but(records, [record.id for record in restricted])
    told = [record for record in alone.records if record.id not in seen]
    others = {record.KIND: record for record in world.records if record.id not in seen}
    assert len(told) > 3 and {"YoungPerson", "PeerGroup", "Assertion"} <= others.keys()
    asker = someone(service, role)
    whole(compare_all(service, asker, [*told, *others.values(), *theirs]))


def test_all_but_the_sheets_a_guest_is_invited_to_is_not_there_for_them(service: Service) -> None:
    """A place by itself, one whose sheet nobody gave them, one that is restricted, one they declared a conflict about."""
    world = a_world(5)
    invited, other, restricted, declared = (a_location(label=f"Parade {n}") for n in range(4))
    sheets = [a_context_sheet(place) for place in (invited, other, restricted, declared)]
    guest = someone(service, Role.GUEST)
    keep(service.store, *world.records, invited, other, restricted, declared, *sheets)
    given: dict[str, Any] = {"actor": guest.actor, "purposes": EVERY_PURPOSE, "source": Reason.INVITED}
    shown = (sheets[0].id, sheets[2].id, sheets[3].id)
    keep(service.store, a_grant(covers=shown, **given), a_grant(other, *world.records[:4], **given))
    places = [invited.id, other.id, restricted.id, declared.id]
    assert [*reads(service, guest, places)] == [places[0], *places[2:]]
    keep(service.store, a_restriction(restricted, named=(SOMEBODY_ELSE,)), a_conflict(declared, actor=guest.actor))
    assert [*reads(service, guest, places)] == [invited.id]
    kinds = {record.KIND: record for record in world.records}
    whole(compare_all(service, guest, [other, restricted, declared, *kinds.values(), *sheets]))


def grants_that_do_not_hold() -> Iterator[dict[str, Any]]:
    """Ended a second ago, ending now, beginning in a second, taken back, for another purpose, somebody else's."""
    yield {"holds_from": NOW - timedelta(days=1), "holds_until": NOW - timedelta(seconds=1)}
    yield {"holds_from": NOW - timedelta(days=1), "holds_until": NOW}
    yield {"holds_from": NOW + timedelta(seconds=1)}
    yield {"ended_at": NOW}
    yield {"purposes": tuple(code for code in EVERY_PURPOSE if code != "forum_preparation")}
    yield {"actor": SOMEBODY_ELSE}


@pytest.mark.parametrize("role", [*BY_GRANT, Role.GUEST])
def test_a_grant_that_does_not_hold_opens_nothing_and_is_not_told_from_none(service: Service, role: Role) -> None:
    """Reading is tried with a record of three kinds; changing with the kind that the route is about."""
    world = a_world(2)
    place = world.of("Location")[0]
    sheet = a_context_sheet(place)
    keep(service.store, *world.records, sheet)
    covered: list[Record] = [record for record in world.records if record.KIND != "Assertion"]
    without = may_see(world.records, (), role)
    hidden = {record.KIND: record.id for record in world.records if record.id not in without}
    invited = {"source": Reason.INVITED, "covers": (sheet.id,)} if role is Role.GUEST else {}
    answers: set[Answer] = set()
    for why in grants_that_do_not_hold():
        asker = someone(service, role)
        keep(service.store, a_grant(*covered, **{"actor": asker.actor, "purposes": EVERY_PURPOSE, **invited, **why}))
        refused = Refusals(service, asker.actor)
        for route in record_routes(service, role):
            answers |= compare(asker, refused, route, [place.id] if role is Role.GUEST else ids_for(route, hidden))
    whole(answers)


def ids_for(route: Route, hidden: dict[str, RecordId]) -> list[RecordId]:
    if route.method == "GET":
        return [hidden["Referral"], hidden["YoungPerson"], hidden["PeerGroup"]]
    return [hidden[kind] for kind in NAMED_BY.get(route.parameters[0], ("YoungPerson",)) if kind in hidden][:1]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.PANEL_MEMBER])
def test_the_same_grant_opens_what_it_covers_once_it_holds(service: Service, role: Role) -> None:
    """So that the refusals above are not of people who are refused everything."""
    world = a_world(2)
    young = replace(world.young[0], handling=Handling.PANEL_ITEM)
    keep(service.store, *[young if record.id == young.id else record for record in world.records])
    asker = someone(service, role)
    assert asker.ask("GET", f"/api/v1/young-people/{young.id}").status_code == 404
    keep(service.store, a_grant(young, actor=asker.actor, purposes=EVERY_PURPOSE))
    assert asker.ask("GET", f"/api/v1/young-people/{young.id}").status_code == 200


def routes_for_a_fresh_sign_in(service: Service) -> list[Route]:
    paths = description()["paths"]
    return [
        route for route in routes_of(service.app)
        if paths.get(route.template, {}).get(route.method.lower(), {}).get("x-fresh-sign-in")
    ]  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_a_sign_in_that_is_not_fresh_is_refused_before_any_record_is_looked_at(service: Service, role: Role) -> None:
    """Alike for what is theirs, what is hidden and what does not exist; and recorded each time."""
    case = a_case()
    keep(service.store, *case.records)
    asker = someone(service, role)
    service.clock.now = NOW + timedelta(minutes=6)
    refused = Refusals(service, asker.actor)
    routes = routes_for_a_fresh_sign_in(service)
    assert {route.method for route in routes} == {"GET", "POST", "DELETE"}
    for route in routes:
        ids = [*(record.id for record in case.hidden), new_id()] if route.parameters else [""]
        answers = {by_session(asker, route, one) for one in ids}
        assert len(answers) == 1, f"{role}: {route} tells what there is from nothing: {answers}"
        (answer,) = answers
        code = b"sign-in-again" if may(role, str(route.permission)) else b"not-permitted"
        assert answer.status == 403 and code in answer.body
        assert refused.since() == [route.name] * len(ids)


def by_session(asker: Asker, route: Route, one: str) -> Answer:
    """As a page's own program asks: with the cookie, which grows old, and not with a token, which never does."""
    headers = {"Cookie": f"{COOKIE}={asker.secret}", "Accept": "application/json", "Idempotency-Key": new_id()}
    if route.method != "GET":
        headers |= {"Origin": BASE, FORM_TOKEN_HEADER: form_token(asker.secret), "If-Match": '"0"'}
    body: dict[str, Any] = {} if route.method == "GET" else {"json": {"reason": "Because."}}
    return as_it_left(asker.client.request(route.method, route.at(one), headers=headers, **body))
