"""Asks one world everything: every route with what its actor sees, and with what is hidden in either world."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from fastapi import FastAPI

from api.settings import Settings
from api.sign_in.one_time_link import keep_link
from forum.access.actors import Role
from forum.access.sheets import ContextSheet
from forum.code_lists import CODE_LISTS
from graph.records import Record, RecordId
from graph.store.boundary import Scope, Store
from tests.api.running import UNHURRIED
from tests.attacks.asking import Answer, Asker, sign_in
from tests.attacks.edges import ways_to_tie
from tests.attacks.questions import questions_of
from tests.attacks.routes import API, Route, routes_of
from tests.attacks.serving import Inside, serve
from tests.attacks.twin_worlds import Half, TwinPair, colleague_of
from tests.attacks.writing import BY_NAME, Write, other_sessions_of, session_of_colleague, writes_of
from tests.builders import ACTOR, ANOTHER_FORUM, NOW, a_scope, a_write_key, an_audit_entry, erase
from tests.conftest import StorePlace, empty_place

CONTEXTS = ("Location", "School", "PeerGroup", "Neighbourhood", "OnlineSpace")
# What a parameter of a path names. A route with one that is not here fails the proof: nothing hidden would be tried on it.
NAMED_BY = {
    "referral_id": ("Referral",),
    "context_id": CONTEXTS,
    "person_id": ("YoungPerson",),
    "assertion_id": ("Assertion",),
    "incident_id": ("Incident",),
    "map_id": ("MapSheet",),
    "sheet_id": ("MapSheet",),
    "grant_id": ("Grant",),
    "restriction_id": ("Restriction",),
    "name": (),
    "conflict_id": ("Conflict",),
    "item_id": ("AgendaItem",),
}
# What says who may see: in no path but its own is there any such thing, seen or hidden.
ACCESS = ("Grant", "Restriction", "Conflict", "ContextSheet", "AgendaItem")
# The forms of a map that are made for each of the maps; files of it, for one of each mode.
MAPS_READ_WHOLE = ("read_map", "read_map_picture", "show_map")
# What takes as long as all the rest of a world: clusters begin a process, a picture as dots reads the fonts.
SLOW = ("read_clusters", "export_map_png")
ENDS_A_SESSION = ("look_as", "sign_out", "sign_out_everywhere", "sign_in")
SEARCHES = ("q", "a", "Arlo")
# A list is cut into this many pages and followed to its end; nothing is longer by more than what asking adds to an audit.
PAGES, MOST_PAGES = 3, 9
_ROUTES: list[Route] = []
# One route in so many is asked once more whether what it gave is still so: which ones, goes by the pair.
ASKED_AGAIN = 3


@dataclass(frozen=True)
class Depth:
    """How much of all that can be asked is asked of a pair: a share of it, drawn by the pair's seed; and the slow routes."""

    share: float = 1.0
    slow: bool = False


@dataclass
class World:
    """A served half of a pair, asked by its actor."""

    pair: TwinPair
    app: FastAPI
    asker: Asker
    hidden: tuple[RecordId, ...]
    routes: tuple[Route, ...]
    depth: Depth
    chance: Random
    said: list[tuple[str, Answer]] = field(default_factory=list)
    reached: set[Route] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    queried: set[str] = field(default_factory=set)

    def hidden_of(self, *kinds: str) -> list[RecordId]:
        """One id of these kinds that is there in one of the worlds, hidden, and in the other not at all; none where all agree."""
        found = [record.id for record in self._only_here if record.KIND in kinds]
        return [Random(f"{self.pair.seed} {kinds}").choice(found)] if found else []

    @cached_property
    def _only_here(self) -> list[Record]:
        return self.pair.only_in(self.pair.seed % 2)

    def some(self, questions: Iterable[Any]) -> list[Any]:
        """The questions that are asked in this pair: the same in both worlds."""
        return [one for one in questions if self.depth.share >= 1 or self.chance.random() < self.depth.share]

    def ask(self, route: Route, path: str, **given: Any) -> Any:
        """One request, whose answer is kept with a name for what was asked."""
        response = self.asker.ask(route.method, path, **given)
        if response.status_code < 300 or (route.is_page and route.method == "POST" and response.status_code == 303):
            self.reached.add(route)
        if response.status_code == 201:
            self.made.append(response.json()["id"])
        self.queried |= {query_of(route, name) for name in re.findall(r"[?&](\w+)=", path) if name in route.queries}
        self.said.append((self._named(f"{route.method} {path} {given or ''}"), self._without_new_ids(Answer.of(response))))
        return response

    def _without_new_ids(self, answer: Answer) -> Answer:
        """What this very request made has an id of its own in each world; the tag of an answer with it in is of these bytes."""
        text, headers = answer.body, self._named(repr(answer.headers))
        for number, made in enumerate(self.made):
            text = text.replace(made.encode(), b"made-%d" % number)
        if text != answer.body:
            headers = headers.replace(hashlib.sha256(answer.body).hexdigest()[:32], "of these bytes")
        return Answer(answer.status, ((headers, ""),), text)

    def _named(self, text: str) -> str:
        """The text with a name for each new id; a tag in it is of an answer that held one."""
        for number, made in enumerate(self.made):
            if made in text:
                text = re.sub(r"'If-Match': '[^']*'", "'If-Match': its tag", text.replace(made, f"made-{number}"))
        return text


def fill(store: Store, pair: TwinPair, half: Half) -> None:
    """Writes one world into an empty store."""
    chance = Random(half.foreign[0].id)
    if chance.random() < 0.5:
        _put(store, half.foreign, scope=a_scope(forum=ANOTHER_FORUM))
    cut = chance.randrange(1, len(half.records))
    kept = {record.id: record for part in (half.records[:cut], half.records[cut:]) for record in _put(store, part)}
    _put(store, half.access)
    store.append(half.opened)
    for one in half.again:
        _put(store, [kept[one]])
    if half.erased:
        erase(store, *half.erased)
    keep_link(store.shelf, pair.secret[:16], now=NOW)


def _put(store: Store, records: Sequence[Record], scope: Scope | None = None) -> list[Record]:
    """Writes records in one block, whose line names none of them: how often a case was written, its owner would see there."""
    with store.write(scope or a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        written = [writer.put(record) for record in records]
        writer.append(an_audit_entry(action="filled"))
    return written


def _settings_of(place: StorePlace) -> Settings:
    who = place.credentials
    named = {} if who is None else {"neo4j_user": who.user, "neo4j_password": who.password}
    return Settings(store=place.url, **named, **UNHURRIED)


def crawl(pair: TwinPair, number: int, place: StorePlace, depth: Depth) -> World:
    """Serves one half with the same clock and chance as the other, asks it everything, and stops it."""
    half = pair.halves[number]
    with place.opened:
        store = place.make()
        fill(store, pair, half)
        app = serve(_settings_of(place), lambda: NOW, Random(pair.seed).randbytes)
        inside = Inside(app)
        shelf, colleague = store.shelf, colleague_of(pair.secret)
        sign_in(inside, shelf, role=Role.PRACTITIONER, actor=colleague, secret=session_of_colleague(pair), now=NOW)
        for other in other_sessions_of(pair):
            sign_in(inside, shelf, role=pair.role, actor=pair.actor, secret=other, now=NOW)
        asker = sign_in(inside, shelf, role=pair.role, actor=pair.actor, secret=pair.secret, now=NOW)
        hidden = tuple(Random(pair.seed).choice(sorted(record.id for record in each.hidden)) for each in pair.halves)
        # The same for all: they are served with one table of routes.
        _ROUTES.extend([] if _ROUTES else routes_of(app))
        world = World(pair, app, asker, hidden, tuple(_ROUTES), depth, Random(f"asked {pair.seed}"))
        with inside:
            for question in (_ask_all_gets, _ask_searches, _ask_mistakes, _ask_histories, _ask_writes, _ask_histories):
                question(world)
    return world


def _ask_all_gets(world: World) -> None:
    for number, route in enumerate(world.routes):
        if route.method != "GET" or (route.name in SLOW and not world.depth.slow):
            continue
        known: dict[str, str] = {}
        if route.parameters:
            values = _values_for(world, route)
            for path in _chosen(world, route, [*_styled(world, route, values[0]), *map(route.at, values)]):
                known |= _tagged(path, world.ask(route, path))
        else:
            people = (world.pair.of("YoungPerson")[0].id, *world.hidden)
            for query in _chosen(world, route, ["", *questions_of(route, people)]):
                known |= _tagged(path := f"{route.template}{query}", _follow(world, route, path))
        if known and (number + world.pair.seed + len(world.pair.role)) % ASKED_AGAIN == 0:
            _ask_whether_it_is_still_so(world, route, *next(iter(known.items())))


def _tagged(path: str, response: Any) -> dict[str, str]:
    """The path with the tag of its answer, where there was one."""
    return {path: response.headers["etag"]} if "etag" in response.headers else {}


def _styled(world: World, route: Route, one: str) -> list[str]:
    """The path of one thing with each query that its route takes."""
    return [f"{route.at(one)}{query}" for query in questions_of(route, ())]


def _chosen(world: World, route: Route, questions: list[str]) -> list[str]:
    """A share of the questions; of a slow route, asked in few pairs, the first and the last."""
    if route.name in SLOW and world.depth.share < 1:
        return [questions[0], questions[-1]]
    return world.some(questions)


def _values_for(world: World, route: Route) -> list[str]:
    """What stands in the path: visible things of each kind that fits; one that only one world has, hidden, that fits; and one
    that need not. For a guest, who reads places from sheets, the place of a hidden sheet besides."""
    if "name" in route.parameters:
        return [*sorted(CODE_LISTS)[:2], "NONE"]
    kinds = _kinds_for(route)
    found: list[str] = []
    for kind in kinds:
        several = [record.id for record in world.pair.of(kind)]
        if kind == "MapSheet":
            found += several if route.name in MAPS_READ_WHOLE else [several[0], several[-1]]
        else:
            found += several[world.pair.seed % len(several) :][:2] if several else []
    sheets = world.pair.only_in(world.pair.seed % 2) if "context_id" in route.parameters else []
    places = [sheet.context for sheet in sheets if isinstance(sheet, ContextSheet)] if world.pair.role is Role.GUEST else []
    return [*found, *places, *world.hidden_of(*kinds), *_access_for(world, route), world.hidden[world.pair.seed % 2]]


def _kinds_for(route: Route) -> tuple[str, ...]:
    return NAMED_BY[route.parameters[0]]


def _access_for(world: World, route: Route) -> list[RecordId]:
    """For what is no path of access, one thing that says who may see, by turns: nowhere does it give another answer."""
    if set(_kinds_for(route)) & set(ACCESS):
        return []
    return world.hidden_of(ACCESS[(world.pair.seed + len(route.template)) % len(ACCESS)])


def _ask_whether_it_is_still_so(world: World, route: Route, path: str, tag: str) -> None:
    """Asks again with the tag that was given; and with one that fits whatever there is, for what is hidden."""
    hidden = (*world.hidden_of(*_kinds_for(route)), world.hidden[world.pair.seed % 2]) if route.parameters else ()
    for one, known in ((path, tag), *((route.at(each), "*") for each in hidden)):
        world.ask(route, one, **{"If-None-Match": known})


def _follow(world: World, route: Route, path: str) -> Any:
    """Asks, and goes on to the end as the answers say: after pages of one, by pages of a third of all there is.

    Gives the first answer.
    """
    first = None
    for number in range(MOST_PAGES):
        response = world.ask(route, path)
        first = response if first is None else first
        if response.status_code != 200 or response.headers["content-type"] != "application/json":
            return first
        answer = response.json()
        if not answer.get("next"):
            return first
        path = str(answer["next"])
        if number == 1:
            # Not for the pages of one to be walked through one by one: the cursor is of the question, not of its limit.
            path = re.sub(r"limit=\d+", f"limit={-(-answer['total']['value'] // PAGES)}", path)
    raise AssertionError(f"{path} comes to no end")


def _ask_searches(world: World) -> None:
    for route in world.routes:
        if route.name == "search_young_people":
            for name in world.some(SEARCHES):
                world.ask(route, route.template, json={"name": name})


def _ask_mistakes(world: World) -> None:
    """The ways of asking wrongly that meet a record on the way."""
    by_name = {route.name: route for route in world.routes if not route.is_page}
    referral, sheet = world.pair.of("Referral")[0].id, world.pair.of("MapSheet")[0].id
    read, listed = by_name["read_referral"], by_name["read_map_list"]
    for one in world.some((referral, *world.hidden)):
        world.ask(read, read.at(one), **{"Kith-Purpose": "incident"})
        world.ask(read, read.at(one), **{"Kith-Purpose": "curiosity"})
        world.ask(read, f"{read.at(one)}?secret=1")
        world.ask(by_name["change_referral"], read.at(one), json={"reason": "x"}, **{"If-Match": '"0"'})
        world.ask(by_name["change_referral"], read.at(one), json={"reason": "x"})
    _tie_what_is_hidden(world, referral)
    world.ask(listed, listed.at(sheet), Accept="application/json")
    world.ask(by_name["read_map_picture"], f"{by_name['read_map_picture'].at(sheet)}?style=mono")


def _tie_what_is_hidden(world: World, referral: RecordId) -> None:
    """Every body that would tie what is hidden in one world, and nothing in the other, to what is there in both."""
    making = {route.template: route for route in world.routes if route.method == "POST" and not route.parameters}
    person = world.pair.of("YoungPerson")[0].id
    for hidden in (world.hidden[world.pair.seed % 2], *world.hidden_of(*ACCESS)):
        for path, body in world.some(ways_to_tie(referral, person, hidden)):
            world.ask(making[f"{API}{path}"], f"{API}{path}", json=body)


def _ask_histories(world: World) -> None:
    """Who was shown each that is there in either world or in another forum: as a list, then as a page, which has the line that
    the list left in it. Asked again when all else is done; by then the session has ended, and the token alone still lets in.
    """
    by_name = {route.name: route for route in world.routes}
    listed, shown = by_name["list_audit"], by_name["show_who_saw_a_person"]
    there = {record.id for half in world.pair.halves for record in (*half.records, *half.foreign)}
    for one in world.some(sorted(there)):
        if world.ask(listed, f"{listed.template}?person={one}").status_code == 403:
            return  # by the role alone: the same for every id
        world.ask(shown, shown.at(one))


def _ask_writes(world: World) -> None:
    """Last, what changes the world: each route with what it takes, on what is visible and on what is hidden.

    What makes things comes after what changes them: a new thing's id is new in each world, and stands in what cites it.
    """
    for route in sorted(world.routes, key=_turn):
        for write in writes_of(route, world.pair):
            for one in world.some((write.on, *_hidden_for(world, route)) if write.on else ("",)):
                made = len(world.made)
                _send(world, route, write, one)
                for new in world.made[made:]:
                    _ask_of_what_was_made(world, route, new)


def _hidden_for(world: World, route: Route) -> list[RecordId]:
    """What is hidden that fits the path, or where there is none, anything."""
    fits = world.hidden_of(*_kinds_for(route)) if route.parameters else []
    return fits or [world.hidden[world.pair.seed % 2]]


def _turn(route: Route) -> tuple[int, bool, bool, bool]:
    """What changes things first, then what makes them; what restricts them after that, and what ends the session last."""
    ends = ENDS_A_SESSION.index(route.name) + 1 if route.name in ENDS_A_SESSION else 0
    return ends, "restriction" in route.name, route.method == "POST", not route.parameters


def _send(world: World, route: Route, write: Write, one: str) -> None:
    headers = {"If-Match": _tag(world, route.at(one))} if route.method in ("PATCH", "PUT", "DELETE") else {}
    given = {"form": write.form} if write.form is not None else {"json": write.body}
    own = world.asker
    world.asker = replace(own, secret=write.secret or own.secret)
    world.ask(route, route.at(one), **given, **headers)
    world.asker = replace(own, asked=world.asker.asked)


def _ask_of_what_was_made(world: World, making: Route, new: str) -> None:
    """Reads, changes and takes away what was just made, where it can be taken away: nobody has that from the start."""
    its_own = [route for route in world.routes if re.fullmatch(re.escape(making.template) + r"/\{\w+\}", route.template)]
    if not any(route.method == "DELETE" for route in its_own):
        return
    for route in sorted(its_own, key=lambda route: ("GET", "PATCH", "PUT", "DELETE", "POST").index(route.method)):
        if route.method == "GET":
            world.ask(route, route.at(new))
        elif route.name not in BY_NAME:
            for write in writes_of(route, world.pair):
                _send(world, route, write, new)


def _tag(world: World, path: str) -> str:
    response = world.asker.ask("GET", path)
    return str(response.headers.get("etag", '"none"'))


@dataclass
class Asked:
    """How much was tried over many pairs. Routes by name of method and path, so that it can be kept between runs."""

    pairs: int = 0
    answers: int = 0
    roles: dict[str, int] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    queried: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    def add(self, world: World) -> None:
        """One pair more, of which both worlds answered the same."""
        self.pairs += 1
        self.answers += len(world.said)
        self.roles[world.pair.role] = self.roles.get(world.pair.role, 0) + 1
        self.routes = [str(route) for route in world.routes]
        self.reached = sorted({*self.reached, *map(str, world.reached)})
        self.queried = sorted({*self.queried, *world.queried})
        self.queries = [query_of(route, name) for route in world.routes for name in route.queries]

    def unreached(self) -> list[str]:
        """The routes that answered nobody with what they are for."""
        return [route for route in self.routes if route not in self.reached]

    def unasked(self) -> list[str]:
        """The parameters of queries that no route was asked with."""
        return [query for query in self.queries if query not in self.queried]

    def sentence(self) -> str:
        return (
            f"{self.pairs:,} pairs, {len(self.roles)} roles, {len(self.routes) - len(self.unreached())} of {len(self.routes)} "
            f"routes reached, {len(self.queries) - len(self.unasked())} of {len(self.queries)} parameters of queries asked, "
            f"{self.answers:,} answers the same to the byte in both worlds"
        )


def query_of(route: Route, name: str) -> str:
    """What a parameter of a route's query is called."""
    return f"{route} ?{name}"


def try_pair(pair: TwinPair, place_of: Callable[[int], StorePlace], depth: Depth) -> World:
    """Both halves of a pair, asked the same. AssertionError with the first difference. Gives one of them, for what was tried."""
    one, other = (crawl(pair, number, place_of(number), depth) for number in (0, 1))
    told = difference(one, other)
    assert not told, f"a {pair.role} can tell the worlds of pair {pair.seed} apart: {told}"
    return one


def places_in(folder: Path) -> Callable[[int], StorePlace]:
    """A place for an embedded store for each half, in a folder of its own."""

    def place(number: int) -> StorePlace:
        own = folder / str(number)
        own.mkdir(parents=True)
        return empty_place("sqlite", own)

    return place


def difference(one: World, other: World) -> str:
    """The first answer in which two worlds differ; empty when they are the same to the byte."""
    for (asked, first), (asked_too, second) in zip(one.said, other.said, strict=False):
        if asked != asked_too:
            return f"different questions follow from what was answered: {asked!r} and {asked_too!r}"
        if first != second:
            return f"{asked}: {first.status} and {second.status}{_where(first, second)}"
    return "" if len(one.said) == len(other.said) else "one world leads to more pages than the other"


def _where(first: Answer, second: Answer) -> str:
    if first.body == second.body:
        return f"; headers {first.headers} and {second.headers}"
    at = next(
        (n for n, (a, b) in enumerate(zip(first.body, second.body, strict=False)) if a != b),
        min(len(first.body), len(second.body)),
    )
    near = slice(max(0, at - 120), at + 120)
    return f"; at byte {at}: {first.body[near]!r} and {second.body[near]!r}"
