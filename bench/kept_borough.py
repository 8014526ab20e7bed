"""An invented borough as a store keeps it: export lines for `restore`, and the same rows ready for a raw driver."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bench.borough import Borough
from forum.kinds import FORUM_KINDS
from forum.referrals import Referral
from graph.assertions import Assertion, AssertionKind, HowKnown, Origin, Standing, StandingSince, Voice
from graph.contexts import Context, Location, PeerGroup, School
from graph.kinds import GRAPH_KINDS
from graph.people import YoungPerson
from graph.records import ActorId, ForumId, Handling, Record, RecordId
from graph.store.boundary import NewStore, Scope, StoreFacts
from graph.store.codec import stored
from graph.store.export_lines import body_line, in_chunks, line_of

KINDS: tuple[type[Record], ...] = (*GRAPH_KINDS, *FORUM_KINDS)
FORUM, ACTOR = ForumId("bench"), ActorId("bench")
MADE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MADE_TEXT = "2026-11-21T09:00:00.000000Z"
TODAY = date(2026, 11, 21)
NEW_STORE = NewStore(forum=FORUM, evaluation=True, made_at=MADE, lives_until=datetime(2027, 11, 21, tzinfo=UTC))
EVERYTHING = Scope(forum=FORUM, open_kinds=frozenset(kind.KIND for kind in KINDS), handling=frozenset(Handling))
IN_A_REVISION = 1_000
CONTEXT_CLASSES: dict[str, tuple[type[Record], Context]] = {
    "PeerGroup": (PeerGroup, Context.PEERS),
    "School": (School, Context.SCHOOL),
    "Location": (Location, Context.NEIGHBOURHOOD),
}


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One record as it is kept: kind, body, and what it cites as (field, id)."""

    id: str
    kind: str
    body: dict[str, Any]
    cites: tuple[tuple[str, str], ...]


class KeptBorough:
    """Gives the rows of a borough again and again, in the same order and under the same ids."""

    def __init__(self, borough: Borough) -> None:
        self.borough = borough
        chance = random.Random(f"kept {borough.size.name}")
        self._chance = chance
        self.people = [self._id() for _ in range(borough.size.people)]
        self.contexts = [self._id() for _ in borough.context_kind]
        self.referrals = [self._id() for _ in borough.referrals]
        self._statement_seed = chance.getrandbits(64)

    def _id(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"

    def rows(self) -> Iterator[KeptRow]:
        """Records, each after what it cites."""
        person = stored(YoungPerson(**_frame(), pseudonym="Y"))
        for record_id in self.people:
            yield KeptRow(record_id, YoungPerson.KIND, {**person, "id": record_id}, ())
        contexts = {
            name: stored(cls(**_frame(), label="a place", counts_under=counts))  # type: ignore[call-arg]
            for name, (cls, counts) in CONTEXT_CLASSES.items()
        }
        for record_id, kind in zip(self.contexts, self.borough.context_kind, strict=True):
            yield KeptRow(record_id, kind, {**contexts[kind], "id": record_id, "label": f"place {record_id[:6]}"}, ())
        yield from self._referral_rows()
        yield from self._statement_rows()

    def _referral_rows(self) -> Iterator[KeptRow]:
        referral = stored(
            Referral(
                **_frame(), reference="R", referral_kind="individual", received=date(2026, 9, 1), referrer_role="teacher",
                referrer_agency="school_college_ap", narrative="He told his teacher what happened there. " * 8,
                recorded_by=ACTOR, recorded_at=MADE,
            )
        )  # fmt: skip
        for record_id, (person, _) in zip(self.referrals, self.borough.referrals, strict=True):
            about = self.people[person]
            body = {**referral, "id": record_id, "reference": f"R-{record_id[:8]}", "subject_people": [about]}
            yield KeptRow(record_id, Referral.KIND, body, (("subject_people", about),))

    def _statement_rows(self) -> Iterator[KeptRow]:
        chance = random.Random(self._statement_seed)
        statement = stored(
            Assertion(
                **_frame(), says=AssertionKind.HARMED_AT, source=RecordId("0" * 32), target=RecordId("0" * 32),
                known=HowKnown.FIRST_HAND, origin=Origin.OBSERVED, said_by=Voice.PROFESSION, source_role="teacher",
                agency="school_college_ap", date_recorded=date(2026, 9, 1),
                standings=(StandingSince(standing=Standing.CURRENT, since=date(2026, 9, 1)),),
                recorded_by=ACTOR, recorded_at=MADE,
            )
        )  # fmt: skip
        for source, target, says, stated_in in self._ties():
            record_id = f"{chance.getrandbits(128):032x}"
            body = {**statement, "id": record_id, "says": says, "source": source, "target": target, "stated_in": stated_in}
            cites = [("source", source), ("target", target)] + ([("stated_in", stated_in)] if stated_in else [])
            yield KeptRow(record_id, Assertion.KIND, body, tuple(cites))

    def _ties(self) -> Iterator[tuple[str, str, str, str | None]]:
        people, contexts = self.people, self.contexts
        for one, other in self.borough.peer_ties:
            yield people[one], people[other], AssertionKind.FRIEND_SEEN_BY_OTHERS.code, None
        for one, context, says in self.borough.context_ties:
            yield people[one], contexts[context], says, None
        for referral, (person, harms) in zip(self.referrals, self.borough.referrals, strict=True):
            for context, says in harms:
                yield people[person], contexts[context], says, referral


def _frame() -> dict[str, Any]:
    return {
        "id": RecordId("0" * 32), "forum": FORUM, "review_on": date(2027, 9, 1), "dispose_on": date(2033, 9, 1),
        "version": 1, "handling": Handling.PANEL_ITEM,
    }  # fmt: skip


def export_chunks(kept: KeptBorough) -> Iterator[Sequence[str]]:
    """The borough as `kith export` would write it."""
    facts = StoreFacts(kind="sqlite", schema=1, forum=FORUM, evaluation=True, made_at=MADE, lives_until=NEW_STORE.lives_until)
    return in_chunks(facts, _lines(kept))


def _lines(kept: KeptBorough) -> Iterator[str]:
    for row in kept.rows():
        frame = {"id": row.id, "forum": FORUM, "kind": row.kind, "version": 1, "handling": "panel_item", "erased_at": None}
        yield body_line("record", frame, body_text(row.body))
    for row in kept.rows():
        for field, cited in row.cites:
            yield line_of("citation", {"record": row.id, "field": field, "cited": cited})
    for place, row in enumerate(kept.rows()):
        yield body_line("change", change_of(place, row), body_text(row.body))


def change_of(place: int, row: KeptRow) -> dict[str, Any]:
    """The change that brought a row, without its body: so many rows to a revision."""
    revision, position = divmod(place, IN_A_REVISION)
    return {
        "revision": revision + 1, "position": position + 1, "record": row.id, "kind": row.kind, "version": 1,
        "at": MADE_TEXT, "by": ACTOR,
    }  # fmt: skip


def body_text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
