"""The command line: `kith COMMAND`. Results on standard output, progress and complaints on standard error.

Exit status: 0 done; 1 the service or store could not do it; 2 the input or the arguments were wrong.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from api.cli import accounts, checking, copies, filling, serving, tokens
from api.cli.commands import Command
from api.cli.sentences import EXPECTED, lines_for, status_of
from api.settings import Settings

COMMANDS: tuple[Command, ...] = (
    *serving.COMMANDS,
    *filling.COMMANDS,
    *tokens.COMMANDS,
    *accounts.COMMANDS,
    *copies.COMMANDS,
    *checking.COMMANDS,
)


def make_parser() -> argparse.ArgumentParser:
    """Every command with its arguments and an example."""
    parser = argparse.ArgumentParser(
        prog="kith",
        description="Contexts and peer networks for forums that respond to harm outside the home.",
        epilog="example: kith demo",
    )
    parser.add_argument("--version", action="version", version=f"kith {version('kith')}")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = chosen.add_parser(command.name, help=command.help, description=command.help, epilog=f"example: {command.example}")
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Does one command; its exit status."""
    args = make_parser().parse_args(arguments)
    try:
        status: int = args.run(args, Settings())
        return status
    except EXPECTED as error:
        for line in lines_for(error):
            print(line, file=sys.stderr)
        return status_of(error)
    except KeyboardInterrupt:
        print("Stopped. What was acknowledged is kept.", file=sys.stderr)
        return 1
