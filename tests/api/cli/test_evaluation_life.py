"""An evaluation store whose machine had its clock ahead once: closed by what it has seen, and opened again by --renew alone."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from api.cli import main
from api.evaluation_life import EVALUATION_LASTS
from api.main import KINDS, create_app
from api.onward_clock import latest_of
from api.settings import Settings
from graph.records import ForumId
from graph.store import open_store
from graph.store.boundary import NewStore
from tests.api.cli.test_serving import running
from tests.api.running import BASE, Clock

Captured = pytest.CaptureFixture[str]
AHEAD = timedelta(days=31)
MINUTE = timedelta(minutes=1)


def made_at(url: str, now: datetime) -> None:
    new = NewStore(forum=ForumId("f"), evaluation=True, made_at=now, lives_until=now + EVALUATION_LASTS)
    open_store(url, KINDS, making=new).close()


def served_at(url: str, now: datetime) -> int:
    """A service while the machine's clock says this, asked once; what health answered."""
    with TestClient(create_app(Settings(store=url), Clock(now), secrets.token_bytes), base_url=BASE) as client:
        return client.get("/api/v1/health").status_code


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KITH_DATA_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def been_ahead(data: Path, tmp_path: Path) -> str:
    """A store made just now, served for a moment while the clock was thirty-one days ahead. The clock is right again."""
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    made_at(url, datetime.now(UTC))
    assert served_at(url, datetime.now(UTC) + AHEAD) == 503
    return url


def test_after_a_clock_was_ahead_renewing_lets_the_store_answer_again(data: Path, been_ahead: str, capsys: Captured) -> None:
    with running("serve", "--renew", "--port", "0", "--store", been_ahead, data=data) as service:
        assert service.get("/api/v1/health").status_code == 200
        assert service.link is not None
        code = service.link.group().partition("code=")[2]
        with httpx.Client(base_url=service.base, timeout=10) as browser:
            assert browser.post("/sign-in", data={"code": code}, headers={"Origin": service.base}).status_code == 303
            assert browser.get("/api/v1/code-lists").status_code == 200
    assert main(["check", "--store", been_ahead]) == 0
    assert main(["tidy", "--store", been_ahead]) == 0
    assert "Nothing is past its time" in capsys.readouterr().out


def test_without_renewing_serve_check_and_tidy_say_the_same_and_only_tidy_deletes(
    been_ahead: str, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["check", "--store", been_ahead]) == 1
    assert "store: WRONG. This evaluation store is past its 30 days." in capsys.readouterr().out
    assert main(["serve", "--port", "0", "--store", been_ahead]) == 1
    said = capsys.readouterr().err
    assert "past its 30 days" in said and "Nothing was deleted" in said and "--renew" in said
    assert (tmp_path / "kith.db").exists()
    assert main(["tidy", "--store", been_ahead]) == 0
    assert "deleted" in capsys.readouterr().out
    assert not (tmp_path / "kith.db").exists()


def test_a_renewal_while_the_clock_is_years_ahead_gives_thirty_days_and_no_more(tmp_path: Path) -> None:
    url, years = f"sqlite:///{tmp_path / 'kith.db'}", timedelta(days=3000)
    now = datetime.now(UTC)
    made_at(url, now)
    store = open_store(url, KINDS)
    store.renew(latest_of(store, now + years) + EVALUATION_LASTS)
    assert store.about().lives_until == now + years + EVALUATION_LASTS
    store.close()
    machine = Clock(now)
    with TestClient(create_app(Settings(store=url), machine, secrets.token_bytes), base_url=BASE) as client:
        assert client.get("/api/v1/health").status_code == 200
        machine.now = now + EVALUATION_LASTS - MINUTE
        assert client.get("/api/v1/health").status_code == 200
        machine.now = now + EVALUATION_LASTS
        assert client.get("/api/v1/health").status_code == 503


@pytest.mark.parametrize("goes", ["copied without its shelf", "made while the clock was ahead"])
def test_a_life_given_by_a_clock_ahead_is_thirty_days_also_for_a_store_with_no_other_memory(goes: str, tmp_path: Path) -> None:
    url, now = f"sqlite:///{tmp_path / 'kith.db'}", datetime.now(UTC)
    made_at(url, now + AHEAD)
    if goes == "copied without its shelf":
        assert served_at(url, now + AHEAD) == 200
        assert main(["backup", "--store", url, str(tmp_path / "copy.db")]) == 0
        url = f"sqlite:///{tmp_path / 'copy.db'}"
    store = open_store(url, KINDS)
    assert latest_of(store, now) >= now + AHEAD
    store.close()


def test_the_page_of_a_store_past_its_life_says_what_helps_and_not_to_wait(been_ahead: str) -> None:
    app = create_app(Settings(store=been_ahead), Clock(datetime.now(UTC)), secrets.token_bytes)
    with TestClient(app, base_url=BASE) as client:
        health, page = client.get("/api/v1/health"), client.get("/referrals")
    assert (health.status_code, page.status_code) == (503, 503)
    assert (health.json()["code"], health.headers["content-type"]) == ("store-refused", "application/problem+json")
    assert int(health.headers["Retry-After"]) == int(page.headers["Retry-After"]) == 3600
    assert "kith serve --renew" in page.text and "waiting does not change that" in page.text
    assert "Wait a moment" not in page.text
