"""Who is asking, in which role, for which agency, and for what purpose?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from graph.records import ActorId, ForumId


class Role(StrEnum):
    """What somebody does in the forum. The role says what kind of thing they may do; grants say to which records."""

    REFERRER = "referrer"
    PRACTITIONER = "practitioner"
    PANEL_MEMBER = "panel_member"
    GUEST = "guest"
    COORDINATOR = "coordinator"
    CHAIR = "chair"
    ANALYST = "analyst"
    INFORMATION_GOVERNANCE = "information_governance"
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """Why something is looked at: code list SHARING_PURPOSE. It stands in the audit with every answer."""

    SCREENING = "screening"
    SAFETY_PLANNING = "safety_planning"
    CASE_COORDINATION = "case_coordination"
    FORUM_PREPARATION = "forum_preparation"
    CONTEXT_ASSESSMENT = "context_assessment"
    RIGHTS_REQUEST = "rights_request"
    INCIDENT = "incident"
    AUDIT_REVIEW = "audit_review"


EVERY_PURPOSE: tuple[str, ...] = tuple(purpose.value for purpose in Purpose)


class SignedInBy(StrEnum):
    """How somebody came in. A token counts as freshly signed in."""

    TOKEN = "token"
    WEB_SESSION = "web_session"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who asks for something. `session` is the hash of what they signed in with; `signed_in_at` keeps the real clock.

    `behind`: on an evaluation store, who really looks, when they look through the eyes of somebody invented.
    """

    id: ActorId
    role: Role
    forum: ForumId
    name: str = ""
    agency: str | None = None
    purpose: Purpose = Purpose.FORUM_PREPARATION
    signed_in_at: datetime
    how: SignedInBy = SignedInBy.TOKEN
    session: str = ""
    behind: ActorId | None = None
