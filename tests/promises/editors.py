"""R6: no change is lost, however many change one record at once: everybody sends the tag of what they read."""

import asyncio
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.api.test_acknowledged_writes import serving
from tests.promises.outcomes import Outcome, Size
from tests.promises.served import a_place, all_at_once, let_in

EDITORS = {"small": 24, "large": 200}
RECORDS = {"small": 2, "large": 8}
EDITS_EACH = 2
PATH = "/api/v1/young-people"


@dataclass
class History:
    """What every editor was told, in the order in which they were told it."""

    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)  # record, mark, note as it then stood
    wrong: list[str] = field(default_factory=list)
    broken: int = 0


@dataclass(frozen=True)
class Editor:
    """Adds marks of their own to what they read, and reads again when somebody was quicker."""

    number: int
    token: str
    record: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def edit(self, client: httpx.AsyncClient, history: History, chance: random.Random) -> None:
        for each in range(EDITS_EACH):
            await self._add(client, f"[{self.number}.{each}]", history, chance)
        await self._send_wrongly(client, history)

    async def _add(self, client: httpx.AsyncClient, mark: str, history: History, chance: random.Random) -> None:
        while True:
            read = await self._send(client, "GET", history)
            note = read.json().get("note", "") + mark
            more = {"If-Match": read.headers["ETag"], "Idempotency-Key": secrets.token_hex(8)}
            changed = await self._send(client, "PATCH", history, json={"note": note}, **more)
            if changed.status_code == 200:
                history.acknowledged.append((self.record, mark, note))
                return
            if changed.status_code not in (412, 503):
                history.wrong.append(f"a change answered {changed.status_code}")
                return
            await asyncio.sleep(chance.uniform(0.0, 0.2))

    async def _send(
        self, client: httpx.AsyncClient, method: str, history: History, *, json: dict[str, str] | None = None, **more: str
    ) -> httpx.Response:
        """The same once more under the same key when the connection breaks: done or not, it is done once."""
        headers = {**self.headers, **more}
        for _ in range(10):
            try:
                answer = await client.request(method, f"{PATH}/{self.record}", json=json, headers=headers)
            except httpx.TransportError:
                history.broken += 1
                continue
            history.statuses[answer.status_code] += 1
            return answer
        raise RuntimeError("the service does not answer")

    async def _send_wrongly(self, client: httpx.AsyncClient, history: History) -> None:
        """Without a tag, and with one that is long past."""
        for more, expected in (({}, 428), ({"If-Match": '"long past"'}, 412)):
            refused = await self._send(client, "PATCH", history, json={"note": "lost"}, **more)
            if refused.status_code != expected:
                history.wrong.append(f"a change sent wrongly answered {refused.status_code}")


def measure_editors(kind: str, folder: Path, size: Size) -> Outcome:
    """Many editors of a few records at once, asking the served process; what they were told is held against what is kept."""
    place = a_place(kind, folder)
    tokens = let_in(place.open(), EDITORS[size])
    history, chance = History(), random.Random(6)
    with serving(place) as (_, base), httpx.Client(base_url=base, headers={"Authorization": f"Bearer {tokens[0]}"}) as client:
        records = [
            client.post(PATH, json={"known_as": f"Person {n}"}, headers={"Idempotency-Key": f"p{n}"}).json()["id"]
            for n in range(RECORDS[size])
        ]
        editors = [Editor(n, token, records[n % len(records)]) for n, token in enumerate(tokens)]
        ended = all_at_once(base, [lambda to, one=editor: one.edit(to, history, chance) for editor in editors])
        history.wrong += [f"an editor ended with {type(each).__name__}" for each in ended if isinstance(each, BaseException)]
        kept = {record: client.get(f"{PATH}/{record}").json().get("note", "") for record in records}
    place.opened.close()
    wanted = len(editors) * EDITS_EACH
    history.wrong += ["a change was never acknowledged"] * (wanted - len(history.acknowledged))
    history.wrong += lost_updates(history, kept)
    told = history.statuses
    return Outcome(
        held=f"{len(editors)} editors of {len(records)} records, {len(history.acknowledged)} changes kept, {told[412]} told that "
        f"somebody was quicker, {told[503]} told to come back, "
        f"{history.broken} connections broken",
        load=sum(told.values()),
        faults=told[412] + history.broken,
        bad_inputs=2 * len(editors),
        wrong=tuple(history.wrong),
    )


def lost_updates(history: History, kept: dict[str, str]) -> list[str]:
    """What is not as one after the other would have left it: each change follows the one before, and the last is what is kept."""
    wrong = []
    for record, last in kept.items():
        steps = sorted(((note, mark) for one, mark, note in history.acknowledged if one == record), key=lambda step: len(step[0]))
        before = ""
        for note, mark in steps:
            if note != before + mark:
                wrong.append(f"{mark} was added to something else than what stood there")
            before = note
        if before != last:
            wrong.append("what is kept is not what the last change left")
        wrong += [f"{mark} stands there {last.count(mark)} times" for _, mark in steps if last.count(mark) != 1]
    return wrong
