"""A membership as the statement it is: who belongs to which peer group, according to the referral that says so."""

from forum.assertion_drafts import LinkDraft, read_link
from forum.errors import Mistake
from forum.given import Given
from forum.referral_drafts import ReferralDraft


def membership_link(person: str, group: str, referral: ReferralDraft) -> LinkDraft:
    """The statement behind a membership that comes without provenance: said by the referrer, by role and agency, on the day
    the referral was received, as told by another professional (architecture, 4.1)."""
    received = referral.received.isoformat()
    given = {
        "from": person,
        "rel": "member_of",
        "to": group,
        "provenance": {
            "kind": "reported_by_third_party",
            "source_role": referral.header["referrer_role"],
            "agency": referral.header["referrer_agency"],
            "reliability": "told_by_other_professional",
            "date_known": received,
            "date_recorded": received,
        },
    }
    mistakes: list[Mistake] = []
    draft = read_link(Given(given, "", mistakes))
    assert draft is not None  # every value above was read before, or stands here
    return draft
