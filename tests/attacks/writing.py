"""What is sent to each route that changes something: enough for it to be done, by somebody who may.

A route that is not named here is sent the example of its own description, with ids of visible things in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.sign_in.tokens import hash_of
from graph.records import RecordId
from tests.api.running import description
from tests.attacks.routes import Route
from tests.attacks.twin_worlds import TwinPair, colleague_of

PROVENANCE = {
    "kind": "observed",
    "source_role": "teacher",
    "agency": "school_college_ap",
    "reliability": "first_hand",
    "date_known": "2026-11-20",
}
REFERRAL = {
    "kind": "individual",
    "received": "2026-11-20",
    "referrer": {"role": "teacher", "agency": "school_college_ap"},
    "subject": {"people": [{"known_as": "Arlo"}], "contexts": []},
    "efh_types": ["cce"],
}
SHEET = {"steps": 2, "mode": "coordination", "purpose": "Agree", "owner": "worker", "review_by": "2026-12-20"}
CURRENT, LAPSED = 0, 9  # which of the visible statements
NOUNS = ("peer_group", "school", "neighbourhood", "location", "online_space")
KIND_OF_NOUN = {"peer_group": "PeerGroup", "school": "School", "neighbourhood": "Neighbourhood", "location": "Location"}


# What is changed by a body of its own rather than by what was just made of it.
BY_NAME = ("change_young_person", "change_referral", *(f"change_{noun}" for noun in NOUNS))


@dataclass(frozen=True)
class Write:
    """One thing sent: `on` stands in the path, `form` goes where a page's form goes; `secret`: in another session of theirs."""

    on: RecordId | str = ""
    body: Any = None
    form: dict[str, str] | None = None
    secret: str = ""


def session_of_colleague(pair: TwinPair) -> str:
    """The secret of a session of somebody else's, in both worlds."""
    return pair.secret[::-1]


def other_sessions_of(pair: TwinPair) -> tuple[str, str]:
    """The secrets of two more sessions of the one who asks, in both worlds."""
    return f"another {pair.secret}", f"yet another {pair.secret}"


def writes_of(route: Route, pair: TwinPair) -> Iterator[Write]:
    """What is sent to this route in this order; nothing to what only reads."""
    if route.method == "GET" or route.name == "search_young_people":
        return
    known = {**_makings(pair), **_steps(pair), **_changes(pair), **_forms(pair), **_access(pair)}
    if route.name in known:
        yield known[route.name]
    else:
        yield _by_example(route, pair)


def _makings(pair: TwinPair) -> dict[str, Write]:
    young, referral = pair.of("YoungPerson"), pair.of("Referral")[0].id
    link = {"from": young[0].id, "rel": "unclear", "to": young[1].id, "provenance": PROVENANCE, "referral": referral}
    event = {"kind": "missing_together", "participants": [{"person": young[0].id, "roles": []}], "referral": referral}
    return {
        "create_assertion": Write(body=link),
        "create_incident": Write(body=event),
        "create_referral": Write(body=REFERRAL),
        "create_young_person": Write(body={"known_as": "Arlo"}),
        "create_map": Write(body={**SHEET, "kind": "peer", "around": young[0].id}),
        **{f"create_{noun}": Write(body={"label": "A new one"}) for noun in NOUNS},
    }


def _steps(pair: TwinPair) -> dict[str, Write]:
    """The steps of a statement's life, in the order in which the routes are declared: each finds the state it needs."""
    said = pair.of("Assertion")
    why = {"reason": "They say so."}
    return {
        "dispute_assertion": Write(said[CURRENT].id, why),
        "correct_assertion": Write(said[CURRENT].id, why),
        "withdraw_assertion": Write(said[CURRENT + 1].id, why),
        "renew_assertion": Write(said[LAPSED].id, {**why, "review_by": "2027-06-01"}),
        "reopen_assertion": Write(said[CURRENT].id, why),
    }


def _changes(pair: TwinPair) -> dict[str, Write]:
    changes = {
        f"change_{noun}": Write(pair.of(KIND_OF_NOUN.get(noun, "OnlineSpace"))[0].id, {"everyday_name": "the corner"})
        for noun in NOUNS
    }
    changes["change_young_person"] = Write(pair.of("YoungPerson")[0].id, {"note": "Asked again."})
    changes["change_referral"] = Write(pair.of("Referral")[0].id, {"reason": "Asked again."})
    return changes


def _forms(pair: TwinPair) -> dict[str, Write]:
    return {
        "look_as": Write(form={"persona": "chair"}),
        "sign_in": Write(form={"code": pair.secret[:16]}),
        "end_one_of_my_sessions": Write(form={"session": hash_of(other_sessions_of(pair)[0])}),
        "end_a_session_of_somebody": Write(form={"session": hash_of(session_of_colleague(pair))}),
        "sign_out_everywhere": Write(form={}, secret=other_sessions_of(pair)[1]),
        "sign_out": Write(form={}),
    }


def _access(pair: TwinPair) -> dict[str, Write]:
    """Grants, agenda items and restrictions, where the service has them."""
    referral, colleague = pair.of("Referral")[1].id, colleague_of(pair.secret)
    person: Any = pair.of("YoungPerson")[0]
    grant = {"to": colleague, "covers": [referral], "purposes": ["safety_planning"], "until": "2026-12-12"}
    return {
        "create_grant": Write(body=grant),
        "create_agenda_item": Write(body={"about": [referral], "accepted": [colleague], "meeting_on": "2026-11-26"}),
        "create_restriction": Write(body={"about": [referral], "named": [colleague], "reason": "Asked for by the family."}),
        "change_agenda_item": Write(pair.of("AgendaItem")[0].id, {"meeting_on": "2026-11-27"}),
        "delete_agenda_item": Write(pair.of("AgendaItem")[1].id),
        "delete_restriction": Write(pair.of("Restriction")[0].id),
        "find_person_of_history": Write(form={"person": (person.id, person.pseudonym)[pair.seed % 2]}),
    }


def _by_example(route: Route, pair: TwinPair) -> Write:
    """What the description gives as an example, each shortened id in it replaced by that of a visible young person."""
    on = pair.of("Referral")[0].id if route.parameters else ""
    if route.is_page:
        return Write(on, form={})
    operation = description()["paths"].get(route.template, {}).get(route.method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    example = content.get("example") or description()["components"]["schemas"].get(name, {}).get("example", {})
    return Write(on, _with_ids(example, pair.of("YoungPerson")[0].id))


def _with_ids(value: Any, one: RecordId) -> Any:
    if isinstance(value, str):
        return one if value.endswith("…") else value
    if isinstance(value, list):
        return [_with_ids(item, one) for item in value]
    return {name: _with_ids(item, one) for name, item in value.items()} if isinstance(value, dict) else value
