"""What a command is: a name, what it does, an example, its arguments, and the function that does it."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.settings import Settings

DONE, NOT_DONE, WRONG_INPUT = 0, 1, 2


class Stopped(Exception):
    """A command ends here with a sentence that says what to do, and an exit status: 1 could not be done, 2 wrong input."""

    def __init__(self, sentence: str, status: int = NOT_DONE) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `run` prints its results on standard output and returns the exit status."""

    name: str
    help: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Settings], int]


def add_store(parser: argparse.ArgumentParser) -> None:
    """The option that says which store."""
    parser.add_argument(
        "--store", metavar="URL", help="sqlite:///path/to/file.db or neo4j://host:port; without it KITH_STORE, else an "
        "evaluation store in your data folder",
    )  # fmt: skip


def day(text: str) -> date:
    """A day as 2026-11-21."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day as 2026-11-21") from None


def port(text: str) -> int:
    """A port, 0 for a free one."""
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError("write a port from 0 to 65535")
    return int(text)


def hours(text: str) -> int:
    """How long a token lasts."""
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 720:
        raise argparse.ArgumentTypeError("write whole hours, 1 to 720")
    return int(text)


def existing_file(text: str) -> Path:
    """A file to read."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError("there is no such file")
    return path
