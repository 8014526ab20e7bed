"""The commands that move a forum from one kind of store to the other, on both."""

import json
from pathlib import Path

import pytest

from api.cli import main
from tests.conftest import StorePlace, empty_place

CASE = Path(__file__).parents[2] / "fixtures" / "calderwick.yaml"


@pytest.fixture
def named(store_place: StorePlace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The option that names the store; who signs in to it stands in the environment."""
    if store_place.credentials is not None:
        monkeypatch.setenv("KITH_NEO4J_USER", store_place.credentials.user)
        monkeypatch.setenv("KITH_NEO4J_PASSWORD", store_place.credentials.password)
    return ["--store", store_place.url]


def test_a_forum_is_loaded_checked_exported_and_restored_elsewhere(
    named: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = empty_place("sqlite", tmp_path / "elsewhere")
    assert main(["load", str(CASE), *named, "--ids", str(tmp_path / "ids.json")]) == 0
    referral = next(record for name, record in json.loads((tmp_path / "ids.json").read_text("utf-8")).items() if "REF" in name)
    assert main(["token", *named, "--role", "practitioner", "--read", referral]) == 0
    assert main(["check", *named]) == 0
    assert main(["verify-audit", *named]) == 0
    assert main(["migrate", *named]) == 0
    assert main(["export", *named, str(tmp_path / "all.jsonl")]) == 0
    assert main(["restore", str(tmp_path / "all.jsonl"), "--store", elsewhere.url]) == 0
    assert main(["export", "--store", elsewhere.url, str(tmp_path / "again.jsonl")]) == 0
    one, two = ((tmp_path / name).read_text("utf-8").splitlines() for name in ("all.jsonl", "again.jsonl"))
    assert sorted(one[1:-1]) == sorted(two[1:-1])
    assert "WRONG" not in capsys.readouterr().out


def test_a_wrong_password_is_said_to_be_one_where_there_is_a_password(
    named: list[str], store_place: StorePlace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store_place.make()
    monkeypatch.setenv("KITH_NEO4J_PASSWORD", "not the password")
    status = main(["token", "--role", "guest", *named])
    said = capsys.readouterr()
    if store_place.credentials is None:
        assert (status, said.err) == (0, "")
    else:
        assert (status, said.out) == (1, "")
        assert "password" in said.err.lower() and "not the password" not in said.err
