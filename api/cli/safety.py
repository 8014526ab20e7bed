"""Is it safe to serve with these settings, these files and this machine? Each danger is told with how to mend it.

`kith check` tells all of it; `kith serve` refuses to begin while one of them holds.
"""

import re
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from api.cli.commands import WRONG_INPUT, Stopped
from api.headers import OWN_HOSTS
from api.settings import Settings
from graph.store import embedded_library, has_wal_reset_fault

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FILE = "sqlite:///"
OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO
ENDS = ("", "-wal", "-shm", "-shelf", "-shelf-wal", "-shelf-shm")
# Where write-ahead logging does not hold: a lock or a shared page on one machine is not one on another.
ELSEWHERE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "davfs"})
# A name of one word is a service on the containers' own network; an address or a name with dots may be anywhere.
BESIDE_IT = re.compile(r"[a-z][a-z0-9_-]*")
MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at: what it is called, and what says how it is, or raises Stopped with the danger and how to mend it."""

    name: str
    at: Callable[[Settings], str]


def look_at_address(settings: Settings) -> str:
    """Where it would listen, and under which names it answers."""
    if settings.host not in LOOPBACK and not settings.in_container:
        raise Stopped(
            "Kith listens on this machine alone until there is an identity provider: leave --host out, or give 127.0.0.1.",
            WRONG_INPUT,
        )
    where = "every address inside its container" if settings.in_container else settings.host
    return f"listens on {where}, answers to {', '.join(sorted(OWN_HOSTS))} alone"


def look_at_python(_settings: Settings) -> str:
    """Whether Python itself was told to talk about what it handles."""
    if sys.flags.dev_mode:
        raise Stopped("Python runs in development mode, which talks of what it handles. Start it without -X dev, PYTHONDEVMODE.")
    return "not in development mode"


def look_at_password(settings: Settings) -> str:
    """How the password of a database server is kept."""
    file = settings.neo4j_password_file
    if file is None:
        kept = settings.neo4j_password is not None
        return "in the environment; a file is safer (KITH_NEO4J_PASSWORD_FILE)" if kept else "none is set"
    try:
        mode = file.stat().st_mode
    except OSError:
        raise Stopped(
            "The password's file is not there, or cannot be seen. Put it where KITH_NEO4J_PASSWORD_FILE says, or correct that "
            "setting.",
            WRONG_INPUT,
        ) from None
    # The engine of a container hands secrets in as files of its own, readable inside the container alone.
    if not settings.in_container and stat.S_IMODE(mode) & OTHERS_MAY:
        raise Stopped("Others on this machine may read the password file. Take that right away: chmod 600 and the file's name.")
    return "in a file that its owner alone may read"


def look_at_connection(settings: Settings) -> str:
    """Whether what the store answers could be read or altered on its way."""
    url = settings.store_url()
    if url.startswith(FILE):
        return "none, the store is a file"
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise Stopped(
            "The store's URL holds a user or a password, which every list of processes shows. Leave them out and set "
            "KITH_NEO4J_USER and KITH_NEO4J_PASSWORD_FILE."
        )
    if parts.scheme.endswith("+s"):
        return "encrypted, the server's certificate is checked"
    if (parts.hostname or "") in LOOPBACK:
        return "stays on this machine"
    if settings.in_container and BESIDE_IT.fullmatch(parts.hostname or ""):
        return "stays on the network of its containers"
    if parts.scheme.endswith("+ssc"):
        raise Stopped("The server's certificate is not checked, so anybody between could be the server. Use neo4j+s://.")
    raise Stopped("The store is on another machine, and the connection is not encrypted. Use neo4j+s:// instead of neo4j://.")


def look_at_files(settings: Settings) -> str:
    """Whether others on this machine could read the store, or put another in its place."""
    url = settings.store_url()
    if not url.startswith(FILE):
        return "none, the store is on a server"
    path = Path(url.removeprefix(FILE)).absolute()
    for file in _files_of(path):
        if stat.S_IMODE(file.stat().st_mode) & OTHERS_MAY:
            raise Stopped(f"Others on this machine may read or write {file.name}. Take that right away: chmod 600 {file.name}")
    folder = _nearest(path.parent)
    mode = folder.stat().st_mode
    # A folder that is not there yet is made for its owner alone.
    may_put = stat.S_IWGRP | stat.S_IWOTH if folder == path.parent else stat.S_IWOTH
    if mode & may_put and not mode & stat.S_ISVTX:
        raise Stopped("Others on this machine may put files into the store's folder. Take that right away: chmod go-w.")
    if MOUNTS.exists() and kind_of_disk(folder, MOUNTS.read_text("utf-8")) in ELSEWHERE:
        raise Stopped("The store lies on a network drive, where it can be damaged. Move it to a disk of this machine.")
    return "for their owner alone, on a disk of this machine"


def _files_of(path: Path) -> Iterator[Path]:
    return (file for end in ENDS if (file := path.with_name(f"{path.name}{end}")).is_file())


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def kind_of_disk(folder: Path, mounts: str) -> str:
    """The kind of file system that a folder lies on, from the lines of mountinfo; "" when none of them holds it."""
    found, kind = "", ""
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        point = fields.split(" ")[4].encode("ascii", "replace").decode("unicode_escape")
        holds = folder == Path(point) or Path(point) in folder.parents
        if holds and len(point) >= len(found):
            found, kind = point, rest.split(" ")[0]
    return kind


def look_at_library(settings: Settings) -> str:
    """Whether the SQLite here can lose what it said it kept."""
    if not settings.store_url().startswith(FILE):
        return "none, the store is on a server"
    version = embedded_library()
    if has_wal_reset_fault(version):
        raise Stopped(f"SQLite {version} can lose committed pages. Install Kith from its own locked wheels: make setup.")
    return f"SQLite {version}, synchronous=FULL read back on every connection"


LOOKS = (
    Look("address", look_at_address),
    Look("python", look_at_python),
    Look("password", look_at_password),
    Look("connection", look_at_connection),
    Look("files", look_at_files),
    Look("library", look_at_library),
)


def refuse_unsafe(settings: Settings) -> None:
    """Raises Stopped with the first danger there is."""
    for look in LOOKS:
        look.at(settings)
