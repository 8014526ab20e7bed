"""Does a text name somebody whom the forum holds? A machine points, a person decides; whose name it is, is not said."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from graph.people import ParentCarer, YoungPerson
from graph.records import R, RecordId
from graph.store.boundary import View

PAGE = 500
# A part of a name shorter than this is a part of too many words to point at.
LEAST_LETTERS = 3


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they are compared: without case, accents and what stands between words."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return frozenset(re.findall(r"[^\W_]+", plain.casefold()))


def names_held(sight: View) -> frozenset[str]:
    """Every part of a name, and every pseudonym, of the people in sight, as words are compared."""
    return frozenset(
        word for name in _names(sight) for word in words_of(name) if len(word) >= LEAST_LETTERS or not word.isalpha()
    )


def name_somebody(texts: Collection[str | None], names: frozenset[str]) -> bool:
    """Whether one of these texts holds one of these names as a word."""
    return any(words_of(text) & names for text in texts if text)


def _names(sight: View) -> Iterator[str]:
    for person in _all(sight, YoungPerson):
        yield from (name for name in (person.known_as, person.given_name, person.family_name, person.pseudonym) if name)
    for carer in _all(sight, ParentCarer):
        yield from (name for name in (carer.known_as, carer.pseudonym) if name)


def _all(sight: View, kind: type[R]) -> Iterator[R]:
    after: RecordId | None = None
    while page := sight.find(kind, after=after, limit=PAGE):
        yield from page
        after = page[-1].id
