"""Which things does a case file hold, by its own ids? Every id once, and every reference to something that is there.

Ids are the file's own (YP01, REF-03-L1). They are looked up in the whole file, whatever the order of its sections.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forum.assertion_drafts import wrong_ends
from forum.errors import Mistake
from forum.given import Given, clean_text
from forum.referrals import Referral
from graph.assertions import CONTEXTS, KIND_BY_CODE, PEOPLE, YOUNG_PEOPLE, Assertion
from graph.contexts import CONTEXT_TYPES, PeerGroup
from graph.incidents import Incident
from graph.people import ParentCarer, UnnamedPeople, YoungPerson

EACH = "*"
YOUNG_PERSON = frozenset({YoungPerson.KIND})
PERSON = frozenset({YoungPerson.KIND, ParentCarer.KIND})
PEER_GROUP = frozenset({PeerGroup.KIND})
REFERRAL = frozenset({Referral.KIND})
STATEMENT = frozenset({Assertion.KIND})
ENDS = PEOPLE | CONTEXTS
TARGETS = ENDS | REFERRAL | STATEMENT

_EXPECTED: Mapping[frozenset[str], str] = {
    YOUNG_PERSON: "a young person",
    YOUNG_PEOPLE: "young people, named or not",
    PERSON: "a young person, parent or carer",
    PEER_GROUP: "a peer group",
    CONTEXTS: "a context",
    REFERRAL: "a referral",
    STATEMENT: "a link",
    ENDS: "a person, unnamed people or a context",
    TARGETS: "a link, a referral, a person or a context",
}

# Where a referral names something, and what may stand there (surface, section 3).
_IN_REFERRAL: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("subject", "people", EACH), YOUNG_PERSON),
    (("subject", "contexts", EACH), CONTEXTS),
    (("named_people", EACH, "person"), YOUNG_PERSON),
    (("concerns_contexts", EACH), CONTEXTS),
    (("guardians", EACH, "context"), CONTEXTS),
    (("group_friendship", "group"), PEER_GROUP),
    (("events", EACH, "participants", EACH), YOUNG_PEOPLE),
    (("told", EACH, "person"), YOUNG_PERSON),
)
_IN_LINK: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("within",), PEER_GROUP),
    (("provenance", "corroborated_by", EACH), STATEMENT),
    (("status_history", EACH, "by"), PERSON),
)


@dataclass(frozen=True, slots=True)
class Held:
    """What an id stands for: its kind of record, and in which referral it was introduced (-1: outside all of them)."""

    kind: str
    referral: int = -1


class CaseIds:
    """The ids of one file. `mistakes` gathers ids used twice and references that lead nowhere or to the wrong thing."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        self._held: dict[str, Held] = {}

    def introduce(self, given_id: Any, kind: str, at: str, *, referral: int = -1) -> None:
        """From now on this id stands for something. What is no text is left to the readers of fields."""
        if not isinstance(given_id, str) or not clean_text(given_id):
            return
        name = clean_text(given_id)
        if name in self._held:
            self._wrong(at, "id-used-twice", "This id already stands for something else in this file. Give each its own.")
            return
        self._held[name] = Held(kind, referral)

    def kind_of(self, given_id: str) -> str:
        """The kind of record an id stands for. KeyError when it stands for none."""
        return self._held[given_id].kind

    def recorded(self) -> tuple[str, ...]:
        """Every id that stands for a record, sorted."""
        return tuple(sorted(self._held))

    def check(self, value: Any, at: str, kinds: frozenset[str], *, referral: int = -1) -> str | None:
        """Checks one reference and answers the kind it leads to; None, with a mistake, when it does not lead where it should."""
        if not isinstance(value, str) or not clean_text(value):
            return None
        held = self._held.get(clean_text(value))
        if held is None:
            detail = "There is no such id in this file. Check its spelling, or add what it stands for."
            self._wrong(at, "unknown-reference", detail)
            return None
        if held.kind not in kinds:
            self._wrong(at, "wrong-kind", f"Name {_EXPECTED[kinds]} here.")
            return None
        if held.kind == UnnamedPeople.KIND and -1 < referral < held.referral:
            self._wrong(
                at, "wrong-referral", "These unnamed people belong to a later referral. Name people of this one, or one before."
            )
            return None
        return held.kind

    def check_link(self, link: Any, at: str, *, referral: int = -1) -> None:
        """Both ends of a link, whether they fit what it says, and what else it names."""
        if not isinstance(link, Mapping):
            return
        kinds = {end: self._end(link.get(end), f"{at}/{end}", referral) for end in ("from", "to")}
        says = KIND_BY_CODE.get(str(link.get("rel")))
        if says and kinds["from"] and kinds["to"]:
            for end in wrong_ends(says, kinds["from"], kinds["to"]):
                self._wrong(f"{at}/{end}", "wrong-end", "This cannot stand here for this kind of link (list REL).")
        if isinstance(link.get("from"), str) and link.get("from") == link.get("to"):
            self._wrong(f"{at}/to", "same-end", "A link ties two different things.")
        for steps, fits in _IN_LINK:
            for pointer, value in _each(link, steps, at):
                self.check(value, pointer, fits)

    def _end(self, value: Any, at: str, referral: int) -> str | None:
        if isinstance(value, Mapping):
            return _kind_of_new(value)
        return self.check(value, at, ENDS, referral=referral)

    def introduce_referral(self, referral: Any, at: str, number: int) -> None:
        """The ids of a referral, of its unnamed people, events and links, and the refs of what it describes as new."""
        if not isinstance(referral, Mapping):
            return
        self.introduce(referral.get("id"), Referral.KIND, f"{at}/id")
        for section, kind in (("unnamed", UnnamedPeople.KIND), ("events", Incident.KIND), ("links", Assertion.KIND)):
            for pointer, item in _each(referral, (section, EACH), at):
                if isinstance(item, Mapping):
                    name = "id" if item.get("id") is not None else "ref"
                    self.introduce(item.get(name), kind, f"{pointer}/{name}", referral=number)
        ends = tuple((("links", EACH, end), ENDS) for end in ("from", "to"))
        for steps, _ in _IN_REFERRAL + ends:
            for pointer, item in _each(referral, steps, at):
                if isinstance(item, Mapping) and (kind_of_new := _kind_of_new(item)):
                    self.introduce(item.get("ref"), kind_of_new, f"{pointer}/ref", referral=number)

    def check_referral(self, referral: Any, at: str, number: int) -> None:
        """Everything a referral names."""
        if not isinstance(referral, Mapping):
            return
        for steps, kinds in _IN_REFERRAL:
            for pointer, value in _each(referral, steps, at):
                self.check(value, pointer, kinds, referral=number)
        for pointer, link in _each(referral, ("links", EACH), at):
            self.check_link(link, pointer, referral=number)

    def _wrong(self, at: str, code: str, detail: str) -> None:
        self.mistakes.append(Mistake(at, code, detail))


def named(given: Given, name: str, ids: CaseIds, kinds: frozenset[str]) -> str | None:
    """One reference under a field: its text, checked; None when absent."""
    found = given.text(name)
    if found:
        ids.check(found, given.place(name), kinds)
    return found


def named_each(given: Given, name: str, ids: CaseIds, kinds: frozenset[str]) -> tuple[str, ...]:
    """The references of a list, checked."""
    found = given.texts(name)
    for number, item in enumerate(found):
        ids.check(item, f"{given.place(name)}/{number}", kinds)
    return found


def _kind_of_new(described: Mapping[str, Any]) -> str | None:
    """The kind of record that an object describes; None when it cannot be told."""
    if described.get("type") is not None or described.get("label") is not None:
        kind = CONTEXT_TYPES.get(str(described.get("type")))
        return kind.KIND if kind else None
    return ParentCarer.KIND if described.get("kind") == "parent_carer" else YoungPerson.KIND


def _each(value: Any, steps: tuple[str, ...], at: str) -> Iterator[tuple[str, Any]]:
    """What stands at a place of the file, with its pointer; `*` is every item of a list. Nothing where the shape differs."""
    if not steps:
        yield at, value
    elif steps[0] == EACH:
        for number, item in enumerate(value if isinstance(value, list) else ()):
            yield from _each(item, steps[1:], f"{at}/{number}")
    elif isinstance(value, Mapping) and value.get(steps[0]) is not None:
        yield from _each(value[steps[0]], steps[1:], f"{at}/{steps[0]}")
