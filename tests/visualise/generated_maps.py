"""Invented documents of a given size for the drawing rules: places with long names, young people with short codes, hubs."""

import random
from datetime import date

from visualise.document import At, Copy, Filter, Frame, LayoutNote, Link, MapDocument, MapView, RoleAt, Thing, Withheld
from visualise.layout import Pair, Spot, place_things
from visualise.legend import derive_legend
from visualise.style import codes
from visualise.summary import derive_summary

DAY = date(2026, 11, 21)
PLACES = (
    "Tollgate Parade frontage",
    "Pennywhistle skatepark",
    "Route Z9, afternoon",
    "Quillmere Academy",
    "year 9 chat",
    "friends who meet at the bandstand",
    "Saltbox Alternative Provision",
    "the Old Customs House canteen and its yard",
    "park",
)
CONTEXT_KINDS = ("peer_group", "school", "location", "location", "neighbourhood", "online", "service")
STATEMENTS = (
    "Shows what is known today, not who is to blame.",
    "Not evidence of wrongdoing.",
    "This map shows only what you may see.",
)


def a_frame(**changed: object) -> Frame:
    given: dict[str, object] = dict(
        map="m_8wQ2kd0Zr5TfYcV1",
        reference="REF-01",
        title="Peer map around K7",
        marking="OFFICIAL-SENSITIVE",
        mode="coordination",
        labels="pseudonyms",
        purpose="Agree who stays alongside K7 and M2",
        owner="Social worker, Calderwick",
        drawn_by="Social worker, Calderwick",
        drawn_on=DAY,
        facts_as_of=DAY,
        review_by=date(2027, 2, 13),
        expires_on=date(2027, 2, 13),
        copy=Copy("Panel, item 2", "C-5QK2"),
        statements=STATEMENTS,
    )
    return Frame(**{**given, **changed})  # type: ignore[arg-type]


def a_document(
    things: tuple[Thing, ...], links: tuple[Link, ...], *, filters: tuple[Filter, ...] = (), **frame: object
) -> MapDocument:
    """A sound document of these things and links, with its legend and summary derived."""
    view = MapView("Panel, November", "one-person", 1.3, filters, LayoutNote("spring", 7, "0" * 64))
    legend, summary = derive_legend(things, links), derive_summary(things, links)
    return MapDocument("peer", a_frame(**frame), view, summary, things, links, legend, Withheld())


def a_link(number: str, source: str, target: str, **changed: object) -> Link:
    given: dict[str, object] = dict(
        id=number,
        source=source,
        target=target,
        kind="friend_said_by_yp",
        words="friend",
        meaning="strength",
        how_known="T",
        how_sure="sure",
        said_by="K7",
        known_on=date(2026, 9, 2),
        older=False,
        agencies=1,
        disputed=False,
        affected=None,
    )
    return Link(**{**given, **changed})  # type: ignore[arg-type]


def generated_document(seed: int, size: int) -> MapDocument:
    """A document of `size` things: mostly young people around a few hubs, with parallel, disputed, dated and arrowed links."""
    chance = random.Random(seed)
    width = len(str(size))
    kinds = [_kind(chance, number) for number in range(size)]
    ids = [f"t{number + 1:0{width}}" for number in range(size)]
    ends = _ends(chance, ids)
    spots = [Spot(thing, kind, "0", True) for thing, kind in zip(ids, kinds, strict=True)]
    placed, _ = place_things(spots, [Pair(pair, "0", True) for pair in ends], hand={}, aspect=1.3)
    things = tuple(
        _thing(chance, number, thing, kind, placed[thing]) for number, (thing, kind) in enumerate(zip(ids, kinds, strict=True))
    )
    digits = len(str(len(ends)))
    kind_of = dict(zip(ids, kinds, strict=True))
    links = tuple(_link(chance, f"l{number + 1:0{digits}}", pair, kind_of) for number, pair in enumerate(ends))
    return a_document(things, links)


def _kind(chance: random.Random, number: int) -> str:
    if number == 0 or chance.random() < 0.55:
        return "young_person"
    return chance.choice((*CONTEXT_KINDS, "adult", "adult_of_concern", "unnamed_young_people"))


def _ends(chance: random.Random, ids: list[str]) -> list[tuple[str, str]]:
    """A tree that favours the first few things, some further links, and some links between the same two."""
    found = []
    for number in range(1, len(ids)):
        reach = min(number, 6) if chance.random() < 0.55 else number
        found.append((ids[number], ids[chance.randrange(reach)]))
    for _ in range(len(ids) // 8):
        one, other = chance.sample(ids, 2)
        found.append((one, other))
    found.extend(chance.choice(found) for _ in range(max(len(ids) // 14, 1)))
    return found


def _thing(chance: random.Random, number: int, thing: str, kind: str, at: At) -> Thing:
    if kind == "young_person":
        return Thing(
            thing, kind, chance.choice("ABCDEFGHKM") + str(chance.randrange(2, 10)), number == 0, at, told="not recorded"
        )
    if kind == "adult_of_concern":
        return Thing(thing, kind, "held by police", False, at)
    if kind == "unnamed_young_people":
        return Thing(thing, kind, "Young people not named", False, at, count="4 to 6")
    if kind == "adult":
        return Thing(
            thing, kind, chance.choice(("takeaway owner", "mother", "caretaker")), False, at, guardian=chance.random() < 0.5
        )
    return Thing(thing, kind, chance.choice(PLACES), False, at, guardian=False)


def _link(chance: random.Random, number: str, ends: tuple[str, str], kinds: dict[str, str]) -> Link:
    arrow = chance.random() < 0.12
    roles = (RoleAt("from", chance.choice(codes("role"))),) if kinds[ends[0]] == "young_person" and chance.random() < 0.25 else ()
    return a_link(
        number,
        *ends,
        kind="harmed_by" if arrow else f"tie_{'abcdefgh'[chance.randrange(8)]}",
        words="harmed by (reported)" if arrow else "seen with",
        meaning=chance.choice(codes("meaning")),
        how_known=chance.choice(codes("how_known")),
        how_sure=chance.choice(codes("how_sure")),
        known_on=chance.choice((date(2026, 9, 2), date(2026, 9, 2), date(2026, 3, 2), None)),
        older=False,
        disputed=chance.random() < 0.06,
        affected="from" if arrow else None,
        roles=roles,
    )
