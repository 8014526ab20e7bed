"""The projection: followed equals fresh, each scope sees exactly what promise 1 lets it see, and nothing in it has a name."""

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.referrals import Guardian, Referral
from forum.same_person_links import names_people
from graph.analysis import Network
from graph.assertions import Assertion, AssertionKind, Standing, StandingSince
from graph.errors import RecordNotFound, StoreBusy
from graph.incidents import HarmRole
from graph.people import YoungPerson
from graph.projection import Projection, peer_network, stated_network
from graph.records import Handling, Record, RecordId
from graph.store import open_store
from graph.store.boundary import Scope, Store
from tests.builders import (
    ALL_KINDS,
    ANOTHER_FORUM,
    NEW_STORE,
    TODAY,
    a_location,
    a_peer_group,
    a_referral,
    a_school,
    a_scope,
    a_young_person,
    an_assertion,
    an_incident,
    erase,
    keep,
    some_unnamed_people,
)
from tests.worlds import calderwick, network_of

PLACES = frozenset({"Location", "School", "PeerGroup"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/kith.db", ALL_KINDS, making=NEW_STORE)
    yield opened
    opened.close()


def followed(store: Store) -> Projection:
    projection = Projection(ALL_KINDS)
    projection.catch_up(store)
    return projection


def shape(network: Network) -> tuple[list[Any], list[Any]]:
    """Everything a network holds, in the order in which it was put in."""
    nodes = [(one, data["kind"], data["facts"], data["cited"], data["stated"]) for one, data in network.nodes(data=True)]
    return nodes, [(source, target, key, tie) for source, target, key, tie in network.edges(keys=True, data="tie")]


# ------------------------------------------------------------------------------------------- what is in it


def test_nodes_and_edges_stand_in_order_of_id() -> None:
    network = calderwick().network()
    assert list(network.nodes) == sorted(network.nodes)
    for _, near in network.adjacency():
        keys = [key for ties in near.values() for key in ties]
        assert all(list(ties) == sorted(ties) for ties in near.values())
        assert len(keys) == len(set(keys))


def test_a_node_says_its_kind_its_facts_and_whom_it_cites() -> None:
    who, place = a_young_person(), a_location(place_kind="takeaway_shop")
    referral = a_referral(about=(who,), names=((who, (HarmRole.HARMED,)),), guardians=(Guardian(who="owner", context=place.id),))
    says = an_assertion(who, place, stated_in=referral)
    network = network_of([who, place, referral, says])

    node = network.nodes[referral.id]
    assert node["kind"] == Referral.KIND
    assert node["facts"]["received"] == referral.received
    assert node["facts"]["named_people"] == ({"person": who.id, "roles": ("harmed",)},)
    assert node["facts"]["guardians"] == ({"context": place.id},)
    assert node["cited"] == {"subject_people": (who.id,), "named_people.person": (who.id,), "guardians.context": (place.id,)}
    assert [tie.id for tie in node["stated"]] == [says.id]
    assert network.nodes[place.id]["facts"]["place_kind"] == "takeaway_shop"
    [(source, target, key, tie)] = network.edges(keys=True, data="tie")
    assert (source, target, key) == (who.id, place.id, says.id)
    assert (tie.says, tie.stated_in, tie.review_on) == (AssertionKind.HARMED_AT, referral.id, says.review_on)


def test_no_name_and_no_narrative_is_in_it() -> None:
    borough = calderwick()
    network = borough.network()
    said = json.dumps(shape(network), default=repr)
    hidden = {one.known_as for one in borough.records if isinstance(one, YoungPerson)}
    hidden |= {one.narrative for one in borough.records if isinstance(one, Referral)}
    hidden |= {str(one.label) for one in borough.records if hasattr(one, "label")}
    assert len(hidden) > 20
    assert not [text for text in hidden if text and text in said]


def test_two_statements_about_one_pair_stay_two_edges() -> None:
    who, place = a_young_person(), a_location()
    says = [an_assertion(who, place, says=kind) for kind in (AssertionKind.HARMED_AT, AssertionKind.FEELS_SAFE_AT)]
    assert network_of([who, place, *says]).number_of_edges(who.id, place.id) == 2


def test_a_network_cannot_be_changed() -> None:
    with pytest.raises(networkx.NetworkXError):
        calderwick().network().add_node(RecordId("another"))


# ---------------------------------------------------------------------------------------- what a scope sees


def test_another_forum_is_not_there() -> None:
    ours, theirs = a_location(), a_location(forum=ANOTHER_FORUM)
    assert set(network_of([ours, theirs])) == {ours.id}


@pytest.mark.parametrize("hidden", ["source", "target", "stated_in"])
def test_a_statement_is_seen_only_with_both_ends_and_what_it_was_stated_in(hidden: str) -> None:
    who, place, referral = a_young_person(), a_location(), a_referral()
    says = an_assertion(who, place, stated_in=referral)
    records = [who, place, referral, says]

    assert network_of(records).number_of_edges() == 1
    narrower = a_scope(withheld=frozenset({getattr(says, hidden)}))
    assert network_of(records, narrower).number_of_edges() == 0


def test_a_withheld_statement_is_not_seen() -> None:
    who, place = a_young_person(), a_location()
    says = an_assertion(who, place)
    assert network_of([who, place, says], a_scope(withheld=frozenset({says.id}))).number_of_edges() == 0


def test_a_mark_is_admitted_everywhere_or_for_what_a_statement_was_stated_in() -> None:
    who, place, one, other = a_young_person(), a_location(), a_referral(), a_referral()
    says = [an_assertion(who, place, stated_in=referral, handling=Handling.FRONT_DOOR) for referral in (one, other)]
    records = [who, place, one, other, *says]
    panel = frozenset({Handling.PANEL_ITEM})

    assert network_of(records, a_scope(handling=panel)).number_of_edges() == 0
    admitted = a_scope(handling=panel, admitted=frozenset({(one.id, Handling.FRONT_DOOR)}))
    assert [key for *_, key in network_of(records, admitted).edges(keys=True)] == [says[0].id]


def test_an_admitted_mark_opens_no_record() -> None:
    referral = a_referral(handling=Handling.FRONT_DOOR)
    scope = a_scope(handling=frozenset({Handling.PANEL_ITEM}), admitted=frozenset({(referral.id, Handling.FRONT_DOOR)}))
    assert not network_of([referral], scope)


def test_entries_and_citations_of_what_is_hidden_are_left_out() -> None:
    seen, hidden, place, secret = a_young_person(), a_young_person(), a_location(), a_location()
    referral = a_referral(
        about=(seen, hidden, place, secret),
        names=((seen, (HarmRole.HARMED,)), (hidden, (HarmRole.WITNESS,))),
        guardians=(Guardian(who="owner", context=secret.id), Guardian(who="teacher", context=place.id)),
    )
    network = network_of([seen, hidden, place, secret, referral], a_scope(withheld=frozenset({hidden.id, secret.id})))
    node = network.nodes[referral.id]

    assert node["cited"] == {
        "subject_people": (seen.id,),
        "subject_contexts": (place.id,),
        "named_people.person": (seen.id,),
        "guardians.context": (place.id,),
    }
    assert [one["person"] for one in node["facts"]["named_people"]] == [seen.id]
    assert [one["context"] for one in node["facts"]["guardians"]] == [None, place.id]
    assert hidden.id not in repr(shape(network))
    assert secret.id not in repr(shape(network))


def test_what_a_statement_holds_within_and_rests_on_is_hidden_with_its_record() -> None:
    first, second, group, referral = a_young_person(), a_young_person(), a_peer_group(), a_referral()
    other = an_assertion(first, second, says=AssertionKind.PARTNER, stated_in=referral)
    says = an_assertion(first, second, says=AssertionKind.PARTNER, within=group.id, corroborated_by=(other.id,))
    records = [first, second, group, referral, other, says]

    def tie(scope: Scope) -> Any:
        return network_of(records, scope).edges[first.id, second.id, says.id]["tie"]

    assert (tie(a_scope()).within, tie(a_scope()).corroborated_by) == (group.id, (other.id,))
    narrow = tie(a_scope(withheld=frozenset({group.id, referral.id})))
    assert (narrow.within, narrow.corroborated_by) == (None, ())


def test_a_narrow_reader_sees_what_was_granted_and_the_open_kinds() -> None:
    who, other, place = a_young_person(), a_young_person(), a_location()
    records = [who, other, place, an_assertion(who, place), an_assertion(other, place)]
    network = network_of(records, a_scope(open_kinds=frozenset({"Location"}), granted=frozenset({who.id})))
    assert set(network) == {who.id, place.id}
    assert [source for source, _ in network.edges()] == [who.id]


# ------------------------------------------------------------------------------------- following the journal


def test_what_is_followed_is_what_is_in_the_store(store: Store) -> None:
    borough = calderwick()
    keep(store, *borough.records)
    assert shape(followed(store).within(a_scope())) == shape(borough.network())


def test_a_change_an_erasure_and_a_new_record_are_followed(store: Store) -> None:
    who, place, other = a_young_person(), a_location(), a_young_person()
    says, also = an_assertion(who, place), an_assertion(other, place)
    kept = keep(store, who, place, other, says, also)
    projection = followed(store)
    before = projection.revision

    life = (*says.standings, StandingSince(standing=Standing.WITHDRAWN, since=TODAY))
    keep(store, replace(kept[3], standings=life))
    erase(store, other.id)
    projection.catch_up(store)

    network = projection.within(a_scope())
    assert projection.revision > before
    assert other.id not in network
    [(*_, tie)] = network.edges(data="tie")
    assert tie.standing(TODAY) is Standing.WITHDRAWN
    assert shape(network) == shape(followed(store).within(a_scope()))


def test_an_answer_is_kept_until_the_next_revision(store: Store) -> None:
    keep(store, a_location())
    projection = followed(store)
    first = projection.within(a_scope())
    projection.catch_up(store)
    assert projection.within(a_scope()) is first
    keep(store, a_location())
    projection.catch_up(store)
    assert projection.within(a_scope()) is not first


def test_an_answer_outlives_what_its_reader_sees_nothing_of(store: Store) -> None:
    who, other, place = keep(store, a_young_person(), a_young_person(), a_location())
    projection = followed(store)
    narrow = a_scope(open_kinds=frozenset({"Location"}), granted=frozenset({who.id}))
    theirs, whole = projection.within(narrow), projection.within(a_scope())
    keep(store, a_young_person(), an_assertion(other, place))
    projection.catch_up(store)
    assert projection.within(narrow) is theirs
    assert projection.within(a_scope()) is not whole


@pytest.mark.parametrize("also_a_place", [True, False])
def test_whoever_holds_an_answer_of_before_holds_it_still(store: Store, also_a_place: bool) -> None:
    who, place = keep(store, a_young_person(), a_location())
    referral, _ = keep(store, a_referral(about=(who,)), an_assertion(who, place))
    projection = followed(store)
    held = projection.within(a_scope())
    before = shape(held)
    keep(store, *([a_location()] if also_a_place else []), an_assertion(who, place, stated_in=referral))
    projection.catch_up(store)
    assert shape(projection.within(a_scope())) != before
    assert shape(held) == before


def test_a_mark_admitted_where_nothing_bears_it_changes_nothing_until_something_does(store: Store) -> None:
    """Whoever wrote a referral may count what is marked there; until something is, they see what everybody sees."""
    who, place = keep(store, a_young_person(), a_location())
    referral = keep(store, a_referral(about=(who,)))
    projection = followed(store)
    panel = a_scope(handling=frozenset({Handling.PANEL_ITEM}))
    theirs = replace(panel, admitted=frozenset({(referral.id, Handling.FRONT_DOOR)}))
    assert projection.within(theirs) is projection.within(panel)
    keep(store, an_assertion(who, place, stated_in=referral, handling=Handling.FRONT_DOOR))
    projection.catch_up(store)
    assert [projection.within(scope).number_of_edges() for scope in (panel, theirs)] == [0, 1]
    assert shape(projection.within(theirs)) == shape(followed(store).within(theirs))


def test_what_comes_into_sight_brings_what_cites_it(store: Store) -> None:
    """Statements and referrals that name a place, hidden until its mark is lifted, are there when it is."""
    who, place = keep(store, a_young_person(), a_location(handling=Handling.FRONT_DOOR))
    keep(store, a_referral(about=(who, place)), an_assertion(who, place))
    projection, panel = followed(store), a_scope(handling=frozenset({Handling.PANEL_ITEM}))
    assert place.id not in projection.within(panel)
    for mark in (Handling.PANEL_ITEM, Handling.FRONT_DOOR):
        place = keep(store, replace(place, handling=mark))
        projection.catch_up(store)
        assert (place.id in projection.within(panel)) == (mark is Handling.PANEL_ITEM)
        assert shape(projection.within(panel)) == shape(followed(store).within(panel))


def test_an_answer_is_not_carried_over_a_failure_on_the_way(store: Store) -> None:
    who, place = keep(store, a_young_person(), a_location())
    projection = followed(store)
    projection.within(a_scope())
    keep(store, an_assertion(who, place))

    class Fails:
        """The store, until it has given one page."""

        def changes(self, *, after: int, limit: int) -> Any:
            if after == projection.revision and asked:
                raise StoreBusy
            asked.append(after)
            return store.changes(after=after, limit=limit)

    asked: list[int] = []
    with pytest.raises(StoreBusy):
        projection.catch_up(Fails())  # type: ignore[arg-type]
    projection.catch_up(store)
    assert shape(projection.within(a_scope())) == shape(followed(store).within(a_scope()))


def test_a_network_asked_for_late_is_taken_over_all_that_changed_meanwhile(store: Store) -> None:
    who, place = keep(store, a_young_person(), a_location())
    said = keep(store, an_assertion(who, place))
    projection = followed(store)
    first = projection.within(a_scope())
    other = keep(store, a_location())
    projection.catch_up(store)
    more = keep(store, an_assertion(who, other))
    projection.catch_up(store)
    keep(store, a_location())
    projection.catch_up(store)
    network = projection.within(a_scope())
    assert shape(network) == shape(followed(store).within(a_scope()))
    assert {key for *_, key in network.edges(keys=True)} == {said.id, more.id}
    assert network._adj[place.id] is first._adj[place.id], "what did not change is shared with the one of before"


def test_a_network_that_nobody_asked_for_is_forgotten_when_much_has_changed(store: Store) -> None:
    projection = followed(store)
    narrow = a_scope(open_kinds=frozenset({"Location"}))
    for _ in range(3):
        projection.within(narrow)
        keep(store, *(a_location() for _ in range(200)))
        projection.catch_up(store)
        assert len(projection._networks) == 1
        keep(store, *(a_location() for _ in range(301)))
        projection.catch_up(store)
        assert len(projection._networks) == 0
        assert shape(projection.within(narrow)) == shape(followed(store).within(narrow))


def test_few_answers_are_kept(store: Store) -> None:
    keep(store, *(a_location() for _ in range(150)))
    projection = followed(store)
    for one in list(projection.within(a_scope())):
        projection.within(a_scope(withheld=frozenset({one})))
    assert len(projection._networks) <= 96


def test_many_threads_may_follow_and_ask_at_once(store: Store) -> None:
    projection = Projection(ALL_KINDS)
    answers: list[tuple[int, int]] = []

    def ask() -> None:
        for _ in range(20):
            projection.catch_up(store)
            network = projection.within(a_scope())
            answers.append((network.number_of_nodes(), network.number_of_edges()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(15):
        who, place = a_young_person(), a_location()
        keep(store, who, place, an_assertion(who, place))
    for thread in threads:
        thread.join()
    assert len(answers) == 80
    assert all(nodes == 2 * edges for nodes, edges in answers)
    projection.catch_up(store)
    assert shape(projection.within(a_scope())) == shape(followed(store).within(a_scope()))


STEPS_TAKEN = ("person", "place", "referral", "state", "lean", "dispute", "regroup", "mark", "erase", "look", "look")
STEPS = st.lists(
    st.tuples(st.sampled_from(STEPS_TAKEN), st.integers(0, 10**6)),
    min_size=4,
    max_size=25,
)


class History:
    """Writes one step after another, as people would, and looks in between."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.projection = Projection(ALL_KINDS)
        self.gone: set[RecordId | None] = set()
        self.there: dict[str, list[Any]] = {"people": [], "places": [], "referrals": [], "statements": []}

    def take(self, step: str, number: int) -> None:
        chance = random.Random(number)
        people, places = self.there["people"], self.there["places"]
        if step == "person":
            people.append(keep(self.store, a_young_person()))
        elif step == "place":
            handling = chance.choice((Handling.PANEL_ITEM, Handling.FRONT_DOOR))
            places.append(keep(self.store, a_location(handling=handling)))
        elif step == "referral" and people and places:
            about = (chance.choice(people), chance.choice(places))
            self.there["referrals"].append(keep(self.store, a_referral(about=about, names=((chance.choice(people), ()),))))
        elif step == "state" and people and places:
            stated_in = chance.choice([None, *self.there["referrals"]])
            says = an_assertion(chance.choice(people), chance.choice(places), stated_in=stated_in)
            self.there["statements"].append(keep(self.store, says))
        elif step == "lean" and people and places and self.there["statements"]:
            rests_on = (chance.choice(self.there["statements"]).id,)
            says = an_assertion(chance.choice(people), chance.choice(places), corroborated_by=rests_on)
            self.there["statements"].append(keep(self.store, says))
        elif step == "mark":
            self.mark(chance)
        elif step in ("dispute", "regroup") and self.there["statements"]:
            self.change(step, chance)
        elif step == "erase":
            self.erase(chance)
        elif step == "look":
            self.look()
        if number % 2:  # followed by several steps before the next look, or by one
            self.projection.catch_up(self.store)

    def look(self) -> None:
        """What was carried over from the look before is what one made afresh shows, in order and in full."""
        self.projection.catch_up(self.store)
        fresh = followed(self.store)
        assert self.projection.revision == fresh.revision
        for scope in self.scopes():
            network = self.projection.within(scope)
            assert shape(network) == shape(fresh.within(scope))
            assert {one: list(near) for one, near in network.pred.items()} == {
                one: list(near) for one, near in fresh.within(scope).pred.items()
            }

    def scopes(self) -> tuple[Scope, ...]:
        granted = frozenset(one.id for some in self.there.values() for one in some[:2])
        withheld = frozenset(one.id for one in self.there["people"][1:2])
        panel = frozenset({Handling.PANEL_ITEM})
        return (
            a_scope(),
            a_scope(handling=panel),
            a_scope(open_kinds=PLACES, granted=granted),
            a_scope(withheld=withheld),
            a_scope(handling=panel, admitted=frozenset((one.id, Handling.FRONT_DOOR) for one in self.there["referrals"][:1])),
        )

    def mark(self, chance: random.Random) -> None:
        """Something comes into the sight of those who see few marks, or goes out of it."""
        some = self.there[chance.choice(("people", "places", "referrals", "statements"))]
        if some:
            at = chance.randrange(len(some))
            some[at] = keep(self.store, replace(some[at], handling=chance.choice((Handling.PANEL_ITEM, Handling.FRONT_DOOR))))

    def change(self, step: str, chance: random.Random) -> None:
        at = chance.randrange(len(self.there["statements"]))
        old = self.there["statements"][at]
        if step == "dispute":
            new = replace(old, standings=(*old.standings, StandingSince(standing=Standing.DISPUTED, since=TODAY)))
        else:
            new = replace(old, source=chance.choice(self.there["people"]).id)
        self.there["statements"][at] = keep(self.store, new)

    def erase(self, chance: random.Random) -> None:
        kind = chance.choice(("people", "places", "referrals", "statements"))
        if not self.there[kind]:
            return
        gone = self.there[kind].pop(chance.randrange(len(self.there[kind])))
        erase(self.store, gone.id)
        self.gone.add(gone.id)
        ends = ("source", "target", "stated_in")
        self.there["statements"] = [one for one in self.there["statements"] if gone.id not in {getattr(one, end) for end in ends}]


@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_after_any_history_followed_equals_fresh(steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("history")
    opened = open_store(f"sqlite:///{place}/kith.db", ALL_KINDS, making=NEW_STORE)
    try:
        history = History(opened)
        for step, number in [("person", 1), ("place", 1), *steps]:
            history.take(step, number)
        history.look()
        fresh = followed(opened)
        panel = a_scope(handling=frozenset({Handling.PANEL_ITEM}))
        assert history.projection.revision == fresh.revision
        for scope in (a_scope(), panel, a_scope(open_kinds=PLACES)):
            assert shape(history.projection.within(scope)) == shape(fresh.within(scope))
            with opened.view(scope) as view:
                seen = {one.id for kind in ALL_KINDS if kind is not Assertion for one in view.find(kind, limit=1000)}
                # The projection keeps nothing of what was stated in something erased; the store still gives it.
                ties = {one.id for one in view.find(Assertion, limit=1000) if one.stated_in not in history.gone}
            network = fresh.within(scope)
            assert set(network) == seen
            assert {key for *_, key in network.edges(keys=True)} == ties
    finally:
        opened.close()


def test_fifty_shuffles_of_the_rows_give_one_network() -> None:
    records = list(calderwick().records)
    answer = shape(network_of(records))
    for seed in range(50):
        random.Random(seed).shuffle(records)
        assert shape(network_of(records)) == answer


# ------------------------------------------------------------------------------------------- the peer network


@pytest.fixture
def borough_store(store: Store) -> Store:
    keep(store, *calderwick().records)
    return store


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize("around", ["YP01", "PG3", "LOC2", "REF-04", "REF-04-E1"])
def test_what_is_within_some_steps_is_what_the_whole_network_shows_there(borough_store: Store, around: str, steps: int) -> None:
    borough = calderwick()
    whole = borough.network()
    with borough_store.view(a_scope()) as view:
        network = peer_network(view, borough.ids[around], steps, also=(Referral,))

    assert borough.ids[around] in network
    assert list(network.nodes) == sorted(network.nodes)
    for one, data in network.nodes(data=True):
        assert (data["kind"], data["facts"], data["cited"]) == tuple(
            whole.nodes[one][name] for name in ("kind", "facts", "cited")
        )
    for source, target, key, tie in network.edges(keys=True, data="tie"):
        assert tie == whole.edges[source, target, key]["tie"]


@pytest.mark.parametrize("name", [f"REF-{number:02}" for number in range(1, 7)])
def test_what_a_referral_states_is_what_the_whole_network_shows_of_it(borough_store: Store, name: str) -> None:
    borough = calderwick()
    whole, referral = borough.network(), borough.ids[name]
    with borough_store.view(a_scope()) as view:
        network = stated_network(view, referral)

    assert list(network.nodes) == sorted(network.nodes)
    assert network.nodes[referral] == whole.nodes[referral]
    ties = {tie.id: tie for *_, tie in whole.edges(data="tie") if tie.stated_in == referral}
    assert {key: tie for *_, key, tie in network.edges(keys=True, data="tie")} == ties
    events = {one for one, node in whole.nodes(data=True) if referral in node["cited"].get("stated_in", ())}
    assert events == {one for one, kind in network.nodes(data="kind") if kind == "Incident"}
    for day in (TODAY, TODAY - timedelta(days=40)):
        assert names_people(network, referral, day) == names_people(whole, referral, day)


def test_what_a_hidden_referral_states_is_not_found(store: Store) -> None:
    referral = keep(store, a_referral())
    with store.view(a_scope(withheld=frozenset({referral.id}))) as view, pytest.raises(RecordNotFound):
        stated_network(view, referral.id)


def test_one_step_is_one_statement_or_one_event(store: Store) -> None:
    one, two, three, four, place = (a_young_person(), a_young_person(), a_young_person(), a_young_person(), a_location())
    event = an_incident(people=((two, ()), (three, ())))
    says = [an_assertion(one, two, says=AssertionKind.PARTNER), an_assertion(three, place), an_assertion(four, place)]
    keep(store, one, two, three, four, place, event, *says)

    def reached(steps: int) -> set[RecordId]:
        with store.view(a_scope()) as view:
            return {node for node, kind in peer_network(view, one.id, steps).nodes(data="kind") if kind != "Incident"}

    assert reached(0) == {one.id}
    assert reached(1) == {one.id, two.id}
    assert reached(2) == {one.id, two.id, three.id}
    assert reached(3) == {one.id, two.id, three.id, place.id}


def test_statements_between_those_on_the_rim_are_there(store: Store) -> None:
    one, two, three = a_young_person(), a_young_person(), a_young_person()
    spokes = [an_assertion(one, other, says=AssertionKind.PARTNER) for other in (two, three)]
    rim = an_assertion(two, three, says=AssertionKind.SCHOOL_PEER)
    keep(store, one, two, three, *spokes, rim)
    with store.view(a_scope()) as view:
        assert peer_network(view, one.id, 1).has_edge(two.id, three.id, rim.id)


def test_from_a_referral_the_walk_begins_at_whom_it_is_about_and_what_it_states(store: Store) -> None:
    about, unnamed, place, school = a_young_person(), some_unnamed_people(), a_location(), a_school()
    referral = a_referral(about=(about,))
    keep(store, about, unnamed, place, school, referral, an_assertion(unnamed, place, stated_in=referral))
    with store.view(a_scope()) as view:
        assert set(peer_network(view, referral.id, 0)) == {referral.id, about.id, unnamed.id, place.id}


def test_a_walk_around_what_is_hidden_finds_nothing_to_stand_on(store: Store) -> None:
    who = keep(store, a_young_person())
    with store.view(a_scope(withheld=frozenset({who.id}))) as view, pytest.raises(RecordNotFound):
        peer_network(view, who.id, 2)


def test_a_walk_never_goes_through_what_is_hidden(store: Store) -> None:
    one, hidden, beyond = a_young_person(), a_young_person(), a_young_person()
    says = [an_assertion(one, hidden, says=AssertionKind.PARTNER), an_assertion(hidden, beyond, says=AssertionKind.PARTNER)]
    keep(store, one, hidden, beyond, *says)
    with store.view(a_scope(withheld=frozenset({hidden.id}))) as view:
        assert set(peer_network(view, one.id, 3)) == {one.id}


def test_the_walk_is_taken_again_when_a_commit_fell_between(store: Store) -> None:
    one, two = a_young_person(), a_young_person()
    keep(store, one, two)
    asked: list[int] = []

    def revision() -> int:
        if len(asked) == 1:
            keep(store, an_assertion(one, two, says=AssertionKind.PARTNER))
        asked.append(store.revision())
        return asked[-1]

    with store.view(a_scope()) as view:
        network = peer_network(view, one.id, 1, revision=revision)
    assert network.number_of_edges() == 1
    assert len(asked) == 4


def test_a_standing_is_the_one_of_the_day_asked_about() -> None:
    who, place = a_young_person(), a_location()
    life = (
        StandingSince(standing=Standing.CURRENT, since=date(2026, 11, 2)),
        StandingSince(standing=Standing.DISPUTED, since=date(2026, 11, 9)),
    )
    says = an_assertion(who, place, standings=life, review_on=TODAY)
    [(*_, tie)] = network_of([who, place, says]).edges(data="tie")

    days = {date(2026, 11, 1): None, date(2026, 11, 8): Standing.CURRENT, TODAY: Standing.DISPUTED}
    assert {day: tie.standing(day) for day in days} == days
    assert tie.standing(TODAY + timedelta(days=1)) is Standing.EXPIRED


def test_records_of_every_kind_are_kept() -> None:
    borough = calderwick()
    kinds = {kind for _, kind in borough.network().nodes(data="kind")}
    assert kinds == {one.KIND for one in borough.records if not isinstance(one, Assertion)}
    assert all(isinstance(one, Record) for one in borough.records)
