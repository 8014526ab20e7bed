"""What stands on agendas in a pair of worlds: matters that the actor sees, some of them through an item alone, and hidden ones.

An item is there for whoever reads the whole forum, and for whoever is accepted while its window is open, unless something that
it names is hidden from them (docs/access.md). What somebody sees through an item alone they see as a panel member would.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from forum.access.grants import Grant, Reason
from forum.meetings import AgendaItem
from forum.referral_parts import NamedPerson
from graph.assertions import AssertionKind
from graph.incidents import HarmRole
from graph.records import ActorId, Handling, Record, RecordId, new_id
from tests.attacks.edge_worlds import EVERY_PURPOSE
from tests.attacks.visible_things import Maker, Visible
from tests.builders import FORUM, NOW, TODAY, a_grant, a_home, a_location, an_assertion, an_awareness, an_incident

MEETING = date(2026, 11, 26)
CHAIR = ActorId("who keeps the agenda")
OPEN = {"holds_from": NOW - timedelta(days=2), "holds_until": NOW + timedelta(days=9)}
ENDED = {"holds_from": NOW - timedelta(days=20), "holds_until": NOW - timedelta(days=2)}
TAKEN_OFF = {**OPEN, "ended_at": NOW - timedelta(days=1)}
BEFORE_ITS_WINDOW = {"holds_from": NOW + timedelta(days=1), "holds_until": NOW + timedelta(days=20)}


@dataclass(frozen=True)
class Agenda:
    """Three items, and a case with all that hangs on it that only the first of them shows."""

    items: tuple[Any, ...]
    alone: tuple[Any, ...]

    @property
    def case(self) -> Any:
        return self.alone[2]

    def all(self) -> list[Record]:
        return [*self.alone, *self.items]

    def covered(self) -> tuple[RecordId, ...]:
        """What grants on the three items cover."""
        return tuple(dict.fromkeys(one for item in self.items for one in (item.id, *item.about)))


def an_item(*about: Record, **given: Any) -> AgendaItem:
    """A matter of the next meeting."""
    values = {"meeting_on": MEETING, "accepted": (ActorId("somebody"),), "made_by": CHAIR, "made_at": NOW, "forum": FORUM}
    frame = {"review_on": TODAY + timedelta(days=365), "dispose_on": TODAY + timedelta(days=9 * 365)}
    return AgendaItem(**{"id": new_id(), **frame, **values, "about": tuple(sorted(each.id for each in about)), **given})


def what_is_on_the_agenda(seed: int, seen: Visible, accepted: ActorId) -> Agenda:
    """The same in both worlds: a case that nothing else leads to, one in sight anyway, and a group, a place and a home."""
    make = Maker(f"agenda {seed}")
    home, place = make.make(a_home), make.make(a_location, label="Another flat", place_kind="private_address")
    person = make.person(setting=home.id)
    named = (NamedPerson(person=person.id, roles=(HarmRole.HARMED,)), NamedPerson(person=seen.young[2].id))
    case = make.referral(about=(person,), named_people=named, concerns_contexts=(seen.group.id,))
    alone = (
        person,
        place,
        case,
        make.make(an_assertion, person, seen.places[0], stated_in=case, says=AssertionKind.HARMED_AT),
        make.make(an_assertion, person, place, stated_in=case, says=AssertionKind.SPENDS_TIME_AT),
        make.make(an_assertion, person, seen.young[0], stated_in=case, says=AssertionKind.FRIEND_SAID_BY_YP),
        make.make(an_incident, people=((person, ()), (seen.young[1], ())), stated_in=case.id),
        make.make(an_awareness, referral=case.id, person=person.id),
        home,
    )
    matters: tuple[tuple[Any, ...], ...] = ((case, seen.places[1]), (seen.referrals[1],), (seen.group, seen.places[0], home))
    days = (MEETING, MEETING + timedelta(days=7), MEETING)
    items = tuple(
        make.make(an_item, *about, accepted=(accepted,), meeting_on=day) for about, day in zip(matters, days, strict=True)
    )
    return Agenda(items, alone)


def grant_of(make: Maker, actor: ActorId, covers: tuple[RecordId, ...], **given: Any) -> Grant:
    """A grant that an item gave, for every purpose but the one that no grant of the actor's names."""
    purposes = tuple(each for each in EVERY_PURPOSE if each != "incident")
    values: dict[str, Any] = {"source": Reason.PANEL_ITEM, "covers": covers, "purposes": purposes, "given_by": CHAIR}
    granted: Grant = make.make(a_grant, actor=actor, **{**OPEN, **values, **given})
    return granted


def told_in(make: Maker, agenda: Agenda, seen: Visible, mark: Handling) -> list[Any]:
    """What was said, seen and told in the case on the agenda under a mark that the actor is not admitted to there."""
    case, person = agenda.case, agenda.alone[0]
    marked: dict[str, Any] = {"handling": mark}
    several = [
        make.make(an_assertion, person, seen.places[0], stated_in=case, says=AssertionKind.FEELS_UNSAFE_AT, **marked),
        make.make(an_assertion, seen.young[1], seen.places[2], stated_in=case, says=AssertionKind.HARMED_AT, **marked),
        make.make(an_incident, people=((person, ()), (seen.young[0], ())), stated_in=case.id, **marked),
        make.make(an_awareness, referral=case.id, person=seen.young[0].id, **marked),
    ]
    return make.some(several, 3)


def hidden_items(make: Maker, matters: list[tuple[Any, ...]], *, always: int) -> list[Any]:
    """Items about these matters: the first ones always, of the rest some. Each with its own day, some taken off the agenda."""
    chosen = [*matters[:always], *make.some(matters[always:], len(matters))]
    taken_off: list[dict[str, Any]] = [{}, {}, {"ended_at": NOW}]
    return [
        make.make(
            an_item, *about, meeting_on=MEETING + timedelta(days=make.chance.randrange(30)), **make.chance.choice(taken_off)
        )
        for about in chosen
    ]
