"""Open sessions in words: begun and last used when, through which kind of browser; somebody else's by role and number."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.presenters.wording import code_words, how_many, moment_words, starts
from api.sign_in.web_sessions import OpenSession
from forum.access.accounts import Account


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One open session. `handle` is what its form sends; `button` says which it ends, so that no two buttons read alike."""

    handle: str
    who: str
    browser: str
    eyes: str
    began: str
    used: str
    is_this: bool
    button: str


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """A page of open sessions."""

    title: str
    sentence: str
    lines: tuple[SessionLine, ...]


def present_own_sessions(sessions: Sequence[OpenSession], *, this: str) -> SessionsPage:
    """Where somebody is signed in; the session that asks is marked."""
    return SessionsPage(
        title="My sessions",
        sentence=f"You have {how_many(len(sessions), 'open session', 'open sessions')}.",
        lines=tuple(_line(each, number, this=this) for number, each in enumerate(sessions, start=1)),
    )


def present_everybodys_sessions(found: Sequence[tuple[OpenSession, Account]]) -> SessionsPage:
    """Everybody's open sessions, the one used last first."""
    ordered = sorted(found, key=lambda pair: (pair[0].used_at, pair[0].handle), reverse=True)
    return SessionsPage(
        title="Open sessions",
        sentence=f"{starts(how_many(len(ordered), 'session is', 'sessions are'))} open just now.",
        lines=tuple(_line(each, number, who=_who(account)) for number, (each, account) in enumerate(ordered, start=1)),
    )


def _line(session: OpenSession, number: int, *, this: str = "", who: str = "") -> SessionLine:
    return SessionLine(
        handle=session.handle,
        who=who,
        browser=session.browser or "Not known",
        eyes=starts(session.role.value.replace("_", " ")),
        began=moment_words(session.began_at),
        used=moment_words(session.used_at),
        is_this=session.handle == this,
        button=f"End session {number}",
    )


def _who(account: Account) -> str:
    roles = ", ".join(role.value.replace("_", " ") for role in account.roles)
    agency = f" ({code_words('AGENCY', account.agency)})" if account.agency else ""
    return f"{starts(roles)}{agency}, number {account.id[:8]}"
