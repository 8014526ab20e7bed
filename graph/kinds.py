"""The kinds of fact a store must know. Nothing registers itself by being imported."""

from graph.assertions import Assertion
from graph.contexts import Home, Location, Neighbourhood, OnlineSpace, PeerGroup, School
from graph.incidents import Incident
from graph.people import AdultOfConcern, ParentCarer, UnnamedPeople, YoungPerson
from graph.records import Record

GRAPH_KINDS: tuple[type[Record], ...] = (
    AdultOfConcern,
    Assertion,
    Home,
    Incident,
    Location,
    Neighbourhood,
    OnlineSpace,
    ParentCarer,
    PeerGroup,
    School,
    UnnamedPeople,
    YoungPerson,
)
