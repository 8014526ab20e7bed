"""The load run measures what people would wait for, keeps within its bounds, and writes its own part of a page alone."""

import asyncio
import json
import random
import re
import time
from dataclasses import replace
from pathlib import Path

from bench.load.assurance import write_part
from bench.load.calling import Answer, Lines, Request
from bench.load.costs import Cost
from bench.load.kinds_of_work import CHANGE, SHARED, WORK, Sort, Work, World, world_of
from bench.load.loaded_borough import FULL_GROUP, PEOPLE, REFERRALS, THINGS, make_case
from bench.load.people_at_work import SEATS, Person
from bench.load.running import Load, Seen, open_loop
from bench.load.telling import Phase, Sample, Told, quantile
from forum.access.actors import Role
from forum.access.policy import Permission, is_allowed

STALL_SECONDS = 0.4


async def _stalling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A service that holds up everybody for a while at its first request, then answers at once."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = re.search(rb"Content-Length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            if time.monotonic() < _stalling.until:  # type: ignore[attr-defined]
                await asyncio.sleep(_stalling.until - time.monotonic())  # type: ignore[attr-defined]
            body = b'{"next": null}'
            writer.write(b'HTTP/1.1 200 OK\r\netag: "a"\r\nlocation: /a\r\ncontent-length: 14\r\n\r\n' + body)
    except asyncio.IncompleteReadError:
        writer.close()


def _load(lines: Lines, seen: list[Seen]) -> Load:
    people = [Person(role, "token") for role in SEATS]
    ids = {f"{kind}{number}": "0" * 32 for kind in "RPC" for number in range(2_000)}
    world = World(ids, world_of({}).about, {"small": "0" * 32, "full": "0" * 32})
    return Load(lines, world, people, random.Random(3), seen.append)


def test_a_service_that_stalls_cannot_hide_what_people_would_have_waited() -> None:
    async def run() -> list[Seen]:
        server = await asyncio.start_server(_stalling, "127.0.0.1", 0)
        seen: list[Seen] = []
        load = _load(Lines("127.0.0.1", server.sockets[0].getsockname()[1]), seen)
        _stalling.until = time.monotonic() + STALL_SECONDS  # type: ignore[attr-defined]
        load.begin()
        assert await open_loop(load, rate=200, seconds=STALL_SECONDS) == 0
        load.lines.close()
        server.close()
        return seen

    seen = asyncio.run(run())
    assert {one.status for one in seen} == {200}
    waited = [one for one in seen if one.at < STALL_SECONDS / 2]
    assert len(waited) > 10
    assert min(one.at + one.seconds for one in waited) >= STALL_SECONDS * 0.9, "counted from the moment it was meant to be sent"


def test_the_borough_is_as_large_as_it_says_and_one_map_of_it_is_full() -> None:
    case = make_case()
    assert (len(case["people"]), len(case["referrals"])) == (PEOPLE, REFERRALS)
    assert json.dumps(case) == json.dumps(make_case())
    near: dict[str, set[str]] = {}
    for link in case["other_links"]:
        near.setdefault(link["from"], set()).add(link["to"])
        near.setdefault(link["to"], set()).add(link["from"])
    reached = edge = {FULL_GROUP}
    for _ in range(3):
        edge = {other for one in edge for other in near[one]} - reached
        reached = reached | edge
    assert len(reached) == THINGS
    assert {other for one in reached for other in near[one]} <= reached
    assert max(len(near[one]) for one in reached) <= 360 / 8.6


def test_nobody_asks_more_in_a_minute_or_refers_more_in_an_hour_than_is_published() -> None:
    seats = {work.name: sum(count for role, count in SEATS.items() if role in work.roles) for work in WORK}
    everything = sum(work.share for work in WORK)
    for role in SEATS:
        a_minute = sum(50 * 60 * work.share / everything / seats[work.name] for work in WORK if role in work.roles)
        assert a_minute < 600 / 2
    referrals = next(work for work in WORK if work.name == "new referral")
    assert 50 * 600 * referrals.share / everything / seats[referrals.name] < 60 / 2


def test_everybody_asks_only_for_what_their_role_may_ask() -> None:
    permissions = {
        "new referral": Permission.MAKE_REFERRAL,
        "new statement": Permission.MAKE_STATEMENT,
        "change with a tag": Permission.CHANGE_REFERRAL,
        "front page": Permission.READ_FINDINGS,
        "referral": Permission.READ_REFERRAL,
        "told": Permission.READ_TOLD,
        "hotspots": Permission.READ_HOTSPOTS,
        "contexts": Permission.READ_CONTEXT,
        "small map": Permission.READ_MAP,
        "search for a name": Permission.READ_YOUNG_PERSON,
    }
    found = {work.name: work.roles for work in WORK}
    for name, permission in permissions.items():
        assert all(is_allowed(role, permission) for role in found[name]), name


def test_nobody_writes_to_a_referral_that_somebody_else_changes() -> None:
    world = world_of({})
    chance = random.Random(1)
    chair = Person(Role.CHAIR, "token")
    assert max(world.referral(chair, chance) for _ in range(5_000)) < SHARED
    assert SEATS[Role.CHAIR] + SEATS[Role.COORDINATOR] == REFERRALS - SHARED


def test_a_request_is_sent_as_it_is() -> None:
    sent = Request("POST", "/a", b"{}", {"Idempotency-Key": "k"}).as_bytes("127.0.0.1:1", "t")
    assert sent.startswith(b"POST /a HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAuthorization: Bearer t\r\nIdempotency-Key: k\r\n")
    assert sent.endswith(b"Content-Length: 2\r\n\r\n{}")


def test_an_unknown_outcome_is_counted_neither_as_kept_nor_as_lost() -> None:
    work = next(each for each in WORK if each.name == "change with a tag")
    person = Person(Role.CHAIR, "token", own="/r", tag='"a"', kept_note="before")
    load = _load(Lines("127.0.0.1", 1), [])
    request = work.ask(load.world, person, load.chance)
    assert request is not None and request.headers == {"If-Match": '"a"'}
    assert work.ask(load.world, person, load.chance) is None, "one change at a time"
    assert not load._keep(work, person, Answer(0, {}, b"TimeoutError"))
    assert (person.own, person.kept_note, person.changing) == ("", "", False)


def _phase(*milliseconds: float, errors: int = 0) -> Phase:
    work = Work("referral", Sort.READ, 1, frozenset(), lambda *_: None)
    seen = [Seen(work, 0.0, one / 1000, 200, True) for one in milliseconds]
    others = [Seen(Work(sort, sort, 1, frozenset(), lambda *_: None), 0.0, 0.1, 200, True) for sort in (Sort.WRITE, Sort.MAP)]
    seen += others
    return Phase("Open loop", 60, 50, None, seen + [Seen(work, 0.0, 0.001, 503, False)] * errors)


def test_a_bar_is_missed_by_the_ninety_fifth_percentile_and_by_any_error() -> None:
    assert quantile([float(one) for one in range(1, 101)], 0.95) == 96
    assert _phase(*[100] * 95, *[301] * 5).met()["p95 read ≤ 300 ms"] is False
    assert _phase(*[100] * 96, *[9_000] * 4).met()["p95 read ≤ 300 ms"] is True
    assert _phase(100).met()["no errors"] is True
    assert _phase(100, errors=1).met()["no errors"] is False


def test_what_was_written_has_to_be_held_and_what_age_alone_adds_is_drift() -> None:
    def samples(*memory: float) -> list[Sample]:
        return [Sample(60 * minute + 30, each, 0.0) for minute, each in enumerate(memory)]

    phase = Phase("Open loop", 300, 50, None, samples=samples(90, 100, 110, 115, 126), afresh=samples(110, 120))
    assert (phase.memory_growth(), phase.memory_drift()) == (0.26, 0.05)
    assert phase.met()["memory drift < 5 %"] is False
    phase.afresh = samples(120, 121)
    assert phase.met()["memory drift < 5 %"] is True
    told = " ".join(Told("2026-11-25 12:00 UTC", {}, [phase], [Cost("referral", "chair", 1, 4.0)]).as_markdown())
    assert "Last minute to second: +26.0%" in told and "120, 121, 121; drift against its second minute: +4.1%" in told


def test_a_load_is_held_when_every_bar_is_met_and_nothing_is_lost() -> None:
    def told(phase: Phase, lost: int = 0) -> Told:
        return Told("2026-11-25 12:00 UTC", {}, [phase], [Cost("referral", "chair", 1, 4.0)], {}, 3, lost)

    assert told(_phase(100)).held() and not told(_phase(100), lost=1).held() and not told(_phase(100, errors=1)).held()
    aside = told(_phase(100))
    aside.aside = 1
    assert not aside.held(), "what goes wrong in the warm-up goes wrong"
    last = told(_phase(100)).as_markdown()[-1]
    assert last.startswith("**Load held; 3 acknowledged writes looked for afterwards, lost: 0;") and "begun afresh: 0" in last
    assert told(_phase(100), lost=1).as_markdown()[-1].startswith("**Load not held;")
    assert json.loads(told(_phase(100)).as_json())["phases"][0]["statuses"] == {"200": 3}


def test_what_was_not_measured_meets_no_bar_and_is_said_so() -> None:
    short = _phase(100)
    assert short.memory_drift() is None and "memory drift < 5 %" not in short.met()
    told = Told("2026-11-25 12:00 UTC", {}, [short], [Cost("referral", "chair", 1, 4.0)])
    assert "memory drift < 5 %: not measured" in "\n".join(told.as_markdown())
    nobody = replace(short, seen=[one for one in short.seen if one.work.sort is not Sort.MAP])
    assert nobody.met()["p95 map of 150 things ≤ 1500 ms"] is False


def test_what_somebody_still_waiting_would_have_sent_is_counted() -> None:
    load = _load(Lines("127.0.0.1", 0), [])
    [work] = [each for each in WORK if each.name == CHANGE]
    person = replace(load.by_role[work.name][0], changing=True)
    load.begin()
    assert asyncio.run(load.one(work, person, 0.0)) is None and load.skipped == 1


def test_only_its_own_part_of_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "assurance.md"
    write_part(page, ["first"])
    page.write_text(page.read_text("utf-8") + "\n## Something else\n", "utf-8")
    write_part(page, ["second", "line"])
    text = page.read_text("utf-8")
    assert "first" not in text
    assert "<!-- load:begin -->\nsecond\nline\n<!-- load:end -->" in text
    assert text.rstrip().endswith("## Something else")
    other = tmp_path / "other.md"
    other.write_text("# Assurance\n\n<!-- another:begin -->\nkept\n", "utf-8")
    write_part(other, ["x"])
    assert other.read_text("utf-8").startswith("# Assurance\n\n<!-- another:begin -->\nkept\n")
