"""What the projection keeps of a stored body: followed fields, citations and ties; never a name, never a narrative."""

import dataclasses
import sys
import typing
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.analysis import Tie
from graph.assertions import KIND_BY_CODE, HowKnown, HowSure, Origin, Standing, StandingSince, Voice
from graph.records import Record, RecordId, cache, entry_type, fact_of, followed_fields, hints_of, is_optional

Facts = Mapping[str, Any]
Cited = Mapping[str, tuple[RecordId, ...]]


@dataclass(frozen=True, slots=True)
class FollowedField:
    """How one followed field is read: whether it cites, may be None, is a list, is a day; `inner` for a list of entries."""

    name: str
    cites: bool
    optional: bool
    is_list: bool
    is_day: bool
    inner: "tuple[FollowedField, ...] | None"


@dataclass(frozen=True, slots=True)
class Frame:
    """What decides whether a scope admits something: its forum and its handling mark."""

    forum: str
    handling: str


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One record as the projection keeps it, with everything it cites."""

    id: RecordId
    kind: str
    frame: Frame
    facts: Facts
    cited: Cited


@dataclass(frozen=True, slots=True)
class KeptTie:
    """One assertion as the projection keeps it."""

    tie: Tie
    frame: Frame


@cache
def fields_followed(cls: type[Any]) -> tuple[FollowedField, ...]:
    """The followed fields of a kind of record or entry, in the order in which they are declared."""
    return tuple(_followed_field(cls, name) for name in followed_fields(cls))


def _followed_field(cls: type[Any], name: str) -> FollowedField:
    declared = next(d for d in dataclasses.fields(cls) if d.name == name)
    inner = entry_type(cls, name)
    hint = hints_of(cls)[name]
    return FollowedField(
        name=name,
        cites=inner is None and fact_of(declared).cites,
        optional=is_optional(cls, name),
        is_list=typing.get_origin(hint) is tuple,
        is_day=hint is date or date in typing.get_args(hint),
        inner=None if inner is None else fields_followed(inner),
    )


def plain_facts(cls: type[Record], body: Mapping[str, Any]) -> dict[str, Any]:
    """The followed fields of a stored body: days as `date`, ids and codes as text, lists of entries as tuples of dicts."""
    return {field.name: _plain(field, body.get(field.name)) for field in fields_followed(cls)}


def _plain(field: FollowedField, value: Any) -> Any:
    if field.inner is not None:
        return tuple({inner.name: _plain(inner, item.get(inner.name)) for inner in field.inner} for item in value or ())
    if field.is_list:
        return tuple(sys.intern(item) if isinstance(item, str) else item for item in value or ())
    if value is not None and field.is_day:
        return date.fromisoformat(value)
    return sys.intern(value) if isinstance(value, str) else value


def citations_in(cls: type[Record], facts: Facts) -> dict[str, tuple[RecordId, ...]]:
    """Who is cited, by field (`list.field` inside entries), each once and sorted; a field that cites nobody is left out."""
    found: dict[str, tuple[RecordId, ...]] = {}
    for name, ids in _cited_by_field(fields_followed(cls), facts):
        if ids:
            found[name] = tuple(sorted(set(ids)))
    return found


def _cited_by_field(fields: Sequence[FollowedField], facts: Facts) -> Iterator[tuple[str, list[RecordId]]]:
    for field in fields:
        value = facts[field.name]
        if field.inner is not None:
            for inner in field.inner:
                if inner.cites:
                    yield f"{field.name}.{inner.name}", [cited for item in value for cited in _ids(item[inner.name])]
        elif field.cites:
            yield field.name, list(_ids(value))


def _ids(value: Any) -> tuple[RecordId, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def facts_within(fields: Sequence[FollowedField], facts: Facts, seen: Container[RecordId]) -> dict[str, Any] | None:
    """The facts without what is hidden: None when a required citation is, so that the entry which holds it is left out.

    An optional citation that is hidden reads as None, a hidden id in a list is left out (the store's promise 1).
    """
    shown: dict[str, Any] = {}
    for field in fields:
        value = facts[field.name]
        if field.inner is not None:
            entries = (facts_within(field.inner, item, seen) for item in value)
            value = tuple(item for item in entries if item is not None)
        elif field.cites and isinstance(value, tuple):
            value = tuple(cited for cited in value if cited in seen)
        elif field.cites and value is not None and value not in seen:
            if not field.optional:
                return None
            value = None
        shown[field.name] = value
    return shown


class Reader:
    """Turns stored bodies into what is kept. Equal frames, days, standings and texts are held once: a region has millions."""

    def __init__(self, kinds: Sequence[type[Record]]) -> None:
        self.kinds: dict[str, type[Record]] = {kind.KIND: kind for kind in kinds}
        self._frames: dict[tuple[str, str], Frame] = {}
        self._days: dict[str, date] = {}
        self._standings: dict[tuple[tuple[str, str], ...], tuple[StandingSince, ...]] = {}

    def record(self, record_id: RecordId, kind: str, body: Mapping[str, Any]) -> KeptRecord:
        """What is kept of any record that is no assertion."""
        cls = self.kinds[kind]
        facts = plain_facts(cls, body)
        return KeptRecord(sys.intern(record_id), cls.KIND, self._frame(body), facts, citations_in(cls, facts))  # type: ignore[arg-type]

    def tie(self, record_id: RecordId, body: Mapping[str, Any]) -> KeptTie:
        """What is kept of an assertion."""
        stated_in, within, agency = body.get("stated_in"), body.get("within"), body.get("agency")
        date_known, time_band = body.get("date_known"), body.get("time_band")
        tie = Tie(
            id=_shared_id(record_id),
            says=KIND_BY_CODE[body["says"]],
            source=_shared_id(body["source"]),
            target=_shared_id(body["target"]),
            stated_in=None if stated_in is None else _shared_id(stated_in),
            standings=self._life(body["standings"]),
            review_on=self._day(body["review_on"]),
            date_recorded=self._day(body["date_recorded"]),
            date_known=None if date_known is None else self._day(date_known),
            known=HowKnown(body["known"]),
            how_sure=HowSure(body.get("how_sure", HowSure.SURE)),
            origin=Origin(body["origin"]),
            said_by=Voice(body["said_by"]),
            source_role=sys.intern(body["source_role"]),
            agency=None if agency is None else sys.intern(agency),
            protective=body.get("protective"),
            within=None if within is None else _shared_id(within),
            time_band=None if time_band is None else sys.intern(time_band),
            corroborated_by=tuple(_shared_id(cited) for cited in body.get("corroborated_by", ())),
            recorded=body.get("recorded_at"),
        )
        return KeptTie(tie, self._frame(body))

    def _frame(self, body: Mapping[str, Any]) -> Frame:
        key = (body["forum"], body["handling"])
        if key not in self._frames:
            self._frames[key] = Frame(*key)
        return self._frames[key]

    def _day(self, text: str) -> date:
        if text not in self._days:
            self._days[text] = date.fromisoformat(text)
        return self._days[text]

    def _life(self, steps: Sequence[Mapping[str, Any]]) -> tuple[StandingSince, ...]:
        key = tuple((step["standing"], step["since"]) for step in steps)
        if key not in self._standings:
            self._standings[key] = tuple(StandingSince(standing=Standing(a), since=self._day(b)) for a, b in key)
        return self._standings[key]


def _shared_id(text: str) -> RecordId:
    return RecordId(sys.intern(text))
