"""What can go wrong with a decision of the forum. Every message is safe to show anyone: no name, no value."""

from collections.abc import Sequence
from dataclasses import dataclass


class ForumError(Exception):
    """The base of every error of this package. `code` is stable; the message holds no name and no value."""

    code = "forum-error"
    message = "This could not be done."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class NotPermitted(ForumError):
    """The action is refused by role, or the record is not there for this actor: `api` tells the two apart by `about_record`."""

    code = "not-permitted"
    message = "You may not do this in your role."

    def __init__(self, message: str | None = None, *, about_record: bool = False) -> None:
        super().__init__(message)
        self.about_record = about_record


class SeparateDuties(NotPermitted):
    """Two roles, or a role and a record, that one person may not hold together; the refusal is recorded."""

    code = "separate-duties"
    message = "One person may not hold these together. Ask for the role, or the record, for somebody else."


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: where it stands (a JSON pointer such as /links/0/to), a stable code, and what to write instead."""

    pointer: str
    code: str
    detail: str


class Incomplete(ForumError):
    """Something given in is not whole or not right; every mistake at once."""

    code = "incomplete"
    message = "Some things need mending before this can be recorded."

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__()
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)


class IncompleteReferral(Incomplete):
    code = "incomplete-referral"
    message = "The referral cannot be recorded as it is."


class IncompleteMap(Incomplete):
    code = "incomplete-map"
    message = "A map needs a purpose, an owner and a review date."


class WrongState(ForumError):
    code = "wrong-state"
    message = "This cannot be done from where it stands now."


class RefusedAccess(Incomplete):
    """A grant, restriction, conflict or agenda item that cannot be; the refusal is recorded."""

    code = "refused-access"
    message = "This cannot be given as it is."


class LastInRole(WrongState):
    """The last one who may sign in in a role that must always be held by somebody."""

    code = "last-in-role"
    message = "Nobody else who may sign in holds this role. Give it to somebody else first."


class OwnWork(WrongState):
    """Somebody would approve or undo what they did themselves; the refusal is recorded."""

    code = "own-work"
    message = "Ask somebody else: nobody decides on what they did themselves."


class SheetExpired(ForumError):
    code = "sheet-expired"
    message = "This map is past its date. Renew it with a reason, or draw a new one."


class FormForbidden(ForumError):
    """A file form that the map's mode forbids."""

    code = "form-forbidden"
    message = "A map in this mode makes no file of this kind."
