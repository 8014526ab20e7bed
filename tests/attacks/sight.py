"""What an actor may see, worked out from the rule in words alone. It shares no code with forum.access, nor with any store.

The rule (docs/access.md): a grant on a referral covers it and what it, and what is said and told in it, cites; a grant on a
young person covers them and the referrals they are the subject of. Schools, areas, online spaces and places other than private
addresses are open to those who handle cases. A statement is there with both its ends and with what it was made in. What
somebody sees through an agenda item alone they see as a panel member would, and an item that names anything hidden is hidden.
"""

import dataclasses
from collections.abc import Collection, Iterator
from typing import Any

from forum.access.actors import Role
from forum.meetings import AgendaItem
from forum.participation import Awareness
from forum.referrals import Referral
from graph.assertions import Assertion
from graph.incidents import Incident
from graph.people import YoungPerson
from graph.records import Record, RecordId

PEOPLE = ("YoungPerson", "ParentCarer", "UnnamedPeople", "AdultOfConcern")
OPEN_TO_CASEWORK = ("School", "Location", "Neighbourhood", "OnlineSpace")
ALL_BUT_FRONT_DOOR = ("young_person_and_worker", "allocated_workers", "panel_item", "context_only", "restricted")
ADMITTED: dict[Role, tuple[str, ...]] = {
    Role.PRACTITIONER: ALL_BUT_FRONT_DOOR,
    Role.REFERRER: ALL_BUT_FRONT_DOOR,
    Role.PANEL_MEMBER: ("panel_item", "context_only"),
}


def ids_in(value: Any) -> Iterator[RecordId]:
    """Every text anywhere in a record, its own id apart: whichever of them is an id of something, is cited."""
    if isinstance(value, str):
        yield RecordId(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from ids_in(item)
    elif dataclasses.is_dataclass(value):
        for declared in dataclasses.fields(value):
            if declared.name not in ("id", "forum", "label_seed"):
                yield from ids_in(getattr(value, declared.name))


def reached_by(records: Collection[Record], named: Collection[RecordId], role: Role) -> list[Record]:
    """The referrals that grants on these records reach for a role, and what hangs on them."""
    admitted = ADMITTED.get(role, ())
    people = {record.id for record in records if isinstance(record, YoungPerson) and record.id in named}
    reached: list[Record] = [
        record
        for record in records
        if isinstance(record, Referral)
        and record.handling in admitted
        and (record.id in named or people.intersection(record.subject_people))
    ]
    referrals = {record.id for record in reached}
    for record in records:
        home = record.referral if isinstance(record, Awareness) else getattr(record, "stated_in", None)
        if isinstance(record, Awareness | Assertion | Incident) and home in referrals and record.handling in admitted:
            reached.append(record)
    return reached


def may_see(
    records: Collection[Record], named: Collection[RecordId], role: Role, on_agenda: Collection[RecordId] = ()
) -> frozenset[RecordId]:
    """The ids of all that somebody in this role sees with grants on the named records, statements included.

    `on_agenda`: agenda items whose window is open for them, and what these items name.
    """
    admitted, minimised = ADMITTED.get(role, ()), ADMITTED[Role.PANEL_MEMBER] if role in ADMITTED else ()
    covered = _covered(records, named, role)
    by_item = _covered(records, on_agenda, Role.PANEL_MEMBER) if on_agenda else set()
    casework = OPEN_TO_CASEWORK if role in (Role.PRACTITIONER, Role.REFERRER) else ()
    seen = {
        record.id
        for record in records
        if not isinstance(record, Assertion)
        and (
            (record.handling in admitted and (record.id in covered or (record.KIND in casework and not _is_private(record))))
            or (record.id in by_item and record.handling in minimised)
        )
    }
    for record in records:
        through_item = getattr(record, "stated_in", None) in by_item - covered
        if isinstance(record, Assertion) and record.handling in (minimised if through_item else admitted):
            seen |= {record.id} if _rests_on(record) <= seen else set()
    return _without_items_about_others(records, seen)


def _covered(records: Collection[Record], named: Collection[RecordId], role: Role) -> set[RecordId]:
    reached = reached_by(records, named, role)
    return set(named) | {record.id for record in reached} | {cited for record in reached for cited in ids_in(record)}


def _without_items_about_others(records: Collection[Record], seen: Collection[RecordId]) -> frozenset[RecordId]:
    """Without the agenda items that name anything that is not in sight."""
    hidden = {record.id for record in records if isinstance(record, AgendaItem) and not set(record.about) <= set(seen)}
    return frozenset(seen) - hidden


def all_but(records: Collection[Record], restricted: Collection[RecordId]) -> frozenset[RecordId]:
    """What somebody sees who reads the whole forum, of all but what is told to one worker and what is restricted to others.

    With a restricted thing go the referrals about it, with it or them what was told, drawn or happened there, and with
    whatever is hidden the agenda items that name it.
    """
    about = {
        record.id
        for record in records
        if isinstance(record, Referral) and {*record.subject_people, *record.subject_contexts} & set(restricted)
    }
    gone = {*restricted, *about}
    seen = set()
    for record in records:
        homes = {getattr(record, name, None) for name in ("referral", "person", "around", "stated_in")}
        alone = isinstance(record, Assertion) or not homes & gone
        if record.id not in gone and alone and record.handling != "young_person_and_worker":
            seen.add(record.id)
    rests = {record.id: _rests_on(record) for record in records if isinstance(record, Assertion)}
    return _without_items_about_others(records, {one for one in seen if rests.get(one, set()) <= seen})


def everybody(records: Collection[Record], erased: Collection[RecordId]) -> frozenset[tuple[RecordId, str]]:
    """Whom there is, by id and pseudonym: what somebody knows who may ask who was shown any of them."""
    return frozenset(
        (record.id, str(getattr(record, "pseudonym", None)))
        for record in records
        if record.KIND in PEOPLE and record.id not in erased
    )


def _rests_on(said: Assertion) -> set[RecordId]:
    return {said.source, said.target} | ({said.stated_in} if said.stated_in else set())


def _is_private(record: Record) -> bool:
    return getattr(record, "place_kind", None) == "private_address"
