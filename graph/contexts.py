"""Where harm or safety happens: the six contexts, and the records of groups, schools, areas, places and online spaces."""

from enum import StrEnum
from typing import ClassVar

from graph.records import FieldClass, Record, RecordId, cites, record, shown_as


class Context(StrEnum):
    """The six contexts (docs/glossary.md; practice: referrals are structured by context)."""

    YOUNG_PERSON = "young_person"
    HOME = "home_family"
    PEERS = "peers"
    SCHOOL = "school_education"
    NEIGHBOURHOOD = "neighbourhood_locations"
    ONLINE = "online"


# Code list PLACE_KIND: somebody's home. It is marked restricted, seen only through a grant, and on no shared map.
PRIVATE_ADDRESS = "private_address"


@record
class ContextRecord(Record):
    """One particular group, school, area, place or online space. `counts_under` is which of the six it counts under."""

    label: str = shown_as(FieldClass.CONTEXT)
    counts_under: Context = shown_as(FieldClass.CONTEXT, followed=True)
    everyday_name: str | None = shown_as(FieldClass.CONTEXT, default=None)
    place_kind: str | None = shown_as(FieldClass.CONTEXT, default=None, followed=True)
    space_kind: str | None = shown_as(FieldClass.CONTEXT, default=None)
    size_band: str | None = shown_as(FieldClass.CONTEXT, default=None)
    part_of: RecordId | None = cites(default=None, shows=FieldClass.CONTEXT)
    safe_for: tuple[RecordId, ...] = cites(default=(), shows=FieldClass.CONTEXT)


@record
class PeerGroup(ContextRecord):
    """Friends and peers, under a descriptive neutral name; `size_band` such as 3-5. Never an algorithm's cluster."""

    KIND: ClassVar[str] = "PeerGroup"


@record
class School(ContextRecord):
    """A school, college or alternative provision; `urn` is the national number where it is known."""

    KIND: ClassVar[str] = "School"
    urn: str | None = shown_as(FieldClass.CONTEXT, default=None, findable=True)


@record
class Neighbourhood(ContextRecord):
    """An area people name, such as an estate."""

    KIND: ClassVar[str] = "Neighbourhood"


@record
class Location(ContextRecord):
    """A particular place, route, shop or part of a school. Its position, where kept, is a fixed snapped point in metres."""

    KIND: ClassVar[str] = "Location"
    # Found by, so that private addresses can be kept apart from the places open to everyone who handles cases.
    place_kind: str | None = shown_as(FieldClass.CONTEXT, default=None, findable=True, followed=True)


@record
class OnlineSpace(ContextRecord):
    """A group chat, game, livestream or marketplace."""

    KIND: ClassVar[str] = "OnlineSpace"


@record
class Home(Record):
    """A household, as a source of safety or worry. Restricted; never on a shared map."""

    KIND: ClassVar[str] = "Home"
    label: str = shown_as(FieldClass.CONTACT)


CONTEXT_KINDS: tuple[type[ContextRecord], ...] = (PeerGroup, School, Neighbourhood, Location, OnlineSpace)

# Code list CTX_TYPE: what a context is called on the wire and in files.
CONTEXT_TYPES: dict[str, type[ContextRecord]] = {
    "peer_group": PeerGroup,
    "school": School,
    "neighbourhood": Neighbourhood,
    "location": Location,
    "online": OnlineSpace,
}
TYPE_OF_KIND: dict[str, str] = {kind.KIND: name for name, kind in CONTEXT_TYPES.items()}

# Which of the six a new context counts under when nothing else is said (practice, section 6).
USUAL_CONTEXT: dict[str, Context] = {
    "peer_group": Context.PEERS,
    "school": Context.SCHOOL,
    "neighbourhood": Context.NEIGHBOURHOOD,
    "location": Context.NEIGHBOURHOOD,
    "online": Context.ONLINE,
}


def usual_context(context_type: str, place_kind: str | None) -> Context:
    """Which of the six a context counts under: a part of a school counts under school and education (practice, section 6)."""
    if context_type == "location" and place_kind == "school_part":
        return Context.SCHOOL
    return USUAL_CONTEXT[context_type]
