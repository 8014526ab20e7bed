"""What an embedded store says of itself, kept in the file beside the records."""

from typing import Any

from graph.periods import moment_text, read_moment
from graph.records import ForumId
from graph.store import sqlite_statements as texts
from graph.store.boundary import NewStore, StoreFacts
from graph.store.sqlite_store.connections import Connection, value_of

WHOLE, HALF_RESTORED = "whole", "half restored"


def read_facts(connection: Connection) -> StoreFacts:
    facts = _all_facts(connection)
    lives_until = facts["lives_until"]
    return StoreFacts(
        kind="sqlite",
        schema=value_of(connection, "PRAGMA user_version"),
        forum=ForumId(facts["forum"]),
        evaluation=facts["evaluation"] == "yes",
        made_at=read_moment(facts["made_at"]),
        lives_until=read_moment(lives_until) if lives_until else None,
    )


def keep_facts(connection: Connection, facts: NewStore, *, state: str) -> None:
    """Writes what the store says of itself, inside the caller's transaction. `state` is WHOLE or HALF_RESTORED."""
    values = {
        "forum": facts.forum,
        "evaluation": "yes" if facts.evaluation else "no",
        "made_at": moment_text(facts.made_at),
        "lives_until": moment_text(facts.lives_until) if facts.lives_until else "",
        "state": state,
    }
    connection.executemany(texts.KEEP_FACT, list(values.items()))


def state_of(connection: Connection) -> str:
    return _all_facts(connection)["state"]


def _all_facts(connection: Connection) -> dict[str, str]:
    rows: list[Any] = connection.execute(texts.FACTS).fetchall()
    return dict(rows)
