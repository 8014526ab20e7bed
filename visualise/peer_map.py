"""A map of who and what is around one young person, group or place: made only of what the given network holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forum.maps import MapSheet, may_show_homes
from forum.referrals import Referral
from graph.analysis import Network
from graph.assertions import AssertionKind
from graph.periods import moment_text
from graph.records import RecordId
from visualise.document import (
    LINKS_LIMIT,
    THINGS_LIMIT,
    At,
    Copy,
    LayoutNote,
    Link,
    MapDocument,
    MapView,
    RoleAt,
    Thing,
    Withheld,
    plain_words,
)
from visualise.document_checks import check_document
from visualise.errors import TooManySymbols
from visualise.homes import is_home, without_homes
from visualise.kept_places import place_once
from visualise.layout import Pair, Spot
from visualise.legend import derive_legend
from visualise.map_frames import frame_of
from visualise.map_ids import initials_apart, key_of, numbered
from visualise.peer_ties import TieToDraw, find_ties, is_older, is_too_old
from visualise.reach import reached_from
from visualise.style import thing_kind_of
from visualise.summary import derive_summary

ASPECT = 1.3
NOT_RECORDED = "not recorded"
POLICE = "held by police"
NOT_NAMED = "Young people not named"
FAMILY = "Family"
SAID_BY_THEMSELVES = AssertionKind.FRIEND_SAID_BY_YP.code


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller chose to show of people: labels, who was told, size bands of those not named, and pages to open."""

    label: Callable[[RecordId], str]
    told: Mapping[RecordId, str]
    bands: Mapping[RecordId, str]
    href: Callable[[RecordId], str | None]


def compose_peer_map(
    network: Network,
    sheet: MapSheet,
    *,
    label: Callable[[RecordId], str],
    told: Mapping[RecordId, str],
    today: date,
    reference: str,
    marking: str = "OFFICIAL-SENSITIVE",
    copy: Copy | None = None,
    referrals: Sequence[Referral] = (),
    bands: Mapping[RecordId, str] | None = None,
    href: Callable[[RecordId], str | None] | None = None,
    title: str | None = None,
    labels: str | None = None,
) -> MapDocument:
    """The map of a sheet for one reader, on a day. `network` is what `graph.projection.peer_network` gave that reader.

    `label` says what a record is called on this map, where people who are drawn and called alike get a letter; `told` what
    each young person was told (else "not recorded"); `bands` holds size bands, such as 4-6, of people not named, and
    `referrals` are those the reader may read, for the guardians they name by role at places on the map. A thing is shown
    when it can be reached from what the map is around, in the sheet's number of steps, over links that are shown.
    TooManySymbols above 150 things or 600 links.
    """
    ties, start = _ties(network, sheet, referrals, today), _subjects(network, sheet)
    reached, drawn, too_old = _shown(sheet, ties, start, today)
    known = Known(_apart(network, sheet, label, reached), told, bands or {}, href or (lambda _: None))
    placed, note = _places(network, sheet, ties, reached, start)
    things, links = _drawn(network, sheet, known, drawn, (reached, start), placed, today)
    heading = title or _heading(network, sheet, start, known)
    frame = frame_of(sheet, title=heading, today=today, marking=marking, reference=reference, copy=copy, labels=labels)
    view, withheld = MapView(_view_name(sheet), _level(network, start), ASPECT, (), note), Withheld(by_age=too_old)
    legend, summary = derive_legend(things, links), derive_summary(things, links)
    document = MapDocument("peer", frame, view, summary, tuple(things), tuple(links), legend, withheld)
    check_document(document)
    return document


def _shown(
    sheet: MapSheet, ties: Sequence[TieToDraw], start: frozenset[str], today: date
) -> tuple[set[str], list[TieToDraw], int]:
    """What is reached, the links between it that are shown today, and how many were left out by their age."""
    fresh = [tie for tie in ties if tie.shown and not is_too_old(tie, today)]
    reached = reached_from(start, fresh, sheet.steps)
    drawn = [tie for tie in fresh if set(tie.ends) <= reached]
    if len(reached) > THINGS_LIMIT:
        raise TooManySymbols(len(reached), THINGS_LIMIT)
    if len(drawn) > LINKS_LIMIT:
        raise TooManySymbols(len(drawn), LINKS_LIMIT, of="links")
    return reached, drawn, sum(1 for tie in ties if tie.shown and is_too_old(tie, today) and set(tie.ends) <= reached)


def _drawn(
    network: Network,
    sheet: MapSheet,
    known: Known,
    drawn: Sequence[TieToDraw],
    around: tuple[set[str], frozenset[str]],
    placed: Mapping[str, At],
    today: date,
) -> tuple[list[Thing], list[Link]]:
    """Things and links under ids of this map alone, in the order of those ids."""
    (reached, start), seed = around, sheet.label_seed
    keys = {record: key_of(seed, record) for record in reached}
    ids = numbered("t", keys.values())
    guardians = {tie.source for tie in drawn if tie.guardian_role} | {tie.target for tie in drawn if tie.kind == "trusted_adult"}
    things = []
    for record in sorted(reached, key=keys.__getitem__):
        number, at = ids[keys[record]], placed.get(keys[record])
        things.append(_thing(network, record, number, known, subject=record in start, guardian=record in guardians, at=at))
    by_key = {key_of(seed, tie.key): tie for tie in drawn}
    numbers = numbered("l", by_key)
    links = []
    for key, tie in sorted(by_key.items()):
        ends = (ids[keys[tie.source]], ids[keys[tie.target]])
        links.append(_link(tie, numbers[key], ends, known, network, today))
    return things, links


def _apart(
    network: Network, sheet: MapSheet, label: Callable[[RecordId], str], reached: Iterable[str]
) -> Callable[[RecordId], str]:
    """Labels with a letter where two people who are drawn are called alike: one who is left out shows in nobody's letter."""
    people = [RecordId(one) for one in reached if one in network and _kind(network, one) in ("young_person", "adult")]
    apart = initials_apart(sheet.label_seed, {one: label(one) for one in people})
    return lambda record_id: apart[record_id] if record_id in apart else label(record_id)


def _heading(network: Network, sheet: MapSheet, start: frozenset[str], known: Known) -> str:
    ordered = sorted(start, key=lambda record: key_of(sheet.label_seed, record))
    names = " and ".join(_name(network, record, known) for record in ordered)
    return f"Peer map around {names}" if names else "Peer map"


def _subjects(network: Network, sheet: MapSheet) -> frozenset[str]:
    """What the map is around: the sheet's own thing, or whom and what its referral is about."""
    around = sheet.around
    if around is None or around not in network:
        return frozenset()
    node = network.nodes[around]
    about: Sequence[RecordId] = [around]
    if thing_kind_of(node["kind"]) is None:
        cited: Mapping[str, Sequence[RecordId]] = node["cited"]
        about = [*cited.get("subject_people", ()), *cited.get("subject_contexts", ())]
    return frozenset(one for one in about if _may_be_subject(network, sheet, one))


def _may_be_subject(network: Network, sheet: MapSheet, record: str) -> bool:
    drawn = record in network and thing_kind_of(network.nodes[record]["kind"]) is not None
    return drawn and (_shows_homes(sheet) or not is_home(network, record))


def _ties(network: Network, sheet: MapSheet, referrals: Sequence[Referral], today: date) -> list[TieToDraw]:
    """Everything that may become a link on this map, guardians too; on one that is shared nothing that tells of a home."""
    ties = find_ties(network, referrals, today=today, drawn_on=sheet.drawn_on)
    return ties if _shows_homes(sheet) else without_homes(network, ties)


def _shows_homes(sheet: MapSheet) -> bool:
    return may_show_homes(map_kind=sheet.map_kind, mode=sheet.mode)


def _places(
    network: Network, sheet: MapSheet, ties: Sequence[TieToDraw], reached: set[str], start: frozenset[str]
) -> tuple[Mapping[str, At], LayoutNote]:
    """A place for everything reached, worked out from what was recorded when the sheet was drawn."""
    moment = moment_text(sheet.drawn_at)
    standing = [tie for tie in ties if tie.stood and tie.recorded <= moment]
    settled = reached_from(start, standing, sheet.steps)
    inside = [tie for tie in standing if set(tie.ends) <= settled]
    placed, either = {tie.key for tie in inside}, settled | reached
    later = [tie for tie in ties if set(tie.ends) <= either and tie.key not in placed]
    came: dict[str, str] = dict.fromkeys(start, "")
    for tie in sorted([*inside, *later], key=lambda one: one.recorded):
        for end in tie.ends:
            came.setdefault(end, tie.recorded)
    keys = {record: key_of(sheet.label_seed, record) for record in either}
    spots = [Spot(keys[one], _kind(network, one), came.get(one, ""), one in settled) for one in sorted(either)]
    pairs = [Pair(_sorted((keys[tie.source], keys[tie.target])), tie.recorded, tie.key in placed) for tie in [*inside, *later]]
    hand = {keys[place.thing]: (place.x, place.y) for place in sheet.positions if place.thing in keys}
    return place_once(spots, pairs, hand=hand, aspect=ASPECT)


def _sorted(ends: tuple[str, str]) -> tuple[str, str]:
    return ends if ends[0] <= ends[1] else (ends[1], ends[0])


def _kind(network: Network, record: str) -> str:
    return (thing_kind_of(network.nodes[record]["kind"]) if record in network else None) or "adult"


def _name(network: Network, record: str, known: Known) -> str:
    kind = _kind(network, record)
    if record not in network:
        return plain_words(record.split(":", 2)[2])
    label = plain_words(known.label(RecordId(record)))  # for everyone: who is on it was shown
    return {"adult_of_concern": POLICE, "unnamed_young_people": NOT_NAMED}.get(kind, label)


def _thing(network: Network, record: str, number: str, known: Known, *, subject: bool, guardian: bool, at: At | None) -> Thing:
    kind = _kind(network, record)
    record_id = RecordId(record)
    return Thing(
        id=number,
        kind=kind,
        label=_name(network, record, known),
        subject=subject,
        at=at,
        count=band_words(known.bands.get(record_id)) if kind == "unnamed_young_people" else None,
        guardian=guardian and kind in ("adult", "service"),
        told=known.told.get(record_id, NOT_RECORDED) if kind == "young_person" else None,
        href=known.href(record_id) if record in network and kind != "adult_of_concern" else None,
    )


def band_words(band: str | None) -> str | None:
    """A size band as a map writes it: 4-6 becomes "4 to 6", 10+ "10 or more"; None for none, or one that is not a band."""
    if not band:
        return None
    text = band.strip().replace("–", "-")
    low, dash, high = (part.strip() for part in text.partition("-"))
    if dash:
        return f"{low} to {high}" if low.isdecimal() and high.isdecimal() else None
    if text.endswith("+") and text[:-1].isdecimal():
        return f"{text[:-1]} or more"
    return text if text.isdecimal() and len(text) < 5 else None


def _link(tie: TieToDraw, number: str, ends: tuple[str, str], known: Known, network: Network, today: date) -> Link:
    return Link(
        id=number,
        source=ends[0],
        target=ends[1],
        kind=tie.kind,
        words=plain_words(tie.words, otherwise="tied to"),
        meaning=tie.meaning,
        how_known=tie.how_known,
        how_sure=tie.how_sure,
        said_by=_said_by(tie, known, network),
        known_on=tie.known_on,
        older=is_older(tie, today),
        agencies=tie.agencies,
        disputed=tie.disputed,
        affected=tie.affected,
        roles=tuple(RoleAt(end, role) for end, role in tie.roles),
    )


def _said_by(tie: TieToDraw, known: Known, network: Network) -> str:
    """Whose words these are: a young person's label where they speak of themselves, else a role."""
    if tie.voice == "young_person":
        speaker = _speaker(tie, network)
        return _name(network, speaker, known) if speaker else "A young person"
    if tie.voice == "family":
        return FAMILY
    role = plain_words(tie.source_role, otherwise="a professional")
    return role[:1].upper() + role[1:]


def _speaker(tie: TieToDraw, network: Network) -> str | None:
    """The young person whom what is said is about. Who told of another's doing is not recorded: nobody is taken for them."""
    young = [end for end in tie.ends if end in network and network.nodes[end]["kind"] == "YoungPerson"]
    if tie.affected == "from" or tie.kind == SAID_BY_THEMSELVES:
        return tie.source if tie.source in young else None
    return young[0] if tie.affected is None and len(young) == 1 else None


def _view_name(sheet: MapSheet) -> str:
    return f"Within {sheet.steps} {'step' if sheet.steps == 1 else 'steps'}"


def _level(network: Network, start: frozenset[str]) -> str:
    people = sum(_kind(network, one) == "young_person" for one in start)
    return "one-person" if people == 1 and len(start) == 1 else "one-context"
