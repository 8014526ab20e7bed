"""One referral in a line: its reference, what it is about, when it came and from whom."""

from dataclasses import dataclass

from api.pages.presenters.labels import Labels, Link
from api.pages.presenters.wording import code_words, day_words, said_by
from forum.referrals import Referral
from graph.records import RecordId


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral in a list; `why` says why it stands there, where that needs saying."""

    referral: Link
    description: str
    why: str = ""


ABOUT = {
    "individual": "about a young person",
    "peer_group": "about a peer group",
    "school": "about a school",
    "location": "about a location",
    "online": "about an online space",
}


def describe(referral: Referral) -> str:
    """What it is about, when it came and from whom: "about a school, received 2 September 2026 from a teacher"."""
    kind = ABOUT.get(referral.referral_kind) or code_words("REF_KIND", referral.referral_kind)
    who = said_by(referral.referrer_role, referral.referrer_agency)
    article = "an" if who[:1].casefold() in "aeiou" else "a"
    return f"{kind}, received {day_words(referral.received)} from {article} {who}"


def referral_line(referral_id: RecordId, labels: Labels, why: str = "") -> ReferralLine:
    """The line of one referral."""
    record = labels.record(referral_id)
    description = describe(record) if isinstance(record, Referral) else ""
    return ReferralLine(labels.link(referral_id), description, why)
