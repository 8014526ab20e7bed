"""Adding a thing, and what everyone sees before and after: through the store, the projection and REST."""

import json
import random
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from api.settings import Settings
from api.sign_in.tokens import keep_token
from forum.access.actors import Actor, Role
from forum.access.policy import house_scope
from forum.access.standing import scope_for
from forum.kinds import CASE_KINDS
from graph.contexts import TYPE_OF_KIND
from graph.projection import Projection
from graph.records import ActorId, Record, RecordId, new_id
from graph.store.boundary import Scope, Store
from ingest.case_file import read_case
from ingest.case_load import load_case
from ingest.load import import_referrals, read_import
from tests.api.running import UNHURRIED
from tests.attacks.edge_worlds import ROLES, World, a_world, additions
from tests.attacks.serving import Inside, serve
from tests.attacks.sight import ids_in, may_see, reached_by
from tests.boroughs import a_borough
from tests.builders import ALL_KINDS, FORUM, NOW, an_account, keep
from tests.conftest import StorePlace

WORLDS_AT_ONCE = 20
# Where each kind of record is read, and by which roles: the rest may not ask at all.
READ_AT = {
    "Referral": "/referrals/{}",
    "YoungPerson": "/young-people/{}",
    "PeerGroup": "/contexts/{}",
    "School": "/contexts/{}",
    "Location": "/contexts/{}",
    "Neighbourhood": "/contexts/{}",
    "OnlineSpace": "/contexts/{}",
    "Assertion": "/assertions/{}",
    "Incident": "/incidents/{}",
}
READERS = (Role.PRACTITIONER, Role.PANEL_MEMBER)


@dataclass
class Tried:
    """How much was tried. `allowed` counts what became visible by the one exception of the rule."""

    worlds: int = 0
    additions: int = 0
    looks: int = 0
    answers: int = 0
    allowed: int = 0
    refused: int = 0

    def add(self, other: "Tried") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def sentence(self) -> str:
        return (
            f"edges are inert: {self.worlds} random worlds, {self.additions} additions, {self.looks} looks through store and "
            f"projection, {self.answers} answers of REST; {self.allowed} records opened by the one exception; "
            f"{self.refused} ties to hidden records refused"
        )


@dataclass
class Watch:
    """One world in a store: what each role sees of it, by the store, the projection and REST, against the rule in words."""

    store: Store
    inside: Inside
    projection: Projection
    world: World
    tried: Tried
    headers: dict[Role, dict[str, str]] = field(default_factory=dict)

    def begin(self) -> None:
        """Puts the world into the store, and gives everybody a token."""
        accounts = [an_account(actor, role) for role, actor in self.world.actors.items()]
        keep(self.store, *self.world.records, *self.world.grants(), *accounts)
        for role, actor in self.world.actors.items():
            token = new_id()
            keep_token(self.store.shelf, token, actor=actor, role=role, name="", agency=None, hours=4, now=NOW)
            self.headers[role] = {"Authorization": f"Bearer {token}"}

    def ids(self) -> frozenset[RecordId]:
        return frozenset(record.id for record in self.world.records)

    def scope(self, role: Role) -> Scope:
        actor = Actor(id=self.world.actors[role], role=role, forum=FORUM, signed_in_at=NOW)
        return scope_for(self.store, actor, now=NOW, case=CASE_KINDS)

    def look(self) -> dict[Role, frozenset[RecordId]]:
        """What each role sees of this world. Store and projection must agree with the rule and with one another."""
        self.projection.catch_up(self.store)
        return {role: self._look(role) for role in ROLES}

    def _look(self, role: Role) -> frozenset[RecordId]:
        scope, ids = self.scope(role), self.ids()
        with self.store.view(scope) as view:
            by_store = frozenset(record.id for record in view.several(ids))
        network = self.projection.within(scope)
        by_network = frozenset(ids.intersection(network.nodes) | ids.intersection(key for _, _, key in network.edges(keys=True)))
        expected = may_see(self.world.records, self.world.named[role], role)
        assert by_store == expected, self._say(role, "the store", by_store ^ expected)
        assert by_network == expected, self._say(role, "the projection", by_network ^ expected)
        self.tried.looks += 2
        return expected

    def ask(self, role: Role, records: Iterable[Record], seen: frozenset[RecordId]) -> None:
        """REST answers for what is seen, and has nothing else."""
        for record in records:
            answer = self.inside.request("GET", f"/api/v1{READ_AT[record.KIND].format(record.id)}", headers=self.headers[role])
            assert (answer.status_code == 200) == (record.id in seen), self._say(role, "REST", {record.id})
            assert answer.status_code in (200, 404)
            self.tried.answers += 1

    def _say(self, role: Role, by: str, ids: Iterable[RecordId]) -> str:
        kinds = {record.id: f"{record.KIND} {record.id}" for record in self.world.records}
        return f"world {self.world.seed}: {role} and {by} differ about {[kinds[one] for one in ids]}"

    def add(self, name: str, do: Callable[[], Iterable[Record]], before: dict[Role, frozenset[RecordId]]) -> None:
        """Something is added: nobody sees what was there already and hidden, but for the one exception."""
        old = self.ids()
        new = list(do())
        self.world.records.extend(new)
        after = self.look()
        for role in ROLES:
            opened = (after[role] & old) - before[role]
            allowed = self._allowed(role, {record.id for record in new})
            assert opened <= allowed, f"world {self.world.seed}: a {name} opened {opened - allowed} to a {role}"
            self.tried.allowed += len(opened)
        before.update(after)
        self.tried.additions += 1

    def _allowed(self, role: Role, new: set[RecordId]) -> frozenset[RecordId]:
        """What the thing cites when it was added to a referral that this role's grants are for, and the statements on it."""
        reached = reached_by(self.world.records, self.world.named[role], role)
        cited = {one for record in reached if record.id in new for one in (*ids_in(record), record.id)}
        ties = {
            record.id
            for record in self.world.of("Assertion")
            if cited.intersection(
                (getattr(record, "source", ""), getattr(record, "target", ""), getattr(record, "stated_in", ""))
            )
        }
        return frozenset(cited | ties)


def try_worlds(folder: Path, seeds: Iterable[int]) -> Tried:
    """Every world of these seeds in a store of its own folder, twenty at a time; each seed is one world."""
    tried, waiting = Tried(), list(seeds)
    for number in range(0, len(waiting), WORLDS_AT_ONCE):
        place = StorePlace(f"sqlite:///{folder / f'worlds-{number}.db'}", None)
        with place.opened:
            store = place.make()
            projection = Projection(ALL_KINDS)
            with Inside(serve(Settings(store=place.url, **UNHURRIED), lambda: NOW, secrets.token_bytes)) as inside:
                for seed in waiting[number : number + WORLDS_AT_ONCE]:
                    tried.add(try_world(store, inside, projection, seed))
    return tried


def try_world(store: Store, inside: Inside, projection: Projection, seed: int) -> Tried:
    """One world: seven things added one by one, and in every tenth world a case file and a table besides."""
    watch = Watch(store, inside, projection, a_world(seed), Tried(worlds=1))
    watch.begin()
    before = watch.look()
    for name, record in additions(seed, watch.world):
        watch.add(name, lambda record=record: [keep(watch.store, record)], before)  # type: ignore[misc]
    if seed % 10 == 0:
        watch.add("case file", lambda: _loaded(watch, lambda: _load_a_case(watch.store, seed)), before)
        watch.add("table", lambda: _loaded(watch, lambda: _import_a_table(watch, seed)), before)
    if seed % 5 == 0:
        chance = random.Random(seed)
        for role in READERS:
            readable = [record for record in watch.world.records if record.KIND in READ_AT]
            watch.ask(role, chance.sample(readable, min(8, len(readable))), before[role])
        watch.tried.refused += tie_to_what_is_hidden(watch, before[Role.PRACTITIONER])
        assert watch.look() == before
    return watch.tried


def _loaded(watch: Watch, load: Callable[[], object]) -> list[Record]:
    """The records that this brought into the store."""
    after = watch.store.revision()
    load()
    made: set[RecordId] = set()
    while changes := watch.store.changes(after=after, limit=5000):
        made |= {change.record for change in changes}
        after = changes[-1].revision
    with watch.store.view(house_scope(FORUM)) as view:
        return [record for record in view.several(made) if record.KIND != "Grant"]


def _load_a_case(store: Store, seed: int) -> None:
    text = json.dumps(a_borough(seed, people=4, referrals=2))
    load_case(store, read_case(text), scope=house_scope(FORUM), by=ActorId("loader"), now=datetime.now(UTC))


def _import_a_table(watch: Watch, seed: int) -> None:
    """Rows about a young person who is there already under the agency's own number, at places that are there by name."""
    rows = [
        "referral,received,kind,referrer_role,referrer_agency,efh_types,young_person,known_as,place_1,place_1_kind,place_1_rel"
    ]
    numbered = [person for person in watch.world.young if getattr(person, "agency_number", None)]
    for number in range(len(numbered)):
        place = watch.world.contexts[number * 2]
        kind = getattr(place, "place_kind", None) or TYPE_OF_KIND[place.KIND]
        rows.append(
            f"A{seed}-{number},2026-11-{10 + number},individual,teacher,police,cce,{seed}-{number},Arlo,"
            f"{getattr(place, 'label', '')},{kind},harmed_at"
        )
    given = read_import("\n".join(rows).encode())
    import_referrals(
        watch.store, given, scope=house_scope(FORUM), by=ActorId("loader"), now=datetime.now(UTC), pause=lambda _seconds: None
    )


def tie_to_what_is_hidden(watch: Watch, seen: frozenset[RecordId]) -> int:
    """A practitioner ties what is hidden to a referral of their own, in each way REST knows: refused as if it did not exist."""
    mine = [record for record in watch.world.referrals if record.id in seen]
    visible = [record for record in watch.world.young if record.id in seen]
    hidden = [record for record in watch.world.records if record.id not in seen]
    if not mine or not visible or not hidden:
        return 0
    hidden = random.Random(watch.world.seed).sample(hidden, min(4, len(hidden)))
    refused = 0
    for record in hidden:
        for path, body in ways_to_tie(mine[0].id, visible[0].id, record.id):
            answers = [
                _post(watch, path, json.loads(json.dumps(body).replace(record.id, other))) for other in (record.id, new_id())
            ]
            statuses = [answer.status_code for answer in answers]
            assert statuses[0] == statuses[1] and 400 <= statuses[0] < 500, f"{path} to a {record.KIND}: {statuses}"
            bodies = [_without_names(answer) for answer in answers]
            assert bodies[0] == bodies[1], f"{path} tells a hidden {record.KIND} from none: {bodies}"
            refused += 1
    return refused


def ways_to_tie(mine: RecordId, visible: RecordId, hidden: RecordId) -> list[tuple[str, dict[str, object]]]:
    """Every body that would tie a hidden record to a referral, a person or a map of one's own."""
    provenance = {
        "kind": "observed",
        "source_role": "teacher",
        "agency": "school_college_ap",
        "reliability": "first_hand",
        "date_known": "2026-11-20",
    }
    link = {"from": visible, "rel": "unclear", "to": hidden, "provenance": provenance}
    referral = {
        "kind": "individual",
        "received": "2026-11-20",
        "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "efh_types": ["cce"],
    }
    sheet = {"steps": 2, "mode": "coordination", "purpose": "p", "owner": "o", "review_by": "2026-12-20"}
    return [
        ("/assertions", {**link, "referral": mine}),
        ("/assertions", {**link, "to": visible, "from": hidden, "referral": mine}),
        ("/assertions", {**link, "rel": "harmed_at", "referral": None}),
        ("/incidents", {"kind": "missing_together", "participants": [{"person": hidden, "roles": []}], "referral": mine}),
        ("/referrals", {**referral, "subject": {"people": [hidden], "contexts": []}}),
        ("/referrals", {**referral, "subject": {"people": [], "contexts": [hidden]}}),
        ("/maps", {**sheet, "kind": "peer", "around": hidden}),
        ("/locations", {"label": "Here", "part_of": hidden}),
        ("/young-people", {"known_as": "Bela", "setting": hidden}),
    ]


def _post(watch: Watch, path: str, body: object) -> httpx.Response:
    headers = {**watch.headers[Role.PRACTITIONER], "Idempotency-Key": new_id()}
    answer = watch.inside.request("POST", f"/api/v1{path}", json=body, headers=headers)
    return answer


def _without_names(answer: httpx.Response) -> object:
    """The body without the reference of this very problem, which is new each time."""
    body = answer.json()
    body.pop("instance", None)
    return body
