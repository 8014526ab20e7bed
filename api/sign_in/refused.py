"""Something that lets nobody in: a token, a session or a link that is over, unknown here, or whose account is."""

from api.errors import NotSignedIn
from graph.records import ActorId


class SignInRefused(NotSignedIn):
    """Answered like every 401. `reason`, a stable code, and whom it was made for, where that is known, stand in the audit.

    `credential` is the hash of what was shown. Reasons: token-unknown, token-over, session-unknown, session-idle, session-over,
    session-signed-out, session-revoked, session-replaced, link-unknown, link-over, link-used, no-account, account-disabled,
    role-taken-away, cross-site. Altered, and of another store, both look unknown here.
    """

    def __init__(self, reason: str, *, credential: str, actor: ActorId | None = None, message: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.credential = credential
        self.actor = actor
