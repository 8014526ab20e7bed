"""Each command: what it prints, where, and how it ends; a sentence that says what to do when it cannot be done."""

import argparse
import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.cli import COMMANDS, main
from api.cli.commands import Command
from api.main import KINDS, create_app
from api.settings import Settings
from api.sign_in.tokens import actor_of_token
from forum.access.actors import Purpose, Role
from forum.access.policy import house_scope
from forum.access.standing import grants_of
from forum.code_lists import CODE_LISTS
from forum.referrals import Referral
from graph.records import ActorId, ForumId, RecordId
from graph.store import hold_store, open_store
from graph.store.boundary import NewStore

CASE = Path(__file__).parents[2] / "fixtures" / "calderwick.yaml"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KITH_DATA_FOLDER", str(tmp_path / "data"))
    return f"sqlite:///{tmp_path / 'kith.db'}"


@pytest.fixture
def loaded(url: str, tmp_path: Path, capsys: Captured) -> dict[str, str]:
    """Calderwick in the store; the record ids of the case's ids."""
    assert main(["load", str(CASE), "--store", url, "--ids", str(tmp_path / "ids.json")]) == 0
    capsys.readouterr()
    ids: dict[str, str] = json.loads((tmp_path / "ids.json").read_text("utf-8"))
    return ids


def sentence(capsys: Captured) -> str:
    """What was complained of; nothing may stand among the results."""
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


def takes_a_store(command: Command) -> bool:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return "--store" in parser.format_usage()


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself_with_an_example(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"example: kith {command}" in " ".join(capsys.readouterr().out.split())


def test_every_command_of_the_contract_is_there() -> None:
    named = "serve demo load import token link account export restore backup check migrate verify-audit tidy openapi"
    assert [command.name for command in COMMANDS] == named.split()


@pytest.mark.parametrize("arguments", [["unheard-of"], [], ["serve", "--on", "yesterday"], ["serve", "--port", "70000"]])
def test_wrong_arguments_end_with_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_a_store_of_another_kind_is_wrong_input(capsys: Captured) -> None:
    assert main(["check", "--store", "postgres://somewhere"]) == 2
    assert "sqlite:///" in sentence(capsys)


@pytest.mark.parametrize("wrong", ["neo4j://[::1", "neo4j://", "bolt://:7687", "neo4j://localhost:70000", "bolt://localhost:x"])
@pytest.mark.parametrize("command", [command.name for command in COMMANDS if takes_a_store(command)])
def test_an_address_that_can_be_no_servers_is_wrong_input(wrong: str, command: str, tmp_path: Path, capsys: Captured) -> None:
    more = {"load": [str(CASE)], "import": [str(CASE), "--kind", "referrals"], "token": ["--role", "guest"], "account": ["list"]}
    more |= {"export": [str(tmp_path / "out")], "restore": [str(CASE)], "backup": [str(tmp_path / "out")]}
    assert main([command, *more.get(command, []), "--store", wrong]) == 2
    assert "sqlite:///" in sentence(capsys)


def test_a_case_is_loaded_once_and_its_ids_written(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    assert {"REF-01", "LOC1"} <= loaded.keys() or len(loaded) > 60
    assert main(["load", str(CASE), "--store", url]) == 0
    assert "already" in capsys.readouterr().out


def test_a_wrong_case_says_every_mistake_and_stores_nothing(url: str, tmp_path: Path, capsys: Captured) -> None:
    wrong = CASE.read_text("utf-8").replace("kind: individual", "kind: unheard_of", 1).replace("rel: harmed_at", "rel: hurt", 1)
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    assert main(["load", str(tmp_path / "wrong.yaml"), "--store", url]) == 2
    said = sentence(capsys)
    assert "referrals[0].kind" in said and ".rel" in said
    assert not (tmp_path / "kith.db").exists()


def test_a_file_that_is_not_there_is_wrong_input(url: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["load", "nowhere.yaml", "--store", url])
    assert ended.value.code == 2


def test_a_live_store_takes_no_case_and_no_token(url: str, capsys: Captured) -> None:
    now = datetime.now(UTC)
    open_store(url, KINDS, making=NewStore(forum=ForumId("f"), evaluation=False, made_at=now, lives_until=None)).close()
    assert main(["load", str(CASE), "--store", url]) == 1
    assert "evaluation stores only" in sentence(capsys)
    assert main(["token", "--store", url, "--role", "coordinator"]) == 1
    assert "evaluation stores only" in sentence(capsys)
    assert main(["serve", "--store", url]) == 1
    assert "evaluation stores only" in sentence(capsys)


def test_a_token_is_all_that_kith_token_prints(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    referral = next(value for name, value in loaded.items() if name.startswith("REF"))
    arguments = ["token", "--store", url, "--role", "practitioner", "--name", "Sam", "--agency", "police", "--read", referral]
    assert main(arguments) == 0
    said = capsys.readouterr()
    token = said.out.strip()
    assert len(token) == 64 and said.out == f"{token}\n" and said.err == ""
    store = open_store(url, KINDS)
    now, forum = datetime.now(UTC), store.about().forum
    actor = actor_of_token(store.shelf, token, forum=forum, purpose=Purpose.INCIDENT, now=now)
    assert (actor.role, actor.name, actor.agency) == (Role.PRACTITIONER, "Sam", "police")
    with store.view(house_scope(forum)) as view:
        (grant,) = grants_of(view, actor.id)
    assert grant.covers == (referral,)
    assert set(grant.purposes) == set(CODE_LISTS["SHARING_PURPOSE"].labels())
    assert [entry.action for entry in store.audit(by=ActorId("command-line"))] == [
        "load_case",
        "make_token",
        "make_account",
    ]
    store.close()


def test_the_takeaway_owner_is_given_a_sheet_of_the_place_and_nothing_else(
    url: str, loaded: dict[str, str], capsys: Captured
) -> None:
    """As on the borough's own day: guardians and conditions, and the one count that may leave the forum."""
    assert main(["token", "--store", url, "--role", "guest", "--read", loaded["LOC2"]]) == 0
    token = capsys.readouterr().out.strip()
    app = create_app(Settings(store=url), lambda: datetime.now(UTC), secrets.token_bytes)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.headers["Authorization"] = f"Bearer {token}"
        sheet = client.get(f"/api/v1/contexts/{loaded['LOC2']}").json()
        assert sheet["guardians"] == [{"who": "takeaway owner", "willing": True, "present": ["fri_evening", "sat_evening"]}]
        assert sheet["conditions"] == {"lighting": "poor"}
        assert sheet["young_people"] in ("fewer than 10", "10 or more")
        assert client.get("/api/v1/contexts").json()["items"] == [sheet]
        assert not [name for name, record in loaded.items() if name != "LOC2" and record in json.dumps(sheet)]
        assert client.get(f"/api/v1/contexts/{loaded['NBH1']}").status_code == 404


@pytest.mark.parametrize("named", ["YP01", "PG1"])
def test_a_guest_is_given_no_sheet_of_people(url: str, loaded: dict[str, str], named: str, capsys: Captured) -> None:
    assert main(["token", "--store", url, "--role", "guest", "--read", loaded[named]]) == 2
    assert "names places, schools, areas or online spaces" in sentence(capsys)
    store = open_store(url, KINDS)
    assert [(entry.action, entry.reason) for entry in store.audit() if entry.decision == "refused"] == [
        ("make_token", "refused-access")
    ]
    store.close()


@pytest.mark.parametrize("role", ["analyst", "administrator", "information_governance"])
def test_a_role_that_works_with_no_case_is_given_no_record_and_that_is_recorded(
    url: str, loaded: dict[str, str], role: str, capsys: Captured
) -> None:
    assert main(["token", "--store", url, "--role", role, "--read", loaded["REF-01"]]) == 2
    assert "it holds no record" in sentence(capsys)
    store = open_store(url, KINDS)
    assert [(entry.action, entry.reason) for entry in store.audit() if entry.decision == "refused"] == [
        ("make_token", "separate-duties")
    ]
    store.close()


def test_a_token_for_a_record_that_is_not_there_is_wrong_input(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    assert main(["token", "--store", url, "--role", "practitioner", "--read", "f" * 32]) == 2
    assert "not in this store" in sentence(capsys)


@pytest.mark.parametrize("wrong", [["--agency", "unheard_of"], ["--hours", "0"], ["--hours", "721"], ["--role", "king"]])
def test_a_token_that_cannot_be_is_wrong_input(url: str, loaded: dict[str, str], wrong: list[str]) -> None:
    try:
        status = main(["token", "--store", url, "--role", "guest", *wrong])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 2


def test_everything_goes_out_and_back_in(url: str, loaded: dict[str, str], tmp_path: Path, capsys: Captured) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert main(["export", "--store", url, str(tmp_path / "all.jsonl")]) == 0
    assert oct((tmp_path / "all.jsonl").stat().st_mode & 0o777) == "0o600"
    assert main(["restore", str(tmp_path / "all.jsonl"), "--store", other]) == 0
    capsys.readouterr()
    one, two = open_store(url, KINDS), open_store(other, KINDS)
    assert [line for chunk in one.export() for line in chunk] == [line for chunk in two.export() for line in chunk]
    one.close()
    two.close()
    assert main(["restore", str(tmp_path / "all.jsonl"), "--store", other]) == 1
    assert "empty" in sentence(capsys)


@pytest.mark.parametrize(
    "harm", [lambda text: text[:-200], lambda text: text.replace("harmed_at", "feels_safe_at", 1), lambda _: ""]
)
def test_a_damaged_export_is_refused(
    url: str, loaded: dict[str, str], tmp_path: Path, capsys: Captured, harm: Callable[[str], str]
) -> None:
    main(["export", "--store", url, str(tmp_path / "all.jsonl")])
    capsys.readouterr()
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text(harm((tmp_path / "all.jsonl").read_text("utf-8")), encoding="utf-8")
    assert main(["restore", str(damaged), "--store", f"sqlite:///{tmp_path / 'other.db'}"]) == 2
    assert sentence(capsys)


def test_a_backup_is_a_store_of_its_own(url: str, loaded: dict[str, str], tmp_path: Path, capsys: Captured) -> None:
    assert main(["backup", "--store", url, str(tmp_path / "copy.db")]) == 0
    capsys.readouterr()
    copy = open_store(f"sqlite:///{tmp_path / 'copy.db'}", KINDS)
    with copy.view(house_scope(copy.about().forum)) as view:
        assert view.get(Referral, RecordId(next(v for k, v in loaded.items() if k.startswith("REF"))))
    copy.close()
    assert main(["backup", "--store", url, str(tmp_path / "copy.db")]) == 1
    assert "another name" in sentence(capsys)
    assert main(["backup", "--store", "neo4j://localhost", str(tmp_path / "n.db")]) == 2


def test_a_backup_of_nothing_says_so_and_makes_nothing(tmp_path: Path, capsys: Captured) -> None:
    there, not_ours = tmp_path / "not there.db", tmp_path / "notes.txt"
    not_ours.write_text("some notes", encoding="utf-8")
    for source in (there, not_ours):
        assert main(["backup", "--store", f"sqlite:///{source}", str(tmp_path / "copy.db")]) == 1
        assert "store" in sentence(capsys)
    assert sorted(tmp_path.iterdir()) == [not_ours] and not_ours.read_text("utf-8") == "some notes"


def test_check_says_a_line_for_each_thing(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    assert main(["check", "--store", url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "settings", "packages", "address", "python", "password", "connection", "files", "library",
        "store", "schema", "records, citations and journal", "audit", "disk",
    ]  # fmt: skip


def test_check_ends_with_1_when_something_is_wrong(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE audit SET entry = replace(entry, 'load_case', 'load_cake') WHERE seq = 1")
    connection.close()
    assert main(["check", "--store", url]) == 1
    assert "audit: WRONG. The audit does not hold from entry 1 on" in capsys.readouterr().out
    assert main(["verify-audit", "--store", url]) == 1
    assert "entry 1" in sentence(capsys)


def test_verify_audit_says_how_many_entries_hold(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    assert main(["verify-audit", "--store", url]) == 0
    assert capsys.readouterr().out.startswith("1 entries, each following from the one before")


def test_migrate_says_when_nothing_is_to_be_done(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    assert main(["migrate", "--store", url]) == 0
    assert capsys.readouterr().out == "The store is up to date.\n"


@pytest.mark.parametrize("command", ["migrate", "load", "restore", "tidy"])
def test_a_store_that_is_being_served_is_left_alone(url: str, loaded: dict[str, str], capsys: Captured, command: str) -> None:
    given = {"load": [str(CASE)], "restore": [str(CASE)]}.get(command, [])
    with hold_store(url):
        assert main([command, *given, "--store", url]) == 1
    assert "using this store" in sentence(capsys)


def test_tidy_deletes_an_evaluation_store_past_its_thirty_days(url: str, tmp_path: Path, capsys: Captured) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    new = NewStore(forum=ForumId("f"), evaluation=True, made_at=long_ago, lives_until=long_ago + timedelta(days=30))
    open_store(url, KINDS, making=new).close()
    assert main(["tidy", "--store", url]) == 0
    assert "deleted" in capsys.readouterr().out
    assert not (tmp_path / "kith.db").exists()
    assert main(["tidy", "--store", url]) == 1


def test_a_store_that_is_not_there_is_said_to_be_missing(url: str, capsys: Captured) -> None:
    for command in ("token --role guest", "export out.jsonl", "verify-audit", "tidy", "migrate"):
        assert main([*command.split(), "--store", url]) == 1
        assert "no store there yet" in sentence(capsys)


def test_a_file_of_something_else_is_not_taken_for_a_store(url: str, tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(CASE, tmp_path / "kith.db")
    assert main(["load", str(CASE), "--store", url]) == 1
    assert sentence(capsys)
    assert (tmp_path / "kith.db").read_bytes() == CASE.read_bytes()


def test_a_store_newer_than_the_code_is_refused(url: str, loaded: dict[str, str], capsys: Captured) -> None:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert main(["token", "--store", url, "--role", "guest"]) == 1
    assert "newer" in sentence(capsys)


def test_a_place_that_cannot_be_written_to_is_said_to_be_one(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert main(["load", str(CASE), "--store", f"sqlite:///{tmp_path / 'file' / 'kith.db'}"]) == 1
    assert sentence(capsys)


def test_a_neo4j_that_does_not_answer_is_said_not_to(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_NEO4J_PASSWORD", "x")
    assert main(["check", "--store", "bolt://127.0.0.1:1"]) == 1
    assert "store: WRONG" in capsys.readouterr().out
    assert main(["token", "--role", "guest", "--store", "bolt://127.0.0.1:1"]) == 1
    assert "answer" in sentence(capsys)


def test_settings_that_cannot_be_read_are_named_and_not_repeated(
    url: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_PORT", "very secret")
    assert main(["check", "--store", url]) == 2
    said = sentence(capsys)
    assert "KITH_PORT" in said and "secret" not in said


def test_an_import_is_checked_as_a_whole_and_then_written(
    url: str, loaded: dict[str, str], tmp_path: Path, capsys: Captured
) -> None:
    head = (
        "referral,received,kind,referrer_role,referrer_agency,efh_types,young_person,known_as,place_1,place_1_kind,place_1_rel\n"
    )
    right = "A-1,2026-11-02,individual,teacher,school_college_ap,cce,17,Arlo,Tollgate Parade,shopping_area,harmed_at\n"
    table = tmp_path / "referrals.csv"
    table.write_text(head + right + right.replace("A-1", "A-2").replace("2026-11-02", "yesterday"), encoding="utf-8")
    arguments = ["import", str(table), "--kind", "referrals", "--store", url]
    assert main([*arguments, "--report", str(tmp_path / "report.csv")]) == 2
    assert "received" in sentence(capsys) and "received" in (tmp_path / "report.csv").read_text("utf-8")
    table.write_text(head + right, encoding="utf-8")
    assert main([*arguments, "--dry-run"]) == 0
    assert "dry run" in capsys.readouterr().out
    assert main([*arguments, "--ids", str(tmp_path / "new.json")]) == 0
    assert list(json.loads((tmp_path / "new.json").read_text("utf-8"))) == ["A-1"]


def test_an_evaluation_store_takes_in_a_thousand_rows(url: str, loaded: dict[str, str], tmp_path: Path, capsys: Captured) -> None:
    head = "referral,received,kind,referrer_role,referrer_agency,efh_types,place_1,place_1_kind\n"
    rows = [f"A-{n},2026-11-02,location,teacher,school_college_ap,cce,Tollgate Parade,shopping_area\n" for n in range(1001)]
    table = tmp_path / "referrals.csv"
    table.write_text(head + "".join(rows), encoding="utf-8")
    assert main(["import", str(table), "--kind", "referrals", "--store", url, "--dry-run"]) == 2
    assert sentence(capsys)
    table.write_text(head + "".join(rows[:1000]), encoding="utf-8")
    assert main(["import", str(table), "--kind", "referrals", "--store", url, "--dry-run"]) == 0


def test_the_description_is_printed(capsys: Captured) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
