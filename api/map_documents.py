"""A kept map and what its reader may see, joined into one document: the only input of every picture, list and file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from api.dependencies.house import House
from forum.access.disclosure import Disclosure, label_of
from forum.access.policy import scope_for_map
from forum.concern import groups_referred
from forum.hotspots import count_by_context
from forum.maps import MapSheet, may_show_homes, names_its_centre, open_sheet
from forum.participation import Awareness
from forum.referrals import Referral
from forum.told import told_in_words
from graph.analysis import Network
from graph.analysis.shared_contexts import is_received
from graph.assertions import CONTEXTS, PEOPLE
from graph.contexts import ContextRecord
from graph.people import AdultOfConcern, UnnamedPeople
from graph.projection import peer_network
from graph.records import Record, RecordId
from graph.store.boundary import Scope, StoreFacts, View
from visualise.document import MapDocument
from visualise.homes import leaves_out_homes
from visualise.linked_map import compose_linked_map
from visualise.map_ids import pseudonym_codes
from visualise.peer_map import compose_peer_map
from visualise.shared_places import KINDS_THAT_JOIN
from visualise.style import thing_kind_of

MARKING = "OFFICIAL-SENSITIVE"
CONTEXT_ONLY, CONTEXTS_TITLE = "context_only", "Contexts that young people share"
EVALUATION = "Evaluation - do not enter real people"


def marking_of(facts: StoreFacts) -> str:
    """What stands at the top and foot of every map and every file made of it."""
    return f"{MARKING} · {EVALUATION}" if facts.evaluation else MARKING


def without_pages(document: MapDocument) -> MapDocument:
    """The same map for a file: a page of this service leads nowhere from there, and its address would tell a record's id."""
    return replace(document, things=tuple(replace(thing, href=None) for thing in document.things))


def map_document(
    house: House, scope: Scope, view: View, disclosure: Disclosure, sheet_id: RecordId, *, today: date, leaves: bool = False
) -> MapDocument:
    """The document of a kept map for this reader; `leaves`: for a file, whose numbers are bands. Everyone on it counts as shown.

    RecordNotFound when the map or its centre is not this reader's to see, SheetExpired past its date, TooManySymbols when
    it would hold more than a picture can.
    """
    sheet = open_sheet(view, sheet_id, today=today)
    with house.store.view(scope_for_map(scope)) as on_map:
        if sheet.map_kind == "contexts":
            return _contexts_document(house, scope, on_map, disclosure, sheet, today, leaves=leaves)
        return _peer_document(on_map, disclosure, sheet, today, marking_of(house.facts))


def _peer_document(view: View, disclosure: Disclosure, sheet: MapSheet, today: date, marking: str) -> MapDocument:
    assert sheet.around is not None  # open_sheet has refused a peer map without a centre
    passed_by = _nothing if may_show_homes(map_kind=sheet.map_kind, mode=sheet.mode) else leaves_out_homes
    # Whether a group protects is said by any referral that cites it, so that it hangs on no other tie of that referral.
    network = peer_network(view, sheet.around, sheet.steps, also=(Awareness, Referral), leaves_out=passed_by)
    records = _records(view, network)
    referrals = _guarding(view, network)
    return compose_peer_map(
        network,
        sheet,
        label=_labeller(records, sheet, disclosure),
        told=told_in_words(network, on=today),
        today=today,
        reference=_reference(view, sheet),
        marking=marking,
        referrals=[referral for referral in referrals if referral.received <= today],
        bands={
            record.id: record.size_band for record in records.values() if isinstance(record, UnnamedPeople) and record.size_band
        },
        href=_page_of(records),
    )


def _nothing(_: Record) -> bool:
    return False


def _contexts_document(
    house: House, scope: Scope, view: View, disclosure: Disclosure, sheet: MapSheet, today: date, *, leaves: bool
) -> MapDocument:
    house.projection.catch_up(house.store)
    network = house.projection.within(scope_for_map(scope))
    contexts = [found for found, node in network.nodes(data=True) if node["kind"] in CONTEXTS]
    records = {record.id: record for record in view.several(contexts)}
    counted = count_by_context(network, on=today)
    document = compose_linked_map(
        network,
        sheet,
        label=_labeller(records, sheet, disclosure),
        referrals_by_context=counted,
        referred_groups=groups_referred(network, today),
        reference_of=_references(view, network, disclosure, today),
        bands=_bands(view, network),
        today=today,
        reference=_reference(view, sheet),
        marking=marking_of(house.facts),
        referrals=[referral for referral in _guarding(view, network) if referral.received <= today],
        href=_page_of(records),
        title=_contexts_title(records, sheet),
        leaves=leaves,
    )
    if sheet.mode == CONTEXT_ONLY and not any(thing.subject for thing in document.things):
        # What it is drawn around may not leave the forum: it is not named either.
        return replace(document, frame=replace(document.frame, title=CONTEXTS_TITLE))
    return document


def _contexts_title(records: Mapping[RecordId, Record], sheet: MapSheet) -> str:
    centre = records.get(sheet.around) if sheet.around else None
    if centre is None or not names_its_centre(sheet, centre):
        return CONTEXTS_TITLE
    return f"{CONTEXTS_TITLE} with {label_of(centre, mode=sheet.mode)}"


def _references(view: View, network: Network, disclosure: Disclosure, today: date) -> Callable[[RecordId], str | None]:
    """The reference of any referral received by then whose statements may draw a line; whichever is named counts as shown.

    None for one that this reader has not. A line rests on what was said, in a referral that counts for a context or not.
    """
    ties = (tie for _, _, tie in network.edges(data="tie") if tie.says in KINDS_THAT_JOIN)
    stated_in = {tie.stated_in for tie in ties if tie.stated_in is not None and tie.stated_in in network}
    referrals = sorted(found for found in stated_in if network.nodes[found]["kind"] == Referral.KIND)
    records = {record.id: record for record in view.several([one for one in referrals if is_received(network, one, today)])}
    return lambda referral: disclosure.label(records[referral]) if referral in records else None


def _bands(view: View, network: Network) -> Mapping[RecordId, str]:
    """How many young people stand behind those whom nobody has named, as size bands."""
    unnamed = [found for found, node in network.nodes(data=True) if node["kind"] == UnnamedPeople.KIND]
    people = [record for record in view.several(unnamed) if isinstance(record, UnnamedPeople)]
    return {record.id: record.size_band for record in people if record.size_band}


def _records(view: View, network: Network) -> Mapping[RecordId, Record]:
    """Everything that may be drawn: whatever is called something on a map is among it."""
    wanted = [found for found, kind in network.nodes(data="kind") if thing_kind_of(kind) is not None]
    return {record.id: record for record in view.several(wanted)}


def _guarding(view: View, network: Network) -> list[Referral]:
    """The referrals that name guardians of the contexts on this map."""
    contexts = [found for found, node in network.nodes(data=True) if node["kind"] in CONTEXTS]
    return list(view.citing(Referral, contexts, field="guardians.context")) if contexts else []


def _labeller(records: Mapping[RecordId, Record], sheet: MapSheet, disclosure: Disclosure) -> Callable[[RecordId], str]:
    """People by a code of this map's own, contexts by their label; whoever is named so counts as shown."""

    def label(record_id: RecordId) -> str:
        record = records[record_id]
        disclosure.mention([record_id])
        if _is_coded(record):
            return pseudonym_codes(sheet.label_seed, [record_id])[record_id]  # alone: whoever is drawn gets the letters
        return label_of(record, mode=sheet.mode)

    return label


def _is_coded(record: Record) -> bool:
    return record.KIND in PEOPLE and not isinstance(record, UnnamedPeople | AdultOfConcern)


def _page_of(records: Mapping[RecordId, Record]) -> Callable[[RecordId], str | None]:
    """Contexts lead to their page; people lead nowhere from a map."""

    def href(record_id: RecordId) -> str | None:
        return f"/contexts/{record_id}" if isinstance(records.get(record_id), ContextRecord) else None

    return href


def _reference(view: View, sheet: MapSheet) -> str:
    """The referral's own reference, where the map is drawn around one; else the map's."""
    if sheet.around is not None:
        for record in view.several([sheet.around]):
            if isinstance(record, Referral):
                return record.reference
    return f"M-{sheet.id[:8].upper()}"
