"""A token stands for somebody in a role, for some hours; only its hash is kept."""

from datetime import timedelta

import pytest

from api.errors import NotSignedIn
from api.sign_in.refused import SignInRefused
from api.sign_in.tokens import actor_of_token, keep_token
from forum.access.actors import Actor, Purpose, Role
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
    ("token", "hours", "reason", "whose"),
    [
        (TOKEN, 2, "token-over", "sam"),
        (TOKEN, 25.99, "token-over", "sam"),
        (TOKEN, 26, "token-unknown", None),
        ("x", 0, "token-unknown", None),
    ],
)
def test_what_is_refused_says_for_the_audit_why_and_whose_it_was(
    sqlite_store: Store, token: str, hours: float, reason: str, whose: str | None
) -> None:
    """For a day after its end; then it is one that was never made."""
    kept(sqlite_store)
    with pytest.raises(SignInRefused) as refused:
        used(sqlite_store, token, hours)
    assert (refused.value.reason, refused.value.actor) == (reason, whose)
    assert str(refused.value) == str(NotSignedIn()) and token not in refused.value.credential
