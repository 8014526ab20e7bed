"""kith link and kith account: a new link beside a running service, and who may sign in; what is taken ends at once."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.cli import main
from api.main import KINDS
from api.onward_clock import LATEST
from api.sign_in.one_time_link import SERVED_AT
from forum.access.accounts import account_in
from forum.access.policy import house_scope
from graph.periods import moment_text
from graph.records import ActorId, ForumId, RecordId
from graph.store import open_store
from graph.store.boundary import NewStore
from tests.api.cli.test_serving import running

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KITH_DATA_FOLDER", str(tmp_path / "data"))
    return f"sqlite:///{tmp_path / 'kith.db'}"


@pytest.fixture
def made(url: str) -> str:
    """A new evaluation store with nobody in it."""
    now = datetime.now(UTC)
    new = NewStore(forum=ForumId("f"), evaluation=True, made_at=now, lives_until=now + timedelta(days=30))
    open_store(url, KINDS, making=new).close()
    return url


def token(url: str, role: str, capsys: Captured) -> str:
    assert main(["token", "--store", url, "--role", role, "--name", "Sam"]) == 0
    return capsys.readouterr().out.strip()


def listed(url: str, capsys: Captured) -> dict[str, list[str]]:
    """Each account's line, by its role."""
    assert main(["account", "list", "--store", url]) == 0
    return {line.split("\t")[2]: line.split("\t") for line in capsys.readouterr().out.splitlines()}


def changes(url: str) -> list[tuple[str, str]]:
    store = open_store(url, KINDS)
    found = [(entry.action, entry.reason or entry.decision) for entry in store.audit(limit=1000) if "account" in entry.action]
    store.close()
    return found


def test_a_link_beside_a_running_service_signs_in_once_and_nothing_else_is_printed(url: str, capsys: Captured) -> None:
    with running("serve", "--port", "0", "--store", url, data=Path(url.removeprefix("sqlite:///")).parent / "data") as service:
        assert main(["link", "--store", url]) == 0
        said = capsys.readouterr()
        assert said.err == "" and re.fullmatch(re.escape(service.base) + r"/sign-in\?code=[0-9a-f]{32}\n", said.out)
        code = said.out.strip().partition("code=")[2]
        posted = [
            httpx.post(f"{service.base}/sign-in", data={"code": code}, headers={"Origin": service.base}, timeout=20).status_code
            for _ in range(2)
        ]
        assert posted == [303, 401]
    assert main(["link", "--store", url]) == 1
    assert "not being served" in capsys.readouterr().err
    store = open_store(url, KINDS)
    assert [entry.actor for entry in store.audit(limit=1000) if entry.action == "make_sign_in_link"] == ["command-line"]
    store.close()


def test_without_a_store_it_is_the_demos_when_that_is_served(url: str, tmp_path: Path, capsys: Captured) -> None:
    with running("demo", "--port", "0", data=tmp_path / "data") as service:
        assert main(["link"]) == 0
        assert capsys.readouterr().out.startswith(f"{service.base}/sign-in?code=")


def test_a_service_that_was_killed_is_not_pointed_to(made: str, capsys: Captured) -> None:
    store = open_store(made, KINDS)
    store.shelf.keep(SERVED_AT, "http://127.0.0.1:1", until=datetime.now(UTC) + timedelta(days=1))
    store.close()
    assert main(["link", "--store", made]) == 1
    assert "not being served" in capsys.readouterr().err


def test_a_live_store_makes_no_link(url: str, capsys: Captured) -> None:
    live = NewStore(forum=ForumId("f"), evaluation=False, made_at=datetime.now(UTC), lives_until=None)
    open_store(url, KINDS, making=live).close()
    assert main(["link", "--store", url]) == 1
    assert "evaluation stores only" in capsys.readouterr().err


def test_a_service_knows_its_first_person_and_its_invented_ones_from_the_start(
    url: str, tmp_path: Path, capsys: Captured
) -> None:
    for _ in range(2):
        with running("serve", "--port", "0", "--store", url, data=tmp_path / "data"):
            assert main(["account", "list", "--store", url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * 10 and len(set(lines)) == 10
    assert all(line.split("\t")[1] == "enabled" for line in lines)


def test_every_account_is_listed_with_its_roles_and_state(made: str, capsys: Captured) -> None:
    token(made, "chair", capsys)
    (line,) = listed(made, capsys).values()
    assert line[1:] == ["enabled", "chair", "-", "Sam"] and len(line[0]) == 32
    assert main(["account", "disable", line[0], "--store", made]) == 0
    assert capsys.readouterr().out == "Done. It holds from the next request on.\n"
    assert listed(made, capsys)["chair"][1] == "disabled"
    assert main(["account", "enable", line[0], "--store", made]) == 0
    assert changes(made) == [("make_account", "allowed"), ("disable_account", "allowed"), ("enable_account", "allowed")]


def test_a_role_is_given_and_taken_and_duties_are_kept_apart(made: str, capsys: Captured) -> None:
    token(made, "chair", capsys)
    ((one, *_),) = listed(made, capsys).values()
    assert main(["account", "give-role", one, "--role", "coordinator", "--store", made]) == 0
    assert main(["account", "take-role", one, "--role", "chair", "--store", made]) == 0
    capsys.readouterr()
    assert main(["account", "give-role", one, "--role", "analyst", "--store", made]) == 1
    assert "somebody else" in capsys.readouterr().err
    assert list(listed(made, capsys)) == ["coordinator"]
    assert changes(made)[-1] == ("give_role_account", "separate-duties")


@pytest.mark.parametrize("role", ["information_governance", "administrator"])
def test_the_last_one_of_those_who_mend_the_others_stays(made: str, role: str, capsys: Captured) -> None:
    token(made, role, capsys)
    ((one, *_),) = listed(made, capsys).values()
    for asked in (["disable", one], ["take-role", one, "--role", role]):
        assert main(["account", *asked, "--store", made]) == 1
        assert "Give it to somebody else first" in capsys.readouterr().err
    assert [reason for _, reason in changes(made)] == ["allowed", "last-in-role", "last-in-role"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["disable"], "whose account"),
        (["disable", "f" * 32], "no account with this id"),
        (["give-role", "f" * 32], "which role"),
    ],
)
def test_wrong_input_is_told_what_to_write(made: str, asked: list[str], says: str, capsys: Captured) -> None:
    assert main(["account", *asked, "--store", made]) == 2
    assert says in capsys.readouterr().err


def test_what_is_made_while_the_machines_clock_is_behind_is_good_when_it_is_made(made: str, capsys: Captured) -> None:
    """A token of one hour, where the store has seen a moment two hours from now."""
    store = open_store(made, KINDS)
    later = datetime.now(UTC) + timedelta(hours=2)
    store.shelf.keep(LATEST, moment_text(later), until=later + timedelta(days=1))
    assert main(["token", "--store", made, "--role", "chair", "--hours", "1"]) == 0
    capsys.readouterr()
    with store.view(house_scope(ForumId("f"))) as view:
        ((one, *_),) = listed(made, capsys).values()
        account = account_in(view, ActorId(RecordId(one)))
    assert account is not None and account.made_at == later
    store.close()
