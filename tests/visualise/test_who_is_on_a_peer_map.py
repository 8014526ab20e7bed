"""Who is reached on a peer map and who is said to have told what: never somebody for their school, nor words put in a mouth."""

from collections.abc import Sequence

import pytest

from forum.referrals import Guardian
from graph.assertions import Assertion, AssertionKind, Voice
from graph.records import Record
from tests.builders import (
    a_location,
    a_parent_carer,
    a_referral,
    a_school,
    a_young_person,
    an_assertion,
)
from tests.visualise.sheets import a_sheet
from tests.worlds import AS_OF, network_of
from visualise.document import MapDocument
from visualise.peer_map import compose_peer_map

ADA, BO, CY = a_young_person(), a_young_person(), a_young_person()
MUM, PARK, SCHOOL = a_parent_carer(), a_location(label="Park"), a_school(label="Calder High")
LABELS = {ADA.id: "Ada", BO.id: "Bo", CY.id: "Cy", MUM.id: "Mum", PARK.id: "Park", SCHOOL.id: "Calder High"}
ATTENDS, FRIEND, HARMED_AT = AssertionKind.ATTENDS, AssertionKind.FRIEND_SAID_BY_YP, AssertionKind.HARMED_AT


def drawn(around: Record, *said: Assertion, beside: Sequence[Record] = ()) -> MapDocument:
    network = network_of([ADA, BO, CY, MUM, PARK, SCHOOL, *said, *beside])
    referrals = [one for one in beside if one.KIND == "Referral"]
    return compose_peer_map(
        network, a_sheet(around.id, steps=3), label=LABELS.__getitem__, told={}, today=AS_OF, reference="M-1",
        referrals=referrals,  # type: ignore[arg-type]
    )  # fmt: skip


def called(document: MapDocument) -> set[str]:
    return {thing.label for thing in document.things}


def attends(who: Record, where: Record = SCHOOL) -> Assertion:
    return an_assertion(who, where, says=ATTENDS)


@pytest.mark.parametrize("where", [SCHOOL, PARK], ids=["school", "place"])
def test_a_shared_school_puts_nobody_on_a_childs_map(where: Record) -> None:
    document = drawn(ADA, attends(ADA, where), attends(BO, where), attends(CY, where))
    assert called(document) == {"Ada", LABELS[where.id]}
    assert [link.kind for link in document.links] == ["attends"]


def test_a_map_around_a_school_is_not_everyone_who_attends_it() -> None:
    document = drawn(SCHOOL, attends(ADA), attends(BO), an_assertion(ADA, SCHOOL, says=HARMED_AT))
    assert called(document) == {"Calder High", "Ada"}
    assert {link.kind for link in document.links} == {"attends", "harmed_at"}


def test_a_school_that_is_there_only_because_it_is_attended_leads_no_further() -> None:
    assert called(drawn(ADA, attends(ADA), an_assertion(BO, SCHOOL, says=HARMED_AT))) == {"Ada", "Calder High"}
    both = [an_assertion(who, SCHOOL, says=HARMED_AT) for who in (ADA, BO)]
    assert called(drawn(ADA, attends(ADA), *both)) == {"Ada", "Calder High", "Bo"}


def test_attendance_between_those_who_are_on_the_map_is_drawn_and_so_is_who_looks_after_the_school() -> None:
    referral = a_referral(about=(ADA,), guardians=(Guardian(who="caretaker", context=SCHOOL.id),))
    friends = an_assertion(ADA, BO, says=FRIEND)
    document = drawn(ADA, friends, attends(ADA), attends(BO), attends(CY), beside=(referral,))
    assert called(document) == {"Ada", "Bo", "Calder High", "caretaker"}
    assert sorted(link.kind for link in document.links) == ["attends", "attends", "friend_said_by_yp", "guardian_at"]


TOLD = (
    (AssertionKind.MAY_HAVE_HARMED, ADA, BO, "A young person"),
    (AssertionKind.MAY_HAVE_HARMED, ADA, MUM, "A young person"),
    (AssertionKind.HARMED_BY, ADA, BO, "Ada"),
    (AssertionKind.HARMED_BY, MUM, ADA, "A young person"),
    (AssertionKind.FRIEND_SAID_BY_YP, ADA, BO, "Ada"),
    (AssertionKind.FRIEND_SEEN_BY_OTHERS, ADA, BO, "A young person"),
    (AssertionKind.HARMED_AT, ADA, PARK, "Ada"),
    (AssertionKind.SIBLING_FAMILY, MUM, ADA, "Ada"),
)


@pytest.mark.parametrize(("says", "source", "target", "teller"), TOLD)
def test_a_young_person_is_named_as_the_teller_only_of_what_is_about_themselves(
    says: AssertionKind, source: Record, target: Record, teller: str
) -> None:
    said = an_assertion(source, target, says=says, said_by=Voice.YOUNG_PERSON)
    assert [link.said_by for link in drawn(source, said).links] == [teller]
