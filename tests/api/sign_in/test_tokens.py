"""A token stands for somebody in a role, for some hours; only its hash is kept."""

from datetime import timedelta

import pytest

from api.errors import NotSignedIn
from api.sign_in.tokens import actor_of_token, keep_token, roles_of
from forum.access.actors import Actor, Purpose, Role
from forum.errors import SeparateDuties
from graph.records import ActorId
from graph.store.boundary import Store
from tests.builders import FORUM, NOW

TOKEN = "ef" * 32


def used(store: Store, token: str = TOKEN, hours: float = 0) -> Actor:
    return actor_of_token(store.shelf, token, forum=FORUM, purpose=Purpose.FORUM_PREPARATION, now=NOW + timedelta(hours=hours))


def kept(store: Store) -> None:
    keep_token(store.shelf, TOKEN, actor=ActorId("sam"), role=Role.GUEST, name="Sam", agency="police", hours=2, now=NOW)


def test_a_token_gives_back_whom_it_was_made_for(store: Store) -> None:
    kept(store)
    actor = used(store)
    assert (actor.id, actor.role, actor.name, actor.agency) == ("sam", Role.GUEST, "Sam", "police")
    assert actor.session != TOKEN


def test_a_token_ends_with_its_hours(store: Store) -> None:
    kept(store)
    used(store, hours=1.99)
    with pytest.raises(NotSignedIn):
        used(store, hours=2)


def test_a_token_that_was_never_made_stands_for_nobody(sqlite_store: Store) -> None:
    kept(sqlite_store)
    with pytest.raises(NotSignedIn):
        used(sqlite_store, TOKEN[:-1])


def test_the_shelf_holds_no_token(sqlite_store: Store) -> None:
    kept(sqlite_store)
    assert all(TOKEN not in key for key in sqlite_store.shelf.kept_by("sam", now=NOW))


@pytest.mark.parametrize(
    ("first", "second"),
    [(Role.PRACTITIONER, Role.ANALYST), (Role.ADMINISTRATOR, Role.REFERRER), (Role.CHAIR, Role.INFORMATION_GOVERNANCE)],
)
def test_roles_that_are_kept_apart_are_not_given_to_one_person(sqlite_store: Store, first: Role, second: Role) -> None:
    for given, other in ((first, second), (second, first)):
        person = ActorId(f"{given} {other}")
        keep_token(sqlite_store.shelf, f"{person} 1", actor=person, role=given, name="", agency=None, hours=1, now=NOW)
        with pytest.raises(SeparateDuties):
            keep_token(sqlite_store.shelf, f"{person} 2", actor=person, role=other, name="", agency=None, hours=1, now=NOW)
        assert roles_of(sqlite_store.shelf, person, now=NOW) == {given}
