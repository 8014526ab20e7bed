"""What a line between two contexts rests on: the referrals in which it was said, whether or not they count for a context."""

from datetime import date
from typing import Any

import pytest

from forum.access.actors import Role
from forum.referrals import Referral
from graph.assertions import AssertionKind
from tests.api.rest.served import API, Caller, serve_case
from tests.api.running import Caller as Asker
from tests.api.running import Service
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion, keep
from tests.conftest import StorePlace

# Ada is harmed on the lane (R2). That she belongs to the group that R1 is about was said in R3, which is about her alone.
CASE = """
format: kith-case/1
place: {name: Lesser Wyke, fictional: true}
as_of: 2026-03-15
people:
  - {id: A, kind: young_person, pseudonym: Ada}
contexts:
  - {id: G, type: peer_group, label: bench friends}
  - {id: L, type: location, label: Mill lane}
memberships:
  - {person: A, group: G, referral: R3}
referrals:
  - {id: R1, kind: peer_group, received: 2026-01-05, referrer: {role: youth worker, agency: youth_service},
     subject: {contexts: [G]}, efh_types: [missing]}
  - id: R2
    kind: individual
    received: 2026-01-06
    referrer: {role: nurse, agency: primary_care}
    subject: {people: [A]}
    efh_types: [cce]
    links:
      - {from: A, rel: harmed_at, to: L, provenance: {kind: observed, source_role: nurse, agency: primary_care,
         reliability: first_hand, date_known: 2026-01-06}}
  - {id: R3, kind: individual, received: 2026-01-07, referrer: {role: teacher, agency: school_college_ap},
     subject: {people: [A]}, efh_types: [cce]}
"""
PURPOSE = {"purpose": "Agree who is asked", "owner": "coordinator", "review_by": "2026-12-13"}
FORMS = ("", "/picture.svg", "/list")


def drawn(caller: Caller, mode: str = "coordination") -> str:
    answer = caller.post("/maps", {"kind": "contexts", "mode": mode, **PURPOSE})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"]).removeprefix(API)


def lines(caller: Caller, path: str) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = caller.get(path)["links"]
    return links


def on_a_day(service: Service, received: date) -> tuple[tuple[str, Asker], list[Referral]]:
    """A drawn map of the same case, and its three referrals; the one that counts for no context was received that day."""
    ada, group, lane = a_young_person(), a_peer_group(), a_location()
    about = (group, ada, ada)
    three = [
        a_referral(about=(one,), received=day) for one, day in zip(about, (date(2026, 11, 2),) * 2 + (received,), strict=True)
    ]
    harmed = an_assertion(ada, lane, stated_in=three[1])
    member = an_assertion(ada, group, says=AssertionKind.MEMBER_OF, stated_in=three[2])
    keep(service.store, ada, group, lane, *three, harmed, member)
    caller = service.caller()
    answer = caller.post("/maps", {"kind": "contexts", **PURPOSE})
    return (answer.headers["location"].removeprefix(API), caller), three


def said_by(caller: Asker, path: str) -> list[str]:
    return [link["said_by"] for link in caller.get(path).json()["links"]]


def test_a_line_names_every_referral_it_was_said_in_also_one_that_counts_for_no_context(store_place: StorePlace) -> None:
    served = serve_case(store_place, CASE)
    with served.on() as caller:
        path = drawn(caller)
        assert [link["said_by"] for link in lines(caller, path)] == ["R2, R3"]
        assert {form: caller.status(path + form) for form in FORMS} == dict.fromkeys(FORMS, 200)
        assert caller.status(path + "/picture.html") == 200
        outside = drawn(caller, "context_only")
        assert lines(caller, outside) == []


def test_a_line_to_a_group_says_of_no_member_that_they_were_harmed_there(service: Service) -> None:
    """Between two places it says so: there, everybody was."""
    (path, caller), _ = on_a_day(service, date(2026, 11, 4))
    assert [link["words"] for link in caller.get(path).json()["links"]] == [
        "young people belonging to, harmed or feeling unsafe at both"
    ]
    assert "belonging to, harmed or feeling unsafe at both" in caller.get(path + "/list").text
    bea, street, arcade = keep(service.store, a_young_person(), a_location(label="Street"), a_location(label="Arcade"))
    keep(service.store, *(an_assertion(bea, place, stated_in=a_kept(service, bea)) for place in (street, arcade)))
    words = {link["words"] for link in caller.get(path).json()["links"]}
    assert words == {
        "young people belonging to, harmed or feeling unsafe at both",
        "young people harmed or feeling unsafe at both",
    }


def a_kept(service: Service, about: Any) -> Referral:
    kept: Referral = keep(service.store, a_referral(about=(about,)))
    return kept


def test_a_referral_that_a_line_names_counts_as_shown(service: Service) -> None:
    (path, caller), three = on_a_day(service, date(2026, 11, 4))
    assert said_by(caller, path) == [", ".join(sorted(one.reference for one in three[1:]))]
    (looked,) = [entry for entry in service.store.audit(after=0, limit=500) if entry.action == "read_map"]
    assert {one.id for one in three[1:]} <= set(looked.resources)


def test_a_referral_that_is_not_received_yet_is_named_by_no_line(service: Service) -> None:
    (path, caller), three = on_a_day(service, date(2026, 11, 30))
    assert said_by(caller, path) == [three[1].reference]
    assert three[2].reference not in caller.get(path).text


@pytest.mark.parametrize(("read", "said"), [(("R1", "R2"), []), (("R1", "R2", "R3"), ["R2, R3"])])
def test_a_referral_that_a_reader_may_not_see_is_not_hinted_at(
    store_place: StorePlace, read: tuple[str, ...], said: list[str]
) -> None:
    served = serve_case(store_place, CASE)
    with served.on(role=Role.PRACTITIONER, read=read) as caller:
        path = drawn(caller)
        assert [link["said_by"] for link in lines(caller, path)] == said
        told = [caller.client.get(API + path + form).text for form in FORMS]
        assert [served.ids["R3"] in text or ("R3" in text and not said) for text in told] == [False] * len(FORMS)
