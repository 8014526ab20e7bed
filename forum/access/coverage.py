"""What does a grant reach, and through which grants is a record reached? Said once; standing asks it at each request."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from forum.access.actors import Role
from forum.access.policy import marks_of
from graph.assertions import Assertion
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import Record, RecordId, cited_by, cited_in
from graph.store.boundary import View

# Each record that is covered, with the grants that cover it.
Covered = Mapping[RecordId, frozenset[RecordId]]


@dataclass(frozen=True, slots=True)
class CaseKinds:
    """The kinds of case record that access reaches through. Given in, since access knows no practice file (forum.kinds).

    `about_one`: what is hidden with the person or thing that it names; `only_whole`: what is hidden with anything that it names,
    whatever hides that.
    """

    referral: type[Record]
    awareness: type[Record]
    about_one: tuple[type[Record], ...] = ()
    only_whole: tuple[type[Record], ...] = ()


def covered_by(view: View, named: Covered, *, role: Role, case: CaseKinds, denied: Collection[RecordId] = ()) -> Covered:
    """What grants cover for a role (docs/access.md), given what each of them names.

    A referral covers itself, what it cites, the tellings and incidents of it, and what the statements made in it cite: only
    statements the role is admitted to count. A young person covers themselves and the referrals whose subject they are.
    Nothing is reached through what is denied.
    """
    marks = marks_of(role)
    cases = [each for each in _cases_of(view, named, case) if each[0].handling in marks and each[0].id not in denied]
    reached = [*cases, *_hanging_on(view, cases, role=role, case=case)]
    covered: dict[RecordId, frozenset[RecordId]] = dict(named)
    for record, grants in reached:
        for one in (record.id, *cited_by(record)):
            held = covered.get(one)
            covered[one] = grants if held is None else held | grants
    return covered


_Found = tuple[Record, frozenset[RecordId]]


def _cases_of(view: View, named: Covered, case: CaseKinds) -> Iterator[_Found]:
    """The referrals that are named, and those whose subject is somebody named, each once with every grant that leads there."""
    kinds = view.kinds_of(named)
    people = sorted(found for found, kind in kinds.items() if kind == YoungPerson.KIND)
    referrals = sorted(found for found, kind in kinds.items() if kind == case.referral.KIND)
    about = view.citing(case.referral, people, field="subject_people") if people else ()
    told = {record.id: record for record in (*(view.several(referrals) if referrals else ()), *about)}
    for record in told.values():
        subjects = cited_in(record, "subject_people")
        yield record, _together(named[each] for each in (record.id, *subjects) if each in named)


def _hanging_on(view: View, cases: Collection[_Found], *, role: Role, case: CaseKinds) -> Iterator[_Found]:
    """What was stated, told of and taken down in these referrals, as far as the role is admitted to it."""
    if not cases:
        return
    grants = {record.id: held for record, held in cases}
    referrals = sorted(grants)
    found: list[Record] = [
        *view.citing(Assertion, referrals, field="stated_in"),
        *view.citing(Incident, referrals, field="stated_in"),
        *view.citing(case.awareness, referrals, field="referral"),
    ]
    for record in found:
        if record.handling in marks_of(role):
            homes = cited_in(record, "stated_in", "referral")
            yield record, _together(grants[home] for home in homes if home in grants)


def _together(several: Iterable[frozenset[RecordId]]) -> frozenset[RecordId]:
    return frozenset().union(*several)
