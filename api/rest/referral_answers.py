"""A referral as REST answers it: what went in, as this reader may see it that day, with its statements and what was told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forum.access.disclosure import Disclosure
from forum.assertion_drafts import link_on_the_wire
from forum.given import time_band_on_the_wire
from forum.participation import Awareness
from forum.referrals import Referral
from forum.same_person_links import names_people
from forum.source_checks import needs_source_check
from graph.assertions import Assertion, Origin, Standing, standing_on
from graph.incidents import Incident
from graph.people import UnnamedPeople
from graph.periods import moment_text
from graph.projection import stated_network
from graph.store.boundary import View

RE_CHECK = "re-check source"
GONE = frozenset({Standing.CORRECTED, Standing.WITHDRAWN})


def without_blanks(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Absent, not null: fields with nothing in them are left out."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def is_there(assertion: Assertion, *, on: date) -> bool:
    """Whether a statement stands in lists and referrals that day: recorded by then, neither corrected nor withdrawn."""
    standing = standing_on(assertion.standings, assertion.review_on, on)
    return standing is not None and standing not in GONE and assertion.origin is not Origin.SYSTEM_MATCH


def referral_header(referral: Referral) -> dict[str, Any]:
    """The fields that lists show too: no narrative and no words of anyone."""
    return without_blanks(
        {
            "id": referral.id,
            "reference": referral.reference,
            "kind": referral.referral_kind,
            "received": referral.received.isoformat(),
            "channel": referral.channel,
            "referrer": without_blanks(
                {
                    "role": referral.referrer_role,
                    "agency": referral.referrer_agency,
                    "authority": referral.referrer_authority,
                    "via": referral.referrer_via,
                }
            ),
            "efh_types": list(referral.efh_types),
            "concerns_contexts": list(referral.concerns_contexts),
            "out_of_area": referral.out_of_area,
            "review_by": referral.review_on.isoformat(),
        }
    ) | {"subject": {"people": list(referral.subject_people), "contexts": list(referral.subject_contexts)}}


def referral_answer(view: View, disclosure: Disclosure, referral: Referral, *, on: date) -> dict[str, Any]:
    """The whole referral for this reader. Everyone in it counts as shown."""
    shown = disclosure.show(referral).record
    network = stated_network(view, referral.id)
    named = names_people(network, referral.id, on) | set(shown.subject_people)
    answer = referral_header(shown)
    answer |= without_blanks(
        {
            "reason": shown.reason,
            "strengths": shown.strengths,
            "change_hoped_for": shown.change_hoped_for,
            "narrative": shown.narrative,
            "parts": {part.context: without_blanks(_part(part)) for part in shown.parts},
            "home_family": {"protective": list(shown.home_protective)} if shown.home_protective else None,
            "guardians": [_guardian(guardian) for guardian in shown.guardians],
            "conditions": {condition.what: condition.how for condition in shown.conditions},
            "policy_gap": shown.policy_gap,
            "occurrences": _occurrences(shown),
            "group_friendship": next(
                ({"group": found.group, "protective": found.protective} for found in shown.group_friendships), None
            ),
            "lawful_basis": shown.lawful_basis,
            "sharing_purpose": shown.sharing_purpose,
            "recorded_at": moment_text(shown.recorded_at),
            "flags": [RE_CHECK] if needs_source_check(view, referral.id, on=on) else [],
        }
    )
    answer["named_people"] = [
        {"person": found.person, "roles": [role.value for role in found.roles]}
        for found in shown.named_people
        if found.person in named
    ]
    answer["unnamed"] = _unnamed(view, disclosure, shown)
    answer["links"] = _links(view, disclosure, referral, on=on)
    answer["events"] = _events(view, disclosure, referral, on=on)
    answer["told"] = _told(view, disclosure, referral, on=on)
    return answer


def _part(part: Any) -> dict[str, str]:
    return {
        "narrative": part.narrative,
        "strengths": part.strengths,
        "worries": part.worries,
        "what_would_help": part.what_would_help,
        "whose_words": part.whose_words,
    }


def _guardian(guardian: Any) -> dict[str, Any]:
    return without_blanks(
        {
            "who": guardian.who,
            "context": guardian.context,
            "willing": guardian.willing,
            "present": list(guardian.present),
            "mode": guardian.mode,
        }
    )


def _occurrences(referral: Referral) -> dict[str, Any] | None:
    for found in referral.occurrences:
        return without_blanks(
            {"count": found.count, "time_band": time_band_on_the_wire(found.time_band), "term_time": found.term_time}
        )
    return None


def _unnamed(view: View, disclosure: Disclosure, referral: Referral) -> list[dict[str, Any]]:
    people = {
        found.id: disclosure.show(found).record
        for found in view.several([entry.people for entry in referral.unnamed])
        if isinstance(found, UnnamedPeople)
    }
    return [
        without_blanks({"id": entry.people, "size_band": people[entry.people].size_band})
        | {"roles": [role.value for role in entry.roles]}
        for entry in referral.unnamed
        if entry.people in people
    ]


def _links(view: View, disclosure: Disclosure, referral: Referral, *, on: date) -> list[dict[str, Any]]:
    statements = view.citing(Assertion, [referral.id], field="stated_in")
    return [link_on_the_wire(disclosure.show(found).record, on=on) for found in statements if is_there(found, on=on)]


def _events(view: View, disclosure: Disclosure, referral: Referral, *, on: date) -> list[dict[str, Any]]:
    found = view.citing(Incident, [referral.id], field="stated_in")
    there = [incident_answer(disclosure, incident) for incident in found if incident.recorded_on <= on]
    # Inside a referral an event comes back as it went in: its participants by id; /incidents gives their roles.
    return [event | {"participants": [each["person"] for each in event["participants"]]} for event in there]


def incident_answer(disclosure: Disclosure, incident: Incident) -> dict[str, Any]:
    """One event with its participants, each with roles in this event only."""
    shown = disclosure.show(incident).record
    return without_blanks(
        {
            "id": shown.id,
            "kind": shown.what,
            "date": shown.happened_on.isoformat() if shown.happened_on else None,
            "time_band": time_band_on_the_wire(shown.time_band),
            "where": shown.where,
            "referral": shown.stated_in,
            "source_role": shown.source_role,
            "agency": shown.agency,
            "note": shown.note,
        }
    ) | {
        "participants": [
            without_blanks({"person": found.person, "roles": [role.value for role in found.roles]})
            for found in shown.participants
        ]
    }


def _told(view: View, disclosure: Disclosure, referral: Referral, *, on: date) -> list[dict[str, Any]]:
    found = view.citing(Awareness, [referral.id], field="referral")
    return [
        telling_answer(disclosure.show(telling).record)
        for telling in sorted(found, key=lambda telling: (telling.recorded_on, telling.id))
        if telling.recorded_on <= on
    ]


def telling_answer(telling: Awareness) -> dict[str, Any]:
    """One telling as it went in."""
    return without_blanks(
        {
            "person": telling.person,
            "who": telling.who,
            "status": telling.told,
            "date": telling.told_on.isoformat() if telling.told_on else None,
            "due": telling.due.isoformat() if telling.due else None,
            "supervisor_signed": telling.supervisor_signed,
        }
    )
