"""A proof that is stopped goes on where it was, never counts a piece twice, and is told as it was tried."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import neo4j_server
from tests.attacks import __main__ as attacks
from tests.attacks import proved as proved_module
from tests.attacks.__main__ import main
from tests.attacks.proofs import BY_NAME, PROOFS, Figures, together
from tests.attacks.proved import BEGIN, END, Proved, code_digest, write_table
from tests.promises.register import PROMISES

EDGES = BY_NAME["edges are inert"]
AT = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
PIECE: Figures = {"worlds": 20, "additions": 144, "looks": 1344, "answers": 64, "allowed": 9, "refused": 72}


def kept(place: Path, *, code: str, wrong: str = "") -> Proved:
    proved = Proved.read(place, code=code)
    proved.keep(EDGES, 0, 20, dict(PIECE), wrong, 3.0, at=AT)
    return proved


def test_a_run_that_was_stopped_goes_on_with_the_pieces_that_are_missing(tmp_path: Path) -> None:
    kept(tmp_path / "prove.json", code="one")
    again = Proved.read(tmp_path / "prove.json", code="one")
    again.keep(EDGES, 20, 20, dict(PIECE), "", 3.0, at=AT)
    row = Proved.read(tmp_path / "prove.json", code="one").row(EDGES)
    assert (row.pieces, row.tried, row.figures["looks"], row.seconds) == ([0, 20], 40, 2688, 6.0)


def test_what_was_tried_of_other_code_says_nothing_of_this(tmp_path: Path) -> None:
    kept(tmp_path / "prove.json", code="one")
    assert Proved.read(tmp_path / "prove.json", code="another").row(EDGES).pieces == []


def test_what_went_wrong_stays_until_the_code_is_another(tmp_path: Path) -> None:
    kept(tmp_path / "prove.json", code="one", wrong="AssertionError: a world differs")
    again = Proved.read(tmp_path / "prove.json", code="one")
    assert again.wrong() == ["edges are inert, worlds 0 to 19: AssertionError: a world differs"]


def test_a_route_that_nobody_reached_in_the_whole_of_a_run_is_a_failure(tmp_path: Path) -> None:
    twins = next(proof for proof in PROOFS if proof.name == "twin worlds on SQLite")
    seen: Figures = {"pairs": 2, "answers": 9, "roles": {"chair": 2}, "routes": ["GET /", "GET /maps"], "reached": ["GET /"]}
    proved = Proved.read(tmp_path / "prove.json", code="one")
    proved.keep(twins, 0, twins.size - 1, seen, "", 3.0, at=AT)
    assert proved.wrong() == []
    proved.keep(twins, twins.size - 1, 1, {}, "", 3.0, at=AT)
    assert proved.wrong() == ["twin worlds on SQLite: nobody reached GET /maps"]


def test_calls_that_only_met_refusals_or_never_outlived_an_end_are_a_failure(tmp_path: Path) -> None:
    calls = BY_NAME["R12, calls after the description"]
    seen: Figures = {
        "calls": 9, "read_again": 1, "ended": 1, "taken_back": 0, "repeated": 0, "answers": {"200": 9}, "links": [],
        "operations": ["list_maps", "read_map"], "reached": ["list_maps"],
    }  # fmt: skip
    proved = Proved.read(tmp_path / "prove.json", code="one")
    proved.keep(calls, 0, calls.size, seen, "", 3.0, at=AT)
    assert proved.wrong() == [
        f"{calls.name}: nobody got anything from read_map",
        f"{calls.name}: nothing was out of sight with their grant",
        f"{calls.name}: nothing was repeated under their key",
    ]


def test_the_pairs_on_a_server_reach_every_route_or_fail(tmp_path: Path) -> None:
    twins = BY_NAME["twin worlds on Neo4j"]
    seen: Figures = {"pairs": 2, "answers": 9, "roles": {"chair": 2}, "routes": ["GET /", "GET /maps"], "reached": ["GET /"]}
    proved = Proved.read(tmp_path / "prove.json", code="one")
    proved.keep(twins, 0, twins.size, seen, "", 3.0, at=AT)
    assert proved.wrong() == ["twin worlds on Neo4j: nobody reached GET /maps"]


def test_without_a_server_the_table_says_what_was_not_tried_and_the_run_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "assurance.md"
    page.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    monkeypatch.setattr(proved_module, "PAGE", page)
    monkeypatch.setattr(neo4j_server, "which_server", lambda: "none")
    monkeypatch.setattr("sys.argv", ["attacks", "--only", "Neo4j", "--state", str(tmp_path / "prove.json")])
    assert main() == 1
    told = page.read_text(encoding="utf-8")
    for name in (name for name in BY_NAME if "Neo4j" in name):
        assert f"| {name} | 0 of " in told
    assert told.count("**not tried: no server**") == sum("Neo4j" in name for name in BY_NAME)


def test_what_was_not_tried_for_want_of_a_server_can_be_tried_later(tmp_path: Path) -> None:
    proof = BY_NAME["R5 on Neo4j"]
    Proved.read(tmp_path / "prove.json", code="one").leave_out(proof, "no server")
    again = Proved.read(tmp_path / "prove.json", code="one")
    assert again.wrong() == ["R5 on Neo4j: not tried: no server"]
    again.keep(proof, 0, 1, {"lines": ["held"]}, "", 3.0, at=AT)
    assert again.wrong() == []


def test_a_piece_that_ends_on_code_that_was_changed_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attacks, "code_digest", lambda: "another")
    monkeypatch.setattr(attacks, "try_piece", lambda *_: (dict(PIECE), "", 3.0))
    proved = Proved.read(tmp_path / "prove.json", code="one")
    with ThreadPoolExecutor(1) as pool, pytest.raises(attacks.CodeMoved):
        attacks.run(replace(EDGES, size=20), proved, pool, 1)
    assert proved.row(EDGES).pieces == []


@pytest.mark.parametrize("file", ["forum/referrals.py", "tests/attacks/sight.py", "tests/promises/clocks.py"])
def test_the_state_of_the_code_is_another_when_it_or_what_tries_it_changes(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / file
    changed.parent.mkdir(parents=True)
    monkeypatch.setattr(proved_module, "ROOT", tmp_path)
    changed.write_text("one = 1\n", encoding="utf-8")
    before = code_digest()
    changed.write_text("one = 2\n", encoding="utf-8")
    assert code_digest() != before


def test_the_table_says_what_was_tried_of_what_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "assurance.md"
    page.write_text(f"Before\n{BEGIN}\nan old table\n{END}\nAfter\n", encoding="utf-8")
    monkeypatch.setattr(proved_module, "PAGE", page)
    write_table(kept(tmp_path / "prove.json", code="one"))
    told = page.read_text(encoding="utf-8")
    assert told.startswith("Before\n") and told.endswith("\nAfter\n") and "an old table" not in told
    assert "| edges are inert | 20 of 10,000 worlds |" in told and "2026-11-25 18:00" in told


def test_figures_of_pieces_add_up_and_their_names_unite() -> None:
    one: Figures = {"pairs": 2, "roles": {"chair": 1}, "reached": ["GET /"], "fields": 54}
    other: Figures = {"pairs": 3, "roles": {"chair": 1, "guest": 2}, "reached": ["GET /maps"], "fields": 50}
    whole = {"pairs": 5, "roles": {"chair": 2, "guest": 2}, "reached": ["GET /", "GET /maps"], "fields": 54}
    assert together(one, other) == whole


def test_no_two_proofs_have_one_name_and_every_promise_is_among_them() -> None:
    names = [proof.name for proof in PROOFS]
    assert len(set(names)) == len(names)
    assert [promise.code for promise in PROMISES if not any(name.startswith(promise.code) for name in names)] == []
