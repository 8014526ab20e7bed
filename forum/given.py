"""What was given in, read strictly: every mistake at once, each with its place and what to write instead.

One reader serves REST bodies, case files and rows of a table. It takes plain values (dicts, lists, text, numbers, days)
and never echoes one of them in a mistake.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from forum.code_lists import is_code
from forum.errors import Mistake

NAME_LIMIT = 200
TEXT_LIMIT = 20_000
# Code points that act on the text around them: controls, line and paragraph separators, bidirectional overrides and isolates.
_ACTING = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ACTING_IN_TEXT = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"[a-z0-9][a-z0-9_]{0,59}\Z")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# Outside these years a day is a slip of the keyboard, and the dates reckoned from it would leave the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2999
# Controls that no form or file puts around a text by itself: refused even where outer spaces are taken off.
_NEVER = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def pointer_part(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def clean_text(value: str) -> str:
    """Text as it is kept: NFC, without outer spaces; otherwise exactly as given."""
    return unicodedata.normalize("NFC", value).strip()


class Given:
    """One mapping as it was given in. Each field is read once by name; `finish` makes whatever is left over a mistake.

    `until` is the latest day that has come, where whoever reads knows it: what has happened did so by then.
    """

    def __init__(self, value: Any, at: str, mistakes: list[Mistake], *, until: date | None = None) -> None:
        self.at = at
        self.until = until
        self.mistakes = mistakes
        self._before = len(mistakes)
        self._read: set[str] = set()
        self.value: Mapping[str, Any] = {}
        if isinstance(value, Mapping):
            self.value = value
        else:
            self.wrong("", "not-an-object", "Write the fields of this by name.")
            self._read = {""}

    def place(self, name: str) -> str:
        return f"{self.at}/{pointer_part(name)}" if name else self.at

    def wrong(self, name: str, code: str, detail: str) -> None:
        self.wrong_at(self.place(name), code, detail)

    def wrong_at(self, pointer: str, code: str, detail: str) -> None:
        self.mistakes.append(Mistake(pointer, code, detail))

    def is_wrong(self, name: str) -> bool:
        """Whether something was found wrong with this very field: then it is not missing."""
        place = self.place(name)
        return any(mistake.pointer == place for mistake in self.mistakes[self._before :])

    def has(self, name: str) -> bool:
        """Whether the field stands there at all, null included."""
        return name in self.value

    def take(self, name: str) -> Any:
        """The raw value, None when absent; the field counts as read."""
        self._read.add(name)
        return self.value.get(name)

    def finish(self) -> None:
        """Every field that nobody read is a mistake."""
        for name in self.value:
            if name not in self._read:
                self.wrong(str(name), "unknown-field", "There is no such field here. Take it out, or check its spelling.")

    def require(self, name: str, why: str) -> bool:
        """Whether the field is there with something in it; a mistake says why it is needed."""
        value = self.value.get(name)
        if value in (None, "", [], {}) or (isinstance(value, str) and not value.strip()):
            self._read.add(name)
            self.wrong(name, "missing", why)
            return False
        return True

    def text(self, name: str, *, limit: int = NAME_LIMIT, long: bool = False) -> str | None:
        """Text in NFC without outer spaces; None when absent, null or blank."""
        value = self.take(name)
        if value is None:
            return None
        return self.check_text(self.place(name), value, limit=TEXT_LIMIT if long else limit, lines=long) or None

    def check_text(self, at: str, value: Any, *, limit: int = NAME_LIMIT, lines: bool = False) -> str:
        if not isinstance(value, str):
            self.wrong_at(at, "not-text", "Write this as text; in a case file put it in quotes.")
            return ""
        text = clean_text(value.replace("\r\n", "\n") if lines else value)
        if _SURROGATE.search(text):
            self.wrong_at(at, "not-unicode", "This holds half a character. Type it again.")
            return ""
        if _NEVER.search(value) or (_ACTING_IN_TEXT if lines else _ACTING).search(text):
            self.wrong_at(at, "control-character", "This holds a control or text-direction character. Type it again without.")
            return ""
        if len(text) > limit:
            self.wrong_at(at, "too-long", f"Write this in at most {limit:,} characters.")
            return ""
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self.check_text(f"{self.place(name)}/{n}", item) for n, item in enumerate(self.items(name)))

    def word(self, name: str) -> str | None:
        """A code of a local list: small letters, figures and underscores."""
        value = self.take(name)
        return None if value is None else self._check_word(self.place(name), value)

    def words(self, name: str) -> tuple[str, ...]:
        found = (self._check_word(f"{self.place(name)}/{n}", item) for n, item in enumerate(self.items(name)))
        return tuple(item for item in found if item is not None)

    def _check_word(self, at: str, value: Any) -> str | None:
        if isinstance(value, str) and _WORD.match(value):
            return value
        self.wrong_at(at, "not-a-code", "Write a short code: small letters, figures and underscores.")
        return None

    def code(self, name: str, list_name: str) -> str | None:
        """A code of a published list; None when absent or wrong."""
        value = self.take(name)
        return None if value is None else self._check_code(self.place(name), value, list_name)

    def codes(self, name: str, list_name: str) -> tuple[str, ...]:
        found = (self._check_code(f"{self.place(name)}/{n}", item, list_name) for n, item in enumerate(self.items(name)))
        return tuple(dict.fromkeys(item for item in found if item is not None))

    def _check_code(self, at: str, value: Any, list_name: str) -> str | None:
        if isinstance(value, str) and is_code(list_name, value):
            return value
        self.wrong_at(at, "unknown-code", f"Write one of the codes of the list {list_name}.")
        return None

    def day(self, name: str) -> date | None:
        """A day from 1900 to 2999; text as 2026-11-21 or a date. None when absent or wrong."""
        value = self.take(name)
        if value is None:
            return None
        found = _read_day(value)
        if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
        self.wrong(name, "not-a-day", "Write a day of the calendar as year-month-day, such as 2026-11-21.")
        return None

    def past_day(self, name: str) -> date | None:
        """A day on which something was so: no later than `until`. A slip of the year would hide what it dates until then."""
        found = self.day(name)
        if found is None or self.until is None or found <= self.until:
            return found
        self.wrong(name, "day-to-come", "This day has not come yet. Write today or a day before.")
        return None

    def flag(self, name: str) -> bool | None:
        value = self.take(name)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(name, "not-yes-or-no", "Write true or false.")
        return None

    def whole(self, name: str, *, least: int, most: int) -> int | None:
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(name, "not-a-whole-number", f"Write a whole number from {least} to {most}.")
        return None

    def time_band(self, name: str) -> str | None:
        """A word such as night, or two times as ["15:30", "16:15"], kept as 15:30-16:15."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, str):
            return self._check_word(self.place(name), value)
        times = list(value) if isinstance(value, Sequence) else []
        if len(times) == 2 and all(isinstance(time, str) and _TIME.match(time) for time in times):
            return "-".join(times)
        self.wrong(name, "not-a-time-band", 'Write a word such as night, or two times such as ["15:30", "16:15"].')
        return None

    def items(self, name: str) -> Sequence[Any]:
        """The items of a list; empty when absent or null."""
        value = self.take(name)
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return value
        self.wrong(name, "not-a-list", "Write a list, even for one.")
        return ()

    def part(self, name: str) -> "Given | None":
        """The mapping under a name; None when absent or null."""
        value = self.take(name)
        return None if value is None else Given(value, self.place(name), self.mistakes, until=self.until)

    def parts(self, name: str) -> "list[Given]":
        """The mappings of a list, in order."""
        items = enumerate(self.items(name))
        return [Given(item, f"{self.place(name)}/{n}", self.mistakes, until=self.until) for n, item in items]


def _read_day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def time_band_on_the_wire(kept: str | None) -> str | list[str] | None:
    """A kept time band as it was given: a word, or two times."""
    if kept is not None and len(kept) == 11 and kept[5] == "-":
        return kept.split("-")
    return kept
