"""What a Neo4j database must hold before it is a store: its schema, its heads, and what it says of itself."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from graph.errors import StoreRefused
from graph.records import ForumId
from graph.store.boundary import NewStore, StoreFacts
from graph.store.migrate import FOLDER, Migration, all_migrations, pending
from graph.store.neo4j_statements import schema as texts
from graph.store.neo4j_store.connection import LONG_SECONDS, Connection, Statements
from graph.store.neo4j_store.stored import aware, naive_utc

WHOLE, HALF_RESTORED = "whole", "half restored"

NOTHING_THERE = "There is no store there yet. Load a case, restore an export or start an evaluation store first."
NOT_OURS = "This Neo4j database holds something else. Give Kith a database of its own."
HALF = "This store was only half restored. Discard it and restore the export again."
OLDER = "This store was made by an older version of Kith. Take a backup, then bring it up to date with kith migrate."


def prepare(connection: Connection, making: NewStore | None, migrations: Path = FOLDER) -> None:
    """Makes the store when nothing is there and `making` says what. StoreRefused when it cannot be opened as it is."""
    facts = _facts(connection)
    if facts is None:
        if connection.read(lambda statements: statements.run(texts.HOLDS_SOMETHING_ELSE).single(strict=True).value()):
            raise StoreRefused(NOT_OURS)
        if making is None:
            raise StoreRefused(NOTHING_THERE)
        _make(connection, making, migrations)
        return
    if pending(facts["revision"], migrations):
        raise StoreRefused(OLDER)
    if facts["state"] == HALF_RESTORED:
        raise StoreRefused(HALF)


def schema_of(connection: Connection) -> int:
    """The number of the last step taken. StoreRefused when there is no store."""
    facts = _facts(connection)
    if facts is None:
        raise StoreRefused(NOTHING_THERE)
    number: int = facts["revision"]
    return number


def read_facts(statements: Statements) -> StoreFacts:
    facts: Mapping[str, Any] = statements.run(texts.FACTS).single(strict=True).value()
    return StoreFacts(
        kind="neo4j",
        schema=facts["revision"],
        forum=ForumId(facts["forum"]),
        evaluation=facts["evaluation"],
        made_at=aware(facts["made_at"]),
        lives_until=aware(facts["lives_until"]) if facts.get("lives_until") else None,
    )


def keep_facts(statements: Statements, facts: NewStore | StoreFacts, *, state: str) -> None:
    """Writes what the store says of itself, inside the caller's transaction. `state` is WHOLE or HALF_RESTORED."""
    statements.run(texts.KEEP_FACTS, facts=_properties(facts, state)).consume()


def renew(statements: Statements, lives_until: datetime) -> None:
    statements.run(texts.KEEP_FACTS, facts={"lives_until": naive_utc(lives_until)}).consume()


def run_step(connection: Connection, step: Migration) -> None:
    """Each statement of a step in a transaction of its own, since schema and data cannot share one."""
    for text in _statements(step.text("neo4j.cypher")):
        connection.repeatable(_running(text), seconds=LONG_SECONDS)


def _facts(connection: Connection) -> Mapping[str, Any] | None:
    row = connection.read(lambda statements: statements.run(texts.FACTS).single())
    return None if row is None else row["facts"]


def _make(connection: Connection, making: NewStore, migrations: Path) -> None:
    """Every step, then the schema's head; of two who make it at once, the first one's words stand."""
    steps = all_migrations(migrations)
    for step in steps:
        run_step(connection, step)
    facts = {**_properties(making, WHOLE), "revision": len(steps)}
    connection.repeatable(lambda statements: statements.run(texts.MAKE_SCHEMA, facts=facts).consume())


def _properties(facts: NewStore | StoreFacts, state: str) -> dict[str, Any]:
    return {
        "forum": facts.forum,
        "evaluation": facts.evaluation,
        "made_at": naive_utc(facts.made_at),
        "lives_until": naive_utc(facts.lives_until) if facts.lives_until else None,
        "state": state,
    }


def _running(text: str) -> Any:
    return lambda statements: statements.run(text).consume()


def _statements(script: str) -> Iterator[str]:
    """The statements of a migration: comments to the end of a line are left out, a semicolon ends each."""
    code = "\n".join(line.partition("//")[0] for line in script.splitlines())
    yield from (text.strip() for text in code.split(";") if text.strip())
