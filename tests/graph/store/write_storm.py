"""Four writers in a process that is killed at any moment, and what must be true afterwards.

`survive(url, kills=…)` is the whole experiment; tests run it small, a long run calls it with a thousand.
"""

import multiprocessing
import random
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from graph.assertions import Assertion
from graph.errors import AlreadyDone, GraphError
from graph.people import YoungPerson
from graph.store import open_store
from graph.store.boundary import Credentials, Store, WriteKey
from tests.builders import ACTOR, ALL_KINDS, NOW, a_location, a_scope, a_young_person, an_assertion, an_audit_entry

WRITERS = 4

# Every child starts from one process that has all modules loaded, so that a thousand kills take minutes and not hours.
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.graph.store.write_storm"])


@dataclass
class Outcome:
    """What a run saw: commits acknowledged before a kill, and how many kills there were."""

    kills: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


def write_one(store: Store, key: str) -> str:
    """One write of three records that hang together. The id of the person, whether this call wrote it or an earlier one."""
    try:
        with store.write(a_scope(), key=WriteKey(key, "digest"), by=ACTOR, now=NOW) as writer:
            person, place = writer.put(a_young_person(known_as=key)), writer.put(a_location())
            writer.put(an_assertion(person, place))
            writer.append(an_audit_entry(about=(person.id,)))
            writer.answer({"id": person.id})
            return person.id
    except AlreadyDone as done:
        return done.answer["id"]


def storm(url: str, credentials: Credentials | None, name: str, says: Connection) -> None:
    """Runs in the child until it is killed: says which key it begins, and which id it was acknowledged."""
    guard = threading.Lock()

    def tell(*words: str) -> None:
        with guard:
            says.send(words)

    def write(writer: int) -> None:
        store, turn = open_store(url, ALL_KINDS, credentials=credentials), 0
        while True:
            key = f"{name}-{writer}-{turn}"
            tell("begun", key, "")
            try:
                tell("done", key, write_one(store, key))
                store.append([an_audit_entry(action="viewed")])
            except GraphError as error:
                tell("failed", key, type(error).__name__)
            turn += 1

    for writer in range(WRITERS):
        threading.Thread(target=write, args=(writer,)).start()


def survive(url: str, *, kills: int, seed: int, credentials: Credentials | None = None) -> Outcome:
    """Starts a child, kills it after a random while, checks the store; again and again."""
    outcome, chance = Outcome(), random.Random(seed)
    for kill in range(kills):
        listens, says = _children.Pipe(duplex=False)
        child = _children.Process(target=storm, args=(url, credentials, f"child{kill}", says))
        child.start()
        says.close()
        _listen(listens, outcome, until=0.02 + chance.random() * 0.25)
        child.kill()
        child.join()
        _listen(listens, outcome, until=None)
        outcome.kills += 1
        _repeat_what_was_begun(url, credentials, outcome)
    check_everything(url, credentials, outcome)
    return outcome


def _listen(listens: Connection, outcome: Outcome, *, until: float | None) -> None:
    """Notes what the child says: for a while after its first word, or until there is no more."""
    end = None
    try:
        while end is None or until is None or time.monotonic() < end:
            if until is not None and end is not None and not listens.poll(0.01):
                continue
            word, key, record = listens.recv()
            end = end or time.monotonic() + (until or 0)
            outcome.begun.add(key)
            if word == "done":
                outcome.acknowledged[key] = record
            if word == "failed":
                outcome.failed.add(record)
    except (EOFError, OSError):
        return


def _repeat_what_was_begun(url: str, credentials: Credentials | None, outcome: Outcome) -> None:
    """Whoever got no answer repeats with the same key; whoever got one would get the same again."""
    store = open_store(url, ALL_KINDS, credentials=credentials)
    try:
        for key in sorted(outcome.begun):
            person = write_one(store, key)
            assert outcome.acknowledged.setdefault(key, person) == person, f"{key} was acknowledged and is not the same"
        outcome.begun.clear()
    finally:
        store.close()


def check_everything(url: str, credentials: Credentials | None, outcome: Outcome) -> None:
    """Every acknowledged write is there once and whole, nothing else is, the chain holds; writers were at most told to wait."""
    assert outcome.failed <= {"StoreBusy"}
    store = open_store(url, ALL_KINDS, credentials=credentials)
    try:
        store.check()
        with store.view(a_scope()) as view:
            people: Any = {person.id: person.known_as for person in view.find(YoungPerson, limit=1_000_000)}
            ties = [tie.source for tie in view.find(Assertion, limit=1_000_000)]
        assert people == {person: key for key, person in outcome.acknowledged.items()}
        assert sorted(ties) == sorted(people)
        assert store.revision() == len(people)
    finally:
        store.close()
