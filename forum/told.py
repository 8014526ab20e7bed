"""Who is still to be told of a referral, who was not told and why, and where is nothing recorded?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.participation import Awareness
from forum.referrals import Referral
from forum.same_person_links import names_people
from graph.analysis import Network
from graph.analysis.index import indexed
from graph.records import RecordId

NOT_TOLD = frozenset({"not_told_risk", "not_told_other", "unable_to_trace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One telling still open or not done. `days_overdue` counts days of a telling, today minus due, and never a person."""

    referral: RecordId
    person: RecordId
    who: str | None
    told: str | None
    due: date | None
    days_overdue: int | None
    supervisor_signed: bool | None


def find_overdue_tellings(network: Network, *, on: date) -> tuple[Telling, ...]:
    """Tellings promised and past their day, earliest due first, those without a day last. Due today is not overdue."""
    found = [
        telling
        for telling in _standing_tellings(network, on=on)
        if telling.told == "not_yet" and (telling.due is None or telling.due < on)
    ]
    return tuple(sorted(found, key=lambda telling: (telling.due or date.max, telling.referral, telling.person, telling.who)))


def find_not_told(network: Network, *, on: date) -> tuple[Telling, ...]:
    """Those who were not told, with whether a supervisor signed it, in order of referral and person."""
    return tuple(telling for telling in _standing_tellings(network, on=on) if telling.told in NOT_TOLD)


def find_nothing_recorded(network: Network, *, on: date) -> tuple[Telling, ...]:
    """Referrals that name young people and hold no telling at all: a row for each referral and young person it names."""
    holding = {telling.referral for telling in _standing_tellings(network, on=on)}
    rows: list[Telling] = []
    for referral, node in network.nodes(data=True):
        if node["kind"] == Referral.KIND and node["facts"]["received"] <= on and referral not in holding:
            to_tell = set(node["cited"].get("subject_people", ())) | names_people(network, referral, on)
            rows.extend(
                Telling(
                    referral=referral, person=person, who=None, told=None, due=None, days_overdue=None, supervisor_signed=None
                )
                for person in sorted(to_tell)
            )
    return tuple(sorted(rows, key=lambda row: (row.referral, row.person)))


TOLD, WILL_BE_TOLD, WAS_NOT_TOLD = "told", "will be told", "not told, with a reason"


def told_in_words(network: Network, *, on: date) -> Mapping[RecordId, str]:
    """For each young person with a telling of their own: told, will be told, or not told with a reason; the most open stands.

    What a parent or carer was told says nothing of the child (practice, 17.3). Whoever is missing has nothing recorded, and
    is shown as that (practice, 11.6).
    """
    words: dict[RecordId, str] = {}
    for telling in _standing_tellings(network, on=on):
        if telling.who != "young_person":
            continue
        said = WILL_BE_TOLD if telling.told == "not_yet" else WAS_NOT_TOLD if telling.told in NOT_TOLD else TOLD
        known = words.get(telling.person, said)
        words[telling.person] = max(known, said, key=(TOLD, WAS_NOT_TOLD, WILL_BE_TOLD).index)
    return words


def _standing_tellings(network: Network, *, on: date) -> tuple[Telling, ...]:
    """The latest telling for each referral, person and who, as of that day, in order of referral, person and who."""
    return indexed(network, ("tellings", on), lambda: _find_standing(network, on))


def _find_standing(network: Network, on: date) -> tuple[Telling, ...]:
    latest: dict[tuple[RecordId, RecordId, str], Mapping[str, Any]] = {}
    for _, node in network.nodes(data=True):
        if node["kind"] != Awareness.KIND or node["facts"]["recorded_on"] > on:
            continue
        facts, cited = node["facts"], node["cited"]
        referral, person = cited.get("referral", ()), cited.get("person", ())
        if not referral or not person:
            continue
        key = (referral[0], person[0], facts["who"])
        if key not in latest or _later(facts, latest[key]):
            latest[key] = facts
    return tuple(_as_telling(key, facts, on) for key, facts in sorted(latest.items(), key=lambda found: found[0]))


def _later(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The later telling stands; on one day, one that was done stands above one still to be done."""
    return (one["recorded_on"], one["told_on"] is not None) > (other["recorded_on"], other["told_on"] is not None)


def _as_telling(key: tuple[RecordId, RecordId, str], facts: Mapping[str, Any], on: date) -> Telling:
    due = facts["due"]
    overdue = (on - due).days if facts["told"] == "not_yet" and due is not None and due < on else None
    return Telling(
        referral=key[0], person=key[1], who=key[2], told=facts["told"], due=due, days_overdue=overdue,
        supervisor_signed=facts["supervisor_signed"],
    )  # fmt: skip
