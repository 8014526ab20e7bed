"""A map's page: the summary, the picture and the list, all from one document; and only for who may see it."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from forum.access.actors import Role
from graph.records import Handling
from tests.api.pages.conftest import Service
from tests.api.pages.test_linked_referrals_page import words_of
from tests.builders import a_location, a_map_sheet


@pytest.fixture
def service(a_service: Callable[..., Service]) -> Iterator[Service]:
    return a_service()


def test_the_page_says_in_words_what_the_picture_says(service: Service) -> None:
    sheet = service.draw_map("peer", "REF-01")
    client = service.signed_in()
    page = client.get(f"/maps/{sheet}")
    assert page.status_code == 200
    document = client.get(f"/api/v1/maps/{sheet}").json()
    text = words_of(page.text)
    assert document["summary"] in text
    for thing in document["things"]:
        assert thing["label"] in text
    assert page.text.count("<svg") == 1 and 'role="img"' in page.text
    assert not re.search(r"<svg[^>]*>.*(?:style=|<script|href=)", page.text[page.text.index("<svg") : page.text.index("</svg>")])


def test_the_black_and_white_picture_is_a_link_away(service: Service) -> None:
    sheet = service.draw_map("peer", "REF-01")
    client = service.signed_in()
    colour, mono = (client.get(f"/maps/{sheet}{asked}").text for asked in ("", "?style=mono"))
    assert f'href="/maps/{sheet}?style=mono"' in colour and f'href="/maps/{sheet}"' in mono
    assert "#9c1c0b" in colour and "#9c1c0b" not in mono[mono.index("<svg") : mono.index("</svg>")]
    assert client.get(f"/maps/{sheet}?style=loud").status_code == 422


def test_a_map_is_reached_from_the_front_page_its_referral_and_its_context(service: Service) -> None:
    peer, contexts = service.draw_map("peer", "REF-01"), service.draw_map("contexts", "LOC2", steps=1)
    client = service.signed_in()
    for path, sheet in (
        ("/", peer),
        (f"/referrals/{service.ids['REF-01']}", peer),
        (f"/contexts/{service.ids['LOC2']}", contexts),
    ):
        assert f'href="/maps/{sheet}"' in client.get(path).text, path


def test_a_context_shows_its_own_map_with_the_list(service: Service) -> None:
    service.draw_map("contexts", "LOC2", steps=1)
    page = service.signed_in().get(f"/contexts/{service.ids['LOC2']}").text
    assert page.count("<svg") == 1
    assert "The same map in words" in page


def test_a_map_past_its_date_does_not_open_and_stands_in_no_list(service: Service) -> None:
    sheet = service.draw_map("peer", "REF-01", on=date(2026, 9, 10), until=date(2026, 11, 20))
    client = service.signed_in()
    answer = client.get(f"/maps/{sheet}")
    assert answer.status_code == 409
    assert "This map is past its date." in words_of(answer.text)
    assert sheet not in client.get("/").text and sheet not in client.get(f"/referrals/{service.ids['REF-01']}").text


def test_who_may_not_see_a_map_is_told_the_same_as_of_one_that_is_not_there(service: Service) -> None:
    sheet = service.draw_map("peer", "REF-01")
    client = service.signed_in(Role.PRACTITIONER, reads=("REF-02",))
    hidden, absent = client.get(f"/maps/{sheet}"), client.get("/maps/0123456789abcdef0123456789abcdef")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert service.signed_in(Role.GUEST).get(f"/maps/{sheet}").status_code == 403


def test_no_name_stands_on_a_map_page(service: Service) -> None:
    sheet = service.draw_map("peer", "PG3")
    page = service.signed_in().get(f"/maps/{sheet}").text
    assert not [name for name in ("Fern", "Hana", "Juno", "Lula", "Arlo") if name in page]


def test_a_map_kept_around_a_private_address_has_a_page_that_names_neither_it_nor_the_way_to_it(
    a_service: Callable[..., Service],
) -> None:
    address = a_location(label="12 Hidden Lane", place_kind="private_address", handling=Handling.RESTRICTED)
    given = {"drawn_on": date(2026, 11, 1), "review_on": date(2026, 12, 20)}
    sheets = [a_map_sheet(address, map_kind=kind, **given) for kind in ("peer", "contexts")]
    client = a_service(case=None, records=(address, *sheets)).signed_in()
    front = client.get("/").text
    for sheet in sheets:
        page = client.get(f"/maps/{sheet.id}")
        assert page.status_code == 200
        assert "Nothing is shown." in words_of(page.text)
        assert not [word for word in ("Hidden", address.id) if word in page.text]
        assert f'href="/maps/{sheet.id}"' in front
    assert not [word for word in ("Hidden", address.id) if word in front]
    of_address = words_of(client.get(f"/contexts/{address.id}").text)
    assert "12 Hidden Lane" in of_address and "share with 12 Hidden Lane" not in of_address


def test_no_page_leads_to_a_map_around_what_its_reader_may_not_see(a_service: Callable[..., Service]) -> None:
    between_two = a_location(label="Where she waits", handling=Handling.YOUNG_PERSON_AND_WORKER)
    given = {"map_kind": "contexts", "drawn_on": date(2026, 11, 1), "review_on": date(2026, 12, 20)}
    sheet, of_all = a_map_sheet(between_two, **given), a_map_sheet(None, **given)
    client = a_service(case=None, records=(between_two, sheet, of_all)).signed_in()
    front = client.get("/").text
    assert f'href="/maps/{of_all.id}"' in front and sheet.id not in front
    assert client.get(f"/maps/{sheet.id}").status_code == 404
