"""Who saw or did what: everyone in the answer by id, the purpose, the grants, and no name."""

from datetime import timedelta

from forum.access.actors import Actor, Purpose, Role, SignedInBy
from forum.access.disclosure import Disclosure
from forum.audit import denial_entry, record_change, refused_id, viewing_entry
from graph.records import ActorId, RecordId
from graph.store.boundary import Store
from tests.builders import FORUM, NOW, a_location, a_scope, a_write_key, a_young_person, keep

ACTOR = Actor(
    id=ActorId("me"),
    role=Role.PRACTITIONER,
    forum=FORUM,
    agency="police",
    purpose=Purpose.INCIDENT,
    signed_in_at=NOW - timedelta(seconds=90),
    how=SignedInBy.WEB_SESSION,
    session="hash",
)


def test_a_viewing_says_who_was_shown_for_what_and_by_which_grants() -> None:
    arlo, parade = a_young_person(known_as="Arlo"), a_location()
    showing = Disclosure(ACTOR)
    showing.show(arlo)
    showing.show(parade)
    entry = viewing_entry(ACTOR, "read_referral", showing, now=NOW, grants=[RecordId("g")], response_digest="d", request="r")
    assert (entry.actor, entry.role, entry.agency, entry.purpose) == ("me", "practitioner", "police", "incident")
    assert (entry.about, entry.resources, entry.grants) == ((arlo.id,), (parade.id,), ("g",))
    assert (entry.decision, entry.signed_in_seconds, entry.web_session, entry.client) == ("allowed", 90, "hash", "web_session")
    assert "Arlo" not in repr(entry)


def test_a_refusal_keeps_the_reason_and_what_was_asked_for_under_a_keyed_hash_alone() -> None:
    asked = {key: denial_entry(ACTOR, "read", reason="record-not-found", now=NOW, asked=["a1"], key=key) for key in (b"k", b"l")}
    assert (asked[b"k"].decision, asked[b"k"].reason, asked[b"k"].about) == ("refused", "record-not-found", ())
    assert asked[b"k"].resources == (refused_id("a1", b"k"),) != asked[b"l"].resources
    assert "a1" not in asked[b"k"].resources


def test_a_change_stands_in_the_audit_with_its_write_on_both_stores(store: Store) -> None:
    arlo = keep(store, a_young_person())
    with store.write(a_scope(), key=a_write_key(), by=ACTOR.id, now=NOW) as writer:
        place = writer.put(a_location())
        record_change(writer, ACTOR, "create_location", resources=[place.id], about=[arlo.id], now=NOW)
    found = store.audit(about=arlo.id)
    assert [(entry.action, entry.resources, entry.about) for entry in found] == [("create_location", (place.id,), (arlo.id,))]
