"""What happened, and who took part, named or not? An event as given in, before it is recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.errors import IncompleteReferral, Mistake
from forum.given import Given
from forum.references import Reference, References, read_reference
from graph.assertions import YOUNG_PEOPLE
from graph.incidents import HarmRole, Incident, Participant
from graph.periods import disposal_day, review_day
from graph.records import RecordId, new_id
from graph.store.boundary import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """One event, many people. `where` is a context, `referral` the referral that tells of it; both may be left out."""

    what: str
    happened_on: date | None
    time_band: str | None
    where: Reference | None
    referral: str | None
    source_role: str | None
    agency: str | None
    note: str | None
    participants: tuple[tuple[Reference, tuple[HarmRole, ...]], ...]

    def references(self) -> Iterator[Reference]:
        """Every reference of the draft."""
        if self.where:
            yield self.where
        for person, _ in self.participants:
            yield person


def incident_given(value: Any, *, until: date | None = None) -> tuple[IncidentDraft | None, tuple[Mistake, ...]]:
    """Reads an event: the draft, or every mistake; see Given for `until`. What happened and a participant are needed."""
    mistakes: list[Mistake] = []
    given = Given(value, "", mistakes, until=until)
    given.require("kind", "Say what happened, as a short code such as missing_together.")
    given.require("participants", "Say who took part.")
    participants: list[tuple[Reference, tuple[HarmRole, ...]]] = []
    for part in given.parts("participants"):
        part.require("person", "Say which young person.")
        person = read_reference(part, "person")
        roles = {HarmRole(code) for code in part.codes("roles", "ROLE")}
        part.finish()
        if person:
            participants.append((person, tuple(role for role in HarmRole if role in roles)))
    draft = IncidentDraft(
        what=given.word("kind") or "", happened_on=given.past_day("date"), time_band=given.time_band("time_band"),
        where=read_reference(given, "where"), referral=given.text("referral"), source_role=given.text("source_role"),
        agency=given.code("agency", "AGENCY"), note=given.text("note", long=True), participants=tuple(participants),
    )  # fmt: skip
    given.finish()
    return (None if mistakes else draft), tuple(mistakes)


def record_incident(writer: Writer, draft: IncidentDraft, *, today: date) -> Incident:
    """Records one event with whoever is new in it. Raises IncompleteReferral with every mistake."""
    references = References(writer, today=today)
    references.make_new(draft.references())
    where = references.context(draft.where) if draft.where else None
    stated_in: RecordId | None = None
    if draft.referral is not None:
        stated_in = references.of_kind(Reference("/referral", draft.referral), frozenset({"Referral"}), "a referral")
    people = [(references.of_kind(ref, YOUNG_PEOPLE, "young people"), roles) for ref, roles in draft.participants]
    if references.mistakes:
        raise IncompleteReferral(references.mistakes)
    references.put_new()
    review_on = review_day(today)
    return writer.put(
        Incident(
            id=new_id(), forum=writer.scope.forum, review_on=review_on, dispose_on=disposal_day(review_on), what=draft.what,
            participants=tuple(Participant(person=person, roles=roles) for person, roles in people if person),
            happened_on=draft.happened_on, recorded_on=today, time_band=draft.time_band, where=where, stated_in=stated_in,
            source_role=draft.source_role, agency=draft.agency, note=draft.note,
        )
    )  # fmt: skip
