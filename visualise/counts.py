"""How many young people are behind a context or a line: exact on a screen, in bands on what leaves it, fewer words outside."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forum.context_sheets import LEAST_REFERRALS, LEAST_YOUNG_PEOPLE
from graph.records import RecordId
from visualise.shared_places import SharedBetween, SharedPlace

COUNTED_FROM = 2
LARGE = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """How numbers are shown to this reader: exact from 2; in bands on what `leaves` the screen, a file or a print; and for those
    `outside` the forum in two words, of nothing with less than may leave it.
    """

    outside: bool
    least_of: Mapping[RecordId, int]
    leaves: bool = False

    def people(self, held: Collection[RecordId]) -> int:
        """How many young people: an unnamed band counts by its lower end."""
        return sum(self.least_of.get(person, 1) for person in held)

    def may_show(self, place: SharedPlace) -> bool:
        return not self.outside or self._is_enough(place)

    def may_join(self, shared: SharedBetween) -> bool:
        return not self.outside or self._is_enough(shared)

    def words(self, counted: SharedPlace | SharedBetween) -> str | None:
        """The number as it is written; None where it is too small to be."""
        number = self.people(counted.people)
        if self.outside:
            return f"{LARGE} or more" if number >= LARGE else f"fewer than {LARGE}"
        if self.leaves:
            band = f"{LARGE} or more" if number >= LARGE else f"{LEAST_YOUNG_PEOPLE} to {LARGE - 1}"
            return band if self._is_enough(counted) else None
        return str(number) if number >= COUNTED_FROM else None

    def _is_enough(self, counted: SharedPlace | SharedBetween) -> bool:
        return self.people(counted.people) >= LEAST_YOUNG_PEOPLE and len(counted.referrals) >= LEAST_REFERRALS
