"""What earlier answers said, held against later ones: what was made is there as sent, and what was ended is over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from forum.access.actors import Role
from tests.api.running import API
from tests.attacks.described import Operation, operations, path_parameters
from tests.attacks.fuzz_borough import Borough, Call, Somebody, Tried
from tests.attacks.judging import Wrong, lost

# What a thing is when an operation made it. Only what later bodies name.
KINDS = {
    "create_referral": "Referral", "create_young_person": "YoungPerson", "create_location": "Location", "create_school": "School",
    "create_peer_group": "PeerGroup", "create_neighbourhood": "Neighbourhood", "create_online_space": "OnlineSpace",
}  # fmt: skip
# Given as a day, and read as the moment that it begins or ends. An invitation covers a sheet of each place, not the place.
MOMENTS = ("from", "until")
CONFIRMED = "names_seen"
READS = {"Referral": "read_referral", "YoungPerson": "read_young_person"}
NAMED = {found.name: found for found in operations()}
# A statement that was put aside may still be told of here: by itself, in the record of who opened
# what, and in the grant that whoever wrote it has on it.
TELLS_OF_WHAT_WENT = ("assertion", "audit", "grant")


@dataclass(frozen=True)
class Following:
    """A call that an answer makes at once. `sent`: as what the thing was made, or which grant it is for."""

    who: Somebody
    call: Call
    why: str
    sent: Any = None


@dataclass
class Memory:
    """Of one borough."""

    borough: Borough
    tried: Tried
    tags: dict[tuple[str, str], str] = field(default_factory=dict)
    cursors: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    lent: dict[str, dict[str, bool]] = field(default_factory=dict)

    def look_at(self, who: Somebody, call: Call, answer: httpx.Response) -> Iterator[Following]:
        """Holds an answer against what was remembered, remembers it, and says what to call next. Wrong where they differ."""
        if not answer.is_success:
            return
        said = answer.json() if answer.headers["content-type"].startswith("application/json") else None
        self._check_over(call, answer, said)
        self._check_tag(who, call, answer)
        if isinstance(said, dict) and said.get("next"):
            self.cursors.append(httpx.URL(said["next"]).params["cursor"])
        if call.operation.method == "PATCH" and (faults := lost(dict(call.sent), said)):
            raise Wrong("answered otherwise", f"{call.operation.name} than it was told: {faults}")
        if answer.status_code == 201 and isinstance(said, dict):
            yield from self._made(who, call, answer, said["id"])
        if call.operation.method == "DELETE":
            yield from self._over(who, call)
        self._step(call, said)

    def compare(self, following: Following, answer: httpx.Response) -> None:
        """Whether what was called next is as it must be."""
        name = following.call.operation.name
        if following.why == "made":
            self._compare_made(following, answer)
        if following.why == "ended":
            self.tried.ended += 1
            if answer.status_code != 404 and not (answer.is_success and answer.json().get("ended_at")):
                raise Wrong("after its end", f"{name} answers {answer.status_code} as if nothing had ended")
        if following.why == "lent":
            self.lent[following.sent][following.call.path] = answer.is_success
        if following.why == "taken back":
            self.tried.taken_back += 1
            if answer.status_code == 404:
                return
            raise Wrong("after its end", f"{name} still answers whoever had the grant that ended")

    def _check_over(self, call: Call, answer: httpx.Response, said: Any) -> None:
        """What was ended is shown as ended, is not ended or changed again, and what was put aside is told of nowhere."""
        name = call.operation.name
        if call.path in self.ended and call.operation.method != "GET":
            raise Wrong("after its end", f"{name} acts on what has ended")
        found = [said] if isinstance(said, dict) and "id" in said else said.get("items", []) if isinstance(said, dict) else []
        for one in found if call.operation.method == "GET" else []:
            where = f"{call.path.removesuffix('/' + str(one.get('id')))}/{one.get('id')}"
            if where in self.ended and not one.get("ended_at"):
                raise Wrong("after its end", f"{name} shows as going on what has ended")
        if self.gone and not any(part in name for part in TELLS_OF_WHAT_WENT) and call.operation.method == "GET":
            shown = [one for one in self.gone if one in answer.text]
            if shown:
                raise Wrong("after its end", f"{name} shows a statement that was put aside")

    def _check_tag(self, who: Somebody, call: Call, answer: httpx.Response) -> None:
        at = (who.caller.actor, call.path)
        if call.operation.needs("if-match") and call.headers.get("if-match") not in self._shown.get(call.path, set()):
            raise Wrong("accepted but invalid", f"{call.operation.name} on a tag that nobody was shown")
        if "ETag" in answer.headers:
            self.tags[at] = answer.headers["ETag"]
            self._shown.setdefault(call.path, set()).add(answer.headers["ETag"])

    def __post_init__(self) -> None:
        self._shown: dict[str, set[str]] = {}

    def _made(self, who: Somebody, call: Call, answer: httpx.Response, one: str) -> Iterator[Following]:
        """What was made is there at once, as it was sent."""
        path = answer.headers["Location"].removeprefix(API)
        if call.operation.name in KINDS and one not in self.borough.kind_of and who.role is Role.COORDINATOR:
            self.borough.add(KINDS[call.operation.name], one)
        for name in call.operation.leads_to:
            if NAMED[name].method == "GET" and _at(NAMED[name], one) == path:
                yield Following(who, Call(NAMED[name], path), "made", call.sent)
        if call.operation.name == "create_grant" and call.sent["to"] == self.borough.newcomer.caller.actor:
            self.lent[one] = {}
            for covered in sorted(set(call.sent["covers"])):
                reading = READS.get(self.borough.kind_of.get(covered, ""))
                if reading is not None:
                    path = _at(NAMED[reading], covered)
                    yield Following(self.borough.newcomer, Call(NAMED[reading], path), "lent", one)

    def _compare_made(self, following: Following, read: httpx.Response) -> None:
        """A statement for one worker alone, or one received later, is not there for everybody who may make it.

        What somebody only confirmed while making it is no part of what was made.
        """
        sent, name = following.sent, following.call.operation.name
        may_be_hidden = following.who.role is not Role.COORDINATOR or _is_for_one_worker(sent)
        if may_be_hidden or str(sent.get("received") or "") > self.borough.today.isoformat():
            return
        if read.status_code != 200:
            raise Wrong("answered otherwise", f"{name} answers {read.status_code} for what was just made")
        became = () if name != "read_grant" else MOMENTS if sent.get("source") != "invited" else (*MOMENTS, "covers")
        told = {field: value for field, value in sent.items() if field not in (*became, CONFIRMED)}
        faults = [] if name == "read_map" else lost(told, read.json())
        if faults:
            raise Wrong("answered otherwise", f"{name} than it was made: {faults}")
        self.tried.read_again += 1

    def _over(self, who: Somebody, call: Call) -> Iterator[Following]:
        self.ended.add(call.path)
        (reading,) = [found for found in operations() if found.method == "GET" and found.path == call.operation.path]
        yield Following(who, Call(reading, call.path), "ended")
        before = self.lent.pop(call.path.rpartition("/")[2], {})
        kept = {path for seen in self.lent.values() for path in seen}
        for path, was_seen in before.items():
            if was_seen and not kept:
                reading = NAMED["read_referral" if path.startswith("/referrals") else "read_young_person"]
                yield Following(self.borough.newcomer, Call(reading, path), "taken back")

    def _step(self, call: Call, said: Any) -> None:
        """A corrected or withdrawn statement is gone until it is reopened."""
        step, _, noun = call.operation.name.partition("_")
        if noun == "assertion" and step in ("correct", "withdraw"):
            self.gone.add(said["id"])
        if noun == "assertion" and step == "reopen":
            self.gone.discard(said["id"])


def _at(operation: Operation, one: str) -> str:
    path = operation.path
    for name in path_parameters(path):
        path = path.replace(f"{{{name}}}", one)
    return path


def _is_for_one_worker(sent: Any) -> bool:
    """A statement marked for one worker is theirs alone: a coordinator who makes it in nobody's referral reads it no more."""
    provenance = sent.get("provenance")
    return isinstance(provenance, dict) and provenance.get("handling") == "young_person_and_worker"
