"""One agency's table of referrals into the store: the whole file checked first, then written in chunks, resumable.

Each chunk is one write under a key made of the file's digest and the chunk's first row, with what it became kept as the
key's answer: the same command finishes what was cut short, and does nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter, sleep

from graph.errors import AlreadyDone
from graph.records import ActorId, RecordId
from graph.store.boundary import AuditEntry, Scope, Store, WriteKey
from ingest.columns import Mapped, find_columns, read_mapping
from ingest.errors import IngestError
from ingest.referral_rows import RowsRead, read_referral_rows
from ingest.report import LoadReport
from ingest.row_records import RowRecorder, find_places, is_there
from ingest.row_referrals import RowReferral
from ingest.tables import ROW_LIMIT, read_table

ROWS_AT_ONCE = 200
FEWEST_ROWS = 100
LONGEST_WRITE = 0.1  # seconds in which nobody else can write
Progress = Callable[[int], object]


class RowsRejected(IngestError):
    """Some rows are wrong, and so nothing of the file was written; `report` says which and how to mend them."""

    code = "rows-rejected"
    message = "Some rows need mending. Nothing was stored."

    def __init__(self, report: LoadReport) -> None:
        super().__init__(report.sentence())
        self.report = report


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A whole file read and checked, not written yet. `digest` names this file read with this mapping."""

    rows: int
    read: RowsRead
    unread_columns: tuple[str, ...]
    digest: str

    @property
    def is_right(self) -> bool:
        return not self.read.rejected

    def report(self, *, dry_run: bool = True) -> LoadReport:
        """What was found in the file itself; every referral counts as one to be recorded."""
        referrals = self.read.referrals
        return LoadReport(
            rows=self.rows, referrals=len(referrals) if self.is_right else 0, rejected=self.read.rejected,
            notices=self.read.notices, unread_columns=self.unread_columns, dry_run=dry_run,
        )  # fmt: skip


def read_import(given: bytes | Path, mapping: bytes | Path | None = None, *, most_rows: int = ROW_LIMIT) -> Import:
    """Reads and checks a whole table of referrals, with a mapping file where the agency's layout is its own.

    UnreadableFile, TooManyRows or UnknownColumn when the file as a whole cannot be read; rows that are wrong stand in
    `read.rejected`, every one.
    """
    mapped = Mapped() if mapping is None else read_mapping(mapping)
    table = read_table(given, most_rows=most_rows)
    columns = find_columns(table.columns, mapped)
    digest = sha256(f"kith-import/1 {table.digest} {mapped.digest}".encode()).hexdigest()
    rows = len(table.rows) + len({wrong.row for wrong in table.rejected})
    return Import(rows=rows, read=read_referral_rows(table, columns), unread_columns=columns.unread, digest=digest)


def try_import(store: Store, given: Import, *, scope: Scope) -> LoadReport:
    """A dry run: what would be recorded and what is there already, or which rows are wrong. Nothing is written."""
    report = given.report()
    if not given.is_right:
        return report
    with store.view(scope) as view:
        there = sum(is_there(view, referral) is not None for referral in given.read.referrals)
    return replace(report, referrals=len(given.read.referrals) - there, already_there=there)


def import_referrals(
    store: Store,
    given: Import,
    *,
    scope: Scope,
    by: ActorId,
    now: datetime,
    progress: Progress | None = None,
    pause: Callable[[float], object] = sleep,
) -> LoadReport:
    """Writes a file that was read and is right, in chunks with as long a pause after each, and says what became of it.

    `now` is the real moment. `progress` is told how many rows more are done; `pause` how many seconds to wait for others.
    Raises RowsRejected, and writes nothing, when a row is wrong. Repeated after a kill, it goes on where it was cut short.
    """
    if not given.is_right:
        raise RowsRejected(given.report(dry_run=False))
    running = _Running(store, given, scope=scope, by=by, now=now)
    at, rows = 0, ROWS_AT_ONCE
    while at < len(given.read.referrals):
        began = perf_counter()
        done = running.chunk(at, rows)
        at += done.referrals
        if progress is not None:
            progress(done.rows)
        if done.fresh:
            spent = perf_counter() - began
            rows = max(FEWEST_ROWS, min(ROWS_AT_ONCE, int(done.rows * LONGEST_WRITE / max(spent, 0.001))))
            pause(min(spent, LONGEST_WRITE))
    return running.report()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """One chunk that is in the store: how many referrals and rows it took, and whether it was written just now."""

    referrals: int
    rows: int
    fresh: bool


@dataclass(slots=True)
class _Counts:
    referrals: int = 0
    already_there: int = 0
    people: int = 0
    places: int = 0
    statements: int = 0
    ids: dict[str, RecordId] = field(default_factory=dict)


class _Running:
    """One import under way."""

    def __init__(self, store: Store, given: Import, *, scope: Scope, by: ActorId, now: datetime) -> None:
        self.store = store
        self.given = given
        self.scope = scope
        self.by = by
        self.now = now
        self.counts = _Counts()
        with store.view(scope) as view:
            self.places = find_places(view)
        self.people: dict[str, RecordId] = {}
        self.names = _names_for_ids(given.read.referrals)

    def chunk(self, at: int, rows: int) -> _Done:
        """Writes the referrals from `at` on, as many as fit into so many rows; or finds them written before."""
        referrals = _next(self.given.read.referrals, at, rows)
        key = WriteKey(f"import:{self.given.digest[:32]}:{referrals[0].row}", self.given.digest)
        try:
            with self.store.write(self.scope, key=key, by=self.by, now=self.now) as writer:
                recorder = RowRecorder(writer, places=self.places, people=self.people, by=self.by, now=self.now)
                for referral in referrals:
                    recorder.record(referral)
                writer.append(self._entry(recorder))
                writer.answer(recorder.answer())
        except AlreadyDone as done:
            return self._taken(at, done.answer, fresh=False)
        self.places.update(recorder.new_places)
        self.people.update(recorder.new_people)
        return self._taken(at, recorder.answer(), fresh=True)

    def _entry(self, recorder: RowRecorder) -> AuditEntry:
        return AuditEntry(
            at=self.now, actor=self.by, action="import_referrals", purpose="forum_preparation", client="command",
            resources=recorder.recorded, about=recorder.everyone, rows=len(recorder.recorded),
        )  # fmt: skip

    def _taken(self, at: int, answer: Mapping[str, str], *, fresh: bool) -> _Done:
        """Counts what a chunk became, from the answer kept with its key."""
        found = answer["ids"].split()
        there = sum(item.startswith("=") for item in found)
        self.counts.referrals += len(found) - there
        self.counts.already_there += there
        for name in ("people", "places", "statements"):
            setattr(self.counts, name, getattr(self.counts, name) + int(answer[name]))
        referrals = self.given.read.referrals[at : at + len(found)]
        for number, record_id in enumerate(found, start=at):
            self.counts.ids[self.names[number]] = RecordId(record_id.removeprefix("="))
        return _Done(referrals=len(referrals), rows=sum(referral.rows for referral in referrals), fresh=fresh)

    def report(self) -> LoadReport:
        counts = self.counts
        return replace(
            self.given.report(dry_run=False), referrals=counts.referrals, already_there=counts.already_there,
            people=counts.people, places=counts.places, statements=counts.statements, ids=counts.ids,
        )  # fmt: skip


def _next(referrals: Sequence[RowReferral], at: int, rows: int) -> Sequence[RowReferral]:
    """The referrals from `at` on whose rows together are no more than `rows`; at least one."""
    end, taken = at + 1, referrals[at].rows
    while end < len(referrals) and taken + referrals[end].rows <= rows:
        taken += referrals[end].rows
        end += 1
    return referrals[at:end]


def _names_for_ids(referrals: Sequence[RowReferral]) -> list[str]:
    """What each referral is called in the file of ids: its own reference, with the agency where two agencies use one."""
    used: dict[str, int] = {}
    for referral in referrals:
        used[referral.reference] = used.get(referral.reference, 0) + 1
    return [one.reference if used[one.reference] == 1 else one.agency_reference for one in referrals]
