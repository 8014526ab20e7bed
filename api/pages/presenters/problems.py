"""What a page says when something is not there, not allowed, or not working: what it is, and what to do."""

from dataclasses import dataclass

from api.errors import CrossSite
from graph.errors import StoreRefused

BY_CODE: dict[str, tuple[str, tuple[str, ...]]] = {
    CrossSite.code: (
        "This form cannot be taken",
        (
            "It was not sent from a page that your present sign-in opened, so nothing was done.",
            "Load the page again and send it from there. If you came here by a link from elsewhere, "
            "somebody may have tried to make your browser act for you: tell whoever looks after Kith.",
        ),
    ),
    StoreRefused.code: (
        "Sorry, the service is unavailable",
        (
            "Its store cannot be used as it is, and waiting does not change that. Tell whoever looks after Kith.",
            "kith check, with the store's name, says what is wrong and how to mend it. An evaluation store that is past its "
            "30 days goes on after kith serve --renew.",
        ),
    ),
}
PAGES: dict[int, tuple[str, tuple[str, ...]]] = {
    403: (
        "You may not do this",
        ("Your role does not let you do this.", "If you need it for your work, ask the coordinator of your forum."),
    ),
    404: (
        "Page not found",
        (
            "There is no such page, or it is not yours to see.",
            "If you typed the address, check it. If you followed a link, it may have been taken away.",
        ),
    ),
    410: ("This record has been erased", ("It was here once. Nothing of it is kept.",)),
    429: (
        "You have asked for a great deal at once",
        ("Nothing was lost. Wait a minute, then load this page again.",),
    ),
    503: (
        "Sorry, the service is unavailable",
        ("Nothing was lost. Wait a moment, then load this page again.",),
    ),
}
FAULT = (
    "Sorry, there is a problem with the service",
    ("Nothing was lost. Try again later.",),
)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A heading, what to do in sentences, and the reference to give when asking for help."""

    title: str
    sentences: tuple[str, ...]
    reference: str


def present_problem(*, status: int, code: str, title: str, detail: str, reference: str) -> ProblemPage:
    """The page for a code or a status; where there is no page of its own, the title and the detail that are safe to show."""
    if code in BY_CODE:
        return ProblemPage(*BY_CODE[code], reference if status >= 500 else "")
    if status >= 500 and status != 503:
        return ProblemPage(*FAULT, reference)
    if status in PAGES:
        return ProblemPage(*PAGES[status], reference if status == 503 else "")
    return ProblemPage(title, (detail,), reference)
