"""Each role on each route: refused by role alone where the table says so, with the same bytes; the rest by scope."""

import re

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from api.dependencies.declarations import AllowedTo, Shows, WithoutSignIn
from forum.access.actors import Role
from forum.access.policy import Permission, is_allowed
from graph.records import Handling, new_id
from tests.api.running import API, Service, description
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion, keep


def declared(service: Service) -> list[tuple[str, str, Permission | None]]:
    found = []
    for context in iter_route_contexts(service.app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and str(context.path).startswith(API):
            permissions = [each.call.permission for each in route.dependant.dependencies if isinstance(each.call, AllowedTo)]
            for method in route.methods or ():
                found.append((method, str(context.path_format), permissions[0] if permissions else None))
    return found


def test_every_route_declares_one_permission_and_whom_it_shows(sqlite_service: Service) -> None:
    for context in iter_route_contexts(sqlite_service.app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        calls = [each.call for each in route.dependant.dependencies]
        assert len([call for call in calls if isinstance(call, AllowedTo | WithoutSignIn)]) == 1, route.name
        if str(context.path).startswith(API):
            assert len([call for call in calls if isinstance(call, Shows)]) == 1, route.name


@pytest.mark.parametrize("role", list(Role))
def test_a_role_that_may_not_is_refused_everywhere_with_the_same_bytes(sqlite_service: Service, role: Role) -> None:
    caller = sqlite_service.caller(role)
    refusals = set()
    for method, template, permission in declared(sqlite_service):
        if permission is None or is_allowed(role, permission):
            continue
        for record in ("a" * 32, new_id()):
            path = re.sub(r"\{[^}]+\}", record, template).removeprefix(API)
            body = {} if method == "GET" else {"json": {}}
            answer = caller.send(method, path, **body)
            assert answer.status_code == 403, f"{role}: {method} {template} answers {answer.status_code}"
            refusals.add((answer.content, tuple(sorted(answer.headers.items()))))
    assert len(refusals) <= 1


def test_whoever_is_not_signed_in_gets_the_same_bytes_on_every_route(sqlite_service: Service) -> None:
    answers = set()
    for method, template, permission in declared(sqlite_service):
        if permission is None:
            continue
        for headers in ({}, {"Authorization": "Bearer unknown"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}):
            path = re.sub(r"\{[^}]+\}", new_id(), template)
            answer = sqlite_service.client.request(method, path, headers=headers)
            answers.add((answer.status_code, answer.content, tuple(sorted(answer.headers.items()))))
    assert len(answers) == 1 and next(iter(answers))[0] == 401


def test_the_description_names_each_routes_permission(sqlite_service: Service) -> None:
    for method, template, permission in declared(sqlite_service):
        operation = description()["paths"][template][method.lower()]
        assert operation["x-permission"] == (permission.value if permission else operation["x-permission"])
        assert operation["x-shows"] in ("people", "nobody")


def test_a_practitioner_reads_what_was_named_and_places_and_nothing_else(service: Service) -> None:
    arlo, bela, parade, group = a_young_person(), a_young_person(), a_location(), a_peer_group()
    mine, theirs = a_referral(about=(arlo,)), a_referral(about=(bela,))
    said = an_assertion(arlo, parade, stated_in=mine)
    hidden = an_assertion(arlo, parade, stated_in=mine, handling=Handling.FRONT_DOOR)
    keep(service.store, arlo, bela, parade, group, mine, theirs, said, hidden)
    practitioner = service.caller(Role.PRACTITIONER, reads=[mine.id])
    seen = {
        path: practitioner.get(path).status_code
        for path in (
            f"/referrals/{mine.id}",
            f"/young-people/{arlo.id}",
            f"/assertions/{said.id}",
            f"/locations/{parade.id}",
            f"/referrals/{theirs.id}",
            f"/young-people/{bela.id}",
            f"/assertions/{hidden.id}",
            f"/peer-groups/{group.id}",
        )
    }
    assert list(seen.values()) == [200] * 4 + [404] * 4


def test_a_referrer_reads_back_what_they_wrote_and_nothing_else(service: Service) -> None:
    other = keep(service.store, a_referral())
    referrer = service.caller(Role.REFERRER)
    body = {
        "kind": "individual",
        "received": "2026-11-20",
        "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [{"known_as": "Arlo"}], "contexts": []},
        "efh_types": ["cce"],
    }
    made = referrer.post("/referrals", body)
    assert made.status_code == 201
    assert referrer.get(f"/referrals/{made.json()['id']}").status_code == 200
    assert referrer.get(f"/referrals/{other.id}").status_code == 404
    assert [item["id"] for item in referrer.get("/referrals").json()["items"]] == [made.json()["id"]]
    assert service.caller(Role.REFERRER).get(f"/referrals/{made.json()['id']}").status_code == 404


def test_an_analyst_asks_for_hotspots_and_gets_an_empty_list(service: Service) -> None:
    keep(service.store, a_location())
    answer = service.caller(Role.ANALYST).get("/hotspots")
    assert answer.status_code == 200 and answer.json()["items"] == []


def test_a_purpose_that_is_no_code_is_a_mistake_and_one_that_no_grant_names_finds_nothing(service: Service) -> None:
    mine = keep(service.store, a_referral())
    practitioner = service.caller(Role.PRACTITIONER, reads=[mine.id])
    assert practitioner.get(f"/referrals/{mine.id}", **{"Kith-Purpose": "curiosity"}).status_code == 422
    assert practitioner.get(f"/referrals/{mine.id}", **{"Kith-Purpose": "incident"}).status_code == 200


def test_a_grant_ends_with_the_next_request(service: Service) -> None:
    mine = keep(service.store, a_referral())
    practitioner = service.caller(Role.PRACTITIONER, reads=[mine.id], hours=24)
    assert practitioner.get(f"/referrals/{mine.id}").status_code == 200
    service.clock.now = service.clock.now.replace(hour=14)
    assert practitioner.get(f"/referrals/{mine.id}").status_code == 404


def test_a_token_ends_with_its_hours(sqlite_service: Service) -> None:
    caller = sqlite_service.caller(hours=1)
    assert caller.get("/code-lists").status_code == 200
    sqlite_service.clock.now = sqlite_service.clock.now.replace(hour=10, minute=30)
    assert caller.get("/code-lists").status_code == 401
