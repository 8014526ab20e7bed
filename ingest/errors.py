"""What can be wrong with a file that is given in. No message holds a value out of the file: only where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass


class IngestError(Exception):
    """The base of every error of this package. `code` is stable; the message is safe to show anyone."""

    code = "ingest-error"
    message = "This file could not be taken in."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


@dataclass(frozen=True, slots=True)
class FileMistake:
    """One thing to mend. `path` is its place in the file (`referrals[2].links[0].to`); `line` counts from 1, None if unknown."""

    path: str
    line: int | None
    code: str
    detail: str

    def __str__(self) -> str:
        where = self.path or "the file"
        return f"{where} (line {self.line}): {self.detail}" if self.line else f"{where}: {self.detail}"


class UnreadableFile(IngestError):
    """The file as a whole cannot be read: wrong encoding, no header, too large, not what it should be."""

    code = "unreadable-file"
    message = "This file cannot be read."


class TooManyRows(UnreadableFile):
    """More rows than may be read at once; the message says how to split the file."""

    code = "too-many-rows"


class UnreadableYaml(UnreadableFile):
    """A YAML file with mistakes: every one at once, in the order of the file."""

    code = "unreadable-yaml"
    message = "Some things in the file need mending. Nothing was stored."

    def __init__(self, mistakes: Sequence[FileMistake], message: str | None = None) -> None:
        super().__init__(message)
        self.mistakes: tuple[FileMistake, ...] = tuple(mistakes)


class UnreadableCase(UnreadableYaml):
    """A case file with mistakes. Nothing of it is stored."""

    code = "unreadable-case"


class UnknownColumn(UnreadableYaml):
    """A mapping file that cannot be used with this table: it names a column that one of the two does not have."""

    code = "unknown-column"
    message = "The mapping file does not fit. Nothing was stored."


class NotAnEvaluationStore(IngestError):
    """Whole cases are loaded into evaluation stores only."""

    code = "not-an-evaluation-store"
    message = "A case is loaded into an evaluation store only. This store is live; give another address with --store."
