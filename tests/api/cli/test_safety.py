"""Whoever would serve unsafely is stopped, and told how to mend it; kith check tells the same without serving."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from api.cli.commands import Stopped
from api.cli.safety import ELSEWHERE, LOOKS, kind_of_disk, refuse_unsafe
from api.settings import Settings
from graph.store import embedded_library, has_wal_reset_fault, open_store
from tests.api.cli.test_serving import KITH
from tests.builders import ALL_KINDS, NEW_STORE

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "forum"
    found.mkdir(mode=0o700)
    open_store(f"sqlite:///{found / 'kith.db'}", ALL_KINDS, making=NEW_STORE).close()
    return found


def a_password_file(folder: Path, mode: int) -> Path:
    path = folder / "password"
    path.write_text("word", encoding="utf-8")
    path.chmod(mode)
    return path


def with_mode(name: str, mode: int) -> Callable[[Path], Settings]:
    def change(folder: Path) -> Settings:
        path = folder if name == "." else folder / name
        path.touch()
        path.chmod(mode)
        return Settings(store=f"sqlite:///{folder / 'kith.db'}")

    return change


def at(url: str, **more: str | bool) -> Callable[[Path], Settings]:
    return lambda _folder: Settings(store=url, **more)  # type: ignore[arg-type]


def inside(url: str) -> Callable[[Path], Settings]:
    return at(url, in_container=True, host="0.0.0.0")


def with_password(mode: int, **more: str | bool) -> Callable[[Path], Settings]:
    def set_up(folder: Path) -> Settings:
        more_set = {"store": "neo4j+s://db.example:7687", "neo4j_password_file": a_password_file(folder, mode), **more}
        return Settings(**more_set)  # type: ignore[arg-type]

    return set_up


DANGERS = {
    "a store that everyone may read": (with_mode("kith.db", 0o644), "chmod 600 kith.db"),
    "a store that the group may read": (with_mode("kith.db", 0o640), "chmod 600 kith.db"),
    "a log of writes that everyone may read": (with_mode("kith.db-wal", 0o604), "chmod 600 kith.db-wal"),
    "a shelf that everyone may write": (with_mode("kith.db-shelf", 0o602), "chmod 600 kith.db-shelf"),
    "a folder into which everyone may put files": (with_mode(".", 0o707), "chmod go-w"),
    "a folder into which the group may put files": (with_mode(".", 0o2775), "chmod go-w"),
    "a folder of another group's, for both": (with_mode(".", 0o770), "chmod go-w"),
    "a password that everyone may read": (with_password(0o644), "chmod 600"),
    "a password that the group may read": (with_password(0o640), "chmod 600"),
    "a server elsewhere in the clear": (at("neo4j://db.example:7687"), "Use neo4j+s://"),
    "a server elsewhere in the clear, directly": (at("bolt://192.0.2.7:7687"), "Use neo4j+s://"),
    "a server whose certificate nobody checks": (at("neo4j+ssc://db.example"), "Use neo4j+s://"),
    "a server elsewhere in the clear, from a container": (inside("neo4j://db.example.org:7687"), "Use neo4j+s://"),
    "an address in the clear, from a container": (inside("bolt://192.0.2.7:7687"), "Use neo4j+s://"),
    "an address of the newer kind, from a container": (inside("bolt://[2001:db8::7]:7687"), "Use neo4j+s://"),
    "an address written as one number, from a container": (inside("bolt://3221225991:7687"), "Use neo4j+s://"),
    "a certificate nobody checks, from a container": (inside("neo4j+ssc://db.example.org"), "Use neo4j+s://"),
    "a password file that is not there": (
        at("neo4j+s://db.example", neo4j_password_file="/nowhere/at/all"),
        "KITH_NEO4J_PASSWORD_FILE",
    ),
    "a password in the address": (at("neo4j+s://neo4j:word@db.example"), "KITH_NEO4J_PASSWORD_FILE"),
    "an address that is not of this machine": (at("neo4j+s://db.example", host="0.0.0.0"), "--host"),
}
SAFE = {
    "a store for its owner alone": with_mode("kith.db", 0o600),
    "a folder that others may read": with_mode(".", 0o755),
    "a folder where everyone keeps their own files": with_mode(".", 0o1777),
    "a folder where the group keep their own files": with_mode(".", 0o3770),
    "a folder that the group may read": with_mode(".", 0o2750),
    "a password for its owner alone": with_password(0o600),
    "a secret in a container": with_password(0o444, in_container=True),
    "an encrypted server": at("neo4j+s://db.example:7687"),
    "a server on this machine": at("neo4j://localhost:7687"),
    "a server on this machine, directly": at("bolt://[::1]:7687"),
    "a server beside it in a container": inside("neo4j://neo4j:7687"),
    "a server of the same container": inside("bolt://127.0.0.1:7687"),
}


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_stops_it_and_says_how_to_mend_it(folder: Path, danger: str) -> None:
    set_up, mend = DANGERS[danger]
    with pytest.raises(Stopped) as stopped:
        refuse_unsafe(set_up(folder))
    assert mend in stopped.value.sentence
    assert "word" not in stopped.value.sentence.replace("password", "") and str(folder) not in stopped.value.sentence


@pytest.mark.parametrize("setting", SAFE)
def test_what_is_safe_stops_nobody(folder: Path, setting: str) -> None:
    refuse_unsafe(SAFE[setting](folder))


def test_check_tells_each_danger_and_serve_refuses_the_first(folder: Path, capsys: Captured) -> None:
    (folder / "kith.db").chmod(0o644)
    url = f"sqlite:///{folder / 'kith.db'}"
    assert main(["check", "--store", url]) == 1
    said = capsys.readouterr().out
    assert "files: WRONG. Others on this machine may read or write kith.db. Take that right away: chmod 600 kith.db" in said
    assert said.count("WRONG") == 1
    # In a process of its own, with an end: if it were not refused, it would serve.
    refused = subprocess.run([*KITH, "serve", "--store", url, "--port", "0"], capture_output=True, text=True, timeout=30)
    assert (refused.returncode, refused.stdout) == (1, "") and "chmod 600 kith.db" in refused.stderr
    (folder / "kith.db").chmod(0o600)
    assert main(["check", "--store", url]) == 0


def test_a_password_in_the_environment_is_told_and_refused_to_nobody(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_NEO4J_PASSWORD", "very secret")
    assert main(["check", "--store", f"sqlite:///{folder / 'kith.db'}"]) == 0
    said = capsys.readouterr().out
    assert "password: in the environment; a file is safer" in said and "secret" not in said


def test_a_password_file_that_is_not_there_is_one_wrong_line_among_the_others(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_NEO4J_PASSWORD_FILE", str(folder / "nowhere"))
    assert main(["check", "--store", f"sqlite:///{folder / 'kith.db'}"]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert said.err == "" and lines[-1].startswith("disk: ")
    assert "password: WRONG. The password's file is not there" in said.out and "KITH_NEO4J_PASSWORD_FILE" in said.out
    assert [line.partition(":")[0] for line in lines if "WRONG" in line] == ["password", "store"]
    (folder / "nowhere").write_bytes(b"\xff\xfe")
    (folder / "nowhere").chmod(0o600)
    assert main(["check", "--store", f"sqlite:///{folder / 'kith.db'}"]) == 1
    assert "store: WRONG. The file named by KITH_NEO4J_PASSWORD_FILE cannot be read." in capsys.readouterr().out


def test_a_folder_still_to_be_made_is_its_owners_though_the_group_may_write_beside_it(folder: Path) -> None:
    folder.chmod(0o775)
    refuse_unsafe(Settings(store=f"sqlite:///{folder / 'new' / 'kith.db'}"))
    folder.chmod(0o777)
    with pytest.raises(Stopped, match="chmod go-w"):
        refuse_unsafe(Settings(store=f"sqlite:///{folder / 'new' / 'kith.db'}"))


def test_it_does_not_serve_where_python_talks_of_what_it_handles(folder: Path) -> None:
    command = [KITH[0], "-X", "dev", *KITH[1:], "serve", "--port", "0", "--store", f"sqlite:///{folder / 'kith.db'}"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "development mode" in ended.stderr
    assert not sys.flags.dev_mode


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("3.6.23", False), ("3.7.0", True), ("3.40.1", True), ("3.44.5", True), ("3.44.6", False), ("3.45.0", True),
        ("3.50.6", True), ("3.50.7", False), ("3.51.0", True), ("3.51.2", True), ("3.51.3", False), ("3.52.0", False),
        ("3.54.0", False), ("4.0", False),
    ],
)  # fmt: skip
def test_a_library_that_can_lose_committed_pages_is_known_by_its_version(version: str, fault: bool) -> None:
    assert has_wal_reset_fault(version) is fault


def test_the_library_here_has_no_such_fault() -> None:
    assert not has_wal_reset_fault(embedded_library())


MOUNTED = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw - nfs4 files:/srv rw
31 30 8:2 / /srv/own\040disk rw - xfs /dev/sdb1 rw
32 22 0:41 / /mnt/share rw - cifs //files/share rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/kith", "ext4"), ("/", "ext4"), ("/srv", "nfs4"), ("/srv/forum", "nfs4"), ("/srv/own disk/forum", "xfs"),
        ("/srvother", "ext4"), ("/mnt/share/a/b", "cifs"),
    ],
)  # fmt: skip
def test_a_network_drive_is_known_by_where_the_folder_lies(folder: str, kind: str) -> None:
    assert kind_of_disk(Path(folder), MOUNTED) == kind
    assert (kind in ELSEWHERE) is (kind in ("nfs4", "cifs"))


def test_every_look_has_a_name_of_its_own_in_check() -> None:
    assert len({look.name for look in LOOKS}) == len(LOOKS)
