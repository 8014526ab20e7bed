"""What lies within a few steps of one record, walked on a view."""

from collections.abc import Callable, Collection, Sequence

from graph.analysis import Network
from graph.assertions import CONTEXTS, PEOPLE, Assertion
from graph.contexts import Home
from graph.errors import RecordNotFound
from graph.incidents import Incident
from graph.projection.reading import KeptRecord, Reader
from graph.projection.sight import draw_network
from graph.records import Record, RecordId, cited_by
from graph.store.boundary import View
from graph.store.codec import stored

READS_AT_MOST = 5
MAY_BE_TIED = PEOPLE | CONTEXTS | {Home.KIND}


def peer_network(
    view: View,
    around: RecordId,
    steps: int,
    *,
    also: Sequence[type[Record]] = (),
    leaves_out: Callable[[Record], bool] = lambda _: False,
    revision: Callable[[], int] | None = None,
) -> Network:
    """What lies within `steps` of a record, as `Projection.within` would show it: one step is one statement or one event.

    From a referral or an event the walk begins at whom it cites and at the ends of what it stated. Statements between
    those reached, the events they took part in, what the statements were stated in and, of the kinds given by `also`,
    the records that cite anyone reached are there too; the walk does not go on through those. What `leaves_out` names is as
    if it had not been recorded: no statement of it is taken, and no such thing entered. RecordNotFound when `around` is not
    in scope. With `revision` given, it reads again when a commit fell between, at most five times.
    """
    for _ in range(READS_AT_MOST):
        before = None if revision is None else revision()
        network = _read(_Walked(view, leaves_out), around, steps, also)
        if revision is None or revision() == before:
            break
    return network


def stated_network(view: View, stated_in: RecordId) -> Network:
    """What one record states and cites, as `Projection.within` would show it, and nothing else that is said of those in it.

    The record, whom it cites, the statements and events stated in it, and their ends. RecordNotFound when it is not in scope.
    """
    found = view.several([stated_in])
    if not found:
        raise RecordNotFound
    statements = view.citing(Assertion, [stated_in], field="stated_in")
    events = view.citing(Incident, [stated_in], field="stated_in")
    cited = {cited for record in (*found, *events) for cited in cited_by(record)}
    ends = {end for one in statements for end in (one.source, one.target)}
    records = {record.id: record for record in (*found, *events, *view.several(sorted((cited | ends) - {stated_in})))}
    return _drawn([one for one in records.values() if not isinstance(one, Assertion)], statements)


def _read(walked: "_Walked", around: RecordId, steps: int, also: Sequence[type[Record]]) -> Network:
    start = walked.start(around)
    reached, statements, events = set(start), _Found(), _Found()
    frontier = set(start)
    for _ in range(steps):
        statements.add(walked.statements(frontier), frontier)
        events.add(walked.events(frontier), frontier)
        frontier = walked.entered((statements.ends | events.ends) - reached)
        reached |= frontier
    statements.add(walked.statements(frontier), frontier)
    events.add(walked.events(frontier), frontier)

    ties = [one for one in statements.records.values() if isinstance(one, Assertion) and {one.source, one.target} <= reached]
    beside = {one.stated_in for one in ties if one.stated_in is not None} | {around}
    records = {record.id: record for record in walked.view.several(sorted(reached | beside))}
    records.update(events.records)
    for kind in also:
        records.update({record.id: record for record in walked.view.citing(kind, sorted(reached))})
    return _drawn(list(records.values()), [one for one in ties if {one.source, one.target} <= records.keys()])


class _Walked:
    """A view as it is walked: without what is left out."""

    def __init__(self, view: View, leaves_out: Callable[[Record], bool]) -> None:
        self.view, self._leaves_out = view, leaves_out

    def statements(self, near: Collection[RecordId]) -> list[Record]:
        return [one for one in self.view.citing(Assertion, sorted(near)) if not self._leaves_out(one)]

    def events(self, near: Collection[RecordId]) -> list[Record]:
        return [one for one in self.view.citing(Incident, sorted(near)) if not self._leaves_out(one)]

    def entered(self, ends: Collection[RecordId]) -> set[RecordId]:
        """Those ends that the walk goes on to; one that is hidden ends it as well."""
        return {one.id for one in self.view.several(sorted(ends)) if not self._leaves_out(one)}

    def start(self, around: RecordId) -> set[RecordId]:
        found = self.view.several([around])
        if not found:
            raise RecordNotFound
        [centre] = found
        if isinstance(centre, Incident):
            begins = {around} | tied_by(centre)
        elif centre.KIND in MAY_BE_TIED:
            begins = {around}
        else:
            stated = self.view.citing(Assertion, [around], field="stated_in")
            begins = {around} | cited_by(centre) | {end for one in stated if not self._leaves_out(one) for end in tied_by(one)}
        return self.entered(begins)


class _Found:
    """Records met on the walk, and whom they tie together."""

    def __init__(self) -> None:
        self.records: dict[RecordId, Record] = {}
        self.ends: set[RecordId] = set()

    def add(self, records: Sequence[Record], near: Collection[RecordId]) -> None:
        for record in records:
            ends = tied_by(record)
            if not ends.isdisjoint(near):
                self.records[record.id] = record
                self.ends |= ends


def tied_by(record: Record) -> set[RecordId]:
    """Whom one statement or one event ties together."""
    if isinstance(record, Assertion):
        return {record.source, record.target}
    if isinstance(record, Incident):
        return {one.person for one in record.participants} | ({record.where} if record.where else set())
    return set()


def _drawn(records: Sequence[Record], statements: Sequence[Assertion]) -> Network:
    reader = Reader([*{type(record) for record in records}])
    kept: list[KeptRecord] = [reader.record(record.id, record.KIND, stored(record)) for record in records]
    kept.sort(key=lambda one: one.id)
    ties = [reader.tie(one.id, stored(one)).tie for one in sorted(statements, key=lambda one: one.id)]
    return draw_network(kept, ties)
