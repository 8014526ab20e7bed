"""Calls made after the description, most of them nearly right, to a served borough; each answer is judged.

`python -m tests.attacks.fuzzing 20000` makes that many. What answers give (ids, tags, cursors) goes into later calls, and what
was accepted is read again. A run is settled by its seed, apart from ids that the service makes.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx

from forum.access.actors import Role
from forum.access.policy import house_scope
from forum.code_lists import CODE_LISTS
from ingest.case_file import read_case
from ingest.case_load import load_case
from tests.api.running import API, Caller, Service
from tests.attacks import odd_values
from tests.attacks.described import Maker, Operation, operations, path_parameters
from tests.attacks.judging import check_accepted, check_frame, lost
from tests.builders import ACTOR, FORUM
from tests.conftest import empty_place

CALLS = 2_000
CASE = Path(__file__).parents[1] / "fixtures" / "calderwick.yaml"
# Far enough apart that no limit of so many an hour is met.
BETWEEN = timedelta(seconds=10)
MOST_HOURS = 24 * 25
PURPOSES = tuple(code.code for code in CODE_LISTS["SHARING_PURPOSE"].codes)
OTHER_HEADERS = ("Accept", "If-None-Match", "Range", "Host", "Origin", "Cookie", "X-Forwarded-For", "Accept-Encoding")
OTHER_VALUES = (*odd_values.ODD_HEADERS, "application/json", "bytes=0-1,0-2", "kith_session=00", "evil.example")
OFTEN, SELDOM = 0.8, 0.1


@dataclass
class Tried:
    """How many calls were made, and how each operation answered."""

    calls: int = 0
    read_again: int = 0
    answers: dict[str, Counter[int]] = field(default_factory=dict)

    def count(self, name: str, status: int) -> None:
        self.calls += 1
        self.answers.setdefault(name, Counter())[status] += 1

    def reached(self) -> set[str]:
        """The operations that somebody got something from."""
        return {name for name, found in self.answers.items() if any(status < 300 for status in found)}

    def line(self) -> str:
        statuses: Counter[int] = sum(self.answers.values(), Counter())
        told = ", ".join(f"{status}: {number:,}" for status, number in sorted(statuses.items()))
        return f"Fuzz: {self.calls:,} calls to {len(self.answers)} operations, {self.read_again:,} read again ({told})"


@dataclass(frozen=True)
class Call:
    """One request. `sent` is its body as plain data, where it is that."""

    operation: Operation
    path: str
    headers: dict[str, str]
    content: bytes | None = None
    sent: Any = None


def _is_for_one_worker(sent: Mapping[str, Any]) -> bool:
    """A statement marked for one worker is theirs alone: a coordinator who makes it in nobody's referral reads it no more."""
    provenance = sent.get("provenance")
    return isinstance(provenance, Mapping) and provenance.get("handling") == "young_person_and_worker"


class Fuzz:
    """One run against one service."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service = service
        self.chance = Random(seed)
        self.tried = Tried()
        self.ids = self._load()
        self.maker = Maker(self.chance, self.ids)
        self.often = [found for found in operations() for _ in range(3 if found.body is not None else 1)]
        self.good: dict[str, list[str]] = {}
        self.kinds: dict[str, set[str]] = {}
        self.kind_of = {one: kind for kind, ids in self.ids.items() for one in ids}
        self.plainly = False
        self.turns: Counter[str] = Counter()
        self.tags: dict[str, list[str]] = {}
        self.cursors: list[str] = [""]
        self.made: list[tuple[Caller, Call, httpx.Response]] = []
        referral, person = self.ids["Referral"][0], self.ids["YoungPerson"][0]
        self.coordinator = self._caller(Role.COORDINATOR)
        self.others = [
            self._caller(Role.CHAIR),
            self._caller(Role.PRACTITIONER, referral, person),
            self._caller(Role.REFERRER),
            self._caller(Role.PANEL_MEMBER, referral),
            self._caller(Role.GUEST, self.ids["Location"][0]),
            self._caller(Role.ANALYST),
            self._caller(Role.INFORMATION_GOVERNANCE),
            self._caller(Role.ADMINISTRATOR),
            Caller(service.client, ACTOR, {}),
            Caller(service.client, ACTOR, {"Authorization": "Bearer " + "0" * 64}),
            Caller(service.client, ACTOR, {"Authorization": "Basic Zm86YmFy"}),
        ]

    def _load(self) -> dict[str, list[str]]:
        store = self.service.store
        load_case(store, read_case(CASE), scope=house_scope(FORUM), by=ACTOR, now=self.service.clock())
        found: dict[str, list[str]] = {}
        after = 0
        while page := list(store.changes(after=after, limit=1_000)):
            for change in page:
                found.setdefault(change.kind, []).append(str(change.record))
            after = max(change.revision for change in page)
        return found

    def _caller(self, role: Role, *reads: Any) -> Caller:
        return self.service.caller(role, reads=reads, hours=MOST_HOURS)

    def run(self, calls: int) -> Tried:
        """Makes at least so many calls. AssertionError with the call that was answered wrongly."""
        self._find_ids()
        while self.tried.calls < calls:
            operation, self.plainly = self.chance.choice(self.often), False
            caller = self.coordinator if self.chance.random() < 0.7 else self.chance.choice(self.others)
            waiting = [found for found in operations() if found.name not in self.tried.reached()]
            if waiting and self.chance.random() < 0.3:
                operation, caller, self.plainly = self._on_the_way(self.chance.choice(waiting)), self.coordinator, True
            elif self.made and self.chance.random() < 0.05:
                self._repeat()
                continue
            self.call(caller, self._make(caller, operation))
        return self.tried

    def _on_the_way(self, waiting: Operation) -> Operation:
        """An operation that nobody reached yet, or one that makes what it is about."""
        makers = [found for found in operations() if waiting.name in found.leads_to and self.chance.random() < 0.3]
        return self.chance.choice(makers or [waiting])

    def _find_ids(self) -> None:
        """Which kinds of id each path takes: every GET that takes one id is tried with one of each kind."""
        for operation in operations():
            if operation.method == "GET" and path_parameters(operation.path) and operation.path == operation.prefix:
                for kind in [*sorted(self.ids), "code list"]:
                    for one in self.ids.get(kind, list(CODE_LISTS))[:2]:
                        path = self._path(operation, one)
                        self.call(self.coordinator, Call(operation, path, {}))

    def call(self, caller: Caller, call: Call) -> httpx.Response:
        """Sends, judges and remembers."""
        response = self._send(caller, call)
        self.tried.count(call.operation.name, response.status_code)
        try:
            check_frame(call.operation, response, call.sent)
            if response.status_code < 300:
                check_accepted(call.operation, call.sent)
                self._remember(caller, call, response)
        except AssertionError as error:
            said = f"{call.operation.method} {call.path[:200]} {str(call.headers)[:300]} {str(call.content)[:3000]}"
            raise AssertionError(f"{error}\n  {said}\n  {response.text[:1500]}") from None
        return response

    def _send(self, caller: Caller, call: Call) -> httpx.Response:
        self.service.clock.now += BETWEEN
        headers = {name: value.encode("latin-1") for name, value in {**caller.headers, **call.headers}.items()}
        sending: Any = {"headers": headers, "content": call.content}
        return caller.client.request(call.operation.method, f"{API}{call.path}", **sending)

    def _remember(self, caller: Caller, call: Call, response: httpx.Response) -> None:
        path = call.path.partition("?")[0]
        if "ETag" in response.headers:
            self.tags.setdefault(path, []).append(response.headers["ETag"])
        if path_parameters(call.operation.path):
            (one,) = path_parameters(call.operation.path)
            place = call.operation.path.split("/").index(f"{{{one}}}")
            one = path.split("/")[place]
            self.good.setdefault(call.operation.prefix, []).append(one)
            if one in self.kind_of:
                self.kinds.setdefault(call.operation.prefix, set()).add(self.kind_of[one])
        if (
            response.headers["content-type"] == "application/json"
            and isinstance(said := response.json(), dict)
            and said.get("next")
        ):
            self.cursors.append(httpx.URL(said["next"]).params["cursor"])
        if call.operation.method == "PATCH":
            faults = lost({name: value for name, value in call.sent.items()}, response.json())
            assert not faults, f"{call.operation.name} answers otherwise than it was told: {faults}"
        if response.status_code == 201:
            self.made.append((caller, call, response))
            self._read_again(caller, call, response)

    def _read_again(self, caller: Caller, call: Call, response: httpx.Response) -> None:
        """What was made is there at once, as it was sent."""
        for name in call.operation.leads_to:
            (following,) = [found for found in operations() if found.name == name]
            self.good.setdefault(following.prefix, []).append(response.json()["id"])
            path = response.headers["Location"].removeprefix(API)
            if following.method != "GET" or self._path(following, response.json()["id"]) != path:
                continue
            read = self.call(caller, Call(following, path, {}))
            if _is_for_one_worker(call.sent):
                assert read.status_code in (200, 404), f"{call.operation.name}: {read.status_code}"
                continue
            if caller is self.coordinator and str(call.sent.get("received", "")) <= self.service.clock.now.date().isoformat():
                assert read.status_code == 200, f"{call.operation.name} made what cannot be read: {read.status_code}"
                faults = [] if call.operation.name == "create_map" else lost(call.sent, read.json())
                assert not faults, f"{call.operation.name} kept otherwise than sent: {faults}"
                self.tried.read_again += 1

    def _repeat(self) -> None:
        """The same request with the same key once more: the same answer, and nothing made."""
        caller, call, before = self.chance.choice(self.made)
        if self.chance.random() < 0.3:
            other = json.dumps({**call.sent, "a field more": 1}).encode()
            refused = self.call(caller, Call(call.operation, call.path, call.headers, other, call.sent))
            assert refused.status_code == 422, "another body under the same key was not refused"
            return
        again = self._send(caller, call)
        self.tried.count(call.operation.name, again.status_code)
        same = (again.status_code, again.content, again.headers["Location"])
        assert same == (before.status_code, before.content, before.headers["Location"]), call.operation.name

    def _path(self, operation: Operation, one: str) -> str:
        path = operation.path
        for name in path_parameters(path):
            path = path.replace(f"{{{name}}}", quote(one, safe="", errors="replace"))
        return path

    def _make(self, caller: Caller, operation: Operation) -> Call:
        """A call of this operation: right, or with a thing or two wrong."""
        path = self._path(operation, self._an_id(operation)) + self._query(operation)
        headers: dict[str, str] = {}
        if operation.needs("if-match"):
            headers |= self._tag(caller, operation, path)
        if operation.needs("idempotency-key") and self.chance.random() < 0.95:
            headers["Idempotency-Key"] = self._header(f"key {self.chance.getrandbits(64):x}")
        if self.chance.random() < SELDOM:
            headers["Kith-Purpose"] = self.chance.choice([*PURPOSES, "", "é", "fun"])
        if self.chance.random() < SELDOM:
            headers[self.chance.choice(OTHER_HEADERS)] = self.chance.choice(OTHER_VALUES)
        if operation.body is None:
            return Call(operation, path, headers)
        return self._with_body(operation, path, headers)

    def _with_body(self, operation: Operation, path: str, headers: dict[str, str]) -> Call:
        headers["Content-Type"] = "application/json"
        if self.chance.random() < 0.04:
            headers["Content-Type"] = self.chance.choice(odd_values.ODD_KINDS)
        if self.chance.random() < 0.06:
            return Call(operation, path, headers, self.chance.choice(odd_values.ODD_BODIES), {})
        sent: Any = self._patch(operation) if operation.method == "PATCH" else self.maker.body(operation.body or {})
        for _ in range(0 if self.plainly else self.chance.choice([0, 0, 0, 1, 1, 2])):
            sent = odd_values.spoil(sent, self.chance)
        return Call(operation, path, headers, json.dumps(sent).encode("utf-8"), sent)

    def _patch(self, operation: Operation) -> dict[str, Any]:
        """One or two fields of what the same path makes, or of nothing known."""
        (made,) = [found for found in operations() if found.method == "POST" and found.path == operation.path.rpartition("/{")[0]]
        whole = self.maker.body(made.body or {})
        chosen = self.chance.sample(sorted(whole), min(len(whole), 2))
        return {name: whole[name] if self.chance.random() < OFTEN else None for name in chosen}

    def _tag(self, caller: Caller, operation: Operation, path: str) -> dict[str, str]:
        """The tag of what is there now, read first; or an older one, another's, an odd one, none."""
        how = self.chance.random()
        if how < 0.7:
            (reading,) = [found for found in operations() if found.method == "GET" and found.path == operation.path]
            tag = self.call(caller, Call(reading, path, {})).headers.get("ETag")
            return {"If-Match": tag} if tag else {}
        if how > 0.95:
            return {}
        known = [tag for tags in self.tags.values() for tag in tags] or ["*"]
        return {"If-Match": self.chance.choice(known if how < 0.85 else odd_values.ODD_HEADERS)}

    def _an_id(self, operation: Operation) -> str:
        how = self.chance.random()
        good = self.good.get(operation.prefix)
        if self.plainly and path_parameters(operation.path):
            return self._next_id(operation)
        if good and how < 0.6:
            return self.chance.choice(good[-60:])
        if kinds := sorted(self.kinds.get(operation.prefix, ())) if how < 0.88 else []:
            return self.chance.choice(self.ids[self.chance.choice(kinds)])
        if how < 0.95:
            return self.chance.choice(self.ids[self.chance.choice(sorted(self.ids))])
        odd = [text for text in odd_values.ODD_TEXTS if text.strip() and "/" not in text and len(text) < 5_000]
        return self.chance.choice(odd)

    def _next_id(self, operation: Operation) -> str:
        """One id after the other of all that might be meant, the newest first."""
        kinds = sorted(self.kinds.get(operation.prefix, ()))
        whole = [*self.good.get(operation.prefix, [])[::-1], *(one for kind in kinds for one in self.ids[kind])]
        whole = list(dict.fromkeys(whole)) or sorted(self.kind_of)
        self.turns[operation.name] += 1
        return whole[self.turns[operation.name] % len(whole)]

    def _query(self, operation: Operation) -> str:
        said: list[tuple[str, str]] = []
        for parameter in operation.parameters:
            if self.chance.random() < 0.4:
                said.append((parameter["name"], self._parameter(parameter)))
        if self.chance.random() < 0.04:
            said.append((self.chance.choice(["offset", "Limit", "limit", "q", "on", "now"]), "1"))
        return "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in said) if said else ""

    def _parameter(self, parameter: Any) -> str:
        if self.chance.random() < 0.25:
            return self.chance.choice(odd_values.ODD_PARAMETERS)
        if parameter["name"] == "cursor":
            cursor = self.chance.choice(self.cursors[-20:])
            return cursor if self.chance.random() < 0.7 else cursor[:-3] + "AAA"
        if parameter["name"] == "min":
            return self.chance.choice(["1", "3", "6", "10"])
        return str(self.maker.value(parameter["schema"] | {"description": parameter.get("description", "")}, parameter["name"]))

    def _header(self, usual: str) -> str:
        return usual if self.chance.random() < 0.95 else self.chance.choice(odd_values.ODD_HEADERS)


def fuzz(folder: Path, calls: int = CALLS, *, seed: int = 5) -> Tried:
    """A run on a new embedded store in this folder."""
    place = empty_place("sqlite", folder)
    with place.opened:
        service = Service(place)
        with service.client:
            return Fuzz(service, seed).run(calls)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(fuzz(Path(made), int((sys.argv[1:] or [str(CALLS)])[0]), seed=int((sys.argv[2:] or ["5"])[0])).line())
