"""One scenario of generated calls: who makes each, what is put right or spoilt in it, and how its answer is judged."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import strategies
from hypothesis.stateful import initialize
from schemathesis import Response
from schemathesis.core import NOT_SET
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput

from tests.api.running import API
from tests.attacks import odd_values
from tests.attacks.described import Operation, operations, path_parameters
from tests.attacks.fuzz_borough import PURPOSES, Call, Somebody
from tests.attacks.fuzz_memory import Memory
from tests.attacks.judging import Wrong, check_accepted, check_frame
from tests.attacks.role_table import may

OTHER_HEADERS = ("Accept", "If-None-Match", "Range", "Host", "Origin", "Cookie", "X-Forwarded-For", "Accept-Encoding")
OTHER_VALUES = (*odd_values.ODD_HEADERS, "application/json", "bytes=0-1,0-2", "kith_session=00", "evil.example")
OPERATIONS = {f"{found.method} {API}{found.path}": found for found in operations()}
LAST_CALLS = 8
READING_A_GRANT, ENDING_A_GRANT = (OPERATIONS[f"{method} {API}/grants/{{grant_id}}"] for method in ("GET", "DELETE"))
RENEWING = OPERATIONS[f"POST {API}/assertions/{{assertion_id}}/renew"]
# No link leads to them or from them, so they stand in no scenario by themselves.
UNLINKED = [found for found in operations() if not found.leads_to and not path_parameters(found.path)]


def scenario_of(made_by_links: type[APIStateMachine], memory: Memory, progress: Callable[[int], None]) -> type[APIStateMachine]:
    """The machine that follows the links, made to call the borough of this memory."""

    class Scenario(made_by_links):  # type: ignore[valid-type, misc]
        """What Hypothesis draws is called, judged and remembered; a fault is kept and the scenario goes on."""

        @initialize(chance=strategies.randoms(use_true_random=True))
        def begin(self, chance: Random) -> None:
            self.asking = Asking(memory, chance, progress)
            for operation in UNLINKED:
                self.asking.call(chance.choice(memory.borough.everybody), Call(operation, operation.path))

        def step(self, input: StepInput) -> StepOutput:
            """One call, by whoever made the one that led to it more often than not."""
            parent = input.transition.parent_id if input.transition else ""
            answer = self.asking.make(input, parent)
            if input.transition and input.applied_parameters and answer.is_success:
                memory.tried.followed[input.transition.id] += 1
            response = _as_drawn_from(answer)
            self.recorder.record_response(case_id=input.case.id, response=response)
            return StepOutput(response, input.case)

    return Scenario


class Asking:
    """Makes the calls of one scenario. It settles what the links leave open: who asks, the key, the tag, the purpose."""

    def __init__(self, memory: Memory, chance: Random, progress: Callable[[int], None]) -> None:
        self.borough, self.tried, self.memory, self.chance, self.progress = memory.borough, memory.tried, memory, chance, progress
        self.who: dict[str, Somebody] = {}
        self.made: list[tuple[Somebody, Call]] = []

    def make(self, input: StepInput, parent: str) -> httpx.Response:
        """Dresses, sends and judges a call that was drawn."""
        operation = OPERATIONS[input.case.operation.label]
        who = self.who[input.case.id] = self._somebody(operation, self.who.get(parent))
        call = self._dressed(operation, input.case, who)
        answer = self.call(who, call)
        if answer.status_code == 201 and self.chance.random() < 0.15:
            self._repeat(who, call, answer)
        if answer.status_code == 201 and any(self.memory.lent.get(answer.json()["id"], {}).values()):
            self._take_back(who, answer.headers["Location"].removeprefix(API))
        if operation.name == "read_assertion" and answer.is_success and answer.json().get("status") == "expired":
            self._renew(who, call.path)
        return answer

    def call(self, who: Somebody, call: Call) -> httpx.Response:
        """Sends and judges. What follows at once from an answer (it is read again) is called in its turn."""
        answer = self.borough.send(who, call)
        self.made.append((who, call))
        self.tried.count(call.operation.name, answer.status_code)
        self.progress(self.tried.calls)
        try:
            check_frame(call.operation, answer, call.sent)
            if answer.is_success:
                self._check_permitted(who, call)
                check_accepted(call.operation, call.sent, call.query, call.headers)
            for following in self.memory.look_at(who, call, answer):
                self.memory.compare(following, self.call(following.who, following.call))
        except Wrong as wrong:
            self._keep(wrong, answer)
        return answer

    def _keep(self, wrong: Wrong, answer: httpx.Response) -> None:
        """Once each, with the calls that led to it."""
        calls = "\n".join(f"    {who.name}: {call}" for who, call in self.made[-LAST_CALLS:])
        self.tried.faults.setdefault(str(wrong)[:300], f"{calls}\n    -> {answer.status_code} {answer.text[:1500]}")

    def _check_permitted(self, who: Somebody, call: Call) -> None:
        said = call.operation.said["x-permission"]
        permitted = said.startswith("none") or (who.role is not None and may(who.role, said))
        if not permitted:
            raise Wrong("accepted but invalid", f"{call.operation.name} answers {who.name}, whose role may not")

    def _repeat(self, who: Somebody, call: Call, before: httpx.Response) -> None:
        """The same request with the same key once more: the same answer, and nothing made. Another body: refused."""
        if self.chance.random() < 0.3 and isinstance(call.sent, dict):
            other = json.dumps({**call.sent, "a field more": 1}).encode()
            refused = self.call(who, replace(call, content=other, sent=NOT_SET))
            if refused.status_code != 422:
                self._keep(Wrong("accepted but invalid", f"{call.operation.name}: another body under the same key"), refused)
            return
        again = self.call(who, call)
        self.tried.repeated += 1
        same = (again.status_code, again.content, again.headers.get("Location"))
        if same != (before.status_code, before.content, before.headers["Location"]):
            self._keep(Wrong("answered otherwise", f"{call.operation.name} repeated under its key"), again)

    def _take_back(self, who: Somebody, path: str) -> None:
        """Ends a grant under which somebody saw something, most often at once: few links would lead there in time."""
        if self.chance.random() < 0.8:
            tag = self.call(who, Call(READING_A_GRANT, path)).headers.get("ETag", "")
            self.call(who, Call(ENDING_A_GRANT, path, headers={"if-match": tag}))

    def _renew(self, who: Somebody, path: str) -> None:
        """Renews, most often at once, what somebody reads as expired: few statements are, and few calls would do it in time."""
        if self.chance.random() < 0.6:
            body = {"reason": "Still so.", "review_by": (self.borough.today + timedelta(days=90)).isoformat()}
            headers = {"idempotency-key": f"key {self.chance.getrandbits(64):x}", "content-type": "application/json"}
            self.call(who, Call(RENEWING, f"{path}/renew", headers=headers, content=json.dumps(body).encode(), sent=body))

    def _somebody(self, operation: Operation, before: Somebody | None) -> Somebody:
        """Whoever asked before, somebody whose role may, or anybody."""
        how = self.chance.random()
        if before is not None and how < 0.7:
            return before
        if how < 0.9:
            said = operation.said["x-permission"]
            able = [who for who in self.borough.everybody if said.startswith("none") or _may(who, said)]
            return (
                self.borough.coordinator
                if self.borough.coordinator in able and self.chance.random() < 0.5
                else self.chance.choice(able)
            )
        return self.chance.choice(self.borough.everybody)

    def _dressed(self, operation: Operation, case: Any, who: Somebody) -> Call:
        path = operation.path
        for name in path_parameters(path):
            value = str((case.path_parameters or {}).get(name, ""))
            if self.chance.random() < 0.04:
                value = self.chance.choice([*self.borough.kind_of, *odd_values.ODD_PARAMETERS])
            path = path.replace(f"{{{name}}}", quote(value or "0", safe="", errors="replace"))
        call = Call(operation, path, self._query(operation, case), self._headers(operation, case, who, path))
        return call if case.body is NOT_SET else self._with_body(call, case.body)

    def _query(self, operation: Operation, case: Any) -> tuple[tuple[str, str], ...]:
        drawn = case.as_transport_kwargs(base_url="http://127.0.0.1").get("params") or {}
        asked = {name: value for name, value in drawn.items() if name != "cursor" or self.chance.random() < 0.2}
        if operation.name == "list_audit" and self.chance.random() < 0.8:
            question = {"person": self.chance.choice(self.borough.ids["YoungPerson"]), "by": "me", "cases": "mine"}
            asked = dict([self.chance.choice(sorted(question.items()))])
        if self.chance.random() < 0.1 and self.memory.cursors and any(one["name"] == "cursor" for one in operation.parameters):
            asked["cursor"] = self.chance.choice(self.memory.cursors[-20:])
        if self.chance.random() < 0.02:
            asked[self.chance.choice(["offset", "Limit", "q", "on", "now"])] = "1"
        return tuple(
            (name, _plain(one)) for name, value in asked.items() for one in (value if isinstance(value, list) else [value])
        )

    def _headers(self, operation: Operation, case: Any, who: Somebody, path: str) -> dict[str, str]:
        headers = {name.lower(): _one_line(str(value)) for name, value in (case.headers or {}).items()}
        headers.pop("authorization", None)
        if self.chance.random() < 0.85:
            headers.pop("kith-purpose", None)
        elif self.chance.random() < 0.7:
            headers["kith-purpose"] = self.chance.choice(PURPOSES)
        if operation.needs("idempotency-key") and self.chance.random() < 0.93:
            headers["idempotency-key"] = f"key {self.chance.getrandbits(64):x}"
        if operation.needs("if-match"):
            tag = self.memory.tags.get((who.caller.actor, path))
            if tag and self.chance.random() < 0.6:
                headers["if-match"] = tag
            elif self.chance.random() < 0.1:
                headers["if-match"] = self.chance.choice([*self.memory.tags.values(), *odd_values.ODD_HEADERS])
        if self.chance.random() < 0.03:
            headers[self.chance.choice(OTHER_HEADERS)] = self.chance.choice(OTHER_VALUES)
        return headers

    def _with_body(self, call: Call, body: Any) -> Call:
        how = self.chance.random()
        kind = self.chance.choice(odd_values.ODD_KINDS) if how > 0.98 else "application/json"
        headers = {**call.headers, "content-type": kind}
        if how < 0.03:
            return replace(call, headers=headers, content=self.chance.choice(odd_values.ODD_BODIES))
        try:
            content = json.dumps(body).encode("utf-8")
        except TypeError:
            content = str(body).encode("utf-8", "replace")
            return replace(call, headers=headers, content=content)
        return replace(call, headers=headers, content=content, sent=body)


def _as_drawn_from(answer: httpx.Response) -> Response:
    """An answer in the form that links are read from, without what was asked: not everything that is sent can be read back."""
    plain = httpx.Response(
        answer.status_code,
        headers=answer.headers,
        content=answer.content,
        request=httpx.Request(answer.request.method, "http://127.0.0.1"),
    )
    plain.elapsed = timedelta(0)
    return Response.from_any(plain)


def _may(who: Somebody, said: str) -> bool:
    return who.role is not None and may(who.role, said)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _one_line(value: str) -> str:
    """What can stand in a header at all: no program can send the end of a line in one."""
    return "".join(" " if ord(letter) < 32 or ord(letter) == 127 else letter for letter in value)
