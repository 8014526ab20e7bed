"""What the invented people of the demo were given to see, before anybody looks through their eyes. Given once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from api.main import KINDS
from api.sign_in.personas import PERSONAS, Persona, persona_called, persona_id
from forum.access.actors import Actor, Role, SignedInBy
from forum.access.grants import Grant, Reason, give_grant
from forum.access.policy import house_scope
from forum.access.standing import chairs_scope
from forum.audit import record_change
from forum.context_sheets import invite
from forum.kinds import CASE_KINDS
from forum.meetings import AgendaItem, make_item
from graph.analysis import Network
from graph.errors import AlreadyDone
from graph.projection import Projection
from graph.records import ActorId, RecordId
from graph.store.boundary import Store, View, WriteKey, Writer

KEY = WriteKey("first views of the demo's people", "version 1")
LAST_FOR = timedelta(days=30)
# Who sees what of the case, and why they may: the persona's code, where its grant comes from, the case's ids.
FIRST_VIEWS: tuple[tuple[str, Reason, tuple[str, ...]], ...] = (
    ("referrer", Reason.WROTE_IT, ("REF-06",)),
    ("social_worker", Reason.ALLOCATED, ("REF-01", "REF-02")),
    ("guest", Reason.INVITED, ("LOC2",)),
)
# What the panel's next meeting is about, and in how many days it sits: its members see that through the item alone.
FIRST_ITEM = ("REF-01", "REF-04", "LOC2")
SITS_IN = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class _Giver:
    """Who gives, on which days, with what sight."""

    by: ActorId
    now: datetime
    today: date
    sight: View
    network: Network


def give_first_views(store: Store, ids: Mapping[str, RecordId], *, by: ActorId, today: date, now: datetime) -> None:
    """Gives each of them their grants, once, whatever the number of starts. What the case does not hold is left out."""
    forum = store.about().forum
    operator = Actor(id=by, role=Role.ADMINISTRATOR, forum=forum, signed_in_at=now, how=SignedInBy.COMMAND)
    scope = chairs_scope(store, forum=forum, now=now, case=CASE_KINDS)
    projection = Projection(KINDS)
    projection.catch_up(store)
    try:
        with store.view(scope) as sight, store.write(house_scope(forum), key=KEY, by=by, now=now) as writer:
            giver = _Giver(by, now, today, sight, projection.within(scope))
            given = [
                _give(writer, giver, persona, because, covers)
                for code, because, names in FIRST_VIEWS
                if (persona := persona_called(code)) and (covers := [ids[name] for name in names if name in ids])
            ]
            resources = {each for grant in given for each in (grant.id, *grant.covers)}
            about = [ids[name] for name in FIRST_ITEM if name in ids]
            if about:
                resources |= {_put_on_the_agenda(writer, operator, about, today=today).id, *about}
            record_change(writer, operator, "give_first_views", resources=resources, now=now)
    except AlreadyDone:
        return


def _put_on_the_agenda(writer: Writer, operator: Actor, about: list[RecordId], *, today: date) -> AgendaItem:
    """One item for the member of the panel; its window is counted from the day taken as today."""
    member = next(persona for persona in PERSONAS if persona.role is Role.PANEL_MEMBER)
    return make_item(
        writer, meeting_on=today + SITS_IN, about=about, accepted=[persona_id(writer.scope.forum, member)], by=operator,
        now=datetime.combine(today, time(12), UTC),
    )  # fmt: skip


def _give(writer: Writer, giver: _Giver, persona: Persona, because: Reason, covers: list[RecordId]) -> Grant:
    """One grant; for somebody from outside, with the sheets that it covers."""
    to, until = persona_id(writer.scope.forum, persona), giver.now + LAST_FOR
    if persona.role is Role.GUEST:
        return invite(
            writer, giver.sight, giver.network, to=to, contexts=covers, because=because, until=until,
            given_by=giver.by, now=giver.now, today=giver.today,
        )  # fmt: skip
    by = to if because is Reason.WROTE_IT else giver.by
    return give_grant(writer, to=to, covers=covers, because=because, until=until, given_by=by, now=giver.now)
