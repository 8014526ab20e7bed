"""How many referrals has one person sent within the hour?

Malicious or repeated referrals are an old way to harm a family. The count is of what the store holds, so no restart, no second
service and no other token of the same person begins it again.
"""

from datetime import datetime, timedelta

from forum.access.grants import Grant, Reason
from forum.referrals import Referral
from graph.records import ActorId
from graph.store.boundary import View

HOUR = timedelta(hours=1)
_PAGE = 500


def room_for_a_referral(view: View, actor: ActorId, *, most: int, now: datetime) -> datetime:
    """The moment from which this person may send one more: `now` when they may do so at once.

    `view` is the house's own; `now` the real moment. At most `most` stand within any hour.
    """
    written = _moments_written(view, actor, since=now - HOUR, until=now)
    return now if len(written) < most else written[-most] + HOUR


def _moments_written(view: View, actor: ActorId, *, since: datetime, until: datetime) -> list[datetime]:
    """When this person recorded each referral, the latest last: whoever writes one is given a grant for it there and then."""
    moments = {one: grant.holds_from for grant in _grants_for_writing(view, actor, since, until) for one in grant.covers}
    kinds = view.kinds_of(sorted(moments)) if moments else {}
    return sorted(moments[one] for one, kind in kinds.items() if kind == Referral.KIND)


def _grants_for_writing(view: View, actor: ActorId, since: datetime, until: datetime) -> list[Grant]:
    found: list[Grant] = []
    page = view.find(Grant, actor=actor, limit=_PAGE)
    while page:
        found += [grant for grant in page if grant.source is Reason.WROTE_IT and since < grant.holds_from <= until]
        page = view.find(Grant, actor=actor, after=page[-1].id, limit=_PAGE) if len(page) == _PAGE else ()
    return found
