"""What shares a server or a long setting-up runs on one worker; everything else runs where there is room."""

from pathlib import Path

from tests.together import ONE_SETTING_UP, belongs_with

ROOT = Path(__file__).resolve().parents[2]


def test_all_that_asks_the_one_server_runs_together() -> None:
    asking = (
        "tests/graph/test_a.py::test_b[neo4j]",
        "tests/graph/store/test_neo4j_store.py::test_c",
        "tests/d.py::test_e[neo4j-sqlite]",
    )
    assert {belongs_with(each) for each in asking} == {"neo4j"}


def test_a_long_setting_up_is_done_once_and_everything_else_stands_alone() -> None:
    for module in ONE_SETTING_UP:
        assert (ROOT / module).is_file()
        assert belongs_with(f"{module}::test_a[x]") == belongs_with(f"{module}::test_b") == module
    assert belongs_with("tests/a.py::test_a[sqlite]") == "tests/a.py::test_a[sqlite]"
