"""The people of a case: young people, parents and carers, adults of concern, and those who share a name."""

from dataclasses import dataclass
from typing import Any

from forum.given import Given
from forum.person_drafts import PersonDraft, read_person
from graph.people import AdultOfConcern, ParentCarer, YoungPerson
from ingest.case_ids import PERSON, CaseIds, named_each

KIND_OF_PERSON = {"young_person": YoungPerson.KIND, "parent_carer": ParentCarer.KIND}


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePerson:
    """A person under the case's own id."""

    id: str | None
    kind: str
    draft: PersonDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultDraft:
    """A reference to what another agency holds about an adult, and no more: `shown` is the only text that may reach a map."""

    id: str | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNameDraft:
    """Records that share a name, and whether somebody judged them to be one person."""

    name: str | None
    people: tuple[str, ...]
    same: bool


def read_people(case: Given, ids: CaseIds) -> tuple[CasePerson, ...]:
    """The people of the file, in its order; their ids are introduced."""
    found: list[CasePerson] = []
    for given in case.parts("people"):
        given_id = given.text("id")
        if given.has("ref"):
            given.wrong("ref", "unknown-field", "Write this as id.")
        draft = read_person(given, names_apart=False)
        kind = KIND_OF_PERSON[draft.kind]
        ids.introduce(given_id, kind, given.place("id"))
        found.append(CasePerson(id=given_id, kind=kind, draft=draft))
    return tuple(found)


def read_adults(case: Given, ids: CaseIds) -> tuple[AdultDraft, ...]:
    """The adults of concern. Anything beyond the marker and who holds the details is refused: it belongs to that agency."""
    found: list[AdultDraft] = []
    for given in case.parts("adults_of_concern"):
        given_id, kind = given.text("id"), given.take("kind")
        if kind not in (None, "adult_of_concern"):
            given.wrong("kind", "unknown-code", "Write adult_of_concern, or move this to people.")
        fields: dict[str, Any] = {name: text for name in ("shown", "held_by") if (text := given.text(name))}
        given.finish()
        ids.introduce(given_id, AdultOfConcern.KIND, given.place("id"))
        found.append(AdultDraft(id=given_id, fields=fields))
    return tuple(found)


def read_same_names(case: Given, ids: CaseIds) -> tuple[SameNameDraft, ...]:
    """The people who share a name. Call once every person is introduced."""
    found: list[SameNameDraft] = []
    for given in case.parts("same_name_pairs"):
        name = given.text("name")
        people = named_each(given, "people", ids, PERSON)
        if len(set(people)) < 2:
            given.wrong("people", "missing", "Name at least two people here.")
        same = given.flag("same_person")
        given.finish()
        found.append(SameNameDraft(name=name, people=people, same=bool(same)))
    return tuple(found)
