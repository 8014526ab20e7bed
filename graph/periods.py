"""Days and moments. A day is a `date`; a moment is an aware `datetime` in UTC. Nothing here reads a clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

REVIEW_AFTER = timedelta(days=365)
SIX_YEARS = 6


@dataclass(frozen=True, slots=True)
class Period:
    """When something held: both days belong to it; None means open."""

    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def add_years(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March where there is none (cases, "Names and dates")."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def review_day(since: date) -> date:
    """The default review date: one year after a record was received or recorded."""
    return add_years(since, 1)


def disposal_day(review_on: date) -> date:
    """The default disposal date: six years after the review date (docs/data-protection.md)."""
    return add_years(review_on, SIX_YEARS)


def is_moment(value: datetime) -> bool:
    """A moment is aware and in UTC; anything else is refused by the codec."""
    return value.tzinfo is not None and value.utcoffset() == timedelta(0)


def moment_text(value: datetime) -> str:
    """Fixed-width text of a moment, such as 2026-11-21T09:30:00.000000Z; sorts as the moments do."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: str) -> datetime:
    """The moment written by `moment_text`. ValueError for anything else."""
    if len(text) != len("2026-11-21T09:30:00.000000Z") or text[-1] != "Z" or text[10] != "T":
        raise ValueError("not a moment as it is kept")
    return datetime.fromisoformat(text)
