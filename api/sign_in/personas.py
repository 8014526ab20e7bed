"""Whose eyes somebody may look through on an evaluation store: invented people, one for each role, and what each may see.

Whoever signed in stays who they are: the session remembers them, and the audit says who changed to whose eyes. There is no such
thing on any other store.
"""

import hashlib
from dataclasses import dataclass, replace

from api.sign_in.one_time_link import first_person
from forum.access.actors import Actor, Purpose, Role
from graph.records import ActorId, ForumId


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody invented. `called` is what follows "the eyes of", `sees` what follows "who may see"."""

    code: str
    role: Role
    name: str
    called: str
    sees: str
    agency: str | None = None
    purpose: Purpose = Purpose.FORUM_PREPARATION


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "coordinator", Role.COORDINATOR, "Coordinator", "the forum's coordinator",
        "all that the forum holds, except who saw whom and what was told one worker alone",
    ),
    Persona(
        "chair", Role.CHAIR, "Chair", "the chair of the forum",
        "all that the forum holds, except who saw whom and what was told one worker alone",
    ),
    Persona(
        "referrer", Role.REFERRER, "Referrer", "a teacher who wrote a referral",
        "the referral they wrote, and who opened it",
        agency="school_college_ap", purpose=Purpose.SCREENING,
    ),
    Persona(
        "social_worker", Role.PRACTITIONER, "Social worker", "a social worker with two cases",
        "the two referrals allocated to them with the people and statements in these, and places",
        agency="childrens_social_care", purpose=Purpose.SAFETY_PLANNING,
    ),
    Persona(
        "panel_member", Role.PANEL_MEMBER, "Panel member", "a member of the panel",
        "what the panel's item is about: no names, no addresses and no words of referrers",
        agency="health",
    ),
    Persona(
        "guest", Role.GUEST, "Takeaway owner", "a takeaway owner invited about one place",
        "the sheet made of that place for their invitation, and no young person",
        purpose=Purpose.CONTEXT_ASSESSMENT,
    ),
    Persona(
        "analyst", Role.ANALYST, "Analyst", "an analyst",
        "published releases, of which there are none yet, and no record of anyone",
    ),
    Persona(
        "information_governance", Role.INFORMATION_GOVERNANCE, "Information-governance lead", "the information-governance lead",
        "who was shown which young person, when and why, and no record of a case",
        purpose=Purpose.AUDIT_REVIEW,
    ),
    Persona(
        "administrator", Role.ADMINISTRATOR, "Administrator", "an administrator",
        "no content at all: only what they themselves asked for",
    ),
)  # fmt: skip
AT_SIGN_IN = PERSONAS[0]


def persona_id(forum: ForumId, persona: Persona) -> ActorId:
    """The id under which a persona acts: the same at every start of a store, and nobody's who signs in."""
    return ActorId(hashlib.sha256(f"persona {persona.code} of {forum}".encode()).hexdigest()[:32])


def persona_called(code: str) -> Persona | None:
    """The persona with this code."""
    return next((persona for persona in PERSONAS if persona.code == code), None)


def persona_of(actor: Actor) -> Persona | None:
    """Through whose eyes the first person looks, their own being those of the coordinator; None for anybody else."""
    first = first_person(actor.forum)
    if actor.id == first:
        return AT_SIGN_IN
    if actor.behind != first:
        return None
    return next((persona for persona in PERSONAS if persona_id(actor.forum, persona) == actor.id), None)


def who_really(actor: Actor) -> Actor:
    """Whoever signed in, in the role in which they did: the actor, or who looks through their eyes."""
    if actor.behind is None:
        return actor
    return replace(actor, id=actor.behind, behind=None, role=AT_SIGN_IN.role, agency=AT_SIGN_IN.agency)
