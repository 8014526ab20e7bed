"""The borough that the load runs beside: a case file of 1,500 young people and 600 referrals, made from a seed.

Most of it is the borough of `bench.borough`. One friendship group stands apart from it, whose map holds exactly as many things
as a picture can carry.
"""

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.borough import Borough, Size, make_borough

AS_OF = date(2026, 11, 21)
PEOPLE, REFERRALS, THINGS = 1_500, 600, 150
FULL_GROUP, FULL_MEMBERS, FULL_FRIENDS, FULL_MORE = "G-full", 20, 60, 40
FULL_PLACES = THINGS - FULL_MEMBERS - FULL_FRIENDS - 1
FULL_SAYS = ("spends_time_at", "feels_safe_at", "feels_unsafe_at")
SIZE = Size("load", PEOPLE - FULL_MEMBERS - FULL_FRIENDS, 260, 8_000, REFERRALS)
CONTEXT_TYPES = {
    "PeerGroup": {"type": "peer_group", "context": "peers", "size_band": "6-10"},
    "School": {"type": "school", "context": "school_education"},
    "Location": {"type": "location", "context": "neighbourhood_locations"},
}
PLACE_KINDS = ("takeaway_shop", "park_open_space", "transport_hub", "shopping_area", "bus_train_route")
HARMS = ("cce", "cse", "serious_violence", "missing", "other")
NARRATIVE = "They told the worker what had been happening there after school, and who walks home with them. " * 6


def write_case(path: Path, seed: int = 1) -> None:
    """Writes the case file; the same seed always gives the same bytes."""
    path.write_text(json.dumps(make_case(seed), ensure_ascii=False, indent=0), "utf-8")


def make_case(seed: int = 1) -> dict[str, Any]:
    """The case as plain values, in the format kith-case/1."""
    borough = make_borough(SIZE, seed)
    chance = random.Random(f"case {seed}")
    people, contexts, links = _full_map(chance)
    return {
        "format": "kith-case/1",
        "place": {"name": "Invented borough", "fictional": True},
        "as_of": AS_OF.isoformat(),
        "people": [_person(number) for number in range(SIZE.people)] + people,
        "contexts": _contexts(borough, chance) + contexts,
        "referrals": [_referral(chance, borough, number) for number in range(REFERRALS)],
        "other_links": [*_other_links(chance, borough), *links],
    }


def _person(number: int) -> dict[str, Any]:
    return {
        "id": f"P{number}", "kind": "young_person", "pseudonym": f"Y{number}", "known_as": f"Person {number}",
        "initials": "YP", "age": 11 + number % 7,
    }  # fmt: skip


def _contexts(borough: Borough, chance: random.Random) -> list[dict[str, Any]]:
    found = []
    for number, kind in enumerate(borough.context_kind):
        context = {"id": f"C{number}", "label": f"{kind} {number}", **CONTEXT_TYPES[kind]}
        found.append(context | ({"place_kind": chance.choice(PLACE_KINDS)} if kind == "Location" else {}))
    return found


def _full_map(chance: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """One group, its members, their friends, and the places where these spend time; tied to nobody else.

    Nothing in it has more lines than leave it eight degrees apart, so that there is a picture of it.
    """
    people = [_person(SIZE.people + number) for number in range(FULL_MEMBERS + FULL_FRIENDS)]
    contexts: list[dict[str, Any]] = [
        {"id": FULL_GROUP, "label": "friends who come to the youth club", **CONTEXT_TYPES["PeerGroup"], "size_band": "11 or more"}
    ]
    for number in range(FULL_PLACES):
        place = {"id": f"F{number}", "label": f"Club place {number}", **CONTEXT_TYPES["Location"]}
        contexts.append(place | {"place_kind": chance.choice(PLACE_KINDS)})
    names = [person["id"] for person in people]
    ties = [(member, "member_of", FULL_GROUP) for member in names[:FULL_MEMBERS]]
    for number, friend in enumerate(names[FULL_MEMBERS:]):
        ties.append((names[number % FULL_MEMBERS], "friend_seen_by_others", friend))
    for number in range(FULL_PLACES):
        ties.append((names[number % len(names)], chance.choice(FULL_SAYS), f"F{number}"))
    for number in range(FULL_MORE):
        ties.append((names[number % len(names)], chance.choice(FULL_SAYS), f"F{(number + 1) % FULL_PLACES}"))
    return people, contexts, [_link(chance, f"full-{number}", *tie) for number, tie in enumerate(ties)]


def _other_links(chance: random.Random, borough: Borough) -> list[dict[str, Any]]:
    ties = [(f"P{one}", "friend_seen_by_others", f"P{other}") for one, other in borough.peer_ties]
    ties += [(f"P{one}", says, f"C{context}") for one, context, says in borough.context_ties]
    return [_link(chance, f"O{number}", *tie) for number, tie in enumerate(ties)]


def _referral(chance: random.Random, borough: Borough, number: int) -> dict[str, Any]:
    person, harms = borough.referrals[number]
    received = AS_OF - timedelta(days=chance.randrange(180))
    return {
        "id": f"R{number}",
        "kind": "individual",
        "received": received.isoformat(),
        "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": {"people": [f"P{person}"], "contexts": []},
        "efh_types": [chance.choice(HARMS)],
        "narrative": NARRATIVE,
        "named_people": [{"person": f"P{person}", "roles": ["harmed"]}],
        "links": [_link(chance, f"R{number}-{place}", f"P{person}", says, f"C{place}", known=received) for place, says in harms],
        "told": _told(chance, f"P{person}", received),
    }


def _told(chance: random.Random, person: str, received: date) -> list[dict[str, Any]]:
    if chance.random() < 0.2:
        due = received + timedelta(days=21)
        return [{"person": person, "who": "parent_carer", "status": "not_yet", "due": due.isoformat()}]
    return [{"person": person, "who": "young_person", "status": "told_content", "date": received.isoformat()}]


def _link(chance: random.Random, name: str, source: str, says: str, target: str, *, known: date | None = None) -> dict[str, Any]:
    day = (known or AS_OF - timedelta(days=chance.randrange(300))).isoformat()
    return {"id": name, "from": source, "rel": says, "to": target, "provenance": provenance(day)}


def provenance(day: str) -> dict[str, Any]:
    """Where an invented statement comes from."""
    return {
        "kind": "reported_by_young_person", "source_role": "teacher", "agency": "school_college_ap",
        "reliability": "told_by_young_person_or_family", "date_known": day, "date_recorded": day,
    }  # fmt: skip
