"""What a store is: four small protocols and the values that cross them. No driver is named here.

What each call promises is said once, in docs/architecture.md (the thirteen promises), and tested once for every store.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from graph.records import ActorId, ForumId, Handling, R, Record, RecordId


@dataclass(frozen=True, slots=True)
class Scope:
    """What one view may see. Made only by forum.access.policy; the store obeys it and never widens it."""

    forum: ForumId
    open_kinds: frozenset[str] = frozenset()
    granted: frozenset[RecordId] = frozenset()
    withheld: frozenset[RecordId] = frozenset()
    handling: frozenset[Handling] = frozenset()
    admitted: frozenset[tuple[RecordId, Handling]] = frozenset()


@dataclass(frozen=True, slots=True)
class WriteKey:
    """Names one intended write. The same key twice is the same write; the digest tells whether it really is."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one committed write did to one record. `body` holds stored values (see codec); None once the record is erased."""

    revision: int
    position: int
    record: RecordId
    kind: str
    version: int
    at: datetime
    by: ActorId
    body: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who saw or did what, for whom and why. `about` is everyone shown or changed; in the chain each stands as an erasable tag.

    `grants` are all that held; `under` says of each of `about` which of these cover them, and is empty where that was not kept.
    `seq`, `previous` and `hash` are given by the store (0 and "" before). Read back, `about` holds those not erased since.
    """

    at: datetime
    actor: ActorId
    action: str
    role: str = ""
    agency: str = ""
    purpose: str = ""
    decision: str = "allowed"
    reason: str = ""
    grants: tuple[RecordId, ...] = ()
    resources: tuple[RecordId, ...] = ()
    about: tuple[RecordId, ...] = ()
    under: tuple[tuple[RecordId, tuple[RecordId, ...]], ...] = ()
    field_classes: tuple[str, ...] = ()
    label_mode: str = ""
    response_digest: str = ""
    rows: int = 0
    web_session: str = ""
    signed_in_seconds: int = 0
    request: str = ""
    client: str = ""
    clock_state: str = "steady"
    seq: int = 0
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What a store says of itself. `kind` is sqlite or neo4j; moments are UTC; an evaluation store ends at `lives_until`."""

    kind: str
    schema: int
    forum: ForumId
    evaluation: bool
    made_at: datetime
    lives_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStore:
    """How a store is made when the URL holds nothing. An evaluation store is marked as such for ever."""

    forum: ForumId
    evaluation: bool
    made_at: datetime
    lives_until: datetime | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password of a store that asks for them. Never printed."""

    user: str
    password: str = field(repr=False)


class View(Protocol):
    """Read access within one scope. What the scope may not see, the view does not have."""

    @property
    def scope(self) -> Scope: ...
    def get(self, kind: type[R], record_id: RecordId) -> R: ...
    def find(self, kind: type[R], *, after: RecordId | None = None, limit: int = 100, **equal: str) -> Sequence[R]: ...
    def citing(self, kind: type[R], cited: Collection[RecordId], *, field: str | None = None) -> Sequence[R]: ...
    def history(self, record_id: RecordId) -> Sequence[Change]: ...
    def kinds_of(self, record_ids: Collection[RecordId]) -> Mapping[RecordId, str]:
        """The kind of each of these records that is in scope and not erased; the others are left out."""
        ...

    def several(self, record_ids: Collection[RecordId]) -> Sequence[Record]:
        """Those of these records that are in scope and not erased, of any kind, in order of id."""
        ...


class Writer(View, Protocol):
    """One transaction. Leaving the block commits; raising rolls back; there is no third way."""

    def put(self, record: R) -> R: ...
    def erase(self, record_id: RecordId) -> None: ...
    def append(self, entry: AuditEntry) -> None: ...
    def answer(self, value: Mapping[str, str]) -> None: ...


class Shelf(Protocol):
    """Short-lived values under a key: web sessions, one-time links, tokens, sign-in delays. Not journalled."""

    def keep(self, key: str, value: str, *, until: datetime, owner: str = "") -> None: ...
    def kept(self, key: str, *, now: datetime) -> str: ...
    def take(self, key: str, *, now: datetime) -> str: ...
    def kept_by(self, owner: str, *, now: datetime) -> Sequence[str]: ...
    def count(self, key: str, *, until: datetime) -> int: ...
    def drop(self, key: str) -> None: ...


class Store(Protocol):
    """A forum's records, journal, audit, keys and shelf, behind one boundary for both kinds of database."""

    @property
    def shelf(self) -> Shelf: ...
    def view(self, scope: Scope) -> AbstractContextManager[View]: ...
    def write(self, scope: Scope, *, key: WriteKey, by: ActorId, now: datetime) -> AbstractContextManager[Writer]: ...
    def append(self, entries: Sequence[AuditEntry]) -> None: ...
    def rehearse(self, entries: Sequence[AuditEntry]) -> None:
        """Does what `append` does, and undoes it. A database server has its plans then; the audit is as it was."""
        ...

    def audit(
        self,
        *,
        about: RecordId | None = None,
        by: ActorId | None = None,
        naming: Collection[RecordId] | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Sequence[AuditEntry]:
        """Entries in order of their number. `naming`: those that name one of these among what they were not about (a referral,
        say); it reads the whole audit, and stands alone."""
        ...

    def revision(self) -> int: ...
    def changes(self, *, after: int, limit: int) -> Sequence[Change]: ...
    def export(self) -> Iterator[Sequence[str]]: ...
    def restore(self, chunks: Iterator[Sequence[str]]) -> None: ...
    def about(self) -> StoreFacts: ...
    def check(self) -> None: ...
    def renew(self, lives_until: datetime) -> None:
        """An evaluation store lives until then instead."""
        ...

    def close(self) -> None: ...
