"""One migration, taken by an embedded store inside the caller's transaction."""

import json
from typing import Any

from graph.store.migrate import Migration, Upgrade
from graph.store.sqlite_store.connections import Connection

BODIES_OF_RECORDS = "SELECT id, kind, body FROM record WHERE body IS NOT NULL ORDER BY id"
KEEP_RECORD_BODY = "UPDATE record SET body = ? WHERE id = ?"
BODIES_OF_CHANGES = "SELECT revision, position, kind, body FROM change WHERE body IS NOT NULL ORDER BY revision, position"
KEEP_CHANGE_BODY = "UPDATE change SET body = ? WHERE revision = ? AND position = ?"


def take_step(connection: Connection, step: Migration) -> None:
    """Runs the step's text, brings bodies up to date where their meaning changed, and notes the number reached."""
    connection.execute(step.text("sqlite.sql")).fetchall()
    upgrade = step.upgrade()
    if upgrade is not None:
        _upgrade_bodies(connection, upgrade)
    connection.execute(f"PRAGMA user_version={step.number:d}")


def _upgrade_bodies(connection: Connection, upgrade: Upgrade) -> None:
    records: list[Any] = connection.execute(BODIES_OF_RECORDS).fetchall()
    connection.executemany(KEEP_RECORD_BODY, [(_upgraded(upgrade, kind, body), id_) for id_, kind, body in records])
    changes: list[Any] = connection.execute(BODIES_OF_CHANGES).fetchall()
    rows = [(_upgraded(upgrade, kind, body), revision, position) for revision, position, kind, body in changes]
    connection.executemany(KEEP_CHANGE_BODY, rows)


def _upgraded(upgrade: Upgrade, kind: str, body: str) -> str:
    properties = dict(upgrade({**json.loads(body), "kind": kind}))
    properties.pop("kind")
    return json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
