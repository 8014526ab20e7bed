"""What a practitioner sends to REST in a random world: things of their own, tied to what they see, one after the other."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.records import Record, RecordId
from tests.attacks.edge_worlds import World
from tests.attacks.hostile_fields import HEADER, PROVENANCE

SOURCE = {**PROVENANCE, "source_role": "teacher"}
SHEET = {"kind": "peer", "steps": 2, "mode": "coordination", "purpose": "p", "owner": "o", "review_by": "2026-12-20"}
# A peer group and a location each time, and one more in turn: a change of each is tried in some worlds.
NOUNS = ("school", "neighbourhood", "online_space")


@dataclass
class Posting:
    """What somebody has made so far, by the operation that made it; and what they see, of what there is."""

    world: World
    seen: frozenset[RecordId]
    chance: random.Random
    made: dict[str, str] = field(default_factory=dict)

    def of(self, records: list[Record]) -> list[str]:
        return [record.id for record in records if record.id in self.seen]

    def one(self, *of: list[str]) -> str:
        return self.chance.choice([each for several in of for each in several])

    def own(self, noun: str) -> list[str]:
        made = self.made.get(f"create_{noun}")
        return [made] if made else []


def posts(posting: Posting) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with its body; asked for the next only when the one before is made, since it may cite that."""
    chance, world = posting.chance, posting.world
    places = posting.of(world.of("School", "Location", "Neighbourhood", "OnlineSpace"))
    yield "create_peer_group", {"label": f"Friends {world.seed}", "part_of": posting.one(places)}
    groups = posting.own("peer_group")
    for noun in ("location", chance.choice(NOUNS)):
        yield f"create_{noun}", {"label": f"Of their own {world.seed}", "part_of": posting.one(places), "safe_for": groups}
    yield "create_young_person", {"known_as": "Bela", "setting": posting.one(places, groups)}
    own = posting.own("young_person")
    young = [*own, *posting.of(world.young)]
    yield "create_referral", _a_referral(posting, young, places)
    groups += posting.of(world.of("PeerGroup"))
    referrals = [*posting.own("referral"), *posting.of(world.referrals)]
    home = {"referral": chance.choice(referrals)} if chance.random() < 0.5 else {}
    yield "create_assertion", {**_link(young[-1], posting.one(places, groups)), **home}
    people = [{"person": person, "roles": []} for person in {own[0], chance.choice(young)}]
    yield "create_incident", {"kind": "missing_together", "participants": people, "where": posting.one(places, groups), **home}
    yield "create_map", {**SHEET, "around": posting.one(young, groups, referrals)}


def _link(person: str, place: str) -> dict[str, Any]:
    return {"from": person, "rel": "harmed_at", "to": place, "provenance": SOURCE}


def _a_referral(posting: Posting, young: list[str], places: list[str]) -> dict[str, Any]:
    """About somebody of their own or somebody seen, naming others; with a statement, a guardian and a telling in it."""
    subject, named = posting.one(young), posting.one(young)
    groups = [*posting.own("peer_group"), *posting.of(posting.world.of("PeerGroup"))]
    return {
        **HEADER,
        "referrer": {"role": "teacher", "agency": "police"},
        "subject": {"people": [subject], "contexts": []},
        "named_people": [{"person": named, "roles": []}] if named != subject else [],
        "concerns_contexts": [posting.one(groups)],
        "guardians": [{"who": "shop keeper", "context": posting.one(places)}],
        "links": [_link(subject, posting.one(places, groups))],
        "told": [{"person": subject, "who": "young_person", "status": "told_content", "date": "2026-11-20"}],
    }
