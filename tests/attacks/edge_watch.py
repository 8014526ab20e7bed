"""What everybody sees of one random world, through the store, the network and REST, against the rule in words."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx

from api.sign_in.tokens import keep_token
from forum.access.actors import Actor, Role
from forum.access.standing import scope_for
from forum.kinds import CASE_KINDS
from graph.projection import Projection
from graph.records import Handling, Record, RecordId, new_id
from graph.store.boundary import Scope, Store
from tests.attacks.edge_worlds import ROLES, World
from tests.attacks.routes import API, Route, routes_by_name
from tests.attacks.serving import Inside
from tests.attacks.sight import ids_in, may_see, reached_by
from tests.builders import FORUM, NOW, an_account, keep

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
    "MapSheet": "/maps/{}",
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
    posted: int = 0
    refused: int = 0
    tied: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, other: "Tried") -> None:
        for name in self.__dataclass_fields__:
            one, another = getattr(self, name), getattr(other, name)
            setattr(self, name, sorted({*one, *another}) if isinstance(one, list) else one + another)

    def untried(self) -> list[str]:
        """The places of requests where a practitioner may name a record, and nothing hidden was named."""
        return [place for place in self.places if place not in self.tied]

    def sentence(self) -> str:
        return (
            f"edges are inert: {self.worlds} random worlds, {self.additions} additions, {self.looks} looks through store and "
            f"projection, {self.answers} answers of REST; {self.allowed} records opened by the one exception; "
            f"{self.posted} things made over REST by a practitioner; {self.refused} ties to hidden records refused, in "
            f"{len(self.tied)} of {len(self.places)} places of requests"
        )


@dataclass
class Watch:
    """One world in a store: what each role sees of it, by the store, the projection and, where it `asks`, REST."""

    store: Store
    inside: Inside
    projection: Projection
    world: World
    tried: Tried
    asks: bool = False
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
        """REST answers for what is seen, and has nothing else. A map is drawn for whoever sees what it is around, unless that was
        told to one worker alone: no map shows it.
        """
        drawn = {record.id for record in self.world.records if record.handling != Handling.YOUNG_PERSON_AND_WORKER} & seen
        for record in records:
            answer = self.send("GET", f"{API}{READ_AT[record.KIND].format(record.id)}", role=role)
            there = record.id in seen and (record.KIND != "MapSheet" or getattr(record, "around", None) in drawn)
            assert (answer.status_code == 200) == there, self._say(role, "REST", {record.id})
            assert answer.status_code in (200, 404)
            self.tried.answers += 1

    def send(
        self, method: str, path: str, body: object = None, tag: str | None = None, role: Role = Role.PRACTITIONER
    ) -> httpx.Response:
        """One request to REST, under a key of its own where it changes something."""
        headers = self.headers[role] | ({} if method == "GET" else {"Idempotency-Key": new_id()})
        return self.inside.request(method, path, json=body, headers=headers | ({"If-Match": tag} if tag else {}))

    def route(self, operation: str) -> Route:
        return routes_by_name(self.inside.app)[operation]

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
        if self.asks:
            self._ask_about(name, new, after)

    def _ask_about(self, name: str, new: list[Record], after: dict[Role, frozenset[RecordId]]) -> None:
        """REST is asked for one thing that was added, and for one that is hidden: of those that the new ones cite, if any."""
        chance = random.Random(f"{name} in {self.world.seed}")
        cited = {one for record in new for one in ids_in(record)}
        for role in READERS:
            hidden = [record for record in self.world.records if record.KIND in READ_AT and record.id not in after[role]]
            nearest = [record for record in hidden if record.id in cited] or hidden
            added = [record for record in new if record.KIND in READ_AT]
            self.ask(role, [chance.choice(several) for several in (added, nearest) if several], after[role])

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
