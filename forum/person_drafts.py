"""Who is this about, before it is recorded? A young person or a parent or carer as given in, and how they become a record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from forum.errors import Mistake
from forum.given import Given
from graph.people import ParentCarer, YoungPerson
from graph.periods import disposal_day, review_day
from graph.records import RecordId, new_id
from graph.store.boundary import Writer

OLDEST = 30  # young people up to 25 in some authorities; above this an age is a slip of the keyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as given in. `ref` stands for them elsewhere in the same body; `setting` is a reference to a context."""

    at: str
    kind: str
    ref: str | None
    fields: Mapping[str, Any]
    setting: str | None


def read_person(given: Given, *, names_apart: bool = True) -> PersonDraft:
    """Reads one person; mistakes are added to `given`. A name or a pseudonym is needed; nothing else is."""
    kind = given.take("kind")
    kind = "young_person" if kind is None else kind
    if kind not in ("young_person", "parent_carer"):
        given.wrong("kind", "unknown-code", "Write young_person or parent_carer.")
        kind = "young_person"
    ref = given.text("ref")
    fields: dict[str, Any] = {name: given.text(name) for name in ("pseudonym", "known_as", "initials")}
    fields["note"] = given.text("note", long=True)
    setting = None
    if kind == "young_person":
        setting = _read_young_person(given, fields, names_apart=names_apart)
    names = ("known_as", "pseudonym", "given_name", "family_name")
    if not any(fields.get(name) or given.is_wrong(name) for name in names):
        given.wrong("known_as", "missing", "Write what they are known as, or a pseudonym.")
    given.finish()
    return PersonDraft(at=given.at, kind=kind, ref=ref, fields=fields, setting=setting)


def _read_young_person(given: Given, fields: dict[str, Any], *, names_apart: bool) -> str | None:
    fields |= {name: given.text(name) for name in ("placing_authority", "host_authority")}
    fields |= {name: given.word(name) for name in ("named", "sex", "ethnicity", "care_status")}
    fields["age"] = given.whole("age", least=0, most=OLDEST)
    fields["date_of_birth"] = given.past_day("date_of_birth")
    if names_apart:
        fields |= {name: given.text(name) for name in ("given_name", "family_name", "postcode")}
    return given.text("setting")


def person_given(value: Any, at: str = "", *, until: date | None = None) -> tuple[PersonDraft | None, tuple[Mistake, ...]]:
    """Reads a person on their own: the draft, or every mistake; see Given for `until`."""
    mistakes: list[Mistake] = []
    draft = read_person(Given(value, at, mistakes, until=until))
    return (None if mistakes else draft), tuple(mistakes)


def as_record(
    writer: Writer, draft: PersonDraft, *, today: date, setting: RecordId | None, agency_number: str | None = None
) -> YoungPerson | ParentCarer:
    """The record of a new person, not stored yet; its id is new. Two people who share a name stay two."""
    review_on = review_day(today)
    frame: dict[str, Any] = {
        "id": new_id(),
        "forum": writer.scope.forum,
        "review_on": review_on,
        "dispose_on": disposal_day(review_on),
    }
    if draft.kind == "parent_carer":
        return ParentCarer(**frame, **draft.fields)
    return YoungPerson(**frame, **draft.fields, setting=setting, agency_number=agency_number)


def change_person(person: YoungPerson, draft: PersonDraft, *, setting: RecordId | None) -> YoungPerson:
    """The same young person with the fields of a draft in place of their own."""
    return replace(person, **draft.fields, setting=setting)
