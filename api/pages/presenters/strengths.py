"""Who and what protects, in sentences: guardians of a place, friendships, home. Conditions beside them."""

from collections.abc import Iterable

from api.pages.presenters.labels import Labels
from api.pages.presenters.wording import and_list, code_words, starts
from forum.referral_parts import Condition, GroupFriendship, Guardian
from forum.referrals import Referral


def guardian_words(guardian: Guardian, labels: Labels) -> str:
    """Who is there with caring intent, by role: where, whether willing to help, and when."""
    where = ""
    if guardian.context is not None and labels.is_here(guardian.context):
        where = f" at {labels.of(guardian.context)}"
    willing = {True: ", willing to help", False: ", not willing to help so far", None: ""}[guardian.willing]
    when = and_list(code_words("GUARDIAN_PRESENT", code) for code in guardian.present)
    return f"{starts(guardian.who)}{where}{willing}{', there on ' + when if when else ''}"


def friendship_words(friendship: GroupFriendship, labels: Labels) -> str:
    """That being friends protects a group: its first strength (practice, section 7.6)."""
    return f"The friendship of {labels.of(friendship.group)} protects them"


def strength_lines(referral: Referral, labels: Labels) -> tuple[str, ...]:
    """What protects in this referral, apart from its statements: home, friendships of a group, guardians."""
    lines = []
    if referral.home_protective:
        lines.append(f"Protective at home: {and_list(referral.home_protective)}")
    lines.extend(friendship_words(friendship, labels) for friendship in referral.group_friendships if friendship.protective)
    lines.extend(guardian_words(guardian, labels) for guardian in referral.guardians)
    return tuple(lines)


def condition_lines(referral: Referral) -> tuple[str, ...]:
    """Conditions of the context that somebody could change, and gaps in policy."""
    lines = [_condition(condition) for condition in referral.conditions]
    if referral.policy_gap:
        lines.append(f"Gap in policy: {referral.policy_gap}")
    return tuple(lines)


def _condition(condition: Condition) -> str:
    return f"{starts(code_words('PLACE_CONDITION', condition.what))}: {code_words('CONDITION_FOUND', condition.how)}"


def any_words(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of these texts that say something."""
    return tuple(text for text in texts if text)
