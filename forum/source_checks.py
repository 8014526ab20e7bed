"""Which referrals may rest on something that was corrected since, so that somebody should look at their source again?"""

from collections.abc import Iterable
from datetime import date

from forum.rights import RightsRequest
from graph.assertions import Assertion, Origin, Standing, standing_on
from graph.people import YoungPerson
from graph.records import RecordId
from graph.store.boundary import View


def needs_source_check(view: View, referral: RecordId, *, on: date) -> bool:
    """Whether a correction cascades to this referral, or it holds a current statement about a young person of whom somebody
    corrected another referral's statement here by that day (practice, 9.3; cases, requests). Inside what the reader may see.

    A statement that was brought in corrected speaks for no referral beyond the cascade that its case names.
    """
    return _named_in_a_request(view, referral, on) or _rests_on_corrected(view, referral, on)


def _named_in_a_request(view: View, referral: RecordId, on: date) -> bool:
    requests = view.citing(RightsRequest, [referral], field="cascade")
    return any(found.outcome == "corrected" and found.decided is not None and found.decided <= on for found in requests)


def _rests_on_corrected(view: View, referral: RecordId, on: date) -> bool:
    own = view.citing(Assertion, [referral], field="stated_in")
    ends = {end for found in own if _standing(found, on) is Standing.CURRENT for end in (found.source, found.target)}
    people = sorted(end for end, kind in view.kinds_of(sorted(ends)).items() if kind == YoungPerson.KIND)
    return any(found.stated_in != referral and _is_corrected_here(found, on) for found in _about(view, people))


def _about(view: View, people: list[RecordId]) -> Iterable[Assertion]:
    if not people:
        return ()
    return (*view.citing(Assertion, people, field="source"), *view.citing(Assertion, people, field="target"))


def _is_corrected_here(assertion: Assertion, on: date) -> bool:
    """Whether it stands corrected by a step that somebody took here; what a case or a table says was done bears nobody."""
    taken = [step for step in assertion.standings if step.since <= on]
    return _standing(assertion, on) is Standing.CORRECTED and taken[-1].changed_by is not None


def _standing(assertion: Assertion, on: date) -> Standing | None:
    if assertion.origin is Origin.SYSTEM_MATCH:
        return None
    return standing_on(assertion.standings, assertion.review_on, on)
