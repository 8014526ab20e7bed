"""Compares whom answers show with whom the audit says they showed, both ways; any number of answers of every route and role.

    python -m tests.api.shown 10000

What stands in an answer, by id or by what a person is called there, is compared with the entries that the answer left. On a map
everyone has a code of that map's own: the codes of those in the audit must be the codes on the map.
"""

import argparse
import html
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
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
from graph.assertions import PEOPLE, Assertion
from graph.people import ParentCarer, UnnamedPeople, YoungPerson
from graph.periods import disposal_day
from graph.records import ActorId, ForumId, Record, RecordId, citations_of, new_id
from graph.store.boundary import AuditEntry, Store
from graph.store.codec import read_record
from tests.api.pages.conftest import BASE, TODAY, Service, start, stop
from tests.builders import ALL_KINDS, FORUM, NOW, a_conflict, a_grant, a_restriction, a_school, a_young_person
from visualise.map_ids import pseudonym_codes

READS = {
    Role.PRACTITIONER: ("REF-01", "REF-02"),
    Role.PANEL_MEMBER: ("REF-01", "REF-04"),
    Role.REFERRER: ("REF-06",),
}
# The places whose sheets a guest is invited to.
INVITED_TO = ("LOC2", "LOC3")
SEARCH = "/api/v1/young-people/search"
OF_EACH_KIND = 3
PEOPLE_ON_MAPS = {"young_person", "unnamed_young_people", "parent_carer", "adult_of_concern"}
# What a name in an address stands for cannot be told by itself; these take no record.
NO_RECORD = {"name": "AGENCY"}
QUERIES = {
    "/api/v1/audit": ("?by=me", "?cases=mine", "?person={YP01}", "?person={YP07}"),
    "/api/v1/clusters": ("?of=people", "?of=referrals"),
    "/api/v1/told": ("?state=overdue", "?state=not_recorded", "?state=not_told"),
}
NOT_NAMED = "Young people not named"
OF_A_MAP = re.compile(r"/maps/([0-9a-f]{32})")


@dataclass
class Tally:
    """How many answers were tried, how many showed somebody or refused, and what did not agree: an answer each."""

    tried: int = 0
    with_people: int = 0
    refused: int = 0
    missing: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.tried} answers tried, {self.with_people} of them show somebody"]
        lines += [f"{len(self.missing)} show somebody whom the audit does not name", *(f"  {each}" for each in self.missing)]
        lines += [f"{len(self.extras)} show not everyone whom the audit names", *(f"  {each}" for each in self.extras)]
        return "\n".join(lines)


class Watch:
    """Follows the audit of one store, and knows its people by what they may be called."""

    def __init__(self, store: Store, forum: ForumId) -> None:
        self.store, self.forum, self.tally = store, forum, Tally()
        self._seq, self._revision = 0, 0
        self.people: dict[RecordId, Record] = {}
        self.called: dict[RecordId, frozenset[str]] = {}
        self.entries()
        self.written()

    def entries(self) -> list[AuditEntry]:
        """What the audit has taken in since last asked."""
        found: list[AuditEntry] = []
        while page := self.store.audit(after=self._seq, limit=500):
            found += page
            self._seq = page[-1].seq
        return found

    def written(self) -> list[Record]:
        """The records written since last asked, as they now stand; people among them are known from now on."""
        kinds = {kind.KIND: kind for kind in ALL_KINDS}
        found: list[Record] = []
        while page := self.store.changes(after=self._revision, limit=500):
            found += [read_record(kinds, each.kind, each.body) for each in page if each.body is not None]
            self._revision = page[-1].revision
        for record in found:
            if record.KIND in PEOPLE:
                self.people[record.id], self.called[record.id] = record, words_for(record)
        return found

    def told_of(self, text: str) -> set[RecordId]:
        """Whom a text tells of by id or by a pseudonym that is nobody else's."""
        words = set(re.findall(r"[0-9A-Za-z]+", text))
        return {
            person for person, called in self.called.items()
            if person in words or words & {word for word in called if re.fullmatch(r"[YG]\d+", word)}
        }  # fmt: skip

    def is_called(self, person: RecordId, text: str) -> bool:
        return any(word.casefold() in text for word in self.called[person])

    def compare(self, client: Any, address: str, answer: httpx.Response) -> bool:
        """One answer to a question against what it left in the audit. Whether there was one."""
        entries = self.entries()
        recorded = {person for entry in entries for person in entry.about}
        self._count(recorded)
        assert answer.status_code < 500, f"{address} answers {answer.status_code}"
        if answer.status_code != 200:
            self.tally.refused += 1
            self._note(f"{address}: a refusal", missing=(), extras=recorded)
            return False
        sheet = OF_A_MAP.search(address)
        if sheet is not None:
            self._compare_map(client, address, RecordId(sheet[1]), recorded)
            return True
        text = html.unescape(answer.text).casefold()
        unseen = {person for person in recorded if not self.is_called(person, text)}
        self._note(address, missing=self.told_of(answer.text) - recorded, extras=unseen)
        return True

    def compare_write(self, address: str, sent: str, answer: httpx.Response) -> None:
        """One answer to a change. An entry of it is about those whom the records written are or cite, and whom it names."""
        entries, written = self.entries(), self.written()
        recorded = {person for entry in entries for person in entry.about}
        self._count(recorded)
        assert answer.status_code < 500, f"{address} answers {answer.status_code}"
        named = {one for record in written for one in named_in(record)}
        concerned = named & self.people.keys() | self.told_of(f"{address} {sent} {answer.text}")
        if answer.status_code >= 400:
            concerned = set()
        changed = {record.id for record in written} & self.people.keys()
        self._note(address, missing=(self.told_of(answer.text) | changed) - recorded, extras=recorded - concerned)

    def _count(self, recorded: set[RecordId]) -> None:
        self.tally.tried += 1
        self.tally.with_people += bool(recorded)

    def _note(self, address: str, *, missing: Iterable[RecordId], extras: Iterable[RecordId]) -> None:
        if absent := sorted(missing):
            self.tally.missing.append(f"{address}: {', '.join(absent)}")
        if besides := sorted(extras):
            self.tally.extras.append(f"{address}: {', '.join(besides)}")

    def _compare_map(self, client: Any, address: str, sheet: RecordId, recorded: set[RecordId]) -> None:
        """The document of the same map, read once more, has exactly these people on it."""
        document = client.get(f"/api/v1/maps/{sheet}").json()
        self.entries()
        on_map = sorted(without_letter(thing["label"]) for thing in document["things"] if thing["kind"] in PEOPLE_ON_MAPS)
        with self.store.view(house_scope(self.forum)) as view:
            kept = view.get(MapSheet, sheet)
        if sorted(labels_on(kept, [self.people[one] for one in recorded])) != on_map:
            (self.tally.missing if len(recorded) < len(on_map) else self.tally.extras).append(f"{address}: others than recorded")


def named_in(record: Record) -> set[RecordId]:
    """A record, what it cites, and the ends of a statement."""
    ends = {record.source, record.target} if isinstance(record, Assertion) else set()
    return {record.id, *ends, *(each.cited for each in citations_of(record))}


def labels_on(sheet: MapSheet, people: Iterable[Record]) -> list[str]:
    """What these people are called on this map."""
    found = list(people)
    codes = pseudonym_codes(sheet.label_seed, [record.id for record in found if isinstance(record, YoungPerson | ParentCarer)])
    return [_on_map(record, codes, sheet.mode) for record in found]


def _on_map(record: Record, codes: Mapping[RecordId, str], mode: str) -> str:
    if isinstance(record, UnnamedPeople):
        return NOT_NAMED
    return without_letter(codes[record.id]) if record.id in codes else label_of(record, mode=mode)


def without_letter(label: str) -> str:
    """A code without the letter that tells it from an equal one, which may be of somebody whom this map does not reach."""
    return re.sub(r"^([A-Z]\d) [a-z]+$", r"\1", label)


def words_for(record: Record) -> frozenset[str]:
    """Every word that tells of a person: id, pseudonym, initials and labels."""
    labels = {label_of(record), label_of(record, mode=WITH_YOUNG_PERSON)}
    named = {getattr(record, name, None) for name in ("pseudonym", "initials", "known_as")}
    return frozenset(str(word) for word in {record.id, *labels, *named} if word)


@dataclass
class Borough:
    """A served Calderwick with maps and records of access, and who follows its audit."""

    service: Service
    watch: Watch
    samples: list[RecordId]

    def ask(self, client: TestClient, address: str) -> bool:
        """Asks once, and compares both ways. Whether there was an answer."""
        return self.watch.compare(client, address, client.get(address))

    def search(self, client: TestClient, name: str) -> bool:
        """Asks for people by name, and compares both ways. Whether there was an answer."""
        return self.watch.compare(client, SEARCH, client.post(SEARCH, json={"name": name}, headers=of_a_page(client)))

    def names(self) -> list[str]:
        """What its young people may be searched for by."""
        young = [each for each in self.watch.people.values() if isinstance(each, YoungPerson)]
        return sorted({name for each in young for name in (each.known_as, each.pseudonym) if name})

    def somebody(self, role: Role, reads: tuple[str, ...] = ()) -> TestClient:
        """A browser of somebody in this role who may read these; a guest is invited to sheets by a chair."""
        actor = ActorId(new_id())
        client = self.service.signed_in(role, reads=reads if role in READS else (), actor=actor)
        if role is Role.GUEST:
            chair, places = self.service.signed_in(Role.CHAIR), [self.service.ids[name] for name in INVITED_TO]
            until = (self.service.house.clock() + timedelta(days=7)).date().isoformat()
            asked = {"to": actor, "source": "invited", "covers": places, "until": until}
            made = chair.post("/api/v1/grants", json=asked, headers={**of_a_page(chair), "Idempotency-Key": new_id()})
            assert made.status_code == 201, made.text
        self.watch.entries()
        self.watch.written()
        return client


def of_a_page(client: TestClient) -> dict[str, str]:
    """What a page's own program sends with what is no GET."""
    return {"Origin": BASE, FORM_TOKEN_HEADER: form_token(str(client.cookies.get(COOKIE)))}


def open_borough(folder: Path) -> Borough:
    """Calderwick on the embedded store."""
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
    return Borough(service, Watch(service.house.store, service.house.facts.forum), _samples(service))


def _samples(service: Service) -> list[RecordId]:
    """Some records of each kind, every map, and everything that the roles are given to read."""
    named = [service.ids[name] for names in (*READS.values(), INVITED_TO) for name in names]
    with service.house.store.view(house_scope(service.house.facts.forum)) as view:
        for kind in ALL_KINDS:
            found = [record.id for record in view.find(kind, limit=500)]
            named += found[: 100 if kind is MapSheet else OF_EACH_KIND]
    return sorted(set(named))


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


def answered(borough: Borough) -> dict[str, list[str]]:
    """For each route the addresses that a coordinator, or information governance, gets an answer at; all compared on the way."""
    clients = [borough.service.signed_in(role) for role in (Role.COORDINATOR, Role.INFORMATION_GOVERNANCE)]
    borough.watch.entries()
    return {
        template: [address for address in addresses(borough, template) if any([borough.ask(each, address) for each in clients])]
        for template in reading_routes(borough.service)
    }


# Who asks, how often: most of those who read much; the others, who are refused or shown nobody, now and then.
ASKS = (*[Role.COORDINATOR, Role.CHAIR] * 4, *[Role.PRACTITIONER] * 8, *[Role.PANEL_MEMBER] * 4, *Role)
GRANTED_AT_ONCE = 6


def crawl(borough: Borough, size: int, seed: int = 1) -> Tally:
    """Compares this many answers, or a search or two more: of every route that reads and of the search, to somebody in a random
    role with random grants, of random records."""
    chance = Random(seed)
    asked = answered(borough)
    names = [name for name in borough.service.ids if re.fullmatch(r"(REF-|YP)\d+", name)]
    while borough.watch.tally.tried < size:
        role = chance.choice(ASKS)
        client = borough.somebody(role, tuple(chance.sample(names, GRANTED_AT_ONCE)))
        for name in chance.sample(borough.names(), OF_EACH_KIND):
            borough.search(client, name)
        for template in chance.sample(sorted(asked), len(asked)):
            for address in chance.sample(asked[template], min(OF_EACH_KIND, len(asked[template]))):
                if borough.watch.tally.tried < size:
                    borough.ask(client, address)
    return borough.watch.tally


def main(arguments: list[str] | None = None) -> int:
    """0 when everyone in every answer stood in the audit of it, and nobody else."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.shown", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("size", type=int, nargs="?", default=10_000, help="how many answers to compare")
    parser.add_argument("--seed", type=int, default=1, help="of the order, the roles and the grants")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kith-shown-") as folder:
        borough = open_borough(Path(folder))
        tally = crawl(borough, asked.size, asked.seed)
        stop(borough.service)
    print(tally)
    return 1 if tally.missing or tally.extras else 0


if __name__ == "__main__":
    sys.exit(main())
