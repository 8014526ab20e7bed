"""Everyone in an answer stands in the audit of that answer, and nobody else does: every reading route, every role.

Calderwick is asked for by each role on every route that reads, with records of every kind in each place of a path. What stands
in the answer, by id or by what a person is called there, is compared with the entries that the answer left, both ways.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from api.dependencies.declarations import AllowedTo
from api.sign_in.cross_site import FORM_TOKEN_HEADER
from api.sign_in.web_sessions import COOKIE, form_token
from forum.access.actors import Role
from forum.access.disclosure import WITH_YOUNG_PERSON, label_of
from forum.access.policy import house_scope
from forum.maps import MapSheet
from forum.meetings import AgendaItem
from graph.assertions import PEOPLE
from graph.periods import disposal_day
from graph.records import ActorId, Record, RecordId, new_id
from graph.store.boundary import AuditEntry
from tests.api.pages.conftest import TODAY, Service, start, stop
from tests.builders import ALL_KINDS, FORUM, NOW, a_conflict, a_grant, a_restriction, a_school, a_young_person

READS = {
    Role.PRACTITIONER: ("REF-01", "REF-02"),
    Role.PANEL_MEMBER: ("REF-01", "REF-04"),
    Role.REFERRER: ("REF-06",),
}
OF_EACH_KIND = 3
PEOPLE_ON_MAPS = {"young_person", "unnamed_young_people", "parent_carer", "adult_of_concern"}
# What a name in an address stands for cannot be told by itself; these take no record.
NO_RECORD = {"name": "AGENCY"}
QUERIES = {
    "/api/v1/audit": ("?by=me", "?cases=mine", "?person={YP01}", "?person={YP07}"),
    "/api/v1/clusters": ("?of=people", "?of=referrals"),
    "/api/v1/told": ("?state=overdue", "?state=not_recorded", "?state=not_told"),
}


@dataclass
class Borough:
    """A served Calderwick with maps, and its people by what they may be called."""

    service: Service

    @cached_property
    def people(self) -> Mapping[RecordId, frozenset[str]]:
        """Each person with every word that tells of them: id, pseudonym, initials and labels."""
        found = {}
        for record in self.records():
            if record.KIND in PEOPLE:
                labels = {label_of(record), label_of(record, mode=WITH_YOUNG_PERSON)}
                named = {getattr(record, name, None) for name in ("pseudonym", "initials", "known_as")}
                found[record.id] = frozenset(str(word) for word in {record.id, *labels, *named} if word)
        return found

    def records(self) -> Iterator[Record]:
        house = self.service.house
        with house.store.view(house_scope(house.facts.forum)) as view:
            for kind in ALL_KINDS:
                yield from view.find(kind, limit=500)

    @cached_property
    def samples(self) -> list[RecordId]:
        """Some records of each kind, and everything that the roles may read."""
        named = [self.service.ids[name] for names in READS.values() for name in names]
        of_kind: dict[str, list[RecordId]] = {}
        for record in self.records():
            of_kind.setdefault(record.KIND, []).append(record.id)
        return sorted(
            {*named, *(each for kind, ids in of_kind.items() for each in ids[: 100 if kind == MapSheet.KIND else OF_EACH_KIND])}
        )

    def entries_since(self, last: int) -> tuple[AuditEntry, ...]:
        return tuple(self.service.house.store.audit(after=last, limit=1000))


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Borough]:
    folder: Path = tmp_path_factory.mktemp("shown")
    arlo = a_young_person(pseudonym="Y77", known_as="Somebody")
    item = AgendaItem(
        id=new_id(), forum=FORUM, review_on=TODAY, dispose_on=disposal_day(TODAY), meeting_on=TODAY, about=(arlo.id,),
        accepted=(ActorId("member"),), made_by=ActorId("chair"), made_at=NOW,
    )  # fmt: skip
    access = (a_conflict(arlo, actor=ActorId("chair")), a_grant(arlo), a_restriction(a_school()), item)
    service = start(folder, records=(arlo, *access))
    for kind, around in (("peer", "REF-01"), ("peer", "PG3"), ("contexts", None), ("contexts", "LOC2")):
        service.draw_map(kind, around)
    service.draw_map("contexts", None, mode="context_only")
    yield Borough(service)
    stop(service)


def reading_routes(service: Service) -> list[str]:
    """The path of every route that reads and needs a sign-in."""
    return [
        str(context.path)
        for context in iter_route_contexts(service.app.routes)
        if isinstance(context.original_route, APIRoute)
        and "GET" in (context.original_route.methods or ())
        and any(isinstance(each.call, AllowedTo) for each in context.original_route.dependant.dependencies)
    ]


def addresses(borough: Borough, template: str) -> list[str]:
    """Every address that a route is asked at: with each sample in its place, and with each of its questions."""
    places = re.findall(r"\{([^}:]+)[^}]*\}", template)
    asked = [template]
    if places:
        (place,) = places
        values = [NO_RECORD[place]] if place in NO_RECORD else borough.samples
        asked = [re.sub(r"\{[^}]+\}", value, template) for value in values]
    questions = [each.format(**borough.service.ids) for each in QUERIES.get(template, ("",))]
    return [f"{address}{question}" for address in asked for question in questions]


def told_of(borough: Borough, text: str) -> set[RecordId]:
    """Whom an answer tells of by id or by pseudonym; these are nobody else's."""
    words = set(re.findall(r"[0-9A-Za-z]+", text))
    return {person for person, called in borough.people.items() if person in words or words & own_words(called)}


def own_words(called: frozenset[str]) -> set[str]:
    return {word for word in called if re.fullmatch(r"[YG]\d+", word)}


def people_on_map(client: TestClient, address: str) -> int:
    """How many people its document holds: on a map everyone has a code of that map's own, in whatever form it is taken away."""
    sheet = re.findall(r"[0-9a-f]{32}", address)[0]
    document = client.get(f"/api/v1/maps/{sheet}").json()
    return sum(1 for thing in document["things"] if thing["kind"] in PEOPLE_ON_MAPS)


def check(borough: Borough, client: TestClient, address: str) -> bool:
    """Asks once, and compares both ways. Whether there was an answer."""
    last = max((entry.seq for entry in borough.entries_since(check_from(borough))), default=check_from(borough))
    answer = client.get(address)
    assert answer.status_code < 500, f"{address} answers {answer.status_code}"
    entries = borough.entries_since(last)
    SEEN[id(borough)] = max((entry.seq for entry in entries), default=last)
    if answer.status_code != 200:
        assert not any(entry.about for entry in entries), f"{address}: a refusal says whom it is about"
        return False
    recorded = {person for entry in entries for person in entry.about}
    if "/maps/" in address:
        assert len(recorded) == people_on_map(client, address), f"{address}: the audit knows of {len(recorded)}"
        return True
    shown = told_of(borough, answer.text)
    assert shown <= recorded, f"{address} shows {shown - recorded}, and the audit does not know"
    text = html.unescape(answer.text).casefold()
    unseen = {person for person in recorded if not any(word.casefold() in text for word in borough.people[person])}
    assert not unseen, f"{address}: the audit says that {unseen} were shown, and the answer does not show them"
    return True


SEEN: dict[int, int] = {}


def check_from(borough: Borough) -> int:
    return SEEN.get(id(borough), 0)


@pytest.fixture(scope="module")
def answered(borough: Borough) -> dict[str, list[str]]:
    """For each route the addresses that a coordinator, or information governance, gets an answer at; all compared on the way."""
    found: dict[str, list[str]] = {}
    clients = [borough.service.signed_in(role) for role in (Role.COORDINATOR, Role.INFORMATION_GOVERNANCE)]
    for template in reading_routes(borough.service):
        asked = addresses(borough, template)
        found[template] = [address for address in asked if any([check(borough, client, address) for client in clients])]
    return found


def test_every_route_that_reads_was_asked_and_answered(answered: dict[str, list[str]]) -> None:
    without = {template for template, addresses_of in answered.items() if not addresses_of}
    assert without == set(), "\n".join(sorted(without))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRACTITIONER])
def test_everyone_whom_a_search_finds_is_in_its_audit(borough: Borough, role: Role) -> None:
    client = borough.service.signed_in(role, reads=READS.get(role, ()))
    headers = {"Origin": "http://localhost", FORM_TOKEN_HEADER: form_token(str(client.cookies.get(COOKIE)))}
    last = max(entry.seq for entry in borough.service.house.store.audit(limit=100_000))
    answer = client.post("/api/v1/young-people/search", json={"name": "Arlo"}, headers=headers)
    assert answer.status_code == 200
    recorded = {person for entry in borough.entries_since(last) for person in entry.about}
    assert told_of(borough, answer.text) == recorded == {borough.service.ids["YP01"]}


@pytest.mark.parametrize("role", list(Role))
def test_everyone_in_an_answer_is_in_its_audit_and_nobody_else(
    borough: Borough, answered: dict[str, list[str]], role: Role
) -> None:
    client = borough.service.signed_in(role, reads=READS.get(role, ()))
    for addresses_of in answered.values():
        for address in addresses_of:
            check(borough, client, address)
