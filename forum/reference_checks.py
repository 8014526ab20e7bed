"""Does everything that a body names stand for something, where other parts of the body hold mistakes?

A body that could not be read as a whole is looked through as it was given in, so that what it names wrongly is told together
with everything else. What could not be read makes nothing else a mistake.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.assertion_drafts import wrong_ends
from forum.context_drafts import ContextDraft
from forum.errors import Mistake
from forum.given import Given, clean_text
from forum.person_drafts import PersonDraft
from forum.references import Reference, References, reference_of
from graph.assertions import CONTEXTS, KIND_BY_CODE, YOUNG_PEOPLE, Assertion
from graph.contexts import CONTEXT_TYPES, PeerGroup
from graph.people import ParentCarer, UnnamedPeople, YoungPerson
from graph.records import RecordId
from graph.store.boundary import Writer

EACH = "*"
# What kind of thing an object describes that does not say so rightly: nothing is said of where it stands.
_IN_DOUBT = ""
# A statement's and an event's own ref stand for no person and no context, and neither does that of the body itself.
_STATED = frozenset({"links", "events"})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a body names something, and what may stand there. `new`: also something described there for the first time."""

    path: tuple[str, ...]
    kinds: frozenset[str]
    expected: str
    new: bool = True


@dataclass(frozen=True, slots=True)
class _Named:
    """One thing named: where, how, and what kind of thing it describes when it is new."""

    place: _Place
    reference: Reference
    kind: str


_YOUNG_PERSON = (frozenset({YoungPerson.KIND}), "a young person")
_CONTEXT = (CONTEXTS, "a context")
_GROUP = (frozenset({PeerGroup.KIND}), "a peer group")
_ANYTHING: tuple[frozenset[str], str] = (frozenset(), "")

IN_REFERRAL = (
    _Place(("subject", "people", EACH), *_YOUNG_PERSON),
    _Place(("subject", "contexts", EACH), *_CONTEXT),
    _Place(("named_people", EACH, "person"), *_YOUNG_PERSON),
    _Place(("concerns_contexts", EACH), *_CONTEXT),
    _Place(("guardians", EACH, "context"), *_CONTEXT),
    _Place(("group_friendship", "group"), *_GROUP),
    _Place(("events", EACH, "participants", EACH), YOUNG_PEOPLE, "young people"),
    _Place(("told", EACH, "person"), *_YOUNG_PERSON),
)
IN_INCIDENT = (
    _Place(("where",), *_CONTEXT),
    _Place(("referral",), frozenset({"Referral"}), "a referral", new=False),
    _Place(("participants", EACH, "person"), YOUNG_PEOPLE, "young people"),
)
IN_CONTEXT = (_Place(("part_of",), *_CONTEXT, new=False), _Place(("safe_for", EACH), *_CONTEXT, new=False))
IN_YOUNG_PERSON = (_Place(("setting",), *_CONTEXT, new=False),)
_IN_LINK = (
    _Place(("from",), *_ANYTHING),
    _Place(("to",), *_ANYTHING),
    _Place(("within",), *_GROUP, new=False),
    _Place(
        ("status_history", EACH, "by"),
        frozenset({YoungPerson.KIND, ParentCarer.KIND}),
        "a young person, parent or carer",
        new=False,
    ),
    _Place(("provenance", "corroborated_by", EACH), frozenset({Assertion.KIND}), "a statement", new=False),
)
IN_STATEMENT: tuple[_Place, ...] = ()


def find_wrong_references(
    writer: Writer,
    body: Mapping[str, Any],
    places: Sequence[_Place],
    *,
    besides: Sequence[Mistake],
    today: date,
    links: tuple[str, ...] | None = None,
) -> tuple[Mistake, ...]:
    """The mistakes in what a body names, in the order of `places`, besides those that reading it found; nothing is written.

    `links`: the path of the statements in it, () when the body is one. The store is asked once, for everything together.
    """
    statements = [] if links is None else list(_values(body, links, ""))
    named = [one for place in places for one in _named_at(body, place, "")]
    named_in = [(at, link, [one for place in _IN_LINK for one in _named_at(link, place, at)]) for at, link in statements]
    everything = named + [one for _, _, ends in named_in for one in ends]
    unnamed = [(part.at, part.text("id") or part.text("ref")) for part in Given(body, "", []).parts("unnamed")]
    read = {one.reference.new.ref for one in everything if one.reference.new} | {ref for _, ref in unnamed}
    known = _PartlyRead(writer, today=today, besides=besides, unread=frozenset(_refs_in(body)) - read)
    cited = [reference for one in everything for reference in _cited_by(one.reference.new)]
    known.ask_for([*(one.reference for one in everything), *cited])
    known.describe(everything)
    for at, ref in unnamed:
        known.stand_for(ref, RecordId(at), UnnamedPeople.KIND, at)
    for one in named:
        known.of_kind(one.reference, one.place.kinds, one.place.expected)
    for at, link, ends in named_in:
        _check_link(known, at, link, ends)
    return tuple(dict.fromkeys(known.mistakes))


class _PartlyRead(References):
    """The references of a body that holds mistakes: nothing is made, and what could not be read is no mistake a second time.

    `unread`: refs that stand in the body where nothing could be read; what they stand for is not known yet.
    """

    def __init__(self, writer: Writer, *, today: date, besides: Sequence[Mistake], unread: frozenset[str]) -> None:
        super().__init__(writer, today=today)
        self._unread = unread
        self._said = {mistake.pointer for mistake in besides}

    def wrong(self, at: str, code: str, detail: str) -> None:
        if not self.said(at):
            super().wrong(at, code, detail)

    def said(self, at: str) -> bool:
        """Whether reading found something wrong at this very place."""
        return at in self._said

    def describe(self, named: Sequence[_Named]) -> None:
        """Takes in what is new without making it, in the order of `make_new`: contexts first."""
        for kind in (ContextDraft, PersonDraft):
            for one in named:
                new = one.reference.new
                if isinstance(new, kind):
                    for cited in _cited_by(new):
                        self.context(cited)
                    self.stand_for(new.ref, RecordId(new.at), one.kind, new.at)

    def resolve(self, reference: Reference) -> tuple[RecordId, str] | None:
        return None if reference.id in self._unread else super().resolve(reference)

    def of_kind(self, reference: Reference, kinds: frozenset[str], expected: str) -> RecordId | None:
        found = self.resolve(reference)
        if found is None or found[1] == _IN_DOUBT:
            return None
        return super().of_kind(reference, kinds, expected)


def _cited_by(new: PersonDraft | ContextDraft | None) -> list[Reference]:
    """What something new names itself: contexts, all of them."""
    if new is None:
        return []
    if isinstance(new, PersonDraft):
        cited = [("setting", new.setting)]
    else:
        cited = [("part_of", new.part_of), *((f"safe_for/{n}", ref) for n, ref in enumerate(new.safe_for))]
    return [Reference(f"{new.at}/{field}", ref) for field, ref in cited if ref is not None]


def _check_link(known: _PartlyRead, at: str, link: Any, named: Sequence[_Named]) -> None:
    ends = {one.place.path[0]: known.resolve(one.reference) for one in named if not one.place.kinds}
    for one in named:
        if one.place.kinds:
            known.of_kind(one.reference, one.place.kinds, one.place.expected)
    source, target = ends.get("from"), ends.get("to")
    if source is None or target is None:
        return
    says = None if known.said(f"{at}/rel") else KIND_BY_CODE.get(str(link.get("rel")))
    for end in wrong_ends(says, source[1], target[1]) if says else ():
        if (source if end == "from" else target)[1] != _IN_DOUBT:
            known.wrong(f"{at}/{end}", "wrong-end", "This cannot stand here for this kind of statement (list REL).")
    if source[0] == target[0]:
        known.wrong(f"{at}/to", "same-end", "A statement ties two different things.")


def _values(value: Any, path: tuple[str, ...], at: str) -> Iterator[tuple[str, Any]]:
    """What stands at a path, with its pointer; what is absent, null or of another shape is left out."""
    if value is None:
        return
    if not path:
        yield at, value
    elif path[0] == EACH:
        for n, item in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _values(item, path[1:], f"{at}/{n}")
    elif isinstance(value, Mapping):
        yield from _values(value.get(path[0]), path[1:], f"{at}/{path[0]}")


def _named_at(body: Any, place: _Place, at: str) -> Iterator[_Named]:
    for pointer, value in _values(body, place.path, at):
        if isinstance(value, str):
            # A blank field says nothing; a blank item of a list names something that is not there.
            if clean_text(value) or (place.path[-1] == EACH and not place.new):
                yield _Named(place, Reference(pointer, clean_text(value)), _IN_DOUBT)
        elif place.new and (described := _described(value, pointer)):
            yield _Named(place, *described)


def _described(value: Any, at: str) -> tuple[Reference, str] | None:
    wrong: list[Mistake] = []
    reference = reference_of(value, at, wrong)
    return (reference, _kind_described(reference, value, {mistake.pointer for mistake in wrong})) if reference else None


def _kind_described(reference: Reference, value: Any, pointers: set[str]) -> str:
    """The kind of record that an object describes; in doubt where its kind or type is wrong, or nothing in it tells."""
    if isinstance(reference.new, ContextDraft):
        return _IN_DOUBT if f"{reference.at}/type" in pointers else CONTEXT_TYPES[reference.new.type].KIND
    assert reference.new is not None  # an object is one or the other
    if f"{reference.at}/kind" in pointers or not set(reference.new.fields) & set(value):
        return _IN_DOUBT
    return YoungPerson.KIND if reference.new.kind == "young_person" else ParentCarer.KIND


def _refs_in(body: Mapping[str, Any]) -> Iterator[str]:
    """Every ref of a body that could stand for a person or context, wherever it stands; of people not named, an id is one."""
    for name, value in body.items():
        yield from _refs_within(value, of_things=name not in _STATED)


def _refs_within(value: Any, *, of_things: bool = True) -> Iterator[str]:
    if isinstance(value, Mapping):
        for ref in (value.get("ref"), value.get("id")) if of_things else ():
            if isinstance(ref, str):
                yield clean_text(ref)
        for inner in value.values():
            yield from _refs_within(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _refs_within(inner, of_things=of_things)
