"""What people ask for, in which shares, and what each answer must be: reads, writes, and maps."""

import json
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from bench.load.calling import Answer, Request
from bench.load.loaded_borough import AS_OF, NARRATIVE, REFERRALS, make_case, provenance
from bench.load.people_at_work import SEATS, Person
from forum.access.actors import Role

API = "/api/v1"
CHANGE = "change with a tag"
# Referrals from here on are each changed by one person alone, and written to by nobody else.
SHARED = REFERRALS - sum(SEATS[role] for role in (Role.COORDINATOR, Role.CHAIR))
CHAIRS = frozenset({Role.COORDINATOR, Role.CHAIR})
WORKERS = CHAIRS | {Role.PRACTITIONER}
READERS = WORKERS | {Role.PANEL_MEMBER}
WRITERS = WORKERS | {Role.REFERRER}


class Sort(StrEnum):
    """Which bar an answer is held to."""

    READ = "read"
    WRITE = "write"
    MAP = "map of 150 things"


@dataclass
class World:
    """What the callers know: the ids of the case, whom each referral is about and where, and the maps that were made."""

    ids: Mapping[str, str]
    about: Mapping[int, tuple[str, tuple[str, ...]]]
    maps: dict[str, str] = field(default_factory=dict)

    @cached_property
    def places(self) -> list[str]:
        """Every context that a referral names: somebody who sees all looks at any of them, not at the best known most."""
        return sorted({place for _, places in self.about.values() for place in places})

    def referral(self, person: Person, chance: random.Random) -> int:
        return chance.choice(person.referrals) if person.referrals else chance.randrange(SHARED)

    def id_of(self, name: str) -> str:
        return self.ids[name]


def world_of(ids: Mapping[str, str], seed: int = 1) -> World:
    """What stands in the case of this seed."""
    referrals = make_case(seed)["referrals"]
    about = {
        number: (referral["subject"]["people"][0], tuple(link["to"] for link in referral["links"]))
        for number, referral in enumerate(referrals)
    }
    return World(ids, about)


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of request: its share of all (any unit), who makes it, the request, and what is kept of a good answer."""

    name: str
    sort: Sort
    share: float
    roles: frozenset[Role]
    ask: Callable[[World, Person, random.Random], Request | None]
    then: Callable[[Person, Answer], None] = lambda _person, _answer: None
    expected: int = 200


def _get(path: str) -> Callable[[World, Person, random.Random], Request]:
    return lambda _world, _person, _chance: Request("GET", path)


def _of_referral(path: str) -> Callable[[World, Person, random.Random], Request]:
    def ask(world: World, person: Person, chance: random.Random) -> Request:
        return Request("GET", path.format(world.id_of(f"R{world.referral(person, chance)}")))

    return ask


def _of_context(path: str) -> Callable[[World, Person, random.Random], Request]:
    def ask(world: World, person: Person, chance: random.Random) -> Request:
        if person.referrals:
            return Request("GET", path.format(world.id_of(chance.choice(world.about[chance.choice(person.referrals)][1]))))
        return Request("GET", path.format(world.id_of(chance.choice(world.places))))

    return ask


def _of_map(name: str, path: str) -> Callable[[World, Person, random.Random], Request]:
    return lambda world, _person, _chance: Request("GET", f"{API}/maps/{world.maps[name]}{path}")


def _next_page(_world: World, person: Person, _chance: random.Random) -> Request:
    where = f"&cursor={person.next_page}" if person.next_page else ""
    return Request("GET", f"{API}/referrals?limit=50{where}")


def _keep_next(person: Person, answer: Answer) -> None:
    person.next_page = json.loads(answer.body)["next"] or ""


def _post(path: str, body: Mapping[str, Any]) -> Request:
    return Request("POST", path, json.dumps(body).encode(), {"Idempotency-Key": secrets.token_hex(16)})


def _search(_world: World, _person: Person, chance: random.Random) -> Request:
    return Request("POST", f"{API}/young-people/search", json.dumps({"name": f"Person {chance.randrange(1, 140)}"}).encode())


def _new_referral(world: World, person: Person, chance: random.Random) -> Request:
    """About somebody known to whoever may see them, else about somebody new; two statements, somebody told."""
    known = person.role in WORKERS
    who: Any = {"kind": "young_person", "ref": "child", "pseudonym": f"N{chance.randrange(10**6)}"}
    about, places = world.about[world.referral(person, chance)]
    who = world.id_of(about) if known else who
    again = who if known else "child"
    links = [
        {"from": again, "rel": says, "to": world.id_of(chance.choice(places)), "provenance": provenance(AS_OF.isoformat())}
        for says in ("harmed_at", "spends_time_at")
    ]
    body = {
        "kind": "individual", "received": AS_OF.isoformat(), "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [who], "contexts": []}, "efh_types": ["other"], "narrative": NARRATIVE, "links": links,
        "told": [{"person": again, "who": "young_person", "status": "told_content", "date": AS_OF.isoformat()}],
    }  # fmt: skip
    return _post(f"{API}/referrals", body)


def _new_statement(world: World, person: Person, chance: random.Random) -> Request:
    number = world.referral(person, chance)
    about, places = world.about[number]
    says = chance.choice(("spends_time_at", "feels_safe_at", "feels_unsafe_at"))
    body = {
        "from": world.id_of(about), "rel": says, "to": world.id_of(chance.choice(places)), "referral": world.id_of(f"R{number}"),
        "provenance": provenance(AS_OF.isoformat()),
    }  # fmt: skip
    return _post(f"{API}/assertions", body)


def _keep_written(person: Person, answer: Answer) -> None:
    person.written.append(answer.headers["location"])


def _change(_world: World, person: Person, chance: random.Random) -> Request | None:
    """Somebody changes their own referral: nobody else does, so no tag is ever stale, and every change must stand."""
    if person.changing or not person.own:
        return None
    person.changing = True
    person.note = f"Asked again, {chance.randrange(10**9)}."
    body = json.dumps({"change_hoped_for": person.note}).encode()
    return Request("PATCH", person.own, body, {"If-Match": person.tag})


def _keep_tag(person: Person, answer: Answer) -> None:
    person.tag = answer.headers["etag"]
    person.kept_note = person.note


WORK: tuple[Work, ...] = (
    Work("front page", Sort.READ, 8, WORKERS, _get("/")),
    Work("page of a referral", Sort.READ, 8, READERS, _of_referral("/referrals/{}")),
    Work("page of a context", Sort.READ, 5, WORKERS, _of_context("/contexts/{}")),
    Work("referral", Sort.READ, 14, READERS, _of_referral(f"{API}/referrals/{{}}")),
    Work("linked to a referral", Sort.READ, 7, WORKERS, _of_referral(f"{API}/referrals/{{}}/linked-referrals")),
    Work("linked by a context", Sort.READ, 4, WORKERS, _of_context(f"{API}/contexts/{{}}/linked-referrals")),
    Work("referrals, page by page", Sort.READ, 8, READERS, _next_page, _keep_next),
    Work("contexts", Sort.READ, 5, WORKERS, _get(f"{API}/contexts?limit=50")),
    Work("hotspots", Sort.READ, 5, WORKERS, _get(f"{API}/hotspots?min=3")),
    Work("told", Sort.READ, 5, WORKERS, _get(f"{API}/told?state=overdue")),
    Work("shared contexts", Sort.READ, 3, WORKERS, _get(f"{API}/shared-contexts?limit=20")),
    Work("search for a name", Sort.READ, 3, WORKERS, _search),
    Work("own grants", Sort.READ, 3, READERS | {Role.REFERRER}, _get(f"{API}/grants?limit=20")),
    Work("own audit", Sort.READ, 2, READERS | {Role.REFERRER}, _get(f"{API}/audit?by=me&limit=20")),
    Work("small map", Sort.READ, 4, CHAIRS, _of_map("small", "/picture.svg")),
    Work("small map as a list", Sort.READ, 2, CHAIRS, _of_map("small", "/list")),
    Work("map of 150: picture", Sort.MAP, 2, CHAIRS, _of_map("full", "/picture.svg")),
    Work("map of 150: document", Sort.MAP, 1, CHAIRS, _of_map("full", "")),
    Work("new referral", Sort.WRITE, 1.5, WRITERS, _new_referral, _keep_written, 201),
    Work("new statement", Sort.WRITE, 5.5, WORKERS, _new_statement, _keep_written, 201),
    Work(CHANGE, Sort.WRITE, 4, CHAIRS, _change, _keep_tag),
)
