"""Why somebody may see something: given by a name, for purposes, between two moments."""

from datetime import timedelta
from typing import Any

import pytest

from forum.access.actors import EVERY_PURPOSE
from forum.access.grants import WROTE_IT_FOR, Grant, Reason, end_grant, give_grant, grant_author
from forum.errors import Incomplete, WrongState
from graph.errors import MissingCitation
from graph.records import ActorId, new_id
from graph.store.boundary import Store, Writer
from tests.builders import ACTOR, NOW, a_referral, a_scope, a_write_key, an_audit_entry, keep

ME, CHAIR = ActorId("me"), ActorId("chair")


def given(store: Store, **details: Any) -> Grant:
    values = {"to": ME, "because": Reason.ALLOCATED, "until": NOW + timedelta(days=1), "given_by": CHAIR, "now": NOW}
    with store.write(a_scope(), key=a_write_key(), by=ACTOR, now=NOW) as writer:
        grant = give_grant(writer, **{**values, **details})
        writer.append(an_audit_entry())
    return grant


def test_a_grant_names_every_purpose_unless_it_names_some(sqlite_store: Store) -> None:
    referral = keep(sqlite_store, a_referral())
    assert given(sqlite_store, covers=[referral.id]).purposes == tuple(sorted(EVERY_PURPOSE))
    assert given(sqlite_store, covers=[referral.id], purposes=["incident"]).purposes == ("incident",)


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"covers": []}, "/covers"),
        ({"until": NOW}, "/until"),
        ({"until": NOW - timedelta(days=1)}, "/until"),
        ({"purposes": ["curiosity"]}, "/purposes"),
        ({"purposes": []}, "/purposes"),
        ({"given_by": ME}, "/to"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_with_what_to_do(sqlite_store: Store, details: dict[str, Any], pointer: str) -> None:
    referral = keep(sqlite_store, a_referral())
    with pytest.raises(Incomplete) as refused:
        given(sqlite_store, **{"covers": [referral.id], **details})
    assert [mistake.pointer for mistake in refused.value.mistakes] == [pointer]


def test_a_grant_on_something_that_is_not_there_is_refused(sqlite_store: Store) -> None:
    with pytest.raises(MissingCitation):
        given(sqlite_store, covers=[new_id()])


def test_whoever_wrote_a_record_sees_it_for_ninety_days(sqlite_store: Store) -> None:
    referral = keep(sqlite_store, a_referral())
    with sqlite_store.write(a_scope(), key=a_write_key(), by=ME, now=NOW) as writer:
        grant = grant_author(writer, to=ME, covers=referral.id, now=NOW)
        writer.append(an_audit_entry())
    assert (grant.actor, grant.given_by, grant.covers) == (ME, ME, (referral.id,))
    assert grant.holds_until - grant.holds_from == WROTE_IT_FOR == timedelta(days=90)


def test_a_grant_is_ended_once(sqlite_store: Store) -> None:
    referral = keep(sqlite_store, a_referral())
    grant = given(sqlite_store, covers=[referral.id])

    def end(writer: Writer) -> Grant:
        ended = end_grant(writer, writer.get(Grant, grant.id), now=NOW + timedelta(hours=1))
        writer.append(an_audit_entry())
        return ended

    with sqlite_store.write(a_scope(), key=a_write_key(), by=CHAIR, now=NOW) as writer:
        assert end(writer).ended_at == NOW + timedelta(hours=1)
    with (
        pytest.raises(WrongState),
        sqlite_store.write(a_scope(), key=a_write_key(), by=CHAIR, now=NOW) as writer,
    ):
        end(writer)
