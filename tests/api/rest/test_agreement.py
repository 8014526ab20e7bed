"""What is listed, counted, mapped or exported can be read alone; what can be read alone is listed where its kind has a list.

Every actor, kind and record of Calderwick, with grants, a restriction, a conflict, an agenda item, maps and an invitation in it.
The embedded store alone: that the other obeys a scope alike is the contract suite's (promise 1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.assertions import CONTEXTS
from graph.records import ActorId, RecordId
from ingest.case_file import read_case
from ingest.case_load import load_case
from tests.api.rest.served import calderwick_text
from tests.api.running import API, Caller, Service
from tests.builders import FORUM, a_conflict, a_restriction, keep

# Where a record of a kind is read alone, and where it is listed.
ALONE = {
    "Referral": "/referrals",
    "YoungPerson": "/young-people",
    "Assertion": "/assertions",
    "Incident": "/incidents",
    "PeerGroup": "/peer-groups",
    "School": "/schools",
    "Location": "/locations",
    "Neighbourhood": "/neighbourhoods",
    "OnlineSpace": "/online-spaces",
    "MapSheet": "/maps",
    "Grant": "/grants",
    "Restriction": "/restrictions",
    "Conflict": "/conflicts",
    "AgendaItem": "/agenda-items",
}
WITHOUT_A_LIST = {"YoungPerson", "Assertion", "MapSheet"}
FINDINGS = (
    "/linked-referrals",
    "/shared-contexts?limit=200",
    "/same-person-links?limit=200",
    "/hotspots?min=1&limit=200",
    "/told?state=overdue&limit=200",
    "/told?state=not_recorded&limit=200",
    "/told?state=not_told&limit=200",
    "/clusters?of=people",
    "/clusters?of=referrals",
)
MAP_FORMS = ("", "/list", "/picture.svg", "/network.json", "/network.graphml")
ID = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass
class Borough:
    """Calderwick served, and those who ask. `kinds` holds the kind of every record that is read alone somewhere."""

    service: Service
    ids: dict[str, RecordId]
    callers: dict[str, Caller] = field(default_factory=dict)
    kinds: dict[RecordId, str] = field(default_factory=dict)

    def status(self, caller: Caller, path: str) -> int:
        return self.service.client.get(API + path, headers=dict(caller.headers)).status_code

    def text(self, caller: Caller, path: str) -> str:
        """The body of what is answered; nothing of what is refused."""
        answer = self.service.client.get(API + path, headers=dict(caller.headers))
        return answer.text if answer.status_code == 200 else ""

    def listed(self, caller: Caller, path: str) -> list[Any]:
        answer = self.service.client.get(f"{API}{path}?limit=200", headers=dict(caller.headers))
        if answer.status_code == 403:
            return []
        body = answer.json()
        assert body["next"] is None and body["total"]["value"] == len(body["items"])
        return [item["id"] for item in body["items"]]

    def read_alone(self, caller: Caller) -> set[RecordId]:
        """Every record that this caller can read by its id."""
        return {record for record, kind in self.kinds.items() if self.status(caller, f"{ALONE[kind]}/{record}") == 200}


@pytest.fixture
def borough(sqlite_service: Service) -> Borough:
    service = sqlite_service
    now = service.clock()
    loaded = load_case(service.store, read_case(calderwick_text()), scope=house_scope(FORUM), by=ActorId("loader"), now=now)
    made = Borough(service, dict(loaded.ids))
    of = made.ids
    chair = service.caller(Role.CHAIR)
    callers = {
        "chair": chair,
        "coordinator not named": service.caller(Role.COORDINATOR),
        "worker with two": service.caller(Role.PRACTITIONER, reads=[of["REF-01"], of["REF-05"]]),
        "worker with a child": service.caller(Role.PRACTITIONER, reads=[of["YP07"]]),
        "worker in conflict": service.caller(Role.PRACTITIONER, reads=[of["REF-01"], of["REF-04"]]),
        "worker accepted": service.caller(Role.PRACTITIONER),
        "panel member": service.caller(Role.PANEL_MEMBER),
        "panel member with two": service.caller(Role.PANEL_MEMBER, reads=[of["REF-01"], of["REF-05"]]),
        "referrer": service.caller(Role.REFERRER, reads=[of["REF-08"]]),
        "guest": service.caller(Role.GUEST),
        "analyst": service.caller(Role.ANALYST),
        "governance": service.caller(Role.INFORMATION_GOVERNANCE),
        "administrator": service.caller(Role.ADMINISTRATOR),
        "nobody in particular": service.caller(Role.PRACTITIONER),
    }
    made.callers = callers
    keep(service.store, a_conflict(service_record(made, "YP01"), actor=callers["worker in conflict"].actor))
    keep(service.store, a_restriction(service_record(made, "YP09"), named=(chair.actor,)))
    accepted = [callers["worker accepted"].actor, callers["panel member"].actor]
    item = {"meeting_on": "2026-11-26", "about": [of["REF-04"], of["LOC4"]], "accepted": accepted}
    assert chair.post("/agenda-items", item).status_code == 201
    invitation = {"to": callers["guest"].actor, "source": "invited", "covers": [of["LOC2"]], "until": "2026-12-24"}
    assert chair.post("/grants", invitation).status_code == 201
    details = {"purpose": "Agree who stays alongside whom", "owner": "Coordinator", "review_by": "2026-12-24"}
    for kind, around in (("peer", of["REF-01"]), ("peer", of["YP09"]), ("contexts", None)):
        assert chair.post("/maps", {"kind": kind, **({"around": around} if around else {}), **details}).status_code == 201
    made.kinds = dict(kinds_in(service))
    return made


def service_record(made: Borough, name: str) -> Any:
    with made.service.store.view(house_scope(FORUM)) as view:
        return view.several([made.ids[name]])[0]


def kinds_in(service: Service) -> Iterator[tuple[RecordId, str]]:
    for change in service.store.changes(after=0, limit=5000):
        if change.kind in ALONE:
            yield change.record, change.kind


def test_every_kind_of_record_that_is_read_alone_is_in_the_borough(borough: Borough) -> None:
    assert set(borough.kinds.values()) == set(ALONE)
    assert len(borough.kinds) > 70


def test_what_can_be_read_alone_is_what_is_listed_for_every_actor_and_kind(borough: Borough) -> None:
    for name, caller in borough.callers.items():
        alone = borough.read_alone(caller)
        for kind in ALONE.keys() - WITHOUT_A_LIST:
            listed = borough.listed(caller, ALONE[kind])
            assert sorted(listed) == sorted(record for record in alone if borough.kinds[record] == kind), (name, kind)
        contexts = [record for record, kind in borough.kinds.items() if kind in CONTEXTS]
        by_id = [record for record in contexts if borough.status(caller, f"/contexts/{record}") == 200]
        assert sorted(borough.listed(caller, "/contexts")) == sorted(by_id), name
        if caller is borough.callers["guest"]:
            assert by_id == [borough.ids["LOC2"]]


def test_every_record_that_any_answer_names_can_be_read_alone(borough: Borough) -> None:
    for name, caller in borough.callers.items():
        alone = borough.read_alone(caller)
        maps = [record for record, kind in borough.kinds.items() if kind == "MapSheet" and record in alone]
        paths = [*FINDINGS, *(f"/maps/{sheet}{form}" for sheet in maps for form in MAP_FORMS)]
        paths += [f"{ALONE[borough.kinds[record]]}/{record}" for record in sorted(alone)]
        for path in paths:
            named = {RecordId(found) for found in ID.findall(borough.text(caller, path))} & borough.kinds.keys()
            if path.partition("/conflicts/")[1] or path.partition("/restrictions/")[1]:
                continue  # they name ids, and tell nobody whether these are there
            assert named <= alone, (name, path, [borough.kinds[record] for record in named - alone])


def test_the_borough_tells_its_actors_apart(borough: Borough) -> None:
    """So that the two above compare something: who sees what of the two children that are denied to some."""
    child, restricted = borough.ids["YP01"], borough.ids["YP09"]
    alone = {name: borough.read_alone(caller) for name, caller in borough.callers.items()}
    assert {name for name, seen in alone.items() if restricted in seen} == {"chair"}
    assert {name for name, seen in alone.items() if child in seen} == {
        "chair", "coordinator not named", "worker with two", "panel member with two",
    }  # fmt: skip
    for name in ("guest", "analyst", "administrator"):
        assert {borough.kinds[record] for record in alone[name]} <= {"Grant"}
    assert borough.ids["REF-04"] in alone["panel member"] & alone["worker accepted"]
