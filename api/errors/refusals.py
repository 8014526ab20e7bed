"""What can be wrong with a request itself. Every message is safe to show anyone."""

from forum.errors import Incomplete


class ApiError(Exception):
    """The base of what can be wrong with a request itself. `message` is safe to show anyone."""

    code = "request-refused"
    message = "The request cannot be answered."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class NotSignedIn(ApiError):
    code = "not-signed-in"
    message = "Sign in first: send a token that holds here (kith token makes one), or open a sign-in link (kith link prints one)."


class StepUpNeeded(ApiError):
    code = "sign-in-again"
    message = "Sign in again to do this: your sign-in is too long ago."


class CrossSite(ApiError):
    code = "cross-site"
    message = (
        "This did not come from a page that your present sign-in opened. Nothing was done: load it again and send it from there."
    )


class UnknownPurpose(ApiError):
    code = "unknown-purpose"
    message = "Kith-Purpose names no purpose that is known here. Send a code of /api/v1/code-lists/SHARING_PURPOSE."


class MissingKey(ApiError):
    code = "missing-key"
    message = "Send an Idempotency-Key: a new one for each new request, 1 to 200 printable characters."


class MissingTag(ApiError):
    code = "missing-tag"
    message = "Send If-Match with the ETag of what you read, so that nobody's change is lost."


class StaleTag(ApiError):
    code = "stale-tag"
    message = "Someone else changed this record. Read it again, then make your change once more."


class UnreadableBody(ApiError):
    code = "unreadable-body"
    message = "The body is not a JSON object that can be read."


class NotJson(ApiError):
    code = "not-json"
    message = "Send the body as application/json."


class BodyTooLarge(ApiError):
    code = "body-too-large"
    message = "The body is larger than 1 MB. Send less at once."


class BodyTooSlow(ApiError):
    code = "body-too-slow"
    message = "The body did not arrive within ten seconds. Nothing was done: send it again, a change with the same key."


class BadCursor(ApiError):
    code = "bad-cursor"
    message = "This cursor belongs to another question, or the list has changed. Start from the first page."


class UnknownHost(ApiError):
    code = "unknown-host"
    message = "This service answers only to its own address."


class TooBusy(ApiError):
    code = "too-busy"
    message = "Too many people are asking at this moment. Try again in a moment; a change with the same key."


class TooManyRequests(ApiError):
    """More than one person or program may ask for in this time; `retry_after_seconds` says when there is room again."""

    code = "too-many-requests"
    message = "You have sent more than one person or program may in this time. Wait as long as Retry-After says, then go on."

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class FindingUnavailable(ApiError):
    code = "finding-unavailable"
    message = "This cannot be worked out just now. Nothing was lost; try again in a moment."


class TooManyFields(ApiError):
    code = "too-many-fields"
    message = "The form has more than 100 fields. Send less at once."


class NotAForm(ApiError):
    code = "not-a-form"
    message = "Send a form as application/x-www-form-urlencoded. No files are taken in here."


class Rejected(Incomplete):
    """A request with mistakes that are told one by one, such as an unknown parameter."""

    code = "rejected"
    message = "Some things in the request need mending."
