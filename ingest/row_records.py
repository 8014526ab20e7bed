"""Records of the rows of one chunk: each referral once, each numbered young person once, each place once."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from forum.context_drafts import as_record as context_record
from forum.person_drafts import as_record as person_record
from forum.referrals import Referral, record_referral
from graph.contexts import CONTEXT_KINDS, ContextRecord
from graph.people import YoungPerson
from graph.records import ActorId, Record, RecordId
from graph.store.boundary import View, Writer
from ingest.row_referrals import WHO, PlaceName, RowReferral, place_draft

_PAGE = 1000


def find_places(view: View) -> dict[PlaceName, RecordId]:
    """The places that are in the store, by name and kind; of equal ones the first in order of id."""
    found: dict[PlaceName, RecordId] = {}
    for kind in CONTEXT_KINDS:
        for place in _all(view, kind):
            found.setdefault(PlaceName(kind.KIND, place.place_kind, place.label), place.id)
    return found


def _all(view: View, kind: type[ContextRecord]) -> Iterator[ContextRecord]:
    after: RecordId | None = None
    while page := view.find(kind, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id


def is_there(view: View, given: RowReferral) -> RecordId | None:
    """The referral with this agency's reference, where it was recorded before: the same reference is the same referral."""
    found = view.find(Referral, limit=1, agency_reference=given.agency_reference)
    return found[0].id if found else None


class RowRecorder:
    """Records the referrals of one chunk in one transaction. What is there already is left as it is.

    `places` and `people` are what earlier chunks are known to have left in the store; what this chunk adds is in
    `new_places` and `new_people`, to be believed once the block is left.
    """

    def __init__(
        self,
        writer: Writer,
        *,
        places: Mapping[PlaceName, RecordId],
        people: Mapping[str, RecordId],
        by: ActorId,
        now: datetime,
    ) -> None:
        self.writer = writer
        self.places = places
        self.people = people
        self.by = by
        self.now = now
        self.new_places: dict[PlaceName, RecordId] = {}
        self.new_people: dict[str, RecordId] = {}
        self._ids: list[str] = []
        self._recorded: list[RecordId] = []
        self._everyone: set[RecordId] = set()
        self._made = {"people": 0, "places": 0, "statements": 0}

    @property
    def recorded(self) -> tuple[RecordId, ...]:
        """The referrals recorded in this chunk."""
        return tuple(self._recorded)

    @property
    def everyone(self) -> tuple[RecordId, ...]:
        """The young people they are about."""
        return tuple(sorted(self._everyone))

    def answer(self) -> dict[str, str]:
        """What is kept with the chunk's key: the referrals in order (`=` before those that were there), and counts."""
        return {"ids": " ".join(self._ids), **{name: str(count) for name, count in self._made.items()}}

    def record(self, given: RowReferral) -> None:
        """Records one referral, or finds it: the same reference of the same agency is the same referral."""
        there = is_there(self.writer, given)
        if there is not None:
            self._ids.append(f"={there}")
            return
        known: dict[str, tuple[RecordId, str]] = {}
        if given.person is not None:
            known[WHO] = (self._person(given), YoungPerson.KIND)
            self._everyone.add(known[WHO][0])
        for number, name in enumerate(given.places):
            known[f"place {number}"] = (self._place(given, name), name.kind)
        made = record_referral(
            self.writer, given.draft(), recorded_by=self.by, now=self.now, today=given.received, known=known,
            agency_reference=given.agency_reference,
        )  # fmt: skip
        self._ids.append(made.referral.id)
        self._recorded.append(made.referral.id)
        self._made["statements"] += len(given.ties)

    def _person(self, given: RowReferral) -> RecordId:
        number = given.agency_number
        if number is not None:
            known = self.new_people.get(number) or self.people.get(number)
            if known is not None:
                return known
            there = self.writer.find(YoungPerson, limit=1, agency_number=number)
            if there:
                return self._remember(number, there[0].id)
        made = self._put(
            person_record(self.writer, given.person_draft(), today=given.received, setting=None, agency_number=number)
        )
        self._made["people"] += 1
        return made if number is None else self._remember(number, made)

    def _remember(self, number: str, person: RecordId) -> RecordId:
        self.new_people[number] = person
        return person

    def _place(self, given: RowReferral, name: PlaceName) -> RecordId:
        known = self.new_places.get(name) or self.places.get(name)
        if known is None:
            made = context_record(self.writer, place_draft(name), today=given.received, part_of=None, safe_for=())
            known = self.new_places[name] = self._put(made)
            self._made["places"] += 1
        return known

    def _put(self, record: Record) -> RecordId:
        return self.writer.put(record).id
