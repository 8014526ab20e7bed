"""What the picture's codes mean: the legend, derived from the codes that occur, in the fixed order of the symbol table."""

from collections.abc import Sequence

from visualise.document import LegendEntry, Link, Thing
from visualise.style import codes, words_for

CHANNELS = ("how_known", "how_sure", "meaning", "thing", "thing_mark", "role", "link_mark", "count")


def derive_legend(things: Sequence[Thing], links: Sequence[Link]) -> tuple[LegendEntry, ...]:
    """The legend of these things and links: every code that occurs, and no other."""
    used = {
        "how_known": {link.how_known for link in links},
        "how_sure": {link.how_sure for link in links},
        "meaning": {link.meaning for link in links},
        "thing": {thing.kind for thing in things},
        "thing_mark": {mark for thing in things for mark in thing_marks(thing)},
        "role": {role.role for link in links for role in link.roles},
        "link_mark": {mark for link in links for mark in link_marks(link)},
        "count": {mark for thing in things for mark in thing_counts(thing)} | {"on_line" for link in links if link.count},
    }
    return tuple(
        LegendEntry(channel, code, words_for(channel, code))
        for channel in CHANNELS
        for code in codes(channel)
        if code in used[channel]
    )


def thing_marks(thing: Thing) -> tuple[str, ...]:
    """The marks on a symbol."""
    marks = (("subject", thing.subject), ("guardian", thing.guardian), ("died", thing.died))
    return tuple(code for code, there in marks if there)


def link_marks(link: Link) -> tuple[str, ...]:
    """The marks on a line beside its letter and meaning."""
    marks = (
        ("affected", link.affected is not None),
        ("disputed", link.disputed),
        ("older", link.older and link.known_on is not None),
        ("undated", link.known_on is None),
    )
    return tuple(code for code, there in marks if there)


def thing_counts(thing: Thing) -> tuple[str, ...]:
    """What the number under a name counts."""
    if not thing.count:
        return ()
    return ("not_named",) if thing.kind == "unnamed_young_people" else ("after_name",)
