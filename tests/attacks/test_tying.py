"""Whoever names what is not theirs in a request learns nothing: each place where an id may stand."""

import pytest

from forum.access.actors import Role
from forum.access.policy import READS_BY_GRANT, Permission, is_allowed
from graph.records import Record, RecordId, new_id
from tests.api.running import Service
from tests.attacks.asking import Asker, someone
from tests.attacks.edge_worlds import EVERY_PURPOSE
from tests.attacks.hostile_fields import Things, body_of, fields
from tests.attacks.routes import routes_of
from tests.attacks.tying import FITS, NEW, holds_an_id, open_objects, places, places_of, tie, without_new_ids
from tests.builders import (
    a_grant,
    a_location,
    a_neighbourhood,
    a_peer_group,
    a_referral,
    a_restriction,
    a_school,
    a_young_person,
    an_assertion,
    an_online_space,
    keep,
)
from tests.telling import Tell

# Who names in a body what they cannot see. Between them they may make every request that names a record.
NAMING = (Role.PRACTITIONER, Role.REFERRER, Role.COORDINATOR, Role.INFORMATION_GOVERNANCE)
STEPS = {"sqlite": 1, "neo4j": 3}


@pytest.mark.parametrize("role", NAMING)
def test_what_a_body_names_and_is_not_theirs_answers_like_what_does_not_exist(
    either_service: Service, store_kind: str, role: Role, tell: Tell
) -> None:
    """In each place of each request and change where an id may stand: refused there, or taken as it is, with the same bytes.

    On a server, which takes long, each third place is tried.
    """
    asker, colleague = someone(either_service, role), someone(either_service, Role.PRACTITIONER)
    things = _things_of_their_own(either_service, asker, colleague)
    hidden = _hidden_from_everybody_but(either_service, colleague)
    tags = {path: asker.ask("GET", path).headers["etag"] for path in _own_paths(either_service, things, role)}
    mine = places_of(either_service.app, role)[:: STEPS[store_kind]]
    for place in mine:
        answers = []
        for record_id in (hidden[FITS[place.name]], new_id()):
            sent = tie(either_service.app, place, things, record_id)
            assert sent is not None, f"{role} has nothing of their own to try {place} on"
            given = {"If-Match": tags[sent.path]} if sent.method == "PATCH" else {}
            answer = asker.ask(sent.method, sent.path, json=sent.body, **given)
            assert sent.reached(answer), f"{role}: {place} was refused for something else: {answer.text}"
            answers.append(without_new_ids(answer))
        assert answers[0] == answers[1], f"{role}: {place} tells what is not theirs from nothing: {answers}"
    tell(f"snooping: {role} named what is hidden in {len(mine)} places of requests")


def test_every_place_of_a_request_where_an_id_may_stand_is_tried(sqlite_service: Service) -> None:
    assert [one for one in fields() if holds_an_id(one) and one.name not in FITS] == []
    assert [one for one in open_objects() if one.pointer and one.name not in NEW] == []
    tried = {place for role in NAMING for place in places_of(sqlite_service.app, role)}
    assert set(places()) == tried


def _things_of_their_own(service: Service, asker: Asker, colleague: Asker) -> Things:
    """One of each thing that is there, covered by a grant of theirs, or for an agenda item made by them."""
    own: dict[str, Record] = {
        "create_young_person": a_young_person(),
        "create_peer_group": a_peer_group(),
        "create_school": a_school(),
        "create_neighbourhood": a_neighbourhood(),
        "create_location": a_location(),
        "create_online_space": an_online_space(),
    }
    own["create_referral"] = a_referral(about=(own["create_young_person"],), referral_kind="individual", efh_types=("cce",))
    keep(service.store, *own.values())
    if asker.role in READS_BY_GRANT:
        keep(service.store, a_grant(*own.values(), actor=asker.actor, purposes=EVERY_PURPOSE))
    things = Things(asker.actor, colleague.actor, {name: record.id for name, record in own.items()})
    if is_allowed(asker.role, Permission.MAKE_AGENDA_ITEM):
        made = asker.ask("POST", "/api/v1/agenda-items", json=body_of("create_agenda_item", things))
        things.made["create_agenda_item"] = made.json()["id"]
    return things


def _hidden_from_everybody_but(service: Service, colleague: Asker) -> dict[str, RecordId]:
    """One record of each kind that a field fits, restricted to somebody else."""
    person, group = a_young_person(), a_peer_group()
    referral = a_referral(about=(person,))
    records = [person, group, referral, an_assertion(person, group, stated_in=referral)]
    keep(service.store, *records, a_restriction(*records[:3], named=(colleague.actor,)))
    return {record.KIND: record.id for record in records}


def _own_paths(service: Service, things: Things, role: Role) -> list[str]:
    return [
        route.at(things.made[route.name.replace("change_", "create_")])
        for route in routes_of(service.app)
        if route.method == "PATCH" and not route.is_page and route.permission and is_allowed(role, route.permission)
    ]
