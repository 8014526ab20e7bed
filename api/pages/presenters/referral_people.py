"""The young people of one referral: what part they had in it, harmed first, and whether they and their families were told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from api.pages.presenters.labels import Labels
from api.pages.presenters.tellings import told_words
from api.pages.presenters.wording import and_list, code_words
from forum.participation import Awareness
from forum.referrals import Referral
from graph.incidents import HarmRole
from graph.records import RecordId

ORDER = tuple(HarmRole)
NOT_NAMED = "not named, so nobody to tell"


@dataclass(frozen=True, slots=True)
class PersonInReferral:
    """One row: who, in which roles in this referral only, and who was told."""

    label: str
    roles: str
    told: str
    parents_told: str


def present_people(
    referral: Referral,
    named: Collection[RecordId],
    told: Mapping[tuple[RecordId, str], Awareness],
    labels: Labels,
    today: date,
) -> tuple[PersonInReferral, ...]:
    """Those who were harmed first, then by label; after them those whom nobody has named."""
    roles: dict[RecordId, tuple[HarmRole, ...]] = dict.fromkeys(named, ())
    roles |= {found.person: found.roles for found in referral.named_people if found.person in named}
    in_order = sorted(roles, key=lambda person: (_first_role(roles[person]), labels.of(person), person))
    rows = [
        PersonInReferral(
            label=labels.of(person),
            roles=_role_words(roles[person], otherwise="named; no role is said"),
            told=told_words(told.get((person, "young_person")), today),
            parents_told=told_words(told.get((person, "parent_carer")), today),
        )
        for person in in_order
    ]
    for unnamed in referral.unnamed:
        if labels.is_here(unnamed.people):
            words = _role_words(unnamed.roles, otherwise="spoken of; no role is said")
            rows.append(PersonInReferral(labels.of(unnamed.people), words, NOT_NAMED, NOT_NAMED))
    return tuple(rows)


def _first_role(roles: tuple[HarmRole, ...]) -> int:
    return min((ORDER.index(role) for role in roles), default=len(ORDER))


def _role_words(roles: tuple[HarmRole, ...], *, otherwise: str) -> str:
    in_order = sorted(roles, key=ORDER.index)
    return and_list(code_words("ROLE", role.value) for role in in_order) or otherwise
