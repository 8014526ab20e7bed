"""Whole invented worlds for tests of findings: records in, a network out, made by what we ship.

`calderwick()` is the borough of tests/fixtures/calderwick.yaml with its expected answers; `network_of` cuts a network from
any records. Ids are random but follow from a seed, so that a test can load one world twice under other ids.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from forum.participation import Awareness
from forum.referrals import GroupFriendship, Guardian, NamedPerson, Referral, UnnamedInReferral
from forum.rights import RightsRequest
from graph.analysis import Network
from graph.assertions import (
    KIND_BY_CODE,
    Assertion,
    AssertionKind,
    HowKnown,
    HowSure,
    Origin,
    Standing,
    StandingSince,
    Voice,
    whose_voice,
)
from graph.contexts import CONTEXT_TYPES, Context
from graph.incidents import HarmRole, Incident, Participant
from graph.people import AdultOfConcern, UnnamedPeople, YoungPerson
from graph.periods import disposal_day, review_day
from graph.projection.reading import Reader
from graph.projection.sight import Kept, network_within
from graph.records import Handling, Record, RecordId, citations_of
from graph.store.boundary import Scope
from graph.store.codec import stored
from tests.builders import ACTOR, ALL_KINDS, FORUM, NOW, a_scope

FIXTURES = Path(__file__).parent / "fixtures"
AS_OF = date(2026, 11, 21)


def network_of(records: Iterable[Record], scope: Scope | None = None) -> Network:
    """What a scope (everything, when none is given) sees of these records."""
    reader, kept = Reader(ALL_KINDS), Kept()
    for record in records:
        if isinstance(record, Assertion):
            kept.keep_tie(reader.tie(record.id, stored(record)))
        else:
            kept.keep_record(reader.record(record.id, record.KIND, stored(record)))
    return network_within(kept, scope or a_scope(), reader.kinds)


@dataclass(frozen=True)
class Calderwick:
    """The borough's records, and which record each id of the case became."""

    records: tuple[Record, ...]
    ids: Mapping[str, RecordId]

    def network(self, scope: Scope | None = None) -> Network:
        return network_of(self.records, scope)

    def name_of(self, record_id: RecordId) -> str:
        return next(name for name, one in self.ids.items() if one == record_id)

    def label_of(self, record_id: RecordId) -> str:
        return next(str(getattr(one, "label", one.KIND)) for one in self.records if one.id == record_id)

    def reader_of(self, *referrals: str) -> Scope:
        """Someone who may read these referrals, with whom and what they cite, and every open kind."""
        kinds = frozenset(kind.KIND for kind in ALL_KINDS) - {Referral.KIND}
        return a_scope(open_kinds=kinds, granted=frozenset(self.ids[name] for name in referrals))


def expected() -> dict[str, Any]:
    """The answers the case gives for itself on its own day."""
    answers: dict[str, Any] = yaml.safe_load((FIXTURES / "calderwick-expected.yaml").read_text("utf-8"))
    return answers


def calderwick(seed: int = 1) -> Calderwick:
    """The borough; another seed gives the same facts other ids."""
    case = yaml.safe_load((FIXTURES / "calderwick.yaml").read_text("utf-8"))
    borough = _Borough(random.Random(seed))
    for read in (borough.people, borough.contexts, borough.referrals, borough.others):
        read(case)
    return Calderwick(tuple(cited_first(borough.records)), borough.ids)


def cited_first(records: Iterable[Record]) -> Iterator[Record]:
    """The same records, each after whatever it cites, as a store wants them written."""
    waiting = {record.id: record for record in records}
    while waiting:
        ready = [one for one in waiting.values() if not any(citation.cited in waiting for citation in citations_of(one))]
        assert ready, "records cite each other in a ring"
        for one in ready:
            yield waiting.pop(one.id)


class _Borough:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.ids: dict[str, RecordId] = {}
        self.records: list[Record] = []

    def id(self, name: str) -> RecordId:
        return self.ids.setdefault(name, RecordId(f"{self.chance.getrandbits(128):032x}"))

    def ids_of(self, names: Iterable[str]) -> tuple[RecordId, ...]:
        return tuple(self.id(name) for name in names)

    def frame(self, name: str, since: date = AS_OF, **given: Any) -> dict[str, Any]:
        review_on = given.pop("review_on", review_day(since))
        return {"id": self.id(name), "forum": FORUM, "review_on": review_on, "dispose_on": disposal_day(review_on), **given}

    def people(self, case: Mapping[str, Any]) -> None:
        for one in case["people"]:
            self.records.append(YoungPerson(**self.frame(one["id"]), known_as=one["known_as"], pseudonym=one["pseudonym"]))
        for one in case["adults_of_concern"]:
            self.records.append(AdultOfConcern(**self.frame(one["id"]), shown=one["shown"], held_by=one["held_by"]))

    def contexts(self, case: Mapping[str, Any]) -> None:
        for one in case["contexts"]:
            made = CONTEXT_TYPES[one["type"]](
                **self.frame(one["id"]),
                label=one["label"],
                counts_under=Context(one["context"]),
                place_kind=one.get("place_kind"),
                size_band=one.get("size_band"),
                part_of=self.id(one["part_of"]) if "part_of" in one else None,
                safe_for=self.ids_of(one.get("safe_for", ())),
            )
            self.records.append(made)

    def referrals(self, case: Mapping[str, Any]) -> None:
        for one in case["referrals"]:
            self.referral(one)
        received = {one["id"]: one for one in case["referrals"]}
        for number, one in enumerate(case["memberships"]):
            self.membership(f"membership-{number}", one, received[one["referral"]])

    def referral(self, one: Mapping[str, Any]) -> None:
        for group in one.get("unnamed", ()):
            self.records.append(UnnamedPeople(**self.frame(group["id"], one["received"]), size_band=group["size_band"]))
        self.records.append(self.header(one))
        self.events(one)
        for link in one["links"]:
            self.link(link, self.id(one["id"]))
        self.tellings(one)

    def header(self, one: Mapping[str, Any]) -> Referral:
        return Referral(
            **self.frame(one["id"], one["received"]),
            reference=one["id"],
            referral_kind=one["kind"],
            received=one["received"],
            referrer_role=one["referrer"]["role"],
            referrer_agency=one["referrer"]["agency"],
            subject_people=self.ids_of(one["subject"]["people"]),
            subject_contexts=self.ids_of(one["subject"]["contexts"]),
            concerns_contexts=self.ids_of(one["concerns_contexts"]),
            narrative=one["narrative"],
            named_people=tuple(
                NamedPerson(person=self.id(named["person"]), roles=tuple(map(HarmRole, named["roles"])))
                for named in one["named_people"]
            ),
            unnamed=tuple(
                UnnamedInReferral(people=self.id(group["id"]), roles=tuple(map(HarmRole, group["roles"])))
                for group in one.get("unnamed", ())
            ),
            guardians=tuple(
                Guardian(who=who["who"], context=self.id(who["context"]), willing=who["willing"])
                for who in one.get("guardians", ())
            ),
            group_friendships=tuple(
                GroupFriendship(group=self.id(friends["group"]), protective=friends["protective"])
                for friends in [one["group_friendship"]]
            )
            if "group_friendship" in one
            else (),
            recorded_by=ACTOR,
            recorded_at=NOW,
        )

    def events(self, one: Mapping[str, Any]) -> None:
        for event in one.get("events", ()):
            took_part = tuple(Participant(person=self.id(person)) for person in event["participants"])
            self.records.append(
                Incident(
                    **self.frame(event["id"], one["received"]),
                    what=event["kind"],
                    participants=took_part,
                    recorded_on=one["received"],
                    stated_in=self.id(one["id"]),
                )
            )

    def tellings(self, one: Mapping[str, Any]) -> None:
        for number, told in enumerate(one["told"]):
            self.records.append(
                Awareness(
                    **self.frame(f"{one['id']}-told-{number}", one["received"]),
                    referral=self.id(one["id"]),
                    person=self.id(told["person"]),
                    who=told["who"],
                    told=told["status"],
                    told_on=told.get("date"),
                    due=told.get("due"),
                    recorded_on=told.get("date") or one["received"],
                )
            )

    def link(self, link: Mapping[str, Any], stated_in: RecordId | None) -> None:
        said = link["provenance"]
        history = link.get("status_history") or [{"status": link["status"], "from": said["date_recorded"]}]
        origin = Origin(said["kind"])
        self.records.append(
            Assertion(
                **self.frame(link["id"], review_on=said["review_by"], handling=Handling(said["handling"])),
                says=KIND_BY_CODE[link["rel"]],
                source=self.id(link["from"]),
                target=self.id(link["to"]),
                stated_in=stated_in,
                known=HowKnown(said["reliability"]),
                origin=origin,
                said_by=whose_voice(origin, said["agency"]),
                source_role=said["source_role"],
                agency=said["agency"],
                date_known=said["date_known"],
                date_recorded=said["date_recorded"],
                how_sure=HowSure(said.get("how_sure", "sure")),
                first_hand=said["first_hand"],
                protective=link.get("protective"),
                within=self.id(link["within"]) if "within" in link else None,
                time_band=link.get("time_band"),
                wording=link.get("wording"),
                standings=tuple(
                    StandingSince(
                        standing=Standing(step["status"]), since=step["from"], by=self.id(step["by"]) if "by" in step else None
                    )
                    for step in history
                ),
                recorded_by=ACTOR,
                recorded_at=NOW,
            )
        )

    def membership(self, name: str, one: Mapping[str, Any], referral: Mapping[str, Any]) -> None:
        self.records.append(
            Assertion(
                **self.frame(name, referral["received"]),
                says=AssertionKind.MEMBER_OF,
                source=self.id(one["person"]),
                target=self.id(one["group"]),
                stated_in=self.id(one["referral"]),
                known=HowKnown.TOLD_BY_OTHER_PROFESSIONAL,
                origin=Origin.REPORTED_BY_THIRD_PARTY,
                said_by=Voice.PROFESSION,
                source_role=referral["referrer"]["role"],
                agency=referral["referrer"]["agency"],
                date_recorded=referral["received"],
                standings=(StandingSince(standing=Standing.CURRENT, since=referral["received"]),),
                recorded_by=ACTOR,
                recorded_at=NOW,
            )
        )

    def others(self, case: Mapping[str, Any]) -> None:
        for link in case["other_links"]:
            self.link(link, None)
        for one in case["requests"]:
            self.records.append(
                RightsRequest(
                    **self.frame(one["id"], one["received"]),
                    request_kind=one["kind"],
                    by=self.id(one["by"]),
                    target=self.id(one["target"]),
                    received=one["received"],
                    decided=one["decided"],
                    outcome=one["outcome"],
                    cascade=self.ids_of(one.get("cascade", ())),
                )
            )
