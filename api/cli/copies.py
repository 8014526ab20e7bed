"""kith export, kith restore, kith backup: everything out, and back in."""

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from api.cli.commands import DONE, WRONG_INPUT, Command, Stopped, add_store, existing_file
from api.cli.filling import progress_bar
from api.cli.stores import opened, refuse_while_served, store_named
from api.settings import Settings
from graph.errors import DamagedExport
from graph.store import backup_store

LINES_AT_ONCE = 2000


def export(args: argparse.Namespace, settings: Settings) -> int:
    """Writes everything kept as lines of JSON; the file appears under its name when it is whole."""
    chosen = store_named(args.store, settings)
    with opened(chosen) as store, _whole_file(args.file) as out, progress_bar(0, "Exporting") as progress:
        count = _write_lines(store.export(), out, progress)
    print(f"Exported {count:,} lines.")
    return DONE


def _write_lines(chunks: Iterable[Sequence[str]], out: TextIO, progress: object) -> int:
    count = 0
    for chunk in chunks:
        out.writelines(f"{line}\n" for line in chunk)
        count += len(chunk)
        if callable(progress):
            progress(len(chunk))
    return count


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    """A file readable by its owner alone, written beside and renamed when it is whole and on the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Fills an empty store from an export; made when there is none."""
    chosen = store_named(args.store, settings)
    refuse_while_served(chosen)
    with opened(chosen, making=True) as store, progress_bar(0, "Restoring") as progress:
        store.restore(_chunks(args.file, progress))
        revision = store.revision()
    print(f"Restored: revision {revision:,}.")
    return DONE


def _chunks(path: Path, progress: object) -> Iterator[Sequence[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            chunk: list[str] = []
            for line in lines:
                if not line.endswith("\n"):
                    raise DamagedExport
                chunk.append(line[:-1])
                if len(chunk) == LINES_AT_ONCE:
                    yield chunk
                    if callable(progress):
                        progress(len(chunk))
                    chunk = []
            if chunk:
                yield chunk
    except UnicodeDecodeError as error:
        raise DamagedExport from error


def backup(args: argparse.Namespace, settings: Settings) -> int:
    """Copies an embedded store while it serves, and verifies the copy."""
    chosen = store_named(args.store, settings)
    url = chosen.store_url()
    if not url.startswith("sqlite:///"):
        raise Stopped("kith backup copies an embedded store. For Neo4j use its own backup, or kith export.", WRONG_INPUT)
    backup_store(url, args.file)
    print("Copied and verified.")
    return DONE


def _out_arguments(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="where to write")


def _in_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.jsonl", type=existing_file, help="a file that kith export wrote")
    add_store(parser)


COMMANDS = (
    Command(
        "export",
        "Writes everything kept as lines of JSON.",
        "kith export --store sqlite:///forum.db forum.jsonl",
        _out_arguments,
        export,
    ),
    Command(
        "restore",
        "Fills an empty store of either kind from an export.",
        "kith restore forum.jsonl --store neo4j://localhost:7687",
        _in_arguments,
        restore,
    ),
    Command(
        "backup",
        "Copies an embedded store, also while it serves, and verifies the copy.",
        "kith backup --store sqlite:///forum.db forum-backup.db",
        _out_arguments,
        backup,
    ),
)
