"""The accounts of an evaluation store's own people: the first person, whom a link signs in, and the invented ones."""

from collections.abc import Iterable
from datetime import datetime

from api.sign_in.one_time_link import first_person
from api.sign_in.personas import AT_SIGN_IN, PERSONAS, Persona, persona_id
from forum.access.accounts import make_account
from forum.access.actors import Actor, Role, SignedInBy
from forum.access.policy import house_scope
from forum.access.standing import account_of
from forum.audit import SERVICE, record_change
from graph.errors import AlreadyDone
from graph.records import ActorId, ForumId, RecordId
from graph.store.boundary import Store, WriteKey


def let_in_first_person(store: Store, *, forum: ForumId, now: datetime) -> ActorId:
    """Makes the first person's account where there is none; one that was disabled stays so."""
    _let_in(store, [(first_person(forum), AT_SIGN_IN)], forum=forum, now=now)
    return first_person(forum)


def let_in_invented(store: Store, personas: Iterable[Persona] = PERSONAS, *, forum: ForumId, now: datetime) -> None:
    """Makes the accounts of invented people where there are none."""
    _let_in(store, [(persona_id(forum, each), each) for each in personas], forum=forum, now=now)


def let_in_everybody(store: Store, *, forum: ForumId, now: datetime) -> None:
    """The first person and every invented one: whom a grant or an agenda item may name from the start."""
    let_in_first_person(store, forum=forum, now=now)
    let_in_invented(store, forum=forum, now=now)


def _let_in(store: Store, people: list[tuple[ActorId, Persona]], *, forum: ForumId, now: datetime) -> None:
    service = Actor(id=SERVICE, role=Role.ADMINISTRATOR, forum=forum, signed_in_at=now, how=SignedInBy.COMMAND)
    for actor, persona in people:
        if account_of(store, actor, forum=forum) is not None:
            continue
        key = WriteKey(f"account of {actor}", "made once")
        try:
            with store.write(house_scope(forum), key=key, by=SERVICE, now=now) as writer:
                made = make_account(
                    writer, actor=actor, roles=[persona.role], name=persona.name, agency=persona.agency, made_by=SERVICE, now=now
                )
                record_change(writer, service, "make_account", resources=[RecordId(made.id)], now=now)
        except AlreadyDone:
            continue
