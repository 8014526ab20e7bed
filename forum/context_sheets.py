"""Which places may be shown to somebody invited from outside, and what of them? Worked out once, with the chair's sight."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from forum.access.actors import EVERY_PURPOSE
from forum.access.grants import Grant, Reason, give_grant
from forum.access.sheets import ContextSheet, SheetCondition, SheetGuardian
from forum.errors import Mistake, RefusedAccess
from forum.hotspots import count_by_context
from forum.linked_referrals import LINKING_KINDS
from forum.names_in_text import name_somebody, names_held
from forum.referrals import Referral
from graph.analysis import Network
from graph.assertions import AssertionKind
from graph.contexts import PRIVATE_ADDRESS, TYPE_OF_KIND, ContextRecord, Home, PeerGroup
from graph.people import UnnamedPeople, YoungPerson
from graph.periods import disposal_day
from graph.records import ActorId, Handling, RecordId, new_id
from graph.store.boundary import View, Writer

# Below these nothing is counted for anyone outside (security: external members; practice: a context-only rendering).
LEAST_YOUNG_PEOPLE = 5
LEAST_REFERRALS = 3
HAS_A_NAME = "What this sheet says holds a name that somebody in the records has too"


def invite(
    writer: Writer,
    sight: View,
    network: Network,
    *,
    to: ActorId,
    contexts: Iterable[RecordId],
    because: Reason,
    until: datetime,
    given_by: ActorId,
    now: datetime,
    today: date,
    starts: datetime | None = None,
    purposes: Collection[str] = EVERY_PURPOSE,
    reason: str = "",
    names_seen: bool = False,
) -> Grant:
    """Makes a sheet of each context and one grant that covers these sheets. `sight` and `network` are the chair's.

    The grant keeps for which purposes, from when until when and why. Raises RefusedAccess for what is no place, school, area
    or online space of this forum, or a private address; and for a sheet whose words hold a name of somebody in sight, unless
    whoever invites has seen it (`names_seen`).
    """
    sheets, mistakes = [], []
    names = frozenset() if names_seen else names_held(sight)
    for number, context in enumerate(dict.fromkeys(contexts)):
        found = next((one for one in sight.several([context]) if isinstance(one, ContextRecord)), None)
        if found is None or isinstance(found, PeerGroup | Home) or found.place_kind == PRIVATE_ADDRESS:
            mistakes.append(Mistake(f"/covers/{number}", "not-a-place", "Invite to a place, school, area or online space."))
        else:
            sheets.append(work_out_sheet(sight, network, found, by=given_by, until=until, today=today))
            if name_somebody(texts_of(sheets[-1]), names):
                mistakes.append(Mistake(f"/covers/{number}", "name-on-sheet", f"{HAS_A_NAME}. {WHAT_TO_DO}"))
    if mistakes:
        raise RefusedAccess(mistakes)
    covers = [writer.put(sheet).id for sheet in sheets]
    return give_grant(
        writer, to=to, covers=covers, because=because, until=until, given_by=given_by, now=now, starts=starts,
        purposes=purposes, reason=reason,
    )  # fmt: skip


WHAT_TO_DO = "Change the words of the place or of its guardians; or, if it is nobody's name here, send names_seen as true."


def texts_of(sheet: ContextSheet) -> list[str]:
    """Every text on a sheet that somebody wrote."""
    guardians = [text for guardian in sheet.guardians for text in (guardian.who, *guardian.present)]
    conditions = [text for condition in sheet.conditions for text in (condition.what, condition.how)]
    return [sheet.label, sheet.everyday_name or "", *guardians, *conditions]


def warnings_for(writer: Writer, sight: View, grant: Grant) -> list[str]:
    """What to tell whoever has invited in spite of a name: for each sheet that holds one, the id of its place."""
    names = names_held(sight)
    sheets = [record for record in writer.several(grant.covers) if isinstance(record, ContextSheet)]
    return [f"{HAS_A_NAME}: the sheet of {sheet.context}." for sheet in sheets if name_somebody(texts_of(sheet), names)]


def work_out_sheet(
    sight: View, network: Network, context: ContextRecord, *, by: ActorId, until: datetime, today: date
) -> ContextSheet:
    """The sheet of one context, as this sight has it on this day."""
    told = [found for found in sight.citing(Referral, [context.id]) if found.received <= today]
    guardians = [each for found in told for each in found.guardians if each.context == context.id]
    conditions = [each for found in told if context.id in found.subject_contexts for each in found.conditions]
    return ContextSheet(
        id=new_id(),
        forum=context.forum,
        review_on=until.date(),
        dispose_on=disposal_day(until.date()),
        handling=Handling.CONTEXT_ONLY,
        context=context.id,
        context_type=TYPE_OF_KIND[context.KIND],
        label=context.label,
        counts_under=context.counts_under,
        everyday_name=context.everyday_name,
        place_kind=context.place_kind,
        guardians=tuple(dict.fromkeys(SheetGuardian(who=g.who, willing=g.willing, present=g.present) for g in guardians)),
        conditions=tuple(dict.fromkeys(SheetCondition(what=each.what, how=each.how) for each in conditions)),
        young_people=band_outside(sight, network, context.id, today=today),
        worked_out_by=by,
    )


def band_outside(sight: View, network: Network, context: RecordId, *, today: date) -> str:
    """How many young people are harmed or feel unsafe there, as it may be said outside; "" where it may not be said at all."""
    referrals = count_by_context(network, on=today).get(context, ())
    ends = {
        tie.source
        for referral in referrals
        for tie in network.nodes[referral]["stated"]
        if tie.target == context and tie.says in LINKING_KINDS and tie.is_current(today)
    }
    young_people = _how_many(sight, network, ends, today)
    if young_people < LEAST_YOUNG_PEOPLE or len(referrals) < LEAST_REFERRALS:
        return ""
    return "10 or more" if young_people >= 10 else "fewer than 10"


def _how_many(sight: View, network: Network, ends: set[RecordId], today: date) -> int:
    """Young people among these and in the groups among them, each once; those not named by the lower end of their band."""
    groups = {end for end in ends if network.nodes[end]["kind"] == PeerGroup.KIND}
    members = {
        tie.source
        for _, _, tie in network.edges(data="tie")
        if tie is not None and tie.says is AssertionKind.MEMBER_OF and tie.target in groups and tie.is_current(today)
    }
    found = sight.several(sorted(ends | members))
    named = sum(1 for each in found if isinstance(each, YoungPerson))
    return named + sum(_least(each.size_band) for each in found if isinstance(each, UnnamedPeople))


def _least(band: str | None) -> int:
    begins = (band or "").replace("–", "-").partition("-")[0].strip("+ ")
    return int(begins) if begins.isdecimal() else 1
