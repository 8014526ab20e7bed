"""What of a network may become a link: statements, events and guardians, with when they came and whether they still show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from forum.referrals import Referral
from graph.analysis import Network, Tie
from graph.assertions import AssertionKind, HowKnown, Standing, Voice
from graph.incidents import HarmRole, Incident
from graph.periods import moment_text
from graph.records import RecordId
from visualise.document import plain_words
from visualise.style import symbols, thing_kind_of

LETTER = {
    HowKnown.FIRST_HAND: "S",
    HowKnown.TOLD_BY_YOUNG_PERSON_OR_FAMILY: "T",
    HowKnown.TOLD_BY_OTHER_PROFESSIONAL: "P",
    HowKnown.INFERRED: "J",
    HowKnown.SECOND_HAND_OR_RUMOUR: "H",
}
PASSED_ON = "P"
GUARDIAN = "guardian_at"
DRAWN_ROLES = (HarmRole.HARMED, HarmRole.MAY_BE_HARMED, HarmRole.WITNESS, HarmRole.MAY_HAVE_HARMED)
NOT_ALONE = "may_have_harmed"


@dataclass(frozen=True, slots=True)
class TieToDraw:
    """A possible link between two records (or a record and a guardian by role), before labels and numbers are given."""

    key: str
    source: str
    target: str
    kind: str
    words: str
    meaning: str
    how_known: str
    how_sure: str
    voice: str
    source_role: str
    known_on: date | None
    agencies: int
    disputed: bool
    affected: str | None
    roles: tuple[tuple[str, str], ...]
    recorded: str
    shown: bool
    stood: bool
    renewed_on: date | None = None
    guardian_role: str = field(default="")

    @property
    def ends(self) -> tuple[str, str]:
        return (self.source, self.target)


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last day of the month where it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))


def is_too_old(tie: TieToDraw, today: date) -> bool:
    """Known more than 12 months ago and not renewed since; an unknown day is never too old."""
    return _freshest(tie) is not None and _freshest(tie) < months_before(today, 12)  # type: ignore[operator]


def is_older(tie: TieToDraw, today: date) -> bool:
    """Known more than 6 months ago: the month is written after the letter."""
    return tie.known_on is not None and tie.known_on < months_before(today, 6)


def _freshest(tie: TieToDraw) -> date | None:
    if tie.known_on is None:
        return None
    return max(tie.known_on, tie.renewed_on) if tie.renewed_on else tie.known_on


def find_ties(network: Network, referrals: Sequence[Referral], *, today: date, drawn_on: date) -> list[TieToDraw]:
    """Every possible link of a network, sorted by key: what a system suggested is never one. Guardians are in `referrals`."""
    protect = _groups_that_protect(network)
    found = [
        _statement(network, tie, today, drawn_on, protect)
        for _, _, tie in network.edges(data="tie")
        if _may_be_drawn(network, tie)
    ]
    for record_id in network.nodes:
        node = network.nodes[record_id]
        if node["kind"] == Incident.KIND:
            found.extend(_from_event(network, record_id, node["facts"], today, drawn_on))
    for referral in referrals:
        found.extend(_from_guardians(network, referral, today, drawn_on))
    return sorted({tie.key: tie for tie in found}.values(), key=lambda tie: tie.key)


def _may_be_drawn(network: Network, tie: Tie) -> bool:
    ends = (network.nodes[tie.source]["kind"], network.nodes[tie.target]["kind"])
    return (
        all(thing_kind_of(kind) is not None for kind in ends)
        and tie.source != tie.target
        and bool(tie.standings)
        and _is_stated(tie)
    )


def _is_stated(tie: Tie) -> bool:
    """Said by somebody: a system's suggestion has no standing on any day."""
    return tie.standing(max(step.since for step in tie.standings)) is not None


def _groups_that_protect(network: Network) -> frozenset[str]:
    """The peer groups whose friendship a referral says protects: belonging to one is a strength."""
    return frozenset(
        friendship["group"]
        for _, node in network.nodes(data=True)
        for friendship in node["facts"].get("group_friendships", ())
        if friendship.get("protective")
    )


def _statement(network: Network, tie: Tie, today: date, drawn_on: date, protect: frozenset[str]) -> TieToDraw:
    table = symbols()["tie"][tie.says.code]
    standing = tie.standing(today)
    protective = tie.protective or (tie.says is AssertionKind.MEMBER_OF and tie.target in protect)
    return TieToDraw(
        key=f"tie:{tie.id}",
        source=tie.source,
        target=tie.target,
        kind=tie.says.code,
        words=table["words"],
        meaning=_meaning(table["meaning"], protective),
        how_known=LETTER[tie.known],
        how_sure=tie.how_sure.value,
        voice=tie.said_by.value,
        source_role=tie.source_role,
        known_on=tie.date_known,
        agencies=_agencies(network, tie, today),
        disputed=standing is Standing.DISPUTED,
        affected=table["affected"],
        roles=_roles(network, tie, table["roles"]),
        recorded=tie.recorded or max(tie.date_recorded, tie.standings[0].since).isoformat(),
        shown=tie.is_shown(today),
        stood=_stood(tie, drawn_on),
        renewed_on=_renewed_on(tie, today),
    )


def _meaning(usual: str, protective: bool | None) -> str:
    """A protective tie is a strength; where the tie itself is a worry, it is both."""
    if protective:
        return "both" if usual == "worry" else "strength"
    return usual


def _stood(tie: Tie, day: date) -> bool:
    """Whether it was given as current or disputed on a day; its review date, which moves, is left aside."""
    steps = [step.standing for step in tie.standings if step.since <= day]
    return bool(steps) and steps[-1] in (Standing.CURRENT, Standing.DISPUTED)


def _renewed_on(tie: Tie, today: date) -> date | None:
    """The last day on which a current or expired statement was said again to be current."""
    steps = [step for step in tie.standings if step.since <= today]
    renewed = [
        later.since
        for earlier, later in pairwise(steps)
        if later.standing is Standing.CURRENT and earlier.standing in (Standing.CURRENT, Standing.EXPIRED)
    ]
    return renewed[-1] if renewed else None


def _agencies(network: Network, tie: Tie, today: date) -> int:
    """How many independent agencies say so: its own, and those of the current statements that corroborate it."""
    beside = {one.id: one for _, _, one in network.edges(data="tie")} if tie.corroborated_by else {}
    corroborating = [beside[one] for one in tie.corroborated_by if one in beside and beside[one].is_current(today)]
    return len({one.agency or one.source_role for one in [tie, *corroborating]})


def _roles(network: Network, tie: Tie, table: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The roles a kind of statement gives its ends, where those are young people.

    May have harmed stands only beside the other roles that young person has in the same referral, and never alone.
    """
    found: list[tuple[str, str]] = []
    for end, role in sorted(table.items()):
        person = tie.source if end == "from" else tie.target
        if network.nodes[person]["kind"] != "YoungPerson":
            continue
        if role != NOT_ALONE:
            found.append((end, role))
            continue
        others = [one for one in _roles_in_referral(network, tie.stated_in, person) if one != NOT_ALONE]
        found.extend((end, one) for one in [*others, NOT_ALONE] if others)
    return tuple(found)


def _roles_in_referral(network: Network, referral: RecordId | None, person: str) -> list[str]:
    if referral is None or referral not in network:
        return []
    named: Sequence[Mapping[str, Any]] = network.nodes[referral]["facts"].get("named_people", ())
    held = {str(role) for one in named if one.get("person") == person for role in one.get("roles", ())}
    return [role.value for role in DRAWN_ROLES if role.value in held]


def _from_event(network: Network, event: RecordId, facts: Mapping[str, Any], today: date, drawn_on: date) -> Iterator[TieToDraw]:
    """One event as links between each two who took part; the same event told again is the same link."""
    people = {
        one["person"]: tuple(str(role) for role in one.get("roles", ()))
        for one in facts.get("participants", ())
        if one.get("person") in network and thing_kind_of(network.nodes[one["person"]]["kind"]) is not None
    }
    referral = next(iter(network.nodes[event]["cited"].get("stated_in", ())), None)
    what = str(facts.get("what", "event"))
    kind = "".join(sign if "a" <= sign <= "z" or sign == "_" else "_" for sign in what.lower())[:40].ljust(2, "_")
    for one, other in combinations(sorted(people), 2):
        yield replace(
            _told_in(network, referral, facts.get("recorded_on"), today, drawn_on),
            key=f"event:{what}:{facts.get('happened_on')}:{referral}:{one}:{other}",
            source=one,
            target=other,
            kind=kind,
            words=symbols()["event"].get(what, what.replace("_", " ")),
            meaning="worry",
            known_on=facts.get("happened_on"),
            roles=(*_event_roles(network, "from", one, people[one]), *_event_roles(network, "to", other, people[other])),
        )


def _event_roles(network: Network, end: str, person: str, roles: Sequence[str]) -> Iterator[tuple[str, str]]:
    drawn = [role.value for role in DRAWN_ROLES if role.value in roles]
    if network.nodes[person]["kind"] == "YoungPerson" and drawn != [NOT_ALONE]:
        yield from ((end, role) for role in drawn)


def _from_guardians(network: Network, referral: Referral, today: date, drawn_on: date) -> Iterator[TieToDraw]:
    """Adults with caring intent at a place, by role; one who is not willing is not shown as a guardian."""
    told = _told_in(network, referral.id, referral.received, today, drawn_on)
    derived = symbols()["derived"][GUARDIAN]
    for one in referral.guardians:
        place = one.context
        if place is None or place not in network or one.willing is False or thing_kind_of(network.nodes[place]["kind"]) is None:
            continue
        role = plain_words(one.who)
        yield replace(
            told,
            key=f"guardian:{referral.id}:{place}:{role}",
            source=f"guardian:{place}:{role}",
            target=place,
            kind=GUARDIAN,
            words=derived["words"],
            meaning=derived["meaning"],
            source_role=referral.referrer_role,
            known_on=referral.received,
            recorded=moment_text(referral.recorded_at),
            guardian_role=role,
        )


def _told_in(network: Network, referral: RecordId | None, day: date | None, today: date, drawn_on: date) -> TieToDraw:
    """What a referral passes on without saying more about how it is known."""
    node = network.nodes[referral] if referral is not None and referral in network else None
    role = node["facts"].get("referrer_role", "") if node else ""
    stated = [tie.recorded for tie in node["stated"] if tie.recorded] if node else []
    return TieToDraw(
        key="",
        source="",
        target="",
        kind="",
        words="",
        meaning="",
        how_known=PASSED_ON,
        how_sure="sure",
        voice=Voice.PROFESSION.value,
        source_role=role or "the referral",
        known_on=None,
        agencies=1,
        disputed=False,
        affected=None,
        roles=(),
        recorded=min(stated) if stated else (day.isoformat() if day else ""),
        shown=day is None or day <= today,
        stood=day is None or day <= drawn_on,
    )
