"""What is listed, counted, mapped or exported can be read alone; what can be read alone is listed where its kind has a list.

Every actor, kind and record of Calderwick, with grants, a restriction, a conflict, an agenda item, maps and an invitation in it.
On a server, which is slower to ask, some of the actors and every sixth record of each kind. Maps draw people and places that can
be read alone, and the map of all contexts draws every place that counts for this reader.
"""

import json
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


# Who asks on a server: one of each way to see something.
FEWER = ("coordinator not named", "worker in conflict", "guest")


@dataclass
class Borough:
    """Calderwick served, and those who ask. `kinds` holds the kind of every record that is read alone somewhere and is tried."""

    service: Service
    ids: dict[str, RecordId]
    callers: dict[str, Caller] = field(default_factory=dict)
    kinds: dict[RecordId, str] = field(default_factory=dict)
    of_all_contexts: str = ""
    compared: int = 0

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
        return [item["id"] for item in body["items"] if item["id"] in self.kinds]

    def people_shown_by(self, caller: Caller, path: str) -> set[RecordId]:
        """Whom the audit says that an answer has just shown."""
        entries = self.service.store.audit(by=caller.actor, limit=100_000)
        last = entries[-1].seq if entries else 0
        assert self.status(caller, path) == 200, path
        return {person for entry in self.service.store.audit(by=caller.actor, after=last) for person in entry.about}

    def read_alone(self, caller: Caller) -> set[RecordId]:
        """Every record that this caller can read by its id."""
        return {record for record, kind in self.kinds.items() if self.status(caller, f"{ALONE[kind]}/{record}") == 200}


@pytest.fixture
def borough(service: Service) -> Borough:
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
        drawn = chair.post("/maps", {"kind": kind, **({"around": around} if around else {}), **details})
        made.of_all_contexts = drawn.json()["id"]
    for name in ("worker with two", "worker in conflict", "worker with a child", "panel member"):
        service.grant(callers[name].actor, made.of_all_contexts)
    made.kinds = dict(kinds_in(service))
    if service.place.credentials is not None:
        reduce_to_fewer(made)
    return made


def reduce_to_fewer(made: Borough) -> None:
    """For a server: three actors, every sixth record of each kind, the map of all contexts, and some by name."""
    made.callers = {name: made.callers[name] for name in FEWER}
    always = [made.ids["YP01"], made.ids["YP09"], made.ids["LOC2"], RecordId(made.of_all_contexts)]
    made.kinds = a_sixth_of(made.kinds, always=always)


def a_sixth_of(kinds: dict[RecordId, str], *, always: list[RecordId]) -> dict[RecordId, str]:
    """Every sixth record of each kind, and these."""
    kept: dict[RecordId, str] = {record: kinds[record] for record in always}
    for kind in ALONE:
        of_kind = sorted(record for record, each in kinds.items() if each == kind)
        kept |= {record: kind for record in of_kind[::6]}
    return kept


def service_record(made: Borough, name: str) -> Any:
    with made.service.store.view(house_scope(FORUM)) as view:
        return view.several([made.ids[name]])[0]


def kinds_in(service: Service) -> Iterator[tuple[RecordId, str]]:
    for change in service.store.changes(after=0, limit=5000):
        if change.kind in ALONE:
            yield change.record, change.kind


def test_every_kind_of_record_that_is_read_alone_is_in_the_borough(borough: Borough) -> None:
    assert set(borough.kinds.values()) == set(ALONE)
    assert len(borough.kinds) > 20


def test_what_can_be_read_alone_is_what_is_listed_for_every_actor_and_kind(borough: Borough) -> None:
    for name, caller in borough.callers.items():
        alone = borough.read_alone(caller)
        for kind in ALONE.keys() - WITHOUT_A_LIST:
            listed = borough.listed(caller, ALONE[kind])
            assert sorted(listed) == sorted(record for record in alone if borough.kinds[record] == kind), (name, kind)
        contexts = [record for record, kind in borough.kinds.items() if kind in CONTEXTS]
        by_id = [record for record in contexts if borough.status(caller, f"/contexts/{record}") == 200]
        assert sorted(borough.listed(caller, "/contexts")) == sorted(by_id), name
        if name == "guest":
            assert by_id == [borough.ids["LOC2"]]


def test_every_record_that_any_answer_names_can_be_read_alone(borough: Borough) -> None:
    for name, caller in borough.callers.items():
        alone = borough.read_alone(caller)
        maps = [record for record, kind in borough.kinds.items() if kind == "MapSheet" and record in alone]
        paths = [*FINDINGS, *(f"/maps/{sheet}{form}" for sheet in maps for form in MAP_FORMS)]
        paths += [f"{ALONE[borough.kinds[record]]}/{record}" for record in sorted(alone)]
        for path in paths:
            named = {RecordId(found) for found in ID.findall(borough.text(caller, path))} & borough.kinds.keys()
            if path.startswith("/maps/") and path.count("/") == 2:
                maps_agree(borough, caller, path, alone)
            if path.partition("/conflicts/")[1] or path.partition("/restrictions/")[1]:
                continue  # they name ids, and tell nobody whether these are there
            assert named <= alone, (name, path, [borough.kinds[record] for record in named - alone])
    assert borough.compared > 5


def maps_agree(borough: Borough, caller: Caller, path: str, alone: set[RecordId]) -> None:
    """Each young person on a map can be read alone; so can each place; a map of all contexts has each that counts anything."""
    shown = borough.people_shown_by(caller, path)
    young = {person for person in shown if borough.kinds.get(person) == "YoungPerson"}
    assert young <= alone, (path, young - alone)
    document = json.loads(borough.text(caller, path))
    places = {RecordId(found) for found in ID.findall(json.dumps([thing.get("href") for thing in document["things"]]))}
    assert places & borough.kinds.keys() <= alone, path
    if path == f"/maps/{borough.of_all_contexts}":
        counted = {RecordId(item["context"]) for item in json.loads(borough.text(caller, "/hotspots?min=1&limit=200"))["items"]}
        assert counted <= places, (path, counted - places)
        borough.compared += len(counted)


def test_the_borough_tells_its_actors_apart(borough: Borough) -> None:
    """So that the two above compare something: who sees what of the two children that are denied to some."""
    child, restricted = borough.ids["YP01"], borough.ids["YP09"]
    alone = {name: borough.read_alone(caller) for name, caller in borough.callers.items()}
    there = borough.callers.keys()
    assert {name for name, seen in alone.items() if restricted in seen} == {"chair"} & there
    readers = {"chair", "coordinator not named", "worker with two", "panel member with two"}
    assert {name for name, seen in alone.items() if child in seen} == readers & there
    for name in there & {"guest", "analyst", "administrator"}:
        assert {borough.kinds[record] for record in alone[name]} <= {"Grant"}
    if "worker accepted" in there:
        assert borough.ids["REF-04"] in alone["panel member"] & alone["worker accepted"]
