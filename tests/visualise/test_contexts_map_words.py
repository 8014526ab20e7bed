"""What a contexts map says in words is true of places and of groups: belonging to a group is no harm, and no worry."""

from forum.concern import groups_referred
from forum.hotspots import count_by_context
from graph.assertions import Assertion, AssertionKind
from graph.records import Record
from tests.builders import a_location, a_peer_group, a_referral, a_young_person, an_assertion
from tests.visualise.sheets import a_sheet
from tests.worlds import AS_OF, network_of
from visualise.document import MapDocument
from visualise.linked_map import compose_linked_map
from visualise.listing import list_as_html, list_map

ADA, BO = a_young_person(), a_young_person()
BAND, BENCH, PARK = a_peer_group(label="the band"), a_peer_group(label="bench friends"), a_location(label="park")
NUMBER = "Number after a name: young people harmed or feeling unsafe there, or belonging to that group"


def contexts_map(*said: Assertion) -> MapDocument:
    """A map of two referred groups, a referred park, and what was said of two children."""
    told: tuple[Record, ...] = (ADA, BO, BAND, BENCH, PARK)
    network = network_of((*told, *(a_referral(about=(one,)) for one in (BAND, BENCH, PARK)), *said))
    labels = {one.id: one.label for one in (BAND, BENCH, PARK)}
    return compose_linked_map(
        network, a_sheet(None, map_kind="contexts"), label=lambda one: labels[one] or "", today=AS_OF, reference="M-1",
        referrals_by_context=count_by_context(network, on=AS_OF), referred_groups=groups_referred(network, AS_OF),
    )  # fmt: skip


def members(*groups: Record) -> list[Assertion]:
    return [an_assertion(child, group, says=AssertionKind.MEMBER_OF) for child in (ADA, BO) for group in groups]


def test_the_number_after_a_name_is_true_of_a_place_and_of_a_group() -> None:
    """Nobody says of a member of a group that they were harmed there: not the legend, nor the list, nor its page."""
    document = contexts_map(*members(BAND), *(an_assertion(child, PARK) for child in (ADA, BO)))
    assert {thing.label: thing.count for thing in document.things} == {"the band": "2", "bench friends": None, "park": "2"}
    assert NUMBER in [entry.words for entry in document.legend]
    assert {row.label: row.marks for row in list_map(document).things if "Number" in row.marks} == dict.fromkeys(
        ("the band", "park"), f"{NUMBER}: 2"
    )
    assert list_as_html(document).count(NUMBER) >= 2


def test_a_line_that_rests_on_nothing_but_memberships_is_no_worry() -> None:
    document = contexts_map(*members(BAND, BENCH))
    assert [(link.words, link.meaning, link.count) for link in document.links] == [
        ("young people who belong to both", "neither", "2")
    ]
    assert "No link is a worry." in document.summary
    assert "worry" not in {entry.code for entry in document.legend}
    assert "young people who belong to both" in list_as_html(document)


def test_where_harm_stands_beside_membership_the_line_is_a_worry() -> None:
    """Also where it is the harm of one child alone."""
    for said in ([an_assertion(ADA, BAND)], [an_assertion(BO, BENCH, says=AssertionKind.FEELS_UNSAFE_AT)]):
        document = contexts_map(*members(BAND, BENCH), *said)
        assert [(link.words, link.meaning) for link in document.links] == [
            ("young people belonging to, harmed or feeling unsafe at both", "worry")
        ]
        assert "1 link is a worry." in document.summary
