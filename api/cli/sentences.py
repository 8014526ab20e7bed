"""What a person is told when a command cannot be done: a sentence that says what to do, and the exit status."""

from collections.abc import Iterable

from pydantic import ValidationError

from api.cli.commands import NOT_DONE, WRONG_INPUT, Stopped
from forum.errors import ForumError, Incomplete
from graph.errors import DamagedExport, GraphError
from ingest.errors import IngestError, NotAnEvaluationStore, UnreadableYaml
from ingest.load import RowsRejected

EXPECTED = (Stopped, GraphError, ForumError, IngestError, OSError, ValidationError)
MOST_LINES = 100


def status_of(error: BaseException) -> int:
    """2 when the input was wrong, 1 when it could not be done."""
    if isinstance(error, Stopped):
        return error.status
    if isinstance(error, NotAnEvaluationStore):
        return NOT_DONE
    wrong = isinstance(error, IngestError | Incomplete | DamagedExport | ValidationError | FileNotFoundError | IsADirectoryError)
    return WRONG_INPUT if wrong else NOT_DONE


def lines_for(error: BaseException) -> list[str]:
    """The lines to print, the sentence first. No line holds a value out of a file or of a record."""
    if isinstance(error, Stopped):
        return [error.sentence]
    if isinstance(error, ValidationError):
        return _settings_lines(error)
    if isinstance(error, OSError):
        where = f" ({error.filename})" if isinstance(error.filename, str) else ""
        return [f"The computer says: {(error.strerror or 'no').lower()}{where}. Choose another place, or make room."]
    if isinstance(error, RowsRejected):
        return [str(error), *_some(str(row) for row in error.report.rejected)]
    if isinstance(error, UnreadableYaml):
        return [str(error), *_some(str(mistake) for mistake in error.mistakes)]
    if isinstance(error, Incomplete):
        return [str(error), *_some(f"{mistake.pointer}: {mistake.detail}" for mistake in error.mistakes)]
    return [str(error)]


def _settings_lines(error: ValidationError) -> list[str]:
    names = ["KITH_" + str(found["loc"][0]).upper() for found in error.errors() if found["loc"]]
    return ["These settings cannot be read; docs/settings.md says what they take.", *names]


def _some(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    more = len(found) - MOST_LINES
    return found if more <= 0 else [*found[:MOST_LINES], f"… and {more:,} more; --report FILE has them all."]
