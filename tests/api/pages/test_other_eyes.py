"""Other people's eyes, on an evaluation store: what each may see, what a bar says of it, and who really looked."""

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.cli.first_views import give_first_views
from api.main import create_app
from api.pages.frame import MENU, home_of
from api.settings import Settings
from api.sign_in.one_time_link import first_person, keep_link
from api.sign_in.personas import PERSONAS, Persona, persona_called, persona_id
from api.sign_in.tokens import hash_of
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Role
from forum.access.policy import is_allowed
from graph.records import ActorId
from graph.store import open_store
from graph.store.boundary import NewStore
from tests.api.pages.conftest import TODAY, Service, start, stop
from tests.api.pages.test_linked_referrals_page import words_of
from tests.builders import ALL_KINDS, FORUM, keep_account

ORIGIN = {"Origin": "http://localhost"}
SESSION = "cd" * 32
TOKEN = re.compile(r'name="form_token" value="(\w+)"')


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Calderwick with what its invented people were given to see."""
    folder: Path = tmp_path_factory.mktemp("eyes")
    service = start(folder)
    for _ in range(2):
        give_first_views(service.house.store, service.ids, by=ActorId("command-line"), today=TODAY, now=datetime.now(UTC))
    yield service
    stop(service)


def signed_in_by_link(service: Service) -> TestClient:
    code = service.house.chance(16).hex()
    keep_link(service.house.store.shelf, code, now=service.house.clock())
    client = service.stranger()
    assert client.post("/sign-in", data={"code": code}, headers=ORIGIN).status_code == 303
    return client


def look_as(client: TestClient, code: str, page: str = "/audit/mine") -> TestClient:
    token = TOKEN.search(client.get(page).text)
    assert token is not None
    changed = client.post("/look-as", data={"persona": code, "form_token": token.group(1)}, headers=ORIGIN)
    assert changed.status_code == 303, changed.text
    persona = persona_called(code)
    assert persona is not None and changed.headers["location"] == home_of(persona.role)
    return client


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda each: each.code)
def test_each_pair_of_eyes_has_its_bar_its_menu_and_pages_that_open(demo: Service, persona: Persona) -> None:
    client = look_as(signed_in_by_link(demo), persona.code)
    for href, _, permission in MENU:
        answer = client.get(href)
        assert answer.status_code == (200 if is_allowed(persona.role, permission) else 403), href
        text = words_of(answer.text)
        assert f"You look through the eyes of {persona.called}, who may see {persona.sees}." in text
        offered = re.findall(r'<option value="(\w+)"( selected)?>', answer.text.split('id="look-as"')[1].split("</select>")[0])
        assert [code for code, _ in offered] == [each.code for each in PERSONAS]
        assert [code for code, chosen in offered if chosen] == [persona.code]
        if answer.status_code == 403:
            assert "Your role does not let you do this." in text and f'href="{home_of(persona.role)}"' in answer.text


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda each: each.code)
def test_no_page_leads_its_reader_to_one_they_may_not_open(demo: Service, persona: Persona) -> None:
    client = look_as(signed_in_by_link(demo), persona.code)
    seen, waiting = set(), [home_of(persona.role)]
    while waiting and len(seen) < 60:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, f"{persona.code}: {path} answers {answer.status_code}"
        waiting += [found for found in re.findall(r'href="(/[^"#]*)"', answer.text) if not found.startswith("/static")]
    assert seen


def test_the_social_worker_reads_two_referrals_and_the_third_is_not_there(demo: Service) -> None:
    client = look_as(signed_in_by_link(demo), "social_worker")
    found = {name: client.get(f"/referrals/{demo.ids[name]}").status_code for name in ("REF-01", "REF-02", "REF-03")}
    assert found == {"REF-01": 200, "REF-02": 200, "REF-03": 404}


def test_the_panel_member_reads_what_the_item_is_about_on_the_day_taken_as_today(demo: Service) -> None:
    client = look_as(signed_in_by_link(demo), "panel_member")
    assert "You may read 2 referrals." in words_of(client.get("/").text)
    found = {name: client.get(f"/referrals/{demo.ids[name]}").status_code for name in ("REF-01", "REF-04", "REF-05")}
    assert found == {"REF-01": 200, "REF-04": 200, "REF-05": 404}


def test_the_takeaway_owner_reads_the_place_and_no_person(demo: Service) -> None:
    client = look_as(signed_in_by_link(demo), "guest")
    page = client.get(f"/contexts/{demo.ids['LOC2']}")
    assert page.status_code == 200 and "Tollgate Parade" in page.text
    assert not re.search(r"\bY\d+\b", words_of(page.text))
    assert client.get(f"/contexts/{demo.ids['LOC3']}").status_code == 404


def test_changing_eyes_is_recorded_under_whoever_signed_in_with_the_session_it_opens(demo: Service) -> None:
    client = signed_in_by_link(demo)
    real, store = first_person(demo.house.facts.forum), demo.house.store
    last = max(entry.seq for entry in store.audit(limit=100_000))
    look_as(client, "chair")
    look_as(client, "guest")
    changes = [entry for entry in store.audit(after=last, limit=1000) if entry.action.startswith("look_as_")]
    assert [(entry.actor, entry.role, entry.action) for entry in changes] == [
        (real, "coordinator", "look_as_chair"),
        (real, "coordinator", "look_as_guest"),
    ]
    assert changes[-1].web_session == hash_of(str(client.cookies.get(COOKIE)))
    client.get("/audit/mine")
    latest = store.audit(after=changes[-1].seq, limit=1000)[-1]
    guest = persona_called("guest")
    assert guest is not None
    assert (latest.actor, latest.web_session) == (persona_id(demo.house.facts.forum, guest), changes[-1].web_session)


def test_the_session_that_was_left_is_over_and_no_sign_in_grows_fresher(demo: Service) -> None:
    client = signed_in_by_link(demo)
    left = str(client.cookies.get(COOKIE))
    since = demo.house.store.shelf.kept(f"web_session:{hash_of(left)}", now=demo.house.clock())
    look_as(client, "social_worker")
    now_held = demo.house.store.shelf.kept(f"web_session:{hash_of(str(client.cookies.get(COOKIE)))}", now=demo.house.clock())
    signed_in = re.compile(r'"signed_in_at": "([^"]+)"')
    assert signed_in.findall(since) == signed_in.findall(now_held) != []
    old = demo.stranger()
    old.cookies.set(COOKIE, left)
    assert old.get("/audit/mine").status_code == 401
    assert "You look through the eyes of the forum's coordinator" in words_of(look_as(client, "coordinator").get("/").text)


def test_nobody_else_and_no_other_site_changes_eyes(demo: Service) -> None:
    client = signed_in_by_link(demo)
    token = TOKEN.search(client.get("/").text)
    assert token is not None
    form = {"persona": "chair", "form_token": token.group(1)}
    assert client.post("/look-as", data={"persona": "chair"}, headers=ORIGIN).status_code == 403
    assert client.post("/look-as", data=form, headers={"Origin": "http://elsewhere.example"}).status_code == 403
    assert client.post("/look-as", data={**form, "persona": "god"}, headers=ORIGIN).status_code == 404
    other = demo.signed_in(Role.COORDINATOR)
    assert "You look through the eyes" not in other.get("/audit/mine").text
    other_token = TOKEN.search(other.get("/audit/mine").text)
    assert other_token is not None
    assert (
        other.post("/look-as", data={"persona": "chair", "form_token": other_token.group(1)}, headers=ORIGIN).status_code == 403
    )


def test_a_live_store_has_no_other_eyes(tmp_path: Path) -> None:
    url, now = f"sqlite:///{tmp_path / 'live.db'}", datetime.now(UTC)
    open_store(url, ALL_KINDS, making=NewStore(forum=FORUM, evaluation=False, made_at=now, lives_until=None)).close()
    live = Service(create_app(Settings(store=url), lambda: datetime.now(UTC), secrets.token_bytes), {})
    person = NewSession(actor=first_person(FORUM), role=Role.COORDINATOR, name="Coordinator")
    keep_account(live.house.store, first_person(FORUM), Role.COORDINATOR)
    open_session(live.house.store.shelf, SESSION, person, now=now)
    client = live.stranger()
    client.cookies.set(COOKIE, SESSION)
    page = client.get("/audit/mine")
    assert page.status_code == 200 and "You look through the eyes" not in page.text
    assert (
        client.post("/look-as", data={"persona": "chair", "form_token": form_token(SESSION)}, headers=ORIGIN).status_code == 404
    )
    stop(live)
