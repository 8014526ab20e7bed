"""Who was told of a referral: one sentence for a young person and one for their parent or carer."""

from datetime import date

from api.pages.presenters.wording import code_words, day_words, how_many
from forum.participation import Awareness

NOT_RECORDED = "not recorded"
NEEDS_A_SIGNATURE = frozenset({"not_told_risk", "not_told_other"})


def told_words(telling: Awareness | None, today: date) -> str:
    """What stands today: "told and content, 2 September 2026"; "not recorded" where nothing is."""
    if telling is None:
        return NOT_RECORDED
    if telling.told == "not_yet":
        return _still_to_be_told(telling.due, today)
    words = f"{code_words('TOLD', telling.told)}{_signature(telling)}"
    if telling.told_on is not None:
        words += f", {day_words(telling.told_on)}"
    return words


def _signature(telling: Awareness) -> str:
    """Whether a supervisor signed. Not to tell somebody needs it (practice, 17.3), so there silence is not left to be read as
    a signature: the label of the code itself speaks of a sign-off."""
    if telling.supervisor_signed:
        return ", signed by a supervisor"
    if telling.supervisor_signed is None and telling.told not in NEEDS_A_SIGNATURE:
        return ""
    return ", not signed by a supervisor"


def _still_to_be_told(due: date | None, today: date) -> str:
    if due is None:
        return "not told yet; no date given"
    if due < today:
        return f"not told yet; this was due on {day_words(due)}, {how_many((today - due).days, 'day', 'days')} ago"
    return f"not told yet; will be told by {day_words(due)}"
