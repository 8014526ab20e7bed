"""Records a whole case: all of it or nothing, in one write under one key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from forum.actions import Action
from forum.context_drafts import as_record as context_record
from forum.errors import IncompleteReferral
from forum.membership import Forum
from forum.person_drafts import as_record as person_record
from forum.referral_drafts import ReferralDraft
from forum.referrals import Referral, record_referral
from forum.rights import RightsRequest
from forum.same_person import SamePersonJudgement
from forum.statements import Corroboration, record_assertion
from forum.weighting import ContextWeighting, ParticipantWeights
from graph.assertions import Assertion
from graph.errors import AlreadyDone
from graph.people import AdultOfConcern, ParentCarer, YoungPerson
from graph.periods import disposal_day, review_day
from graph.records import ActorId, Record, RecordId, new_id
from graph.store.boundary import AuditEntry, Scope, Store, WriteKey, Writer
from ingest.case_contexts import MembershipDraft
from ingest.case_file import Case, refused
from ingest.errors import NotAnEvaluationStore
from ingest.memberships import membership_link

Progress = Callable[[int], object]


def unseen(done: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: each id of the file and the record it became. `already`: this very file was in the store before."""

    ids: Mapping[str, RecordId]
    already: bool = False


def load_case(store: Store, case: Case, *, scope: Scope, by: ActorId, now: datetime, progress: Progress = unseen) -> Loaded:
    """Loads a case into an evaluation store, empty or not. The same file twice is the same load.

    `now` is the real moment. `progress` is told how many things more are recorded; all of them are `case.size`. Raises
    NotAnEvaluationStore, and UnreadableCase when something cannot be recorded as the file says: then nothing is stored.
    """
    if not store.about().evaluation:
        raise NotAnEvaluationStore
    key = WriteKey(f"load-case:{case.digest}", case.digest)
    try:
        with store.write(scope, key=key, by=by, now=now) as writer:
            loading = _Loading(writer, case, by=by, now=now, progress=progress)
            loading.everything()
            writer.append(_audit_entry(loading, by=by, now=now))
            writer.answer({"ids": " ".join(loading.known[name][0] for name in sorted(loading.known))})
    except AlreadyDone as done:
        ids = done.answer["ids"].split()
        return Loaded({name: RecordId(found) for name, found in zip(case.ids.recorded(), ids, strict=True)}, already=True)
    except IncompleteReferral as error:
        raise refused(error.mistakes, case) from error
    return Loaded({name: loading.known[name][0] for name in sorted(loading.known)})


def _audit_entry(loading: "_Loading", *, by: ActorId, now: datetime) -> AuditEntry:
    found = sorted(loading.known.values())
    return AuditEntry(
        at=now, actor=by, action="load_case", purpose="forum_preparation", client="command",
        resources=tuple(record for record, kind in found if kind == Referral.KIND),
        about=tuple(sorted(set(loading.people_named))), rows=loading.case.size,
    )  # fmt: skip


_SOMEBODY = frozenset({YoungPerson.KIND, ParentCarer.KIND, AdultOfConcern.KIND})


class _Loading:
    """One load under way: what each id of the file has become so far."""

    def __init__(self, writer: Writer, case: Case, *, by: ActorId, now: datetime, progress: Progress) -> None:
        self.writer = writer
        self.case = case
        self.by = by
        self.now = now
        self.progress = progress
        self.today = case.panel.looked_at_on or now.date()
        self.known: dict[str, tuple[RecordId, str]] = {}
        self.people_named: list[RecordId] = []
        self.later: list[Corroboration] = []

    def everything(self) -> None:
        """Records every section, each after those it names."""
        self.forum()
        self.contexts()
        self.people()
        self.same_names()
        self.referrals()
        self.memberships()
        self.other_links()
        self.corroborations()
        self.requests()
        self.weightings()
        self.actions()

    def frame(self, day: date) -> dict[str, Any]:
        review_on = review_day(day)
        return {
            "id": new_id(),
            "forum": self.writer.scope.forum,
            "review_on": review_on,
            "dispose_on": disposal_day(review_on),
        }

    def written_down(self, day: date) -> datetime:
        """The moment at which what a case dates was recorded: the beginning of its day, never later than now.

        What was known on a day is read from the dates kept in the record, so a case loaded today keeps its own days.
        """
        return min(self.now, datetime(day.year, day.month, day.day, tzinfo=UTC))

    def put(self, record: Record, given_id: str | None = None) -> None:
        self.writer.put(record)
        if given_id:
            self.known[given_id] = (record.id, record.KIND)
        if record.KIND in _SOMEBODY:
            self.people_named.append(record.id)
        self.progress(1)

    def found(self, given_id: str | None) -> RecordId | None:
        return self.known[given_id][0] if given_id else None

    def all_found(self, given_ids: tuple[str, ...]) -> tuple[RecordId, ...]:
        return tuple(dict.fromkeys(self.known[given_id][0] for given_id in given_ids))

    def forum(self) -> None:
        """One forum a store: a later file fills in what it says and leaves the rest."""
        panel = self.case.panel
        if panel.is_blank:
            return
        there = self.writer.find(Forum, limit=1)
        given: dict[str, Any] = {
            "area": panel.area, "fictional": panel.fictional or None, "looked_at_on": panel.looked_at_on, "panel": panel.panel,
            "columns": panel.columns or None, "members": panel.members or None,
        }  # fmt: skip
        said = {name: value for name, value in given.items() if value is not None}
        self.writer.put(replace(there[0], **said) if there else Forum(**self.frame(self.today), **({"area": ""} | said)))

    def contexts(self) -> None:
        for context in self.case.contexts:
            part_of, safe_for = self.found(context.draft.part_of), self.all_found(context.draft.safe_for)
            made = context_record(self.writer, context.draft, today=self.today, part_of=part_of, safe_for=safe_for)
            self.put(made, context.id)

    def people(self) -> None:
        for person in self.case.people:
            setting = self.found(person.draft.setting)
            self.put(person_record(self.writer, person.draft, today=self.today, setting=setting), person.id)
        for adult in self.case.adults:
            self.put(AdultOfConcern(**self.frame(self.today), **adult.fields), adult.id)

    def same_names(self) -> None:
        for pair in self.case.same_names:
            people = self.all_found(pair.people)
            self.put(
                SamePersonJudgement(
                    **self.frame(self.today), people=people, same=pair.same, shared_name=pair.name, judged_by=self.by
                )
            )

    def referrals(self) -> None:
        for draft in self.case.referrals:
            made = record_referral(
                self.writer, draft, recorded_by=self.by, now=self.written_down(draft.received), today=draft.received,
                known=self.known, later=self.later,
            )  # fmt: skip
            for name, record_id in made.given.items():
                self.known[name] = (record_id, self.case.ids.kind_of(name))
            self.people_named += made.everyone
            self.progress(1)

    def memberships(self) -> None:
        drafts = {draft.reference: draft for draft in self.case.referrals}
        for membership in self.case.memberships:
            self._membership(membership, drafts[membership.referral])

    def _membership(self, membership: MembershipDraft, referral: ReferralDraft) -> None:
        draft = membership_link(membership.person, membership.group, referral)
        record_assertion(
            self.writer, draft, stated_in=self.found(membership.referral), received=referral.received,
            recorded_by=self.by, now=self.written_down(referral.received), today=referral.received, known=self.known,
        )  # fmt: skip
        self.progress(1)

    def other_links(self) -> None:
        for draft in self.case.other_links:
            day = draft.provenance.date_recorded or self.today
            made = record_assertion(
                self.writer, draft, stated_in=None, received=day, recorded_by=self.by, now=self.written_down(day),
                today=day, known=self.known, later=self.later,
            )  # fmt: skip
            if draft.ref:
                self.known[draft.ref] = (made.id, Assertion.KIND)
            self.progress(1)

    def corroborations(self) -> None:
        """What each statement rests on, once all of them are recorded: two may rest on each other."""
        rests_on: dict[RecordId, list[RecordId]] = {}
        for corroboration in self.later:
            rests_on.setdefault(corroboration.assertion, []).append(self.known[corroboration.on][0])
        for assertion in sorted(rests_on):
            stored = self.writer.get(Assertion, assertion)
            self.writer.put(replace(stored, corroborated_by=tuple(dict.fromkeys(rests_on[assertion]))))

    def requests(self) -> None:
        for draft in self.case.requests:
            self.put(
                RightsRequest(
                    **self.frame(draft.received), request_kind=draft.request_kind, by=self.found(draft.by),
                    target=self.found(draft.target), received=draft.received, decided=draft.decided,
                    outcome=draft.outcome, cascade=self.all_found(draft.cascade),
                ),
                draft.id,
            )  # fmt: skip

    def weightings(self) -> None:
        for draft in self.case.weightings:
            voices = tuple(
                ParticipantWeights(represents=self.found(voice.represents), **voice.fields) for voice in draft.participants
            )
            made = ContextWeighting(
                **self.frame(self.today), **draft.fields, referral=self.found(draft.referral),
                lead_record=self.found(draft.lead_record), participants=voices, recorded_on=self.today,
            )  # fmt: skip
            self.put(made, draft.id)

    def actions(self) -> None:
        for draft in self.case.actions:
            made = Action(**self.frame(self.today), **draft.fields, target=self.found(draft.target), recorded_on=self.today)
            self.put(made, draft.id)
