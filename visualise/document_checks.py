"""May this document be drawn? The rules of the schema, and those that no schema can say."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from visualise.document import LINKS_LIMIT, MODES, THINGS_LIMIT, At, Link, MapDocument, Thing, plain_words
from visualise.errors import UnsoundDocument
from visualise.homes import LIVES_AT
from visualise.legend import derive_legend
from visualise.style import codes
from visualise.summary import derive_summary

LABELS_OF_MODE = {
    "with_young_person": ("initials",),
    "coordination": ("pseudonyms", "initials"),
    "named_working_map": ("names",),
    "context_only": ("none",),
}
CONTEXT_THINGS = ("peer_group", "school", "location", "neighbourhood", "online", "service")
TOLD = ("told", "will be told", "not told, with a reason", "not recorded")
COUNT = re.compile(r"([0-9]{1,4}|[0-9]+ to [0-9]+|[0-9]+ or more|fewer than [0-9]+)")


def check_document(document: MapDocument) -> None:
    """Raises UnsoundDocument with every reason, in a fixed order; the reasons hold no label."""
    checks: tuple[Callable[[MapDocument], Iterator[str]], ...] = (
        _frame_is_whole,
        _view_is_whole,
        _things_are_sound,
        _places_are_sound,
        _marks_are_sound,
        _contexts_stand_alone,
        _links_are_sound,
        _ends_are_there,
        _derived_parts_agree,
    )
    reasons = tuple(dict.fromkeys(reason for check in checks for reason in check(document)))
    if reasons:
        raise UnsoundDocument(reasons)


def _is_words(text: str) -> bool:
    return bool(text) and len(text) <= 200 and plain_words(text.replace(" ", "x"), otherwise="") == text.replace(" ", "x")


def _frame_is_whole(document: MapDocument) -> Iterator[str]:
    frame = document.frame
    spoken = (frame.reference, frame.title, frame.marking, frame.owner, frame.drawn_by, frame.copy.for_whom, frame.copy.number)
    if not _is_words(frame.purpose):
        yield "it has no purpose"
    if not all(_is_words(text) for text in (*spoken, *frame.statements)):
        yield "a part of its frame is missing or cannot be printed"
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,40}", frame.map):
        yield "its map id is not of the right form"
    if frame.mode not in MODES or frame.labels not in LABELS_OF_MODE.get(frame.mode, ()):
        yield "its labels are not those of its mode"
    if len(frame.statements) < 3:
        yield "a statement of its frame is missing"
    if frame.review_by > frame.expires_on:
        yield "it expires before its review date"
    if frame.labels == "names" and any(thing.label in frame.title for thing in document.things if thing.kind == "young_person"):
        yield "its title holds a name"


def _view_is_whole(document: MapDocument) -> Iterator[str]:
    view = document.view
    sound = (
        _is_words(view.name)
        and view.level in ("contexts", "one-context", "one-person")
        and 0.5 <= view.aspect <= 3
        and all(_is_words(part.words) for part in view.filters)
        and view.layout.engine in ("hand", "spring", "sfdp")
        and re.fullmatch(r"[0-9a-f]{64}", view.layout.basis) is not None
    )
    if not sound:
        yield "its view is not of the right form"
    withheld = document.withheld
    if min(withheld.by_filter, withheld.by_age, withheld.by_level) < 0:
        yield "what it leaves out cannot be less than nothing"


def _things_are_sound(document: MapDocument) -> Iterator[str]:
    if len(document.things) > THINGS_LIMIT:
        yield "it has too many things"
    if len({thing.id for thing in document.things}) < len(document.things):
        yield "two things have one id"
    for thing in document.things:
        if not re.fullmatch(r"t[0-9]{1,4}", thing.id) or thing.kind not in codes("thing"):
            yield "a thing has no id or kind of the right form"
        if not _is_words(thing.label):
            yield "a label is missing or cannot be printed"
        if thing.href is not None and not re.fullmatch(r"/[a-z0-9/_-]+", thing.href):
            yield "a thing has an outside address"


def _places_are_sound(document: MapDocument) -> Iterator[str]:
    for thing in document.things:
        if thing.at is not None and not _is_place(thing.at):
            yield "a position is outside the drawing area"
        if thing.kind == "home" and document.frame.mode != "with_young_person":
            yield "a home is shown outside the young person's own map"
    if document.frame.mode != "with_young_person" and any(link.kind == LIVES_AT for link in document.links):
        yield "a link tells where somebody lives outside the young person's own map"


def _is_place(at: At) -> bool:
    return 0 <= at.x <= 1 and 0 <= at.y <= 1 and at.by in ("hand", "auto")


def _marks_are_sound(document: MapDocument) -> Iterator[str]:
    for thing in document.things:
        child = thing.kind == "young_person"
        if child and (thing.count is not None or thing.guardian):
            yield "a number or a guardian's mark stands on a young person"
        if child and thing.told not in TOLD:
            yield "nothing says whether a young person was told"
        if not child and (thing.died or thing.told is not None):
            yield "a mark for young people stands on something else"
        if thing.kind == "adult_of_concern" and not _says_no_more(thing):
            yield "an adult of concern is shown with more than the reference"
        if thing.count is not None and not COUNT.fullmatch(thing.count):
            yield "a count is not of the right form"


def _says_no_more(thing: Thing) -> bool:
    return thing.label == "held by police" and thing.count is None and not thing.guardian and thing.href is None


def _contexts_stand_alone(document: MapDocument) -> Iterator[str]:
    if document.kind not in ("peer", "contexts"):
        yield "its kind is not known"
    if document.frame.mode == "context_only" and document.kind != "contexts":
        yield "a map without people shows only contexts"
    if document.kind == "contexts" and not all(_may_stand_among_contexts(thing) for thing in document.things):
        yield "a person stands on a contexts map"
    subjects = sum(thing.subject and thing.kind == "young_person" for thing in document.things)
    if document.view.level == "one-person" and subjects > 1:
        yield "two young people are the subject of a map of one"


def _may_stand_among_contexts(thing: Thing) -> bool:
    return thing.kind in CONTEXT_THINGS or (thing.kind == "adult" and thing.guardian)


def _links_are_sound(document: MapDocument) -> Iterator[str]:
    if len(document.links) > LINKS_LIMIT:
        yield "it has too many links"
    if len({link.id for link in document.links}) < len(document.links):
        yield "two links have one id"
    for link in document.links:
        if not re.fullmatch(r"l[0-9]{1,4}", link.id) or not re.fullmatch(r"[a-z_]{2,40}", link.kind):
            yield "a link has no id or kind of the right form"
        if not (_is_words(link.words) and _is_words(link.said_by)):
            yield "a link does not say what it is or who says so"
        if not _codes_are_known(link) or link.agencies < 1:
            yield "a link has a code that is not in the symbol table"
        if link.count is not None and (document.kind != "contexts" or not COUNT.fullmatch(link.count)):
            yield "a number stands on a link between people"


def _codes_are_known(link: Link) -> bool:
    known = all(getattr(link, channel) in codes(channel) for channel in ("how_known", "how_sure", "meaning"))
    ends = link.affected in (None, "from", "to", "both") and all(part.at in ("from", "to") for part in link.roles)
    return known and ends and all(part.role in codes("role") for part in link.roles)


def _ends_are_there(document: MapDocument) -> Iterator[str]:
    kinds = {thing.id: thing.kind for thing in document.things}
    for link in document.links:
        if link.source == link.target or not {link.source, link.target} <= kinds.keys():
            yield "a link has an end that is not there, or two equal ends"
            continue
        ends = {"from": kinds[link.source], "to": kinds[link.target]}
        if any(ends.get(part.at) != "young_person" for part in link.roles):
            yield "a role stands where no young person is"
    repeated = (count for link in document.links for count in Counter(link.roles).values() if count > 1)
    if next(repeated, 0):
        yield "a role is said twice"


def _derived_parts_agree(document: MapDocument) -> Iterator[str]:
    ids = [thing.id for thing in document.things], [link.id for link in document.links]
    if any(sorted(part, key=_number) != part for part in ids):
        yield "its things or links are not in order"
    try:
        legend, summary = derive_legend(document.things, document.links), derive_summary(document.things, document.links)
    except KeyError:
        return
    if document.legend != legend:
        yield "its legend is not the one its codes need"
    if document.summary != summary:
        yield "its summary is not what it shows"


def _number(text: str) -> tuple[int, str]:
    return (int(text[1:]) if text[1:].isdigit() else -1, text)
