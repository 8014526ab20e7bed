"""What is on an agenda opens to those accepted five working days before the meeting, minimised, and closes five after."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from forum.access.actors import Actor, Role
from forum.access.disclosure import Disclosure
from forum.access.standing import Sight, sight_for
from forum.errors import RefusedAccess, WrongState
from forum.kinds import CASE_KINDS
from forum.meetings import AgendaItem, change_item, end_item, make_item, window_of
from graph.people import YoungPerson
from graph.records import ActorId, Handling, Record
from graph.store.boundary import Store, Writer
from tests.attacks.agendas import an_item
from tests.builders import (
    FORUM,
    NOW,
    a_grant,
    a_location,
    a_referral,
    a_scope,
    a_write_key,
    a_young_person,
    an_assertion,
    an_audit_entry,
    keep,
)

CHAIR = Actor(id=ActorId("chair-1"), role=Role.CHAIR, forum=FORUM, signed_in_at=NOW)
MEETING = date(2026, 11, 26)  # a Thursday
MEMBER, WORKER, LATER = ActorId("member"), ActorId("worker"), ActorId("later")


def written(store: Store, write: Any) -> AgendaItem:
    """One audited block: what `write` makes of the writer."""

    def once(writer: Writer) -> AgendaItem:
        made: AgendaItem = write(writer)
        writer.append(an_audit_entry())
        return made

    with store.write(a_scope(), key=a_write_key(), by=CHAIR.id, now=NOW) as writer:
        return once(writer)


def on_the_agenda(store: Store, *about: Record, accepted: tuple[ActorId, ...] = (MEMBER,), **given: Any) -> AgendaItem:
    details = {"meeting_on": MEETING, "about": [each.id for each in about], "accepted": accepted, "by": CHAIR, "now": NOW}
    return written(store, lambda writer: make_item(writer, **{**details, **given}))


def sight(store: Store, actor: ActorId, role: Role = Role.PANEL_MEMBER, *, at: datetime = NOW) -> Sight:
    asking = Actor(id=actor, role=role, forum=FORUM, signed_in_at=NOW)
    return sight_for(store, asking, now=NOW, case=CASE_KINDS, taken_as_now=at)


def sees(store: Store, actor: ActorId, record: Record, role: Role = Role.PANEL_MEMBER, *, at: datetime = NOW) -> bool:
    with store.view(sight(store, actor, role, at=at).scope) as view:
        return bool(view.kinds_of([record.id]))


@pytest.mark.parametrize(
    ("meeting", "closed", "first", "last"),
    [
        (date(2026, 11, 26), (), date(2026, 11, 19), date(2026, 12, 3)),
        (date(2026, 11, 23), (), date(2026, 11, 16), date(2026, 11, 30)),
        (date(2026, 11, 28), (), date(2026, 11, 23), date(2026, 12, 4)),
        (date(2026, 12, 22), (date(2026, 12, 25), date(2026, 12, 28)), date(2026, 12, 15), date(2026, 12, 31)),
    ],
)
def test_a_window_counts_monday_to_friday_less_the_days_on_which_nobody_works(
    meeting: date, closed: tuple[date, ...], first: date, last: date
) -> None:
    window = window_of(meeting, closed=closed)
    assert (window.opens.date(), window.closes) == (first, datetime.combine(last + timedelta(days=1), datetime.min.time(), UTC))


def test_whoever_is_accepted_sees_the_item_and_its_records_inside_the_window_alone(store: Store) -> None:
    arlo = a_young_person()
    referral = a_referral(about=(arlo,))
    keep(store, arlo, referral)
    item = on_the_agenda(store, referral)
    window = window_of(MEETING)
    inside = (window.opens, window.closes - timedelta(microseconds=1))
    for moment in inside:
        assert all(sees(store, MEMBER, each, at=moment) for each in (item, referral, arlo))
    for moment in (window.opens - timedelta(microseconds=1), window.closes):
        assert not any(sees(store, MEMBER, each, at=moment) for each in (item, referral, arlo))
    assert not sees(store, ActorId("another"), referral)


def test_changing_an_item_ends_what_it_gave_and_gives_anew(store: Store) -> None:
    first, second = keep(store, a_referral(), a_referral())
    item = on_the_agenda(store, first, accepted=(MEMBER, WORKER))
    changed = replace(item, about=(second.id,), accepted=(MEMBER, LATER))
    written(store, lambda writer: change_item(writer, changed, by=CHAIR, now=NOW))
    assert [sees(store, MEMBER, each) for each in (first, second)] == [False, True]
    assert [sees(store, actor, second) for actor in (WORKER, LATER)] == [False, True]
    moved = replace(keep_read(store, item), meeting_on=date(2027, 1, 14))
    written(store, lambda writer: change_item(writer, moved, by=CHAIR, now=NOW))
    assert not sees(store, MEMBER, second)
    assert sees(store, MEMBER, second, at=datetime(2027, 1, 14, 9, tzinfo=UTC))


def keep_read(store: Store, item: AgendaItem) -> AgendaItem:
    with store.view(a_scope()) as view:
        return view.get(AgendaItem, item.id)


def test_ending_an_item_ends_what_it_gave_whatever_day_is_taken_as_today(store: Store) -> None:
    referral = keep(store, a_referral())
    item = on_the_agenda(store, referral)
    ended = written(store, lambda writer: end_item(writer, item, now=NOW))
    for moment in (NOW, NOW - timedelta(hours=1), NOW + timedelta(days=1)):
        assert not sees(store, MEMBER, referral, at=moment)
    with pytest.raises(WrongState):
        written(store, lambda writer: end_item(writer, ended, now=NOW))
    with pytest.raises(WrongState):
        written(store, lambda writer: change_item(writer, ended, by=CHAIR, now=NOW))


def test_a_practitioner_accepted_for_an_item_sees_it_minimised_and_their_own_case_in_full(store: Store) -> None:
    arlo, bela, parade = a_young_person(family_name="A"), a_young_person(family_name="B"), a_location()
    mine, theirs = a_referral(about=(arlo,)), a_referral(about=(bela,), narrative="What was said of Bela.")
    told = an_assertion(bela, parade, stated_in=theirs, handling=Handling.ALLOCATED_WORKERS)
    keep(store, arlo, bela, parade, mine, theirs, told)
    keep(store, a_grant(mine, actor=WORKER, purposes=("forum_preparation",)))
    on_the_agenda(store, theirs, accepted=(WORKER,))
    now = sight(store, WORKER, Role.PRACTITIONER)
    assert not sees(store, WORKER, told, Role.PRACTITIONER)
    showing = Disclosure(Actor(id=WORKER, role=Role.PRACTITIONER, forum=FORUM, signed_in_at=NOW))
    showing.see_through_items(now.through_items)
    with store.view(now.scope) as view:
        assert showing.show(view.get(YoungPerson, arlo.id)).record.family_name == "A"
        assert not showing.show(view.get(YoungPerson, bela.id)).record.family_name
        assert showing.show(view.get(type(theirs), theirs.id)).record.narrative == ""


def test_an_item_that_names_anything_hidden_from_a_reader_is_hidden_from_them(store: Store) -> None:
    """Whatever hides it: here the mark of what the front door has not screened, and of what was told to one worker alone."""
    arlo, parade = a_young_person(), a_location()
    open_case, unscreened = a_referral(about=(arlo,)), a_referral(handling=Handling.FRONT_DOOR)
    told = an_assertion(arlo, parade, stated_in=open_case, handling=Handling.YOUNG_PERSON_AND_WORKER)
    keep(store, arlo, parade, open_case, unscreened, told)
    whole, of_the_door = on_the_agenda(store, open_case), on_the_agenda(store, open_case, unscreened)
    with_what_was_told = an_item(open_case, told, accepted=(MEMBER,))
    keep(store, with_what_was_told)
    assert [sees(store, MEMBER, each) for each in (whole, of_the_door, open_case)] == [True, False, True]
    assert [sees(store, CHAIR.id, each, Role.CHAIR) for each in (whole, of_the_door, with_what_was_told)] == [True, True, False]


def test_an_item_that_cannot_be_is_refused_with_every_mistake(sqlite_store: Store) -> None:
    with pytest.raises(RefusedAccess) as refused:
        on_the_agenda(sqlite_store, accepted=(), meeting_on=date(2026, 1, 8))
    assert [mistake.pointer for mistake in refused.value.mistakes] == ["/about", "/accepted", "/meeting_on"]
    referral = keep(sqlite_store, a_referral())
    with pytest.raises(RefusedAccess) as own:
        on_the_agenda(sqlite_store, referral, accepted=(CHAIR.id,))
    assert "nobody accepts themselves" in own.value.mistakes[0].detail
