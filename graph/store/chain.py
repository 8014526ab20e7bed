"""The audit's canonical text, hash chain and erasable tags. Pure: no store, no clock; random salts are handed in.

An entry's text is canonical JSON (RFC 8785): sorted keys, no spaces, whole numbers and text only. Its hash is
`sha256(previous hash in hex + text)`. Whoever an entry is about stands in it as `sha256(salt + id)`, in `about` and
wherever else it names them; person, entry and salt are kept apart and can be erased while the chain still verifies.
`under` holds, for each tag of `about` in its order, the places in `grants` (from 0) of those that cover this person; an entry
that does not say so, as none did at first, has none.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graph.errors import AuditUnavailable, CannotStoreExactly, StoreBusy, StoreFull, StoreUnavailable
from graph.periods import is_moment, moment_text, read_moment
from graph.records import ActorId, RecordId
from graph.store.boundary import AuditEntry

FIRST = "0" * 64
_GIVEN_BY_STORE = frozenset({"previous", "hash"})
_LISTS = ("grants", "resources", "about", "field_classes")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry in its place: its text, the hash before it, its own; and, kept apart, whom it is about, each with a salt."""

    seq: int
    entry: str
    previous: str
    hash: str
    about: tuple[tuple[RecordId, str], ...] = ()


def canonical(value: Mapping[str, Any]) -> str:
    """The one text of a value made of text, whole numbers, truths, lists and dictionaries with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def tag(salt: str, person: RecordId) -> str:
    """What stands for a person in the chain; leads nowhere without the salt."""
    return hashlib.sha256((salt + person).encode()).hexdigest()


def hash_of(previous: str, text: str) -> str:
    return hashlib.sha256((previous + text).encode()).hexdigest()


def link(entry: AuditEntry, *, seq: int, previous: str, salt: Callable[[], str]) -> Link:
    """Puts an entry in its place. CannotStoreExactly when its moment is not in UTC or a text cannot be written."""
    if not is_moment(entry.at):
        raise CannotStoreExactly
    people = sorted(set(entry.about))
    salts = tuple((person, salt()) for person in people)
    tags: dict[str, str] = {person: tag(own, person) for person, own in salts}
    values: dict[str, Any] = {
        field.name: getattr(entry, field.name) for field in dataclasses.fields(entry) if field.name not in _GIVEN_BY_STORE
    }
    values |= {name: [tags.get(item, item) for item in values[name]] for name in _LISTS}
    about = sorted(tags.values())
    values |= {"at": moment_text(entry.at), "seq": seq, "about": about, "under": _places(entry, tags, about)}
    text = canonical(values)
    try:
        return Link(seq, text, previous, hash_of(previous, text), salts)
    except UnicodeEncodeError as error:
        raise CannotStoreExactly from error


def _places(entry: AuditEntry, tags: Mapping[str, str], about: Sequence[str]) -> list[list[int]]:
    """Which grants cover whom, without naming anybody. CannotStoreExactly for what the entry does not hold itself."""
    if not entry.under:
        return []
    place = {grant: number for number, grant in enumerate(entry.grants)}
    try:
        covering = {tags[person]: sorted(place[grant] for grant in grants) for person, grants in entry.under}
    except KeyError as error:
        raise CannotStoreExactly from error
    return [covering.get(each, []) for each in about]


def link_all(entries: Sequence[AuditEntry], *, seq: int, previous: str, salt: Callable[[], str]) -> tuple[Link, ...]:
    """Puts entries behind the one with number `seq` and hash `previous`, in the order given."""
    links: list[Link] = []
    for entry in entries:
        links.append(link(entry, seq=seq + 1, previous=previous, salt=salt))
        seq, previous = seq + 1, links[-1].hash
    return tuple(links)


def read_link(found: Link) -> AuditEntry:
    """The entry as it was, except for those erased since: they are no longer in `about`, nor in what else named them."""
    values = json.loads(found.entry)
    people: dict[str, RecordId] = {tag(salt, person): person for person, salt in found.about}
    gone = set(values["about"]) - people.keys()
    grants = [RecordId(each) for each in values["grants"]]
    covering = zip(values["about"], values.get("under", ()), strict=False)
    values["under"] = tuple(
        sorted((people[each], tuple(grants[place] for place in places)) for each, places in covering if each in people)
    )
    for name in _LISTS:
        values[name] = tuple(people.get(item, item) for item in values[name] if item not in gone)
    values |= {"at": read_moment(values["at"]), "actor": ActorId(values["actor"]), "about": tuple(sorted(values["about"]))}
    return AuditEntry(**values, previous=found.previous, hash=found.hash)


@contextmanager
def or_not_at_all() -> Iterator[None]:
    """Around a write's own entries: what cannot be recorded is not done, and leaves as AuditUnavailable.

    A store that is busy, full or away says so itself; it would have said the same of the write.
    """
    try:
        yield
    except (StoreBusy, StoreFull, StoreUnavailable, CannotStoreExactly):
        raise
    except Exception as error:
        raise AuditUnavailable from error


def find_break(links: Iterable[Link], *, seq: int = 0, previous: str = FIRST) -> int | None:
    """The number of the first entry that does not follow from the one before it; None when the chain holds."""
    for found in links:
        if (
            found.seq != seq + 1
            or found.previous != previous
            or found.hash != hash_of(previous, found.entry)
            or json.loads(found.entry)["seq"] != found.seq
        ):
            return seq + 1
        seq, previous = found.seq, found.hash
    return None
