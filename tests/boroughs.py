"""Invented boroughs from a seed, and what each must answer, worked out from the case alone and by other means than Kith's.

`a_borough(seed)` gives a whole `kith-case/1` as plain values. The `expected_…` functions read such a case with plain loops over
its own words: they share no code with what they check.
"""

import random
from datetime import date, timedelta
from itertools import combinations
from typing import Any

LINKS = ("harmed_at", "feels_unsafe_at")
OTHERS = ("attends", "spends_time_at", "feels_safe_at", "travels_through", "works_volunteers_at", "member_of", "lives_at")
AS_OF = date(2026, 11, 21)
Case = dict[str, Any]


def a_borough(seed: int, *, people: int = 14, referrals: int = 10) -> Case:
    """A case with every kind of context, of statement and of standing in it; `as_of` is 21 November 2026."""
    chance = random.Random(seed)
    contexts = _contexts(chance)
    young = [
        {"id": f"P{n}", "kind": "young_person", "known_as": f"Name {n % 9}", "pseudonym": f"Q{n}", "age": 12 + n % 6}
        for n in range(people)
    ]
    case: Case = {
        "format": "kith-case/1",
        "place": {"name": f"Borough {seed}", "fictional": True},
        "as_of": AS_OF.isoformat(),
        "people": young,
        "contexts": contexts,
        "memberships": [],
        "referrals": [],
        "other_links": [],
    }
    for number in range(referrals):
        case["referrals"].append(_referral(chance, number, case))
    for number in range(3):
        link = _link(chance, f"OL{number}", case, [])
        case["other_links"].append(link)
    for group in [context for context in contexts if context["type"] == "peer_group"]:
        for person in chance.sample(young, 2):
            referral = chance.choice(case["referrals"])["id"]
            case["memberships"].append({"person": person["id"], "group": group["id"], "referral": referral})
    return case


def _contexts(chance: random.Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"id": "S0", "type": "school", "context": "school_education", "label": "Fernhill School"},
        {"id": "N0", "type": "neighbourhood", "context": "neighbourhood_locations", "label": "Harbour estate"},
    ]
    for n in range(3):
        found.append(
            {"id": f"G{n}", "type": "peer_group", "context": "peers", "label": f"friends at step {n}", "size_band": "3-5"}
        )
    kinds = ("takeaway_shop", "park_open_space", "transport_hub", "school_part")
    for n in range(5):
        under = "school_education" if kinds[n % 4] == "school_part" else "neighbourhood_locations"
        place = {"id": f"L{n}", "type": "location", "context": under, "place_kind": kinds[n % 4], "label": f"Place {n}"}
        found.append(place | ({"part_of": chance.choice(["S0", "N0"])} if n % 2 else {}))
    found.append({"id": "O0", "type": "online", "context": "online", "space_kind": "messaging", "label": "evening chat"})
    return found


def _referral(chance: random.Random, number: int, case: Case) -> dict[str, Any]:
    received = AS_OF - timedelta(days=chance.randint(-3, 80))
    people = [person["id"] for person in case["people"]]
    groups = [context["id"] for context in case["contexts"] if context["type"] == "peer_group"]
    places = [context["id"] for context in case["contexts"] if context["type"] != "peer_group"]
    about = chance.random()
    subject: dict[str, list[str]] = {"people": [], "contexts": []}
    if about < 0.6:
        subject["people"] = chance.sample(people, chance.choice([1, 1, 2]))
    elif about < 0.8:
        subject["contexts"] = [chance.choice(groups)]
    else:
        subject["contexts"] = [chance.choice(places)]
    referral: dict[str, Any] = {
        "id": f"R{number}",
        "kind": "individual" if subject["people"] else "location",
        "received": received.isoformat(),
        "referrer": {"role": "teacher", "agency": "school_college_ap"},
        "subject": subject,
        "efh_types": [chance.choice(["cce", "cse", "missing", "other"])],
        "narrative": f"Narrative {number}.",
        "named_people": [{"person": person, "roles": ["harmed"]} for person in chance.sample(people, chance.randint(0, 2))],
        "unnamed": [{"id": f"R{number}-U", "size_band": "4-6", "roles": ["harmed"]}] if chance.random() < 0.4 else [],
        "concerns_contexts": chance.sample(groups, 1) if chance.random() < 0.4 else [],
        "events": [],
        "links": [],
        "told": [],
    }
    if chance.random() < 0.2:
        who = chance.sample(people, 2)
        referral["events"] = [{"id": f"R{number}-E", "kind": "missing_together", "participants": who, "date": None}]
    unnamed = [found["id"] for found in referral["unnamed"]]
    for n in range(chance.randint(0, 4)):
        referral["links"].append(_link(chance, f"R{number}-L{n}", case, unnamed, received=received))
    referral["told"] = _told(chance, people, received)
    return referral


def _told(chance: random.Random, people: list[str], received: date) -> list[dict[str, Any]]:
    draw, person = chance.random(), chance.choice(people)
    if draw < 0.25:
        due = (AS_OF + timedelta(days=chance.choice([-9, -1, 0, 5]))).isoformat()
        return [{"person": person, "who": "parent_carer", "status": "not_yet", "due": due}]
    if draw < 0.5:
        return [{"person": person, "who": "young_person", "status": "told_content", "date": received.isoformat()}]
    return []


def _link(chance: random.Random, name: str, case: Case, unnamed: list[str], *, received: date | None = None) -> dict[str, Any]:
    people = [person["id"] for person in case["people"]]
    groups = [context["id"] for context in case["contexts"] if context["type"] == "peer_group"]
    places = [context["id"] for context in case["contexts"] if context["type"] not in ("peer_group", "school")]
    known = received or AS_OF - timedelta(days=chance.randint(0, 300))
    rel = chance.choice([*LINKS, *LINKS, *OTHERS, "friend_said_by_yp", "unclear"])
    source = chance.choice([*chance.sample(people, 3), *unnamed, chance.choice(groups)])
    target = {"attends": "S0", "member_of": groups[0], "lives_at": "N0"}.get(rel) or chance.choice(places + groups[:1])
    if rel in ("friend_said_by_yp", "unclear"):
        source, target = chance.sample(people, 2)
    if rel == "member_of" or source == target:
        source = people[0]
    review = known + timedelta(days=chance.choice([365, 365, 365, 10]))
    link: dict[str, Any] = {
        "id": name, "from": source, "rel": rel, "to": target,
        "provenance": {
            "kind": chance.choice(["observed", "observed", "reported_by_young_person", "system_match"]),
            "source_role": "teacher", "agency": "school_college_ap", "reliability": "first_hand",
            "date_known": known.isoformat(), "date_recorded": known.isoformat(), "first_hand": True, "corroborated_by": [],
            "handling": "panel_item", "review_by": review.isoformat(),
        },
    }  # fmt: skip
    _give_standing(chance, link, known)
    return link


def _give_standing(chance: random.Random, link: dict[str, Any], known: date) -> None:
    draw = chance.random()
    link["status"] = "current"
    if draw < 0.15:
        link["status"] = chance.choice(["disputed", "corrected", "withdrawn", "expired"])
    elif draw < 0.35:
        second = known + timedelta(days=chance.randint(0, 40))
        link["status"] = chance.choice(["disputed", "corrected", "withdrawn", "current"])
        link["status_history"] = [
            {"status": "current", "from": known.isoformat()},
            {"status": link["status"], "from": second.isoformat()},
        ]


def _day(text: str) -> date:
    return date.fromisoformat(str(text))


def status_on(link: dict[str, Any], on: date, received: date) -> str | None:
    """Where a statement stands that day, from its own words; None when it is not there or is only a suggestion."""
    source = link["provenance"]
    if source["kind"] == "system_match":
        return None
    steps = link.get("status_history") or [{"status": link["status"], "from": source["date_recorded"]}]
    reached = [step["status"] for step in steps if _day(step["from"]) <= on]
    if not reached:
        return None
    review = _day(source["review_by"]) if source.get("review_by") else received + timedelta(days=365)
    return "expired" if reached[-1] in ("current", "disputed") and review < on else reached[-1]


def _there(case: Case, on: date) -> list[dict[str, Any]]:
    return [referral for referral in case["referrals"] if _day(referral["received"]) <= on]


def _held(referral: dict[str, Any], on: date) -> set[str]:
    """The contexts at which this referral reports harm or feeling unsafe, by a statement current that day."""
    received = _day(referral["received"])
    return {link["to"] for link in referral["links"] if link["rel"] in LINKS and status_on(link, on, received) == "current"}


def _concerns(case: Case, referral: dict[str, Any]) -> set[str]:
    groups = {context["id"] for context in case["contexts"] if context["type"] == "peer_group"}
    return groups & {*referral["subject"]["contexts"], *referral["concerns_contexts"]}


def expected_pairs(case: Case, on: date) -> set[tuple[str, str, str]]:
    """(referral, referral, context) for each pair linked there; the referrals in the order of their own ids."""
    there = _there(case, on)
    referred = {found for referral in there for found in _concerns(case, referral) & set(referral["subject"]["contexts"])}
    pairs = set()
    for one, other in combinations(there, 2):
        shared = _held(one, on) & _held(other, on)
        shared |= _concerns(case, one) & _concerns(case, other) & referred
        names = sorted((one["id"], other["id"]))
        pairs |= {(names[0], names[1], context) for context in shared}
    return pairs


def expected_groups(case: Case, on: date) -> set[frozenset[str]]:
    """The connected sets of two or more."""
    groups: list[set[str]] = []
    for one, other, _ in expected_pairs(case, on):
        touching = [group for group in groups if group & {one, other}]
        groups = [group for group in groups if group not in touching] + [set().union({one, other}, *touching)]
    return {frozenset(group) for group in groups}


def expected_counts(case: Case, on: date) -> dict[str, set[str]]:
    """The referrals that count for each context that any counts for."""
    counts: dict[str, set[str]] = {}
    for referral in _there(case, on):
        about = _held(referral, on) | set(referral["subject"]["contexts"]) | _concerns(case, referral)
        for context in about:
            counts.setdefault(context, set()).add(referral["id"])
    return counts


def expected_names(case: Case, referral: dict[str, Any], on: date) -> set[str]:
    """The young people this referral names that day."""
    people = {person["id"] for person in case["people"]}
    received = _day(referral["received"])
    ends: dict[str, list[str]] = {}
    for link in referral["links"]:
        status = status_on(link, on, received)
        if status is None:
            continue
        for end in {link["from"], link["to"]} & people:
            ends.setdefault(end, []).append(status)
    kept = {member["person"] for member in case["memberships"] if member["referral"] == referral["id"]}
    kept |= {who for event in referral.get("events", []) for who in event["participants"]} & people
    named = set(referral["subject"]["people"]) | {found["person"] for found in referral["named_people"]} | kept | set(ends)
    gone = {who for who, statuses in ends.items() if all(status in ("corrected", "withdrawn") for status in statuses)}
    return named - (gone - kept)


def expected_same_person(case: Case, on: date) -> set[tuple[str, str, str]]:
    """(referral, referral, person) for each two referrals that name one young person that day."""
    there = [(referral["id"], expected_names(case, referral, on)) for referral in _there(case, on)]
    found = set()
    for (one, names), (other, others) in combinations(there, 2):
        first, second = sorted((one, other))
        found |= {(first, second, person) for person in names & others}
    return found


def expected_overdue(case: Case, on: date) -> set[tuple[str, str, str, int]]:
    """(referral, person, who, days) of each telling promised and past its day."""
    return {
        (referral["id"], told["person"], told["who"], (on - _day(told["due"])).days)
        for referral in _there(case, on)
        for told in referral["told"]
        if told["status"] == "not_yet" and _day(told["due"]) < on
    }
