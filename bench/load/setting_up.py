"""Everything that must be there before the first request counts: the borough, the seats, the maps, everybody's own referral."""

import asyncio
import json
import secrets
from pathlib import Path

from bench.load.calling import Answer, Lines, Request
from bench.load.kinds_of_work import API, CHAIRS, SHARED, World, world_of
from bench.load.loaded_borough import FULL_GROUP, THINGS, write_case
from bench.load.people_at_work import Person, give_everyone_a_seat
from bench.load.served import kith

STORE = "borough.db"
SMALL_GROUP = "C0"
ASK_AGAIN = 60


def make_borough_store(folder: Path) -> tuple[list[Person], World]:
    """Writes the case, loads it by `kith load`, and gives a hundred people their tokens and grants."""
    case, ids_file = folder / "case.yaml", folder / "ids.json"
    write_case(case)
    kith("load", str(case), "--store", f"sqlite:///{folder / STORE}", "--ids", str(ids_file))
    ids = json.loads(ids_file.read_text("utf-8"))
    return give_everyone_a_seat(folder / STORE, ids, referrals=SHARED), world_of(ids)


async def get_ready(lines: Lines, people: list[Person], world: World) -> None:
    """Draws both maps, sees that one holds just as many things as a picture can, and reads what each will change."""
    chairs = [person for person in people if person.role in CHAIRS]
    for name, around, steps in (("full", FULL_GROUP, 3), ("small", SMALL_GROUP, 1)):
        world.maps[name] = await _draw(lines, chairs[0], world.id_of(around), steps)
    document = _good(await lines.ask(Request("GET", f"{API}/maps/{world.maps['full']}"), chairs[0].token))
    things = len(json.loads(document.body)["things"])
    assert things == THINGS, f"the map holds {things} things and not {THINGS}"
    for number, person in enumerate(chairs):
        person.own = f"{API}/referrals/{world.id_of(f'R{SHARED + number}')}"
        person.tag = _good(await lines.ask(Request("GET", person.own), person.token)).headers["etag"]


async def _draw(lines: Lines, person: Person, around: str, steps: int) -> str:
    sheet = {
        "kind": "peer", "around": around, "steps": steps, "mode": "coordination", "purpose": "Agree who stays alongside them",
        "owner": "social worker", "review_by": "2027-01-13",
    }  # fmt: skip
    request = Request("POST", f"{API}/maps", json.dumps(sheet).encode(), {"Idempotency-Key": secrets.token_hex(8)})
    made: str = json.loads(_good(await lines.ask(request, person.token)).body)["id"]
    return made


def _good(answer: Answer) -> Answer:
    assert answer.status in (200, 201), f"getting ready failed: {answer.status} {answer.body[:300].decode('utf-8', 'replace')}"
    return answer


async def count_lost(lines: Lines, people: list[Person]) -> tuple[int, int]:
    """How many writes were acknowledged, and how many of these are not there: asked for one by one, as their writers."""
    found = [await _is_there(lines, person, place) for person in people for place in person.written]
    found += [await _stands(lines, person) for person in people if person.kept_note]
    return len(found), found.count(False)


async def _is_there(lines: Lines, person: Person, place: str) -> bool:
    return (await _asked_until_answered(lines, person, place)).status == 200


async def _asked_until_answered(lines: Lines, person: Person, place: str) -> Answer:
    """Somebody still busy with what came before says nothing about what is kept: asked again, a minute at most."""
    for _ in range(ASK_AGAIN):
        answer = await lines.ask(Request("GET", place), person.token)
        if answer.status not in (0, 429, 503):
            break
        await asyncio.sleep(1)
    return answer


async def _stands(lines: Lines, person: Person) -> bool:
    """Whether what they last changed in their own referral still says so."""
    answer = await _asked_until_answered(lines, person, person.own)
    return answer.status == 200 and json.loads(answer.body).get("change_hoped_for") == person.kept_note
